public import Numbers
public import Pixels
import Platform

// Whether a text is on a screen: here, and nowhere else, sure is told from doubtful.
extension TextReader {
  /// Where a text is on a frame, and where it may be.
  ///
  /// - Parameters:
  ///   - text: the text, as somebody wrote it.
  ///   - exact: whether nothing but white space is forgiven.
  ///   - numbers: how numbers are written.
  ///   - region: only places whose middle is inside it; nil means all of the frame.
  ///   - frame: the frame.
  ///   - limit: the time allowed, from when this reader's turn comes.
  /// - Throws: as `read`.
  public func presence(
    of text: String, exact: Bool = false, numbers: NumberStyle = .point,
    in region: PixelRect? = nil, on frame: Frame, limit: Duration = defaultLimit
  ) async throws(PerceptionError) -> Presence {
    try await ask(
      TextQuestion(text, exact: exact, numbers: numbers), in: region, on: frame, limit: limit)
  }

  /// Where a line is that a condition holds for, such as a pattern, and where one may be.
  ///
  /// - Parameter holds: whether the text of a line is meant; called on this reader's thread.
  public func presence(
    ofLine holds: @escaping @Sendable (String) -> Bool, in region: PixelRect? = nil,
    on frame: Frame, limit: Duration = defaultLimit
  ) async throws(PerceptionError) -> Presence {
    try await ask(LineQuestion(holds: holds), in: region, on: frame, limit: limit)
  }

  private func ask(
    _ question: any Question, in region: PixelRect?, on frame: Frame, limit: Duration
  ) async throws(PerceptionError) -> Presence {
    // What lies over the text, such as the caret, is taken out for every look.
    let frame = frame.withoutOverlays()
    let stop = StopFlag()
    let result: Result<Presence, PerceptionError> = await withTaskCancellationHandler {
      Result { () throws(PerceptionError) in
        try answer(question, in: region, on: frame, until: .now + limit, stop: stop)
      }
    } onCancel: {
      stop.set()
    }
    return try result.get()
  }

  /// The most lines that one question has read again; what is left then is in doubt.
  private static let mostHardLines = 24

  /// Reads what matters to a question again until it can be told, or cannot.
  private func answer(
    _ question: any Question, in region: PixelRect?, on frame: Frame,
    until deadline: ContinuousClock.Instant, stop: StopFlag
  ) throws(PerceptionError) -> Presence {
    let seen = try read(frame, region: region, until: deadline, stop: stop)
    let first = question.hits(in: seen)
    let sure = first.filter { question.isSure($0, in: seen) }
    let groups = Self.open(question, in: seen, first, sure)
    var votes = Votes(screen: seen, groups: Array(groups.prefix(Self.mostHardLines)))
    for index in votes.open {
      let hard = try hardReadings(
        of: seen.lines[index].box, on: frame, until: deadline, stop: stop)
      votes.add(hard, for: index)
    }
    var (hits, doubts) = votes.decide(question)
    // A line beside a sure one may have been read again with it.
    hits.removeAll { hit in sure.contains { $0.box.intersects(hit.box) } }
    doubts.removeAll { doubt in sure.contains { $0.box.intersects(doubt.box) } }
    // What the usual way saw beside a text counts too, where the others lost it.
    let cautious = first.filter { $0.caveat != nil }
    doubts += hits.compactMap { hit in
      cautious.first { $0.box.intersects(hit.box) }.map {
        Doubt(box: $0.box, readings: [$0.text], reason: $0.caveat ?? "")
      }
    }
    hits.removeAll { hit in cautious.contains { $0.box.intersects(hit.box) } }
    hits = (sure + hits).sorted { ($0.box.y, $0.box.x) < ($1.box.y, $1.box.x) }
    doubts += groups.dropFirst(Self.mostHardLines).map {
      Doubt(
        box: seen.lines[$0[0]].box, readings: [seen.lines[$0[0]].text],
        reason: "one of \(groups.count) places like it, too many to be read again")
    }
    let known = (hits.map(\.box) + doubts.map(\.box))
    for place in seen.unread where !known.contains(where: { $0.intersects(place.box) }) {
      if seen.lacks(place, for: question) {
        doubts.append(Doubt(box: place.box, reason: "not read: \(place.cause.words)"))
        continue
      }
      guard question.couldBe(place) else { continue }
      if place.cause == .unknown,
        try isLegible(place.box, question, on: frame, until: deadline, stop: stop)
      {
        continue
      }
      doubts.append(Doubt(box: place.box, reason: "not read: \(place.cause.words)"))
    }
    return Presence(hits: hits, doubts: doubts, share: seen.share, unread: seen.unread)
  }

  /// The lines that must be read again: those with a hit that is not sure, and those that may be meant; where
  /// a text may go on in other lines, with these.
  private static func open(
    _ question: any Question, in seen: ScreenText, _ first: [TextHit], _ sure: [TextHit]
  ) -> [[Int]] {
    let followers = LineFollowers(seen)
    return seen.lines.indices.compactMap { index in
      let own = first.filter { $0.box.intersects(seen.lines[index].box) }
      guard own.isEmpty else { return own.allSatisfy(sure.contains) ? nil : [index] }
      let near = followers.chains(from: index).filter { isNear($0, question, in: seen) }
      // A text that goes on in other lines is no further from all of these than from the first of them.
      let distances = near.map { question.distance(to: seen.readings(of: $0)) }
      guard let least = distances.min() else { return nil }
      let best = near.indices.filter { distances[$0] == least }
      return (least == 0 ? best.first : best.last).map { near[$0] }
    }
  }

  /// Whether lines may be what is asked for together, and not without the first of them.
  private static func isNear(
    _ chain: [Int], _ question: any Question, in seen: ScreenText
  ) -> Bool {
    let nearness = seen.nearness(of: chain)
    let readings = seen.readings(of: chain)
    guard question.mayBe(readings, nearness) else { return false }
    guard chain.count > 1 else { return true }
    // What lies in the lines behind the first one alone is asked of them, not of an icon beside them.
    let rest = seen.readings(of: Array(chain.dropFirst()))
    return !question.mayBe(rest, nearness)
      || question.distance(to: readings) < question.distance(to: rest)
  }
}

extension TextReader {
  /// Whether most ways read something at a place, however unsure, and none reads anything like what is asked.
  private func isLegible(
    _ box: PixelRect, _ question: any Question, on frame: Frame,
    until deadline: ContinuousClock.Instant, stop: StopFlag
  ) throws(PerceptionError) -> Bool {
    let lines = try hardReadings(of: box, on: frame, until: deadline, stop: stop)
    guard let ways = lines.map(\.readings.count).min(), ways > 0 else { return false }
    let texts = (0..<ways).map { way in
      lines.map { $0.readings[way].text }.joined(separator: " ")
    }
    let groups = Dictionary(grouping: texts) { Compact.signs(of: $0) }
    let most = groups.max { $0.value.count < $1.value.count }
    guard let most, !most.key.isEmpty, most.value.count * 2 > ways else { return false }
    return !question.mayBe(texts, .doubtful)
  }
}

extension ScreenText {
  /// Whether a line is what is asked for but for some signs, and ink that was not read right beside it may be these.
  fileprivate func lacks(_ ink: UnreadInk, for question: any Question) -> Bool {
    lines.contains { line in
      let gap = max(line.box.x - ink.box.maxX, ink.box.x - line.box.maxX)
      guard (0...line.box.height).contains(gap), line.box.y < ink.box.maxY,
        ink.box.y < line.box.maxY,
        question.mayBe([line.text], .sure)
      else { return false }
      return (1...max(ink.signs.upperBound, 1)).contains(question.distance(to: [line.text]))
    }
  }

  /// What some lines say together, and what they say in a less sure reading.
  fileprivate func readings(of group: [Int]) -> [String] {
    let words = group.map { index in
      let others = doubts.filter { $0.box.intersects(lines[index].box) }.map(\.text)
      return (sure: lines[index].text, other: others.joined(separator: " "))
    }
    let sure = words.map(\.sure).joined(separator: " ")
    guard words.contains(where: { !$0.other.isEmpty }) else { return [sure] }
    return [sure, words.map { $0.other.isEmpty ? $0.sure : $0.other }.joined(separator: " ")]
  }

  /// How far lines may be from a text to be worth a second look.
  fileprivate func nearness(of group: [Int]) -> Nearness {
    let isTiny = group.contains { TinyType.isTiny(lines[$0].text, height: lines[$0].box.height) }
    if isTiny { return .tiny }
    let isSmall = group.contains { TinyType.isSmall(lines[$0].text, height: lines[$0].box.height) }
    if isSmall { return .doubtful }
    let isUnsure = group.contains { line in
      words[lines[line].words].contains { $0.confidence < Votes.sure }
    }
    return isUnsure ? .doubtful : .sure
  }
}

extension LineFollowers {
  /// A line alone, and with the lines that it may go on in, the shortest first.
  fileprivate func chains(from line: Int) -> [[Int]] {
    var chains = [[line]]
    for next in lines(after: line) {
      var chain = [line, next]
      chains.append(chain)
      while chain.count < 4, let last = chain.last, let more = lines(after: last).first {
        chain.append(more)
        chains.append(chain)
      }
    }
    return chains
  }
}

extension UnreadInk.Cause {
  /// The cause as the end of a sentence.
  var words: String {
    switch self {
    case .unknown: "letters, or what looks like them, that the reader does not know"
    case .symbol: "a symbol"
    case .size: "its letters are too large or too small"
    case .pale: "it is hardly darker or lighter than its ground"
    case .struck: "a stroke goes through it"
    case .tooMuch: "there is more on the screen than is read"
    }
  }
}
