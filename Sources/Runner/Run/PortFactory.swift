public import Pixels
public import Policy
public import Recording
public import Scenario
public import Driving
public import Story

/// What a run needs of the world: what this machine has, and the ports of each attempt.
///
/// It is made once for the run, before its first case.
public protocol PortFactory: Sendable {
  /// What this machine has of what scenarios require.
  var requirements: Requirements { get }
  /// What tests found out about the models.
  var findings: [ModelFinding] { get }
  /// The models by role, as they are in force; none where there is none.
  var models: [RunSettings.Model] { get }
  /// What the user should know before the first case.
  var warnings: [String] { get }
  /// Whether a quicker model is asked first.
  var hasFastModel: Bool { get }
  /// What the machine must know of the case's model; nil when there is none.
  func modelProfile(for testCase: Case) -> ModelProfile?
  /// What an operator permits a model on the hosts of a case; nil where that is nothing.
  func policy(for testCase: Case) -> PolicyRecord?
  /// Who can be asked; nil where nobody is there.
  var person: (any PersonPort)? { get }
  /// The screen of an attempt, and its hosts, if it has any; throws when the target makes no sense.
  func target(
    of testCase: Case, attempt: Int
  ) throws(Fault) -> (screen: any ScreenPort, host: (any HostPort)?)
  /// The local engine.
  func perception(for testCase: Case) async throws(Fault) -> any PerceptionPort
  /// The models; nil when there are none.
  ///
  /// - Parameter keep: keeps what is sent to them.
  func model(keep: @escaping RequestKeeping) -> (any ModelPort)?
  /// What makes pictures of the frames of one attempt; `forModels` when models are shown them.
  func encoder(forModels: Bool) -> any FrameEncoder
}

// Runs without an operator's policy, and without a person.
extension PortFactory {
  /// Nothing is permitted.
  public func policy(for testCase: Case) -> PolicyRecord? { nil }
  /// Nobody is there.
  public var person: (any PersonPort)? { nil }
}

/// Makes the ports of a run; `tell` hears what takes a while.
public typealias PortPreparation =
  @Sendable (
    _ request: RunRequest, _ folder: RunFolder, _ tell: @escaping @Sendable (String) -> Void
  ) async -> any PortFactory

/// Keeps the body of a request, JSON with names for its pictures: its digest with secrets as names, and the same
/// as the name of the kept bytes; that is empty where they are not kept.
public typealias RequestKeeping =
  @Sendable (_ body: [UInt8]) async -> (digest: String, blob: String)

/// Makes PNG files of the frames of one screen, one after another.
public protocol FrameEncoder: Sendable {
  /// The file of a frame, and its base64 text in parts that files share; no parts where no model is shown it.
  mutating func encode(_ frame: Frame) throws -> (png: [UInt8], base64Parts: [[UInt8]])
}
