internal import Numbers

/// A date, a time, or both, as somebody writes them: what is compared of a field that shows them in its own form.
struct Moment: Hashable, Sendable {
  /// A time of a day.
  struct Time: Hashable, Sendable {
    /// From 0 to 23 where a half of the day is told, else as it is written.
    var hour: Int
    var minute: Int
    var second: Int
    /// Whether a half of the day is told.
    var isHalved: Bool
  }

  private(set) var time: Time?
  /// The numbers of the date, in their order.
  private(set) var numbers: [Int] = []
  /// What each word with the name of a month may stand for.
  private(set) var months: [Set<Int>] = []
  /// Whether there is a word that is not known: the name of a day, or of a month in another language.
  private(set) var hasOtherWord = false
  /// Whether a part of it is not filled.
  private(set) var isOpen = false

  /// Reads a text that is shown.
  init(_ text: String) {
    let tokens = Self.tokens(of: text)
    var at = 0
    while at < tokens.count {
      switch tokens[at] {
      case .number(let digits):
        if time == nil, let (found, end) = Self.time(at: at, in: tokens) {
          time = found
          at = end
          continue
        }
        numbers.append(digits)
      case .word(let word):
        let named = MonthNames.numbers(of: word)
        if !named.isEmpty { months.append(named) } else if word.count > 2 { hasOtherWord = true }
      case .mark(let mark):
        // `--:--`: a dash in place of digits.
        if mark == "-" {
          let next = tokens[(at + 1)...].first { $0 != .mark(" ") }
          guard let next, next.isFilled, at > 0,
            tokens[at - 1].isFilled || tokens[at - 1] == .mark(" ")
          else {
            isOpen = true
            break
          }
        }
      }
      at += 1
    }
  }

  /// Reads a text that is typed; nil where it is neither a date nor a time.
  init?(typed text: String) {
    guard DateText.isDate(text) || Self.namesDay(text) else { return nil }
    self.init(text)
    guard time != nil || numbers.count + months.count >= 2, !hasOtherWord, !isOpen else {
      return nil
    }
  }

  /// Whether a text is a day with the name of its month, in any order: `22 May 2010`, `May 22, 2010`.
  private static func namesDay(_ text: String) -> Bool {
    let tokens = tokens(of: text)
    let numbers = tokens.count { if case .number = $0 { true } else { false } }
    let words = tokens.compactMap { if case .word(let word) = $0 { word } else { nil } }
    return (1...2).contains(numbers) && words.count == 1
      && !MonthNames.numbers(of: words[0]).isEmpty
      && text.allSatisfy { $0.isASCIIDigit || $0.isLetter || " .,/-".contains($0) }
  }

  // MARK: - Comparing

  /// How what is shown stands to this, which was typed.
  func agreement(with shown: Moment) -> FieldValue.Agreement {
    if shown.isOpen { return .other }
    if let time {
      guard let other = shown.time, time.isSame(as: other) else { return .other }
    }
    var rest = shown.numbers
    var isNamed = false
    for number in numbers {
      if let index = rest.firstIndex(where: { Self.isSame(number, $0) }) {
        rest.remove(at: index)
      } else if number <= 12, shown.months.contains(where: { $0.contains(number) }), !isNamed {
        isNamed = true
      } else if number <= 12, shown.months.isEmpty, shown.hasOtherWord, !isNamed {
        return .unclear
      } else {
        return .other
      }
    }
    for named in months {
      if shown.months.contains(where: { !$0.isDisjoint(with: named) }) { continue }
      guard let index = rest.firstIndex(where: named.contains) else {
        return shown.months.isEmpty && shown.hasOtherWord ? .unclear : .other
      }
      rest.remove(at: index)
    }
    return rest.isEmpty ? .same : .other
  }

  /// Whether two numbers are one part of a date: a year may be written with two digits.
  private static func isSame(_ one: Int, _ other: Int) -> Bool {
    one == other || (one >= 1000) != (other >= 1000) && one % 100 == other % 100
  }

  // MARK: - Parts

  private enum Token: Hashable {
    case number(Int)
    case word(String)
    case mark(Character)

    var isFilled: Bool { if case .mark = self { false } else { true } }
  }

  private static func tokens(of text: String) -> [Token] {
    var tokens: [Token] = []
    var rest = text.prefix(200)[...]
    while let first = rest.first {
      let run: Substring
      if first.isASCIIDigit {
        run = rest.prefix(while: \.isASCIIDigit)
        tokens.append(.number(Int(run) ?? .max))
      } else if first.isLetter {
        run = rest.prefix(while: \.isLetter)
        tokens.append(.word(run.lowercased()))
      } else {
        run = rest.prefix(1)
        tokens.append(.mark("−–—‐‑_".contains(first) ? "-" : first.isWhitespace ? " " : first))
      }
      rest = rest.dropFirst(run.count)
    }
    return tokens
  }

  /// The time that starts at a token, and the token behind it; nil where none does.
  private static func time(at start: Int, in tokens: [Token]) -> (Time, end: Int)? {
    var values: [Int] = []
    var at = start
    while case .number(let value)? = tokens[at: at] {
      values.append(value)
      at += 1
      guard values.count < 3, tokens[at: at] == .mark(":"), tokens[at: at + 1]?.isFilled == true
      else { break }
      at += 1
    }
    guard values.count >= 2, values[0] < 25, values[1] < 60 else { return nil }
    // Parts of a second.
    if values.count == 3, tokens[at: at] == .mark("."), case .number(0)? = tokens[at: at + 1] {
      at += 2
    }
    var time = Time(
      hour: values[0], minute: values[1], second: values.count > 2 ? values[2] : 0,
      isHalved: false)
    let next = tokens[at: at] == .mark(" ") ? at + 1 : at
    if case .word(let word)? = tokens[at: next], let isLate = halves[word], time.hour <= 12 {
      time.hour = time.hour % 12 + (isLate ? 12 : 0)
      time.isHalved = true
      at = next + 1
    }
    return (time, at)
  }

  private static let halves = ["am": false, "pm": true, "a": false, "p": true]
}

extension Moment.Time {
  fileprivate func isSame(as other: Moment.Time) -> Bool {
    hour == other.hour && minute == other.minute && second == other.second
  }
}

extension Array {
  /// The element at an index; nil where there is none.
  fileprivate subscript(at index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
