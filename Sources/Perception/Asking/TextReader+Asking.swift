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
    for place in seen.unread
    where question.couldBe(place) && !known.contains(where: { $0.intersects(place.box) }) {
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
      return followers.chains(from: index).first { chain in
        let isUnsure = seen.isUnsure(chain)
        guard question.mayBe(seen.readings(of: chain), isUnsure: isUnsure) else { return false }
        // What lies in the lines behind the first one alone is asked of them, not of an icon beside them.
        return chain.count == 1
          || !question.mayBe(seen.readings(of: Array(chain.dropFirst())), isUnsure: isUnsure)
      }
    }
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
    return !question.mayBe(texts, isUnsure: true)
  }
}

extension ScreenText {
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

  fileprivate func isUnsure(_ group: [Int]) -> Bool {
    group.contains { words[lines[$0].words].contains { $0.confidence < Votes.sure } }
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
