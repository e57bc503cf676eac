internal import Durations
internal import JSONCoding
internal import Story

/// One JSON object a line for each event, for programs.
///
/// Fields are only ever added.
struct JSONReporter: Reporter {
  /// The version of the lines.
  static let version = 1

  mutating func text(for event: ReporterEvent, at now: Duration) -> String {
    var line = JSONObject([("event", .string(Self.name(event))), ("at", Self.seconds(now))])
    for (key, value) in Self.fields(event) { line[key] = value }
    return Self.withoutControls(JSON.object(line).text) + "\n"
  }

  private static func name(_ event: ReporterEvent) -> String {
    switch event {
    case .runStarted: "run_started"
    case .caseStarted: "case_started"
    case .stepStarted: "step_started"
    case .progress: "progress"
    case .noted: "noted"
    case .caseFinished: "case_finished"
    case .notice: "notice"
    case .warning: "warning"
    case .runFinished: "run_finished"
    }
  }

  private static func fields(_ event: ReporterEvent) -> KeyValuePairs<String, JSON> {
    switch event {
    case .runStarted(let start):
      [
        "version": .integer(version), "run": .string(start.run), "cases": .integer(start.cases),
        "workers": .integer(start.workers),
      ]
    case .caseStarted(let start):
      ["id": .string(start.id), "name": .string(start.title), "attempt": .integer(start.attempt)]
    case .stepStarted(let step): ["id": .string(step.id), "title": .string(step.title)]
    case .progress(let progress):
      [
        "id": .string(progress.id), "doing": optional(progress.doing),
        "model_calls": .integer(progress.modelCalls), "tokens": .integer(progress.tokens),
      ]
    case .noted(let note):
      [
        "id": .string(note.id), "text": .string(note.text), "is_warning": .bool(note.isWarning),
      ]
    case .caseFinished(let finish): fields(finish)
    case .notice(let text), .warning(let text): ["text": .string(text)]
    case .runFinished(let finish): fields(finish)
    }
  }

  private static func fields(_ finish: CaseFinish) -> KeyValuePairs<String, JSON> {
    [
      "id": .string(finish.id), "name": .string(finish.title),
      "verdict": .string(finish.verdict.rawValue), "reason": .string(finish.reason),
      "seconds": seconds(finish.duration), "file": optional(finish.file),
      "line": finish.line.map { .integer($0) } ?? .null, "attempts": .integer(finish.attempts),
      "unchecked": .bool(finish.isUnchecked), "output": optional(finish.output),
      "warnings": .array(finish.warnings.map { .string($0) }),
    ]
  }

  private static func fields(_ finish: RunFinish) -> KeyValuePairs<String, JSON> {
    let counts = Verdict.allCases.map { ($0.rawValue, JSON.integer(finish.counts[$0])) }
    let reports = finish.reports.map { ($0.name, JSON.string($0.path)) }
    return [
      "counts": .object(JSONObject(counts)), "not_run": .integer(finish.counts.notRun),
      "unchecked": .integer(finish.counts.unchecked), "seconds": seconds(finish.duration),
      "reports": .object(JSONObject(reports)), "rerun": optional(finish.rerun),
    ]
  }

  private static func optional(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }

  /// Seconds with three digits after the point.
  private static func seconds(_ duration: Duration) -> JSON {
    .number(Double(duration.milliseconds) / 1000)
  }

  /// The controls from U+0080 on are allowed in JSON, and a terminal obeys them.
  private static func withoutControls(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { (0x80..<0xA0).contains($0.value) }) else {
      return text
    }
    var result = ""
    for scalar in text.unicodeScalars {
      if (0x80..<0xA0).contains(scalar.value) {
        result += "\\u00" + String(scalar.value, radix: 16)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
