/// The forms of a sign that are one sign to who reads a screen.
///
/// They are typographic quotation marks and dashes, ligatures, full-width letters. Accents are no form: they
/// make other letters.
enum SignForms {
  /// A text without white space and without what has no shape, in its plainest signs.
  static func folded(_ text: String) -> [Character] {
    text.flatMap { sign -> [Character] in
      if sign.isWhitespace || sign.unicodeScalars.allSatisfy(isShapeless) { return [] }
      if let plain = plain[sign] { return Array(plain) }
      if let scalar = sign.unicodeScalars.first, sign.unicodeScalars.count == 1 {
        return [narrow(scalar) ?? sign]
      }
      return [joined(sign)]
    }
  }

  /// Marks of direction, joiners, soft hyphens, and the vowel marks of Arabic, which are written or not.
  private static func isShapeless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00AD, 0x0640, 0x064B...0x0652, 0x061C, 0x200B...0x200F, 0x202A...0x202E, 0x2060,
      0x2066...0x2069, 0xFE00...0xFE0F, 0xFEFF:
      true
    default: false
    }
  }

  /// A sign of several scalars without those that have no shape.
  private static func joined(_ sign: Character) -> Character {
    let scalars = sign.unicodeScalars.filter { !isShapeless($0) }
    let text = String(String.UnicodeScalarView(scalars))
    return text.count == 1 ? text.first ?? sign : sign
  }

  /// A full-width letter, digit or sign in its usual width.
  private static func narrow(_ scalar: Unicode.Scalar) -> Character? {
    guard (0xFF01...0xFF5E).contains(scalar.value) else { return nil }
    return Unicode.Scalar(scalar.value - 0xFEE0).map(Character.init)
  }

  private static let plain: [Character: String] = {
    var forms: [Character: String] = [
      "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "…": "...",
      "\u{2044}": "/", "∗": "*", "µ": "μ", "،": ",", "´": "'", "`": "'", "ʼ": "'", "ʻ": "'",
    ]
    for quote in "“”„‟«»″＂" { forms[quote] = "\"" }
    for quote in "‘’‚‛‹›′" { forms[quote] = "'" }
    for dash in "–—―−‐‑‒" { forms[dash] = "-" }
    return forms
  }()
}
