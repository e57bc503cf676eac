internal import Hands
internal import Pixels
internal import Scenario
internal import Story

/// The smallest thing the hands do for one target.
enum Stroke: Hashable, Sendable {
  case press(PointerVerb, Target, role: TargetRole, manner: Manner? = nil)
  case drag(from: Target, to: Target, manner: Manner? = nil)
  case scroll(ScrollDirection, notches: Int, at: Target?, manner: Manner? = nil)
  case toggle(Target, isOn: Bool)
  case type(Template, clear: Bool, enter: Bool, isPasted: Bool? = nil)
  /// Empty the field that was clicked, and see that it is empty.
  case clear
  case chords([KeyChord], manner: KeyManner? = nil)
  /// The field that was typed into must show the text.
  case show(Template)
  case wait(Wait)

  /// The strokes that make up a move.
  ///
  /// - Parameter isProved: whether it is proved that a text arrives in its field.
  static func all(of move: Move, isProved: Bool) -> [Stroke] {
    switch move {
    case .point(let verb, let target, let manner):
      [.press(verb, target, role: .press, manner: manner)]
    case .drag(let from, let to, let manner): [.drag(from: from, to: to, manner: manner)]
    case .scroll(let direction, let notches, let at, let manner):
      [.scroll(direction, notches: notches, at: at, manner: manner)]
    case .type(let typing):
      (typing.into.map { [.press(.click, $0, role: .field)] } ?? [])
        + (isProved && typing.into != nil ? proved(typing) : typed(typing))
    case .press(let chords, let manner): [.chords(chords, manner: manner)]
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
      return [
        .type(
          typing.text, clear: typing.clear, enter: typing.enter, isPasted: typing.isPasted)
      ]
    }
    let text = Stroke.type(
      typing.text, clear: typing.clear, enter: false, isPasted: typing.isPasted)
    return [text, .show(typing.text)]
      + (typing.enter ? [Self.enter] : [])
  }

  /// A text that goes into a field is seen there before Return sends it away.
  private static func proved(_ typing: Typing) -> [Stroke] {
    var strokes: [Stroke] = typing.clear ? [.clear] : []
    if !typing.text.isEmpty {
      strokes.append(
        .type(typing.text, clear: false, enter: false, isPasted: typing.isPasted))
    }
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
    case .press(_, let target, .field, _): "click the input field \(target.plainWords)"
    case .press(let verb, let target, .press, let manner),
      .press(let verb, let target, .toggle, let manner):
      "\(verb.words) \(target.words)" + (manner?.words ?? "")
    case .drag(let from, let to, let manner):
      "drag \(from.words) to \(to.words)" + (manner?.words ?? "")
    case .scroll(let direction, let notches, let target, let manner):
      "scroll \(direction.rawValue) by \(notches) notches"
        + (target.map { " at \($0.words)" } ?? "") + (manner?.words ?? "")
    case .toggle(let target, let isOn):
      (isOn ? "check" : "uncheck") + " the checkbox \(target.plainWords)"
    case .type(let text, _, _, _): "type “\(text)”"
    case .clear: "clear the field"
    case .show(let text): "see “\(text)” in the field"
    case .chords(let chords, let manner): Move.press(chords, manner).title
    case .wait(let wait): wait.title
    }
  }

  /// Whether an action is of the kind that this stroke asks for.
  func accepts(_ action: Action) -> Bool {
    switch (self, action) {
    case (.press(let verb, _, _, let manner), _):
      action.points.first.map { verb.action(at: $0, manner) } == action
    case (.toggle, .click(_, .left, 1, _, _)): true
    case (.drag(_, _, let manner), .drag(let path, _, _, _)):
      // Only the way of it is the model's business.
      Action(dragging: path, manner) == action
    case (.scroll(let direction, let notches, _, let manner), .scroll(let point, _, _, _)):
      action
        == .scroll(at: point, direction: direction, notches: notches, modifiers: manner?.with)
    case (.chords(let chords, let manner), .press(let asked, let way)):
      chords == asked && manner == way
    case (.type(let text, _, _, _), .type(let asked, _, _, _)): text == asked
    case (.drag, _), (.scroll, _), (.toggle, _), (.type, _), (.clear, _), (.show, _), (.chords, _),
      (.wait, _):
      false
    }
  }

  /// The targets it needs, and what around them is meant.
  var targets: [(target: Target, role: TargetRole)] {
    switch self {
    case .press(_, let target, let role, _): [(target, role)]
    case .drag(let from, let to, let manner):
      ([from] + (manner?.via ?? []) + [to]).map { ($0, .press) }
    case .scroll(_, _, let at, _): at.map { [($0, .press)] } ?? []
    case .toggle(let target, _): [(target, .toggle)]
    case .type, .clear, .show, .chords, .wait: []
    }
  }
}

extension PointerVerb {
  /// What it does at a point.
  func action(at point: ScreenPoint, _ manner: Manner? = nil) -> Action {
    let button: PointerButton
    switch self {
    case .hover: return .move(to: point)
    case .click, .doubleClick: button = .left
    case .rightClick: button = .right
    case .middleClick: button = .middle
    }
    return .click(
      at: point, button: manner?.button ?? button,
      count: manner?.times ?? (self == .doubleClick ? 2 : 1), modifiers: manner?.with ?? [],
      hold: manner?.hold)
  }
}

extension Action {
  /// A drag along a path in some manner.
  init(dragging path: [ScreenPoint], _ manner: Manner?) {
    self = .drag(
      path: path, button: manner?.button, modifiers: manner?.with, hold: manner?.hold)
  }
}
