internal import Durations
public import Hands
public import Pixels
public import Scenario

/// An action that was validated: what the hands really do.
public enum Action: Hashable, Codable, Sendable {
  /// Press and let go of a button, `count` times.
  case click(
    at: ScreenPoint, button: PointerButton, count: Int, modifiers: [String], hold: Duration? = nil)
  /// Only go there.
  case move(to: ScreenPoint)
  /// Press at the first point, go along the others, let go at the last.
  case drag(
    path: [ScreenPoint], button: PointerButton? = nil, modifiers: [String]? = nil,
    hold: Duration? = nil)
  /// Turn the wheel.
  case scroll(
    at: ScreenPoint, direction: ScrollDirection, notches: Int, modifiers: [String]? = nil)
  /// Press chords one after another.
  case press(chords: [KeyChord], manner: KeyManner? = nil)
  /// Type text into what has the focus.
  case type(text: Template, clear: Bool, enter: Bool, isPasted: Bool? = nil)

  /// The points that a report marks on the picture.
  public var points: [ScreenPoint] {
    switch self {
    case .click(let point, _, _, _, _), .move(let point), .scroll(let point, _, _, _): [point]
    case .drag(let path, _, _, _): path
    case .press, .type: []
    }
  }

  /// The action in words, for people; secrets stay names.
  public var title: String {
    switch self {
    case .click(let point, let button, let count, let modifiers, let hold):
      Self.word(Self.clickWord(button, count), modifiers) + Self.held(hold) + " at \(point)"
    case .move(let point): "move to \(point)"
    case .drag(let path, let button, let modifiers, let hold):
      Self.word((button.map { "\($0.rawValue)-" } ?? "") + "drag", modifiers ?? [])
        + Self.held(hold) + " " + path.map(\.description).joined(separator: " → ")
    case .scroll(let point, let direction, let notches, let modifiers):
      Self.word("scroll", modifiers ?? []) + " \(direction.rawValue) \(notches) at \(point)"
    case .press(let chords, let manner): Move.press(chords, manner).title
    case .type(let text, let clear, let enter, let isPasted):
      (clear ? "clear, " : "") + (isPasted == true ? "paste" : "type") + " “\(text)”"
        + (enter ? ", Return" : "")
    }
  }

  private static func word(_ word: String, _ modifiers: [String]) -> String {
    (modifiers + [word]).joined(separator: "+")
  }

  private static func held(_ time: Duration?) -> String {
    time.map { ", held for \($0.brief)," } ?? ""
  }

  private static func clickWord(_ button: PointerButton, _ count: Int) -> String {
    let word =
      switch count {
      case 1: "click"
      case 2: "double-click"
      case 3: "triple-click"
      default: "click \(count) times"
      }
    return button == .left ? word : "\(button.rawValue)-\(word)"
  }
}

extension Move {
  /// The move in words.
  public var title: String {
    switch self {
    case .point(let verb, let target, let manner):
      "\(verb.words) \(target.words)" + (manner?.words ?? "")
    case .drag(let from, let to, let manner):
      "drag \(from.words) to \(to.words)" + (manner?.words ?? "")
    case .scroll(let direction, let notches, let target, let manner):
      "scroll \(direction.rawValue) \(notches)" + (target.map { " at \($0.words)" } ?? "")
        + (manner?.words ?? "")
    case .type(let typing): typing.title
    case .press(let chords, let manner):
      (manner?.verb ?? "press") + " " + chords.map(\.description).joined(separator: ", ")
        + (manner?.words ?? "")
    case .wait(let wait): wait.title
    case .toggle(let target, let isOn): (isOn ? "check " : "uncheck ") + target.words
    case .select(let option, let list):
      "select \(option.words)" + (list.map { " from \($0.words)" } ?? "")
    }
  }
}

extension Manner {
  /// What it adds to a step, in words.
  public var words: String {
    (times.map { " \($0) times" } ?? "") + (button.map { " with the \($0.rawValue) button" } ?? "")
      + (with.map { " with \($0.joined(separator: " and ")) held" } ?? "")
      + (hold.map { " for \($0.brief)" } ?? "")
      + (via.map { " via " + $0.map(\.words).joined(separator: ", ") } ?? "")
  }
}

extension KeyManner {
  fileprivate var verb: String {
    switch self {
    case .hold: "press"
    case .down: "hold"
    case .up: "release"
    }
  }

  fileprivate var words: String {
    if case .hold(let time) = self { " for \(time.brief)" } else { "" }
  }
}
