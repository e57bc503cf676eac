internal import Story

/// Annotations for GitHub Actions: an error where a case failed, a warning where it was flaky.
///
/// Format: workflow commands, `::error file=…,line=…,title=…::message`. GitHub shows ten of a kind for a step,
/// so the tenth says how many more there are.
struct GitHubReporter: Reporter {
  private var errors = 0
  private var warnings = 0
  private var finishes: [CaseFinish] = []
  private static let limit = 9

  mutating func text(for event: ReporterEvent, at now: Duration) -> String {
    switch event {
    case .runStarted, .caseStarted, .stepStarted, .progress, .noted, .notice: return ""
    case .caseFinished(let finish): return annotation(finish)
    case .warning(let text): return Self.command("warning", [], text)
    case .runFinished: return rest
    }
  }

  private mutating func annotation(_ finish: CaseFinish) -> String {
    if finish.verdict.isTrouble {
      errors += 1
      return errors <= Self.limit ? Self.command("error", finish) : ""
    }
    guard finish.verdict == .flaky else { return "" }
    warnings += 1
    return warnings <= Self.limit ? Self.command("warning", finish) : ""
  }

  private var rest: String {
    let more = [("error", errors, "did not pass"), ("warning", warnings, "were flaky")]
    return more.map { kind, count, words in
      count > Self.limit
        ? Self.command(kind, [], "and \(count - Self.limit) more cases \(words)") : ""
    }.joined()
  }

  private static func command(_ kind: String, _ finish: CaseFinish) -> String {
    var properties: [(String, String)] = []
    if let file = finish.file { properties.append(("file", file)) }
    if let line = finish.line { properties.append(("line", String(line))) }
    properties.append(("title", "\(finish.id): \(finish.verdict.rawValue)"))
    let reason = finish.reason.isEmpty ? finish.verdict.rawValue : finish.reason
    return command(kind, properties, reason)
  }

  private static func command(
    _ kind: String, _ properties: [(String, String)], _ message: String
  ) -> String {
    let list = properties.map { "\($0)=\(escape($1, isProperty: true))" }.joined(separator: ",")
    let text = TerminalText.neutralLines(message, limit: 20).joined(separator: "\n")
    return "::\(kind)\(list.isEmpty ? "" : " ")\(list)::\(escape(text))\n"
  }

  private static func escape(_ text: String, isProperty: Bool = false) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      case ":" where isProperty: result += "%3A"
      case "," where isProperty: result += "%2C"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
