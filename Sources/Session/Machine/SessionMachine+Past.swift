internal import Durations
internal import Scenario
internal import Story

// What the screen showed before, and what it must go on showing: what waits, waits here, and what was seen is
// decided on recorded readings.
extension SessionMachine {
  /// Waits for what would come late; nil where nothing is watched for a time.
  mutating func watch(_ tree: CheckTree) -> Next? {
    let times = tree.leaves.compactMap { leaf in
      if case .never(_, _, _, let time) = leaf { time } else { nil }
    }
    guard plan.rules > .second, let time = times.max(), time > .zero else { return nil }
    state = .pausing(.watch)
    return .want(.pause(duration: time))
  }

  /// What is asked now: of the picture, where a text is to stay, and of a host, within the time that is left.
  func asked(_ leaf: Check) -> Check {
    if case .ssh(var check) = leaf {
      let left = (work?.check?.deadline ?? now) - now
      check.limit = max(left, Self.leastCommandTime)
      return .ssh(check)
    }
    guard plan.rules > .second, case .text(var check) = leaf else { return leaf }
    check.stays = nil
    return .text(check)
  }

  /// A command that is asked at the end of a check's time has so long.
  private static let leastCommandTime: Duration = .seconds(2)

  /// Reads the past for the next leaf that asks for it; decides the check when there is none left.
  mutating func review() -> Next {
    guard let check = work?.check, let frame, plan.rules > .second else { return decideCheck() }
    for (index, leaf) in check.tree.leaves.enumerated() where !check.reviewed.contains(index) {
      switch leaf {
      case .seen, .never: return readPast(index, since: since([leaf]))
      case .text(let text):
        guard let time = text.stays, check.known[index] == .yes else { continue }
        state = .pausing(.stay(leaf: index, since: frame.sequence))
        return .want(.pause(duration: time))
      default: continue
      }
    }
    return decideCheck()
  }

  mutating func readPast(_ index: Int, since: UInt64) -> Next {
    guard let leaf = work?.check?.tree.leaves[index] else { return unexpected("a check") }
    state = .reviewing(leaf: index)
    switch leaf {
    case .seen(let text, let region, _), .never(let text, let region, _, _):
      return .want(
        .readPast(
          leaf: .text(Check.TextCheck(text: text, region: region)), since: since, isWanted: true))
    default: return .want(.readPast(leaf: asked(leaf), since: since, isWanted: false))
    }
  }

  mutating func pastRead(_ past: PastReading) -> Next {
    guard case .reviewing(let index) = state, let check = work?.check else {
      return unexpected("a reading of the past")
    }
    let leaf = check.tree.leaves[index]
    do throws(Fault) {
      let reading = trusted(try past.reading(of: leaf, now: check.readings[index]), of: leaf)
      work?.check?.known[index] = reading.answer
      work?.check?.readings[index] = reading
    } catch {
      return endStep(Ending(.error, .fault(error)))
    }
    work?.check?.reviewed.insert(index)
    return review()
  }
}

extension PastReading {
  /// What the pictures say of a leaf; `now` is what the last one says of it.
  fileprivate func reading(of leaf: Check, now: LeafReading?) throws(Fault) -> LeafReading {
    switch leaf {
    case .seen(let text, _, let span): try seen(text, span, isWanted: true)
    case .never(let text, _, let span, _): try seen(text, span, isWanted: false)
    case .text(let check): try stayed(for: check.stays ?? .zero, now)
    default: throw Fault(.harness, "internal error: the past says nothing of “\(leaf.title)”")
    }
  }

  /// Whether any picture showed a text.
  private func seen(
    _ text: Template, _ span: Check.Span, isWanted: Bool
  ) throws(Fault) -> LeafReading {
    if let moment = moments.first(where: \.reading.holds) {
      let reading = moment.reading
      return LeafReading(
        holds: isWanted, measured: "\(reading.measured), \(moment.age.brief) ago",
        region: reading.region, frame: reading.frame, read: reading.read)
    }
    if let moment = moments.first(where: { $0.reading.doubt != nil }) {
      var reading = moment.reading
      reading.doubt = reading.doubt.map { "\($0), \(moment.age.brief) ago" }
      return reading
    }
    // A picture that is forgotten may have shown it.
    guard isWhole else {
      throw Fault(
        .screen,
        "“\(text)” is in none of the last \(pictures) pictures, but older ones \(span.title) "
          + "had to be forgotten; check sooner, or in a quieter part of the screen")
    }
    let count = pictures == 1 ? "the only picture" : "\(pictures) pictures"
    return LeafReading(
      holds: !isWanted, measured: "“\(text)” is not in \(count) \(span.title)", read: read)
  }

  /// Whether a text that is there stayed there for a time.
  private func stayed(for time: Duration, _ now: LeafReading?) throws(Fault) -> LeafReading {
    if let moment = moments.first {
      let reading = moment.reading
      return LeafReading(
        holds: false, doubt: reading.doubt,
        measured: "\(reading.measured), \(max(time - moment.age, .zero).brief) after it was",
        region: reading.region, frame: reading.frame, read: reading.read)
    }
    guard isWhole, let now else {
      throw Fault(
        .screen,
        "the screen changed so much that not all of \(time.brief) could be kept; give a region")
    }
    return LeafReading(
      holds: true, measured: "\(now.measured), for \(time.brief)", region: now.region,
      read: now.read)
  }
}
