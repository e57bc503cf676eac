internal import Platform
internal import SSH
internal import Scenario
internal import Story

extension SSHSettings {
  /// The host of a scenario.
  ///
  /// It may read files, and blocks while it does.
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
    let reader = HostReader(
      host: host, password: try secrets.fill(host.password), root: root, environment: environment)
    self = try reader.settings(for: try secrets.fill(host.url))
  }
}

/// Puts together what a scenario and a client configuration say of a host.
private struct HostReader {
  let host: TargetSpec.SSHHost
  let password: String?
  let root: String
  let environment: [String: String]

  /// How many hosts may be gone through.
  private static let mostJumps = 8

  func settings(for url: String) throws(Fault) -> SSHSettings {
    guard let config = host.config else {
      guard let address = SSHAddress(parsing: url) else {
        throw Fault(.scenario, "“\(url)” is no address of an SSH host; write ssh://user@host:22")
      }
      return SSHSettings(
        address: address, credential: try named(), knownHosts: try path(host.knownHosts))
    }
    let (path, home) = (try path(config), try home())
    let file: SSHConfigFile
    do throws(SSHConfigFile.Fault) {
      file = try SSHConfigFile(reading: path, home: home)
    } catch {
      throw Fault(.scenario, error.description)
    }
    return try settings(for: url, in: file, isJump: false, depth: 0)
  }

  private func settings(
    for text: String, in file: SSHConfigFile, isJump: Bool, depth: Int
  ) throws(Fault) -> SSHSettings {
    guard depth <= Self.mostJumps else {
      throw Fault(.scenario, "“\(text)” is reached through more than \(Self.mostJumps) hosts")
    }
    guard let place = ConfiguredPlace(text) else {
      throw Fault(
        .scenario, "“\(text)” is no host of a client configuration; write ssh://name")
    }
    let localUser = try localUser()
    let found: SSHConfigFile.Host
    do throws(SSHConfigFile.Fault) {
      found = try file.host(
        place.name, user: place.user, port: place.port, localUser: localUser)
    } catch {
      throw Fault(.scenario, error.description)
    }
    let isNamed = host.identity != nil || password != nil || host.usesAgent
    let credential = isNamed && !isJump ? try named() : try credential(of: found)
    let isUsual = isJump || host.knownHosts == TargetSpec.SSHHost.usualKnownHosts
    let known = isUsual ? found.knownHosts.first : nil
    let knownHosts: String
    if let known {
      knownHosts = known
    } else {
      knownHosts = try path(isUsual ? TargetSpec.SSHHost.usualKnownHosts : host.knownHosts)
    }
    var settings = SSHSettings(
      address: SSHAddress(user: found.user, host: found.hostName, port: found.port),
      credential: credential, knownHosts: knownHosts)
    for hop in found.proxyJump {
      var next = try self.settings(for: hop, in: file, isJump: true, depth: depth + 1)
      // What is in front of the first hop is gone through first.
      settings.jumps += settings.jumps.isEmpty ? next.jumps : []
      next.jumps = []
      settings.jumps.append(next)
    }
    guard settings.jumps.count <= Self.mostJumps else {
      throw Fault(.scenario, "“\(text)” is reached through more than \(Self.mostJumps) hosts")
    }
    return settings
  }

  /// The one way to sign in that the scenario names.
  private func named() throws(Fault) -> SSHSettings.Credential {
    let ways = [host.identity != nil, password != nil, host.usesAgent].filter { $0 }.count
    guard ways == 1 else {
      throw Fault(.scenario, "the SSH host needs one way to sign in: identity, password or agent")
    }
    if let identity = host.identity { return .identity(path: try path(identity)) }
    if let password { return .password(password) }
    return .agent(socket: environment["SSH_AUTH_SOCK"] ?? "")
  }

  /// The way that a configuration leads to: the first key that is there, else the agent.
  private func credential(of found: SSHConfigFile.Host) throws(Fault) -> SSHSettings.Credential {
    let home = try home()
    let usual = ["id_ed25519", "id_ecdsa"].map { "\(home)/.ssh/\($0)" }
    let files = found.identityFiles.isEmpty ? usual : found.identityFiles
    if let file = files.first(where: { Files.exists($0) }) { return .identity(path: file) }
    let socket = found.identityAgent ?? environment["SSH_AUTH_SOCK"] ?? ""
    guard !socket.isEmpty, !found.identitiesOnly else {
      throw Fault(
        .scenario,
        "there is no way to sign in to \(found.hostName): none of \(files.joined(separator: ", ")) is there"
          + (found.identitiesOnly ? ", and nothing else may be offered" : ", and no agent is set"))
    }
    return .agent(socket: socket)
  }

  /// As whom to sign in where nothing says it: who runs this, whatever the environment calls them.
  private func localUser() throws(Fault) -> String {
    guard let name = Accounts.name else {
      throw Fault(.scenario, "the account that runs this has no name: write ssh://user@host")
    }
    return name
  }

  private func home() throws(Fault) -> String {
    guard let home = environment["HOME"], home.hasPrefix("/") else {
      throw Fault(.scenario, "the files of the SSH host cannot be found: HOME is not set")
    }
    return home
  }

  private func path(_ text: String) throws(Fault) -> String {
    if text.hasPrefix("/") { return text }
    return text.hasPrefix("~/") ? try home() + text.dropFirst(1) : "\(root)/\(text)"
  }
}

/// A host as it is called: `[ssh://][user@]name[:port]`.
private struct ConfiguredPlace {
  let name: String
  let user: String?
  let port: Int?

  init?(_ text: String) {
    let bare = text.hasPrefix("ssh://") ? String(text.dropFirst(6)) : text
    let hasUser = bare.contains("@")
    guard let address = SSHAddress(parsing: hasUser ? bare : "nobody@" + bare) else { return nil }
    name = address.host
    user = hasUser ? address.user : nil
    let rest = bare.split(separator: "@").last ?? ""
    let hasPort = rest.hasPrefix("[") ? rest.contains("]:") : rest.contains(":")
    port = hasPort ? address.port : nil
  }
}
