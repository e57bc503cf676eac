internal import SSH
internal import Scenario
internal import Story

extension SSHSettings {
  /// The host of a scenario.
  ///
  /// - Parameters:
  ///   - host: the host; nil is an error, because something needs it.
  ///   - secrets: fills in what may be secret.
  ///   - root: where relative paths start.
  ///   - environment: tells where `~` and the agent are.
  init(
    host: TargetSpec.SSHHost?, _ secrets: SecretValues, root: String,
    environment: [String: String]
  ) throws(Fault) {
    guard let host else {
      throw Fault(
        .scenario, "the target is reached via ssh and names no SSH host: add `ssh:` to it")
    }
    let url = try secrets.fill(host.url)
    let password = try secrets.fill(host.password)
    guard let address = SSHAddress(parsing: url) else {
      throw Fault(
        .scenario, "“\(url)” is no address of an SSH host; write ssh://user@host:22")
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
      [host.identity != nil, password != nil, host.usesAgent].filter { $0 }.count
    guard ways == 1 else {
      throw Fault(.scenario, "the SSH host needs one way to sign in: identity, password or agent")
    }
    let credential: Credential
    if let identity = host.identity {
      credential = .identity(path: try path(identity))
    } else if let password = password {
      credential = .password(password)
    } else {
      credential = .agent(socket: environment["SSH_AUTH_SOCK"] ?? "")
    }
    self.init(address: address, credential: credential, knownHosts: try path(host.knownHosts))
  }
}
