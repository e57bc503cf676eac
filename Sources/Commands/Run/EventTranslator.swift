internal import Runner
internal import Scenario
internal import Story

/// Turns what a run tells into what reporters hear.
struct EventTranslator {
  private var steps: [String: String] = [:]
  private var notRun = 0
  private var folder = ""

  /// The events for reporters.
  mutating func translate(_ event: RunEvent) -> [ReporterEvent] {
    switch event {
    case .started(let info, let folder): begin(info, folder)
    case .caseStarted(let info, let attempt, _):
      [.caseStarted(CaseStart(id: info.id, title: info.name, attempt: attempt))]
    case .progress(let id, let progress): translate(progress, of: id)
    case .noted(let id, let text, let isWarning):
      [.noted(CaseNote(id: id, text: text, isWarning: isWarning))]
    case .caseFinished(let info, let ending, _):
      [.caseFinished(CaseFinish(info, ending, in: folder))]
    case .notice(let text): [.notice(text)]
    case .warning(let text): [.warning(text)]
    case .finished(let summary): [.runFinished(RunFinish(summary))]
    }
  }

  private mutating func begin(_ info: RunInfo, _ folder: String) -> [ReporterEvent] {
    self.folder = folder
    return [.runStarted(RunStart(run: info.id, cases: info.selected, workers: info.workers))]
  }

  private mutating func translate(
    _ progress: RunEvent.Progress, of id: String
  ) -> [ReporterEvent] {
    var events: [ReporterEvent] = []
    if steps[id] != progress.step {
      steps[id] = progress.step
      events.append(.stepStarted(StepStart(id: id, title: progress.step)))
    }
    events.append(
      .progress(
        CaseProgress(
          id: id, doing: progress.doing, modelCalls: progress.modelCalls, tokens: progress.tokens)))
    return events
  }
}

extension CaseFinish {
  fileprivate init(_ info: CaseInfo, _ ending: CaseEnding, in folder: String) {
    self.init(
      id: info.id, title: info.name, verdict: ending.ending.verdict, reason: ending.ending.reason,
      duration: ending.duration, file: info.location.file, line: info.location.line,
      attempts: ending.attempts, isUnchecked: ending.isUnchecked,
      output: ending.output.map { "\(folder)/\($0)" })
  }
}

extension RunFinish {
  fileprivate init(_ summary: RunSummary) {
    var counts = VerdictCounts()
    for (verdict, count) in summary.counts { counts[verdict] = count }
    counts.unchecked = summary.unchecked
    self.init(
      counts: counts, duration: summary.duration,
      reports: summary.reports.map { Report(name: $0.name, path: $0.path) }, rerun: summary.rerun)
  }
}
