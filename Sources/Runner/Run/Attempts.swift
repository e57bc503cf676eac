internal import Story

/// What the attempts of a case come to together: a pure fold.
struct Attempts: Hashable, Sendable {
  /// The outcomes so far, in order.
  private(set) var outcomes: [Outcome] = []
  /// Attempts that may follow the first.
  let retries: Int

  /// No attempt yet.
  init(retries: Int) { self.retries = max(0, retries) }

  /// Adds an attempt.
  mutating func append(_ outcome: Outcome) { outcomes.append(outcome) }

  /// Whether another attempt is due: the last one did not pass, and nobody asked to stop.
  var wantsAnother: Bool {
    guard let last = outcomes.last else { return true }
    return outcomes.count <= retries && last.ending.verdict.isWorthRetrying
  }

  /// The verdict over all attempts: the last one's, and flaky when it passed after another did not.
  var ending: Ending {
    guard let last = outcomes.last else { return Ending(.skipped, "not run") }
    guard last.ending.verdict == .passed, let first = outcomes.first, outcomes.count > 1 else {
      return last.ending
    }
    return Ending(
      .flaky, "passed on attempt \(outcomes.count); attempt 1: \(first.ending.reason)")
  }

  /// Whether it passed without any check.
  var isUnchecked: Bool { ending.verdict.isPass && outcomes.last?.isUnchecked == true }
}
