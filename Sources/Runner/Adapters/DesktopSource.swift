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
  ///   - redact: what each line of that passes through.
  init(
    desktop: TargetSpec.Desktop, command: String?, root: String, environment: [String: String],
    log: String?, redact: @escaping @Sendable (String) -> String
  ) {
    var specification = DesktopSpecification(
      size: PixelSize(clampingWidth: desktop.width, height: desktop.height),
      command: command ?? ":", workingDirectory: root)
    specification.windowManager = desktop.windowManager
    specification.inheritedEnvironment = environment
    specification.logPath = log
    specification.redact = redact
    self.specification = specification
    drawsLater = command != nil
  }

  func start() async throws(Fault) -> (endpoint: VNCEndpoint, description: String) {
    do throws(DesktopError) {
      let desktop = try await PrivateDesktop.start(specification)
      running.withLock { $0 = desktop }
      return (desktop.endpoint, "private desktop :\(desktop.display)")
    } catch {
      throw Fault(.screen, error.description)
    }
  }

  func applicationProblem() async -> String? {
    guard let desktop = running.withLock({ $0 }) else { return nil }
    if let exit = desktop.displayExit { return "the X server of the desktop ended with \(exit)" }
    guard let exit = desktop.applicationExit, !exit.isSuccess else { return nil }
    let words = desktop.recentOutput().filter { !$0.isEmpty }.suffix(3).joined(separator: " · ")
    return "the application ended with \(exit)" + (words.isEmpty ? "" : ": \(words)")
  }

  func stop() async { await running.withLock { $0 }?.stop() }
}
