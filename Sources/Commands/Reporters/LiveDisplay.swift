internal import Durations

/// The lines on a terminal that change while a run goes on: one about the run, one for each worker.
struct LiveDisplay {
  /// How many cases will run.
  let total: Int
  /// How many came to what.
  let counts: VerdictCounts
  /// What is running.
  let workers: [WorkerStatus]
  /// How the lines look.
  let style: Style

  /// The display of where a run stands.
  init(_ progress: RunProgress, style: Style) {
    total = progress.total
    counts = progress.counts
    workers = progress.workers
    self.style = style
  }

  /// The lines at a moment: none wider than `columns`, and at least one of `rows` stays free for the cursor.
  func lines(at now: Duration, columns: Int, rows: Int) -> [String] {
    guard total > 0, rows > 1 else { return [] }
    let room = rows - 2
    let shown = workers.prefix(workers.count <= room ? room : max(0, room - 1))
    var lines = [overview(at: now, columns)]
    lines += shown.map { line($0, at: now, columns) }
    if shown.count < workers.count, room > 0 {
      let rest = "  and \(workers.count - shown.count) more"
      lines.append(style.dim(TerminalText.cut(rest, to: columns)))
    }
    return lines
  }

  private func overview(at now: Duration, _ columns: Int) -> String {
    let words = counts.words
    let parts = ["\(counts.finished) of \(total)", words, TerminalText.clock(now)]
    let text = parts.filter { !$0.isEmpty }.joined(separator: " · ")
    return style.bold(TerminalText.cut(text, to: columns))
  }

  /// The case and its step on the left as far as there is room, what it is doing on the right.
  private func line(_ worker: WorkerStatus, at now: Duration, _ columns: Int) -> String {
    guard columns >= 24 else { return TerminalText.cut("  \(worker.name)", to: columns) }
    let activity = activity(worker, at: now, columns * 3 / 5)
    let room = columns - TerminalText.width(activity) - 4
    let left = left(worker, room)
    let gap = String(repeating: " ", count: room - TerminalText.width(left.plain) + 2)
    return "  \(left.styled)\(gap)\(style.dim(activity))"
  }

  /// The case, and its step if more than a few letters of it fit.
  private func left(_ worker: WorkerStatus, _ room: Int) -> (plain: String, styled: String) {
    let step = TerminalText.neutral(worker.step ?? "")
    let name = TerminalText.cut(worker.name, to: step.isEmpty ? room : max(room / 2, min(room, 20)))
    let rest = room - TerminalText.width(name) - 2
    guard !step.isEmpty, rest >= 8 else {
      let name = TerminalText.cut(worker.name, to: room)
      return (name, style.cyan(name))
    }
    let cut = TerminalText.cut(step, to: rest)
    return ("\(name)  \(cut)", "\(style.cyan(name))  \(cut)")
  }

  /// As much of the activity as fits, the most important first.
  private func activity(_ worker: WorkerStatus, at now: Duration, _ columns: Int) -> String {
    var parts = worker.activity(at: now)
    while parts.count > 1, TerminalText.width(parts.joined(separator: " · ")) > columns {
      parts.removeLast()
    }
    return TerminalText.cut(parts.joined(separator: " · "), to: columns)
  }
}

extension WorkerStatus {
  /// The case's id, and which attempt it is after the first.
  var name: String {
    TerminalText.neutral(id) + (attempt > 1 ? " (attempt \(attempt))" : "")
  }

  /// What it is doing and for how long, and what the model has cost:
  /// `deciding 4s`, `reply 2s ago`, `3 calls`, `1.2k tokens`.
  func activity(at now: Duration) -> [String] {
    var parts = ["\(TerminalText.neutral(doing ?? "starting")) \(TerminalText.clock(now - since))"]
    guard modelCalls > 0 else { return parts }
    if let reply = sinceLastModelReply(at: now) {
      parts.append("reply \(TerminalText.clock(reply)) ago")
    }
    parts.append("\(TerminalText.count(modelCalls)) \(modelCalls == 1 ? "call" : "calls")")
    parts.append("\(TerminalText.count(tokens)) tokens")
    return parts
  }
}

extension TerminalText {
  /// A time that is still running, in whole seconds, so that it changes once a second.
  static func clock(_ duration: Duration) -> String {
    let seconds = max(0, duration.components.seconds)
    return seconds < 10 ? "\(seconds)s" : Duration.seconds(seconds).elapsed
  }
}
