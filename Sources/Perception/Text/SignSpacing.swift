/// Where spaces are between signs that stand in squares: the recogniser puts them anywhere.
enum SignSpacing {
  /// Whether a sign stands in a square: Chinese, Japanese, Korean.
  static func isTight(_ sign: Character) -> Bool {
    guard let value = sign.unicodeScalars.first?.value, value >= 0x1100 else { return false }
    switch value {
    case 0x1100...0x11FF, 0x2E80...0x2FDF, 0x3000...0x30FF, 0x3130...0x318F, 0x31F0...0x31FF,
      0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7AF, 0xF900...0xFAFF, 0xFF00...0xFFEF,
      0x20000...0x323AF:
      return true
    default: return false
    }
  }

  /// How wide a gap is of which the recogniser must say whether it is a space, in hundredths of the height of
  /// a sign: what is wider is one, what is narrower is none.
  ///
  /// Korean has spaces of a quarter of a sign; Chinese and Japanese have none, but marks that fill only half
  /// of their square.
  static func open(_ left: Character, _ right: Character) -> Range<Int> {
    isHangul(left) && isHangul(right) ? 20..<32 : 85..<110
  }

  private static func isHangul(_ sign: Character) -> Bool {
    sign.unicodeScalars.first.map { (0xAC00...0xD7AF).contains($0.value) } ?? false
  }
}
