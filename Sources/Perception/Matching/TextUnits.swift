/// A character that counts when texts are compared.
struct TextUnit: Hashable, Sendable {
  /// The character as it was written, without its accent.
  var character: Character
  /// The same in lower case.
  var folded: Character
  /// Whether a match may start here.
  var mayStart: Bool
  /// Whether a match may end after this.
  var mayEnd: Bool
  /// How many units its word has.
  var wordLength = 0
  /// Whether its word has both letters and digits, like a part number.
  var isCode = false
  /// Whether it is neither the first nor the last of its word.
  var isInside = false
  /// The number of its word.
  var word = 0
  /// Whether it is looked for together with others.
  var isInPhrase = false
  /// Where it begins and ends in its word, as shares of the word's length.
  var start = 0.0
  var end = 1.0

  /// Whether it is a digit, of which no other may ever take the place.
  var isDigit: Bool { character.isASCII && character.isWholeNumber }
}

/// Takes a word apart into the characters that count.
///
/// Spaces, quotes, brackets and the punctuation of sentences do not count, accents and ligatures are
/// undone; but what belongs to a number does count, and so do the signs that change what a text says.
enum TextUnits {
  /// The units of one word (or of any text without white space).
  static func units(of word: some StringProtocol, number: Int = 0) -> [TextUnit] {
    let characters = word.flatMap(plain)
    var units: [TextUnit] = []
    // Whether the next unit may be the first of a match.
    var isOpen = true
    for (index, character) in characters.enumerated() {
      let known = units.count
      let before = index > 0 ? characters[index - 1] : nil
      let after = index + 1 < characters.count ? characters[index + 1] : nil
      switch role(of: character, before, after) {
      case .letter:
        units.append(unit(character, mayStart: isOpen))
        isOpen = false
      case .sign:
        end(&units)
        units.append(unit(character, mayStart: true))
        end(&units)
        isOpen = true
      case .bound:
        // A part of a number: nothing starts or ends beside it.
        units.append(unit(character, mayStart: isOpen && before == nil))
        isOpen = false
      case .joint: break
      case .gap:
        end(&units)
        isOpen = true
      }
      if units.count > known {
        units[known].start = Double(index) / Double(characters.count)
        units[known].end = Double(index + 1) / Double(characters.count)
      }
    }
    end(&units)
    return finish(units, number)
  }

  private static func unit(_ character: Character, mayStart: Bool) -> TextUnit {
    TextUnit(
      character: character, folded: character.lowercased().first ?? character, mayStart: mayStart,
      mayEnd: false)
  }

  private static func end(_ units: inout [TextUnit]) {
    if !units.isEmpty { units[units.count - 1].mayEnd = true }
  }

  private static func finish(_ units: [TextUnit], _ number: Int) -> [TextUnit] {
    var units = units
    let isCode = units.contains(where: \.isDigit) && units.contains { $0.character.isLetter }
    for index in units.indices {
      units[index].wordLength = units.count
      units[index].isInside = index > 0 && index < units.count - 1
      units[index].word = number
      units[index].isCode = isCode
    }
    return units
  }

  // MARK: - What a character is

  private enum Role { case letter, sign, bound, joint, gap }

  private static func role(
    of character: Character, _ before: Character?, _ after: Character?
  ) -> Role {
    // An upright stroke is how an I is often read.
    if character.isLetter || character.isNumber || character == "|" { return .letter }
    let isNumber = { (other: Character?) in other?.isNumber == true }
    let isWord = { (other: Character?) in other.map { $0.isLetter || $0.isNumber } == true }
    switch character {
    case ".", ",", ":", "/":
      if isNumber(before), isNumber(after) { return .bound }
      return character == "/" && isWord(before) && isWord(after) ? .sign : .gap
    case "-", "+":
      // A sign of a number, a date, or a part number.
      if isNumber(after), !isWord(before) || isNumber(before) { return .bound }
      if isWord(before), isNumber(after) || isNumber(before) && isWord(after) { return .sign }
      return character == "+" ? .sign : isWord(before) && isWord(after) ? .joint : .gap
    case "%": return isNumber(before) ? .bound : .sign
    case "'", "_": return isWord(before) && isWord(after) ? .joint : .gap
    case "$", "€", "£", "¥", "#", "@", "&", "=", "<", ">", "*": return .sign
    default: return .gap
    }
  }

  /// A character without its accent, a ligature in its letters, a mark in its plainest form.
  private static func plain(_ character: Character) -> [Character] {
    if character.isASCII { return [character] }
    if let known = plainForms[character] { return Array(known) }
    return [character]
  }

  private static let plainForms: [Character: String] = {
    var forms: [Character: String] = [
      "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "æ": "ae",
      "Æ": "AE", "œ": "oe", "Œ": "OE", "ß": "ss", "…": "...", "’": "'", "‘": "'", "ʼ": "'",
      "´": "'", "`": "'", "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "×": "x", "ø": "o",
      "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "\u{2044}": "/", "∗": "*",
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
