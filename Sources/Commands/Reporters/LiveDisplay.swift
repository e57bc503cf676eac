/// The lines on a terminal that change while a run goes on: one about the run, one for each worker.
struct LiveDisplay {
  /// Where the run stands.
  let progress: RunProgress
  /// How the lines look.
  let style: Style

  /// The lines at a moment, none wider than `columns`, no more than fit above the last of `rows`.
  func lines(at now: Duration, columns: Int, rows: Int) -> [String] {
    guard progress.total > 0 || !progress.workers.isEmpty else { return [] }
    let room = max(0, rows - 2)
    let shown = progress.workers.count <= room ? progress.workers : Array(progress.workers.prefix(max(0, room - 1)))
    var lines = [overview(at: now, columns)]
    lines += shown.map { line($0, at: now, columns) }
    let hidden = progress.workers.count - shown.count
    if hidden > 0, room > 0 { lines.append(style.dim(TerminalText.cut("  and \(hidden) more", to: columns))) }
    return lines
  }

  private func overview(at now: Duration, _ columns: Int) -> String {
    let words = progress.counts.words
    let parts =
      ["\(progress.counts.finished) of \(progress.total)"] + (words.isEmpty ? [] : [words])
      + [TerminalText.time(.seconds(now.components.seconds < 10 ? 0 : 0) + now.wholeSeconds)]
    return style.bold(TerminalText.cut(parts.joined(separator: " · "), to: columns))
  }

  private func line(_ worker: WorkerStatus, at now: Duration, _ columns: Int) -> String { "" }
}
