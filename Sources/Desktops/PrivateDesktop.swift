internal import Glibc
public import Pixels
public import Platform
public import VNC

/// An X desktop of its own for one application, which goes with its owner.
///
/// The display server (TigerVNC's Xvnc) speaks RFB on a unix socket in a folder that only this user
/// may enter; nothing of it can be reached over the network. All programs of the desktop end with
/// `stop`, and also when this process ends in any way, `kill -9` included. The folder then remains
/// until the next desktop is started.
public final class PrivateDesktop: Sendable {
  /// Where to see and to use the desktop.
  public let endpoint: VNCEndpoint
  /// The number of the X display.
  public let display: Int

  /// All variables of the application.
  public let environment: [String: String]

  private let folder: TemporaryFolder
  private let log: DesktopLog
  private let server: SupervisedProcess
  private let windowManager: SupervisedProcess?
  private let application: SupervisedProcess
  private let keeper: DisplayKeeper?

  private init(
    _ stage: DesktopStage, display: Int, application: SupervisedProcess,
    _ specification: DesktopSpecification
  ) {
    environment = stage.environment.applicationVariables(specification, display: display)
    endpoint = VNCEndpoint(address: .unix(path: stage.environment.socket))
    self.display = display
    folder = stage.folder
    log = stage.log
    server = stage.server
    windowManager = stage.windowManager
    keeper = stage.keeper
    self.application = application
  }

  /// Starts a desktop; when this returns the display can be connected to and the application runs.
  public static func start(
    _ specification: DesktopSpecification
  ) async throws(DesktopError) -> PrivateDesktop {
    TemporaryFolder.removeAbandoned(prefix: DesktopStage.prefix)
    var stage = try await DesktopStage.start(specification)
    do throws(DesktopError) {
      let display = try await stage.waitForDisplay(limit: specification.startLimit)
      let application = try await stage.startPrograms(specification, display: display)
      guard !Task.isCancelled else {
        await application.terminate()
        throw .cancelled
      }
      return PrivateDesktop(stage, display: display, application: application, specification)
    } catch {
      await stage.stop()
      throw error
    }
  }

  /// The signs outside ASCII that have keys of their own there, until an application loads another layout.
  public static var latinSigns: Set<Unicode.Scalar> { LatinKeys.signs }

  /// Whether these signs still have their keys.
  public func hasLatinKeys() async -> Bool { await keeper?.hasLatinKeys() ?? false }

  /// Sees to it that keys which are pressed next reach a window; without a window manager nobody else does.
  ///
  /// - Parameter point: where a button is about to be pressed; nil before keys. The window there gets the keyboard.
  public func attend(to point: ScreenPoint?) async {
    if let point { return await keeper?.attend(x: point.x, y: point.y) ?? () }
    await keeper?.attend()
    // A window that has just come up gets the keyboard a moment later.
    for _ in 0..<Self.mostLooks {
      guard await keeper?.isManagerAtIt() == true else { return }
      guard (try? await Task.sleep(for: .milliseconds(20))) != nil else { return }
    }
  }

  /// So often a window manager is asked whom it has given the keyboard, half a second in all.
  private static let mostLooks = 25

  /// How the application ended, or nil while it runs.
  var applicationExit: ProcessExit? { application.exit }

  /// What is known of the application and all of its descendants.
  public var applicationLife: ProcessLife { application.life }

  /// Whether a program that has a window there is stopped, as by SIGSTOP; one that only hangs is not seen to.
  public func hasStoppedProgram() async -> Bool { await keeper?.hasStoppedOwner() ?? false }

  /// How the display server ended, or nil while it runs.
  public var displayExit: ProcessExit? { server.exit }

  /// Waits until the application ends; cancelling the task ends the wait.
  func waitForApplication() async throws(CancellationError) -> ProcessExit {
    try await application.wait()
  }

  /// Waits until the display server ends; cancelling the task ends the wait.
  public func waitForDisplay() async throws(CancellationError) -> ProcessExit {
    try await server.wait()
  }

  /// The last lines that a program wrote, at most fifty.
  public func recentOutput(of part: DesktopPart = .application) -> [String] { log.recent(part) }

  /// What the application wrote, as it wrote it, secrets included, and whether that is all: of very much
  /// only the last part is kept.
  public var applicationOutput: (bytes: [UInt8], isWhole: Bool) { log.applicationOutput }

  /// Ends all programs, the display server last, and removes the folder.
  ///
  /// Later calls do nothing. Works in a cancelled task, too.
  public func stop(grace: Duration = .seconds(2)) async {
    async let applicationEnd = application.terminate(grace: grace)
    await windowManager?.terminate(grace: grace)
    _ = await applicationEnd
    await keeper?.stop()
    await server.terminate(grace: grace)
    folder.remove()
    log.close()
  }
}

/// A desktop that is being started.
struct DesktopStage {
  static let prefix = "qa-agent-desktop"

  let folder: TemporaryFolder
  let environment: DesktopEnvironment
  let log: DesktopLog
  let server: SupervisedProcess
  private(set) var windowManager: SupervisedProcess?
  private(set) var keeper: DisplayKeeper?
  private let cookie: [UInt8]
  private let announced: OneShot<Int>

  static func start(
    _ specification: DesktopSpecification
  ) async throws(DesktopError) -> DesktopStage {
    let path = specification.inheritedEnvironment["PATH"]
    let names = ["Xvnc", "Xtigervnc"]
    guard let program = names.lazy.compactMap({ Executables.find($0, path: path) }).first else {
      throw .notInstalled
    }
    let (folder, environment, cookie) = try prepareFolder()
    let log = try openLog(specification)
    let announced = OneShot<Int>()
    let collected = Locked([UInt8]())
    var server = ProcessSpecification(
      program, environment.serverArguments(specification),
      environment: environment.variables(specification, display: 0), workingDirectory: "/")
    server.standardOutput = .sink { piece in
      if let number = collected.withLock({ displayNumber(piece, &$0) }) { announced.set(number) }
    }
    server.standardError = .sink { log.add(.display, $0) }
    let process = try await started(server, as: "the display server \(program)")
    return DesktopStage(
      folder: folder, environment: environment, log: log, server: process, cookie: cookie,
      announced: announced)
  }

  /// Ends what has been started.
  func stop() async {
    await windowManager?.terminate()
    await keeper?.stop()
    await server.terminate()
    folder.remove()
    log.close()
  }

  /// Waits until the display can be connected to; its number.
  func waitForDisplay(limit: Duration) async throws(DesktopError) -> Int {
    enum Outcome { case ready(Int), ended(ProcessExit), late }
    let outcome: Outcome
    do {
      let (announced, server) = (announced, server)
      outcome = try await withThrowingTaskGroup(of: Outcome.self) { group in
        group.addTask { .ready(try await announced.wait()) }
        group.addTask { .ended(try await server.wait()) }
        group.addTask {
          try await Task.sleep(for: limit)
          return .late
        }
        defer { group.cancelAll() }
        return try await group.next() ?? .late
      }
    } catch {
      throw .cancelled
    }
    switch outcome {
    case .ready(let display):
      guard access(environment.socket, F_OK) == 0 else {
        throw .cannotStart(
          program: "the display server", reason: "it does not listen on \(environment.socket)")
      }
      return display
    case .ended(let exit):
      // What it wrote last comes after its end.
      await server.terminate(grace: .zero)
      throw .displayEnded(exit, output: log.recent(.display))
    case .late: throw .notReady(limit: limit, output: log.recent(.display))
    }
  }

  /// Starts the window manager, when there is one, and the application.
  mutating func startPrograms(
    _ specification: DesktopSpecification, display: Int
  ) async throws(DesktopError) -> SupervisedProcess {
    let variables = environment.variables(specification, display: display)
    // Before any application learns of the keyboard.
    keeper = await DisplayKeeper.start(
      display: display, cookie: cookie, keepsFocus: specification.windowManager == nil)
    if let command = specification.windowManager {
      let name = command.split(separator: " ").first.map(String.init) ?? ""
      guard Executables.find(name, path: variables["PATH"]) != nil else {
        throw .noWindowManager(name: name)
      }
      windowManager = try await run(
        "exec \(command)", .windowManager, specification, variables)
      await Self.waitForWindowManager(variables)
    }
    return try await run(
      specification.command, .application, specification,
      environment.applicationVariables(specification, display: display))
  }

  /// Waits until the window manager says on the root window that it is there.
  ///
  /// A window that appears while a window manager starts may be lost to both. One that never says so, as
  /// some small ones do not, costs the limit.
  private static func waitForWindowManager(_ variables: [String: String]) async {
    let script = """
      for _ in $(seq 150); do
        xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q 'window id' && exit 0
        sleep 0.02
      done
      """
    let waiter = ProcessSpecification("/bin/sh", ["-c", script], environment: variables)
    _ = try? await runCommand(waiter, outputLimit: 1024, timeout: .seconds(5))
  }

  private func run(
    _ command: String, _ part: DesktopPart, _ specification: DesktopSpecification,
    _ variables: [String: String]
  ) async throws(DesktopError) -> SupervisedProcess {
    let log = log
    var process = ProcessSpecification(
      "/bin/sh", ["-c", command], environment: variables,
      workingDirectory: specification.workingDirectory)
    process.standardOutput = .sink { log.add(part, $0) }
    process.mergesErrorIntoOutput = true
    return try await Self.started(process, as: "the \(part.rawValue)")
  }

  // MARK: - Helpers

  private static func prepareFolder() throws(DesktopError) -> (
    TemporaryFolder, DesktopEnvironment, cookie: [UInt8]
  ) {
    do {
      let folder = try TemporaryFolder(prefix: prefix)
      let environment = DesktopEnvironment(folder: folder.path)
      for path in environment.folders where mkdir(path, 0o700) != 0 {
        throw FileError.failed(operation: "create", path: path, SystemError(code: errno))
      }
      let cookie = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
      let authority = DesktopEnvironment.authority(cookie: cookie)
      try Files.writeAtomically(authority, to: environment.authority, mode: 0o600)
      return (folder, environment, cookie)
    } catch {
      throw .cannotStart(program: "a desktop", reason: "\(error)")
    }
  }

  private static func openLog(
    _ specification: DesktopSpecification
  ) throws(DesktopError) -> DesktopLog {
    do throws(SystemError) {
      return try DesktopLog(
        path: specification.logPath, limit: specification.logLimit, redact: specification.redact)
    } catch {
      let path = specification.logPath ?? ""
      throw .cannotStart(program: "a desktop", reason: "cannot write \(path): \(error)")
    }
  }

  private static func started(
    _ specification: ProcessSpecification, as name: String
  ) async throws(DesktopError) -> SupervisedProcess {
    do throws(ProcessError) {
      return try await SupervisedProcess.start(specification)
    } catch {
      throw .cannotStart(program: name, reason: "\(error)")
    }
  }

  /// The number before the first line break of what the server writes.
  private static func displayNumber(_ piece: [UInt8], _ collected: inout [UInt8]) -> Int? {
    collected += piece.prefix(max(16 - collected.count, 0))
    guard let end = collected.firstIndex(of: 10) else { return nil }
    return Int(String(decoding: collected[..<end], as: UTF8.self))
  }
}
