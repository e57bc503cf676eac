import Pixels

/// What several readings of the same lines say to one question.
///
/// The same line is drawn in several ways and read again. What nearly all ways read alike, sign by sign, and
/// are sure of, it says; where they differ, and it matters to the question, it cannot be told.
struct Votes {
  /// From this confidence on a word needs no second look.
  static let sure = 0.9
  /// So sure the ways must be on the average, and where there are digits, which no word around them
  /// corrects.
  private static let trust = (words: 0.6, digits: 0.7)
  /// So sure where all of them read the very same.
  private static let trustInAll = (words: 0.55, digits: 0.55)
  /// So sure where letters are tiny.
  private static let trustInTiny = 0.9
  let screen: ScreenText
  /// The lines that are read again, each of them once.
  let open: [Int]
  /// The same, those together that one text may stand in.
  private let groups: [[Int]]
  private var readings: [Int: [Reading]] = [:]
  private var networks: [Int: ReadingNetwork] = [:]
  /// How high the ink of a line is, in pixels; the boxes of words are rougher.
  private var heights: [Int: Int] = [:]
  /// The lines whose ink another line was read with.
  private var covered: Set<Int> = []
  private var taken: Set<PixelRect> = []

  /// One way to read a line.
  private struct Reading {
    var words: [RecognisedWord]
    var rests: [InkAccount.Rest]

    var text: String { words.map(\.text).joined(separator: " ") }
  }

  init(screen: ScreenText, groups: [[Int]]) {
    self.screen = screen
    self.groups = groups
    open = Set(groups.joined()).sorted()
  }

  /// Takes what the ink of a line was read as.
  mutating func add(_ lines: [HardLine], for index: Int) {
    let own = lines.filter { screen.lines[index].box.intersects($0.box) }
    // What was seen in parts at first may be one line.
    if !own.isEmpty, own.allSatisfy({ taken.contains($0.box) }) { covered.insert(index) }
    taken.formUnion(own.map(\.box))
    let ways = own.map(\.readings.count).min() ?? 0
    let all = (0..<ways).map { way in
      let parts = own.map { $0.readings[way] }
      var words: [RecognisedWord] = []
      var rests: [InkAccount.Rest] = []
      for part in parts {
        rests += part.account.rests.map { $0.moved(by: words.count) }
        words += part.words
      }
      return Reading(words: words, rests: rests)
    }
    readings[index] = all
    heights[index] = own.map(\.box.height).min()
    if !all.isEmpty { networks[index] = ReadingNetwork(all.map(\.words)) }
  }

  /// The places that are meant for sure, and those that may be.
  func decide(_ question: any Question) -> (hits: [TextHit], doubts: [Doubt]) {
    let usual = question.hits(in: screen)
    // What most ways say is a screen of its own, so that a text that wraps is found in all of its lines.
    let top = variant([:])
    var hits: [TextHit] = []
    var doubts: [Doubt] = []
    var rejected: [PixelRect] = []
    for hit in question.hits(in: top) where isOpen(hit.box) {
      if isSure(hit, question) {
        hits.append(hit)
      } else {
        rejected.append(hit.box)
      }
    }
    for place in joined(rejected + others(question, than: hits) + usual.map(\.box).filter(isOpen))
    where !hits.contains(where: { $0.box.intersects(place) }) {
      doubts.append(Doubt(box: place, readings: texts(at: place), reason: words(at: place)))
    }
    let known = hits.map(\.box) + doubts.map(\.box)
    for group in groups where !group.contains(where: { isKnown($0, known) }) {
      if !isSettled(group, question) { doubts.append(doubt(at: group)) }
    }
    return (hits, doubts)
  }

  /// The words that nearly all ways read in some lines; nil where they are not sure, or where ink is left over.
  static func agreed(_ lines: [HardLine]) -> [RecognisedWord]? {
    var words: [RecognisedWord] = []
    for line in lines {
      let network = ReadingNetwork(line.readings.map(\.words))
      guard network.isWhole, network.variants.count == 1, let only = network.variants.first else {
        return nil
      }
      let open = line.readings.count { !$0.account.isComplete }
      guard only.confidence >= needed(only.text, [network]), open <= ReadingNetwork.dissent else {
        return nil
      }
      words += only.words
    }
    return words
  }

  /// Why a text at a place may be another that looks like it, as the end of a sentence; nil where it is none.
  static func openSign(_ lines: [HardLine], at place: PixelRect) -> String? {
    for line in lines {
      let network = ReadingNetwork(line.readings.map(\.words))
      for word in network.variants.first?.words ?? []
      where place.contains(x: word.box.center.x, y: word.box.center.y) {
        guard let sign = Confusables.openSign(of: word) else { continue }
        return "read as “\(word.text)”, in which “\(sign)” may be a sign that looks like it"
      }
    }
    return nil
  }

  // MARK: - Places where it is found

  /// The screen as most ways read the open lines, some of them in one of the other ways.
  private func variant(_ chosen: [Int: Int], only lines: Set<Int>? = nil) -> ScreenText {
    var words: [TextWord] = []
    for (index, line) in screen.lines.enumerated()
    where lines?.contains(index) ?? true && !covered.contains(index) {
      if let network = networks[index], network.variants.indices.contains(chosen[index] ?? 0) {
        words += network.variants[chosen[index] ?? 0].words.map {
          TextWord(
            text: $0.text, box: $0.box, confidence: $0.confidence, line: index, block: line.block)
        }
      } else {
        words += screen.words[line.words]
      }
    }
    return ScreenText(words: words)
  }

  /// Where it would be if a line said something else than most ways have it.
  private func others(_ question: any Question, than sure: [TextHit]) -> [PixelRect] {
    open.flatMap { line -> [PixelRect] in
      guard let count = networks[line]?.variants.count, count > 1 else { return [] }
      let near = Set(groups.filter { $0.contains(line) }.joined()).union([line])
      return (1..<count).flatMap { other in
        question.hits(in: variant([line: other], only: near)).map(\.box)
          .filter { $0.intersects(screen.lines[line].box) }
      }
    }
  }

  private func isOpen(_ box: PixelRect) -> Bool {
    open.contains { screen.lines[$0].box.intersects(box) }
  }

  /// Boxes with those that overlap made one.
  private func joined(_ boxes: [PixelRect]) -> [PixelRect] {
    var places: [PixelRect] = []
    for box in boxes {
      if let known = places.firstIndex(where: { $0.intersects(box) }) {
        places[known] = places[known].union(box)
      } else {
        places.append(box)
      }
    }
    return places
  }

  /// Whether what was found is there for sure, whatever else the lines may say.
  private func isSure(_ hit: TextHit, _ question: any Question) -> Bool {
    let lines = lines(at: hit.box)
    let networks = lines.compactMap { self.networks[$0] }
    guard networks.count == lines.count, networks.allSatisfy(\.isWhole), hit.caveat == nil else {
      return false
    }
    let words = networks.flatMap { $0.variants[0].words }.filter { $0.box.intersects(hit.box) }
    let isAlways = lines.allSatisfy { line in
      (0..<(self.networks[line]?.variants.count ?? 0)).allSatisfy { other in
        let near = Set(groups.filter { $0.contains(line) }.joined()).union(lines)
        return other == 0
          || question.hits(in: variant([line: other], only: near)).contains {
            $0.box.intersects(hit.box) && $0.caveat == nil
          }
      }
    }
    let confidence = words.map(\.confidence).min() ?? 0
    let height = lines.compactMap { heights[$0] }.min() ?? hit.box.height
    guard isAlways, confidence >= Self.needed(hit.text, networks),
      !question.isShaky(hit, drawn: DrawnText([words]), height: height)
    else { return false }
    let text = words.map(\.text).joined(separator: " ")
    if TinyType.isTiny(text, height: height) {
      guard confidence >= Self.trustInTiny, networks.allSatisfy(\.isUnanimous) else {
        return false
      }
    }
    return incomplete(at: hit, question) <= ReadingNetwork.dissent
  }

  private static func needed(_ text: String, _ networks: [ReadingNetwork]) -> Double {
    let trust = networks.allSatisfy(\.isUnanimous) ? trustInAll : trust
    return text.contains(where: \.isNumber) ? trust.digits : trust.words
  }

  private func lines(at place: PixelRect) -> [Int] {
    open.filter { screen.lines[$0].box.intersects(place) }
  }

  /// How many ways left ink out that may make another text of what was found.
  private func incomplete(at hit: TextHit, _ question: any Question) -> Int {
    let lines = lines(at: hit.box)
    let ways = lines.compactMap { readings[$0]?.count }.min() ?? 0
    return (0..<ways).count { way in
      lines.contains { line in
        guard let reading = readings[line]?[way] else { return false }
        return reading.rests.contains { question.minds($0, at: hit, in: reading.words) }
      }
    }
  }

  // MARK: - Lines where it is not found

  private func isKnown(_ line: Int, _ places: [PixelRect]) -> Bool {
    places.contains { $0.intersects(screen.lines[line].box) }
  }

  /// Whether lines are surely something else than what is asked for.
  private func isSettled(_ group: [Int], _ question: any Question) -> Bool {
    let networks = group.compactMap { self.networks[$0] }
    guard networks.count == group.count else { return false }
    let words = networks.flatMap { $0.variants[0].words }
    let text = words.map(\.text).joined(separator: " ")
    let confidence = words.map(\.confidence).min() ?? 0
    let lowest = group.map { line in
      let height = heights[line] ?? screen.lines[line].box.height
      return (
        isTiny: TinyType.isTiny(text, height: height),
        isSmall: TinyType.isSmall(text, height: height)
      )
    }
    let isTiny = lowest.contains { $0.isTiny }
    let isAgreed = confidence >= Self.trustInTiny && networks.allSatisfy(\.isUnanimous)
    let isSure =
      !isTiny && (isAgreed || !lowest.contains { $0.isSmall })
      && networks.allSatisfy(\.isWhole) && confidence >= Self.needed(text, networks)
      && group.allSatisfy { incomplete(in: $0) <= ReadingNetwork.dissent }
    guard isSure else {
      // Ways that differ, or are not sure: none of them must be near it.
      let ways = group.compactMap { readings[$0] }
      let texts = (0..<(ways.map(\.count).min() ?? 0)).map { way in
        ways.map { $0[way].text }.joined(separator: " ")
      }
      return !question.mayBe(texts + [text], isTiny && !isAgreed ? .tiny : .doubtful)
    }
    return networks.flatMap(\.variants).allSatisfy { variant in
      let words = networks.count == 1 ? variant.words : words
      let reading = Consensus(
        text: words.map(\.text).joined(separator: " "), drawn: DrawnText([words]),
        confidence: confidence, isSmall: lowest.contains { $0.isSmall },
        narrow: Self.narrowSpaces(between: words))
      return !question.isTwin(of: reading)
    }
  }

  /// The spaces that are hardly wider than gaps between letters, by their numbers.
  private static func narrowSpaces(between words: [RecognisedWord]) -> Set<Int> {
    let gaps = zip(words, words.dropFirst()).enumerated().filter { _, pair in
      let gap = pair.1.box.x - pair.0.box.maxX
      return gap * 5 < 2 * max(pair.0.box.height, pair.1.box.height)
    }
    return Set(gaps.map(\.offset))
  }

  private func incomplete(in line: Int) -> Int {
    (readings[line] ?? []).count { !$0.rests.isEmpty }
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
