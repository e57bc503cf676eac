internal import Diagnostics
internal import YAML

/// The values as they are laid one over the other.
struct ConfigurationAssembly {
  /// A value as a text, with its origin.
  struct Value {
    var text: String
    var list: [String] = []
    var origin: Origin
  }

  /// `.env` under the environment of the process.
  var environment: [String: String] = [:]
  /// The name of the `.env` file, if there is one.
  var dotEnv: String?
  var diagnostics: [Diagnostic] = []
  private(set) var values: [String: Value] = [:]
  private(set) var servers: [String: MCPServer] = [:]
  private(set) var target: YAMLFragment?
  private(set) var profile: String?

  init() {
    for setting in Setting.all {
      guard let text = setting.defaultText else { continue }
      values[setting.key] = Value(text: setting.kind == .list ? "" : text, origin: .builtIn)
    }
  }

  /// Docker's own variables stand in for the built-in address and model of the default role.
  mutating func setDockerVariables() {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    if let host = value("MODEL_RUNNER_HOST") {
      let address = host.contains("://") ? host : "http://\(host)"
      let path = address.split(separator: "/", omittingEmptySubsequences: true).count > 2
      let trimmed = address.hasSuffix("/") ? String(address.dropLast()) : address
      set(
        path ? trimmed : trimmed + "/engines/v1", for: "models.default.endpoint",
        from: .docker(variable: "MODEL_RUNNER_HOST"))
    }
    for (variable, field) in [("LLM_URL", "endpoint"), ("LLM_MODEL", "model")] {
      guard let text = value(variable) else { continue }
      set(text, for: "models.default.\(field)", from: .docker(variable: variable))
    }
  }

  /// Lays the file's own values and then those of a profile over what is there.
  mutating func set(_ file: ConfigurationFile, named name: String, profile: String?) {
    lay(file.base) { .file(name, line: $0) }
    guard let profile else { return }
    guard let layer = file.profiles[profile] else {
      let names = file.profiles.keys.sorted()
      return diagnostics.append(
        Diagnostic(
          file: name, message: "there is no profile “\(profile)”",
          suggestion: Suggestion.question(for: profile, among: names)
            ?? (names.isEmpty
              ? "add it under profiles:" : "there are: \(names.joined(separator: ", "))")))
    }
    self.profile = profile
    lay(layer) { .profile(profile, file: name, line: $0) }
  }

  private mutating func lay(_ layer: ConfigurationFile.Layer, _ origin: (Int) -> Origin) {
    for (key, entry) in layer.values {
      values[key] = Value(text: entry.text, list: entry.list, origin: origin(entry.line))
    }
    servers.merge(layer.servers) { $1 }
    target = layer.target ?? target
  }

  /// Lays the variables `QA_AGENT_…` over what is there.
  mutating func setVariables(own: Set<String>) {
    let settings = Setting.all.filter { $0.variable != nil }
    for setting in settings {
      guard let variable = setting.variable, let text = environment[variable], !text.isEmpty else {
        continue
      }
      let origin: Origin =
        own.contains(variable)
        ? .environment(variable: variable) : .dotEnv(variable: variable, file: dotEnv ?? ".env")
      set(setting.kind == .secret ? variable : text, for: setting.key, from: origin)
    }
    let known = settings.compactMap(\.variable) + ["QA_AGENT_PROFILE"]
    for name in environment.keys.sorted() where name.hasPrefix("QA_AGENT_") && !known.contains(name)
    {
      let question = Suggestion.question(for: name, among: known)
      diagnostics.append(
        Diagnostic(
          severity: question == nil ? .warning : .error, file: name,
          message: "no setting has this variable", suggestion: question))
    }
  }

  /// Sets one value from a text.
  mutating func set(_ text: String, for key: String, from origin: Origin) {
    guard let setting = Setting.all.first(where: { $0.key == key }) else {
      return diagnostics.append(
        Diagnostic(file: origin.description, message: "there is no setting “\(key)”"))
    }
    do {
      values[key] = Value(text: try SettingReader.read(text, as: setting), origin: origin)
    } catch {
      diagnostics.append(
        Diagnostic(file: origin.description, message: error.message, suggestion: error.help))
    }
  }

  func finished(file: String?) -> (Configuration, [Diagnostic]) {
    let configuration = Configuration(
      values: values, servers: servers, target: target, environment: environment, file: file,
      profile: profile)
    return (configuration, diagnostics + configuration.faults)
  }
}
