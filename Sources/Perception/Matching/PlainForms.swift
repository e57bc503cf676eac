/// The plainest form of signs that are written in several ways and mean the same.
enum PlainForms {
  /// A sign as it is compared: one quotation mark for all, one dash, ligatures in their letters.
  static func plain(_ character: Character) -> [Character] {
    if character.isASCII { return [character] }
    if let known = typographic[character] { return Array(known) }
    return [character]
  }

  /// A letter without its accent, for comparing shapes.
  static func bare(_ character: Character) -> [Character] {
    if character.isASCII { return [character] }
    if let known = accentless[character] ?? typographic[character] { return Array(known) }
    return [character]
  }

  private static let typographic: [Character: String] = [
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "…": "...",
    "’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "′": "'", "‛": "'", "“": "\"", "”": "\"",
    "„": "\"", "‟": "\"", "″": "\"", "«": "\"", "»": "\"", "–": "-", "—": "-", "−": "-", "‐": "-",
    "‑": "-", "‒": "-", "\u{2044}": "/", "∗": "*", "\u{00A0}": " ", "\u{202F}": " ",
    "\u{2009}": " ",
    "˜": "~", "∼": "~", "：": ":", "（": "(", "）": ")", "，": ",", "！": "!", "？": "?",
  ]

  private static let accentless: [Character: String] = {
    var forms: [Character: String] = [
      "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ß": "ss", "×": "x", "ø": "o", "Ø": "O", "ł": "l",
      "Ł": "L", "đ": "d", "Đ": "D", "ı": "i",
    ]
    let accented = [
      "a": "àáâãäåāăą", "c": "çćĉċč", "d": "ď", "e": "èéêëēĕėęě", "g": "ĝğġģ", "h": "ĥ",
      "i": "ìíîïĩīĭį", "j": "ĵ", "k": "ķ", "l": "ĺļľ", "n": "ñńņň", "o": "òóôõöōŏő", "r": "ŕŗř",
      "s": "śŝşšș", "t": "ţťț", "u": "ùúûüũūŭůűų", "w": "ŵ", "y": "ýÿŷ", "z": "źżž",
    ]
    for (letter, marked) in accented {
      for character in marked {
        forms[character] = letter
        if let upper = character.uppercased().first { forms[upper] = letter.uppercased() }
      }
    }
    return forms
  }()
}
