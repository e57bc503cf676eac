internal import Desktops
internal import Pixels
internal import Platform
internal import Scenario
internal import Story
internal import VNC

/// A private X desktop for one attempt.
final class DesktopSource: ScreenSource {
  /// Where what the application writes goes.
  struct Log {
    /// The folder of the run.
    let folder: String
    /// The file in that folder.
    let file: String
    /// The values of secrets, by name.
    let secrets: [String: String]
    /// What each line passes through before anybody sees it.
    let redact: @Sendable (String) -> String
  }

  private let specification: DesktopSpecification
  private let log: Log
  private let home: CaseHome
  private let running = Locked<PrivateDesktop?>(nil)
  /// How the application was before it was ended by us.
  private let last = Locked<ApplicationState?>(nil)
  /// Whether it was ever stopped.
  private let stopped = Locked(false)
  let drawsLater: Bool

  /// A desktop of a scenario.
  ///
  /// - Parameters:
  ///   - desktop: what the scenario says.
  ///   - command: its command line with secrets filled in.
  ///   - root: the folder in which the application runs.
  ///   - variables: what the scenario gives the application.
  ///   - environment: what programs are found by.
  ///   - home: the home of the application, which learns its variables.
  ///   - log: where what the application writes goes.
  init(
    desktop: TargetSpec.Desktop, command: String?, root: String, variables: [String: String],
    environment: [String: String], home: CaseHome, log: Log
  ) {
    var specification = DesktopSpecification(
      size: PixelSize(clampingWidth: desktop.width, height: desktop.height),
      command: command ?? ":", workingDirectory: root)
    specification.windowManager = desktop.windowManager
    specification.environment = variables
    specification.inheritedEnvironment = environment
    specification.logPath = "\(log.folder)/\(log.file)"
    specification.redact = log.redact
    self.specification = specification
    self.log = log
    self.home = home
    drawsLater = command != nil
  }

  func start() async throws(Fault) -> (endpoint: VNCEndpoint, description: String) {
    var specification = specification
    specification.home = try home.folder()
    do throws(DesktopError) {
      let desktop = try await PrivateDesktop.start(specification)
      home.learn(desktop.environment)
      running.withLock { $0 = desktop }
      return (desktop.endpoint, "private desktop :\(desktop.display)")
    } catch {
      throw Fault(.screen, error.description)
    }
  }

  func stop() async { await running.withLock { $0 }?.stop() }

  var signs: Set<Unicode.Scalar> { PrivateDesktop.latinSigns }

  func hasSigns() async -> Bool { await running.withLock { $0 }?.hasLatinKeys() ?? false }

  func attend(to point: ScreenPoint?) async { await running.withLock { $0 }?.attend(to: point) }

  func displayProblem() -> String? {
    guard let exit = running.withLock({ $0 })?.displayExit else { return nil }
    return "the X server of the desktop ended with \(exit)"
  }

  // MARK: - The application

  /// The desktop, where a scenario started an application on it.
  private var desktop: PrivateDesktop? { drawsLater ? running.withLock { $0 } : nil }

  func application() async -> ApplicationState? {
    guard let desktop else { return nil }
    guard let state = Self.state(desktop) else { return await stop(of: desktop) }
    if let known = last.withLock({ $0 }), known.isRunning == state.isRunning,
      known.end == state.end
    {
      return state
    }
    // An application ends badly when its display goes: then that is what happened.
    if state.end?.isGood == false {
      _ = try? await withTimeLimit(.milliseconds(100)) { try await desktop.waitForDisplay() }
    }
    guard desktop.displayExit == nil else { return nil }
    last.withLock { $0 = state }
    return state
  }

  /// That an application which runs is stopped, or was and goes on; nil where it just runs.
  private func stop(of desktop: PrivateDesktop) async -> ApplicationState? {
    let isStopped = await desktop.hasStoppedProgram()
    let wasStopped = stopped.withLock { was in
      defer { was = was || isStopped }
      return was
    }
    guard isStopped || wasStopped else { return nil }
    return ApplicationState(isRunning: true, end: nil, isStopped: isStopped ? true : nil)
  }

  private static func state(_ desktop: PrivateDesktop) -> ApplicationState? {
    let life = desktop.applicationLife
    // A launcher that has handed over runs on in what it launched.
    if life.isRunning, life.exit?.isSuccess ?? true { return nil }
    let ago = life.endedAt.map { ContinuousClock.now - $0 } ?? .zero
    return ApplicationState(
      isRunning: life.isRunning, end: life.exit.map(ApplicationState.End.init), ago: ago,
      lastLines: lines(desktop, last: 5))
  }

  private static func lines(_ desktop: PrivateDesktop, last count: Int) -> [String] {
    desktop.recentOutput().lazy.map { printable($0.utf8) }.filter { !$0.allSatisfy(\.isWhitespace) }
      .suffix(count)
  }

  func output() -> ApplicationOutput? {
    guard let desktop else { return nil }
    let isKept = Files.exists("\(log.folder)/\(log.file)")
    return ApplicationOutput(
      file: isKept ? log.file : nil, lines: Self.lines(desktop, last: 50),
      end: last.withLock { $0 }?.end)
  }

  func examine(_ check: Check.LogCheck) throws(Fault) -> LeafReading {
    guard let desktop else {
      throw Fault(.scenario, "no application was started whose output could be known")
    }
    let (bytes, isWhole) = desktop.applicationOutput
    let search = LogSearch(bytes, isWhole: isWhole, secrets: log.secrets, redact: log.redact)
    return try search.reading(of: check)
  }
}

extension ApplicationState.End {
  fileprivate init(_ exit: ProcessExit) {
    switch exit {
    case .exited(let status): self = .exited(Int(status))
    case .signaled(let number): self = .signaled(Int(number))
    }
  }
}
