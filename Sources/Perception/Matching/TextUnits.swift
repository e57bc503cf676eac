import Numbers

/// Something that counts when texts are compared: a letter, a sign, or a whole number.
struct TextUnit: Hashable, Sendable {
  /// Where a unit begins or ends in a word, as a share of the word's length.
  struct Place: Hashable, Sendable {
    var word: Int
    var share: Double
  }

  /// The character in its plainest form; the first of a number.
  var character: Character
  /// The same in lower case.
  var folded: Character
  /// The number, where it is one.
  var number: NumberToken?
  /// Whether a match may start here.
  var mayStart = false
  /// Whether a match may end after this.
  var mayEnd = false
  /// Whether it may be there without being asked for: a question or exclamation mark.
  var isOptional = false
  /// Whether it is a number of which it cannot be told whether a sign beside it is its minus.
  var mayBeNegative = false
  /// How many units its word has.
  var wordLength = 0
  /// Whether its word has both letters and digits, like a part number.
  var isCode = false
  /// Whether it is neither the first nor the last of its word.
  var isInside = false
  /// Whether it is looked for together with others.
  var isInPhrase = false
  /// Where it begins and ends.
  var start = Place(word: 0, share: 0)
  var end = Place(word: 0, share: 1)

  /// The number of its first word.
  var word: Int { start.word }

  /// Whether it is a digit, of which no other may ever take the place.
  var isDigit: Bool { character.isASCIIDigit }
}

/// Takes a line apart into what counts.
///
/// Signs are signs: a minus, a bracket, a currency, a tilde count. What does not count is where the spaces
/// are, how a quotation mark or a dash is drawn, and the punctuation of sentences at the end of a word.
struct TextUnits {
  private typealias Sign = (character: Character, start: TextUnit.Place, end: TextUnit.Place)

  private let signs: [Sign]
  private let text: [Character]
  private let style: NumberStyle?
  private var units: [TextUnit] = []
  /// Whether the next unit may be the first of a match.
  private var isOpen = true

  /// The units of some words of a line.
  ///
  /// - Parameters:
  ///   - words: the words, with the numbers they are known by.
  ///   - style: how numbers are written; nil where digits are signs like others.
  static func units(of words: [(number: Int, text: String)], _ style: NumberStyle?) -> [TextUnit] {
    var taker = TextUnits(words, style)
    taker.take()
    return taker.finished()
  }

  /// The units of a text.
  static func units(of text: some StringProtocol, _ style: NumberStyle? = nil) -> [TextUnit] {
    let words = text.split(whereSeparator: \.isWhitespace)
    return units(of: words.enumerated().map { ($0.offset, String($0.element)) }, style)
  }

  private init(_ words: [(number: Int, text: String)], _ style: NumberStyle?) {
    self.style = style
    var signs: [Sign] = []
    for (number, word) in words {
      if !signs.isEmpty {
        let place = TextUnit.Place(word: number, share: 0)
        signs.append((" ", place, place))
      }
      let count = Double(word.count)
      for (index, character) in word.enumerated() {
        let start = TextUnit.Place(word: number, share: Double(index) / count)
        let end = TextUnit.Place(word: number, share: Double(index + 1) / count)
        signs += PlainForms.plain(character).map { ($0, start, end) }
      }
    }
    self.signs = signs
    text = signs.map(\.character)
  }

  // MARK: - Taking

  private mutating func take() {
    var at = 0
    while at < text.count {
      if let style, let (token, end) = NumberScanner(text: text, style: style).number(at: at) {
        take(token, at..<end)
        at = end
      } else {
        take(at)
        at += 1
      }
    }
    markEnd()
  }

  private mutating func take(_ token: NumberToken, _ range: Range<Int>) {
    // `~5` is not 5, and `#5` has its number sign.
    let isBound = range.lowerBound > 0 && Self.prefixes.contains(text[range.lowerBound - 1])
    append(range, mayStart: isOpen && !isBound)
    units[units.count - 1].number = token
    if token.sign == nil { units[units.count - 1].mayBeNegative = mayBeNegative(range) }
    // `5 kg` and `5kg` are the same, but 5 is neither.
    if text[at: range.upperBound]?.isLetter == true {
      isOpen = false
    } else {
      markEnd()
      isOpen = true
    }
  }

  /// Signs that belong to the number right behind them.
  private static let prefixes: Set<Character> = [
    "~", "≈", "±", "#", "<", ">", "≤", "≥", "№", "@", "^",
  ]

  /// Whether a sign beside a number may be its minus, or only a dash.
  ///
  /// A dash stands apart before it, at the start or behind a word, or behind it at the end. Brackets around a number are a count, or a minus in a balance.
  private func mayBeNegative(_ range: Range<Int>) -> Bool {
    let (start, end) = (range.lowerBound, range.upperBound)
    if text[at: start - 1] == "(", text[at: end] == ")" { return true }
    // The recogniser may have made the space behind a sign.
    if text[at: start - 1] == " ", let sign = text[at: start - 2], Self.prefixes.contains(sign) {
      return true
    }
    if isLoneDash(start - 2), text[at: start - 1] == " " {
      return text[..<(start - 2)].last { $0 != " " }?.isNumber != true
    }
    return text[at: end] == " " && text[at: end + 1] == "-" && end + 2 >= text.count
  }

  private func isLoneDash(_ index: Int) -> Bool {
    text[at: index] == "-" && (index == 0 || text[index - 1] == " ")
  }

  private mutating func take(_ index: Int) {
    let character = text[index]
    switch role(at: index) {
    case .letter:
      let isFree = Self.standsAlone(character)
      if isFree { markEnd() }
      append(index..<index + 1, mayStart: isOpen || isFree)
      isOpen = isFree
    case .sign, .optional:
      markEnd()
      append(index..<index + 1, mayStart: true)
      units[units.count - 1].isOptional = role(at: index) == .optional || isMinusApart(index)
      markEnd()
      isOpen = true
    case .bound:
      append(index..<index + 1, mayStart: isOpen && (index == 0 || text[index - 1] == " "))
      isOpen = false
    case .gap:
      markEnd()
      isOpen = true
    }
  }

  /// Whether a dash may be the minus of the number that it stands apart from.
  private func isMinusApart(_ index: Int) -> Bool {
    guard style != nil, isLoneDash(index), text[at: index + 1] == " ", let style else {
      return false
    }
    return NumberScanner(text: text, style: style).number(at: index + 2) != nil
      && text[..<index].last { $0 != " " }?.isNumber != true
  }

  private mutating func append(_ range: Range<Int>, mayStart: Bool) {
    let character = text[range.lowerBound]
    var unit = TextUnit(
      character: character, folded: character.lowercased().first ?? character)
    unit.mayStart = mayStart
    unit.start = signs[range.lowerBound].start
    unit.end = signs[range.upperBound - 1].end
    units.append(unit)
  }

  private mutating func markEnd() {
    if !units.isEmpty { units[units.count - 1].mayEnd = true }
  }

  private func finished() -> [TextUnit] {
    var units = units
    var first = 0
    while first < units.count {
      let word = units[first].word
      var end = first
      while end < units.count, units[end].word == word { end += 1 }
      let part = units[first..<end]
      let isCode = part.contains(where: \.isDigit) && part.contains { $0.character.isLetter }
      for index in first..<end {
        units[index].wordLength = end - first
        units[index].isInside = index > first && index < end - 1
        units[index].isCode = isCode
      }
      first = end
    }
    return units
  }

  // MARK: - What a character is

  private enum Role { case letter, sign, optional, bound, gap }

  private func role(at index: Int) -> Role {
    let character = text[index]
    if character.isLetter || character.isNumber { return .letter }
    let (before, after) = (text[at: index - 1], text[at: index + 1])
    let isNumber = { (other: Character?) in other?.isNumber == true }
    let isWord = { (other: Character?) in other.map { $0.isLetter || $0.isNumber } == true }
    switch character {
    case " ": return .gap
    case ".", ",", ":", "/":
      if isNumber(before), isNumber(after) { return .bound }
      // A leading point makes another number.
      if character == ".", isNumber(after), !isWord(before) { return .bound }
      // An absolute path is not the relative one.
      if character == "/" {
        return isWord(after) && (before == nil || before == " ") ? .bound : .sign
      }
      return character == "." && isWord(before) && isWord(after) ? .sign : .gap
    case "-", "+":
      // A sign of a number, a date, or a part number.
      if isNumber(after), !isWord(before) || isNumber(before) { return .bound }
      return .sign
    case "'": return isWord(before) && isWord(after) ? .sign : .gap
    case "\"", ";": return .gap
    case "!", "?": return .optional
    case "%", "‰": return isNumber(before) ? .bound : .sign
    default: return Self.prefixes.contains(character) && isNumber(after) ? .bound : .sign
    }
  }

  /// Whether a sign is a word or a part of one by itself: between signs of Chinese or Japanese there is no
  /// space to tell.
  static func standsAlone(_ character: Character) -> Bool {
    guard let value = character.unicodeScalars.first?.value, value >= 0x2E80 else { return false }
    switch value {
    case 0x2E80...0x2FDF, 0x3005...0x3007, 0x3040...0x30FF, 0x31F0...0x31FF, 0x3400...0x4DBF,
      0x4E00...0x9FFF, 0xAC00...0xD7AF, 0xF900...0xFAFF, 0xFF66...0xFF9F, 0x20000...0x323AF:
      return true
    default: return false
    }
  }
}

extension Array {
  /// The element at an index; nil where there is none.
  subscript(at index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
