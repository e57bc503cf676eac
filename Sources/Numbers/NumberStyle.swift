/// How numbers are written: what is between the whole part and the rest, and what groups the digits.
///
/// A thin space, a space and an apostrophe group digits everywhere, three by three.
public struct NumberStyle: Hashable, Sendable {
  /// The sign before the fraction: a point or a comma.
  public let decimal: Character

  /// A style; everything but a comma counts as a point.
  public init(decimal: Character) { self.decimal = decimal == "," ? "," : "." }

  /// `1,234.50`.
  public static let point = NumberStyle(decimal: ".")
  /// `1.234,50`.
  public static let comma = NumberStyle(decimal: ",")

  /// Whether a sign groups digits.
  func groups(_ sign: Character) -> Bool { sign != decimal && ".,' ".contains(sign) }
}
