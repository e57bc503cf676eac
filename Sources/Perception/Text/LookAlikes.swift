import Pixels

/// Doubts signs that the recogniser takes for others that look alike.
///
/// It knows words better than letters: `Z0N3` is read `ZON3`, and it is sure of that. Where no word says what
/// a sign is, in numbers, codes and capitals, the shape of the ink is compared with what was read. A word with
/// a sign that is drawn like another one is left as it was read, and is no longer sure.
enum LookAlikes {
  /// How sure a word is of which a sign is drawn like another.
  private static let doubt = 0.5
  /// The longest word that is looked at, in signs.
  private static let longest = 16
  /// The signs that are looked at.
  private static let signs: Set<Character> = [
    "0", "O", "o", "1", "l", "I", "|", "2", "Z", "8", "B", "5", "S", "$",
  ]

  /// The word, less sure when one of its signs is drawn like another, and with the signs that none is.
  ///
  /// - Parameters:
  ///   - word: the word as it was read; its box is where it is.
  ///   - line: the line that it is in.
  ///   - isGrid: whether its letters stand in cells of one width.
  static func checked(
    _ word: RecognisedWord, of line: InkLine, isGrid: Bool, _ ink: InkComponents, _ map: InkMap
  ) -> RecognisedWord {
    let text = Array(word.text)
    guard text.count <= longest, text.contains(where: signs.contains), isCode(text),
      let shapes = LetterShape.shapes(of: word.text, word, in: word.box, of: line, ink, map)
    else { return word }
    var word = word
    let isNumber = text.count > 2 && !text.contains(where: \.isLetter)
    for (index, sign) in text.enumerated() where signs.contains(sign) {
      // A digit among digits is one, whatever is left of it where it touches them.
      if isNumber, shapes[index].isCut { continue }
      let excluded = excluded(by: shapes[index], sign, isGrid: isGrid)
        .union(dollar(index, text, shapes))
      let isOpen = excluded.contains(sign) || mayBeOther(index, text, shapes)
      if isOpen { word.confidence = min(word.confidence, doubt) }
      guard word.letters.count == text.count else { continue }
      word.letters[index].excluded = excluded
      if isOpen { word.letters[index].confidence = doubt }
    }
    return word
  }

  /// Whether no word says what the signs are: it has digits, or is in capitals, or a sign alone.
  private static func isCode(_ text: [Character]) -> Bool {
    let letters = text.filter(\.isLetter)
    return text.contains(where: \.isNumber) || letters.count < 2
      || !letters.contains(where: \.isLowercase)
  }

  /// The signs that a shape is not.
  private static func excluded(
    by shape: LetterShape, _ sign: Character, isGrid: Bool
  ) -> Set<Character> {
    switch sign {
    case "0", "O", "o":
      switch roundSign(of: shape) {
      case .filled: return ["O", "o"]
      case .wide: return ["0"]
      // In faces with cells of one width an O is as narrow as a zero.
      case .narrow: return sign == "0" && !isGrid ? ["O", "o"] : []
      case .unknown: return []
      }
    case "1", "l", "I", "|":
      switch upright(shape) {
      case .bar: return ["1"]
      case .flag: return ["I", "l", "|"]
      case .footed: return ["I", "|"]
      case .beam: return ["1", "l", "|"]
      case .unknown: return []
      }
    case "2", "Z": return twoOrZ(shape).map { $0 == "2" ? ["Z"] : ["2"] } ?? []
    case "$": return []
    case "8", "B": return eightOrB(shape).map { $0 == "8" ? ["B"] : ["8"] } ?? []
    default: return FiveOrS.sign(of: shape).map { $0 == "5" ? ["S"] : ["5"] } ?? []
    }
  }

  /// Whether a sign that has its own shape is more often another one of that shape.
  private static func mayBeOther(
    _ index: Int, _ text: [Character], _ shapes: [LetterShape]
  ) -> Bool {
    switch text[index] {
    case "O", "o": isZero(index, text, shapes)
    case "l": upright(shapes[index]) == .footed && text.contains(where: \.isNumber)
    default: false
    }
  }

  /// What the height of a sign beside digits says: the stroke of a `$` reaches beyond them.
  private static func dollar(
    _ index: Int, _ text: [Character], _ shapes: [LetterShape]
  ) -> Set<Character> {
    guard "$S5".contains(text[index]),
      let height = text.indices.filter({ $0 != index && text[$0].isNumber })
        .map({ shapes[$0].height }).max()
    else { return [] }
    if text[index] == "$" { return shapes[index].height >= height + 2 ? ["S", "5"] : [] }
    return shapes[index].height <= height ? ["$"] : []
  }

  // MARK: - Round signs

  private enum Round { case filled, wide, narrow, unknown }

  private static func roundSign(of shape: LetterShape) -> Round {
    guard shape.height >= 7 else { return .unknown }
    if shape.middle >= 0.2 { return .filled }
    let share = Double(shape.width) / Double(shape.height)
    if share >= 0.82, shape.height >= 9 { return .wide }
    return share <= 0.79 ? .narrow : .unknown
  }

  /// Whether an O may be a zero.
  ///
  /// It is narrow, and either among digits or alone, or narrower than an O beside it or than the other
  /// capitals. In a narrow face every O is narrow.
  private static func isZero(_ index: Int, _ text: [Character], _ shapes: [LetterShape]) -> Bool {
    guard roundSign(of: shapes[index]) == .narrow else { return false }
    let others = text.indices.filter {
      $0 != index && text[$0].isLetter && !"IJLMW".contains(text[$0])
    }
    if text.contains(where: \.isNumber) || others.isEmpty { return true }
    guard text.count <= 6 else { return false }
    let width = { (index: Int) in shapes[index].width }
    let rounds = others.filter { text[$0] == text[index] }
    if let widest = rounds.map(width).max() { return width(index) * 100 < widest * 85 }
    return text.count <= 3 && width(index) * 100 < (others.map(width).max() ?? 0) * 85
  }

  // MARK: - Upright signs

  /// A stroke from top to bottom, and what is at its ends.
  private enum Upright {
    /// Nothing: an I or an l.
    case bar
    /// A flag on the left: a 1.
    case flag
    /// A flag, and a foot on both sides: a 1 or an l.
    case footed
    /// Beams at both ends: an I.
    case beam
    case unknown
  }

  private static func upright(_ shape: LetterShape) -> Upright {
    let rows = shape.rows
    guard rows.count >= 9 else { return .unknown }
    let trunk = rows[rows.count * 2 / 5...rows.count * 7 / 10]
    let left = trunk.map(\.lowerBound).sorted()[trunk.count / 2]
    let right = trunk.map(\.upperBound).sorted()[trunk.count / 2]
    let round = max((right - left) / 3, 0)
    let head = rows.prefix(max(rows.count / 3, 1))
    let cap = rows.prefix(max(rows.count / 6, 2))
    let foot = rows.suffix(max(rows.count / 6, 1))
    let hasFlag = left - (head.map(\.lowerBound).min() ?? left) > round
    let hasCap = (cap.map(\.upperBound).max() ?? right) - right > round
    let isLeft = left - (foot.map(\.lowerBound).min() ?? left) > round
    let isRight = (foot.map(\.upperBound).max() ?? right) - right > round
    switch (hasFlag, hasCap, isLeft, isRight) {
    case (true, true, true, true): return .beam
    case (true, false, false, false): return .flag
    case (true, false, true, true): return .footed
    // In a small face with serifs a flag is too thin to be seen.
    case (false, false, false, false): return rows.count >= 12 ? .bar : .unknown
    default: return .unknown
    }
  }

  // MARK: - Corners

  /// A Z has a bar at the top, a 2 is round there.
  private static func twoOrZ(_ shape: LetterShape) -> Character? {
    guard shape.height >= 8, let top = shape.rows.first else { return nil }
    let share = Double(top.count) / Double(shape.width)
    if share <= 0.68 { return "2" }
    return share >= 0.8 && shape.height >= 10 ? "Z" : nil
  }

  /// A B has corners on the left, an 8 is round there.
  private static func eightOrB(_ shape: LetterShape) -> Character? {
    guard shape.height >= 9, let top = shape.rows.first, let bottom = shape.rows.last else {
      return nil
    }
    let middle = shape.rows[shape.height * 2 / 5...shape.height * 3 / 5]
    let waist = (middle.map(\.lowerBound).max() ?? shape.left) - shape.left
    let insets = (top.lowerBound - shape.left, bottom.lowerBound - shape.left)
    let corner = max(shape.width / 12, 0)
    if insets.0 > corner, insets.1 > corner { return "8" }
    return insets.0 <= corner && insets.1 <= corner && waist * 5 < shape.width ? "B" : nil
  }
}
