internal import Driving
internal import Scenario
internal import Story

/// All places where commands of a case run: its hosts, and the machine of the runner.
struct CommandHosts: HostPort {
  /// The SSH hosts; nil where the target names none.
  let ssh: SSHHosts?
  /// The machine of the runner.
  let runner: RunnerHost

  func run(_ command: SSHCommand) async throws(Fault) -> CommandResult {
    if command.place == .runner { return try await runner.run(command) }
    return try await hosts(command.host).run(command)
  }

  func examine(_ check: Check.SSHCheck) async throws(Fault) -> LeafReading {
    if check.place == .runner { return try await runner.examine(check) }
    return try await hosts(check.host).examine(check)
  }

  func examine(_ check: Check.FileCheck) async throws(Fault) -> LeafReading {
    try runner.examine(check)
  }

  func close() async {
    await ssh?.close()
    await runner.close()
  }

  private func hosts(_ name: String?) throws(Fault) -> SSHHosts {
    guard let ssh else {
      throw Fault(
        .scenario, "there is no host “\(name ?? "ssh")” in the target", wasNotDone: true)
    }
    return ssh
  }
}
