internal import Durations
internal import Story

/// The step summary of a run in GitHub Actions: Markdown for the file that `GITHUB_STEP_SUMMARY` names.
struct GitHubSummary: Equatable, Sendable {
  private var finishes: [CaseFinish] = []
  /// Summaries over 1 MiB are dropped whole; this one stays far below.
  private static let limit = 50

  /// No case yet.
  init() {}

  /// Takes in an event; the text to append, when the run is over.
  mutating func markdown(for event: ReporterEvent) -> String? {
    switch event {
    case .caseFinished(let finish):
      if finish.verdict != .passed || finish.isUnchecked { finishes.append(finish) }
      return nil
    case .runFinished(let finish): return text(finish)
    case .runStarted, .caseStarted, .stepStarted, .progress, .noted, .notice, .warning: return nil
    }
  }

  private func text(_ finish: RunFinish) -> String {
    let count = finish.counts.finished + finish.counts.notRun
    var text = "### qa-agent: \(count) \(count == 1 ? "case" : "cases")\n\n"
    text += "\(finish.counts.words), in \(finish.duration.elapsed).\n"
    if !finishes.isEmpty { text += table }
    if let rerun = finish.rerun { text += "\nRun the failures again: \(Self.code(rerun, 500))\n" }
    return text
  }

  private var table: String {
    var text = "\n| verdict | case | why |\n| --- | --- | --- |\n"
    let worst = finishes.filter(\.verdict.isTrouble) + finishes.filter { !$0.verdict.isTrouble }
    for finish in worst.prefix(Self.limit) {
      let why = finish.isUnchecked ? "nothing checked" : finish.reason
      text +=
        "| \(finish.verdict.rawValue) | \(Self.code(finish.id, 200)) | \(Self.code(why, 500)) |\n"
    }
    let more = worst.count - Self.limit
    return text + (more > 0 ? "\nand \(more) more\n" : "")
  }

  /// Text from outside as code, in which Markdown and HTML mean nothing.
  private static func code(_ text: String, _ limit: Int) -> String {
    let line = TerminalText.cut(TerminalText.neutral(text), to: limit)
    guard !line.isEmpty else { return "" }
    // The bar ends a table's cell even inside code, and a back quote ends the code.
    let safe = line.replacing("|", with: "\\|").replacing("`", with: "ˋ")
    return "`\(safe)`"
  }
}
