internal import Pixels
internal import Scenario
internal import Story
internal import VNC

/// Where the screen of an attempt comes from, and what must be ended with it.
protocol ScreenSource: Sendable {
  /// Starts what is to be started; returns where the screen is served.
  func start() async throws(Fault) -> (endpoint: VNCEndpoint, description: String)
  /// Whether something of ours draws on the screen after it is up, so that an empty one is worth waiting for.
  var drawsLater: Bool { get }
  /// The signs outside ASCII that have keys there.
  var signs: Set<Unicode.Scalar> { get }
  /// Whether they still have them.
  func hasSigns() async -> Bool
  /// Sees to it that what is pressed next reaches a window: keys, or a button at a place.
  func attend(to point: ScreenPoint?) async
  /// Why the display of ours is not there any more, if it ended.
  func displayProblem() -> String?
  /// What is known of the application; nil while it just runs, and where there is none.
  func application() async -> ApplicationState?
  /// Whether what the application wrote is what a check says.
  func examine(_ check: Check.LogCheck) throws(Fault) -> LeafReading
  /// What the application wrote; nil where there is none.
  func output() -> ApplicationOutput?
  /// Ends what was started.
  func stop() async
}

// A screen that has no application of ours.
extension ScreenSource {
  var signs: Set<Unicode.Scalar> { [] }
  func hasSigns() async -> Bool { false }
  func attend(to point: ScreenPoint?) async {}
  func displayProblem() -> String? { nil }
  func application() async -> ApplicationState? { nil }
  func examine(_ check: Check.LogCheck) throws(Fault) -> LeafReading {
    throw Fault(.scenario, "this target has no application whose output is known")
  }
  func output() -> ApplicationOutput? { nil }
}
