public import Scenario
public import Story

/// Everything a report says of a run: what a fold over its journal comes to.
public struct RunReport: Hashable, Sendable {
  /// What was known when it began.
  public var info: RunInfo
  /// The cases, in the order in which they began.
  public var cases: [CaseReport]
  /// The cases of which no attempt began before the run ended, and that have no verdict.
  public var neverBegun: [CaseReport]
  /// How long it took by the clock on the wall.
  public var duration: Duration
  /// How it ended; nil when its journal stops before.
  public var ending: RunEnding?
  /// What is not as it should be, and does not change a verdict.
  public var warnings: [String]

  /// A report.
  public init(
    info: RunInfo, cases: [CaseReport] = [], neverBegun: [CaseReport] = [],
    duration: Duration = .zero, ending: RunEnding? = nil,
    warnings: [String] = []
  ) {
    self.info = info
    self.cases = cases
    self.neverBegun = neverBegun
    self.duration = duration
    self.ending = ending
    self.warnings = warnings
  }

  /// How many cases came to what.
  public var counts: Counts { Counts(cases) }
  /// How many cases were selected and did not run, because the run ended before.
  public var notRun: Int { max(neverBegun.count, info.selected - cases.count) }
  /// Whether nobody wrote down which cases these are, as in older recordings.
  public var isPlanUnknown: Bool { notRun > neverBegun.count }
  /// What models cost over all cases.
  public var usage: Usage { cases.map(\.usage).reduce(Usage(), +) }
  /// The cases that a rerun would run: neither passed nor flaky nor skipped.
  public var failures: [CaseReport] { cases.filter { $0.verdict.isTrouble } }
}

/// How many cases came to what.
public struct Counts: Hashable, Sendable {
  private var numbers: [Verdict: Int] = [:]
  /// Passed or flaky cases that checked nothing.
  public private(set) var unchecked = 0

  /// The counts of some cases.
  public init(_ cases: [CaseReport]) {
    for item in cases {
      numbers[item.verdict, default: 0] += 1
      if item.isUnchecked { unchecked += 1 }
    }
  }

  /// How many came to a verdict.
  public subscript(verdict: Verdict) -> Int { numbers[verdict, default: 0] }
  /// All of them.
  public var total: Int { numbers.values.reduce(0, +) }
  /// Failed or out of time.
  public var failures: Int { self[.failed] + self[.timedOut] }
  /// Without a verdict about the product.
  public var errors: Int { self[.error] + self[.interrupted] }
}

/// What models cost.
public struct Usage: Hashable, Sendable {
  /// Calls that were answered.
  public var calls = 0
  /// Tokens of the prompts.
  public var promptTokens = 0
  /// Tokens of the prompts that came from the engine's cache.
  public var cachedTokens = 0
  /// Tokens of the answers.
  public var completionTokens = 0
  /// Time spent waiting.
  public var duration = Duration.zero

  /// No cost.
  public init() {}

  /// The sum.
  public static func + (left: Usage, right: Usage) -> Usage {
    var sum = left
    sum.calls += right.calls
    sum.promptTokens = left.promptTokens.clampedSum(right.promptTokens)
    sum.cachedTokens = left.cachedTokens.clampedSum(right.cachedTokens)
    sum.completionTokens = left.completionTokens.clampedSum(right.completionTokens)
    sum.duration += right.duration
    return sum
  }

  /// Counts a reply.
  mutating func add(_ reply: ModelReply) {
    var one = Usage()
    one.calls = 1
    one.promptTokens = max(0, reply.promptTokens)
    one.cachedTokens = max(0, reply.cachedTokens)
    one.completionTokens = max(0, reply.completionTokens)
    one.duration = reply.duration
    self = self + one
  }
}

extension Int {
  /// The sum of two numbers that are not negative; the biggest number when it would not fit.
  func clampedSum(_ other: Int) -> Int {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? .max : sum
  }
}

/// What a case came to, and how.
public struct CaseReport: Hashable, Sendable {
  /// Unique in a run and the same from run to run.
  public var id: String
  /// The name people read.
  public var name: String
  /// Free text.
  public var description: String
  /// Where its scenario stands; nil when that is not known.
  public var location: SourceLocation?
  /// Its tags.
  public var tags: [String]
  /// Its properties, in order.
  public var properties: [Scenario.Property]
  /// The final verdict and why.
  public var ending: Ending
  /// How long all attempts took.
  public var duration: Duration
  /// Whether it passed without any check.
  public var isUnchecked: Bool
  /// Its attempts, in order; none when it was not run.
  public var attempts: [AttemptReport]
  /// The folder of the kept pictures, relative to the folder of the reports.
  var blobFolder: String

  /// A case of which only the id and the end are known.
  public init(
    id: String, name: String? = nil, ending: Ending, duration: Duration = .zero,
    attempts: [AttemptReport] = []
  ) {
    self.id = id
    self.name = name ?? id
    self.ending = ending
    self.duration = duration
    self.attempts = attempts
    description = ""
    tags = []
    properties = []
    isUnchecked = false
    blobFolder = "recording/blobs"
  }

  /// The final verdict.
  public var verdict: Verdict { ending.verdict }
  /// What models cost.
  public var usage: Usage { attempts.map(\.usage).reduce(Usage(), +) }

  /// Takes over what is known of a case.
  mutating func describe(_ info: CaseInfo) {
    name = info.name
    description = info.description ?? ""
    location = info.location
    tags = info.tags
    properties = info.properties
  }
}

/// One attempt of a case.
public struct AttemptReport: Hashable, Sendable {
  /// Which, from 1.
  public var number: Int
  /// How long after the start of the run it began.
  public var start: Duration
  /// How long it took.
  public var duration: Duration
  /// The verdict and why.
  public var ending: Ending
  /// The counts at its end; nil when it was cut off.
  public var outcome: Outcome?
  /// What was driven.
  public var target: String
  /// The steps in the order in which they began.
  public var steps: [StepReport]
  /// What happened outside of any step.
  public var moments: [Moment]
  /// What models cost.
  public var usage: Usage
  /// What its application wrote; nil where there is none.
  public var output: ApplicationOutput?

  /// An attempt.
  public init(
    number: Int, start: Duration = .zero, duration: Duration = .zero, ending: Ending,
    outcome: Outcome? = nil, target: String = "", steps: [StepReport] = [],
    moments: [Moment] = [], usage: Usage = Usage(), output: ApplicationOutput? = nil
  ) {
    self.number = number
    self.start = start
    self.duration = duration
    self.ending = ending
    self.outcome = outcome
    self.target = target
    self.steps = steps
    self.moments = moments
    self.usage = usage
    self.output = output
  }

  /// The step that decided a verdict that is no pass: the first that was in trouble and not optional for
  /// the verdict.
  var decidingStep: StepReport? {
    // A step that was optional failed without deciding anything: the attempt says where it ended.
    ending.cause.step.flatMap { place in steps.last { $0.info.index == place.index } }
      ?? steps.first { $0.ending.verdict.isTrouble && ending.reason.hasSuffix($0.place) }
      ?? steps.first { $0.ending.verdict == ending.verdict && ending.verdict.isTrouble }
      ?? (ending.verdict.isTrouble ? steps.first { $0.ending.verdict.isTrouble } : nil)
  }
}

extension StepReport {
  /// How the reason of an attempt ends that this step decided.
  fileprivate var place: String {
    "\(info.title) (line \(info.location.line)): \(ending.reason)"
  }
}

/// One step of an attempt.
public struct StepReport: Hashable, Sendable {
  /// What it is.
  public var info: StepInfo
  /// How long after the start of the attempt it began.
  public var start: Duration
  /// How long it took.
  public var duration: Duration
  /// The verdict and why.
  public var ending: Ending
  /// The lane that took it last.
  public var lane: LaneName?
  /// Why it was not an earlier one.
  var laneReason: String
  /// What happened, in order.
  public var moments: [Moment]

  /// A step.
  public init(
    info: StepInfo, start: Duration = .zero, duration: Duration = .zero, ending: Ending,
    lane: LaneName? = nil, laneReason: String = "", moments: [Moment] = []
  ) {
    self.info = info
    self.start = start
    self.duration = duration
    self.ending = ending
    self.lane = lane
    self.laneReason = laneReason
    self.moments = moments
  }

  /// What its checks were decided on, in order.
  public var evidence: [Evidence] {
    moments.compactMap { if case .check(let check) = $0.kind { check.evidence } else { nil } }
  }
  /// The last picture that was seen.
  var lastFrame: FrameReference? { moments.reversed().lazy.compactMap(\.frame).first }
}

extension RunReport {
  /// The command that runs again what did not pass; nil when there is nothing to run again.
  public var rerunCommand: String? {
    failures.isEmpty && neverBegun.isEmpty || info.id.isEmpty || isMerged ? nil : info.rerunCommand
  }
}
