internal import Numbers
internal import Scenario
internal import Story

/// A date or a time that is to be typed, as a field wants it that takes it part by part.
///
/// Such a field goes on by itself where a part is full, and a blank opens its calendar: two digits are typed for
/// a day, and nothing between the parts.
struct DateText: Hashable, Sendable {
  /// The parts that are typed one after another; between two of them the next part is gone to.
  let runs: [String]
  /// All of the text, every part with all of its digits.
  let whole: String

  /// Reads a text; nil where it is no date and no time.
  init?(_ template: Template) {
    guard case .literal(let text)? = template.segments.first, template.segments.count == 1,
      text.count <= 40, let tokens = Self.tokens(of: text), Self.isDate(tokens)
    else { return nil }
    var runs = [""]
    var whole = ""
    var mayEnd = false
    for token in tokens {
      switch token {
      case .number(let digits):
        let full = digits.count == 1 ? "0" + digits : digits
        if mayEnd { runs.append("") }
        runs[runs.count - 1] += full
        whole += full
        // A year may have more digits, so that a field waits for them.
        mayEnd = digits.count == 4
      case .word(let word):
        if mayEnd { runs.append("") }
        runs[runs.count - 1] += word
        whole += word
        mayEnd = word.count > 2
      case .mark(let mark): whole.append(mark)
      }
    }
    self.runs = runs
    self.whole = whole
  }

  /// The keys that go to the first part, whichever was clicked, and in other fields to the start of the text.
  static let keysToStart: [KeyChord] =
    [KeyChord(keys: ["home"])] + Array(repeating: KeyChord(keys: ["left"]), count: 7)
    // Some pick the part out only where it is come to by these.
    + [KeyChord(keys: ["ctrl", "right"]), KeyChord(keys: ["ctrl", "left"])]

  /// Whether its month is a word.
  var namesMonth: Bool { whole.split { !$0.isLetter }.contains { $0.count > 2 } }

  /// Whether a text is a date or a time.
  static func isDate(_ text: String) -> Bool { tokens(of: text).map(isDate) ?? false }

  /// Whether a text that was read shows other digits.
  func contradicts(_ shown: String) -> Bool {
    !namesMonth && shown.filter(\.isNumber) != whole.filter(\.isNumber)
  }

  /// Whether a text that was read shows another date, in whichever order and form: as `21:45` for `9:45 PM`, or with
  /// the name of a month.
  func isDenied(by shown: String) -> Bool {
    var rest = Self.numbers(of: whole)
    let seen = Self.numbers(of: shown)
    for number in seen {
      let forms = [number, number - 12, number + 12, number % 100]
      guard let index = rest.firstIndex(where: { forms.contains($0) || $0 % 100 == number }) else {
        return true
      }
      rest.remove(at: index)
    }
    let namesMonth = shown.split { !$0.isLetter }.contains { $0.count > 2 }
    return seen.isEmpty || !rest.isEmpty && !namesMonth
  }

  private static func numbers(of text: String) -> [Int] {
    text.split { !$0.isASCIIDigit }.compactMap { Int($0) }
  }

  // MARK: - Parts

  fileprivate enum Token: Hashable {
    case number(String)
    case word(String)
    case mark(Character)
  }

  private static func tokens(of text: String) -> [Token]? {
    var tokens: [Token] = []
    for character in text {
      switch (character, tokens.last) {
      case ("0"..."9", .number(let digits)?):
        tokens[tokens.count - 1] = .number(digits + String(character))
      case ("0"..."9", _): tokens.append(.number(String(character)))
      case ("a"..."z", .word(let word)?), ("A"..."Z", .word(let word)?):
        tokens[tokens.count - 1] = .word(word + String(character))
      case ("a"..."z", _), ("A"..."Z", _): tokens.append(.word(String(character)))
      case ("/", _), ("-", _), (".", _), (":", _), (",", _), (" ", _):
        tokens.append(.mark(character))
      default: return nil
      }
    }
    return tokens
  }

  /// Two to six numbers of one, two or four digits with marks between them; of words the halves of a day, and
  /// the names of months before a year.
  private static func isDate(_ tokens: [Token]) -> Bool {
    var numbers: [String] = []
    var months = 0
    for (index, token) in tokens.enumerated() {
      switch token {
      case .number(let digits):
        guard [1, 2, 4].contains(digits.count) else { return false }
        if index > 0, case .word = tokens[index - 1] { return false }
        numbers.append(digits)
      case .word(let word):
        let lower = word.lowercased()
        if lower == "am" || lower == "pm" {
          guard index == tokens.count - 1, numbers.count >= 2 else { return false }
        } else {
          guard monthNames.contains(where: { $0 == lower || $0.prefix(3) == lower }) else {
            return false
          }
          months += 1
        }
      case .mark: break
      }
    }
    guard case .number? = tokens.first else {
      return months == 1 && numbers.count == 1 && numbers[0].count == 4
    }
    guard months == 0, (2...6).contains(numbers.count) else { return false }
    let isTime = tokens.contains(.mark(":"))
    let years = numbers.count { $0.count == 4 }
    // Two numbers alone are a time, or a month with its year; three of two digits may be a date.
    if numbers.count == 2 { return isTime ? years == 0 : years == 1 }
    return years <= 1 && tokens.contains { $0.isMark && $0 != .mark(" ") }
  }

  private static let monthNames = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]
}

extension DateText.Token {
  fileprivate var isMark: Bool { if case .mark = self { true } else { false } }
}
