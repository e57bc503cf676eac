import Pixels

/// Which lines of a screen go on in the next one: a text that was wrapped is one text, entries of a list are
/// not.
///
/// A text is wrapped where the next word does not fit any more, so a line whose next word would have fitted
/// is the end of something. Beyond that only the words tell: a sentence goes on with a small letter, an entry
/// begins with a capital or a bullet.
struct Paragraphs {
  /// How a line and the one below it hang together.
  enum Link: Hashable {
    /// They are two texts.
    case none
    /// They may be one text.
    case possible
    /// They are parts of one sentence, and neither is a label of its own.
    case sure
  }

  private let text: ScreenText
  /// The line below each in its block, and how it hangs on it.
  private let next: [Int: (line: Int, link: Link)]
  private let before: [Int: Int]

  init(_ text: ScreenText) {
    self.text = text
    var blocks: [Int: [Int]] = [:]
    for (index, line) in text.lines.enumerated() { blocks[line.block, default: []].append(index) }
    var next: [Int: (line: Int, link: Link)] = [:]
    for lines in blocks.values where lines.count > 1 {
      let pairs = zip(lines, lines.dropFirst()).filter {
        !TextLayout.areInOneRow(text.lines[$0].box, text.lines[$1].box)
      }
      let block = Block(pairs.map { (text.lines[$0], text.lines[$1]) })
      for (above, line) in pairs {
        next[above] = (line, block.link(text.lines[above], text.lines[line]))
      }
    }
    self.next = next
    before = Dictionary(next.map { ($1.line, $0) }) { first, _ in first }
  }

  /// The line that may go on with a line's text.
  func line(after line: Int) -> Int? {
    next[line].flatMap { $0.link == .none ? nil : $0.line }
  }

  /// The lines of the text that a line is part of, from the top.
  func lines(around line: Int, over least: Link = .possible) -> [Int] {
    let isLinked = { (link: Link) in link == .sure || link == least && link != .none }
    var lines = [line]
    while let last = lines.last, let step = next[last], isLinked(step.link) {
      lines.append(step.line)
    }
    while let first = lines.first, let above = before[first], let step = next[above],
      isLinked(step.link)
    {
      lines.insert(above, at: 0)
    }
    return lines
  }

  /// Whether a line is a part of a sentence that has more lines, or that is read in pieces.
  func isPart(_ line: Int) -> Bool {
    lines(around: line, over: .sure).count > 1 || row(of: line).count > 1
  }

  /// The pieces of one text that were read as several lines side by side: they touch nearly, or a quotation
  /// goes on from one to the next.
  func row(of line: Int) -> [Int] {
    var row = [line]
    while let last = row.last, last + 1 < text.lines.count, areOne(last, last + 1) {
      row.append(last + 1)
    }
    while let first = row.first, first > 0, areOne(first - 1, first) {
      row.insert(first - 1, at: 0)
    }
    return row
  }

  private func areOne(_ left: Int, _ right: Int) -> Bool {
    let (one, other) = (text.lines[left], text.lines[right])
    let gap = other.box.x - one.box.maxX
    guard TextLayout.areInOneRow(one.box, other.box), gap >= 0 else { return false }
    let height = max(one.box.height, other.box.height)
    let isQuotation = [one, other].allSatisfy {
      $0.text.count(where: QuotationMarks.double.contains) % 2 == 1
    }
    return gap * 10 <= 3 * height || isQuotation && gap <= height
  }

  /// All of the text that a line is a part of, on one line.
  func sentence(around line: Int) -> String {
    lines(around: line, over: .sure).flatMap(row(of:)).map { text.lines[$0].text }
      .joined(separator: " ")
  }

}

/// Lines below each other.
private struct Block {
  private let count: Int
  private let width: Int
  /// Whether a line ended early though its text was not over: an entry of a list.
  private let isList: Bool

  init(_ pairs: [(above: TextLine, line: TextLine)]) {
    count = pairs.count + 1
    let width = pairs.map { max($0.above.box.width, $0.line.box.width) }.max() ?? 0
    self.width = width
    isList = pairs.contains {
      Self.fits($0.above, $0.line, width) && !$0.line.beginsSmall && $0.above.isOpen
    }
  }

  /// How a line hangs on the one above it.
  func link(_ above: TextLine, _ line: TextLine) -> Paragraphs.Link {
    if line.hasBullet { return .none }
    if Self.fits(above, line, width) {
      return line.beginsSmall && above.isOpen && above.words.count >= 2 ? .possible : .none
    }
    if above.text.last == ":", above.words.count <= 2 { return .none }
    let isSaid = line.beginsSmall || line.isQuoted || line.endsSentence
    if above.isOpen, above.words.count >= 3, isSaid { return .sure }
    if line.beginsSmall { return .possible }
    if isList, above.isOpen { return .none }
    // Two words below each other may be a text in a narrow cell, more of them are entries.
    if above.words.count == 1, line.words.count == 1 { return count == 2 ? .possible : .none }
    return .possible
  }

  /// Whether the first word of a line would have found room in the line above.
  private static func fits(_ above: TextLine, _ line: TextLine, _ width: Int) -> Bool {
    guard let length = line.text.firstIndex(of: " ").map({ line.text[..<$0].count }) else {
      return fits(above, line.box.width, line.box.height, width)
    }
    let share = Double(length) / Double(max(line.text.count, 1))
    return fits(above, Int(Double(line.box.width) * share), line.box.height, width)
  }

  private static func fits(_ above: TextLine, _ word: Int, _ height: Int, _ width: Int) -> Bool {
    above.box.width + word + height < width
  }
}

extension TextLine {
  /// Whether it begins with a small letter.
  fileprivate var beginsSmall: Bool {
    text.first { $0.isLetter || $0.isNumber }?.isLowercase == true
  }

  /// Whether it begins with a quotation mark.
  var isQuoted: Bool { text.first.map(QuotationMarks.all.contains) == true }

  /// Whether a sentence ends with it.
  var endsSentence: Bool {
    text.last { !QuotationMarks.all.contains($0) && $0 != ")" }.map { ".!?…".contains($0) } == true
  }

  /// Whether what it says is not over by a mark.
  fileprivate var isOpen: Bool {
    text.last { !QuotationMarks.all.contains($0) }.map { !".!?…:;".contains($0) } == true
  }

  /// Whether it begins as the entries of a list do.
  fileprivate var hasBullet: Bool {
    let first = text.prefix { $0 != " " }
    if ["•", "◦", "▪", "‣", "·", "-", "–", "—", "*", "+", "o"].contains(first) { return true }
    guard first.count <= 4, let mark = first.last, mark == "." || mark == ")" else { return false }
    let number = first.dropLast()
    return !number.isEmpty && (number.allSatisfy(\.isNumber) || number.count == 1)
  }
}

/// What stands around a text that is only spoken of.
enum QuotationMarks {
  static let double: Set<Character> = ["\"", "“", "”", "„", "‟", "«", "»"]
  static let all: Set<Character> = double.union(["‹", "›", "‘", "’", "'", "`"])

  /// Whether a text stands between quotation marks in a line that holds it.
  static func surround(_ text: String, in line: String) -> Bool {
    let inner = text.reversed().drop { ".,;:!?".contains($0) }
    // A single mark inside of a word is an apostrophe.
    if inner.count > 2, let first = text.first, let last = inner.first, all.contains(first),
      all.contains(last)
    {
      return true
    }
    return line.ranges(of: text).contains { range in
      let before = line[..<range.lowerBound].count(where: double.contains)
      let own = text.first.map(double.contains) == true ? 1 : 0
      let rest = line[range.upperBound...].contains(where: double.contains)
      return (before + own) % 2 == 1 && (rest || inner.first.map(double.contains) == true)
    }
  }
}
