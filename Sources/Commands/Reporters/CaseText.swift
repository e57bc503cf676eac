internal import Durations
internal import Story

/// The lines that say what a case came to and how a run ended; shared by the reporters for people.
struct CaseText {
  /// How the lines look.
  let style: Style

  /// The line of a case, and below it the reason and the place of anything but a plain pass.
  ///
  /// `counter` stands before it: `[12/40]`.
  func lines(_ finish: CaseFinish, counter: String = "") -> String {
    let word = finish.verdict.colored(
      finish.verdict.rawValue.padding(to: 9), style)
    let front = counter.isEmpty ? "" : counter + " "
    let time = finish.duration.elapsed.padding(before: 7)
    var text = "\(front)\(word) \(style.dim(time))  \(name(finish))"
    let notes = notes(finish)
    if !notes.isEmpty { text += style.yellow(" (\(notes.joined(separator: ", ")))") }
    text += "\n"
    // A bar before each line: nothing that comes from outside may begin a line, where CI systems look for commands.
    for line in details(finish) { text += "    \(style.dim("|")) \(line)\n" }
    return text
  }

  /// The last lines: one sentence of counts and time, the reports, and the command for the failures.
  func lines(_ finish: RunFinish) -> String {
    let count = finish.counts.finished + finish.counts.notRun
    let words = finish.counts.words
    let cases = "\(count) \(count == 1 ? "case" : "cases")" + (words.isEmpty ? "" : ": \(words)")
    var text = "\n" + style.bold("\(cases), in \(finish.duration.elapsed).") + "\n"
    if let nothing = finish.counts.nothingTried { text += style.yellow(nothing) + "\n" }
    var rows = finish.reports.map { ($0.name, $0.path) }
    if let rerun = finish.rerun { rows.append(("Again", rerun)) }
    let column = rows.map(\.0.count).max() ?? 0
    for (name, value) in rows {
      text += "\((name + ":").padding(to: column + 1)) \(TerminalText.neutral(value))\n"
    }
    return text
  }

  private func name(_ finish: CaseFinish) -> String {
    let id = TerminalText.neutral(finish.id)
    let title = TerminalText.neutral(finish.title)
    return title.isEmpty || title == id ? id : "\(id)  \(style.dim(title))"
  }

  private func notes(_ finish: CaseFinish) -> [String] {
    (finish.attempts > 1 ? ["\(finish.attempts) attempts"] : [])
      + (finish.isUnchecked ? ["nothing checked"] : [])
  }

  /// So many warnings of a case are shown.
  private static let mostWarnings = 3

  private func details(_ finish: CaseFinish) -> [String] {
    var lines = TerminalText.neutralLines(finish.reason, limit: 20)
    if finish.verdict.isTrouble, let file = finish.file {
      let place = TerminalText.neutral(file) + (finish.line.map { ":\($0)" } ?? "")
      lines.append(style.cyan(place))
    }
    for warning in finish.warnings.prefix(Self.mostWarnings) {
      lines.append(style.yellow("warning: ") + TerminalText.neutral(warning))
    }
    if finish.warnings.count > Self.mostWarnings {
      lines.append("and \(finish.warnings.count - Self.mostWarnings) more warnings; see the report")
    }
    if finish.verdict.isTrouble, let output = finish.output {
      lines.append("output of the application: " + style.cyan(TerminalText.neutral(output)))
    }
    return lines
  }
}

extension String {
  /// The text with spaces after it, at least this wide.
  func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - TerminalText.width(self)))
  }

  /// The text with spaces before it, at least this wide.
  func padding(before width: Int) -> String {
    String(repeating: " ", count: max(0, width - TerminalText.width(self))) + self
  }
}

extension TerminalText {
  /// A count as people say it: `850`, `1.2k`, `34k`, `1.5M`.
  static func count(_ count: Int) -> String {
    switch count {
    case ..<1000: "\(max(0, count))"
    case ..<10_000: "\(count / 1000).\(count % 1000 / 100)k"
    case ..<1_000_000: "\(count / 1000)k"
    default: "\(count / 1_000_000).\(count % 1_000_000 / 100_000)M"
    }
  }
}
