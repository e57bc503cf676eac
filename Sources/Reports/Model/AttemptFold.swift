internal import Pixels
internal import Scenario
internal import Story

/// Folds the lines of one attempt.
struct AttemptFold: Sendable {
  let number: Int
  private let start: Duration
  private var end: Duration
  private var target = ""
  private var outcome: Outcome?
  private var output: ApplicationOutput?
  private var usage = Usage()
  private var steps: [StepFold] = []
  private var moments: [Moment] = []
  /// The last effect, which says what the next event answers.
  private var effect: Effect?
  /// The effect that was held before it began.
  private var held: Effect?
  private var lastFrame: FrameReference?
  /// What perception said of the check that is being decided.
  private var readings: [LeafReading] = []
  /// Where the action is that has not been seen after yet.
  private var open: Place?

  /// Where a moment is kept: in a step, or outside of any.
  private struct Place: Sendable {
    var step: Int?
    var moment: Int
  }

  /// A step that may still be going.
  private struct StepFold: Sendable {
    var report: StepReport
    var isOver = false
  }

  init(number: Int, start: Duration) {
    self.number = number
    self.start = start
    end = start
  }

  mutating func add(_ entry: JournalEntry, at time: Duration) {
    end = max(end, time)
    switch entry {
    case .started, .application, .order: break
    case .output(let output): self.output = output
    case .event(let event, _): add(event)
    case .note(let note): add(note)
    case .effect(let effect): add(effect)
    }
  }

  func report(interruption: String) -> AttemptReport {
    let cutOff = Ending(.interrupted, interruption)
    let steps = self.steps.map { step in
      guard !step.isOver else { return step.report }
      var report = step.report
      report.ending = outcome?.ending ?? cutOff
      report.duration = max(.zero, end - start - report.start)
      return report
    }
    return AttemptReport(
      number: number, start: start, duration: max(.zero, end - start),
      ending: outcome?.ending ?? cutOff, outcome: outcome, target: target, steps: steps,
      moments: moments, usage: usage, output: output)
  }

  // MARK: - Effects

  private mutating func add(_ effect: Effect) {
    defer { self.effect = effect }
    // What was about to be done was held, and is asked for again.
    if case .hold = effect {
      held = held ?? self.effect
      return change { if $0.status == .started { $0.status = .proposed } }
    }
    if case .act = effect {} else if effect == held { return held = nil }
    held = nil
    switch effect {
    case .think(let role, let appended, _, _):
      append(.asked(ModelCall(role: role, messages: appended)))
    // What comes after the first vote belongs to the same question.
    case .judge(_, _, _, let vote?) where vote > 1: break
    case .judge(let statement, let votes, _, _):
      append(.judged(JudgeCall(statement: statement, votes: votes)))
    case .act(let action): begin(action)
    case .run(let command): begin(command)
    case .finish(let outcome): self.outcome = outcome
    case .prepare, .observe, .interpret, .locate, .compare, .authorise, .permit, .settle, .examine,
      .readPast, .read,
      .seeField, .readField, .keepPicture, .awaitChange, .pause, .recover, .hold:
      break
    }
  }

  /// The action that was proposed is now done; one that nobody proposed gets its own moment.
  private mutating func begin(_ action: Action) {
    if let open, case .action(var report) = moment(open), report.action == action,
      report.status == .proposed
    {
      report.status = .started
      replace(open, .action(report))
    } else {
      append(.action(ActionReport(action: action, before: lastFrame, status: .started)))
      open = lastPlace
    }
  }

  /// The command that a model was permitted is now run; one of the scenario itself gets its own moment.
  private mutating func begin(_ command: SSHCommand) {
    if let place = lastPlace, case .command(var report) = moment(place), !report.isBegun,
      report.command.run == command.run
    {
      report.command = command
      report.isBegun = true
      replace(place, .command(report))
    } else {
      append(.command(CommandReport(command: command)))
    }
  }

  // MARK: - Events

  private mutating func add(_ event: SessionEvent) {
    switch event {
    case .prepared(_, let description): target = description
    case .observed(let frame):
      readings = []
      see(frame)
    case .located(let location): add(location)
    case .toggleFound(let hit, let isOn, let reason):
      add(isOn == nil ? .missing(closest: [], reason: reason, nearest: [hit]) : .found(hit))
    case .readValues(_, let found): add(found ?? [])
    case .replied(let reply): add(reply)
    case .judged(let replies): add(replies)
    case .acted: change { $0.status = .done }
    case .ran(let result): add(result)
    case .settled(let settling): change { $0.settling = settling }
    case .pictureKept(let frame): keep(frame)
    case .failed(let fault): append(.fault(fault))
    case .limitReached: append(.warning("the time limit was reached"))
    case .interrupted: append(.warning("the run was interrupted"))
    case .recovered: append(.remark("the lost screen is back"))
    case .examined(let readings): self.readings = readings
    case .pastRead(let past):
      readings.append(
        past.moments.last?.reading ?? LeafReading(holds: false, measured: "", read: past.read))
    // A refusal is followed by a note of it, and so is a field that shows something.
    case .authorised, .interpreted, .compared, .fieldSeen, .fieldRead, .changed, .elapsed: break
    }
  }

  private mutating func see(_ frame: FrameReference) {
    change { if $0.after == nil, $0.status == .done { $0.after = frame } }
    defer { lastFrame = frame }
    if let lastFrame, lastFrame.sequence == frame.sequence, lastFrame.blob == frame.blob { return }
    append(.saw(frame))
  }

  private mutating func add(_ location: Location) {
    guard case .locate(let target, _)? = effect else { return }
    add(location, of: target.description)
  }

  /// Values that were read, each at its place.
  private mutating func add(_ values: [ReadValue]) {
    guard case .read(let what, _, _)? = effect else { return }
    let hits = values.map { Hit(text: $0.text, box: $0.box) }
    add(
      hits.isEmpty ? .missing(closest: []) : hits.count == 1 ? .found(hits[0]) : .ambiguous(hits),
      of: "the value of “\(what)”", isShown: true)
  }

  /// What was not found, and what is read, is shown on the picture it was looked for on.
  private mutating func add(_ location: Location, of title: String, isShown: Bool = false) {
    let isFound = if case .found = location { true } else { false }
    let frame = isFound && !isShown ? nil : lastFrame
    if let place = lastPlace, case .looked(let search) = moment(place), search.target == title {
      let looks = search.looks + 1
      replace(
        place, .looked(Search(target: title, location: location, looks: looks, frame: frame)))
    } else {
      append(.looked(Search(target: title, location: location, frame: frame)))
    }
  }

  private mutating func add(_ reply: ModelReply) {
    usage.add(reply)
    guard let place = lastPlace(where: { if case .asked = $0 { true } else { false } }),
      case .asked(var call) = moment(place), call.reply == nil
    else { return }
    call.reply = reply
    replace(place, .asked(call))
  }

  private mutating func add(_ replies: [ModelReply]) {
    for reply in replies { usage.add(reply) }
    guard let place = lastPlace(where: { if case .judged = $0 { true } else { false } }),
      case .judged(var call) = moment(place), call.replies.count < call.votes
    else { return }
    call.replies += replies
    replace(place, .judged(call))
  }

  private mutating func add(_ result: CommandResult) {
    guard let place = lastPlace(where: { if case .command = $0 { true } else { false } }),
      case .command(var report) = moment(place), report.isBegun, report.result == nil
    else { return }
    report.result = result
    replace(place, .command(report))
  }

  private mutating func refuse(_ reason: String) {
    guard let open, case .action(var report) = moment(open), report.status == .proposed else {
      return append(.warning(reason))
    }
    report.status = .refused(reason: reason)
    replace(open, .action(report))
    self.open = nil
  }

  private mutating func keep(_ frame: FrameReference) {
    guard case .keepPicture(let name)? = effect else { return append(.saw(frame)) }
    append(.picture(name: name, frame))
  }

  /// Changes the last action, if there is one.
  private mutating func change(_ body: (inout ActionReport) -> Void) {
    guard let open, case .action(var report) = moment(open) else { return }
    body(&report)
    replace(open, .action(report))
  }

  // MARK: - Notes

  private mutating func add(_ note: Note) {
    switch note {
    case .stepStarted(let info):
      let report = StepReport(info: info, start: end - start, ending: Ending(.interrupted))
      steps.append(StepFold(report: report))
      readings = []
    case .stepFinished(let step, let ending, let duration): finish(step, ending, duration)
    case .laneTaken(let lane, let reason): take(lane, reason)
    case .proposed(let proposal): propose(proposal)
    case .rejected(let reason): refuse(reason)
    case .ruled(let ruling): append(.command(CommandReport(ruling: ruling)))
    case .checked(let evidence): check(evidence)
    case .said(let text): append(.said(text))
    case .valueRead(let name, let value): append(.value(name: name, value: value))
    case .remark(let text): append(.remark(text))
    case .warning(let text): append(.warning(text))
    }
  }

  private mutating func finish(_ step: Int, _ ending: Ending, _ duration: Duration) {
    guard let index = steps.lastIndex(where: { $0.report.info.index == step }) else { return }
    // Nothing may have changed since an earlier step was shown.
    if ending.verdict.isTrouble, let lastFrame,
      steps[index].report.moments.allSatisfy({ $0.frame == nil })
    {
      append(.saw(lastFrame))
    }
    steps[index].isOver = true
    steps[index].report.ending = ending
    steps[index].report.duration = duration
  }

  private mutating func take(_ lane: LaneName, _ reason: String) {
    if let index = currentStep {
      steps[index].report.lane = lane
      steps[index].report.laneReason = reason
    }
    append(.lane(lane, reason: reason))
  }

  private mutating func propose(_ proposal: Proposal) {
    append(
      .action(
        ActionReport(
          action: proposal.action, lane: proposal.lane, thought: proposal.thought,
          target: proposal.target, before: proposal.frame)))
    open = lastPlace
  }

  /// A check that is polled is one moment with its last evidence.
  private mutating func check(_ evidence: Evidence) {
    let place = lastPlace {
      if case .check(let check) = $0 { check.evidence.expected == evidence.expected } else { false }
    }
    guard let place, place.step == currentStep, case .check(let check) = moment(place) else {
      return append(.check(CheckReport(evidence: evidence, read: read(on: evidence.frame))))
    }
    let looks = check.looks + 1
    remove(place)
    append(.check(CheckReport(evidence: evidence, looks: looks, read: read(on: evidence.frame))))
  }

  /// How much was read on the picture of a check: others say nothing of it.
  private func read(on frame: FrameReference?) -> ReadAccount? {
    let isEarlier = readings.contains { $0.frame != nil }
    return ReadAccount.of(isEarlier ? readings.filter { $0.frame == frame } : readings)
  }

  // MARK: - Places

  private var currentStep: Int? { steps.lastIndex { !$0.isOver } }

  private var lastPlace: Place? {
    let step = currentStep
    let count = step.map { steps[$0].report.moments.count } ?? moments.count
    return count > 0 ? Place(step: step, moment: count - 1) : nil
  }

  /// The last moment of a kind, in the current step or outside of any.
  private func lastPlace(where matches: (Moment.Kind) -> Bool) -> Place? {
    let step = currentStep
    let list = step.map { steps[$0].report.moments } ?? moments
    return list.lastIndex { matches($0.kind) }.map { Place(step: step, moment: $0) }
  }

  private func moment(_ place: Place) -> Moment.Kind {
    (place.step.map { steps[$0].report.moments } ?? moments)[place.moment].kind
  }

  private mutating func append(_ kind: Moment.Kind) {
    let moment = Moment(at: end - start, kind)
    if let step = currentStep {
      steps[step].report.moments.append(moment)
    } else {
      moments.append(moment)
    }
  }

  private mutating func replace(_ place: Place, _ kind: Moment.Kind) {
    if let step = place.step {
      steps[step].report.moments[place.moment].kind = kind
    } else {
      moments[place.moment].kind = kind
    }
  }

  private mutating func remove(_ place: Place) {
    if let step = place.step {
      steps[step].report.moments.remove(at: place.moment)
    } else {
      moments.remove(at: place.moment)
    }
    // Only moments before it keep their place; an action further back is not affected.
    if let open, open.step == place.step, open.moment > place.moment { self.open?.moment -= 1 }
  }
}
