internal import Scenario
internal import Session

/// Makes the ports of each attempt.
protocol PortFactory: Sendable {
  /// The screen of an attempt; throws when the target makes no sense.
  func screen(for testCase: Case, attempt: Int) throws(Fault) -> any ScreenPort
  /// The local engine.
  func perception(for testCase: Case) async throws(Fault) -> any PerceptionPort
  /// The models.
  func model() -> (any ModelPort)?
  /// What the machine must know of the case's model; nil when there is none.
  func modelProfile(for testCase: Case) -> ModelProfile?
  /// Whether a quicker model is asked first.
  var hasFastModel: Bool { get }
  /// Why there is no model.
  var modelReason: String { get }
}
