internal import Durations
public import JSONCoding
internal import Pixels
public import Recording
internal import Scenario
internal import Story

/// The machine-readable summary of a run: `results.json`.
public enum ResultsJSON {
  /// The name and version of its schema; readers accept the same major number.
  public static let schema = "qa-agent.results/1.0"

  /// The document.
  public static func document(_ report: RunReport, redactor: Redactor = .none) -> JSON {
    redactor.redact(
      [
        "schema": .string(schema), "verdict": .string(report.verdict.rawValue),
        "run": run(report), "counts": counts(report), "models": report.usage.json,
        "warnings": .array(report.warnings.map { .string($0) }),
        "cases": .array(report.cases.map(caseJSON)),
        "notRun": .array(report.neverBegun.map(notRun)),
      ])
  }

  private static func run(_ report: RunReport) -> JSON {
    let info = report.info
    return [
      "id": .string(info.id), "version": .string(info.version),
      "command": .array(info.commandLine.map { .string($0) }),
      "started": .string(info.startedAt), "seconds": report.duration.secondsJSON,
      "host": .string(info.host), "workers": .integer(info.workers), "model": .string(info.model),
      "finished": .bool(report.ending != nil),
      "exitCode": report.ending.map { .integer($0.exitCode) } ?? .null,
      "signal": report.ending?.signal.map { .string($0) } ?? .null,
      "rerun": report.rerunCommand.map { .string($0) } ?? .null,
      "findings": .array(
        info.findings.map { finding in
          [
            "model": .string(finding.model), "probe": .string(finding.probe),
            "outcome": .string(finding.outcome), "message": .string(finding.message),
          ]
        }),
    ]
  }

  private static func counts(_ report: RunReport) -> JSON {
    let counts = report.counts
    var object = JSONObject([("total", .integer(counts.total))])
    for verdict in Verdict.allCases { object[verdict.key] = .integer(counts[verdict]) }
    object["notRun"] = .integer(report.notRun)
    object["nothingChecked"] = .integer(counts.unchecked)
    return .object(object)
  }

  private static func caseJSON(_ item: CaseReport) -> JSON {
    [
      "id": .string(item.id), "name": .string(item.name),
      "file": item.location.map { .string($0.file) } ?? .null,
      "line": item.location.map { .integer($0.line) } ?? .null,
      "tags": .array(item.tags.map { .string($0) }),
      "properties": .object(JSONObject(item.properties.map { ($0.name, .string($0.value)) })),
      "verdict": .string(item.verdict.rawValue), "reason": .string(item.ending.reason),
      "nothingChecked": .bool(item.isUnchecked),
      "warnings": .array(item.warnings.map { .string($0) }), "seconds": item.duration.secondsJSON,
      "models": item.usage.json, "attempts": .array(item.attempts.map(attempt)),
    ]
  }

  private static func notRun(_ item: CaseReport) -> JSON {
    [
      "id": .string(item.id), "name": .string(item.name),
      "file": item.location.map { .string($0.file) } ?? .null,
      "line": item.location.map { .integer($0.line) } ?? .null,
      "reason": .string(item.ending.reason),
    ]
  }

  private static func attempt(_ attempt: AttemptReport) -> JSON {
    [
      "number": .integer(attempt.number), "verdict": .string(attempt.ending.verdict.rawValue),
      "reason": .string(attempt.ending.reason), "start": attempt.start.secondsJSON,
      "seconds": attempt.duration.secondsJSON, "target": .string(attempt.target),
      "models": attempt.usage.json, "steps": .array(attempt.steps.map(step)),
      "output": attempt.output.map(output) ?? .null,
    ]
  }

  private static func output(_ output: ApplicationOutput) -> JSON {
    [
      "file": output.file.map { .string($0) } ?? .null,
      "end": output.end.map { .string($0.words) } ?? .null,
      "lines": .array(output.lines.map { .string($0) }),
    ]
  }

  private static func step(_ step: StepReport) -> JSON {
    [
      "number": .integer(step.info.index + 1), "phase": .string(step.info.phase.rawValue),
      "groups": .array(step.info.groups.map { .string($0) }), "title": .string(step.info.title),
      "keyword": .string(step.info.keyword), "file": .string(step.info.location.file),
      "line": .integer(step.info.location.line), "verdict": .string(step.ending.verdict.rawValue),
      "reason": .string(step.ending.reason),
      "lane": step.lane.map { .string($0.rawValue) } ?? .null,
      "start": step.start.secondsJSON, "seconds": step.duration.secondsJSON,
      "checks": .array(step.evidence.map(check)),
      "calls": .array(step.moments.flatMap(calls)),
      "warnings": .array(
        step.moments.compactMap { moment in
          if case .warning(let text) = moment.kind { .string(text) } else { nil }
        }),
    ]
  }

  /// The calls of models in a moment, each with what it cost.
  private static func calls(_ moment: Moment) -> [JSON] {
    switch moment.kind {
    case .asked(let call): call.reply.map { [Self.call($0)] } ?? []
    case .judged(let call): call.replies.map(Self.call)
    default: []
    }
  }

  private static func call(_ reply: ModelReply) -> JSON {
    [
      "role": .string(reply.role), "model": .string(reply.model),
      "promptTokens": .integer(reply.promptTokens),
      "cachedTokens": .integer(reply.cachedTokens),
      "completionTokens": .integer(reply.completionTokens),
      "seconds": reply.duration.secondsJSON,
    ]
  }

  private static func check(_ evidence: Evidence) -> JSON {
    [
      "expected": .string(evidence.expected), "measured": .string(evidence.measured),
      "holds": .bool(evidence.holds), "regions": .array(evidence.regions.map(\.json)),
      "picture": evidence.frame.flatMap { BlobStore.name(of: $0.blob) }.map { .string($0) }
        ?? .null,
    ]
  }
}

extension Usage {
  /// The costs as JSON.
  var json: JSON {
    [
      "calls": .integer(calls), "promptTokens": .integer(promptTokens),
      "cachedTokens": .integer(cachedTokens), "completionTokens": .integer(completionTokens),
      "seconds": duration.secondsJSON,
    ]
  }
}

extension PixelRect {
  /// Left, top, across, down.
  var json: JSON { [.integer(x), .integer(y), .integer(width), .integer(height)] }
}

extension Duration {
  /// Seconds with up to three decimals.
  var secondsJSON: JSON { .number(Double(max(0, milliseconds)) / 1000) }
}

extension Verdict {
  /// The verdict as a key: `timedOut`.
  var key: String { self == .timedOut ? "timedOut" : rawValue }
}
