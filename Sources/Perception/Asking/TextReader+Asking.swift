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
    var sure: [TextHit] = []
    var open: [Int] = []
    for (index, line) in seen.lines.enumerated() {
      let own = first.filter { $0.box.intersects(line.box) }
      if !own.isEmpty, own.allSatisfy({ question.isSure($0, in: seen) }) {
        sure += own.filter { hit in !sure.contains { $0.box == hit.box } }
      } else if !own.isEmpty
        || question.mayBe(seen.readings(of: line), isUnsure: seen.isUnsure(line))
      {
        open.append(index)
      }
    }
    var votes = Votes(screen: seen, open: Array(open.prefix(Self.mostHardLines)))
    for index in votes.open {
      let hard = try hardReadings(
        of: seen.lines[index].box, on: frame, until: deadline, stop: stop)
      votes.add(hard, for: index)
    }
    var (hits, doubts) = votes.decide(question)
    hits = (sure + hits).sorted { ($0.box.y, $0.box.x) < ($1.box.y, $1.box.x) }
    doubts += open.dropFirst(Self.mostHardLines).map {
      Doubt(
        box: seen.lines[$0].box, readings: [seen.lines[$0].text],
        reason: "one of \(open.count) places like it, too many to be read again")
    }
    for place in seen.unread
    where question.couldBe(place)
      && !(hits.map(\.box) + doubts.map(\.box)).contains(where: {
        $0.intersects(place.box)
      })
    {
      if place.cause == .unknown,
        try isLegible(place.box, question, on: frame, until: deadline, stop: stop)
      {
        continue
      }
      doubts.append(Doubt(box: place.box, reason: "not read: \(place.cause.words)"))
    }
    return Presence(hits: hits, doubts: doubts)
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
  /// What a line says, and what it says in a less sure reading.
  fileprivate func readings(of line: TextLine) -> [String] {
    let others = doubts.filter { $0.box.intersects(line.box) }.map(\.text)
    return [line.text] + (others.isEmpty ? [] : [others.joined(separator: " ")])
  }

  fileprivate func isUnsure(_ line: TextLine) -> Bool {
    words[line.words].contains { $0.confidence < Votes.sure }
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
