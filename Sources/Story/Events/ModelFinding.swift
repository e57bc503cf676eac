/// What a test found out about a model before it was relied on.
public struct ModelFinding: Hashable, Codable, Sendable {
  /// The model; empty where only one is spoken of.
  public var model: String
  /// The question: `vision`, `coordinates`, `tools`, `schema`, `cache`, `speed`, `context`.
  public var probe: String
  /// The answer: `holds`, `fails` or `unknown`.
  public var outcome: String
  /// What was found, and what to do about it.
  public var message: String

  /// A finding.
  public init(model: String = "", probe: String, outcome: String, message: String) {
    self.model = model
    self.probe = probe
    self.outcome = outcome
    self.message = message
  }

  /// The finding with its model's name.
  public func of(_ model: String) -> ModelFinding {
    ModelFinding(model: model, probe: probe, outcome: outcome, message: message)
  }
}
