internal import Pixels
internal import Scenario
internal import Story

// Leaves of checks, and those among them that ask what the screen showed before.
extension SessionDriver {
  /// Reads leaves off a frame and off the pictures since an update.
  func examine(
    _ leaves: [Check], _ since: UInt64, _ frame: Frame
  ) async throws(Fault) -> [LeafReading] {
    var readings: [LeafReading] = []
    for leaf in leaves {
      switch leaf {
      case .seen(let text, let region, let span):
        readings.append(try await seen(text, region, since, span, isWanted: true))
      case .never(let text, let region, let span, let time):
        // What comes late would come unseen.
        try? await clock.sleep(time)
        readings.append(try await seen(text, region, since, span, isWanted: false))
      case .text(let check) where check.stays != nil:
        readings.append(try await stays(check, frame))
      case .log(let check): readings.append(try await screen.examine(check))
      default:
        var reading = try await perception.examine(leaf, in: frame)
        if reading.answer == .no, let difference = await perception.difference(leaf, in: frame) {
          reading.frame = await record.keep(difference).reference
        }
        readings.append(reading)
      }
    }
    return readings
  }

  /// Whether a text was on the screen at some moment since an update.
  private func seen(
    _ text: Template, _ region: Region?, _ since: UInt64, _ span: Check.Span, isWanted: Bool
  ) async throws(Fault) -> LeafReading {
    let past = try await screen.past(since: span == .case ? 0 : since)
    let check = Check.text(Check.TextCheck(text: text, region: region))
    var unclear: LeafReading?
    var read: ReadAccount?
    for (index, moment) in past.moments.enumerated() {
      guard let frame = moment.frame, let leaf = index == 0 ? check : check.reading(moment, frame)
      else { continue }
      var reading = try await perception.examine(leaf, in: frame)
      if let account = reading.read { read = read?.with(account) ?? account }
      if let doubt = reading.doubt, unclear == nil {
        reading.doubt = "\(doubt), \(moment.age.brief) ago"
        reading.frame = await record.keep(frame).reference
        unclear = reading
      }
      guard reading.holds else { continue }
      return LeafReading(
        holds: isWanted, measured: "\(reading.measured), \(moment.age.brief) ago",
        region: reading.region, frame: await record.keep(frame).reference, read: reading.read)
    }
    if let unclear { return unclear }
    // A picture that is forgotten may have shown it.
    guard past.isWhole else {
      throw Fault(
        .screen,
        "“\(text)” is in none of the last \(past.moments.count) pictures, but older ones \(span.title) "
          + "had to be forgotten; check sooner, or in a quieter part of the screen")
    }
    let count = past.moments.count == 1 ? "the only picture" : "\(past.moments.count) pictures"
    return LeafReading(
      holds: !isWanted, measured: "“\(text)” is not in \(count) \(span.title)", read: read)
  }

  /// Whether a text that is there stays there.
  private func stays(
    _ check: Check.TextCheck, _ frame: Frame
  ) async throws(Fault) -> LeafReading {
    let now = try await perception.examine(.text(check), in: frame)
    guard now.holds, let time = check.stays else { return now }
    try? await clock.sleep(time)
    let past = try await screen.past(since: frame.sequence)
    for moment in past.moments {
      guard let later = moment.frame else { continue }
      let reading = try await perception.examine(.text(check), in: later)
      guard !reading.holds else { continue }
      let after = max(time - moment.age, .zero)
      return LeafReading(
        holds: false, doubt: reading.doubt,
        measured: "\(reading.measured), \(after.brief) after it was", region: reading.region,
        frame: await record.keep(later).reference, read: reading.read)
    }
    guard past.isWhole else {
      throw Fault(
        .screen,
        "the screen changed so much that not all of \(time.brief) could be kept; give a region")
    }
    return LeafReading(
      holds: true, measured: "\(now.measured), for \(time.brief)", region: now.region,
      read: now.read)
  }
}

extension Check {
  /// The same check on the lines that a moment changed; nil when it changed nothing where the check looks.
  ///
  /// Whole lines across the screen, because a text may have changed in part.
  fileprivate func reading(_ moment: ScreenPast.Moment, _ frame: Frame) -> Check? {
    guard case .text(var check) = self, let changes = moment.changes, check.region == nil else {
      return self
    }
    guard let first = changes.first else { return nil }
    let all = changes.dropFirst().reduce(first) { $0.union($1) }
    let top = max(all.y - Self.lineMargin, 0)
    let bottom = min(all.maxY + Self.lineMargin, frame.size.height)
    guard bottom > top else { return nil }
    check.region = .pixels(x: 0, y: top, width: frame.size.width, height: bottom - top)
    return .text(check)
  }

  /// A line of text may reach so far beyond what changed of it, in pixels.
  private static let lineMargin = 32
}
