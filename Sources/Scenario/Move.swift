public import Hands

/// What the hands do for a step, before its targets are found on the screen.
public enum Move: Hashable, Codable, Sendable {
  /// Press a pointer button on a target, or only go there.
  case point(PointerVerb, Target, Manner? = nil)
  /// Drag from one target to another.
  case drag(from: Target, to: Target, manner: Manner? = nil)
  /// Turn the wheel.
  case scroll(ScrollDirection, notches: Int, at: Target?, manner: Manner? = nil)
  /// Type text, after a click into a field if there is one.
  case type(Typing)
  /// Press chords.
  case press([KeyChord], KeyManner? = nil)
  /// Wait.
  case wait(Wait)
  /// Bring a checkbox or a radio button into a state.
  case toggle(Target, isOn: Bool)
  /// Choose an option, after opening the list that offers it if one is named.
  case select(option: Target, from: Target?)
}
