internal import Perception
internal import Scenario
internal import Session

/// Plain steps as moves of a session.
enum PlainMoves {
  /// The moves of some plain actions; nil when one of them has no move.
  ///
  /// - Parameter secrets: the names that `‹NAME›` in a text may stand for.
  static func moves(_ actions: [PlainAction], secrets: [String]) -> [Move]? {
    var moves: [Move] = []
    for action in actions {
      guard let move = move(action, secrets) else { return nil }
      moves.append(move)
    }
    return moves
  }

  private static func move(_ action: PlainAction, _ secrets: [String]) -> Move? {
    switch action {
    case .click(let target): .point(.click, Target(target))
    case .doubleClick(let target): .point(.doubleClick, Target(target))
    case .rightClick(let target): .point(.rightClick, Target(target))
    case .hover(let target): .point(.hover, Target(target))
    case .open(let target):
      .point(target.opensByDoubleClick ? .doubleClick : .click, Target(target))
    case .type(let text, let field):
      .type(Typing(text: Template(naming: secrets, in: text), into: field.map(Target.init)))
    case .clear(let field): .type(Typing(text: Template(""), into: Target(field), clear: true))
    case .press(let keys): KeyChord(parsing: keys).map { .press([$0]) }
    case .scroll(let direction, let notches):
      .scroll(direction.scenario, notches: notches, at: nil)
    case .drag(let from, let to): .drag(from: Target(from), to: Target(to))
    case .waitFor(let text): .wait(.text(Template(text), region: nil))
    case .wait(let duration): .wait(.time(duration))
    case .select(let option, let list):
      .select(option: Target(option), from: list.map { Target($0, or: .list) })
    case .check(let target): .toggle(Target(target), isOn: true)
    case .uncheck(let target): .toggle(Target(target), isOn: false)
    }
  }
}

extension Target {
  fileprivate init(_ target: PlainTarget) { self.init(target, or: nil) }

  /// A target of the kind that its noun says, or else of another.
  fileprivate init(_ target: PlainTarget, or noun: Noun?) {
    self.init(
      .text(Template(target.text)), noun: target.noun.flatMap(Noun.init(rawValue:)) ?? noun)
  }
}

extension PlainTarget {
  /// Files and folders are opened by a double click; menus, links and tabs by a single one.
  fileprivate var opensByDoubleClick: Bool {
    ["file", "folder", "icon", "item", "row"].contains(noun)
  }
}

extension PlainDirection {
  fileprivate var scenario: ScrollDirection {
    switch self {
    case .up: .up
    case .down: .down
    case .left: .left
    case .right: .right
    }
  }
}
