internal import Platform

extension SSHConfigFile {
  /// What a configuration says of a host.
  public struct Host: Hashable, Sendable {
    /// Where it really is.
    public var hostName: String
    /// The port.
    public var port: Int
    /// As whom to sign in.
    public var user: String
    /// Private keys to try, in order, as absolute paths; empty where none is named.
    public var identityFiles: [String]
    /// Whether nothing but these is offered, not what an agent has.
    public var identitiesOnly: Bool
    /// The socket of an agent; empty is none at all, nil the usual one.
    public var identityAgent: String?
    /// The hosts to go through, the first one first, each as `[user@]host[:port]`.
    public var proxyJump: [String]
    /// The files of known hosts, as absolute paths; empty where none is named.
    public var knownHosts: [String]
  }

  /// What is said of a host, as `ssh` would take it.
  ///
  /// - Parameters:
  ///   - alias: the host as it is called.
  ///   - user: the user that was named with it; nil where none was.
  ///   - port: the port that was named with it; nil where none was.
  ///   - localUser: who we are on this machine.
  public func host(
    _ alias: String, user: String? = nil, port: Int? = nil, localUser: String
  ) throws(Fault) -> Host {
    var found = Findings(
      alias: alias, user: user, port: port, localUser: localUser, home: home)
    // What a block asks for is decided where it stands, by what was found before it.
    var counts: [Int: Bool] = [:]
    for (index, line) in lines.enumerated() {
      let isActive = line.blocks.allSatisfy { counts[$0] == true }
      if line.keyword == "host" || line.keyword == "match" {
        counts[index] = isActive ? try found.matches(line) : false
      } else if isActive {
        try found.take(line)
      }
    }
    return try found.host()
  }
}

/// What is found of a host while the lines are gone through: the first value counts.
private struct Findings {
  let alias: String
  let localUser: String
  let home: String
  private var user: String?
  private var port: Int?
  private var hostName: String?
  private var identities: [(text: String, line: SSHConfigFile.Line)] = []
  private var hasNoIdentity = false
  private var identitiesOnly: Bool?
  private var identityAgent: String?
  private var proxyJump: [String]?
  private var proxyCommand: SSHConfigFile.Line?
  private var knownHosts: (texts: [String], line: SSHConfigFile.Line)?
  private var keyAlias: SSHConfigFile.Line?

  init(alias: String, user: String?, port: Int?, localUser: String, home: String) {
    self.alias = alias
    self.user = user
    self.port = port
    self.localUser = localUser
    self.home = home
  }

  // MARK: - Blocks

  func matches(_ line: SSHConfigFile.Line) throws(SSHConfigFile.Fault) -> Bool {
    line.keyword == "host"
      ? Self.matches(line.arguments, alias) : try matchesCriteria(line)
  }

  /// Any of the patterns, and none of those with `!`.
  private static func matches(_ patterns: [String], _ text: String) -> Bool {
    var isMatched = false
    for pattern in patterns {
      let isNegated = pattern.hasPrefix("!")
      guard SSHConfigPattern.matches(isNegated ? String(pattern.dropFirst()) : pattern, text) else {
        continue
      }
      if isNegated { return false }
      isMatched = true
    }
    return isMatched
  }

  private func matchesCriteria(_ line: SSHConfigFile.Line) throws(SSHConfigFile.Fault) -> Bool {
    var rest = line.arguments[...]
    var counts = true
    guard !rest.isEmpty else { throw line.fault("“Match” needs a criterion, such as host") }
    while var criterion = rest.popFirst()?.lowercased() {
      let isNegated = criterion.hasPrefix("!")
      if isNegated { criterion.removeFirst() }
      if criterion == "all" {
        if isNegated { counts = false }
        continue
      }
      let subjects = [
        "host": currentHost.lowercased(), "originalhost": alias.lowercased(),
        "user": user ?? localUser, "localuser": localUser,
      ]
      guard let subject = subjects[criterion] else {
        throw line.fault(
          "“Match \(criterion)” is not decided here, so it is not known what holds; name the host with “Host” or"
            + " “Match host”")
      }
      guard let list = rest.popFirst() else {
        throw line.fault("“Match \(criterion)” needs patterns")
      }
      let lowers = criterion.hasSuffix("host")
      let patterns = list.split(separator: ",").map { lowers ? $0.lowercased() : String($0) }
      if Self.matches(patterns, subject) == isNegated { counts = false }
    }
    return counts
  }

  private var currentHost: String {
    hostName.map { $0.replacing("%h", with: alias).replacing("%%", with: "%") } ?? alias
  }

  // MARK: - Values

  mutating func take(_ line: SSHConfigFile.Line) throws(SSHConfigFile.Fault) {
    func one() throws(SSHConfigFile.Fault) -> String {
      guard let value = line.arguments.first, !value.isEmpty else {
        throw line.fault("“\(line.keyword)” needs a value")
      }
      return value
    }
    switch line.keyword {
    case "hostname":
      let text = try one()
      hostName = hostName ?? text
    case "user":
      let text = try one()
      user = user ?? text
    case "port":
      let text = try one()
      guard let number = Int(text), (1...65_535).contains(number) else {
        throw line.fault("“\(text)” is no port")
      }
      port = port ?? number
    case "identityfile":
      let text = try one()
      if text.lowercased() == "none" {
        hasNoIdentity = hasNoIdentity || identities.isEmpty
      } else if !identities.contains(where: { $0.text == text }) {
        identities.append((text, line))
      }
    case "identitiesonly":
      let text = try one().lowercased()
      guard let value = ["yes": true, "true": true, "no": false, "false": false][text] else {
        throw line.fault("“identitiesonly” is yes or no")
      }
      identitiesOnly = identitiesOnly ?? value
    case "identityagent":
      let text = try one()
      identityAgent = identityAgent ?? text
    case "proxyjump":
      let text = try one()
      guard proxyJump == nil, proxyCommand == nil else { return }
      proxyJump = text.lowercased() == "none" ? [] : text.split(separator: ",").map(String.init)
    case "proxycommand":
      guard proxyJump == nil, proxyCommand == nil else { return }
      if try one().lowercased() == "none" { proxyJump = [] } else { proxyCommand = line }
    case "userknownhostsfile": knownHosts = knownHosts ?? (line.arguments, line)
    case "hostkeyalias": keyAlias = keyAlias ?? line
    default: break
    }
  }

  func host() throws(SSHConfigFile.Fault) -> SSHConfigFile.Host {
    if let proxyCommand {
      throw proxyCommand.fault(
        "a ProxyCommand is not run here; use ProxyJump, or name the host in the scenario without the file"
      )
    }
    if let keyAlias {
      throw keyAlias.fault("HostKeyAlias is not known here: name the host as its key is known")
    }
    let name = currentHost.lowercased()
    var host = SSHConfigFile.Host(
      hostName: name, port: port ?? 22, user: user ?? localUser, identityFiles: [],
      identitiesOnly: identitiesOnly ?? false, identityAgent: nil, proxyJump: proxyJump ?? [],
      knownHosts: [])
    if !hasNoIdentity {
      for (text, line) in identities { host.identityFiles.append(try path(text, host, line)) }
    }
    if let (texts, line) = knownHosts, texts != ["none"] {
      for text in texts { host.knownHosts.append(try path(text, host, line)) }
    }
    switch identityAgent?.lowercased() {
    case nil, "ssh_auth_sock": break
    case "none": host.identityAgent = ""
    default: host.identityAgent = identityAgent
    }
    return host
  }

  /// A path with `~` and the signs behind `%` filled in.
  private func path(
    _ text: String, _ host: SSHConfigFile.Host, _ line: SSHConfigFile.Line
  ) throws(SSHConfigFile.Fault) -> String {
    let signs: [Character: String] = [
      "%": "%", "d": home, "h": host.hostName, "n": alias, "p": "\(host.port)", "r": host.user,
      "u": localUser,
    ]
    var filled = ""
    var rest = text[...]
    while let sign = rest.popFirst() {
      guard sign == "%" else {
        filled.append(sign)
        continue
      }
      guard let name = rest.popFirst(), let value = signs[name] else {
        throw line.fault("“\(text)” has a sign after % that is not known here")
      }
      filled += value
    }
    if filled.contains("${") { throw line.fault("variables in “\(text)” are not filled in here") }
    if filled == "~" || filled.hasPrefix("~/") { return home + filled.dropFirst() }
    return filled.hasPrefix("/") ? filled : "\(home)/\(filled)"
  }
}

/// A pattern of hosts: `*` is any signs, `?` one.
enum SSHConfigPattern {
  static func matches(_ pattern: String, _ text: String) -> Bool {
    let pattern = Array(pattern.unicodeScalars)
    var states: Set<Int> = closure([0], pattern)
    for sign in text.unicodeScalars {
      var next: Set<Int> = []
      for state in states where state < pattern.count {
        switch pattern[state] {
        case "*": next.insert(state)
        case "?": next.insert(state + 1)
        default: if pattern[state] == sign { next.insert(state + 1) }
        }
      }
      states = closure(next, pattern)
      if states.isEmpty { return false }
    }
    return states.contains(pattern.count)
  }

  private static func closure(_ states: Set<Int>, _ pattern: [Unicode.Scalar]) -> Set<Int> {
    var all = states
    for var state in states {
      while state < pattern.count, pattern[state] == "*" {
        state += 1
        all.insert(state)
      }
    }
    return all
  }
}
