internal import JSONCoding
public import Recording
internal import Scenario
public import Story

/// What an interrupted run left behind: a pure function of the lines of its journal, wherever they end.
///
/// A case is outstanding until it has a verdict that stays: being stopped is none.
public struct PastRun: Hashable, Sendable {
  /// What was known when it began; nil when it was cut off before.
  public private(set) var info: RunInfo?
  /// The settings that decided; nil when it was cut off before it was planned.
  private(set) var settings: RunSettings?
  private var order: [String] = []
  private var planned: [String: PlannedCase] = [:]
  private var digests: [String: String] = [:]
  private var paths: [String] = []
  private var cases: [String: PastCase] = [:]
  /// How long it ran.
  private(set) var duration = Duration.zero
  /// Whether it has its end, and not by being stopped.
  public private(set) var isFinished = false

  /// Nothing is known yet.
  public init() {}

  /// What a recording on disk comes to; blocks.
  public init(_ folder: RunFolder) throws {
    try JournalReader.read(folder.events) { add($0) }
  }

  /// Takes the next line; one that cannot be read says nothing.
  public mutating func add(_ line: JournalLine) {
    duration = max(duration, line.time)
    let fields = JSON.object(line.fields)
    if let id = line.caseID, line.type != "case.started", line.type != "case.finished" {
      return cases[id, default: PastCase()].add(line, fields)
    }
    switch try? RunEntry(type: line.type, fields: fields) {
    case .runStarted(let info)?: self.info = self.info ?? info
    case .runPlanned(let plan)?: add(plan)
    case .runResumed?: isFinished = false
    case .runFinished(let ending)?: isFinished = ending.signal == nil
    case .caseFinished(let ending)?:
      if let id = line.caseID { cases[id, default: PastCase()].finish(ending) }
    case .caseStarted?, .runNoted?, nil: break
    }
  }

  private mutating func add(_ plan: RunPlan) {
    settings = plan.settings
    for item in plan.cases {
      if planned[item.id] == nil { order.append(item.id) }
      planned[item.id] = item
    }
    for file in plan.files {
      if digests[file.file] == nil { paths.append(file.file) }
      digests[file.file] = file.digest
    }
  }

  /// Whether all that it was to do was written down.
  public var isPlanned: Bool { info.map { !order.isEmpty && order.count >= $0.selected } ?? false }

  /// The ids of its cases, as planned.
  public var ids: [String] { order }

  /// The ids of the cases that still have to run, as planned.
  public var outstanding: [String] { order.filter { self[$0].isOutstanding } }

  /// What is known of a case.
  subscript(id: String) -> PastCase { cases[id] ?? PastCase() }

  /// The verdicts that stay, by case.
  var kept: [String: CaseEnding] {
    cases.compactMapValues { $0.isOutstanding ? nil : $0.ending }
  }

  /// The files that it read, and their digests.
  public var files: [FileDigest] {
    paths.map { FileDigest(file: $0, digest: digests[$0] ?? "") }
  }

  /// The digest of the plan of a case; nil where it was not planned.
  func digest(of id: String) -> String? { planned[id]?.digest }
}

/// What is known of a case from before.
struct PastCase: Hashable, Sendable {
  /// An attempt that came to its end.
  struct Attempt: Hashable, Sendable {
    let number: Int
    let outcome: Outcome
    var output: ApplicationOutput?
  }

  /// The attempts that came to a verdict that stays, in order.
  private(set) var attempts: [Attempt] = []
  /// How many began.
  private(set) var begun = 0
  private(set) var ending: CaseEnding?

  /// Whether it has no verdict, or one that only says that it was stopped.
  var isOutstanding: Bool { ending.map { $0.ending.verdict == .interrupted } ?? true }

  fileprivate mutating func finish(_ ending: CaseEnding) {
    // A verdict is never taken back.
    if isOutstanding { self.ending = ending }
  }

  fileprivate mutating func add(_ line: JournalLine, _ fields: JSON) {
    let number = line.attempt ?? 1
    switch line.type {
    case "attempt.started": begun = max(begun, number)
    case "effect":
      guard fields["effect"]?["finish"] != nil,
        case .effect(.finish(let outcome))? = try? JournalEntry(type: line.type, fields: fields),
        outcome.ending.verdict != .interrupted, !attempts.contains(where: { $0.number == number })
      else { return }
      attempts.append(Attempt(number: number, outcome: outcome))
    case "output":
      guard let index = attempts.firstIndex(where: { $0.number == number }),
        case .output(let output)? = try? JournalEntry(type: line.type, fields: fields)
      else { return }
      attempts[index].output = output
    default: break
    }
  }
}
