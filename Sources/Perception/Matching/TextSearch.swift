public import Numbers
public import Pixels

/// A place where a text was found.
public struct TextHit: Hashable, Sendable {
  /// The box around its words.
  public let box: PixelRect
  /// The words as they were read.
  public let text: String
  /// How well it matches, 0…1; 1 is the same to the letter.
  public let score: Double
  /// Whether it is all that its line says, like the label of a button.
  public let isWholeLabel: Bool
  /// Why it may be another text although every sign is the same; nil where nothing speaks for that.
  public let caveat: String?

  /// A hit.
  public init(
    box: PixelRect, text: String, score: Double, isWholeLabel: Bool, caveat: String? = nil
  ) {
    self.box = box
    self.text = text
    self.score = score
    self.isWholeLabel = isWholeLabel
    self.caveat = caveat
  }
}

/// Looks for texts on a screen.
///
/// Case and spaces do not count, nor does the punctuation of sentences at the ends of words; words may go on in
/// the next line of a paragraph. What counts and what does not is told at `TextUnits`, what a doubtful sign may
/// be at `PhraseMatcher`. A match starts and ends with a word: `5` is not found in `50`, nor in `-5`, `1.5`, `5%`
/// or `5 000`.
public enum TextSearch {
  /// How much worse than the best a hit may be and still count.
  static let closeness = 0.008
  /// Below this confidence the recogniser counts as unsure of a word.
  static let doubt = 0.9

  /// Every place that shows a text, in reading order: read as that text, whether surely or not.
  ///
  /// - Parameters:
  ///   - query: the text.
  ///   - text: the screen.
  ///   - exact: whether case, spaces and punctuation count too.
  ///   - numbers: how numbers are written.
  ///   - region: only hits whose middle is inside it.
  public static func hits(
    for query: String, in text: ScreenText, exact: Bool = false, numbers: NumberStyle = .point,
    region: PixelRect? = nil
  ) -> [TextHit] {
    search(query, in: text, exact: exact, region) { PhraseMatcher(query, .none, numbers) }
  }

  /// How often a text is on the screen.
  public static func count(
    of query: String, in text: ScreenText, exact: Bool = false, region: PixelRect? = nil
  ) -> Int {
    hits(for: query, in: text, exact: exact, region: region).count
  }

  /// Whether a text is on the screen.
  public static func contains(
    _ query: String, in text: ScreenText, exact: Bool = false, region: PixelRect? = nil
  ) -> Bool {
    !hits(for: query, in: text, exact: exact, region: region).isEmpty
  }

  /// The places that show a text, and those that may: read with doubt as something that it is taken for.
  static func candidates(
    for query: String, in text: ScreenText, exact: Bool, numbers: NumberStyle = .point,
    region: PixelRect?
  ) -> [TextHit] {
    let sure = hits(for: query, in: text, exact: exact, numbers: numbers, region: region)
    guard !exact else { return sure }
    let alike = search(query, in: text, exact: false, region) {
      PhraseMatcher(query, .doubtful, numbers)
    }
    let others = alike.filter { hit in !sure.contains { $0.box.intersects(hit.box) } }
    return others.isEmpty ? sure : (sure + others).inReadingOrder(of: text)
  }

  private static func search(
    _ query: String, in text: ScreenText, exact: Bool, _ region: PixelRect?,
    _ matcher: () -> PhraseMatcher?
  ) -> [TextHit] {
    guard !query.allSatisfy(\.isWhitespace) else { return [] }
    // Without anything that counts, such as `…`, only the very same text will do.
    let found =
      if !exact, let matcher = matcher() {
        LooseSearch(text: text, matcher: matcher).hits()
      } else {
        LiteralSearch(text: text).hits(for: query)
      }
    guard let region else { return found }
    return found.filter { region.contains(x: $0.box.center.x, y: $0.box.center.y) }
  }

  /// The hits that match about as well as the best one.
  static func best(among hits: [TextHit]) -> [TextHit] {
    guard let best = hits.map(\.score).max() else { return [] }
    return hits.filter { $0.score >= best - closeness }
  }

  /// The texts on the screen that are most like a text that is not there, best first, at most three.
  public static func closest(to query: String, in text: ScreenText) -> [String] {
    let wanted = units(of: query)
    guard !wanted.isEmpty else { return [] }
    let count = max(query.split(whereSeparator: \.isWhitespace).count, 1)
    var found: [(text: String, likeness: Double)] = []
    for line in text.lines.prefix(2000) {
      let words = Array(text.words[line.words].map(\.text).prefix(64))
      guard
        let best = windows(words, count)
          .map({ ($0, EditDistance.likeness(wanted, units(of: $0))) })
          .max(by: { $0.1 < $1.1 })
      else { continue }
      if best.1 >= 0.5, !found.contains(where: { $0.text == best.0 }) { found.append(best) }
    }
    return found.sorted { $0.likeness > $1.likeness }.prefix(3).map(\.text)
  }

  private static func units(of text: String) -> [Character] {
    TextUnits.units(of: text).prefix(64).map(\.folded)
  }

  /// All stretches of `count` words, and the whole when there are fewer.
  private static func windows(_ words: [String], _ count: Int) -> [String] {
    guard words.count > count else { return [words.joined(separator: " ")] }
    return (0...words.count - count).map {
      words[$0..<$0 + count].joined(separator: " ")
    }
  }
}

/// The words that may follow a line: a phrase goes on in the next line of its text, or in the next line
/// of its row when that is not far away.
struct LineFollowers {
  private let paragraphs: Paragraphs
  private let beside: [Int: Int]

  init(_ text: ScreenText) {
    paragraphs = Paragraphs(text)
    var beside: [Int: Int] = [:]
    for index in text.lines.indices.dropLast() {
      let (here, there) = (text.lines[index].box, text.lines[index + 1].box)
      let gap = there.x - here.maxX
      if TextLayout.areInOneRow(here, there), gap >= 0, gap <= 4 * max(here.height, there.height) {
        beside[index] = index + 1
      }
    }
    self.beside = beside
  }

  /// The line behind a line in its row, where there is one near.
  func line(beside line: Int) -> Int? { beside[line] }

  /// The line before a line in its row, where there is one near.
  func line(before line: Int) -> Int? { beside.first { $0.value == line }?.key }

  /// The lines that may follow a line.
  func lines(after line: Int) -> [Int] {
    [beside[line], paragraphs.line(after: line)].compactMap { $0 }
  }
}

/// The search that forgives.
private struct LooseSearch {
  let text: ScreenText
  let matcher: PhraseMatcher
  /// The units of each line.
  private let units: [[TextUnit]]
  private let followers: LineFollowers

  init(text: ScreenText, matcher: PhraseMatcher) {
    self.text = text
    self.matcher = matcher
    units = text.lines.map { line in
      TextUnits.units(of: line.words.map { ($0, text.words[$0].text) }, matcher.style)
    }
    followers = LineFollowers(text)
  }

  func hits() -> [TextHit] {
    var hits: [TextHit] = []
    for index in text.lines.indices {
      let own = units[index]
      let needed = matcher.query.count + 8
      let streams = [own] + tails(after: index, own.count).map { own + $0.prefix(needed) }
      var start = 0
      while start < own.count {
        let found = streams.compactMap { stream in
          match(stream, at: start, in: index).map { (stream, $0) }
        }.max { $0.1.score < $1.1.score }
        if let found {
          hits.append(hit(found.0[start..<start + found.1.length], found.1, in: index))
          start += max(found.1.length, 1)
        } else {
          start += 1
        }
      }
    }
    return alike(in: hits)
  }

  /// What may follow a line, each way at most three lines long.
  private func tails(after line: Int, _ length: Int) -> [[TextUnit]] {
    followers.lines(after: line).map { next in
      var tail: [TextUnit] = []
      var at: Int? = next
      for _ in 0..<16 {
        guard let line = at, tail.count < matcher.query.count + 8 else { break }
        tail += units[line]
        at = followers.lines(after: line).last
      }
      return tail
    }
  }

  private func match(
    _ stream: [TextUnit], at start: Int, in line: Int
  ) -> PhraseMatcher.Match? {
    let isUnsure = { (unit: TextUnit) in text.words[unit.word].confidence < TextSearch.doubt }
    guard let match = matcher.match(stream[start...], isUnsure: isUnsure) else { return nil }
    let matched = stream[start..<start + match.length]
    // `Log in` is not in `Login failed`, but it may be all that a button says, read as `Login`.
    guard
      isWhole(matched, of: line) || matched.contains(where: isUnsure)
        || matcher.hasSameSpaces(matched)
    else { return nil }
    return match
  }

  /// Whether what was matched is all that a line says, but for signs that stand apart: bullets, the branches
  /// of a tree, small icons.
  private func isWhole(_ matched: ArraySlice<TextUnit>, of line: Int) -> Bool {
    counted(Array(matched)) == counted(units[line])
  }

  private func counted(_ units: [TextUnit]) -> [TextUnit.Place] {
    units.filter { unit in
      !unit.isOptional && text.words[unit.word].text.contains { $0.isLetter || $0.isNumber }
    }.map(\.start)
  }

  private func hit(
    _ matched: ArraySlice<TextUnit>, _ match: PhraseMatcher.Match, in line: Int
  ) -> TextHit {
    var words: [Int] = []
    for unit in matched {
      for word in unit.start.word...max(unit.start.word, unit.end.word) where words.last != word {
        words.append(word)
      }
    }
    let boxes = words.map { box(of: matched, in: $0) }
    return TextHit(
      box: boxes.reduce(PixelRect(x: 0, y: 0, width: 0, height: 0)) { $0.union($1) },
      text: words.map { text.words[$0].text }.joined(separator: " "), score: match.score,
      isWholeLabel: isWhole(matched, of: line),
      caveat: caveat(of: matched, in: line))
  }

  /// What a sign beside a number may make of it, in its line or in one right before or behind it.
  private func caveat(of matched: ArraySlice<TextUnit>, in line: Int) -> String? {
    let first = matched.first?.number != nil && matched.first?.start == units[line].first?.start
    let last = matched.last?.number != nil && matched.last?.end == units[line].last?.end
    let before = first ? followers.line(before: line).flatMap { text.lines[$0].text.last } : nil
    let behind = last ? followers.line(beside: line).flatMap { text.lines[$0].text.first } : nil
    let isSign = { (sign: Character?) in
      sign.map { !$0.isLetter && !$0.isNumber && !".,:;!?\"'|*•".contains($0) } == true
    }
    if matcher.mayBeNegative(matched) || isSign(before) || isSign(behind) {
      return "a sign beside the number may belong to it"
    }
    if isGuessed(before: matched, in: line) {
      return "what was not read before the number may belong to it"
    }
    if last, goesOn(matched, in: line) { return "digits right behind it may belong to it" }
    return touchesSign(matched) ? "a sign right before it may belong to it" : nil
  }

  /// Whether a word right before a number is hardly more than a guess.
  private func isGuessed(before matched: ArraySlice<TextUnit>, in line: Int) -> Bool {
    guard let first = matched.first, first.number != nil else { return false }
    let isFirst = first.start == units[line].first?.start
    let before =
      isFirst
      ? followers.line(before: line).flatMap { text.lines[$0].words.last } : first.start.word - 1
    guard let before, text.words.indices.contains(before) else { return false }
    let (there, here) = (text.words[before], text.words[first.start.word])
    return there.confidence < 0.5 && there.box.maxX <= here.box.x + 1
      && here.box.x - there.box.maxX <= max(here.box.height, 8)
  }

  /// Whether the next line of the row begins with three digits as near as those of one number are.
  private func goesOn(_ matched: ArraySlice<TextUnit>, in line: Int) -> Bool {
    guard let last = matched.last, let next = followers.line(beside: line) else { return false }
    let (here, behind) = (text.lines[line].box, text.lines[next])
    let digits = text.words[last.end.word].text.reversed().prefix(while: \.isNumber).count
    return digits <= 3 && behind.text.prefix(while: \.isNumber).count == 3
      && (behind.box.x - here.maxX) * 2 <= 3 * max(here.height, behind.box.height)
  }

  /// Whether a lone sign stands so near before what was matched that it is hardly a word of its own.
  private func touchesSign(_ matched: ArraySlice<TextUnit>) -> Bool {
    guard let first = matched.first, first.start.share == 0, first.start.word > 0 else {
      return false
    }
    let (here, there) = (text.words[first.start.word], text.words[first.start.word - 1])
    guard here.line == there.line, !there.text.contains(where: { $0.isLetter || $0.isNumber })
    else { return false }
    // Before a sign it may be one more.
    let isSign = first.start.share == 0 && here.text.first?.isLetter == false && first.number == nil
    return (here.box.x - there.box.maxX) * (isSign ? 2 : 5) <= max(here.box.height, 8)
  }

  /// Hits in the same column of a table are all whole labels if one is.
  ///
  /// Two cells with little between them are one line where the border is hard to see, but in another row
  /// they are two. A column is told by the left edge, and by gaps that are wider than between words.
  private func alike(in columns: [TextHit]) -> [TextHit] {
    let whole = columns.filter(\.isWholeLabel)
    guard !whole.isEmpty, whole.count < columns.count else { return columns }
    return columns.map { hit in
      guard !hit.isWholeLabel, standsApart(hit.box),
        whole.contains(where: {
          abs($0.box.x - hit.box.x) <= 2 && abs($0.box.height - hit.box.height) <= 2
        })
      else { return hit }
      return TextHit(box: hit.box, text: hit.text, score: hit.score, isWholeLabel: true)
    }
  }

  private func standsApart(_ box: PixelRect) -> Bool {
    let middle = (x: box.center.x, y: box.center.y)
    guard let line = text.lines.first(where: { $0.box.contains(x: middle.x, y: middle.y) }) else {
      return false
    }
    // At the start of a line, `Save` above `Save as` stands in a column too, so there the gap must be clear.
    let share = box.x - line.box.x <= 2 ? 70 : 42
    return text.words[line.words].allSatisfy { word in
      let gap = max(word.box.x - box.maxX, box.x - word.box.maxX)
      return gap < 0 || gap * 100 >= share * line.box.height
    }
  }

  /// Where some letters of a word are: about there when they are not all of it.
  private func box(of matched: ArraySlice<TextUnit>, in word: Int) -> PixelRect {
    let box = text.words[word].box
    guard let first = matched.first, let last = matched.last else { return box }
    let start = first.start.word == word ? first.start.share : 0
    let end = last.end.word == word ? last.end.share : 1
    // Punctuation around a word stays with it.
    let all = units[text.words[word].line].filter { $0.start.word <= word && word <= $0.end.word }
    let isCutBefore = all.first.map { $0.start.word == word && $0.start.share < start } ?? false
    let isCutBehind = all.last.map { $0.end.word == word && $0.end.share > end } ?? false
    let left = box.x + (isCutBefore ? Int(Double(box.width) * start) : 0)
    let right = isCutBehind ? box.x + Int((Double(box.width) * end).rounded(.up)) : box.maxX
    let part = PixelRect(x: left, y: box.y, width: max(right - left, 1), height: box.height)
    // The first letter of such a word is its rightmost.
    guard text.words[word].text.isRightToLeft else { return part }
    return PixelRect(
      x: box.x + box.maxX - part.maxX, y: part.y, width: part.width, height: part.height)
  }
}

extension [TextHit] {
  /// The same hits in the order in which their lines are read.
  fileprivate func inReadingOrder(of text: ScreenText) -> [TextHit] {
    let line = { (hit: TextHit) in
      text.lines.firstIndex { $0.box.intersects(hit.box) } ?? text.lines.count
    }
    return map { ($0, line($0)) }.sorted { ($0.1, $0.0.box.x) < ($1.1, $1.0.box.x) }.map(\.0)
  }
}

/// The search that forgives nothing but white space.
private struct LiteralSearch {
  let text: ScreenText

  /// A line's characters with the word that each is in.
  private typealias Stream = [(character: Character, word: Int)]

  func hits(for query: String) -> [TextHit] {
    let wanted = Array(query.split(whereSeparator: \.isWhitespace).joined(separator: " "))
    guard !wanted.isEmpty, wanted.count <= 4 * PhraseMatcher.longest else { return [] }
    let followers = LineFollowers(text)
    var hits: [TextHit] = []
    for index in text.lines.indices {
      let own = stream(of: index)
      let tails = followers.lines(after: index).map { stream(of: $0) }
      let streams = [own] + tails.map { own + [(" ", -1)] + $0 }
      var start = 0
      while start < own.count {
        if let found = streams.first(where: { Self.isMatch(wanted, $0, at: start) }) {
          hits.append(hit(found[start..<start + wanted.count], isWhole: wanted.count == own.count))
          start += wanted.count
        } else {
          start += 1
        }
      }
    }
    return hits
  }

  private func stream(of line: Int) -> Stream {
    var stream: Stream = []
    for word in text.lines[line].words {
      if !stream.isEmpty { stream.append((" ", -1)) }
      stream += text.words[word].text.map { ($0, word) }
    }
    return stream
  }

  private func hit(_ matched: Stream.SubSequence, isWhole: Bool) -> TextHit {
    var words: [Int] = []
    for (_, word) in matched where word >= 0 && words.last != word { words.append(word) }
    return TextHit(
      box: words.reduce(PixelRect(x: 0, y: 0, width: 0, height: 0)) {
        $0.union(text.words[$1].box)
      },
      text: words.map { text.words[$0].text }.joined(separator: " "), score: 1,
      isWholeLabel: isWhole)
  }

  /// Whether a text stands here, with no letter or digit going on beside it.
  private static func isMatch(_ wanted: [Character], _ stream: Stream, at start: Int) -> Bool {
    let end = start + wanted.count
    guard end <= stream.count, stream[start].character == wanted[0],
      zip(stream[start..<end], wanted).allSatisfy({ $0.character == $1 })
    else { return false }
    let isCutBefore = start > 0 && isWord(stream[start - 1].character) && isWord(wanted[0])
    let isCutAfter =
      end < stream.count && isWord(stream[end].character) && isWord(wanted[wanted.count - 1])
    return !isCutBefore && !isCutAfter
  }

  private static func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber
  }
}
