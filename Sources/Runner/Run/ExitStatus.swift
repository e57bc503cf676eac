internal import Story

/// The exit code of a run, from its verdicts: a pure fold.
enum ExitStatus {
  /// The code: 0 all passed, 1 a verdict against the product, 5 no verdict for a case, 130 and 143 for signals.
  static func code(
    verdicts: [Verdict], failsOnFlaky: Bool, signal: CInt? = nil
  ) -> Int {
    if let signal { return 128 + Int(signal) }
    if verdicts.contains(where: { $0.isFailure || failsOnFlaky && $0 == .flaky }) { return 1 }
    return verdicts.contains(where: \.isUndecided) ? 5 : 0
  }
}
