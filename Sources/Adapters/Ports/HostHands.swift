internal import Platform
internal import SSH
internal import Scenario
internal import Story

/// Commands on the SSH host that type and read, in place of keys and eyes.
struct HostHands: Sendable {
  private let line: SSHLine
  private let commands: HostTyping

  /// Whether every text is typed by the command, and not only what keys cannot type.
  var typesAll: Bool { commands.all }
  /// Whether there is a command that types.
  var canType: Bool { commands.with != nil }
  /// Whether there is a command that reads.
  var canRead: Bool { commands.read != nil }

  /// The commands of a target; nil when it names none.
  init?(_ target: TargetSpec, over line: SSHLine?) {
    guard let commands = target.typing, let line else { return nil }
    self.commands = commands
    self.line = line
  }

  /// Has a text typed; it goes over the command's input, so that it shows in no list of processes.
  ///
  /// An error does not say that nothing was typed.
  func type(_ text: String) async throws(Fault) {
    guard let command = commands.with else { return }
    _ = try await run(command, stdin: Array(text.utf8), to: "type")
  }

  /// What is selected on the screen.
  func read() async throws(Fault) -> String {
    guard let command = commands.read else { return "" }
    let output = try await run(command, stdin: [], to: "read")
    var text = String(decoding: output, as: UTF8.self)
    // Some commands end what they print with a line end, of which a field of one line has none.
    if text.last?.isNewline == true { text.removeLast() }
    return text
  }

  func close() async { await line.close() }

  private func run(
    _ command: String, stdin: [UInt8], to purpose: String
  ) async throws(Fault) -> [UInt8] {
    let result: SSHCommandResult
    do throws(SSHError) {
      var limits = SSHCommandLimits()
      limits.time = .seconds(30)
      result = try await line.open().run(command, stdin: stdin, limits: limits)
    } catch {
      throw Fault(.host, "“\(command)”, which is to \(purpose) on the SSH host: \(error.message)")
    }
    guard result.ending == .exited(0) else {
      let said = printable(result.errors.head.prefix(300))
      throw Fault(
        .host,
        "“\(command)”, which is to \(purpose) on the SSH host, \(Self.words(result.ending))"
          + (said.isEmpty ? "" : ": \(said)"))
    }
    return result.output.bytes
  }

  private static func words(_ ending: SSHCommandResult.Ending) -> String {
    switch ending {
    case .exited(let status): "ended with the status \(status)"
    case .signalled(let signal): "was ended by the signal \(signal)"
    case .unknown: "ended, and the host does not say how"
    case .timedOut: "did not end within 30 s"
    case .tooMuchOutput: "wrote too much"
    }
  }
}
