public import Scenario
public import Story

/// A case as `show` tells it.
public struct ShownCase: Hashable, Sendable {
  /// Its id.
  public var id: String
  /// The name people read.
  public var name: String
  /// Where its scenario stands; nil when that is not known.
  public var location: SourceLocation?
  /// The verdict over all attempts.
  public var verdict: Verdict
  /// How long all attempts took.
  public var duration: Duration
  /// Whether it passed without any check.
  public var isUnchecked: Bool
  /// Why it ended so; where there are attempts, these say more.
  public var reason: [ShownFact]
  /// Its attempts, in order.
  public var attempts: [ShownAttempt]

  /// A case.
  ///
  /// - Parameters:
  ///   - item: what the journal comes to.
  ///   - folder: the path of the run's folder, for the paths of pictures and of what applications wrote.
  public init(_ item: CaseReport, in folder: String) {
    id = item.id
    name = item.name
    location = item.location
    verdict = item.verdict
    duration = item.duration
    isUnchecked = item.isUnchecked
    reason = ShownEnding(vouching: Vouching(item.attempts.flatMap(\.allMoments)))
      .facts(item.ending, isOurs: item.attempts.isEmpty)
    attempts = item.attempts.map { ShownAttempt($0, in: folder) }
  }

  /// The same with one step alone: by its number from 1, or else the steps of a line of its file; nil where no
  /// attempt came to such a step.
  public func only(step number: Int, isLine: Bool = false) -> ShownCase? {
    var shown = self
    let hasNumber = attempts.contains { $0.steps.contains { $0.number == number } }
    for index in attempts.indices {
      shown.attempts[index].moments = []
      shown.attempts[index].output = []
      shown.attempts[index].steps.removeAll { step in
        (isLine || !hasNumber ? step.location.line : step.number) != number
      }
    }
    shown.attempts.removeAll { $0.steps.isEmpty }
    return shown.attempts.isEmpty ? nil : shown
  }
}

/// An attempt as `show` tells it.
public struct ShownAttempt: Hashable, Sendable {
  /// Which, from 1.
  public var number: Int
  /// What it came to.
  public var verdict: Verdict
  /// How long after the start of the run it began.
  public var start: Duration
  /// How long it took.
  public var duration: Duration
  /// What was driven.
  public var target: String
  /// Why it ended so.
  public var reason: [ShownFact]
  /// Its steps, in the order in which they began.
  public var steps: [ShownStep]
  /// What happened outside of any step.
  public var moments: [ShownMoment]
  /// What its application wrote.
  public var output: [ShownFact]

  init(_ attempt: AttemptReport, in folder: String) {
    let vouching = Vouching(attempt.allMoments)
    let teller = MomentTeller(vouching: vouching, blobs: "\(folder)/recording/blobs")
    number = attempt.number
    verdict = attempt.ending.verdict
    start = attempt.start
    duration = attempt.duration
    target = attempt.target
    reason = ShownEnding(vouching: vouching).facts(
      attempt.ending, isOurs: attempt.outcome == nil)
    steps = attempt.steps.map { ShownStep($0, teller) }
    moments = attempt.moments.map(teller.tell)
    output = attempt.output.map { Self.facts($0, folder) } ?? []
  }

  private static func facts(_ output: ApplicationOutput, _ folder: String) -> [ShownFact] {
    [
      output.file.map { ShownFact("file", own: "\(folder)/\($0)") },
      output.end.map { ShownFact("end", own: $0.words) },
      ShownFact("lines", output.lines.joined(separator: "\n"), from: .application),
    ].compactMap(\.self)
  }
}

/// A step as `show` tells it.
public struct ShownStep: Hashable, Sendable {
  /// Counts from 1 over all phases.
  public var number: Int
  /// The part of the scenario.
  public var phase: StepInfo.Phase
  /// The names of the groups around it, from the outside.
  public var groups: [String]
  /// What a person calls it.
  public var title: ShownText
  /// Where it stands.
  public var location: SourceLocation
  /// What it came to.
  public var verdict: Verdict
  /// How long after the start of the attempt it began.
  public var start: Duration
  /// How long it took.
  public var duration: Duration
  /// The lane that took it last.
  public var lane: LaneName?
  /// Why it ended so.
  public var reason: [ShownFact]
  /// What happened, in order.
  public var moments: [ShownMoment]
  /// The path of the last picture that was seen; nil where none was kept.
  public var picture: String?

  init(_ step: StepReport, _ teller: MomentTeller) {
    number = step.info.index + 1
    phase = step.info.phase
    groups = step.info.groups
    title = teller.vouching.own(step.info.title)
    location = step.info.location
    verdict = step.ending.verdict
    start = step.start
    duration = step.duration
    lane = step.lane
    reason = ShownEnding(vouching: teller.vouching).facts(step.ending, isOurs: false)
    moments = step.moments.map(teller.tell)
    picture = moments.reversed().lazy.compactMap(\.picture).first
  }
}

extension ShownMoment {
  /// The path of the picture that shows it best.
  fileprivate var picture: String? {
    for name in ["picture", "after", "before"] {
      for fact in facts where fact.name == name {
        if case .picture(let path) = fact.value { return path }
      }
    }
    return nil
  }
}
