internal import Hands
internal import Pixels
internal import Scenario
internal import Story

/// Where the machine is inside one step.
struct StepRun: Hashable, Sendable {
  var planned: PlannedStep
  /// When the step began; nil while a person is asked before it.
  var startedAt: Duration?
  /// When this try of it began.
  var triedAt: Duration = .zero
  /// Tries of the step that are left after this one.
  var triesLeft: Int
  /// What the step is called when a lane is told what to reach.
  var goal: String = ""
  /// Who may do it, and who is at it.
  var lanes: Lanes
  /// What is being done for it.
  var activity = Activity.none
  /// What the local engine did of it.
  var done: [String] = []
  /// The field that the hands are in.
  var field = FieldRun()
  /// Whether it has done anything to the screen.
  var hasActed = false

  /// The secrets that results in its line have.
  var secretsOfResults: [String] = []

  /// The secrets that may be typed in this step: those that it names itself, or by a result.
  var secrets: [String] { planned.step.kind.secrets + secretsOfResults }

  init(_ planned: PlannedStep, _ lanes: Lanes) {
    self.planned = planned
    self.lanes = lanes
    triesLeft = planned.step.retry?.times ?? 0
  }

  /// Forgets what an earlier try left.
  mutating func beginTry(at now: Duration, _ lanes: Lanes) {
    let left = triesLeft
    let began = startedAt
    self = StepRun(planned, lanes)
    triesLeft = left
    startedAt = began
    triedAt = now
    goal = planned.step.title
  }
}

/// What is being done for a step: one thing at a time.
enum Activity: Hashable, Sendable {
  /// Nothing that lasts longer than one effect.
  case none
  /// The hands do one stroke after the other.
  case hands(HandsRun)
  /// A model does the whole of it.
  case talk(TalkRun)
  /// A check is decided.
  case check(CheckRun)
  /// A value is read.
  case read(Reading)
}

/// Strokes that are done one after the other.
struct HandsRun: Hashable, Sendable {
  /// What helps with the first stroke.
  enum Help: Hashable, Sendable {
    /// The hands do it themselves.
    case none
    /// It waits for something.
    case wait(CheckRun)
    /// A model does it, because its target was not found.
    case talk(TalkRun)
  }

  /// What the hands still have to do, first one first.
  var strokes: [Stroke]
  /// How often the screen changed under a target.
  var staleLooks = 0
  var help = Help.none
}

extension StepRun {
  /// What the hands do; nil where they do nothing.
  private var hands: HandsRun? {
    get { if case .hands(let hands) = activity { hands } else { nil } }
    set { if let newValue { activity = .hands(newValue) } }
  }

  /// The strokes that are left; none where the hands are not at it.
  var strokes: [Stroke] {
    get { hands?.strokes ?? [] }
    set {
      var changed = hands ?? HandsRun(strokes: [])
      changed.strokes = newValue
      hands = changed
    }
  }

  /// How often the screen changed under a target.
  var staleLooks: Int {
    get { hands?.staleLooks ?? 0 }
    set { hands?.staleLooks = newValue }
  }

  /// The talk with a model; nil where none is at it.
  var talk: TalkRun? {
    get {
      switch activity {
      case .talk(let talk): return talk
      case .hands(let hands): if case .talk(let talk) = hands.help { return talk }
      case .none, .check, .read: break
      }
      return nil
    }
    set {
      // A change that comes to nothing, because there is no talk, is written back as well.
      guard let newValue else { return talk == nil ? () : leave() }
      if newValue.scope == .single, hands != nil {
        hands?.help = .talk(newValue)
      } else {
        activity = .talk(newValue)
      }
    }
  }

  /// The check that is being decided; nil where none is.
  var check: CheckRun? {
    get {
      switch activity {
      case .check(let check): return check
      case .hands(let hands): if case .wait(let check) = hands.help { return check }
      case .none, .talk, .read: break
      }
      return nil
    }
    set {
      guard let newValue else { return check == nil ? () : leave() }
      if hands != nil {
        hands?.help = .wait(newValue)
      } else {
        activity = .check(newValue)
      }
    }
  }

  /// Ends the talk or the check that is at it; the hands go on, where they had asked for it.
  private mutating func leave() {
    if hands == nil { activity = .none } else { hands?.help = .none }
  }

  /// What is being read; nil where nothing is.
  var reading: Reading? { if case .read(let reading) = activity { reading } else { nil } }
}
