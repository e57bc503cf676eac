/// Finds numbers in a line of text.
public struct NumberScanner {
  /// More digits are a code, not a number.
  static let longest = 18

  private let text: [Character]
  private let style: NumberStyle

  /// A scanner over a line whose dashes, quotation marks and spaces are in their plainest form.
  public init(text: [Character], style: NumberStyle) {
    self.text = text
    self.style = style
  }

  /// The number that a text is, with nothing around it but white space; nil when it is anything else.
  public static func whole(_ text: String, _ style: NumberStyle) -> NumberToken? {
    let words = text.split(whereSeparator: \.isWhitespace)
    let line = Array(words.joined(separator: " "))
    let scanner = NumberScanner(text: line, style: style)
    guard let (token, end) = scanner.number(at: 0), end == line.count else { return nil }
    return token
  }

  /// The number that starts at an index, and where it ends; nil where none does.
  ///
  /// Digits that belong to a code, a date, a time or a version are none: they are compared sign by sign.
  public func number(at start: Int) -> (token: NumberToken, end: Int)? {
    guard text.indices.contains(start), mayStart(at: start) else { return nil }
    if text[start] == "(", let inner = amount(at: start + 1), text[at: inner.end] == ")",
      inner.token.sign == nil, inner.token.unit != nil || inner.hasPoint,
      !continues(at: inner.end + 1)
    {
      var token = inner.token
      token.sign = "-"
      return (token, inner.end + 1)
    }
    guard let found = amount(at: start) else { return nil }
    return (found.token, found.end)
  }

  /// Whether no part of a code stands before an index.
  private func mayStart(at start: Int) -> Bool {
    guard start > 0 else { return true }
    let before = text[start - 1]
    // The parts of a part number, such as A-10482-B, are read apart.
    if before == "-" || before == "/", isLetter(start - 2) { return text[start].isASCIIDigit }
    return !(before.isLetter || before.isNumber || "._-+/\\,'^".contains(before))
  }

  private typealias Amount = (token: NumberToken, end: Int, hasPoint: Bool)

  /// Sign, currency, digits, unit.
  private func amount(at start: Int) -> Amount? {
    var at = start
    var token = NumberToken(sign: nil, whole: "", fraction: "", unit: nil)
    takeSign(&at, &token)
    if let sign = text[at: at], NumberToken.currencies.contains(sign) {
      token.unit = sign
      at += 1
      takeSign(&at, &token)
      if text[at: at] == " ", text[at: at + 1]?.isASCIIDigit == true { at += 1 }
    }
    guard let digits = digits(at: at), let value = value(of: digits.parts, digits.signs) else {
      return nil
    }
    (token.whole, token.fraction) = value
    at = digits.end
    takeUnit(&at, &token)
    if token.sign == nil, text[at: at] == "-", !isWord(at + 1) {
      token.sign = "-"
      at += 1
    }
    guard !continues(at: at) else { return nil }
    return (token, at, digits.signs.contains { $0 == style.decimal })
  }

  private func takeSign(_ at: inout Int, _ token: inout NumberToken) {
    guard token.sign == nil, let sign = text[at: at], sign == "-" || sign == "+" else { return }
    token.sign = sign
    at += 1
  }

  private func takeUnit(_ at: inout Int, _ token: inout NumberToken) {
    let next = text[at: at] == " " ? at + 1 : at
    guard token.unit == nil, let sign = text[at: next],
      NumberToken.currencies.contains(sign) || NumberToken.shares.contains(sign),
      // `5 $6` is two amounts.
      !(next > at && text[at: next + 1]?.isASCIIDigit == true)
    else { return }
    token.unit = sign
    at = next + 1
  }

  private typealias Digits = (parts: [String], signs: [Character], end: Int)

  /// Runs of digits with single signs between them.
  private func digits(at start: Int) -> Digits? {
    var (parts, signs, at) = ([String](), [Character](), start)
    // `.50`: nothing before the point.
    if text[at: at] == style.decimal, text[at: at + 1]?.isASCIIDigit == true {
      parts.append("")
      signs.append(style.decimal)
      at += 1
    }
    var count = 0
    while true {
      let first = at
      while text[at: at]?.isASCIIDigit == true, at - first < Self.longest { at += 1 }
      guard at > first else { return nil }
      count += at - first
      guard count <= Self.longest else { return nil }
      parts.append(String(text[first..<at]))
      guard let sign = text[at: at], ".,' ".contains(sign), text[at: at + 1]?.isASCIIDigit == true,
        sign != " " || isGroup(at + 1, after: parts)
      else { break }
      signs.append(sign)
      at += 1
    }
    return (parts, signs, at)
  }

  /// Whether three digits and no more follow a space, and digits before it could be a group.
  private func isGroup(_ start: Int, after parts: [String]) -> Bool {
    let digits = text[start...].prefix(4).prefix { $0.isASCIIDigit }
    guard digits.count == 3, let last = parts.last, !isLetter(start + 3) else { return false }
    return parts.count == 1 ? (1...3).contains(last.count) && last != "0" : last.count == 3
  }

  private func isLetter(_ index: Int) -> Bool { text[at: index]?.isLetter == true }

  private func isWord(_ index: Int) -> Bool {
    text[at: index].map { $0.isLetter || $0.isNumber } == true
  }

  /// What parts and signs come to; nil where that is no number in this style.
  private func value(of parts: [String], _ signs: [Character]) -> (String, String)? {
    var (groups, fraction) = (parts, "")
    let points = signs.filter { $0 == style.decimal }.count
    guard points <= 1, points == 0 || signs.last == style.decimal else { return nil }
    if points == 1 { fraction = groups.removeLast() }
    guard let first = groups.first, groups.dropFirst().allSatisfy({ $0.count == 3 }),
      groups.count == 1 || (1...3).contains(first.count),
      Set(signs.filter { $0 != style.decimal }).count <= 1
    else { return nil }
    let whole = groups.joined()
    // `007` is a code.
    guard whole.isEmpty || whole == "0" || !whole.hasPrefix("0") else { return nil }
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return (whole.isEmpty ? "0" : whole, fraction)
  }

  /// Whether what stands at an index makes a code of the digits before it.
  private func continues(at index: Int) -> Bool {
    guard let next = text[at: index] else { return false }
    if next.isNumber { return true }
    if next.isLetter {
      // A unit, `5kg`, but not `0x10` or `5b3`.
      let unit = text[index...].prefix(6).prefix { $0.isLetter }
      return unit.count > 5
        || text[at: index + unit.count].map { $0.isNumber || "_-".contains($0) } == true
    }
    if next == "-", isLetter(index + 1) { return false }
    return ".,:/-+_@^'\\".contains(next) && isWord(index + 1)
  }
}

extension Character {
  /// Whether it is one of `0` to `9`.
  public var isASCIIDigit: Bool { isASCII && isWholeNumber }
}

extension Array {
  /// The element at an index; nil where there is none.
  fileprivate subscript(at index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
