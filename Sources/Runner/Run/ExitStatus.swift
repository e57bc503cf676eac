internal import Story

/// The exit code of a run, from its verdicts: a pure fold.
enum ExitStatus {
  /// The code: 0 all passed, 1 a verdict against the product, 5 no verdict for a case, 130 and 143 for signals.
  static func code(
    verdicts: [Verdict], failsOnFlaky: Bool, signal: CInt? = nil
  ) -> Int {
    if let signal { return 128 + Int(signal) }
    if verdicts.contains(where: { isFailure($0, failsOnFlaky: failsOnFlaky) }) { return 1 }
    if verdicts.contains(where: { $0 == .error || $0 == .interrupted }) { return 5 }
    return 0
  }

  /// Whether a verdict is one against the product.
  static func isFailure(_ verdict: Verdict, failsOnFlaky: Bool) -> Bool {
    switch verdict {
    case .failed, .timedOut: true
    case .flaky: failsOnFlaky
    case .passed, .error, .skipped, .interrupted: false
    }
  }
}
