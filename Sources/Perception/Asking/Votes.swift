import Pixels

/// What several readings of the same lines say to one question.
///
/// The same line is drawn in several ways and read again. What nearly all ways read alike, and are sure of,
/// it says; where they differ, it cannot be told.
struct Votes {
  /// From this confidence on a word needs no second look.
  static let sure = 0.9
  /// So sure the ways must be on the average, and where there are digits, which no word around them
  /// corrects.
  private static let trust = (words: 0.6, digits: 0.7)
  /// So many ways may say something else.
  private static let dissent = 1

  let screen: ScreenText
  /// The lines that are read again, each of them once.
  let open: [Int]
  /// The same, those together that one text may stand in.
  private let groups: [[Int]]
  private var readings: [Int: [Reading]] = [:]

  /// One way to read a line.
  private struct Reading {
    var words: [RecognisedWord]
    var rests: [InkAccount.Rest]

    var text: String { words.map(\.text).joined(separator: " ") }
    var confidence: Double { words.map(\.confidence).min() ?? 0 }
  }

  init(screen: ScreenText, groups: [[Int]]) {
    self.screen = screen
    self.groups = groups
    open = Set(groups.joined()).sorted()
  }

  /// Takes what the ink of a line was read as.
  mutating func add(_ lines: [HardLine], for index: Int) {
    let own = lines.filter { screen.lines[index].box.intersects($0.box) }
    let ways = own.map(\.readings.count).min() ?? 0
    readings[index] = (0..<ways).map { way in
      let parts = own.map { $0.readings[way] }
      var words: [RecognisedWord] = []
      var rests: [InkAccount.Rest] = []
      for part in parts {
        rests += part.account.rests.map { $0.moved(by: words.count) }
        words += part.words
      }
      return Reading(words: words, rests: rests)
    }
  }

  /// The places that are meant for sure, and those that may be.
  func decide(_ question: any Question) -> (hits: [TextHit], doubts: [Doubt]) {
    let ways = open.compactMap { readings[$0]?.count }.min() ?? 0
    guard ways > 0 else { return ([], groups.map { doubt(at: $0) }) }
    // Each way is a screen of its own, so that a text that wraps is found in all of its lines.
    let found = (0..<ways).map { way in question.hits(in: variant(way)) }
    var hits: [TextHit] = []
    var doubts: [Doubt] = []
    for place in places(of: found) {
      switch verdict(on: place, found, question) {
      case .some(let hit): hits.append(hit)
      case .none:
        doubts.append(Doubt(box: place, readings: texts(at: place), reason: words(at: place)))
      }
    }
    let known = hits.map(\.box) + doubts.map(\.box)
    for group in groups where !group.contains(where: { isKnown($0, known) }) {
      if !isSettled(group, question) { doubts.append(doubt(at: group)) }
    }
    return (hits, doubts)
  }

  // MARK: - Places where a way finds it

  /// The screen with the open lines as one way reads them.
  private func variant(_ way: Int) -> ScreenText {
    let known = Set(open)
    var words: [TextWord] = []
    for (index, line) in screen.lines.enumerated() {
      if known.contains(index), let reading = readings[index]?[way] {
        words += reading.words.map {
          TextWord(
            text: $0.text, box: $0.box, confidence: $0.confidence, line: index, block: line.block)
        }
      } else {
        words += screen.words[line.words]
      }
    }
    return ScreenText(words: words)
  }

  /// Where any way finds it, places that overlap joined; those in open lines only.
  private func places(of found: [[TextHit]]) -> [PixelRect] {
    var places: [PixelRect] = []
    for hit in found.joined()
    where open.contains(where: { screen.lines[$0].box.intersects(hit.box) }) {
      if let known = places.firstIndex(where: { $0.intersects(hit.box) }) {
        places[known] = places[known].union(hit.box)
      } else {
        places.append(hit.box)
      }
    }
    return places
  }

  /// The hit that a place is for sure; nil where that cannot be told.
  private func verdict(
    on place: PixelRect, _ found: [[TextHit]], _ question: any Question
  ) -> TextHit? {
    let own = found.map { hits in hits.first { $0.box.intersects(place) } }
    let agreeing = own.indices.filter { own[$0] != nil }
    guard own.count - agreeing.count <= Self.dissent, let hit = own.compactMap(\.self).first,
      own.allSatisfy({ $0?.caveat == nil }), !question.isShaky(hit)
    else { return nil }
    let confidences = agreeing.map { confidence(of: $0, at: place) }
    let mean = confidences.reduce(0, +) / Double(confidences.count)
    guard mean >= Self.needed(hit.text) else { return nil }
    let incomplete = agreeing.filter { way in
      rests(way, at: place).contains { rest, words in question.minds(rest, at: hit, in: words) }
    }
    return incomplete.count > 1 ? nil : hit
  }

  private static func needed(_ text: String) -> Double {
    text.contains(where: \.isNumber) ? trust.digits : trust.words
  }

  private func lines(at place: PixelRect) -> [Int] {
    open.filter { screen.lines[$0].box.intersects(place) }
  }

  private func confidence(of way: Int, at place: PixelRect) -> Double {
    lines(at: place).flatMap { readings[$0]?[way].words ?? [] }
      .filter { $0.box.intersects(place) }.map(\.confidence).min() ?? 0
  }

  private func rests(
    _ way: Int, at place: PixelRect
  ) -> [(InkAccount.Rest, [RecognisedWord])] {
    lines(at: place).flatMap { line -> [(InkAccount.Rest, [RecognisedWord])] in
      guard let reading = readings[line]?[way] else { return [] }
      return reading.rests.map { ($0, reading.words) }
    }
  }

  // MARK: - Lines where no way finds it

  private func isKnown(_ line: Int, _ places: [PixelRect]) -> Bool {
    places.contains { $0.intersects(screen.lines[line].box) }
  }

  /// Whether lines are surely something else than what is asked for.
  private func isSettled(_ group: [Int], _ question: any Question) -> Bool {
    let ways = readings(of: group)
    guard !ways.isEmpty else { return false }
    let (text, agreeing) = consensus(of: ways)
    let mean = agreeing.map(\.confidence).reduce(0, +) / Double(max(agreeing.count, 1))
    let isSure =
      ways.count - agreeing.count <= Self.dissent && mean >= Self.needed(text)
      && agreeing.filter { !$0.rests.isEmpty }.count <= 1
    if isSure {
      let height = group.map { screen.lines[$0].box.height }.max() ?? 0
      return !question.isTwin(of: Consensus(text: text, confidence: mean, height: height))
    }
    // Ways that differ, or are not sure: none of them must be near it.
    return !question.mayBe(ways.map(\.text), isUnsure: true)
  }

  /// What some lines say together, one way and another.
  private func readings(of group: [Int]) -> [Reading] {
    let all = group.compactMap { readings[$0] }
    guard all.count == group.count, let ways = all.map(\.count).min() else { return [] }
    return (0..<ways).map { way in
      Reading(words: all.flatMap { $0[way].words }, rests: all.flatMap { $0[way].rests })
    }
  }

  /// What most ways read, and the ways that do.
  private func consensus(of ways: [Reading]) -> (text: String, ways: [Reading]) {
    let groups = Dictionary(grouping: ways) { Compact.signs(of: $0.text) }
    let most = groups.values.max { $0.count < $1.count } ?? []
    return (most.first?.text ?? "", most)
  }

  // MARK: - In words

  private func doubt(at group: [Int]) -> Doubt {
    let box = group.dropFirst().reduce(screen.lines[group[0]].box) {
      $0.union(screen.lines[$1].box)
    }
    return Doubt(box: box, readings: texts(at: box), reason: words(at: box))
  }

  private func texts(at place: PixelRect) -> [String] {
    var texts: [String] = []
    for line in lines(at: place) {
      for text in (readings[line] ?? []).map(\.text) + [screen.lines[line].text]
      where !text.isEmpty && !texts.contains(text) { texts.append(text) }
    }
    return Array(texts.prefix(3))
  }

  private func words(at place: PixelRect) -> String {
    let texts = texts(at: place).map { "“\($0)”" }
    switch texts.count {
    case 0: return "not read"
    case 1:
      return "read as \(texts[0]), but a sign in it may be another, or one beside it was not read"
    default: return "read as " + texts.joined(separator: " and as ")
    }
  }
}

extension InkAccount.Rest {
  /// The same beside a word of another number.
  fileprivate func moved(by words: Int) -> InkAccount.Rest {
    InkAccount.Rest(box: box, word: word.map { $0 + words }, place: place, sign: sign)
  }
}
