/// Stops retrying against an endpoint that mostly fails, so that retries never become the load.
///
/// The rule and its figures are gRPC's (proposal A6): a failure costs one token, a success earns a
/// tenth, and there are retries only while more than half of the tokens are left.
struct RetryBudget: Hashable, Sendable {
  /// The most tokens.
  let capacity: Double
  /// The tokens left.
  private(set) var tokens: Double

  /// A full budget.
  init(capacity: Double = 10) {
    self.capacity = max(capacity, 0)
    tokens = self.capacity
  }

  /// Whether there may be a retry.
  var allowsRetry: Bool { tokens > capacity / 2 }

  /// A request failed in a way that a retry could cure.
  mutating func failed() { tokens = max(tokens - 1, 0) }

  /// A request succeeded.
  mutating func succeeded() { tokens = min(tokens + 0.1, capacity) }
}
