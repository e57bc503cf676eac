/// What the process says when it ends.
///
/// Never renumbered.
enum ExitCode: Int32, CaseIterable, Sendable {
  /// Every selected case passed, or the command did what was asked.
  case success = 0
  /// At least one case failed: a verdict about the product.
  case failed = 1
  /// The words or the configuration are wrong, and nothing was run; or a scenario file could not be read.
  case usage = 2
  /// `qa-agent` itself is at fault.
  case internalError = 3
  /// Nothing matched.
  case nothingMatched = 4
  /// No verdict for at least one case, and none failed.
  case noVerdict = 5
  /// Ended by SIGHUP.
  case hungUp = 129
  /// Ended by SIGINT.
  case interrupted = 130
  /// Ended by SIGTERM.
  case terminated = 143

  /// What it means, for the documentation and `--help`.
  var meaning: String {
    switch self {
    case .success: "every selected case passed (flaky and healed allowed unless asked otherwise)"
    case .failed: "at least one case failed: a verdict about the product"
    case .usage: "usage or configuration wrong; or a scenario file could not be read"
    case .internalError: "internal error, or a report could not be written"
    case .nothingMatched: "nothing matched, or all was skipped (unless --pass-with-no-tests)"
    case .noVerdict: "no verdict for at least one case and none failed"
    case .hungUp: "the terminal is gone (SIGHUP); the reports are written first"
    case .interrupted: "interrupted (SIGINT); the reports are written first"
    case .terminated: "terminated (SIGTERM); the reports are written first"
    }
  }
}
