/// A pointer button.
public enum PointerButton: String, Hashable, Codable, Sendable, CaseIterable {
  /// The main one.
  case left
  /// The wheel, pressed.
  case middle
  /// The one for context menus.
  case right
  /// The one at the side that goes back.
  case back
  /// The one at the side that goes forward.
  case forward
}
