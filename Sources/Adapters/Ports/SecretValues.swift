internal import Scenario
internal import Story

/// Fills secrets into the texts of a target.
struct SecretValues: Sendable {
  private let secrets: [String: String]

  init(_ secrets: [String: String]) { self.secrets = secrets }

  func fill(_ text: Template) throws(Fault) -> String {
    guard let plain = text.resolved(secret: { secrets[$0] }, result: { _ in nil }) else {
      throw Fault(.scenario, "a secret in “\(text)” has no value: set its environment variable")
    }
    return plain
  }

  func fill(_ texts: [String: Template]) throws(Fault) -> [String: String] {
    var values: [String: String] = [:]
    for (name, text) in texts { values[name] = try fill(text) as String }
    return values
  }

  func fill(_ text: Template?) throws(Fault) -> String? {
    guard let text else { return nil }
    return try fill(text)
  }
}
