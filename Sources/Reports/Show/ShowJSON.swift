public import JSONCoding
internal import Scenario
internal import Story

/// What `show --json` prints.
///
/// Fields are only ever added.
public struct ShowJSON: Sendable {
  /// The version of what is printed.
  public static let version = 1

  /// Whether foreign texts are there; without them only whose they are and how long.
  let withContent: Bool

  /// JSON with or without foreign texts.
  public init(withContent: Bool) { self.withContent = withContent }

  /// A whole run: its cases without what happened in them.
  ///
  /// - Parameters:
  ///   - report: what its journal comes to.
  ///   - folder: the path of its folder.
  ///   - isRunning: whether it is still being written.
  public func document(_ report: RunReport, in folder: String, isRunning: Bool) -> JSON {
    var object = head(report, folder, isRunning)
    var counts = JSONObject([("total", .integer(report.counts.total))])
    for verdict in Verdict.allCases { counts[verdict.key] = .integer(report.counts[verdict]) }
    counts["notRun"] = .integer(report.notRun)
    object["counts"] = .object(counts)
    object["warnings"] = .array(
      report.warnings.map { ShownText.foreign($0, from: .mixed).json(withContent: withContent) })
    object["cases"] = .array(
      report.cases.map { .object(summary(ShownCase($0, in: folder), isRun: true)) }
        + report.neverBegun.map { .object(summary(ShownCase($0, in: folder), isRun: false)) })
    return .object(object)
  }

  /// A case with all that happened in it.
  public func document(
    _ item: ShownCase, of report: RunReport, in folder: String, isRunning: Bool
  ) -> JSON {
    var object = head(report, folder, isRunning)
    var shown = summary(item, isRun: !item.attempts.isEmpty || item.verdict != .skipped)
    shown["attempts"] = .array(item.attempts.map(attempt))
    object["case"] = .object(shown)
    return .object(object)
  }

  private func head(_ report: RunReport, _ folder: String, _ isRunning: Bool) -> JSONObject {
    let info = report.info
    var run = JSONObject([("id", .string(info.id)), ("folder", .string(folder))])
    run["verdict"] = isRunning ? .null : .string(report.verdict.rawValue)
    run["running"] = .bool(isRunning)
    run["finished"] = .bool(report.ending != nil)
    run["command"] = .array(info.commandLine.map { .string($0) })
    run["started"] = .string(info.startedAt)
    run["seconds"] = report.duration.secondsJSON
    run["host"] = .string(info.host)
    run["model"] = .string(info.model)
    run["exitCode"] = report.ending.map { .integer($0.exitCode) } ?? .null
    return JSONObject([("version", .integer(Self.version)), ("run", .object(run))])
  }

  private func summary(_ item: ShownCase, isRun: Bool) -> JSONObject {
    JSONObject([
      ("id", .string(item.id)), ("name", .string(item.name)),
      ("file", item.location.map { .string($0.file) } ?? .null),
      ("line", item.location.map { .integer($0.line) } ?? .null),
      ("verdict", .string(item.verdict.rawValue)), ("run", .bool(isRun)),
      ("seconds", item.duration.secondsJSON), ("nothingChecked", .bool(item.isUnchecked)),
      ("reason", .object(item.reason.object(withContent: withContent))),
      ("attempts", .integer(item.attempts.count)),
    ])
  }

  private func attempt(_ attempt: ShownAttempt) -> JSON {
    [
      "number": .integer(attempt.number), "verdict": .string(attempt.verdict.rawValue),
      "start": attempt.start.secondsJSON, "seconds": attempt.duration.secondsJSON,
      "target": .string(attempt.target),
      "reason": .object(attempt.reason.object(withContent: withContent)),
      "steps": .array(attempt.steps.map(step)), "moments": .array(attempt.moments.map(moment)),
      "output": .object(attempt.output.object(withContent: withContent)),
    ]
  }

  private func step(_ step: ShownStep) -> JSON {
    [
      "number": .integer(step.number), "phase": .string(step.phase.rawValue),
      "groups": .array(step.groups.map { .string($0) }),
      "title": step.title.json(withContent: withContent), "file": .string(step.location.file),
      "line": .integer(step.location.line), "verdict": .string(step.verdict.rawValue),
      "start": step.start.secondsJSON, "seconds": step.duration.secondsJSON,
      "lane": step.lane.map { .string($0.rawValue) } ?? .null,
      "reason": .object(step.reason.object(withContent: withContent)),
      "picture": step.picture.map { .string($0) } ?? .null,
      "moments": .array(step.moments.map(moment)),
    ]
  }

  private func moment(_ moment: ShownMoment) -> JSON {
    var object = JSONObject([("at", moment.at.secondsJSON), ("kind", .string(moment.kind))])
    for (key, value) in moment.facts.object(withContent: withContent).pairs {
      object[key] = value
    }
    return .object(object)
  }
}
