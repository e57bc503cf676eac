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
