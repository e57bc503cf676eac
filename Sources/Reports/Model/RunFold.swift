internal import JSONCoding
public import Recording
internal import Scenario
internal import Story

/// Folds the lines of a journal into a report, one at a time: a pure function of the lines.
///
/// It works on a run that is still going, on one that was cut off and on one whose journal has lines that
/// this version does not know.
public struct RunFold: Sendable {
  /// The most warnings about lines that could not be read.
  private static let warningLimit = 20

  private var info: RunInfo?
  private var standings = CaseStandings()
  private var order: [String] = []
  private var cases: [String: CaseFold] = [:]
  private var ending: RunEnding?
  private var warnings: [String] = []
  private var unreadable = 0
  private var last = Duration.zero

  /// A fold that has seen nothing.
  public init() {}

  /// The report of some lines.
  public static func report(_ lines: some Sequence<JournalLine>) -> RunReport {
    var fold = RunFold()
    for line in lines { fold.add(line) }
    return fold.report
  }

  /// The report of a recording on disk, with what its reader warned of; blocks.
  public static func report(_ folder: RunFolder) throws -> RunReport {
    let (lines, contents) = try JournalReader.read(folder)
    var report = report(lines)
    if report.info.id.isEmpty { report.info.id = folder.id }
    report.warnings += contents.warnings
    return report
  }

  /// The report of a recording on disk without what happened in its attempts, which is much quicker; blocks.
  public static func summary(_ folder: RunFolder) throws -> RunReport {
    var fold = RunFold()
    let kept: Set = [
      "run.started", "run.planned", "run.resumed", "run.finished", "case.started", "case.finished",
      "attempt.started",
    ]
    try JournalReader.read(folder.events) { if kept.contains($0.type) { fold.add($0) } }
    return fold.report
  }

  /// Takes the next line.
  public mutating func add(_ line: JournalLine) {
    last = max(last, line.time)
    standings.add(line)
    let fields = JSON.object(line.fields)
    do {
      if let entry = try RunEntry(type: line.type, fields: fields) {
        add(entry, of: line)
      } else if let id = line.caseID, let entry = try JournalEntry(type: line.type, fields: fields)
      {
        add(entry, of: id, line)
      } else if line.type == "oversize" {
        warn("line \(line.sequence) of the journal was too long to be kept")
      } else if line.type == "incomplete", let why = fields["why"]?.string {
        warn(why)
      }
    } catch {
      unreadable += 1
      warn("line \(line.sequence) of the journal (\(line.type)) could not be understood")
    }
  }

  private mutating func warn(_ text: String) {
    if warnings.count < Self.warningLimit, !warnings.contains(text) { warnings.append(text) }
  }

  private mutating func add(_ entry: RunEntry, of line: JournalLine) {
    switch entry {
    case .runStarted(let info):
      // A resumed run starts again in the same journal: its first start is the run's.
      if self.info == nil { self.info = info }
      ending = nil
    // How far the planned cases come is followed beside.
    case .runPlanned: break
    case .runResumed(let resumed):
      ending = nil
      for change in resumed.changes { warn("the run went on although \(change)") }
    case .runNoted(let note): if note.isWarning { warn(note.text) }
    case .caseStarted(let info): withCase(line.caseID ?? info.id) { $0.info = info }
    case .caseFinished(let ending):
      if let id = line.caseID { withCase(id) { $0.ending = ending } }
    case .runFinished(let ending):
      self.ending = ending
      if !ending.recordingProblem.isEmpty { warn(ending.recordingProblem) }
    }
  }

  private mutating func add(_ entry: JournalEntry, of id: String, _ line: JournalLine) {
    let number = line.attempt ?? 1
    withCase(id) { item in
      if case .started(let plan) = entry {
        if item.info == nil { item.info = CaseInfo(plan.testCase) }
        item.attempts.append(AttemptFold(number: number, start: line.time))
        // A verdict from before a resumed run tried again is no longer the last word.
        item.ending = nil
      }
      guard let index = item.attempts.lastIndex(where: { $0.number == number }) else { return }
      item.attempts[index].add(entry, at: line.time)
    }
  }

  private mutating func withCase(_ id: String, _ body: (inout CaseFold) -> Void) {
    if cases[id] == nil { order.append(id) }
    body(&cases[id, default: CaseFold()])
  }

  /// The report of what was seen so far.
  public var report: RunReport {
    let reason = interruption
    let waiting = standings.ids.filter { standings[$0] == .waiting }
    let began = Set(order).subtracting(waiting)
    return RunReport(
      info: info ?? Self.unknown,
      cases: order.compactMap { id in
        began.contains(id) ? cases[id]?.report(id: id, interruption: reason) : nil
      },
      neverBegun: waiting.map { neverBegun($0, reason) },
      duration: ending?.duration ?? last, ending: ending, warnings: warnings)
  }

  /// A case of which no attempt began: all that is known of it is what was planned.
  private func neverBegun(_ id: String, _ reason: String) -> CaseReport {
    if let item = cases[id] { return item.report(id: id, interruption: reason) }
    var report = CaseReport(id: id, ending: Ending(.skipped, "not run: \(reason)"))
    if let planned = standings.planned[id] {
      report.name = planned.name
      report.location = planned.location
    }
    return report
  }

  private static let unknown = RunInfo(
    id: "", version: "", commandLine: [], startedAt: "", host: "", selected: 0, workers: 1,
    model: "")

  /// Why cases without a verdict have none.
  private var interruption: String {
    guard let ending else { return "the run was cut off" }
    return ending.signal.map { "the run was stopped by \($0)" } ?? ending.stopped
      ?? "the run ended before"
  }
}

/// What is known of one case so far.
private struct CaseFold: Sendable {
  var info: CaseInfo?
  var ending: CaseEnding?
  var attempts: [AttemptFold] = []

  func report(id: String, interruption: String) -> CaseReport {
    let attempts = self.attempts.enumerated().map { index, attempt in
      // One that another followed was cut off, whatever became of the run.
      attempt.report(
        interruption: index + 1 < self.attempts.count ? "the run was cut off" : interruption)
    }
    var report = CaseReport(
      id: id, ending: ending?.ending ?? Self.ending(of: attempts, interruption: interruption),
      duration: ending?.duration ?? attempts.map(\.duration).reduce(.zero, +), attempts: attempts)
    report.isUnchecked = ending?.isUnchecked ?? (attempts.last?.outcome?.isUnchecked ?? false)
    if let info { report.describe(info) }
    return report
  }

  private static func ending(of attempts: [AttemptReport], interruption: String) -> Ending {
    guard let last = attempts.last else { return Ending(.skipped, "not run: \(interruption)") }
    let hadTrouble = attempts.dropLast().contains { $0.ending.verdict.isTrouble }
    guard last.ending.verdict == .passed, hadTrouble else { return last.ending }
    return Ending(.flaky, "passed on attempt \(last.number)")
  }
}
