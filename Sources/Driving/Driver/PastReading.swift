internal import Durations
internal import Pixels
internal import Scenario
internal import Story

// Leaves of checks, on the picture now and on those before.
extension SessionDriver {
  /// Reads leaves off the last picture, off the output of the application and off hosts.
  func examine(_ leaves: [Check], _ sights: Sights) async throws(Fault) -> [LeafReading] {
    var readings: [LeafReading] = []
    for leaf in leaves {
      switch leaf {
      case .log(let check):
        readings.append(try await screen.examine(check))
        continue
      case .ssh(let check):
        readings.append(try await theHost().examine(check))
        continue
      case .file(let check):
        readings.append(try await theHost().examine(check))
        continue
      case .value(let value, let comparison):
        readings.append(try perception.compare(value, comparison))
        continue
      default: break
      }
      let frame = try sights.last().frame
      var reading = try await perception.examine(leaf, in: frame)
      if reading.answer == .no, let difference = await perception.difference(leaf, in: frame) {
        reading.frame = await record.keep(difference).reference
      }
      readings.append(reading)
    }
    return readings
  }

  /// Reads a leaf on the pictures since an update, until one answers.
  func readPast(
    _ leaf: Check, since: UInt64, isWanted: Bool
  ) async throws(Fault) -> PastReading {
    let past = try await screen.past(since: since)
    var reading = PastReading(
      moments: [], pictures: past.moments.count, isWhole: past.isWhole)
    for (index, moment) in past.moments.enumerated() {
      guard let frame = moment.frame else {
        // What nobody can look at says nothing.
        reading.isWhole = false
        continue
      }
      guard let leaf = index == 0 || !isWanted ? leaf : leaf.reading(moment, frame) else {
        continue
      }
      var seen = try await perception.examine(leaf, in: frame)
      if let account = seen.read { reading.read = reading.read?.with(account) ?? account }
      let isAnswer = seen.holds == isWanted
      guard isAnswer || seen.doubt != nil && reading.moments.isEmpty else { continue }
      seen.frame = await record.keep(frame).reference
      reading.moments.append(PastReading.Moment(reading: seen, age: moment.age))
      if isAnswer { break }
    }
    return reading
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
