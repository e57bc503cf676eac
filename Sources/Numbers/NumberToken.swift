/// A number on a screen: one thing, not some digits.
///
/// Two are the same when value, sign and unit are.
public struct NumberToken: Hashable, Sendable {
  /// `-` or `+` where it is written; brackets around an amount are a minus.
  public var sign: Character?
  /// The digits before the decimal sign, without zeros in front.
  public var whole: String
  /// The digits behind it, without zeros at the end.
  public var fraction: String
  /// A sign of a currency, or a percent or permille sign.
  public var unit: Character?

  /// A number from its parts.
  public init(sign: Character? = nil, whole: String, fraction: String = "", unit: Character? = nil)
  {
    self.sign = sign
    self.whole = whole
    self.fraction = fraction
    self.unit = unit
  }

  /// Its value, without its unit.
  public var value: Double? {
    Double((sign == "-" ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction))
  }

  /// Signs of currencies.
  static let currencies: Set<Character> = [
    "$", "€", "£", "¥", "₽", "₹", "₩", "₺", "₴", "¢", "₪", "฿",
  ]
  /// Signs behind a number that make another number of it.
  public static let shares: Set<Character> = ["%", "‰"]

  /// The number in its plainest form: `-1234.5€`.
  public var plain: String {
    (sign.map(String.init) ?? "") + whole + (fraction.isEmpty ? "" : "." + fraction)
      + (unit.map(String.init) ?? "")
  }
}
