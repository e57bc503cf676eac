internal import Diagnostics
internal import Scenario
internal import YAML

// Commands on hosts.
extension CaseBuilder {
  /// A step that runs a command.
  func command(_ node: YAMLNode) -> SSHCommand? {
    guard node.pairs != nil else {
      noteHost(nil, at: node)
      return commandLine(node, "“ssh”").map { SSHCommand(run: $0.run, arguments: $0.arguments) }
    }
    refuseCommonKeys(in: node, of: "ssh", except: Vocabulary.ssh)
    guard
      let fields = Fields(
        self, node, "“ssh”", keys: Vocabulary.ssh + Vocabulary.common,
        hint: "write ssh: {run: COMMAND, exit: 0}"),
      let line = fields.required("run").flatMap({ commandLine($0, "“run”") })
    else { return nil }
    return SSHCommand(
      run: line.run, arguments: line.arguments, exit: fields.integer("exit", 0...255) ?? 0,
      input: fields.template("stdin"), environment: environment(fields), host: host(fields))
  }

  /// A step that runs a command on the machine of the runner.
  func ownCommand(_ node: YAMLNode) -> SSHCommand? {
    guard node.pairs != nil else {
      return commandLine(node, "“run”").map {
        SSHCommand(run: $0.run, arguments: $0.arguments, place: .runner)
      }
    }
    guard
      let fields = fields(node, "run", Vocabulary.run, "{command: COMMAND, exit: 0}"),
      let line = fields.required("command").flatMap({ commandLine($0, "“command”") })
    else { return nil }
    let isBackground = fields.bool("background") == true
    if isBackground, let exit = fields.node("exit") {
      fail(exit, "“exit” has no meaning beside “background”", help: "remove it")
    }
    return SSHCommand(
      run: line.run, arguments: line.arguments, exit: fields.integer("exit", 0...255) ?? 0,
      input: fields.template("stdin"), environment: environment(fields), place: .runner,
      isBackground: isBackground ? true : nil)
  }

  /// A check of what a command does.
  func commandCheck(
    _ fields: Fields, _ key: String, host: String? = nil, place: SSHCommand.Place? = nil
  ) -> Check? {
    guard let line = fields.node(key).flatMap({ commandLine($0, "“\(key)”") }) else { return nil }
    return .ssh(
      Check.SSHCheck(
        command: line.run, exit: fields.integer("exit", 0...255) ?? 0,
        stdout: fields.template("stdout"), matches: fields.pattern("matches"),
        never: fields.filledTemplate("never"), arguments: line.arguments,
        input: fields.template("stdin"), environment: environment(fields), host: host,
        place: place))
  }

  /// A line for the shell of the host, or a program and its arguments.
  private func commandLine(
    _ node: YAMLNode, _ what: String
  ) -> (run: Template, arguments: [Template]?)? {
    guard let elements = node.elements else {
      guard let line = filledTemplate(node, what) else { return nil }
      refuseSecrets(in: line, at: node)
      return (line, nil)
    }
    if elements.isEmpty { fail(node, "\(what) names no program") }
    var words: [Template] = []
    for (index, element) in elements.enumerated() {
      let name = index == 0 ? "the program" : "an argument"
      guard let word = index == 0 ? filledTemplate(element, name) : template(element, name) else {
        return nil
      }
      refuseSecrets(in: word, at: element)
      words.append(word)
    }
    let spaced = words.flatMap { [.literal(" ")] + $0.segments }.dropFirst()
    return words.isEmpty ? nil : (Template(Array(spaced)), words)
  }

  /// Everybody on a host can read the command lines of its processes.
  private func refuseSecrets(in text: Template, at node: YAMLNode) {
    guard let name = text.secrets.first else { return }
    fail(
      node, "the secret “\(name)” would show in the list of processes",
      help: "hand it over by the input or the environment: env: { \(name): \"${\(name)}\" }")
  }

  /// Variables of the environment of what is started.
  func environment(_ fields: Fields) -> [String: Template]? {
    guard let node = fields.node("env") else { return nil }
    guard let pairs = node.pairs else {
      fail(node, "“env” must be a mapping, not \(node.kindDescription)", help: "write {NAME: text}")
      return nil
    }
    var values: [String: Template] = [:]
    for pair in pairs {
      guard NameRule.isEnvironment(pair.name) else {
        fail(
          pair.key, "“\(pair.name)” is no name of a variable of the environment",
          help: "letters, digits and “_”, a letter first, at most 64")
        continue
      }
      let value = template(pair.value, "“\(pair.name)”")
      if value?.literal?.unicodeScalars.contains("\0") == true {
        fail(pair.value, "a variable of the environment cannot hold the character 0")
      }
      values[pair.name] = value
    }
    return values.isEmpty ? nil : values
  }

  func host(_ fields: Fields) -> String? {
    let name = fields.literal("host")
    noteHost(name, at: fields.node("host") ?? fields.node)
    return name
  }

  /// Remembers where a host is needed for the first time.
  private func noteHost(_ name: String?, at node: YAMLNode) {
    if needsHosts[name ?? ""] == nil { needsHosts[name ?? ""] = (node, source) }
  }

  /// Remembers where a screen is needed for the first time.
  func noteScreen(_ node: YAMLNode) {
    if needsScreen == nil { needsScreen = (node, source) }
  }

  // MARK: - With the target

  /// Refuses commands without a host, and steps that need a screen without one.
  func checkHosts(_ target: TargetSpec) {
    for (name, place) in needsHosts.sorted(by: { $0.key < $1.key }) {
      guard target.host(name.isEmpty ? nil : name) == nil else { continue }
      within(place.source) { failHost(name, target, at: place.node) }
    }
    guard target.screen == .nothing, let needsScreen else { return }
    within(needsScreen.source) {
      fail(
        needsScreen.node, "this needs a screen, and the target has none",
        help: "add desktop, vnc or demo to the target")
    }
  }

  private func failHost(_ name: String, _ target: TargetSpec, at node: YAMLNode) {
    guard !name.isEmpty else {
      return fail(
        node, "a command needs a host",
        help: "add ssh: {url: ssh://user@host} to the target"
          + (target.hosts == nil ? "" : ", or say which with host: NAME"))
    }
    let known = (target.hosts ?? [:]).keys.sorted()
    fail(
      node, "the target has no host “\(name)”",
      help: Suggestion.question(for: name, among: known)
        ?? "add hosts: {\(name): {url: ssh://user@host}} to the target")
  }
}

extension Vocabulary {
  /// The steps that make no sense without a screen; a check says so for itself.
  static let screenSteps: Set<String> = [
    "act", "click", "double_click", "right_click", "middle_click", "hover", "drag", "scroll",
    "type", "press", "hold", "release", "read", "screenshot",
  ]
  /// The checks that need none.
  static let hostChecks: Set<String> = ["ssh", "run", "file", "value", "not", "all", "any"]
}
