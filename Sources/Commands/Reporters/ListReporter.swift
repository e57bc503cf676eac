internal import Story

/// One line a case, and on a terminal what is running now below them; elsewhere a line each half minute.
struct ListReporter: Reporter {
  private let settings: ReporterSettings
  private var progress = RunProgress()
  private var heartbeat = Heartbeat()

  /// A reporter that writes as it was told.
  init(settings: ReporterSettings) { self.settings = settings }

  private var style: Style { settings.style }

  mutating func text(for event: ReporterEvent, at now: Duration) -> String {
    progress.apply(event, at: now)
    switch event {
    case .runStarted(let start): return intro(start)
    case .caseStarted, .stepStarted, .progress, .noted: return trace(event)
    case .caseFinished(let finish):
      guard !settings.verbosity.isQuiet || finish.verdict.isTrouble else { return "" }
      let width = String(progress.total).count
      let count = String(progress.counts.finished).padding(before: width)
      return CaseText(style: style).lines(finish, counter: "[\(count)/\(progress.total)]")
    case .notice(let text): return notice(text, settings)
    case .warning(let text): return warning(text, style)
    case .runFinished(let finish): return CaseText(style: style).lines(finish)
    }
  }

  mutating func text(at now: Duration) -> String {
    settings.isTerminal ? "" : heartbeat.text(progress, at: now)
  }

  func display(at now: Duration, columns: Int, rows: Int) -> [String] {
    guard settings.isTerminal else { return [] }
    return LiveDisplay(progress, style: style).lines(at: now, columns: columns, rows: rows)
  }

  private func intro(_ start: RunStart) -> String {
    guard !settings.verbosity.isQuiet else { return "" }
    let cases = "\(start.cases) \(start.cases == 1 ? "case" : "cases")"
    let workers = start.workers > 1 ? ", \(start.workers) at once" : ""
    return "Running \(cases)\(workers): \(TerminalText.neutral(start.run))\n"
  }

  /// Steps with `-v`, and what is done for them with `-vv`.
  private func trace(_ event: ReporterEvent) -> String {
    let level = settings.verbosity.level
    switch event {
    case .caseStarted(let start) where level > 0:
      let attempt = start.attempt > 1 ? ", attempt \(start.attempt)" : ""
      return style.dim("    > \(TerminalText.neutral(start.id))\(attempt)") + "\n"
    case .stepStarted(let step) where level > 0:
      return style.dim(
        "    > \(TerminalText.neutral(step.id)): \(TerminalText.neutral(step.title))") + "\n"
    case .noted(let note) where level > 0:
      let line = "    > \(TerminalText.neutral(note.id)): · \(TerminalText.neutral(note.text))"
      return (note.isWarning ? style.yellow(line) : style.dim(line)) + "\n"
    case .progress(let progress) where level > 1:
      guard let doing = progress.doing else { return "" }
      return style.dim(
        "    > \(TerminalText.neutral(progress.id)): … \(TerminalText.neutral(doing))") + "\n"
    default: return ""
    }
  }
}

/// The line of something that takes a while before the first case.
func notice(_ text: String, _ settings: ReporterSettings) -> String {
  settings.verbosity.isQuiet ? "" : settings.style.dim(TerminalText.neutral(text)) + "\n"
}

/// The line of something that belongs to no case.
func warning(_ text: String, _ style: Style) -> String {
  style.yellow("warning: ") + TerminalText.neutral(text) + "\n"
}

/// A sign of life each half minute, where nobody sees a live display: CI systems end jobs that say nothing.
struct Heartbeat: Equatable, Sendable {
  private var last = Duration.zero

  /// One line for each running case, if it is time for them.
  mutating func text(_ progress: RunProgress, at now: Duration) -> String {
    guard now - last >= .seconds(30) else { return "" }
    last = now
    return progress.workers.map { worker in
      let step = worker.step.map { ": " + TerminalText.neutral($0) } ?? ""
      return "    … \(worker.name)\(step), \(worker.activity(at: now).joined(separator: ", "))\n"
    }.joined()
  }
}
