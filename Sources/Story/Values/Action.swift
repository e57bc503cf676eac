public import Hands
public import Pixels
public import Scenario

/// An action that was validated: what the hands really do.
public enum Action: Hashable, Codable, Sendable {
  /// Press and let go of a button, `count` times.
  case click(at: ScreenPoint, button: PointerButton, count: Int, modifiers: [String])
  /// Only go there.
  case move(to: ScreenPoint)
  /// Press at the first point, go along the others, let go at the last.
  case drag(path: [ScreenPoint])
  /// Turn the wheel.
  case scroll(at: ScreenPoint, direction: ScrollDirection, notches: Int)
  /// Press chords one after another.
  case press(chords: [KeyChord])
  /// Type text into what has the focus.
  case type(text: Template, clear: Bool, enter: Bool)

  /// The points that a report marks on the picture.
  public var points: [ScreenPoint] {
    switch self {
    case .click(let point, _, _, _), .move(let point), .scroll(let point, _, _): [point]
    case .drag(let path): path
    case .press, .type: []
    }
  }

  /// The action in words, for people; secrets stay names.
  public var title: String {
    switch self {
    case .click(let point, let button, let count, let modifiers):
      (modifiers + [Self.clickWord(button, count)]).joined(separator: "+") + " at \(point)"
    case .move(let point): "move to \(point)"
    case .drag(let path): "drag " + path.map(\.description).joined(separator: " → ")
    case .scroll(let point, let direction, let notches):
      "scroll \(direction.rawValue) \(notches) at \(point)"
    case .press(let chords): "press " + chords.map(\.description).joined(separator: ", ")
    case .type(let text, let clear, let enter):
      (clear ? "clear, " : "") + "type “\(text)”" + (enter ? ", Return" : "")
    }
  }

  private static func clickWord(_ button: PointerButton, _ count: Int) -> String {
    let word = count == 2 ? "double-click" : count == 3 ? "triple-click" : "click"
    return button == .left ? word : "\(button.rawValue)-\(word)"
  }
}

extension Move {
  /// The move in words.
  public var title: String {
    switch self {
    case .point(let verb, let target): "\(verb.words) \(target.words)"
    case .drag(let from, let to): "drag \(from.words) to \(to.words)"
    case .scroll(let direction, let notches, let target):
      "scroll \(direction.rawValue) \(notches)" + (target.map { " at \($0.words)" } ?? "")
    case .type(let typing): typing.title
    case .press(let chords): "press " + chords.map(\.description).joined(separator: ", ")
    case .wait(let wait): wait.title
    case .toggle(let target, let isOn): (isOn ? "check " : "uncheck ") + target.words
    case .select(let option, let list):
      "select \(option.words)" + (list.map { " from \($0.words)" } ?? "")
    }
  }
}
