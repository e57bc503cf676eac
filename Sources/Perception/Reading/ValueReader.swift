public import Pixels

/// A text that may be the value that somebody asked for.
public struct ValueCandidate: Hashable, Sendable {
  /// Where it stands in relation to its label.
  public enum Place: String, Hashable, Sendable, CaseIterable {
    /// In the label's own line, behind it.
    case sameLine
    /// In the label's row, right of it.
    case right
    /// Below the label.
    case below
    /// Anywhere, because no label was found.
    case anywhere
  }

  /// The text as it was read; the lines of a wrapped one are joined by spaces.
  public let text: String
  /// Where it is.
  public let box: PixelRect
  /// Where it stands in relation to its label.
  public let place: Place
  /// How sure the recogniser is of its worst word, 0…1.
  public let confidence: Double
  /// The number of its label in reading order, from 0.
  public let label: Int
  /// Why it may say something else, as the end of a sentence: `read as “5O” and as “50”`; nil when it was
  /// read surely.
  public internal(set) var doubt: String?
}

/// Finds the values that may belong to a label, for `read:` steps; what they must look like is the
/// caller's to check.
enum ValueReader {
  /// The texts that may be the value of a label: of each place where the label is the likeliest first.
  ///
  /// For each place where the label is: the rest of its line, then the nearest text right of it in its
  /// row, then the nearest text below. A text of several lines is one: lines of one cell, and lines that a
  /// sentence was wrapped into. When the label is nowhere and a region is given, each text in the region is
  /// a candidate; without a region there is none.
  ///
  /// - Parameters:
  ///   - label: the label, such as `Order number`.
  ///   - region: the part of the screen to look in; nil means all of it.
  ///   - near: only the label nearest to this text.
  ///   - text: what is written on the screen, all of it: what a region cuts in half is still one text.
  ///   - frame: the screen, where its cells are to count.
  static func read(
    what label: String, region: PixelRect? = nil, near: String? = nil, in text: ScreenText,
    on frame: Frame? = nil
  ) -> [ValueCandidate] {
    let isInside = { (box: PixelRect) in
      region?.contains(x: box.center.x, y: box.center.y) ?? true
    }
    let cells = ValueCells(text, frame)
    var hits = labels(TextSearch.hits(for: label, in: text).filter { isInside($0.box) }, text)
    if let near { hits = nearest(hits, to: TextSearch.hits(for: near, in: text)) }
    guard !hits.isEmpty else {
      guard region != nil else { return [] }
      let places = cells.all.filter { isInside(text.box(of: $0)) }
      return places.enumerated().map { candidate(text.words(of: $1), .anywhere, $0, text) }
    }
    var seen: Set<PixelRect> = []
    return hits.enumerated().flatMap { number, hit in
      candidates(beside: hit.box, number, cells, text).filter { isInside($0.box) }
    }.filter { seen.insert($0.box).inserted }
  }

  /// Those hits that stand as labels do, at the start of a line that is no sentence; all of them when
  /// none does.
  private static func labels(_ hits: [TextHit], _ text: ScreenText) -> [TextHit] {
    let labels = hits.filter { hit in
      guard !hit.isWholeLabel, hit.text.last != ":" else { return true }
      guard let line = text.lines.first(where: { $0.box.intersects(hit.box) }) else { return true }
      let isSentence = line.words.count >= 5 && line.endsSentence
      return hit.box.x - line.box.x <= 2 && !isSentence
    }
    return labels.isEmpty ? hits : labels
  }

  private static func nearest(_ hits: [TextHit], to others: [TextHit]) -> [TextHit] {
    let distances = hits.map { hit in
      others.map { Locator.distance(hit.box, $0.box) }.min() ?? .max
    }
    guard let least = distances.min(), least < .max else { return [] }
    return zip(hits, distances).filter { $1 == least }.map(\.0)
  }

  private static func candidates(
    beside label: PixelRect, _ number: Int, _ cells: ValueCells, _ text: ScreenText
  ) -> [ValueCandidate] {
    var found: [ValueCandidate] = []
    for (index, line) in text.lines.enumerated() where line.box.intersects(label) {
      let rest = withoutRemark(line.words.drop { text.words[$0].box.center.x <= label.maxX }, text)
      guard let first = rest.first, text.words[first].box.x - label.maxX <= FieldFinder.reach,
        text.words[rest.upperBound - 1].text.last != ":"
      else { continue }
      let words = Array(rest) + cells.wrapped(after: index).flatMap { text.lines[$0].words }
      found.append(candidate(words, .sameLine, number, text))
    }
    if let right = cells.right(of: label) {
      found.append(candidate(text.words(of: right), .right, number, text))
    }
    let below = text.lines.indices.filter { isBelow(text.lines[$0].box, label) }
    if let first = below.min(by: { text.lines[$0].box.y < text.lines[$1].box.y }) {
      let lines = cells.below(label, from: first)
      found.append(candidate(text.words(of: lines), .below, number, text))
    }
    return found
  }

  /// What follows a label in its line without what belongs to the label: `(EUR)`.
  private static func withoutRemark(_ words: Range<Int>, _ text: ScreenText) -> Range<Int> {
    guard let first = words.first, text.words[first].text.first == "(",
      let end = words.first(where: { text.words[$0].text.contains(")") })
    else { return words }
    return end + 1..<words.upperBound
  }

  private static func isBelow(_ box: PixelRect, _ label: PixelRect) -> Bool {
    let gap = box.y - label.maxY
    guard gap >= -1, gap <= label.height * 4, !TextLayout.areInOneRow(box, label) else {
      return false
    }
    return abs(box.x - label.x) <= 2 * label.height
      || max(box.x, label.x) < min(box.maxX, label.maxX)
  }

  private static func candidate(
    _ numbers: [Int], _ place: ValueCandidate.Place, _ label: Int, _ text: ScreenText
  ) -> ValueCandidate {
    let words = numbers.map { text.words[$0] }
    let said = words.map(\.text).joined(separator: " ")
    let box = words.reduce(PixelRect(x: 0, y: 0, width: 0, height: 0)) { $0.union($1.box) }
    let confidence = words.map(\.confidence).min() ?? 0
    return ValueCandidate(
      text: said, box: box, place: place, confidence: confidence, label: label,
      doubt: doubt(said, box, confidence, text))
  }

  // MARK: - Doubt

  /// Below this confidence a text may say anything.
  private static let leastConfidence = 0.6

  /// Why a text may say something else.
  private static func doubt(
    _ said: String, _ box: PixelRect, _ confidence: Double, _ text: ScreenText
  ) -> String? {
    let other = text.doubts.filter { box.contains(x: $0.box.center.x, y: $0.box.center.y) }
      .map(\.text).joined(separator: " ")
    if !other.isEmpty, confidence < TextSearch.doubt, letters(of: other) != letters(of: said) {
      return "read as “\(said)” and as “\(other)”"
    }
    if confidence < leastConfidence {
      return "read as “\(said)”, but with \(Int(confidence * 100)) % certainty only"
    }
    let around = box.insetBy(-max(box.height / 2, 4))
    if text.unread.contains(where: { $0.box.intersects(around) }) {
      return "read as “\(said)”, and beside it stands something that was not read"
    }
    return nil
  }

  private static func letters(of text: String) -> String { text.filter { !$0.isWhitespace } }
}

extension ScreenText {
  /// The numbers of the words of some lines.
  fileprivate func words(of numbers: [Int]) -> [Int] { numbers.flatMap { lines[$0].words } }

  /// The box around some lines.
  func box(of numbers: [Int]) -> PixelRect {
    numbers.reduce(PixelRect(x: 0, y: 0, width: 0, height: 0)) { $0.union(lines[$1].box) }
  }
}
