internal import Driving
internal import Durations
internal import Platform
internal import Policy
internal import SSH
internal import Scenario
internal import Story

/// The SSH hosts of an attempt: each signed in to when it is first needed, and left at the end.
struct SSHHosts: HostPort {
  /// The lines by name; the empty name is the target's own host.
  private let lines: [String: SSHLine]
  private let secrets: SecretValues
  private let policy: Policy

  /// The hosts of a target; nil where it names none.
  ///
  /// - Parameters:
  ///   - line: the line to its own host, if something else uses it already.
  ///   - policy: what an operator denies holds for the scenario's own commands, too.
  ///   - root: where relative paths start.
  ///   - secrets: the values of secrets, by name.
  ///   - environment: tells where `~` and the SSH agent are.
  init?(
    _ target: TargetSpec, over line: SSHLine?, policy: Policy, root: String,
    secrets: [String: String],
    environment: [String: String]
  ) throws(Fault) {
    let values = SecretValues(secrets)
    var lines: [String: SSHLine] = [:]
    if let line { lines[""] = line }
    var hosts = target.hosts ?? [:]
    if line == nil, let own = target.ssh { hosts[""] = own }
    for (name, host) in hosts {
      lines[name] = SSHLine(
        try SSHSettings(host: host, values, root: root, environment: environment))
    }
    guard !lines.isEmpty else { return nil }
    self.lines = lines
    self.secrets = values
    self.policy = policy
  }

  func run(_ command: SSHCommand) async throws(Fault) -> CommandResult {
    let (result, time) = try await result(of: command, kept: Self.keptOfStep)
    return CommandResult(result, after: command.limit ?? .zero, time: time)
  }

  func examine(_ check: Check.SSHCheck) async throws(Fault) -> LeafReading {
    let answer: (result: SSHCommandResult, time: Duration)
    do throws(Fault) {
      answer = try await result(of: check.run, kept: Self.keptOfCheck)
    } catch {
      // A host that is not up yet may come up while the check is waited for.
      guard error.isTransient else { throw error }
      return LeafReading(
        holds: false, doubt: error.message, measured: "`\(check.command)` could not be asked")
    }
    let command = HostOutput(answer.result, limit: check.limit ?? .zero)
    return try command.reading(of: check, secrets)
  }

  func close() async {
    for line in lines.values { await line.close() }
  }

  /// Bytes of each output that are kept of its beginning, and as many of its end.
  static let keptOfStep = 64 << 10
  static let keptOfCheck = 2 << 20

  private func result(
    of command: SSHCommand, kept: Int
  ) async throws(Fault) -> (SSHCommandResult, Duration) {
    guard let line = lines[command.host ?? ""] else {
      throw Fault(
        .scenario, "there is no host “\(command.host ?? "ssh")” in the target", wasNotDone: true)
    }
    if let ruling = policy.denial(of: command) {
      throw Fault(
        .scenario, "the operator's policy: \(ruling.reason)", wasNotDone: true)
    }
    let order = try HostLine(command, secrets)
    let session: SSHSession
    do throws(SSHError) {
      session = try await line.open()
    } catch {
      throw Fault(.host, error.message, isTransient: error.mayPass, wasNotDone: true)
    }
    var limits = SSHCommandLimits()
    limits.time = command.limit ?? limits.time
    limits.kept = kept
    if let most = command.largestOutput { limits.output = min(limits.output, most) }
    let clock = ContinuousClock()
    let start = clock.now
    do throws(SSHError) {
      let result = try await session.run(order.line, stdin: order.input, limits: limits)
      return (result, clock.now - start)
    } catch {
      throw Fault(
        .host, error.message, isTransient: error.mayPass,
        wasNotDone: error.code == .channelRefused || error.code == .invalidRequest)
    }
  }
}

extension CommandResult {
  /// What the room of SSH says, in the words of the story.
  init(_ result: SSHCommandResult, after limit: Duration, time: Duration) {
    let output = result.output.shown
    let errors = result.errors.shown
    self.init(
      ending: Ending(result.ending, after: limit), stdout: output.text, stderr: errors.text,
      dropped: output.dropped + errors.dropped, isText: output.isText && errors.isText, time: time)
  }
}

extension CommandResult.Ending {
  init(_ ending: SSHCommandResult.Ending, after limit: Duration) {
    switch ending {
    case .exited(let status): self = .exited(Int(status))
    case .signalled(let signal): self = .signalled(signal)
    case .unknown: self = .unknown
    case .timedOut: self = .timedOut(limit)
    case .tooMuchOutput: self = .tooMuchOutput
    }
  }
}

extension SSHOutput {
  /// The text that was kept, with a mark where bytes were left out.
  var shown: (text: String, dropped: Int, isText: Bool) {
    let parts = isTruncated ? [head, tail] : [bytes]
    let texts = parts.map { String(decoding: $0, as: UTF8.self) }
    // What is cut within a character is repaired too, and no sign of bytes that are no text.
    let isText = isTruncated || texts[0].utf8.elementsEqual(parts[0])
    let dropped = total - head.count - tail.count
    return (
      isTruncated ? texts.joined(separator: "\n… \(dropped) bytes left out …\n") : texts[0],
      isTruncated ? dropped : 0, isText
    )
  }
}
