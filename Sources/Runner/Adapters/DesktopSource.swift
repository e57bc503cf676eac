internal import Pixels
internal import Platform
internal import Scenario
internal import Session
internal import VNC

/// A private X desktop for one attempt.
final class DesktopSource: ScreenSource {
  private let specification: DesktopSpecification
  private let running = Locked<PrivateDesktop?>(nil)
  let drawsLater: Bool

  /// A desktop of a scenario.
  ///
  /// - Parameters:
  ///   - desktop: what the scenario says.
  ///   - command: its command line with secrets filled in.
  ///   - root: the folder in which the application runs.
  ///   - environment: what applications inherit.
  ///   - log: the file that takes what the application writes.
  init(
    desktop: TargetSpec.Desktop, command: String?, root: String, environment: [String: String],
    log: String
  ) {
    specification = DesktopSpecification(
      size: PixelSize(clampingWidth: desktop.width, height: desktop.height), command: command,
      windowManager: desktop.windowManager, workingDirectory: root, environment: environment,
      log: log)
    drawsLater = command != nil
  }

  func start() async throws(Fault) -> (endpoint: VNCEndpoint, description: String) {
    do throws(DesktopError) {
      let desktop = try await PrivateDesktop.start(specification)
      running.withLock { $0 = desktop }
      return (desktop.endpoint, "private desktop \(desktop.display)")
    } catch {
      throw Fault(.screen, error.description)
    }
  }

  func applicationProblem() async -> String? { await running.withLock { $0 }?.problem() }

  func stop() async { await running.withLock { $0 }?.stop() }
}
