internal import Story

/// What a reporter hears of a run, in order.
///
/// Text may come from screens, models and files: reporters neutralise it.
enum ReporterEvent: Equatable, Sendable {
  case runStarted(RunStart)
  case caseStarted(CaseStart)
  case stepStarted(StepStart)
  case progress(CaseProgress)
  case noted(CaseNote)
  case caseFinished(CaseFinish)
  /// What takes a while before the first case.
  case notice(String)
  /// Something a person should know that belongs to no case.
  case warning(String)
  case runFinished(RunFinish)
}

/// A run begins.
struct RunStart: Equatable, Sendable {
  /// The run's name: `2026-11-20T12-00-00Z-4f2a`.
  let run: String
  /// How many cases will run.
  let cases: Int
  /// How many run at once.
  let workers: Int
}

/// An attempt of a case begins.
struct CaseStart: Equatable, Sendable {
  /// The case's id, unique in the run: `sign-in[lang=de]`.
  let id: String
  /// The case's name.
  let title: String
  /// Which attempt this is, from 1.
  let attempt: Int
}

/// A step begins.
struct StepStart: Equatable, Sendable {
  /// The case.
  let id: String
  /// What the step does.
  let title: String
}

/// What a case is doing now.
struct CaseProgress: Equatable, Sendable {
  /// The case.
  let id: String
  /// In a word or two: `looking`, `asking the model`; nil when that did not change.
  var doing: String?
  /// How often the model has replied in this attempt.
  var modelCalls = 0
  /// How many tokens that took.
  var tokens = 0
}

/// Something worth knowing was noted in a case.
struct CaseNote: Equatable, Sendable {
  /// The case.
  let id: String
  /// What.
  let text: String
  /// Whether something is not as it should be.
  let isWarning: Bool
}

/// A case has its verdict, over all its attempts.
struct CaseFinish: Equatable, Sendable {
  /// The case.
  let id: String
  /// The case's name.
  let title: String
  /// What it came to.
  let verdict: Verdict
  /// Why; empty for a plain pass.
  var reason = ""
  /// How long it took.
  let duration: Duration
  /// The scenario file, relative to the working directory.
  var file: String?
  /// The line of the scenario or of the step that decided, from 1.
  var line: Int?
  /// How many attempts were made.
  var attempts = 1
  /// Whether it passed with nothing checked.
  var isUnchecked = false
  /// What was not as it should be and did not change the verdict.
  var warnings: [String] = []
  /// The file of what the application wrote; nil where it wrote nothing.
  var output: String?
}

/// How many cases came to what.
struct VerdictCounts: Equatable, Sendable {
  private var counts: [Verdict: Int] = [:]
  /// How many of the passed and flaky ones checked nothing.
  var unchecked = 0
  /// How many were selected and never began.
  var notRun = 0

  /// How many came to a verdict.
  subscript(_ verdict: Verdict) -> Int {
    get { counts[verdict, default: 0] }
    set { counts[verdict] = newValue }
  }

  /// What is to be said of a run that tried nothing; nil when it tried something.
  var nothingTried: String? {
    guard notRun == 0, finished == self[.skipped] else { return nil }
    return finished == 0
      ? "No case was run: nothing was tested." : "Every case was skipped: nothing was tested."
  }

  /// How many came to any verdict.
  var finished: Int { counts.values.reduce(0, +) }

  /// Counts a case.
  mutating func add(_ finish: CaseFinish) {
    self[finish.verdict] += 1
    unchecked += finish.isUnchecked ? 1 : 0
  }

  /// The verdicts that were reached, worst last: `10 passed, 1 flaky, 1 failed`.
  var words: String {
    var parts = Verdict.bestFirst.filter { self[$0] > 0 }.map { verdict in
      verdict.counted(self[verdict])
        + (verdict == .passed && unchecked > 0 ? " (\(unchecked) with nothing checked)" : "")
    }
    if notRun > 0 { parts.append("\(notRun) not run") }
    return parts.joined(separator: ", ")
  }
}

/// A run has ended and its reports are written.
struct RunFinish: Equatable, Sendable {
  /// How many cases came to what.
  let counts: VerdictCounts
  /// How long the run took.
  let duration: Duration
  /// Where the reports are, with a word for each: `("HTML", "reports/latest/index.html")`.
  var reports: [Report] = []
  /// The exact command that runs the failures again; nil when there are none.
  var rerun: String?

  /// A report that was written.
  struct Report: Equatable, Sendable {
    let name: String
    let path: String
  }
}

extension Verdict {
  /// A text in the verdict's colour.
  func colored(_ text: String, _ style: Style) -> String {
    switch self {
    case .passed: style.green(text)
    case .failed, .timedOut: style.red(text)
    case .error, .interrupted: style.magenta(text)
    case .flaky: style.yellow(text)
    case .skipped: style.dim(text)
    }
  }
}
