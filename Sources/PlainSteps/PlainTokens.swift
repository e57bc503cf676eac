/// The words, quoted texts and marks of a plain step.
enum PlainToken: Hashable, Sendable {
  /// A word as it was written.
  case word(String)
  /// A text in quotes, without them.
  case quoted(String)
  /// A comma, a semicolon or a full stop.
  case mark

  /// The word in lower case; nil for anything else.
  var lower: String? {
    if case .word(let word) = self { word.lowercased() } else { nil }
  }

  /// The opening quotes and what closes them.
  ///
  /// `‹NAME›` is none: it stands for a secret.
  private static let quotes: [Character: Set<Character>] = [
    "\"": ["\""], "'": ["'"], "`": ["`"], "“": ["”", "“"], "„": ["“", "”"], "‘": ["’"], "‚": ["‘"],
    "«": ["»"], "»": ["«"],
  ]

  /// Reads a line; nil when a quote is not closed, or when a word goes on right behind it.
  static func read(_ line: String) -> [PlainToken]? {
    let characters = Array(line)
    var tokens: [PlainToken] = []
    var index = 0
    while index < characters.count {
      let character = characters[index]
      if character.isWhitespace {
        index += 1
      } else if let closing = quotes[character] {
        guard let end = end(of: characters, from: index + 1, closing) else { return nil }
        tokens.append(.quoted(String(characters[(index + 1)..<end])))
        index = end + 1
        guard
          index == characters.count || characters[index].isWhitespace
            || isMark(characters, at: index)
        else { return nil }
      } else if isMark(characters, at: index) {
        tokens.append(.mark)
        index += 1
      } else {
        let start = index
        while index < characters.count, !characters[index].isWhitespace,
          !isMark(characters, at: index)
        { index += 1 }
        tokens.append(.word(String(characters[start..<index])))
      }
    }
    return tokens
  }

  /// A single quote closes only at the end of a word, so that `'Don't save'` is one text.
  private static func end(
    of characters: [Character], from start: Int, _ closing: Set<Character>
  ) -> Int? {
    characters.indices.dropFirst(start).first { index in
      guard closing.contains(characters[index]) else { return false }
      let isApostrophe = characters[index] == "'" || characters[index] == "’"
      guard isApostrophe, index + 1 < characters.count else { return true }
      return !characters[index + 1].isLetter
    }
  }

  /// A mark ends a word only before a space or the end: `1.5` and `a,b` are words.
  private static func isMark(_ characters: [Character], at index: Int) -> Bool {
    guard ",;.".contains(characters[index]) else { return false }
    return index + 1 == characters.count || characters[index + 1].isWhitespace
  }
}
