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

  /// How sure a word is in which shape and reading differ: in faces with serifs an S has corners too.
  private static let doubt = 0.5

  /// A word with each 5 and S as it is drawn, where that can be told.
  ///
  /// - Parameters:
  ///   - word: the word as it was read; its box is where it is.
  ///   - line: the line that it is in.
  static func corrected(
    _ word: RecognisedWord, of line: InkLine, _ ink: InkComponents, _ map: InkMap
  ) -> RecognisedWord {
    let text = word.text
    guard text.count <= longest, text.contains(where: { "5S".contains($0) }),
      !text.contains(where: \.isLowercase),
      let shapes = LetterShape.shapes(of: text, word, in: word.box, of: line, ink, map)
    else { return word }
    var word = word
    word.text = String(
      zip(text, shapes).map { letter, shape in
        "5S".contains(letter) ? sign(of: shape) ?? letter : letter
      })
    if word.text != text { word.confidence = min(word.confidence, doubt) }
    return word
  }

  /// Which of the two a shape is, where it is one of them.
  static func sign(of shape: LetterShape) -> Character? {
    let rows = shape.rows
    guard rows.count >= lowest, let top = rows.first else { return nil }
    let under = rows[1...max(2, rows.count / 4)]
    let left = (under.map(\.lowerBound).min() ?? 0) - top.lowerBound
    let right = (under.map(\.upperBound).max() ?? 0) - top.upperBound
    let round = max(rows.count / 12, 1)
    if left > -round, right < round { return "5" }
    return left <= -round && right >= round ? "S" : nil
  }
}
