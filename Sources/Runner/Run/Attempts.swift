internal import Story

/// What the attempts of a case come to together: a pure fold.
struct Attempts: Hashable, Sendable {
  /// The outcomes so far, in order.
  private(set) var outcomes: [Outcome] = []
  /// The number of each; some are missing where a run was cut off in one and went on.
  private var numbers: [Int] = []
  /// Attempts that may follow the first.
  let retries: Int
  /// How many began, with those that were cut off.
  private(set) var begun = 0

  /// No attempt yet.
  init(retries: Int) { self.retries = max(0, retries) }

  /// The attempts from before the run went on.
  init(retries: Int, past: PastCase) {
    self.init(retries: retries)
    for attempt in past.attempts { append(attempt.outcome, number: attempt.number) }
    begun = max(begun, past.begun)
  }

  /// Adds an attempt.
  mutating func append(_ outcome: Outcome, number: Int? = nil) {
    outcomes.append(outcome)
    numbers.append(number ?? begun + 1)
    begun = max(begun, number ?? begun + 1)
  }

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
      .flaky,
      "passed on attempt \(numbers.last ?? 1); attempt \(numbers.first ?? 1): "
        + first.ending.reason)
  }

  /// Whether it passed without any check.
  var isUnchecked: Bool { ending.verdict.isPass && outcomes.last?.isUnchecked == true }
}
