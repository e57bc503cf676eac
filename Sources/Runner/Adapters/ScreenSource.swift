internal import Session
internal import VNC

/// Where the screen of an attempt comes from, and what must be ended with it.
protocol ScreenSource: Sendable {
  /// Starts what is to be started; returns where the screen is served.
  func start() async throws(Fault) -> (endpoint: VNCEndpoint, description: String)
  /// Whether something of ours draws on the screen after it is up, so that an empty one is worth waiting for.
  var drawsLater: Bool { get }
  /// Why the application is not running any more, if it ended badly.
  func applicationProblem() async -> String?
  /// Ends what was started.
  func stop() async
}
