public import Recording
internal import Session

/// The last lines of a finished run in a terminal.
public enum Summary {
  /// One sentence of counts and time, what was odd, the reports' paths, and the command that runs the
  /// failures again.
  ///
  /// - Parameters:
  ///   - report: the run.
  ///   - files: what was written, with a word for each: `("HTML", "reports/latest/index.html")`.
  ///   - redactor: what the text passes through.
  public static func text(
    _ report: RunReport, files: [(name: String, path: String)], redactor: Redactor = .none
  ) -> String {
    let total = max(report.counts.total, report.info.selected)
    var lines = [
      "\(total) \(total == 1 ? "case" : "cases") in \(report.duration.words): \(report.countWords)."
    ]
    lines += report.warnings.map { "warning: \($0)" }
    let width = files.map(\.name.count).max() ?? 0
    lines += files.map { file in
      "  \(file.name)\(String(repeating: " ", count: width - file.name.count))  \(file.path)"
    }
    if let command = report.rerunCommand {
      lines.append("Run the failures again:  \(command)")
    }
    let text = lines.map { redactor.redact($0) }.joined(separator: "\n")
    // Names come from files and reasons from screens: neither may talk to the terminal.
    return XMLText.clean(text)
  }
}

extension RunReport {
  /// The command that runs again what did not pass; nil when there is nothing to run again.
  public var rerunCommand: String? {
    failures.isEmpty || info.id.isEmpty ? nil : info.rerunCommand
  }
}
