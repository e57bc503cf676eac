internal import DemoScreens
internal import Platform
internal import Story
internal import VNC

/// An embedded demo screen for one attempt.
final class DemoSource: ScreenSource {
  private let name: String
  private let running = Locked<DemoScreen?>(nil)

  var drawsLater: Bool { false }

  /// A demo screen by its address: `sign-in?load=3s`.
  init(name: String) { self.name = name }

  func start() async throws(Fault) -> (endpoint: VNCEndpoint, description: String) {
    do throws(DemoError) {
      let screen = try await DemoScreen.start(try DemoAddress(parsing: name))
      running.withLock { $0 = screen }
      return (screen.endpoint, "demo screen \(name)")
    } catch {
      throw Fault(.scenario, "\(error)")
    }
  }

  func stop() async { await running.withLock { $0 }?.stop() }
}
