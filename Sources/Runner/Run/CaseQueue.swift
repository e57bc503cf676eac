internal import Platform
internal import Scenario
internal import Story

/// The cases that wait, in order, and how many may still fail.
///
/// Shared by the workers.
final class CaseQueue: Sendable {
  private struct State {
    var next = 0
    var failures = 0
  }

  private let cases: [Case]
  private let maximumFailures: Int?
  private let state = Locked(State())

  /// - Parameter failed: how many failed before the run went on.
  init(_ cases: [Case], maximumFailures: Int?, failed: Int = 0) {
    self.cases = cases
    self.maximumFailures = maximumFailures
    state.withLock { $0.failures = failed }
  }

  /// The next case; nil when none is left or too many failed.
  func next() -> (index: Int, testCase: Case)? {
    state.withLock { state in
      if let maximumFailures, state.failures >= maximumFailures { return nil }
      guard state.next < cases.count else { return nil }
      defer { state.next += 1 }
      return (state.next, cases[state.next])
    }
  }

  /// Takes note of a verdict.
  func finished(_ verdict: Verdict) {
    if verdict.isWorthRetrying { state.withLock { $0.failures += 1 } }
  }

  /// The cases that never began.
  func remaining() -> [(index: Int, testCase: Case)] {
    let next = state.withLock { $0.next }
    return cases.indices.dropFirst(next).map { ($0, cases[$0]) }
  }
}
