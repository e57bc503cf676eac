import Pixels

/// How one letter of a word is drawn.
struct LetterShape {
  /// From the top, what is drawn with at least half of the strength in each row: from its first to its last pixel.
  let rows: [ClosedRange<Int>]
  /// How dark the middle is, as a share of the darkest pixel: the dot or the stroke of a zero.
  let middle: Double
  /// Whether it touches another letter, so that its ends are a guess.
  let isCut: Bool

  /// The highest row, from the left edge to the right one.
  var left: Int { rows.map(\.lowerBound).min() ?? 0 }
  /// The right edge.
  var right: Int { rows.map(\.upperBound).max() ?? 0 }
  /// How wide it is, in pixels.
  var width: Int { right - left + 1 }
  /// How high it is, in pixels.
  var height: Int { rows.count }

  /// The shapes of a word's signs, one for each; nil when they cannot be told apart.
  ///
  /// - Parameters:
  ///   - text: the word, as it is taken to be read.
  ///   - word: the word as it was read.
  ///   - box: where it is.
  ///   - line: the line that it is in.
  static func shapes(
    of text: String, _ word: RecognisedWord, in box: PixelRect, of line: InkLine,
    _ ink: InkComponents, _ map: InkMap
  ) -> [LetterShape]? {
    let all = line.members.map { ink.components[$0] }
      .filter { box.contains(x: $0.box.center.x, y: $0.box.center.y) }
    let pieces = all.filter { $0.box.height >= 4 }.sorted { $0.box.x < $1.box.x }
    var letters = pieces.map { (pieces: [$0], columns: $0.box.x..<$0.box.maxX) }
    if pieces.count != text.count {
      guard word.letters.count == text.count,
        let columns = InkAccount.columns(
          of: word.letters, in: all.map(\.box), height: line.letter)
      else { return nil }
      letters = columns.indices.map { index in
        // Letters that touch are one piece; they are parted where there is least ink between them.
        let cut = { (left: Int) in
          let (one, other) = (word.letters[left].box, word.letters[left + 1].box)
          return Self.cut(near: (one.maxX + other.x) / 2, pieces, ink, map)
        }
        var (start, end) = (columns[index].lowerBound, columns[index].upperBound)
        if index > 0, columns[index - 1].upperBound > start { start = cut(index - 1) }
        if index + 1 < columns.count, columns[index + 1].lowerBound < end { end = cut(index) }
        return (pieces, start..<max(start, end))
      }
    }
    return letters.map { letter in
      let isCut = letter.pieces.contains { piece in
        let box = piece.box
        return box.x < letter.columns.upperBound && box.maxX > letter.columns.lowerBound
          && (box.x < letter.columns.lowerBound || box.maxX > letter.columns.upperBound)
      }
      return LetterShape(letter.pieces, letter.columns, isCut: isCut, ink, map)
    }
  }

  private init(
    _ pieces: [InkComponent], _ columns: Range<Int>, isCut: Bool, _ ink: InkComponents,
    _ map: InkMap
  ) {
    self.isCut = isCut
    let peak = Int(pieces.map(\.peak).max() ?? 0)
    let strength = { (x: Int, y: Int) in Int(map.strength[y * map.size.width + x].magnitude) }
    var rows: [Int: ClosedRange<Int>] = [:]
    for run in pieces.flatMap({ ink.runs[$0.runs] }) {
      let y = Int(run.y)
      for x in Int(run.start)..<Int(run.end)
      where columns.contains(x) && strength(x, y) * 2 >= peak {
        let known = rows[y] ?? x...x
        rows[y] = min(known.lowerBound, x)...max(known.upperBound, x)
      }
    }
    let order = rows.keys.sorted()
    self.rows = order.compactMap { rows[$0] }
    guard let top = order.first, let bottom = order.last, peak > 0 else {
      middle = 0
      return
    }
    let (left, right) = (
      rows.values.map(\.lowerBound).min() ?? 0, rows.values.map(\.upperBound).max() ?? 0
    )
    let inset = ((right - left + 1) * 3 + 4) / 8
    let (high, wide) = (bottom - top + 1, max(right - inset, left + inset))
    var sum = 0
    var count = 0
    for y in top + high * 2 / 5...top + high * 3 / 5 {
      for x in min(left + inset, wide)...wide {
        sum += strength(x, y)
        count += 1
      }
    }
    middle = Double(sum) / Double(max(count, 1) * peak)
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
}
