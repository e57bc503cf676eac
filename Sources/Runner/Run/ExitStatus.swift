internal import Story

/// The exit code of a run, from its verdicts: a pure fold.
enum ExitStatus {
  /// The code: 0 all passed, 1 a verdict against the product, 4 nothing was tried, 5 no verdict for a case, 128
  /// and more for signals.
  ///
  /// - Parameters:
  ///   - hasUnreadable: whether a file of the run could not be read, which is 2 whatever else came of it.
  ///   - notRun: how many cases were still to come.
  ///   - passesWithNoTests: whether a run that tried nothing is a success.
  static func code(
    verdicts: [Verdict], hasUnreadable: Bool = false, notRun: Int = 0, failsOnFlaky: Bool,
    passesWithNoTests: Bool = false,
    signal: CInt? = nil
  ) -> Int {
    if let signal { return 128 + Int(signal) }
    if hasUnreadable { return 2 }
    if verdicts.contains(where: { $0.isFailure || failsOnFlaky && $0 == .flaky }) { return 1 }
    if notRun > 0 || verdicts.contains(where: \.isUndecided) { return 5 }
    return verdicts.contains { $0 != .skipped } || passesWithNoTests ? 0 : 4
  }

  /// The code of a run some of whose reports could not be written: at least 3.
  static func withoutReports(_ code: Int) -> Int { max(code, 3) }
}
