internal import Glibc
internal import Pixels
internal import Platform

/// An X server of our own with an application on it, for one session.
///
/// Nothing of it can be reached from elsewhere: RFB is a unix socket in a folder that only we may enter,
/// X is a local socket with a random cookie. Everything that was started ends with `stop`, and when this
/// process ends in any way.
public actor PrivateDesktop {
  /// Where the screen is served.
  public nonisolated let endpoint: VNCEndpoint
  /// The X display: `:12`.
  public nonisolated let display: String
  private let folder: TemporaryFolder
  private let server: SupervisedProcess
  private let log: BoundedLog
  private var windowManager: SupervisedProcess?
  private var application: SupervisedProcess?

  /// How long the X server may take to be ready.
  static let startLimit: Duration = .seconds(20)

  /// Starts a desktop; when this returns the screen is served and the application was started.
  public static func start(
    _ specification: DesktopSpecification
  ) async throws(DesktopError) -> PrivateDesktop {
    TemporaryFolder.removeAbandoned(prefix: prefix)
    let folder: TemporaryFolder
    do throws(FileError) {
      folder = try TemporaryFolder(prefix: prefix)
    } catch {
      throw .serverFailed("\(error)")
    }
    let launch = try XServerLaunch(specification, in: folder.path)
    let (server, display) = try await launch.start(limit: startLimit)
    let desktop = PrivateDesktop(
      folder: folder, server: server, display: display, socket: launch.socket,
      log: BoundedLog(path: specification.log))
    do throws(DesktopError) {
      try await desktop.startApplications(specification)
    } catch {
      await desktop.stop()
      throw error
    }
    return desktop
  }

  private static let prefix = "qa-agent-x"

  private init(
    folder: TemporaryFolder, server: SupervisedProcess, display: String, socket: String,
    log: BoundedLog
  ) {
    self.folder = folder
    self.server = server
    self.display = display
    self.log = log
    endpoint = VNCEndpoint(address: .unix(path: socket))
  }

  private func startApplications(_ specification: DesktopSpecification) async throws(DesktopError) {
    let environment = DesktopEnvironment.make(
      from: specification.environment, display: display, folder: folder.path)
    if let command = specification.windowManager {
      windowManager = try await start(command, specification, environment)
      await awaitWindowManager(environment)
    }
    if let command = specification.command {
      application = try await start(command, specification, environment)
    }
  }

  /// Waits until the window manager says on the root window that it is there.
  ///
  /// A window that appears while a window manager starts may be lost to both. One that never says so, as
  /// some small ones do not, costs the limit.
  private func awaitWindowManager(_ environment: [String: String]) async {
    let script = """
      for _ in $(seq 150); do
        xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q 'window id' && exit 0
        sleep 0.02
      done
      """
    let waiter = ProcessSpecification("/bin/sh", ["-c", script], environment: environment)
    _ = try? await runCommand(waiter, outputLimit: 1024, timeout: .seconds(5))
  }

  private func start(
    _ command: String, _ specification: DesktopSpecification, _ environment: [String: String]
  ) async throws(DesktopError) -> SupervisedProcess {
    var process = ProcessSpecification(
      "/bin/sh", ["-c", command], environment: environment,
      workingDirectory: specification.workingDirectory)
    process.standardOutput = .sink { [log] in log.append($0) }
    process.mergesErrorIntoOutput = true
    do throws(ProcessError) {
      return try await SupervisedProcess.start(process)
    } catch {
      throw .applicationFailed("\(error)")
    }
  }

  /// Why the application or the X server is not running any more; nil while both run, when the
  /// application ended with success, and when there is none.
  public func problem() -> String? {
    if let exit = server.exit { return "the X server ended with \(exit)" }
    guard let exit = application?.exit, !exit.isSuccess else { return nil }
    let words = log.tail
    return "the application ended with \(exit)" + (words.isEmpty ? "" : ": \(words)")
  }

  /// Ends everything that runs on the desktop and the desktop itself; later calls do nothing.
  public func stop() async {
    await application?.terminate()
    await windowManager?.terminate()
    await server.terminate(grace: .milliseconds(500))
    log.close()
    folder.remove()
  }
}
