internal import Durations
internal import JSONCoding
internal import Recording
internal import Reports
internal import Story

/// A run as `runs list` tells it.
struct ListedRun {
  let run: RunFolder
  let isLatest: Bool
  let isRunning: Bool
  let isKept: Bool
  /// In bytes.
  let size: Int
  /// How long ago it began; nil where nobody knows.
  let age: Duration?
  /// What its journal comes to; nil where it cannot be read.
  let report: RunReport?
  /// Why it cannot be read.
  let problem: String?

  /// Looks at a run; it blocks while it reads.
  init(_ run: RunFolder, isLatest: Bool, now: UTCTime) {
    self.run = run
    self.isLatest = isLatest
    isRunning = run.isBeingWritten
    isKept = run.isKept
    size = run.size
    var problem: String?
    do { report = try RunFold.summary(run) } catch {
      report = nil
      problem = "\(error)"
    }
    self.problem = problem
    age = report.flatMap { UTCTime($0.info.startedAt) }
      .map { .milliseconds(max(0, now.milliseconds - $0.milliseconds)) }
  }

  /// The run for a program.
  var json: JSON {
    var object = JSONObject([
      ("id", .string(run.id)), ("folder", .string(run.path)), ("latest", .bool(isLatest)),
      ("running", .bool(isRunning)), ("kept", .bool(isKept)), ("bytes", .integer(size)),
    ])
    object["started"] = report.map { .string($0.info.startedAt) } ?? .null
    object["ageSeconds"] = age.map { .integer(Int($0.milliseconds / 1000)) } ?? .null
    object["finished"] = .bool(report?.ending != nil)
    object["verdict"] =
      isRunning ? .null : report.map { .string($0.verdict.rawValue) } ?? .null
    object["counts"] = report.map(counts) ?? .null
    object["problem"] = problem.map { .string($0) } ?? .null
    return .object(object)
  }

  private func counts(_ report: RunReport) -> JSON {
    let counts = report.counts
    var object = JSONObject([("total", .integer(counts.total))])
    for verdict in Verdict.allCases {
      object[verdict == .timedOut ? "timedOut" : verdict.rawValue] = .integer(counts[verdict])
    }
    object["notRun"] = .integer(report.notRun)
    return .object(object)
  }
}

/// The table of runs for people.
struct RunsText {
  let style: Style

  /// A line for each run.
  func table(_ runs: [ListedRun]) -> String {
    let rows = runs.map { [$0.run.id, age($0), size($0.size), came($0), marks($0)].map(clean) }
    let widths = (0..<4).map { column in
      rows.map { TerminalText.width($0[column]) }.max() ?? 0
    }
    return rows.map { row in
      let cells = [
        style.bold(row[0].padding(to: widths[0])), row[1].padding(before: widths[1]),
        row[2].padding(before: widths[2]), row[3].padding(to: row[4].isEmpty ? 0 : widths[3]),
      ]
      return cells.joined(separator: "  ") + (row[4].isEmpty ? "" : "  " + style.dim(row[4])) + "\n"
    }.joined()
  }

  private func clean(_ text: String) -> String { TerminalText.neutral(text) }

  /// `12s`, `5m`, `3h`, `2d`.
  private func age(_ run: ListedRun) -> String {
    guard let age = run.age else { return "?" }
    let seconds = age.milliseconds / 1000
    switch seconds {
    case ..<60: return "\(seconds)s ago"
    case ..<3600: return "\(seconds / 60)m ago"
    case ..<86_400: return "\(seconds / 3600)h ago"
    default: return "\(seconds / 86_400)d ago"
    }
  }

  private func size(_ bytes: Int) -> String {
    switch bytes {
    case ..<1000: "\(bytes) B"
    case ..<1_000_000: "\(bytes / 1000) kB"
    case ..<1_000_000_000: "\(bytes / 1_000_000).\(bytes / 100_000 % 10) MB"
    default: "\(bytes / 1_000_000_000).\(bytes / 100_000_000 % 10) GB"
    }
  }

  private func came(_ run: ListedRun) -> String {
    guard let report = run.report else { return "cannot be read: \(run.problem ?? "")" }
    if run.isRunning { return "running: \(report.countWords)" }
    return report.countWords + (report.ending == nil ? ", cut off" : "")
  }

  private func marks(_ run: ListedRun) -> String {
    [run.isLatest ? "latest" : nil, run.isKept ? "kept" : nil].compactMap(\.self)
      .joined(separator: ", ")
  }
}
