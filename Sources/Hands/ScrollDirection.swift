/// Where a wheel turns to.
public enum ScrollDirection: String, Hashable, Codable, Sendable, CaseIterable {
  /// Towards the beginning of what is shown.
  case up
  /// Towards its end.
  case down
  /// Towards the left.
  case left
  /// Towards the right.
  case right
}
