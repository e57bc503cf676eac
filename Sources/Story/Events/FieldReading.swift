/// What became of a field since the last action, and what it looks like.
public struct FieldSight: Hashable, Codable, Sendable {
  /// What became of it.
  public enum Change: String, Hashable, Codable, Sendable, CaseIterable {
    /// All of the screen shows what it showed.
    case same
    /// The field shows what it showed, and something else on the screen does not.
    case elsewhere
    /// It shows something else.
    case changed
    /// There is no such field any more: it is gone, or covered.
    case gone
  }

  /// What became of it.
  public var change: Change
  /// Whether there is a field; without one all of the screen counts.
  public var isField: Bool
  /// Whether anything on it or around it is not as it was, a text cursor too.
  public var isTouched: Bool
  /// Whether anything is in it.
  public var hasInk: Bool
  /// Whether all that is in it is as pale as a hint, or stands where icons do.
  public var isPale: Bool
  /// Whether a part of what is in it is picked out, as the day of a date is.
  public var isSegmented: Bool

  /// A sight.
  public init(
    change: Change, isField: Bool = true, isTouched: Bool = true, hasInk: Bool = true,
    isPale: Bool = false, isSegmented: Bool = false
  ) {
    self.change = change
    self.isField = isField
    self.isTouched = isTouched
    self.hasInk = hasInk
    self.isPale = isPale
    self.isSegmented = isSegmented
  }
}

/// What the field that was typed into shows, as far as the local engine can tell.
public enum FieldReading: Hashable, Codable, Sendable {
  /// It shows the text; of a secret, as many signs as it has.
  case matches
  /// It surely shows something else; nil for a secret, of which nothing is told.
  case differs(shown: String?)
  /// That cannot be told; `shown` is what was read all the same, nil when nothing was, or for a secret.
  case unknown(reason: String, shown: String?)

  /// What the field shows, in words that fit behind a name or in a sentence.
  public var title: String {
    switch self {
    case .matches: "the field shows what was typed"
    case .differs(let shown?):
      shown.isEmpty ? "the field shows nothing" : "the field shows “\(shown)”, not what was typed"
    case .differs(nil): "the field does not show as many signs as the secret has"
    case .unknown(let reason, let shown):
      "it cannot be told whether the field shows what was typed: \(reason)"
        + (shown.map { "; it was read as “\($0)”" } ?? "")
    }
  }
}
