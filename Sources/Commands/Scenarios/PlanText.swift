internal import Policy
internal import Scenario

/// What a case would do to the world, for `run --dry-run`: where it connects, what may run there, and the ceilings.
struct PlanText {
  let policy: Policy

  /// Some lines below the case's own.
  func lines(of testCase: Case) -> [String] {
    guard testCase.unreadable == nil else { return [] }
    let scenario = testCase.scenario
    let limits = scenario.limits
    let attempts = scenario.retries + 1
    let calls = limits.modelCalls * attempts
    return [screen(scenario.target)] + hosts(scenario.target) + commands(scenario)
      + ["at most \(limits.steps * attempts) actions, \(calls) model calls"]
      .map { $0 + (attempts > 1 ? " in \(attempts) attempts" : "") }
  }

  private func screen(_ target: TargetSpec) -> String {
    switch target.screen {
    case .desktop(let desktop):
      "starts a private desktop of \(desktop.width)x\(desktop.height)"
        + (desktop.run.map { " with `\($0)`" } ?? "")
    case .vnc(let address, _, _, let via):
      "connects to \(address)" + (via == nil ? "" : " through its SSH host")
    case .demo(let name): "starts the demo screen \(name)"
    case .nothing: "connects to no screen"
    }
  }

  private func hosts(_ target: TargetSpec) -> [String] {
    var hosts: [(String, TargetSpec.SSHHost)] = target.ssh.map { [("", $0)] } ?? []
    hosts += (target.hosts ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return hosts.map { name, host in
      "signs in to \(host.url)" + (name.isEmpty ? "" : " as “\(name)”")
        + (host.config.map { ", looked up in \($0)" } ?? "")
    }
  }

  /// The scenario's own commands, and those that a model may run.
  private func commands(_ scenario: Scenario) -> [String] {
    let own = scenario.hostCommands.map { entry in
      "runs `\(entry.command.run)`" + place(entry.command) + " (line \(entry.location.line))"
    }
    let permissions = scenario.permissions
    guard !permissions.allow.isEmpty, policy.file != nil else { return own }
    let shell = permissions.shell == true ? ", also as command lines" : ""
    return own
      + [
        "a model may run what the policy permits of: \(permissions.allow.joined(separator: ", "))\(shell)"
      ]
      + (permissions.deny.isEmpty
        ? [] : ["and never: \(permissions.deny.joined(separator: ", "))"])
  }

  private func place(_ command: SSHCommand) -> String {
    command.place == .runner
      ? " on this machine" : command.host.map { " on \($0)" } ?? " on the host"
  }
}
