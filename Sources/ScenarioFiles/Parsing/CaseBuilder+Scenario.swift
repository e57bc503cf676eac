internal import Durations
internal import Diagnostics
internal import Languages
internal import Scenario
internal import YAML

/// One combination of a matrix.
typealias Combination = [Case.MatrixValue]

extension CaseBuilder {
  /// The case of a scenario file for one combination; nil when nothing can be made of it.
  func build(_ root: YAMLNode, id: String, combination: Combination) -> Case? {
    guard let fields = Fields(self, root, "a scenario", keys: Vocabulary.scenario) else {
      return nil
    }
    // First of all: what is a secret must never be filled in as text.
    readSecrets(fields)
    define(fields, combination: combination)
    let name = fields.required("name").flatMap { self.name($0) }
    let givenID = fields.node("id").flatMap { self.id($0) }
    let head = head(fields)
    readLanguage(fields)
    readLanguages(of: fields.node("ocr"), ownTarget: fields.node("target"))
    let setup = fields.node("setup").map { self.steps($0, "“setup”") } ?? []
    let list = fields.required("steps")
    if let list, list.elements?.isEmpty == true { fail(list, "the scenario has no steps") }
    let steps = list.map { self.steps($0, "“steps”") } ?? []
    let teardown = fields.node("teardown").map { self.steps($0, "“teardown”") } ?? []
    let scenario = scenario(
      head, name: name ?? "", id: givenID ?? id, steps: (setup, steps, teardown), at: root)
    return Self.testCase(scenario, combination)
  }

  /// A case with the matrix in its id, and in its name where that does not tell it already.
  static func testCase(_ scenario: Scenario, _ combination: Combination) -> Case {
    guard !combination.isEmpty else {
      return Case(id: scenario.id, name: scenario.name, scenario: scenario)
    }
    let suffix = combination.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
    let isTold = combination.allSatisfy { !$0.value.isEmpty && scenario.name.contains($0.value) }
    return Case(
      id: "\(scenario.id)[\(suffix)]",
      name: isTold ? scenario.name : "\(scenario.name) [\(suffix)]",
      scenario: scenario, matrix: combination)
  }

  /// The keys that a scenario file and the header of a feature share.
  struct Head {
    var description: String?
    var tags: [String] = []
    var requires: [String] = []
    var properties: [Scenario.Property] = []
    var target = TargetSpec(screen: .desktop(TargetSpec.Desktop()))
    var model = "default"
    var limits = Limits()
    var retries = 0
    var permissions = Permissions()
    var ends: Bool?
  }

  func head(_ fields: Fields?) -> Head {
    let defaults = workspace.defaults
    var head = Head()
    head.target = targetSpec(fields?.node("target")) ?? head.target
    head.model = fields?.node("model").flatMap { modelRole($0) } ?? defaults.model
    head.limits = fields?.node("limits").map { limits($0) } ?? defaults.limits
    head.retries = fields?.integer("retries", 0...20) ?? defaults.retries
    head.permissions = permissions(fields?.node("permissions"))
    head.ends = ends(fields) ?? desktopEnds
    override(&head)
    guard let fields else { return head }
    head.description = fields.literal("description")
    head.tags = fields.node("tags").map { tags($0) } ?? []
    head.requires = fields.node("requires").map { requirements($0) } ?? []
    head.properties = fields.node("properties").map { properties($0) } ?? []
    return head
  }

  /// Whether the application may end, where the scenario itself says so.
  private func ends(_ fields: Fields?) -> Bool? {
    guard let fields, let node = fields.node("ends") else { return nil }
    noteApplication(node)
    return fields.bool("ends")
  }

  private func override(_ head: inout Head) {
    let overrides = workspace.defaults.overrides
    if let screen = overrides.screen {
      // Another screen is not the one that the host's commands type on.
      head.target.screen = screen
      head.target.typing = nil
    }
    head.model = overrides.model ?? head.model
    head.retries = overrides.retries ?? head.retries
    overrides.apply(to: &head.limits)
    guard case .vnc(_, let password, _, _)? = overrides.screen else { return }
    for name in password?.secrets ?? [] where !secrets.contains(name) { secrets.append(name) }
  }

  func scenario(
    _ head: Head, name: String, id: String, steps: (setup: [Step], main: [Step], teardown: [Step]),
    at node: YAMLNode
  ) -> Scenario {
    checkHosts(head.target)
    checkApplication(head.target)
    checkTimeouts(head.limits)
    return Scenario(
      name: name, id: id, description: head.description, tags: head.tags, requires: head.requires,
      properties: head.properties, target: head.target, ocr: languages,
      hasDecimalComma: language.flatMap(Language.named)?.decimalMark == "," ? true : nil,
      modelRole: head.model,
      limits: head.limits, retries: head.retries, permissions: head.permissions,
      secrets: secrets, setup: steps.setup, steps: steps.main, teardown: steps.teardown,
      ends: head.ends,
      location: location(of: node), root: project.root)
  }

  /// Only an application that is started for the case can be asked for; another screen of the command line
  /// is no fault of the file.
  private func checkApplication(_ target: TargetSpec) {
    guard let (node, file) = needsApplication, workspace.defaults.overrides.screen == nil else {
      return
    }
    if case .desktop(let desktop) = target.screen, desktop.run != nil { return }
    within(file) {
      fail(
        node, "there is no application whose end or output could be known",
        help: "start it: target: { desktop: { run: COMMAND } }")
    }
  }

  private func checkTimeouts(_ limits: Limits) {
    for (timeout, node, file) in timeouts where timeout > limits.time {
      within(file) {
        fail(
          node,
          "the step may take \(Units.text(timeout)), the whole case only "
            + Units.text(limits.time), help: "raise limits: {time: …} or lower the timeout")
      }
    }
  }
}

extension CaseBuilder {
  /// Puts the variables, the matrix and the values of the command line into the scope; the last wins.
  func define(_ fields: Fields?, combination: Combination) {
    if let node = fields?.node("variables") {
      if node.pairs == nil {
        fail(node, "“variables” must be a mapping, not \(node.kindDescription)")
      }
      for pair in node.pairs ?? [] where isVariableName(pair.key) {
        scope.define(pair.name, as: .unread(pair.value, source))
      }
    }
    for value in combination { scope.define(value.name, as: .value(Template(value.value))) }
    for (name, value) in workspace.definitions {
      scope.define(name, as: .value(Template(value)))
    }
    for entry in fields?.node("secrets")?.elements ?? [] {
      guard let name = entry.text, scope[name] != nil else { continue }
      fail(entry, "“\(name)” is a secret and a variable", help: "remove one of them")
    }
    // A wrong value is told even when nothing names the variable.
    for pair in fields?.node("variables")?.pairs ?? [] where NameRule.isVariable(pair.name) {
      _ = fill("${\(pair.name):-}", at: pair.key)
    }
  }

  /// The names under `secrets`.
  func readSecrets(_ fields: Fields) {
    guard let node = fields.node("secrets") else { return }
    for entry in list(node, "“secrets”") ?? [] {
      guard let name = entry.text, NameRule.isEnvironment(name) else {
        fail(
          entry, "a secret must be the name of an environment variable",
          help: "letters, digits and “_”, a letter first")
        continue
      }
      if workspace.environment[name] == nil { warnUnset(name, entry) }
      if !secrets.contains(name) { secrets.append(name) }
    }
  }

  private func warnUnset(_ name: String, _ node: YAMLNode) {
    warn(
      node, "the secret “\(name)” is not set",
      help: "set it in the environment or in .env before the run")
  }

  private func name(_ node: YAMLNode) -> String? {
    guard let text = literal(node, "“name”") else { return nil }
    guard !text.allSatisfy(\.isWhitespace), text.count <= 300, !text.contains(where: \.isNewline)
    else {
      fail(node, "“name” must be one line of 1 to 300 characters")
      return nil
    }
    return text
  }

  private func id(_ node: YAMLNode) -> String? {
    guard let text = literal(node, "“id”") else { return nil }
    guard NameRule.isID(text) else {
      fail(
        node, "“\(text)” is no id", help: "1 to 200 characters, no brackets, no control characters")
      return nil
    }
    return text
  }

  private func modelRole(_ node: YAMLNode) -> String? {
    guard let role = literal(node, "“model”") else { return nil }
    if let known = workspace.defaults.modelRoles, !known.contains(role) {
      fail(
        node, "unknown model role “\(role)”",
        help: Suggestion.question(for: role, among: known)
          ?? "the configuration has: \(known.joined(separator: ", "))")
    }
    return role
  }

  private func tags(_ node: YAMLNode) -> [String] {
    (list(node, "“tags”") ?? []).compactMap { entry in
      guard let tag = literal(entry, "a tag") else { return nil }
      let isWord = !tag.isEmpty && !tag.contains { $0.isWhitespace || "()\"'".contains($0) }
      if !isWord {
        fail(entry, "“\(tag)” is no tag", help: "no white space, quotes or parentheses")
      }
      return tag
    }
  }

  /// What is required; what nothing here is called is told, because the case would be skipped for ever.
  private func requirements(_ node: YAMLNode) -> [String] {
    (list(node, "“requires”") ?? []).compactMap { entry in
      guard let name = literal(entry, "an entry of “requires”") else { return nil }
      let required = Requirement(name)
      let guess = Suggestion.question(for: name, among: Requirement.known)
      let known = "it is one of \(Requirement.known.joined(separator: ", ")), or a command's name"
      if !required.isCommandName {
        fail(entry, "“\(name)” is nothing that can be required", help: guess ?? known)
      } else if let has = workspace.defaults.hasCommand, !Requirement.known.contains(name),
        !has(name)
      {
        warn(
          entry, "nothing that is installed here is called “\(name)”, so the case would be skipped",
          help: guess ?? "install it, or correct the name: \(known)")
      }
      return name
    }
  }

  private func warn(_ node: YAMLNode, _ message: String, help: String) {
    var warning = source.error(
      line: node.line, column: node.column, text: node.text, message, help: help)
    warning.severity = .warning
    workspace.log.add(warning)
  }

  private func properties(_ node: YAMLNode) -> [Scenario.Property] {
    guard let pairs = node.pairs else {
      fail(node, "“properties” must be a mapping, not \(node.kindDescription)")
      return []
    }
    return pairs.compactMap { pair in
      literal(pair.value, "the property “\(pair.name)”").map {
        Scenario.Property(name: pair.name, value: $0)
      }
    }
  }

  private func limits(_ node: YAMLNode) -> Limits {
    var limits = workspace.defaults.limits
    guard let fields = Fields(self, node, "“limits”", keys: Vocabulary.limits) else {
      return limits
    }
    limits.time = fields.duration("time", atLeast: .seconds(1)) ?? limits.time
    limits.idle = fields.duration("idle", atLeast: .seconds(1)) ?? limits.idle
    limits.steps = fields.integer("steps", 1...10_000) ?? limits.steps
    limits.modelCalls = fields.integer("model_calls", 0...10_000) ?? limits.modelCalls
    limits.tokens = fields.integer("tokens", 0...1_000_000_000) ?? limits.tokens
    return limits
  }

  /// What a model may run: the scenario's own or the project's, and never what the project forbids.
  private func permissions(_ node: YAMLNode?) -> Permissions {
    let project = workspace.defaults.permissions
    guard let node else { return project }
    var permissions = ownPermissions(node)
    permissions.deny = project.deny + permissions.deny
    return permissions
  }

  private func ownPermissions(_ node: YAMLNode) -> Permissions {
    guard let fields = Fields(self, node, "“permissions”", keys: ["ssh"]),
      let ssh = fields.required("ssh"),
      let rules = Fields(self, ssh, "“ssh”", keys: ["allow", "deny", "shell"])
    else { return Permissions() }
    return Permissions(
      allow: commands(rules, "allow"), deny: commands(rules, "deny"), shell: rules.bool("shell"))
  }

  /// Patterns of commands are taken as written: a variable must never widen what is permitted.
  private func commands(_ fields: Fields, _ key: String) -> [String] {
    guard let node = fields.node(key) else { return [] }
    return (list(node, "“\(key)”") ?? []).compactMap { entry in
      guard let text = entry.text, !entry.isNull, !text.allSatisfy(\.isWhitespace) else {
        fail(entry, "a pattern of commands must be a text, not \(entry.kindDescription)")
        return nil
      }
      if text.contains("${") { fail(entry, "a pattern of commands cannot hold a variable") }
      return text
    }
  }
}
