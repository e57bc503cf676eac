internal import Numbers
internal import Scenario

/// A value that is typed into a field: a date, a time or a number, which a field may show in another form, or turn
/// into another one without a word.
enum FieldValue: Hashable, Sendable {
  case moment(Moment)
  /// A number, or digits in groups: of a telephone, a card, an account.
  case number(String)

  /// How what a field shows stands to the value.
  enum Agreement: Hashable, Sendable {
    /// It is the same value.
    case same
    /// It is another one, or a part of it is not filled.
    case other
    /// That cannot be told.
    case unclear
  }

  /// Reads a text; nil where it is none of these.
  init?(_ template: Template) {
    guard case .literal(let text)? = template.segments.first, template.segments.count == 1,
      text.count <= 40
    else { return nil }
    if let moment = Moment(typed: text) {
      self = .moment(moment)
    } else if Self.isNumber(text) {
      self = .number(text)
    } else {
      return nil
    }
  }

  /// How a text that was read stands to the value.
  func agreement(with shown: String) -> Agreement {
    switch self {
    case .moment(let moment): moment.agreement(with: Moment(shown))
    case .number(let text): Self.agreement(of: text, with: shown)
    }
  }

  // MARK: - Numbers

  private static func isNumber(_ text: String) -> Bool {
    let signs = text.drop { $0 == " " }
    let start = signs.first == "-" || signs.first == "+" ? signs.dropFirst() : signs
    return start.first.map { $0.isASCIIDigit || $0 == "." || $0 == "," } == true
      && start.contains(where: \.isASCIIDigit)
      && start.allSatisfy { $0.isASCIIDigit || " .,'-/()".contains($0) }
  }

  private static func agreement(of typed: String, with shown: String) -> Agreement {
    guard shown.contains(where: \.isASCIIDigit) else { return .other }
    let (one, other) = (plain(typed), plain(shown))
    var isOther = false
    for style in [NumberStyle.point, .comma] {
      guard let number = NumberScanner.whole(one, style) else { continue }
      // A unit or a currency beside it belongs to the field.
      guard let found = numbers(in: other, style), let first = found.first else { continue }
      if found.count == 1, first.isSame(as: number) { return .same }
      isOther = isOther || found.count == 1
    }
    if isOther || one.first == "-" { return .other }
    guard digits(one) == digits(other) else { return .other }
    // A decimal mark is none of the digits.
    return one.contains { ".,".contains($0) } ? .unclear : .same
  }

  private static func digits(_ text: String) -> String { text.filter(\.isASCIIDigit) }

  /// A text with its dashes in their plainest form.
  private static func plain(_ text: String) -> String {
    String(text.map { "−–—‐‑".contains($0) ? "-" : $0 })
  }

  /// The numbers in a text; nil where some of its digits are none of one.
  private static func numbers(in text: String, _ style: NumberStyle) -> [NumberToken]? {
    let signs = Array(text)
    let scanner = NumberScanner(text: signs, style: style)
    var found: [NumberToken] = []
    var at = 0
    while at < signs.count {
      if let (token, end) = scanner.number(at: at), end > at {
        found.append(token)
        at = end
      } else if signs[at].isASCIIDigit {
        return nil
      } else {
        at += 1
      }
    }
    return found
  }
}

extension NumberToken {
  /// Whether it is the same number, whatever its unit.
  fileprivate func isSame(as other: NumberToken) -> Bool {
    whole == other.whole && fraction == other.fraction && (sign == "-") == (other.sign == "-")
  }
}
