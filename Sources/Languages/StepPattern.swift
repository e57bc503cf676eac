/// One way to say a step: `type {text} (into | in) {place}`.
public struct StepPattern: Hashable, Sendable {
  /// What is done.
  public let action: Action
  /// What a line has from its first word to its last.
  public let parts: [Part]

  /// What a plain step may ask for.
  public enum Action: String, Hashable, Sendable, CaseIterable {
    case click, doubleClick, rightClick, hover, type, clear, press, scroll, drag, wait, waitFor
    case select, check, uncheck, open
  }

  /// A piece of a pattern.
  public enum Part: Hashable, Sendable {
    /// One of some phrases, in lower case; an optional one may be left out.
    case words([[String]], isOptional: Bool)
    /// A comma, a semicolon or a full stop, which may be left out.
    case mark
    /// Something that is different each time.
    case slot(Slot, without: Set<String>)
  }

  /// What may be different each time.
  public enum Slot: String, Hashable, Sendable, CaseIterable {
    /// A target.
    case target
    /// A second target: the field that is typed into, the list that is chosen from, where a drag ends.
    case place
    /// A text in quotes, or one word that is more than letters.
    case text
    /// A text in quotes.
    case quoted
    /// A chord of keys.
    case keys
    /// A number of notches.
    case number
    /// A direction.
    case direction
    /// A number and a unit of time.
    case time
  }
}

extension StepPattern.Action {
  /// The slots that a pattern of this action must have, and those that it may have.
  ///
  /// `{quoted}` counts as `{text}`.
  var slots: (needed: Set<StepPattern.Slot>, allowed: Set<StepPattern.Slot>) {
    switch self {
    case .click, .doubleClick, .rightClick, .hover, .clear, .waitFor, .check, .uncheck, .open:
      ([.target], [.target])
    case .type: ([.text], [.text, .place])
    case .press: ([.keys], [.keys])
    case .scroll: ([.direction], [.direction, .number])
    case .drag: ([.target, .place], [.target, .place])
    case .wait: ([.time], [.time])
    case .select: ([.target], [.target, .place])
    }
  }
}
