internal import JSONCoding
internal import Pixels
internal import Policy
internal import Scenario
public import Story

/// Decides everything in one attempt of one case, and does nothing.
///
/// It is a value: no clock, no I/O, no randomness. It is told what happened, with the time since the
/// attempt began, and answers with what it wants to be done next and what is worth noting. The driver
/// does that and comes back with the result. The same plan and the same events give the same decisions,
/// which is what replay proves.
///
/// ```
/// created ─▶ preparing ─▶ (next step) ─▶ … ─▶ finished
///
/// a pointer or keyboard step, and each move of an act line that the local engine understands:
///   observing ─▶ locating ─▶ validating ─▶ authorising ─▶ acting ─▶ settling ─▶ (next move)
///       ▲           │ missing    │ the patch changed
///       └─ waiting ◀┴────────────┘            none left: the model lane, if there is one
/// an act line:      interpreting ─▶ the moves above, or the model lane
/// the model lane:   observing ─▶ deciding ─▶ validating ─▶ authorising ─▶ acting ─▶ settling ─▶ observing …
/// a check:          observing ─▶ checking ─▶ judging ─▶ (holds, or waiting ─▶ observing …)
/// a read:           observing ─▶ reading
/// before a text:    observing ─▶ seeingField (its field is still there, or waiting ─▶ observing …)
/// a typed text:     settling ─▶ observing ─▶ readingBack (its field shows it, or waiting ─▶ observing …)
/// a lost screen:    recovering ─▶ observing      held: an order leads on, to what was about to happen
/// ```
///
/// `validating` and `authorising` are left out where there is nothing to compare or nobody to ask.
public struct SessionMachine: Sendable {
  /// What the machine waits for.
  enum State: Hashable, Sendable {
    /// Nothing was asked yet.
    case created
    /// The target is being brought up; then the first step begins.
    case preparing
    /// A step is about to begin.
    case beginning
    /// The screen is being looked at, for this.
    case observing(Look)
    /// The local engine reads the act line.
    case interpreting
    /// The local engine looks for a target.
    case locating(Search)
    /// A model is asked.
    case deciding
    /// A patch under a deed is compared; others come after it.
    case validating(DeedRun)
    /// A person is asked about a deed.
    case authorising(DeedRun)
    /// A deed is being done.
    case acting(DeedRun)
    /// A person is asked whether a command of a model may run.
    case permitting(SSHCommand)
    /// A command runs on a host.
    case running(SSHCommand)
    /// The screen is coming to rest: after a deed, or because a step waits for it.
    case settling(DeedRun?)
    /// The leaves of the check are read.
    case checking
    /// The pictures of the past are read for this leaf.
    case reviewing(leaf: Int)
    /// The judge is asked about this leaf.
    case judging(leaf: Int)
    /// A value is read.
    case reading
    /// The field that a text goes into is looked at, before anything is typed.
    case seeingField(Search)
    /// The field that was typed into, or emptied, is read.
    case readingBack
    /// A picture is being kept.
    case keeping
    /// A change of the screen is awaited; then it is looked at again.
    case waiting(Look)
    /// Time passes.
    case pausing(Pause)
    /// The lost screen is being brought back; then it is looked at again.
    case recovering(Look)
    /// There is an outcome.
    case finished
  }

  /// What a look at the screen is for.
  enum Look: Hashable, Sendable {
    case search(Search)
    case model
    case check
    case read
    case field
  }

  /// A search for the targets of one stroke.
  struct Search: Hashable, Sendable {
    var found: [Hit] = []
    var deadline: Duration
    /// Whether the field that was clicked is looked for again, because it is not where it was.
    var isForLostField = false
    /// Where a toggle was pressed, and is looked at again: whether anything on the screen changed then.
    var pressedToggle: Pressed?

    /// What came of a press.
    enum Pressed: Hashable, Sendable { case withEffect, withoutEffect }

    /// The same from the beginning: what was found may have moved.
    var again: Search { Search(deadline: deadline, pressedToggle: pressedToggle) }
  }

  /// Why time passes.
  enum Pause: Hashable, Sendable {
    case wait
    case retry
    case modelWaits
    /// What comes late would come unseen.
    case watch
    /// A host is asked again then.
    case poll
    /// A text that is there must stay there: this leaf, from this update on.
    case stay(leaf: Int, since: UInt64)
  }

  /// What was fixed before.
  public let plan: SessionPlan
  /// What a model may run on hosts; nil where that is nothing.
  let commands: ModelCommands?
  /// The steps, as a person may have changed them.
  var steps: [PlannedStep]

  var state: State = .created
  /// The time since the attempt began.
  var clock: Duration = .zero
  /// That time, less what was held: all limits count in it.
  var now: Duration = .zero
  var notes: [Note] = []
  /// What is being done, or held.
  var wanted = Effect.prepare
  /// What a person ordered.
  var steering = Steering()

  // What is known of the target.
  var screen: PixelSize?
  var frame: FrameReference?
  /// When that was taken.
  var seenAt: Duration = .zero
  var recoveries = 0
  /// What is known of the application; nil while it just runs, and where there is none.
  var application: ApplicationState?
  /// When it ended, in the time of the attempt.
  var applicationEndedAt: Duration = .zero
  /// When it was first seen to be stopped.
  var stoppedAt: Duration = .zero
  /// Whether the last look at the screen began when its end was known.
  var hasLookedSinceEnd = false
  /// Whether a step has ended because of its end.
  var isCrashTold = false
  /// Whether a check has asked for its end.
  var isEndAccepted = false

  // Where we are.
  var nextStep = 0
  var work: StepRun?
  var results: Results
  /// What the main part came to, once that is known; teardown runs after it.
  var ending: Ending?
  var teardownBegan: Duration?

  // What was said and spent.
  var talk = Conversation()
  /// The size of the screen that the model was told last.
  var talkSize: PixelSize?
  /// The update of the screen after which the last step that acted began to act.
  var pastMark: UInt64 = 0
  /// Whether what the screen showed since then was lost with a connection.
  var pastIsCut = false
  var checksHeld = 0
  var actions = 0
  /// Commands that a model ran.
  var modelCommands = 0
  var modelCalls = 0
  var tokens = 0
  /// What a model said when it gave up; decides nothing, but forbids an unchecked pass.
  var surrender: String?

  /// A machine that has not begun.
  public init(plan: SessionPlan) {
    self.plan = plan
    commands = ModelCommands(plan)
    steps = PlannedStep.all(of: plan.testCase.scenario)
    results = Results(secrets: plan.secretNames)
    if plan.rules > .ninth { results.expect(steps) }
  }

  /// What the machine wants, and what it noted on the way.
  public struct Turn: Hashable, Sendable {
    /// What is worth knowing, in order.
    public var notes: [Note]
    /// What is to be done next.
    public var effect: Effect
  }

  /// What follows from something that was taken in.
  enum Next: Hashable {
    /// This is to be done.
    case want(Effect)
    /// The step is over, and the next begins.
    case nextStep
  }

  /// What the attempt came to, as far as that is known.
  public var currentOutcome: Outcome { outcome }

  /// The conversation with the model, which `Effect.think` asks to continue.
  public var conversation: [Message] { talk.messages }

  /// What remains of the time limit of this attempt, or of its teardown.
  public func timeLeft(at time: Duration) -> Duration {
    let now = steering.running(at: Self.bounded(time))
    if let teardownBegan { return max(.zero, teardownBegan + Self.teardownLimit - now) }
    return max(.zero, Self.bounded(plan.testCase.scenario.limits.time) - now)
  }

  /// A time from outside, within what can be added up.
  static func bounded(_ time: Duration) -> Duration { min(max(.zero, time), JSON.longestDuration) }

  /// How long teardown may take.
  static let teardownLimit: Duration = .seconds(60)

  /// Begins the attempt.
  public mutating func start() -> Turn {
    guard case .created = state else { return turn(unexpected("start")) }
    state = .preparing
    return turn(.want(.prepare))
  }

  /// Takes in what happened at a time since the attempt began, and decides what is next.
  public mutating func handle(_ event: SessionEvent, at time: Duration) -> Turn {
    pass(to: time)
    if steering.held != nil { return turn(endHold(by: event)) }
    if state == .deciding { talk.markAsked() }
    return turn(crashed(during: event) ?? decide(event))
  }

  /// Lets time pass; it stands still while it is held.
  mutating func pass(to time: Duration) {
    clock = max(clock, Self.bounded(time))
    now = max(now, steering.running(at: clock))
  }

  mutating func turn(_ next: Next) -> Turn {
    var effect = self.effect(of: next)
    if steering.held == nil {
      wanted = effect
      if isHeld(before: effect) {
        steering.hold(.want(effect), at: clock)
        effect = .hold
      }
      leaveBoundary(by: effect)
    }
    defer { notes.removeAll() }
    return Turn(notes: notes, effect: effect)
  }

  /// Goes from step to step until there is something to be done.
  ///
  /// Steps that end at once, thousands of notes for instance, would pile up on the stack if each began the next.
  private mutating func effect(of next: Next) -> Effect {
    var next = next
    while true {
      switch next {
      case .want(let effect): return effect
      case .nextStep: next = beginNextStep()
      }
    }
  }

  /// One method for each event.
  ///
  /// What cannot happen in a state ends the attempt as our own error.
  private mutating func decide(_ event: SessionEvent) -> Next {
    switch event {
    case .prepared(let size, let description): prepared(size, description)
    case .observed(let frame): observed(frame)
    case .interpreted(let moves): interpreted(moves)
    case .located(let location): located(location)
    case .toggleFound(let hit, let isOn, let reason): toggleFound(hit, isOn, reason)
    case .replied(let reply): replied(reply)
    case .compared(let isUnchanged): compared(isUnchanged)
    case .authorised(let refusal): authorised(refusal)
    case .acted: acted()
    case .ran(let result): ran(result)
    case .settled(let settling): settled(settling)
    case .examined(let readings): examined(readings)
    case .pastRead(let past): pastRead(past)
    case .judged(let replies): judged(replies)
    case .readValues(let values, let found): readValues(values, found)
    case .fieldSeen(let sight): fieldSeen(sight)
    case .fieldRead(let reading, let sight): fieldRead(reading, sight)
    case .pictureKept(let frame): pictureKept(frame)
    case .changed(let didChange): changed(didChange)
    case .elapsed: elapsed()
    case .recovered(let size): recovered(size)
    case .failed(let fault): failed(fault)
    case .limitReached: limitReached()
    case .interrupted: interrupted()
    }
  }

  mutating func note(_ note: Note) { notes.append(note) }

  /// Our own mistake: it never becomes a verdict about the product, and teardown still runs.
  mutating func unexpected(_ event: String) -> Next {
    if case .finished = state { return .want(.finish(outcome: outcome)) }
    let error = Ending(.error, "internal error: \(event) while \(stateName); please report it")
    letGo()
    ending = ending ?? error
    guard work != nil else { return finish() }
    work?.triesLeft = 0
    return end(error)
  }
}

extension SessionMachine {
  /// The name of the state.
  var stateName: String { steering.held == nil ? state.name : "held" }
}

extension SessionMachine.State {
  /// The name of the state, without what it carries.
  var name: String {
    switch self {
    case .created: "created"
    case .preparing: "preparing"
    case .beginning: "beginning"
    case .observing: "observing"
    case .interpreting: "interpreting"
    case .locating: "locating"
    case .deciding: "deciding"
    case .validating: "validating"
    case .authorising: "authorising"
    case .acting: "acting"
    case .permitting: "permitting"
    case .running: "running"
    case .settling: "settling"
    case .checking: "checking"
    case .reviewing: "reviewing"
    case .judging: "judging"
    case .reading: "reading"
    case .seeingField: "seeingField"
    case .readingBack: "readingBack"
    case .keeping: "keeping"
    case .waiting: "waiting"
    case .pausing: "pausing"
    case .recovering: "recovering"
    case .finished: "finished"
    }
  }
}
