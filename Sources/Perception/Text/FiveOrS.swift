import Pixels

/// Tells a 5 from an S by their shape.
///
/// In a short code, `A5` or `M5`, nothing but the shape says which it is, and the recogniser reads an S
/// with great confidence. The bar of a 5 ends in corners, above the stem on the left and beyond
/// everything on the right; an S is round at both ends. A shape that is neither stays as it was read.
enum FiveOrS {
  /// The longest word that is looked at, in letters.
  private static let longest = 4
  /// The lowest letter, in pixels, that has enough of a shape.
  private static let lowest = 6

  /// The text of a word with each 5 and S as it is drawn, where that can be told.
  ///
  /// - Parameters:
  ///   - word: the word as it was read.
  ///   - box: where it is.
  ///   - line: the line that it is in.
  static func corrected(
    _ word: RecognisedWord, in box: PixelRect, of line: InkLine, _ ink: InkComponents, _ map: InkMap
  ) -> String {
    let text = word.text
    guard text.count <= longest, text.contains(where: { "5S".contains($0) }),
      !text.contains(where: \.isLowercase)
    else { return text }
    let pieces = line.members.map { ink.components[$0] }
      .filter { $0.box.height >= 4 && box.contains(x: $0.box.center.x, y: $0.box.center.y) }
      .sorted { $0.box.x < $1.box.x }
    var letters = pieces.map { (pieces: [$0], columns: $0.box.x..<$0.box.maxX) }
    if pieces.count != text.count {
      // Letters that touch are one piece; they are parted where there is least ink between them.
      guard word.letters.count == text.count else { return text }
      let cuts = zip(word.letters, word.letters.dropFirst()).map { left, right in
        cut(near: (left.box.maxX + right.box.x) / 2, pieces, ink, map)
      }
      letters = zip([box.x] + cuts, cuts + [box.maxX]).map { (pieces, $0..<max($0, $1)) }
    }
    return String(
      zip(text, letters).map { letter, place in
        "5S".contains(letter) ? shape(of: place.pieces, place.columns, ink, map) ?? letter : letter
      })
  }

  /// The column with the least ink, of those near the one where the recogniser sees two letters part.
  private static func cut(
    near column: Int, _ pieces: [InkComponent], _ ink: InkComponents, _ map: InkMap
  ) -> Int {
    var weights = [Int](repeating: 0, count: 7)
    for run in pieces.flatMap({ ink.runs[$0.runs] }) {
      let (start, end) = (max(Int(run.start), column - 3), min(Int(run.end), column + 4))
      for x in start..<max(start, end) {
        weights[x - column + 3] += Int(map.strength[Int(run.y) * map.size.width + x].magnitude)
      }
    }
    let least = weights.indices.min { (weights[$0], abs($0 - 3)) < (weights[$1], abs($1 - 3)) }
    return column - 3 + (least ?? 3)
  }

  private static func shape(
    of pieces: [InkComponent], _ columns: Range<Int>, _ ink: InkComponents, _ map: InkMap
  ) -> Character? {
    let rows = strongRows(of: pieces, columns, ink, map)
    guard rows.count >= lowest, let top = rows.first else { return nil }
    let under = rows[1...max(2, rows.count / 4)]
    let left = (under.map(\.lowerBound).min() ?? 0) - top.lowerBound
    let right = (under.map(\.upperBound).max() ?? 0) - top.upperBound
    let round = max(rows.count / 12, 1)
    if left > -round, right < round { return "5" }
    return left <= -round && right >= round ? "S" : nil
  }

  /// From the top, what is drawn with at least half of the strength in each row: from its first to its last
  /// pixel.
  private static func strongRows(
    of pieces: [InkComponent], _ columns: Range<Int>, _ ink: InkComponents, _ map: InkMap
  ) -> [ClosedRange<Int>] {
    var rows: [Int: ClosedRange<Int>] = [:]
    let peak = Int(pieces.map(\.peak).max() ?? 0)
    for run in pieces.flatMap({ ink.runs[$0.runs] }) {
      for x in Int(run.start)..<Int(run.end)
      where columns.contains(x)
        && Int(map.strength[Int(run.y) * map.size.width + x].magnitude) * 2 >= peak
      {
        let known = rows[Int(run.y)] ?? x...x
        rows[Int(run.y)] = min(known.lowerBound, x)...max(known.upperBound, x)
      }
    }
    return rows.keys.sorted().compactMap { rows[$0] }
  }
}
