/// Text from a scenario in which variables are already filled in, and secrets and results are not.
///
/// A secret stays a name until the moment it is typed, so that neither the journal nor a report nor a
/// model ever holds its value. A result (`{{ order.value }}`) is known only while the case runs.
public struct Template: Hashable, Codable, Sendable, CustomStringConvertible {
  /// A piece of it.
  public enum Segment: Hashable, Codable, Sendable {
    /// Plain text.
    case literal(String)
    /// The name of a secret.
    case secret(String)
    /// The path of an earlier step's result, such as `log.stdout`.
    case result(String)
  }

  /// The pieces, in order.
  public let segments: [Segment]

  /// A template from its pieces; neighbouring literals are joined and empty ones dropped.
  public init(_ segments: [Segment]) {
    var joined: [Segment] = []
    for segment in segments {
      guard case .literal(let text) = segment else {
        joined.append(segment)
        continue
      }
      if text.isEmpty { continue }
      if case .literal(let before)? = joined.last {
        joined[joined.count - 1] = .literal(before + text)
      } else {
        joined.append(segment)
      }
    }
    self.segments = joined
  }

  /// A template of plain text.
  public init(_ text: String) { self.init([.literal(text)]) }

  /// The names of the secrets in it.
  public var secrets: [String] {
    segments.compactMap { if case .secret(let name) = $0 { name } else { nil } }
  }

  /// Whether nothing is in it.
  public var isEmpty: Bool { segments.isEmpty }

  /// The text with secrets shown as `‹NAME›` and results as `{{ path }}`.
  public var description: String {
    segments.map { segment in
      switch segment {
      case .literal(let text): text
      case .secret(let name): "‹\(name)›"
      case .result(let path): "{{ \(path) }}"
      }
    }.joined()
  }

  /// The text with results filled in and secrets still shown as `‹NAME›`; nil when a result is missing.
  public func filled(with results: (String) -> String?) -> String? {
    resolved(secret: { "‹\($0)›" }, result: results)
  }

  /// The text with everything filled in; nil when anything is missing.
  public func resolved(
    secret: (String) -> String?, result: (String) -> String?
  ) -> String? {
    var text = ""
    for segment in segments {
      switch segment {
      case .literal(let literal): text += literal
      case .secret(let name):
        guard let value = secret(name) else { return nil }
        text += value
      case .result(let path):
        guard let value = result(path) else { return nil }
        text += value
      }
    }
    return text
  }
}
