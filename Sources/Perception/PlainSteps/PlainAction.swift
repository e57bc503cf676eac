/// One thing that a plain step asks for.
public enum PlainAction: Hashable, Sendable {
  /// Click a target.
  case click(PlainTarget)
  /// Click it twice.
  case doubleClick(PlainTarget)
  /// Click it with the right button.
  case rightClick(PlainTarget)
  /// Only go there.
  case hover(PlainTarget)
  /// Type a text, after a click into a field if one is named.
  case type(String, into: PlainTarget?)
  /// Empty a field.
  case clear(PlainTarget)
  /// Press keys: `ctrl+s`.
  case press(String)
  /// Turn the wheel.
  case scroll(PlainDirection, notches: Int)
  /// Drag one target to another.
  case drag(from: PlainTarget, to: PlainTarget)
  /// Wait until a text is on the screen.
  case waitFor(String)
  /// Wait.
  case wait(Duration)
  /// Choose an option, from a list if one is named.
  case select(PlainTarget, from: PlainTarget?)
  /// Switch a checkbox on.
  case check(PlainTarget)
  /// Switch a checkbox off.
  case uncheck(PlainTarget)
  /// Open something by a double click or, for menus and links, a click.
  case open(PlainTarget)
}

/// Where a wheel turns to.
public enum PlainDirection: String, Hashable, Sendable, CaseIterable {
  case up, down, left, right
}

/// A target by the text that is seen on the screen, and the noun that was said with it.
public struct PlainTarget: Hashable, Sendable {
  /// The text.
  public var text: String
  /// `button`, `field` and the like, in English; nil when none was said.
  public var noun: String?

  /// A target.
  public init(_ text: String, noun: String? = nil) {
    self.text = text
    self.noun = noun
  }
}
