/// How long to wait before trying again: capped exponential growth with full jitter.
struct Backoff: Hashable, Sendable {
  /// The most that the first wait can be.
  var base: Duration
  /// The most that any wait can be.
  var cap: Duration

  /// A back-off.
  init(base: Duration = .milliseconds(500), cap: Duration = .seconds(30)) {
    self.base = base
    self.cap = cap
  }

  /// The wait before retry number `retry`, counted from 0, for a random number in 0..<1.
  func wait(retry: Int, random: Double) -> Duration {
    let share = random.isFinite ? min(max(random, 0), 1) : 1
    return ceiling(retry: retry) * share
  }

  /// The longest wait before retry number `retry`.
  func ceiling(retry: Int) -> Duration {
    var ceiling = min(base, cap)
    for _ in 0..<max(retry, 0) {
      if ceiling >= cap { return cap }
      ceiling = min(ceiling * 2, cap)
    }
    return ceiling
  }
}
