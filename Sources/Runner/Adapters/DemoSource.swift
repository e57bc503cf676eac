internal import Session
internal import VNC

/// An embedded demo screen for one attempt.
final class DemoSource: ScreenSource {
  private let name: String

  var drawsLater: Bool { false }

  /// A demo screen by its address: `sign-in?load=3s`.
  init(name: String) { self.name = name }

  func start() async throws(Fault) -> (endpoint: VNCEndpoint, description: String) {
    throw Fault(.scenario, "the demo screens are not in this build")
  }

  func applicationProblem() async -> String? { nil }

  func stop() async {}
}
