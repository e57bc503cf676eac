internal import Platform
internal import Policy
internal import SSH
internal import Scenario
internal import Story

/// The machine of the runner, as a place for the commands of a case.
///
/// A command and all that it starts end with its step; one in the background ends with the case.
final class RunnerHost: Sendable {
  /// Where what runs in the background writes.
  struct Log: Sendable {
    /// The path of the log of the attempt, without its ending.
    let path: String
    /// What each text passes through before anybody sees it.
    let redact: @Sendable (String) -> String
  }

  private struct Background: Sendable {
    let process: SupervisedProcess
    let output: Gathering
  }

  private let home: CaseHome
  private let policy: Policy
  private let secrets: SecretValues
  private let log: Log
  private let background = Locked<[Background]>([])

  /// The machine for one attempt.
  ///
  /// - Parameters:
  ///   - home: where commands run, and with which variables.
  ///   - policy: what an operator denies holds for these commands, too.
  ///   - secrets: the values of secrets, by name.
  ///   - log: where what runs in the background writes.
  init(_ home: CaseHome, policy: Policy, secrets: [String: String], log: Log) {
    self.home = home
    self.policy = policy
    self.secrets = SecretValues(secrets)
    self.log = log
  }

  func run(_ command: SSHCommand) async throws(Fault) -> CommandResult {
    if let deed = command.file {
      return CommandResult(ending: .exited(0), stdout: try files().perform(deed))
    }
    if command.isBackground == true { return try await start(command) }
    let (result, time) = try await result(of: command, kept: SSHHosts.keptOfStep)
    return CommandResult(result, after: command.limit ?? .zero, time: time)
  }

  func examine(_ check: Check.SSHCheck) async throws(Fault) -> LeafReading {
    let (result, _) = try await result(of: check.run, kept: SSHHosts.keptOfCheck)
    return try HostOutput(result, limit: check.limit ?? .zero).reading(of: check, secrets)
  }

  func examine(_ check: Check.FileCheck) throws(Fault) -> LeafReading {
    try files().examine(check)
  }

  private func files() throws(Fault) -> FileDesk {
    FileDesk(
      folder: ConfinedFolder(try home.folder()), project: ConfinedFolder(home.project),
      secrets: secrets)
  }

  /// Ends what runs in the background, and removes the folder.
  func close() async {
    let running = background.withLock { running in
      defer { running = [] }
      return running
    }
    for (index, entry) in running.enumerated() {
      let exit = entry.process.exit
      await entry.process.terminate()
      write(entry, exit, number: index + 1)
    }
    home.remove()
  }

  // MARK: - One command

  private func result(
    of command: SSHCommand, kept: Int
  ) async throws(Fault) -> (SSHCommandResult, Duration) {
    let limits = SSHCommandLimits()
    let gathering = Gathering(kept: kept, most: limits.output)
    let clock = ContinuousClock()
    let start = clock.now
    let process = try await process(of: command, to: gathering)
    let ending = await Self.ending(of: process, gathering, within: command.limit ?? limits.time)
    // Nothing of it is left behind, and all that it wrote is here.
    await process.terminate(grace: .zero)
    let (output, errors) = gathering.taken
    return (
      SSHCommandResult(ending: ending, output: output, errors: errors), clock.now - start
    )
  }

  private func start(_ command: SSHCommand) async throws(Fault) -> CommandResult {
    let gathering = Gathering(kept: Self.keptOfBackground, most: .max)
    let process = try await process(of: command, to: gathering)
    background.withLock { $0.append(Background(process: process, output: gathering)) }
    return CommandResult(ending: .started)
  }

  private static let keptOfBackground = 1 << 20

  private func process(
    of command: SSHCommand, to gathering: Gathering
  ) async throws(Fault) -> SupervisedProcess {
    if let ruling = policy.denial(of: command) {
      throw Fault(.scenario, "the operator's policy: \(ruling.reason)", wasNotDone: true)
    }
    var specification = try specification(of: command)
    specification.standardOutput = .sink { gathering.add($0, isError: false) }
    specification.standardError = .sink { gathering.add($0, isError: true) }
    do throws(ProcessError) {
      return try await SupervisedProcess.start(specification)
    } catch {
      throw Fault(.scenario, error.description, wasNotDone: true)
    }
  }

  private func specification(of command: SSHCommand) throws(Fault) -> ProcessSpecification {
    var words: [String] = []
    for word in command.arguments ?? [] { words.append(try secrets.fill(word)) }
    if words.isEmpty { words = ["/bin/sh", "-c", try secrets.fill(command.run)] }
    let own = try secrets.fill(command.environment ?? [:])
    var specification = ProcessSpecification(
      words[0], Array(words.dropFirst()), environment: try home.environment().merging(own) { $1 },
      workingDirectory: try home.folder())
    if let input = try secrets.fill(command.input) {
      specification.standardInput = .bytes(Array(input.utf8))
    }
    return specification
  }

  /// How it ends: by itself, or because its time is up or its output too long.
  private static func ending(
    of process: SupervisedProcess, _ gathering: Gathering, within limit: Duration
  ) async -> SSHCommandResult.Ending {
    let first = OneShot<SSHCommandResult.Ending>()
    gathering.onFlood { first.set(.tooMuchOutput) }
    let waiting = Task {
      guard let exit = try? await process.wait() else { return }
      first.set(SSHCommandResult.Ending(exit))
    }
    let timing = Task {
      guard (try? await Task.sleep(for: limit)) != nil else { return }
      first.set(.timedOut)
    }
    defer {
      waiting.cancel()
      timing.cancel()
    }
    // Who is asked to stop wants no answer.
    return (try? await first.wait()) ?? .unknown
  }

  // MARK: - The background

  private func write(_ entry: Background, _ exit: ProcessExit?, number: Int) {
    let (output, errors) = entry.output.taken
    var text = ""
    for (name, part) in [("", output), ("-- standard error:\n", errors)] where part.total > 0 {
      text += name + part.shown.text + "\n"
    }
    if let exit { text += "-- it had ended before the case did: \(exit)\n" }
    guard !text.isEmpty else { return }
    try? Files.makeFolder(of: log.path)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { log.redact(String($0)) }.joined(separator: "\n")
    try? Files.writeAtomically(Array(lines.utf8), to: "\(log.path).run-\(number).log")
  }
}

/// What a command writes, as it comes.
private final class Gathering: Sendable {
  private struct State {
    var output: SSHOutput
    var errors: SSHOutput
    var flood: (@Sendable () -> Void)?
  }

  private let state: Locked<State>
  private let most: Int

  /// - Parameters:
  ///   - kept: bytes of each output that are kept of its beginning, and as many of its end.
  ///   - most: bytes of both outputs from which on it is too much.
  init(kept: Int, most: Int) {
    state = Locked(State(output: SSHOutput(limit: kept), errors: SSHOutput(limit: kept)))
    self.most = most
  }

  var taken: (output: SSHOutput, errors: SSHOutput) {
    state.withLock { ($0.output, $0.errors) }
  }

  /// Calls `body` when it is too much.
  func onFlood(_ body: @escaping @Sendable () -> Void) {
    let isTooMuch = state.withLock { state in
      state.flood = body
      return state.output.total + state.errors.total > most
    }
    if isTooMuch { body() }
  }

  func add(_ bytes: [UInt8], isError: Bool) {
    let flood = state.withLock { state -> (@Sendable () -> Void)? in
      if isError { state.errors.append(bytes) } else { state.output.append(bytes) }
      return state.output.total + state.errors.total > most ? state.flood : nil
    }
    flood?()
  }
}

extension SSHCommandResult.Ending {
  /// How a process of our own ended.
  fileprivate init(_ exit: ProcessExit) {
    switch exit {
    case .exited(let status): self = .exited(UInt32(clamping: status))
    case .signaled(let number): self = .signalled(Self.names[number] ?? "\(number)")
    }
  }

  private static let names: [Int32: String] = [
    1: "HUP", 2: "INT", 3: "QUIT", 4: "ILL", 6: "ABRT", 7: "BUS", 8: "FPE", 9: "KILL", 11: "SEGV",
    13: "PIPE", 14: "ALRM", 15: "TERM",
  ]
}
