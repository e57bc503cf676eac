internal import Hands
internal import Pixels
internal import Scenario
internal import Story

/// Where the machine is inside one step.
struct StepWork: Hashable, Sendable {
  var planned: PlannedStep
  /// When the step began; nil while a person is asked before it.
  var startedAt: Duration?
  /// When this try of it began.
  var triedAt: Duration = .zero
  /// Tries of the step that are left after this one.
  var triesLeft: Int
  /// What the hands still have to do, first one first.
  var strokes: [Stroke] = []
  /// What the step is called when a lane is told what to reach.
  var goal: String = ""
  /// What the local engine did of it.
  var done: [String] = []
  /// How often the screen changed under a target.
  var staleLooks = 0
  /// Who is at it.
  var lane: LaneName = .scenario
  /// The talk of the model lane about this step.
  var model: ModelWork?
  /// The check that is being decided.
  var check: CheckWork?
  /// What is being read.
  var reading: Reading?
  /// Where the last click was, which is where a text goes.
  var focus: ScreenPoint?
  /// The field that was clicked to type into it; nil without one, and where a text goes wherever the focus is.
  var into: IntoField?
  /// How far emptying the field has come.
  var clearing: Clearing?
  /// The text whose field is to be read.
  var typed: TypedText?
  /// Whether it has done anything to the screen.
  var hasActed = false
  /// What must be as it was for the last proposal to hold.
  var vouched: [SessionMachine.LookedAt] = []
  /// The proposal that a person allowed, until it is done.
  var allowed: Proposal?

  /// The secrets that results in its line have.
  var secretsOfResults: [String] = []

  /// The secrets that may be typed in this step: those that it names itself, or by a result.
  var secrets: [String] { planned.step.kind.secrets + secretsOfResults }

  init(_ planned: PlannedStep) {
    self.planned = planned
    triesLeft = planned.step.retry?.times ?? 0
  }

  /// Forgets what an earlier try left.
  mutating func beginTry(at now: Duration) {
    let left = triesLeft
    let began = startedAt
    self = StepWork(planned)
    triesLeft = left
    startedAt = began
    triedAt = now
    goal = planned.step.title
  }
}

/// The smallest thing the hands do for one target.
enum Stroke: Hashable, Sendable {
  case press(PointerVerb, Target, role: TargetRole)
  case drag(from: Target, to: Target)
  case scroll(ScrollDirection, notches: Int, at: Target?)
  case toggle(Target, isOn: Bool)
  case type(Template, clear: Bool, enter: Bool)
  /// Empty the field that was clicked, and see that it is empty.
  case clear
  case chords([KeyChord])
  /// The field that was typed into must show the text.
  case show(Template)
  case wait(Wait)

  /// The strokes that make up a move.
  ///
  /// - Parameter isProved: whether it is proved that a text arrives in its field.
  static func all(of move: Move, isProved: Bool) -> [Stroke] {
    switch move {
    case .point(let verb, let target): [.press(verb, target, role: .press)]
    case .drag(let from, let to): [.drag(from: from, to: to)]
    case .scroll(let direction, let notches, let at):
      [.scroll(direction, notches: notches, at: at)]
    case .type(let typing):
      (typing.into.map { [.press(.click, $0, role: .field)] } ?? [])
        + (isProved && typing.into != nil ? proved(typing) : typed(typing))
    case .press(let chords): [.chords(chords)]
    case .wait(let wait): [.wait(wait)]
    case .toggle(let target, let isOn): [.toggle(target, isOn: isOn)]
    case .select(let option, let list):
      (list.map { [.press(.click, $0, role: .field)] } ?? [])
        + [.press(.click, option, role: .press)]
    }
  }

  /// A text that must be seen is seen before Return sends it away.
  private static func typed(_ typing: Typing) -> [Stroke] {
    guard typing.isShown else {
      return [.type(typing.text, clear: typing.clear, enter: typing.enter)]
    }
    return [.type(typing.text, clear: typing.clear, enter: false), .show(typing.text)]
      + (typing.enter ? [Self.enter] : [])
  }

  /// A text that goes into a field is seen there before Return sends it away.
  private static func proved(_ typing: Typing) -> [Stroke] {
    var strokes: [Stroke] = typing.clear ? [.clear] : []
    if !typing.text.isEmpty { strokes.append(.type(typing.text, clear: false, enter: false)) }
    if typing.isShown { strokes.append(.show(typing.text)) }
    return strokes + (typing.enter ? [Self.enter] : [])
  }

  /// Return, which sends a form away.
  static let enter = Stroke.chords([KeyChord(keys: ["enter"])])

  /// Whether it changes the field that was clicked before.
  var goesIntoField: Bool {
    switch self {
    case .type, .clear: true
    case .press, .drag, .scroll, .toggle, .chords, .show, .wait: false
    }
  }

  /// The stroke in words, with all that the scenario says about its targets.
  var title: String {
    switch self {
    case .press(_, let target, .field): "click the input field \(target.plainWords)"
    case .press(let verb, let target, .press), .press(let verb, let target, .toggle):
      "\(verb.words) \(target.words)"
    case .drag(let from, let to): "drag \(from.words) to \(to.words)"
    case .scroll(let direction, let notches, let target):
      "scroll \(direction.rawValue) by \(notches) notches"
        + (target.map { " at \($0.words)" } ?? "")
    case .toggle(let target, let isOn):
      (isOn ? "check" : "uncheck") + " the checkbox \(target.plainWords)"
    case .type(let text, _, _): "type “\(text)”"
    case .clear: "clear the field"
    case .show(let text): "see “\(text)” in the field"
    case .chords(let chords): "press " + chords.map(\.description).joined(separator: ", ")
    case .wait(let wait): wait.title
    }
  }

  /// Whether an action is of the kind that this stroke asks for.
  func accepts(_ action: Action) -> Bool {
    switch (self, action) {
    case (.press(let verb, _, _), _):
      action.points.first.map { verb.action(at: $0) } == action
    case (.toggle, .click(_, .left, 1, _)), (.drag, .drag): true
    case (.scroll(let direction, let notches, _), .scroll(_, let asked, let amount)):
      direction == asked && notches == amount
    case (.chords(let chords), .press(let asked)): chords == asked
    case (.type(let text, _, _), .type(let asked, _, _)): text == asked
    case (.drag, _), (.scroll, _), (.toggle, _), (.type, _), (.clear, _), (.show, _), (.chords, _),
      (.wait, _):
      false
    }
  }

  /// The targets it needs, and what around them is meant.
  var targets: [(target: Target, role: TargetRole)] {
    switch self {
    case .press(_, let target, let role): [(target, role)]
    case .drag(let from, let to): [(from, .press), (to, .press)]
    case .scroll(_, _, let at): at.map { [($0, .press)] } ?? []
    case .toggle(let target, _): [(target, .toggle)]
    case .type, .clear, .show, .chords, .wait: []
    }
  }
}

/// The field that a step types into.
struct IntoField: Hashable, Sendable {
  /// How dates are typed into it.
  enum Parts: Hashable, Sendable {
    /// It was not asked whether it takes dates part by part.
    case unasked
    /// It is being asked; whether a part was picked out before.
    case asked(wasPicked: Bool)
    /// It takes a text as a whole.
    case whole
    /// It takes dates part by part.
    case byPart(DateText)
  }

  let target: Target
  /// Where it was; nil when a model clicked it.
  let box: PixelRect?
  /// Whether it was seen to be there after it was clicked.
  var isSeen = false
  /// Whether the click showed on it: a text cursor, or a frame.
  var isTouched = false
  /// Whether it was seen to be empty.
  var isEmptied = false
  var parts = Parts.unasked
}

/// Emptying a field: in one way, then in others.
struct Clearing: Hashable, Sendable {
  /// How often it was tried.
  var tries = 0
  /// Until when the field may come to be empty after this try.
  var deadline: Duration = .zero
  /// Until when it may come to be empty after the last.
  var limit: Duration
  /// Whether any try changed anything in the field.
  var hasChanged = false
  /// How many signs are left in it; nil where they are hidden.
  var signs: Int?
  /// Whether the field has several lines, or is none.
  var isTall = false

  /// The keys of this try: all that is selected, the line that is selected, and one sign after the other.
  var chords: [KeyChord] {
    switch (tries, isTall) {
    case (0, _): Self.chords("ctrl+a", "backspace")
    case (1, true): Self.chords("ctrl+home", "ctrl+shift+end", "backspace")
    case (1, false): Self.chords("home", "shift+end", "backspace")
    default:
      Self.chords("end")
        + Array(
          repeating: KeyChord(keys: ["backspace"]), count: min((signs ?? 56) + 8, Self.mostSigns))
    }
  }

  /// Whether there is another way to try after this one.
  var hasOther: Bool { tries < (isTall ? 1 : 2) }

  /// So many signs are deleted one by one.
  private static let mostSigns = 200

  private static func chords(_ names: String...) -> [KeyChord] {
    names.map { KeyChord(keys: $0.split(separator: "+").map(String.init)) }
  }
}

/// A text that was typed into a field.
struct TypedText: Hashable, Sendable {
  let text: Template
  /// Where the field was clicked.
  let point: ScreenPoint
  /// Whether the field was emptied before.
  let isWhole: Bool
  /// Until when the field may come to show it.
  var deadline: Duration
  /// Whether the step is not done without that.
  var isRequired = false
  /// Until when anything of it may come to be seen.
  var arrivalDeadline: Duration
}

/// Where the model lane is inside one step.
struct ModelWork: Hashable, Sendable {
  /// What the model may do here.
  enum Scope: Hashable, Sendable {
    /// Anything, until it says that it is done.
    case goal
    /// One action on a target that the local engine did not find.
    case single
  }

  var scope: Scope
  /// What the step comes to when the model ends without the action it was asked for.
  var otherwise: Ending
  /// Text that goes before the next picture.
  var opening: String
  /// The calls of the last reply.
  var calls = CallQueue()
  var refusals = 0
  var silences = 0
  var lastAction: Action?
  var repeats = 0
  /// How many of the last actions changed nothing.
  var idleActions = 0
  /// Whether the quicker model may be asked: not any more once it was no help in this step.
  var trustsFast = true
  /// Whether the last answer was the quicker model's.
  var isFast = false
}

/// The calls of one reply: done in order, and each answered.
struct CallQueue: Hashable, Sendable {
  /// Those that are not answered yet; the first is at work.
  var open: [ToolRequest] = []
  /// What the model said beside them.
  var reasoning = ""
  /// What their coordinates are counted in.
  var space: ModelSpace?
  /// The picture that they were decided on.
  var shown: FrameReference?
  /// The picture before the last action that one of them did; nil while none has done any.
  var beforeLast: FrameReference?

  /// Whether something was done for one of them.
  var hasActed: Bool { beforeLast != nil }
}

/// Where a check is.
struct CheckWork: Hashable, Sendable {
  let check: Check
  let tree: CheckTree
  let deadline: Duration
  /// Whether this is a `wait:` or part of an act line: it counts as no check.
  let isWait: Bool
  var known: [Answer?]
  var readings: [LeafReading?]
  /// The picture that each judged leaf was last judged on.
  var judgedOn: [FrameReference?]
  /// The leaves whose past was read on this look.
  var reviewed: Set<Int> = []
  /// The votes on the statement that is being judged.
  var ballot: Ballot?
  /// The pictures that the judge was shown so far; only counted.
  var judgements = 0

  init(_ check: Check, deadline: Duration, isWait: Bool) {
    self.check = check
    tree = CheckTree(check)
    self.deadline = deadline
    self.isWait = isWait
    known = Array(repeating: nil, count: tree.leaves.count)
    readings = Array(repeating: nil, count: tree.leaves.count)
    judgedOn = Array(repeating: nil, count: tree.leaves.count)
  }

  /// Forgets what the judge said of the leaves for which `isForgotten` holds.
  mutating func forgetJudgements(where isForgotten: (FrameReference?) -> Bool) {
    for index in tree.leaves.indices
    where tree.leaves[index].isJudged && isForgotten(judgedOn[index]) {
      known[index] = nil
      judgedOn[index] = nil
    }
  }
}

extension PointerVerb {
  /// What it does at a point.
  func action(at point: ScreenPoint) -> Action {
    switch self {
    case .click: .click(at: point, button: .left, count: 1, modifiers: [])
    case .doubleClick: .click(at: point, button: .left, count: 2, modifiers: [])
    case .rightClick: .click(at: point, button: .right, count: 1, modifiers: [])
    case .middleClick: .click(at: point, button: .middle, count: 1, modifiers: [])
    case .hover: .move(to: point)
    }
  }
}
