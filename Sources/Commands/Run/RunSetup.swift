internal import Adapters
internal import Configuration
internal import Diagnostics
internal import Runner
internal import Scenario
internal import ScenarioFiles
internal import Story

/// Flags, configuration and scenarios, put together into a request.
struct RunSetup {
  /// What is to be run.
  var request: RunRequest
  /// How its ports are made.
  var ports: PortSettings
  /// How it is told.
  var reporters: [ReporterChoice]?
  /// What reads steps that are typed.
  var loader: ScenarioLoader

  /// What loading came to.
  enum Loaded {
    case ready(RunSetup)
    case end(ExitCode)
  }

  /// Loads everything; what is wrong is written before this returns.
  static func load(_ options: RunOptions, _ context: CommandContext) -> Loaded {
    do throws(CommandError) {
      guard let sources = try loadSources(options, context) else { return .end(.usage) }
      // One broken file does not stop the others: it is a case that says why.
      let cases = try options.selection.apply(
        to: sources.scenarios.withBroken,
        output: options.output ?? sources.configuration.output.value)
      if cases.isEmpty, !sources.scenarios.cases.isEmpty {
        context.output.messages.write("qa-agent run: no case matches what was asked for\n")
      }
      var request = makeRequest(options, cases, sources.configuration)
      request.files = sources.files(for: cases)
      let setup = RunSetup(
        request: request,
        ports: try makePorts(options, sources),
        reporters: options.reporters ?? sources.configuration.reporterChoices,
        loader: sources.loader)
      return .ready(setup)
    } catch {
      context.output.messages.write("qa-agent run: \(error.message)\n")
      return .end(error.code)
    }
  }

  /// The configuration and the scenarios; nil when something is wrong with them.
  private static func loadSources(
    _ options: RunOptions, _ context: CommandContext
  ) throws(CommandError) -> ScenarioSources? {
    let definitions = Dictionary(
      options.variables.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
    let sources = ScenarioSources.load(
      paths: options.selection.paths, definitions: definitions, general: options.general,
      overrides: try overrides(options, context), checksRequirements: options.strict, context)
    context.output.messages.write(
      DiagnosticText(style: context.output.messages.style).lines(sources.diagnostics))
    let isStrict = options.strict ?? sources.configuration.isStrict.value
    return (isStrict ? sources.hasErrors : sources.stopsEverything) ? nil : sources
  }

  /// What the flags say over the scenarios.
  private static func overrides(
    _ options: RunOptions, _ context: CommandContext
  ) throws(CommandError) -> ScenarioOverrides {
    var overrides = try ScenarioOverrides.of(target: options.target, context)
    overrides.time = options.timeout
    overrides.retries = options.retries
    return overrides
  }

  // MARK: - The request

  private static func makeRequest(
    _ options: RunOptions, _ cases: [Case], _ configuration: Configuration
  ) -> RunRequest {
    var request = RunRequest(cases: cases, output: options.output ?? configuration.output.value)
    request.workers = options.workers ?? configuration.workers.value
    request.isStrict = options.strict ?? configuration.isStrict.value
    request.passesWithNoTests =
      options.passWithNoTests == true || configuration.passesWithNoTests.value
    request.failsOnFlaky = options.failOnFlaky ?? configuration.failsOnFlaky.value
    let failures = options.maxFailures ?? configuration.maxFailures.value
    request.maximumFailures = failures > 0 ? failures : nil
    request.patience = configuration.checkTimeout.value
    request.globalTimeout = options.globalTimeout ?? configuration.globalTimeout?.value
    request.maximumModelCalls = options.maxModelCalls ?? configuration.maxModelCalls?.value
    request.commandLine = CommandLine.arguments
    request.record = options.record ?? RecordPolicy(rawValue: configuration.record.value) ?? .on
    request.junitPath = options.junit
    request.htmlPath = options.html
    request.shardLabel = options.selection.shard.map { "\($0.index)of\($0.count)" }
    request.secrets = secrets(of: cases, configuration)
    return request
  }

  private static func makePorts(
    _ options: RunOptions, _ sources: ScenarioSources
  ) throws(CommandError) -> PortSettings {
    let configuration = sources.configuration
    let isForbidden = options.noModel == true || configuration.usesNoModel.value
    return PortSettings(
      models: isForbidden ? nil : try ModelChoice.setup(options.model, configuration),
      environment: configuration.environment, policy: sources.policy,
      updatesBaselines: options.updateBaselines ?? false)
  }

  /// The values of the secrets that the cases name, and of the keys of the model endpoints.
  static func secrets(
    of cases: [Case], _ configuration: Configuration
  ) -> [String: String] {
    var secrets: [String: String] = [:]
    for name in Set(cases.flatMap(\.scenario.secrets)) {
      secrets[name] = configuration.environment[name]
    }
    for role in configuration.roleNames.compactMap(configuration.role) {
      if let key = role.apiKey { secrets[key.name] = key.reveal() }
    }
    return secrets
  }
}

extension ScenarioOverrides {
  /// What `--target` says over a scenario.
  static func of(
    target: String?, _ context: CommandContext
  ) throws(CommandError) -> ScenarioOverrides {
    var overrides = ScenarioOverrides()
    guard let target else { return overrides }
    overrides.screen = TargetSpec.Screen(
      parsing: target, hasPassword: context.environment["VNC_PASSWORD"] != nil)
    guard overrides.screen != nil else {
      throw CommandError(
        message: "--target \(target): write vnc://host:5901, demo:sign-in or desktop:1280x800")
    }
    return overrides
  }
}

/// The model roles of a run.
enum ModelChoice {
  /// The roles of the configuration; `choice` is a role or a model's name that takes the place of `default`.
  static func setup(
    _ choice: String?, _ configuration: Configuration
  ) throws(CommandError) -> ModelSetup? {
    var roles: [String: ModelSetup.Role] = [:]
    var isConfigured = choice != nil
    for name in configuration.roleNames {
      // A role without a word of its own is played by `default`, whoever that turns out to be.
      guard name == "default" || configuration.hasOwnSettings(name),
        let role = configuration.role(name)
      else { continue }
      roles[name] = ModelSetup.Role(role)
      isConfigured = isConfigured || role.isConfigured
    }
    if let choice {
      if let chosen = roles[choice] {
        roles["default"] = chosen
      } else if choice.contains("/") || choice.contains(":") {
        roles["default"]?.model = choice
        roles["default"]?.family = nil
      } else {
        let known = roles.keys.sorted().joined(separator: ", ")
        throw CommandError(
          message: "--model \(choice): there is no such role (\(known)), and a model's name has a"
            + " slash, such as ai/qwen3-vl")
      }
    }
    return ModelSetup(
      roles: roles, isConfigured: isConfigured, testsModels: configuration.testsModels.value,
      pullsModels: configuration.pullsModels.value)
  }
}

extension ModelSetup.Role {
  fileprivate init(_ role: ModelRole) {
    self.init(
      endpoint: role.endpoint.value, model: role.model.value,
      apiKey: role.apiKey.map { ModelSetup.Key(name: $0.name, value: $0.reveal()) },
      temperature: role.temperature.value, maximumTokens: role.maxTokens.value,
      context: role.context.value, timeout: role.timeout.value,
      family: role.family.value == "auto" ? nil : role.family.value,
      thinks: ["on": true, "off": false][role.thinking.value], fallback: role.fallback)
    keepAlive = role.context.origin.isConfigured ? role.keepAlive.value : nil
    caFile = role.caFile?.value
    clientCertificate = role.clientCertificate?.value
    clientKey = role.clientKey?.value
    loadTimeout = role.loadTimeout.value
    otherModels = role.otherModels
    server.turns = role.server.turns == "auto" ? nil : role.server.turns
    server.takesTools = ["tools": true, "json": false][role.server.calls]
    server.leftOut = role.server.leaveOut
    server.tokensField = role.server.tokensField == "auto" ? nil : role.server.tokensField
    server.pictures = role.server.pictures
    server.bodyLimit = role.server.bodyLimit
  }
}

extension Configuration {
  /// How a run is told, when the configuration says.
  fileprivate var reporterChoices: [ReporterChoice]? {
    guard reporter.origin.isConfigured else { return nil }
    let choices = reporter.value.split(separator: ",").compactMap {
      ReporterChoice(rawValue: String($0))
    }
    return choices.isEmpty ? nil : choices
  }
}
