internal import Story

/// One character a case; what did not pass is told at the end.
struct DotsReporter: Reporter {
  private let settings: ReporterSettings
  private var progress = RunProgress()
  private var column = 0
  private var bad: [CaseFinish] = []

  /// A reporter that writes as it was told.
  init(settings: ReporterSettings) { self.settings = settings }

  mutating func text(for event: ReporterEvent, at now: Duration) -> String {
    progress.apply(event, at: now)
    switch event {
    case .runStarted, .caseStarted, .stepStarted, .progress, .noted: return ""
    case .caseFinished(let finish):
      if finish.verdict.isTrouble { bad.append(finish) }
      let mark = finish.verdict.colored(Self.mark(finish.verdict), settings.style)
      column = (column + 1) % max(1, settings.columns)
      return column == 0 ? mark + "\n" : mark
    case .notice(let text): return lineEnd() + notice(text, settings)
    case .warning(let text): return lineEnd() + warning(text, settings.style)
    case .runFinished(let finish): return lineEnd() + ending(finish)
    }
  }

  private mutating func lineEnd() -> String {
    defer { column = 0 }
    return column == 0 ? "" : "\n"
  }

  private func ending(_ finish: RunFinish) -> String {
    let text = CaseText(style: settings.style)
    let failures = bad.map { text.lines($0) }.joined()
    return (failures.isEmpty ? "" : "\n" + failures) + text.lines(finish)
  }

  /// The characters that people know from other runners.
  private static func mark(_ verdict: Verdict) -> String {
    switch verdict {
    case .passed: "·"
    case .failed: "F"
    case .error: "E"
    case .skipped: "°"
    case .flaky: "±"
    case .timedOut: "T"
    case .interrupted: "I"
    }
  }
}
