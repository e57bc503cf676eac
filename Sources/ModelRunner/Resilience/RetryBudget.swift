/// Stops retrying against an endpoint that mostly fails, so that retries never become the load.
///
/// The rule and its figures are gRPC's (proposal A6): a failure costs one token, a success earns a
/// tenth, and there are retries only while more than half of the tokens are left.
public struct RetryBudget: Hashable, Sendable {
  /// The most tokens.
  public let capacity: Double
  /// The tokens left.
  public private(set) var tokens: Double

  /// A full budget.
  public init(capacity: Double = 10) {
    self.capacity = max(capacity, 0)
    tokens = self.capacity
  }

  /// Whether there may be a retry.
  public var allowsRetry: Bool { tokens > capacity / 2 }

  /// A request failed in a way that a retry could cure.
  public mutating func failed() { tokens = max(tokens - 1, 0) }

  /// A request succeeded.
  public mutating func succeeded() { tokens = min(tokens + 0.1, capacity) }
}
