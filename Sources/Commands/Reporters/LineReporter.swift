internal import Story

/// Only what did not pass stays; on a terminal one line says where the run stands.
struct LineReporter: Reporter {
  private let settings: ReporterSettings
  private var progress = RunProgress()
  private var heartbeat = Heartbeat()

  /// A reporter that writes as it was told.
  init(settings: ReporterSettings) { self.settings = settings }

  mutating func text(for event: ReporterEvent, at now: Duration) -> String {
    progress.apply(event, at: now)
    switch event {
    case .runStarted, .caseStarted, .stepStarted, .progress, .noted: return ""
    case .caseFinished(let finish):
      return finish.verdict.isTrouble ? CaseText(style: settings.style).lines(finish) : ""
    case .notice(let text): return notice(text, settings)
    case .warning(let text): return warning(text, settings.style)
    case .runFinished(let finish): return CaseText(style: settings.style).lines(finish)
    }
  }

  mutating func text(at now: Duration) -> String {
    settings.isTerminal ? "" : heartbeat.text(progress, at: now)
  }

  func display(at now: Duration, columns: Int, rows: Int) -> [String] {
    guard settings.isTerminal else { return [] }
    let lines = LiveDisplay(progress, style: settings.style)
    return Array(lines.lines(at: now, columns: columns, rows: rows).prefix(1))
  }
}
