internal import Durations
internal import Diagnostics
internal import JSONCoding
public import YAML

/// Every setting with its value and where it came from.
public struct Configuration: Sendable {
  private let values: [String: ConfigurationAssembly.Value]
  /// The MCP servers by name.
  public let servers: [String: MCPServer]
  /// The target that scenarios take where they have none, as the project file writes it.
  public let target: YAMLFragment?
  /// The environment of the process over `.env`: what `${NAME}` in scenarios means.
  public let environment: [String: String]
  /// The project file that was read.
  public let file: String?
  /// The profile that was chosen.
  public let profile: String?

  init(
    values: [String: ConfigurationAssembly.Value], servers: [String: MCPServer],
    target: YAMLFragment?, environment: [String: String], file: String?, profile: String?
  ) {
    self.values = values
    self.servers = servers
    self.target = target
    self.environment = environment
    self.file = file
    self.profile = profile
  }

  /// The built-in values alone.
  static var builtIn: Configuration { ConfigurationAssembly().finished(file: nil).0 }
}

// MARK: - Values by name

extension Configuration {
  /// The role that acts.
  public var modelRole: Configured<String> { text("model_role") }
  /// Whether only the local engine may be used.
  public var usesNoModel: Configured<Bool> { bool("no_model") }
  /// Calls to models of a whole run, at most.
  public var maxModelCalls: Configured<Int>? { optional("max_model_calls") { Int($0) } }
  /// The folder that is run when none is named.
  public var scenarios: Configured<String> { text("scenarios") }
  /// Cases that run at the same time, 1…64.
  public var workers: Configured<Int> { int("workers") }
  /// Attempts after the first, 0…20.
  public var retries: Configured<Int> { int("retries") }
  /// How long a check is tried.
  public var checkTimeout: Configured<Duration> { duration("check_timeout") }
  /// The languages that screens are read in, as the text recogniser names them.
  public var ocr: Configured<[String]>? {
    optional("ocr") { $0.split { $0 == "," || $0 == " " }.map(String.init) }
  }
  /// The limit of a whole run.
  public var globalTimeout: Configured<Duration>? {
    optional("global_timeout") { Units.duration($0) }
  }
  /// Failed cases after which a run stops; 0 never stops.
  public var maxFailures: Configured<Int> { int("max_failures") }
  /// Whether nothing checked fails, and what would be skipped is an error.
  public var isStrict: Configured<Bool> { bool("strict") }
  /// Whether a pass on a retry fails the run.
  public var failsOnFlaky: Configured<Bool> { bool("fail_on_flaky") }
  /// Whether a run that selects nothing passes.
  public var passesWithNoTests: Configured<Bool> { bool("pass_with_no_tests") }
  /// The screen over what scenarios say, as a text.
  public var screen: Configured<String>? { optional("target") { $0 } }
  /// Whether models are tested before a run.
  public var testsModels: Configured<Bool> { bool("preflight") }
  /// Whether models that are not there are downloaded.
  public var pullsModels: Configured<Bool> { bool("pull_models") }
  /// The limit of one attempt.
  public var time: Configured<Duration> { duration("limits.time") }
  /// Actions of one attempt.
  public var steps: Configured<Int> { int("limits.steps") }
  /// Calls to models of one attempt.
  public var modelCalls: Configured<Int> { int("limits.model_calls") }
  /// Tokens of one attempt.
  public var tokens: Configured<Int> { int("limits.tokens") }
  /// How long nothing at all may happen.
  public var idle: Configured<Duration> { duration("limits.idle") }
  /// The folder of reports and history.
  public var output: Configured<String> { text("output") }
  /// Which recordings are kept: `on`, `retain-on-failure` or `off`.
  public var record: Configured<String> { text("record") }
  /// What is printed: `auto`, `list`, `line`, `dots`, `github`, `json` or `none`.
  public var reporter: Configured<String> { text("reporter") }
  /// Colours: `auto`, `always` or `never`.
  public var color: Configured<String> { text("color") }
  /// Patterns of commands that a model may run on hosts, and those that it must not.
  public var permissions: (allow: [String], deny: [String]) {
    (values["permissions.ssh.allow"]?.list ?? [], values["permissions.ssh.deny"]?.list ?? [])
  }

  private func optional<Value>(_ key: String, _ read: (String) -> Value?) -> Configured<Value>? {
    guard let found = values[key], let value = read(found.text) else { return nil }
    return Configured(value, from: found.origin)
  }

  /// Values are checked when they are set, so what stands in here is never used.
  private func required<Value>(
    _ key: String, or fallback: Value, _ read: (String) -> Value?
  ) -> Configured<Value> {
    optional(key, read) ?? Configured(fallback, from: .builtIn)
  }

  private func text(_ key: String) -> Configured<String> { required(key, or: "") { $0 } }
  private func int(_ key: String) -> Configured<Int> { required(key, or: 0) { Int($0) } }
  private func bool(_ key: String) -> Configured<Bool> { required(key, or: false) { $0 == "true" } }
  private func duration(_ key: String) -> Configured<Duration> {
    required(key, or: .zero) { Units.duration($0) }
  }
}

// MARK: - Models

extension Configuration {
  /// The names of the roles: the built-in ones, then those of the file.
  public var roleNames: [String] {
    let builtIn = ["default", "fast", "judge", "author"]
    let named = values.keys.filter { $0.hasPrefix("models.") }
      .compactMap { $0.split(separator: ".").dropFirst().first.map(String.init) }
    return builtIn + Set(named).subtracting(builtIn).sorted()
  }

  /// A role, or nil for a name that nobody configured; what it does not say is the default role's.
  ///
  /// `judge` and `author` are always there; `fast` only when it has a model or an address of its own.
  public func role(_ name: String) -> ModelRole? {
    let isKnown = ["default", "judge", "author"].contains(name)
    let own = ["endpoint", "model"].contains { values["models.\(name).\($0)"] != nil }
    guard isKnown || own else { return nil }
    func value<Value>(
      _ field: String, or fallback: Value, _ read: (String) -> Value?
    ) -> Configured<Value> {
      optional("models.\(name).\(field)", read)
        ?? required("models.default.\(field)", or: fallback, read)
    }
    let tls = certificates(name)
    return ModelRole(
      name: name, endpoint: value("endpoint", or: "") { $0 },
      model: value("model", or: "") { Self.models(in: $0).first },
      apiKey: apiKey(name), caFile: tls[0], clientCertificate: tls[1], clientKey: tls[2],
      temperature: value("temperature", or: 0) { Double($0) },
      maxTokens: value("max_tokens", or: 0) { Int($0) },
      context: value("context", or: 0) { Int($0) },
      keepAlive: value("keep_alive", or: .zero) { Units.duration($0) },
      timeout: value("timeout", or: .zero) { Units.duration($0) },
      family: family(name), thinking: value("thinking", or: "auto") { $0 },
      fallback: (values["models.\(name).fallback"] ?? values["models.default.fallback"])?.list
        ?? [],
      loadTimeout: value("load_timeout", or: .zero) { Units.duration($0) },
      server: server(name),
      otherModels: Array(Self.models(in: value("model", or: "") { $0 }.value).dropFirst())
    )
  }

  /// The names of models in one text: Compose writes several between commas, of which the first is meant.
  private static func models(in text: String) -> [String] {
    text.split(separator: ",").map { name in
      String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }.filter { !$0.isEmpty }
  }

  /// What a role's server takes; what is said for the default role's goes for that server alone.
  private func server(_ name: String) -> ModelRole.Server {
    func said(_ field: String) -> String? {
      let own = values["models.\(name).\(field)"]
      return (own ?? (sharesServer(name) ? values["models.default.\(field)"] : nil))?.text
    }
    return ModelRole.Server(
      turns: said("turns") ?? "auto", calls: said("calls") ?? "auto",
      leaveOut: (said("leave_out") ?? "").split { $0 == "," || $0 == " " }.map(String.init),
      tokensField: said("tokens_field") ?? "auto", pictures: said("pictures").flatMap { Int($0) },
      bodyLimit: said("body_limit").flatMap { Int($0) } ?? 10_000_000)
  }

  /// Whether a role says anything of its own.
  public func hasOwnSettings(_ role: String) -> Bool {
    values.keys.contains { $0.hasPrefix("models.\(role).") }
  }

  /// The family of a role; the default role's only for the default role's model.
  private func family(_ name: String) -> Configured<String> {
    let own = optional("models.\(name).family") { $0 }
    let sharesModel = values["models.\(name).model"] == nil
    return own ?? (sharesModel ? optional("models.default.family") { $0 } : nil)
      ?? Configured("auto", from: .builtIn)
  }

  /// The key of a role; the default role's only for the default role's server.
  private func apiKey(_ name: String) -> Secret? {
    let own = values["models.\(name).api_key"]
    guard
      let variable = (own ?? (sharesServer(name) ? values["models.default.api_key"] : nil))?.text,
      let value = environment[variable], !value.isEmpty
    else { return nil }
    return Secret(name: variable, value: value)
  }

  /// Authority, certificate and key of a role, which go together; the default role's for its server.
  private func certificates(_ name: String) -> [Configured<String>?] {
    let fields = ["ca_file", "client_certificate", "client_key"]
    let own = fields.map { optional("models.\(name).\($0)") { $0 } }
    guard own.allSatisfy({ $0 == nil }), sharesServer(name) else { return own }
    return fields.map { optional("models.default.\($0)") { $0 } }
  }

  /// Whether what was given for the default role's server is meant for this role's too.
  private func sharesServer(_ name: String) -> Bool {
    values["models.\(name).endpoint"].map {
      $0.text == values["models.default.endpoint"]?.text
    } ?? true
  }

  /// What can be told only when all values are known.
  var faults: [Diagnostic] {
    var faults: [Diagnostic] = []
    let output = Self.trimmed(self.output.value)
    let scenarios = Self.trimmed(self.scenarios.value)
    if output == scenarios || output.hasPrefix(scenarios + "/") {
      faults.append(
        Diagnostic(
          file: self.output.origin.description,
          message: "“output” is inside the folder of the scenarios, “\(scenarios)”",
          suggestion: "use a folder beside it"))
    }
    if role(modelRole.value) == nil {
      faults.append(
        Diagnostic(
          file: modelRole.origin.description, message: "unknown model role “\(modelRole.value)”",
          suggestion: Suggestion.question(for: modelRole.value, among: roleNames)
            ?? "the roles are: \(roleNames.joined(separator: ", "))"))
    }
    for name in roleNames {
      for other in values["models.\(name).fallback"]?.list ?? [] where role(other) == nil {
        faults.append(
          Diagnostic(
            file: values["models.\(name).fallback"]?.origin.description ?? "models",
            message: "“models.\(name).fallback” names the unknown role “\(other)”",
            suggestion: Suggestion.question(for: other, among: roleNames)
              ?? "the roles are: \(roleNames.joined(separator: ", "))"))
      }
      guard let key = values["models.\(name).api_key"], environment[key.text]?.isEmpty ?? true
      else {
        continue
      }
      faults.append(
        Diagnostic(
          severity: .warning, file: key.origin.description,
          message: "“models.\(name).api_key” names \(key.text), which is not set",
          suggestion: "set it in the environment or in .env"))
    }
    return faults + keysWithoutCertificate
  }

  private var keysWithoutCertificate: [Diagnostic] {
    roleNames.compactMap { name in
      guard let key = values["models.\(name).client_key"],
        values["models.\(name).client_certificate"] == nil
      else { return nil }
      return Diagnostic(
        file: key.origin.description, message: "“models.\(name).client_key” has no certificate",
        suggestion: "set “models.\(name).client_certificate” too")
    }
  }

  private static func trimmed(_ path: String) -> String {
    var path = path[...]
    while path.hasPrefix("./") { path = path.dropFirst(2) }
    while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
    return String(path)
  }
}

// MARK: - For people

extension Configuration {
  /// A line of `qa-agent config show`.
  public struct Line: Hashable, Sendable {
    /// The key.
    public var key: String
    /// The value, or nil when there is none; a key is shown by the name of its variable.
    public var value: String?
    /// Where it came from.
    public var origin: Origin
  }

  /// Each setting in the order of the reference, then the roles and servers of the file.
  public var lines: [Line] {
    let others = roleNames.dropFirst(4).flatMap { Setting.role($0, isBuiltIn: false) }
    let settings = (Setting.all + others).map { setting in
      let value = values[setting.key]
      return Line(
        key: setting.key, value: value.map { Self.shown($0, setting) },
        origin: value?.origin ?? .builtIn)
    }
    let inFile = target.map { target in
      Line(
        key: "target", value: "(in the file)",
        origin: .file(target.source.file, line: target.node.line))
    }
    return settings.map { $0.key == "target" && $0.value == nil ? inFile ?? $0 : $0 }
      + servers.keys.sorted().map { name in
        Line(
          key: "mcp.\(name)", value: servers[name]?.command.joined(separator: " "),
          origin: .file(file ?? "", line: 1))
      }
  }

  private static func shown(_ value: ConfigurationAssembly.Value, _ setting: Setting) -> String {
    switch setting.kind {
    case .secret: "‹\(value.text)›"
    case .list: JSON.array(value.list.map { .string($0) }).text
    default: value.text
    }
  }
}
