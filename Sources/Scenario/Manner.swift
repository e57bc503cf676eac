public import Hands

/// How a button is pressed or a wheel turned, where that is not the usual way.
public struct Manner: Hashable, Codable, Sendable {
  /// The button; nil is the one that the step means.
  public var button: PointerButton?
  /// How often, in quick succession, 1…10; nil is as often as the step means.
  public var times: Int?
  /// Modifiers that are held meanwhile, by their canonical names.
  public var with: [String]?
  /// How long the button stays down, of a drag before it moves.
  public var hold: Duration?
  /// Places that a drag passes through.
  public var via: [Target]?

  /// A manner.
  public init(
    button: PointerButton? = nil, times: Int? = nil, with: [String]? = nil, hold: Duration? = nil,
    via: [Target]? = nil
  ) {
    self.button = button
    self.times = times
    self.with = with
    self.hold = hold
    self.via = via
  }
}

/// How keys are pressed, where they are not pressed and let go of at once.
public enum KeyManner: Hashable, Codable, Sendable {
  /// Held for a time.
  case hold(Duration)
  /// Pressed, and left down.
  case down
  /// Let go of.
  case up
}
