internal import Durations
internal import Diagnostics
internal import Scenario
internal import YAML

extension CaseBuilder {
  /// What is driven: the scenario's own target, or the one of the configuration.
  func targetSpec(_ node: YAMLNode?) -> TargetSpec? {
    if let node { return targetSpec(node) }
    guard let fallback = workspace.defaults.target else { return nil }
    return within(fallback.source) { targetSpec(fallback.node) }
  }

  private func targetSpec(_ node: YAMLNode) -> TargetSpec? {
    guard let fields = Fields(self, node, "“target”", keys: Vocabulary.target) else { return nil }
    let ssh = fields.node("ssh").flatMap { sshHost($0) }
    let typing = fields.node("typing").flatMap {
      hostTyping($0, hasHost: fields.node("ssh") != nil)
    }
    let hosts = fields.node("hosts").flatMap { self.hosts($0) }
    guard let screen = screen(fields) else { return nil }
    return TargetSpec(screen: screen, ssh: ssh, hosts: hosts, typing: typing)
  }

  private func hosts(_ node: YAMLNode) -> [String: TargetSpec.SSHHost]? {
    guard let pairs = node.pairs else {
      fail(
        node, "“hosts” must be a mapping, not \(node.kindDescription)",
        help: "write hosts: { db: { url: ssh://user@host, … } }")
      return nil
    }
    var hosts: [String: TargetSpec.SSHHost] = [:]
    for pair in pairs {
      guard NameRule.isResult(pair.name) else {
        fail(
          pair.key, "“\(pair.name)” is no name for a host",
          help: "letters, digits, “_” and “-”, a letter first, at most 64")
        continue
      }
      hosts[pair.name] = sshHost(pair.value)
    }
    return hosts.isEmpty ? nil : hosts
  }

  private func hostTyping(_ node: YAMLNode, hasHost: Bool) -> HostTyping? {
    guard let fields = Fields(self, node, "“typing”", keys: Vocabulary.hostTyping) else {
      return nil
    }
    let typing = HostTyping(
      with: fields.literal("with"), read: fields.literal("read"), all: fields.bool("all") ?? false)
    if !hasHost {
      fail(node, "“typing” needs the SSH host", help: "add ssh: { url: ssh://user@host, … }")
    }
    if fields.node("with") == nil, fields.node("read") == nil, !fields.hasUnknownKeys {
      fail(node, "“typing” names no command", help: "add with, read or both")
    }
    if typing.all, fields.node("with") == nil {
      fail(node, "“all” has no meaning without “with”", help: "add the command that types")
    }
    for key in ["with", "read"] {
      guard let command = fields.node(key), command.text?.isEmpty == true else { continue }
      fail(command, "“\(key)” is empty", help: "write a command, or remove it")
    }
    return typing
  }

  private func screen(_ fields: Fields) -> TargetSpec.Screen? {
    let kinds = ["desktop", "vnc", "demo"]
    let hasHost = fields.node("ssh") != nil || fields.node("hosts") != nil
    if hasHost, kinds.allSatisfy({ fields.node($0) == nil }), !fields.hasUnknownKeys {
      for name in ["password", "via", "typing", "ocr"] + Vocabulary.vncProtection {
        guard let extra = fields.node(name) else { continue }
        fail(extra, "“\(name)” has no meaning without a screen", help: "remove it, or add vnc")
      }
      return .nothing
    }
    guard let key = exactlyOne(of: kinds, in: fields), let node = fields.node(key) else {
      return nil
    }
    for name in ["password", "via"] + Vocabulary.vncProtection where key != "vnc" {
      guard let extra = fields.node(name) else { continue }
      fail(extra, "“\(name)” has no meaning beside “\(key)”", help: "remove it")
    }
    switch key {
    case "desktop": return desktop(node).map { .desktop($0) }
    case "demo": return demo(node).map { .demo($0) }
    default:
      let password = fields.node("password").flatMap { self.password($0) }
      let protection = protection(fields)
      let via = fields.node("via").flatMap { self.via($0, fields) }
      return address(node, schemes: ["vnc"]).map {
        .vnc(address: $0, password: password, protection: protection, via: via)
      }
    }
  }

  private func via(_ node: YAMLNode, _ fields: Fields) -> TargetSpec.Via? {
    guard let text = literal(node, "“via”") else { return nil }
    let known = TargetSpec.Via.allCases.map(\.rawValue)
    guard let via = TargetSpec.Via(rawValue: text) else {
      fail(
        node, "unknown way “\(text)” to a VNC server",
        help: Suggestion.question(for: text, among: known) ?? "write via: ssh")
      return nil
    }
    if fields.node("ssh") == nil {
      fail(node, "“via: ssh” needs the SSH host", help: "add ssh: { url: ssh://user@host, … }")
    }
    return via
  }

  private func protection(_ fields: Fields) -> TargetSpec.VNCProtection {
    TargetSpec.VNCProtection(
      accepted: fields.node("security").map { securityTypes($0) } ?? [],
      caFile: fields.node("ca_file").flatMap { projectFile($0, "a CA file") },
      fingerprint: fields.node("fingerprint").flatMap { fingerprint($0) },
      user: fields.filledTemplate("user"))
  }

  private func securityTypes(_ node: YAMLNode) -> [String] {
    let nodes = node.elements ?? [node]
    return nodes.compactMap { item in
      guard let text = literal(item, "a security type") else { return nil }
      let known = Vocabulary.vncSecurity
      if let name = known.first(where: { $0.lowercased() == text.lowercased() }) { return name }
      fail(
        item, "unknown security type “\(text)”",
        help: Suggestion.question(for: text, among: known)
          ?? "there are: \(known.joined(separator: ", "))")
      return nil
    }
  }

  private func fingerprint(_ node: YAMLNode) -> String? {
    guard let text = literal(node, "“fingerprint”") else { return nil }
    let digits = text.filter { $0 != ":" }
    if digits.count == 64, digits.allSatisfy(\.isHexDigit) { return text }
    fail(
      node, "“fingerprint” must be the SHA-256 of the certificate, 64 hexadecimal digits",
      help: "openssl x509 -in server.pem -noout -fingerprint -sha256 prints it")
    return nil
  }

  private func desktop(_ node: YAMLNode) -> TargetSpec.Desktop? {
    guard let fields = Fields(self, node, "“desktop”", keys: Vocabulary.desktop) else { return nil }
    var desktop = TargetSpec.Desktop(
      run: fields.filledTemplate("run"), windowManager: fields.literal("wm"),
      environment: environment(fields))
    if let env = fields.node("env"), fields.node("run") == nil {
      fail(env, "“env” has no meaning without an application", help: "add run: COMMAND")
    }
    desktopEnds = fields.bool("ends")
    if let ends = fields.node("ends") { noteApplication(ends) }
    guard let node = fields.node("size"), let text = literal(node, "“size”") else { return desktop }
    if let size = Units.size(text) {
      (desktop.width, desktop.height) = size
    } else {
      fail(node, "“size” must be such as 1280x800, each side from 64 to 8192, not “\(text)”")
    }
    return desktop
  }

  private func demo(_ node: YAMLNode) -> String? {
    guard let address = literal(node, "“demo”") else { return nil }
    // What follows the name are the screen's own options.
    let name = String(address.prefix { $0 != "?" })
    if let known = workspace.defaults.demos, !known.contains(name) {
      fail(
        node, "unknown demo screen “\(name)”",
        help: Suggestion.question(for: name, among: known)
          ?? "there are: \(known.joined(separator: ", "))")
    } else if name.isEmpty {
      fail(node, "“demo” is empty")
    }
    return address
  }

  private func sshHost(_ node: YAMLNode) -> TargetSpec.SSHHost? {
    guard let fields = Fields(self, node, "“ssh”", keys: Vocabulary.sshHost),
      let url = fields.required("url").flatMap({ address($0, schemes: ["ssh"]) })
    else { return nil }
    var host = TargetSpec.SSHHost(
      url: url, identity: fields.literal("identity"),
      password: fields.node("password").flatMap { password($0) },
      usesAgent: fields.bool("agent") ?? false)
    host.knownHosts = fields.literal("known_hosts") ?? host.knownHosts
    host.config = fields.node("config").flatMap { sshConfig($0) }
    if host.config == nil, host.identity == nil, host.password == nil, !host.usesAgent {
      // The usual keys are tried by nobody: which key is used must be said.
      fail(node, "the host has no way to sign in", help: "add identity, password or agent: true")
    }
    return host
  }

  /// `true` is the usual file, and a text is another.
  private func sshConfig(_ node: YAMLNode) -> String? {
    if node.text == "true" { return "~/.ssh/config" }
    if node.text == "false" { return nil }
    return literal(node, "“config”")
  }

  /// A password is never written in a file: it is the value of a secret.
  private func password(_ node: YAMLNode) -> Template? {
    guard let text = node.text, !node.isNull else {
      fail(node, "“password” must be ${NAME}, not \(node.kindDescription)")
      return nil
    }
    for case .variable(let name, _, _) in TemplateScanner.pieces(of: text)
    where scope.owner(of: name) == nil && workspace.environment[name] != nil {
      if !secrets.contains(name) { secrets.append(name) }
    }
    guard let template = fill(text, at: node) else { return nil }
    if template.secrets.count != template.segments.count || template.isEmpty {
      failPassword(node)
    }
    return template
  }

  /// The password itself must not be printed, so this error shows no source line.
  private func failPassword(_ node: YAMLNode) {
    workspace.log.add(
      Diagnostic(
        file: source.file, line: node.line, column: node.column,
        message: "a password must not stand in a file",
        suggestion: "write ${NAME} and set NAME in the environment or in .env"))
  }

  /// An address such as `vnc://host:5901`; what can be told before it is used is told.
  private func address(_ node: YAMLNode, schemes: [String]) -> Template? {
    guard let address = filledTemplate(node, "an address") else { return nil }
    guard let text = address.literal else { return address }
    let rest = text.range(of: "://").map { text[$0.upperBound...] } ?? text[...]
    let scheme = text.range(of: "://").map { String(text[..<$0.lowerBound]) }
    if let scheme, !schemes.contains(scheme) {
      fail(node, "“\(scheme)” is no scheme for this address", help: "write \(schemes[0])://host")
    }
    if rest.split(separator: "@").count > 1, rest.prefix(while: { $0 != "@" }).contains(":") {
      failPassword(node)
    } else if rest.isEmpty || rest.contains(where: \.isWhitespace) {
      fail(node, "“\(text)” is no address", help: "write \(schemes[0])://host:port")
    }
    return address
  }
}

extension String {
  /// Where a text first stands in this one.
  func range(of needle: String) -> Range<Index>? { self[...].range(of: needle) }
}
