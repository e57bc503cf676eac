internal import SSH
internal import Scenario
internal import Session

/// What of a scenario's SSH host may hold secrets, filled in.
struct SSHHostValues {
  let url: String
  let password: String?
}

extension SSHSettings {
  /// The host of a scenario.
  ///
  /// - Parameters:
  ///   - root: where relative paths start.
  ///   - environment: tells where `~` and the agent are.
  init(
    _ host: TargetSpec.SSHHost, _ values: SSHHostValues, root: String,
    environment: [String: String]
  ) throws(Fault) {
    guard let address = SSHAddress(parsing: values.url) else {
      throw Fault(
        .scenario, "“\(values.url)” is no address of an SSH host; write ssh://user@host:22")
    }
    func path(_ text: String) throws(Fault) -> String {
      if text.hasPrefix("/") { return text }
      guard text.hasPrefix("~/") else { return "\(root)/\(text)" }
      guard let home = environment["HOME"], home.hasPrefix("/") else {
        throw Fault(.scenario, "“\(text)” cannot be found: HOME is not set")
      }
      return home + text.dropFirst(1)
    }
    let ways =
      [host.identity != nil, values.password != nil, host.usesAgent].filter { $0 }.count
    guard ways == 1 else {
      throw Fault(.scenario, "the SSH host needs one way to sign in: identity, password or agent")
    }
    let credential: Credential
    if let identity = host.identity {
      credential = .identity(path: try path(identity))
    } else if let password = values.password {
      credential = .password(password)
    } else {
      credential = .agent(socket: environment["SSH_AUTH_SOCK"] ?? "")
    }
    self.init(address: address, credential: credential, knownHosts: try path(host.knownHosts))
  }
}
