internal import Hands
internal import Pixels
internal import Scenario
internal import Story

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
