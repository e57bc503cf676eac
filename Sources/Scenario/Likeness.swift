/// How like a picture a place on the screen must be.
public struct Likeness: Hashable, Codable, Sendable {
  /// The least likeness that is taken, 0…1.
  public var similarity: Double
  /// Whether it may be shown at another size: 0.8 to 1.25 of its own.
  public var anySize: Bool
  /// Whether only its brightness counts, not its colours.
  public var anyColor: Bool

  /// The similarity where a scenario gives none.
  public static let usual = 0.95

  /// A likeness.
  public init(_ similarity: Double = usual, anySize: Bool = false, anyColor: Bool = false) {
    self.similarity = similarity
    self.anySize = anySize
    self.anyColor = anyColor
  }
}
