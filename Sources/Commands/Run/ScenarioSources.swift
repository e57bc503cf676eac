internal import Configuration
internal import FoundationEssentials
internal import Runner
internal import Scenario
internal import YAML

/// The configuration and the scenarios that a command works on, with all that is wrong with them.
struct ScenarioSources {
  /// The settings.
  let configuration: Configuration
  /// The cases and what was read.
  let scenarios: LoadedScenarios
  /// Everything that is wrong or worth knowing.
  let diagnostics: [Diagnostic]

  /// Whether nothing may be run.
  var hasErrors: Bool {
    diagnostics.contains { $0.severity == .error && $0.code != .nothingFound }
  }

  /// Loads both; it reads files and blocks while it does.
  static func load(
    paths: [String], definitions: [String: String], general: GeneralSettings,
    _ context: CommandContext
  ) -> ScenarioSources {
    let (configuration, problems) = Self.configuration(general, context)
    var defaults = ScenarioDefaults(
      target: configuration.target, retries: configuration.retries.value,
      model: configuration.modelRole.value, modelRoles: configuration.roleNames,
      toolServers: Array(configuration.servers.keys))
    defaults.limits = Limits(
      time: configuration.time.value, steps: configuration.steps.value,
      modelCalls: configuration.modelCalls.value, tokens: configuration.tokens.value,
      idle: configuration.idle.value)
    let loader = ScenarioLoader(
      environment: configuration.environment, variables: definitions, defaults: defaults,
      isPlainStep: PlainSteps.isPlain)
    let scenarios = loader.load(paths, defaultRoot: configuration.scenarios.value)
    return ScenarioSources(
      configuration: configuration, scenarios: scenarios,
      diagnostics: problems + scenarios.diagnostics)
  }

  /// Loads the configuration alone.
  static func configuration(
    _ general: GeneralSettings, _ context: CommandContext
  ) -> (configuration: Configuration, diagnostics: [Diagnostic]) {
    ConfigurationLoader(
      directory: FileManager.default.currentDirectoryPath, file: general.configurationFile,
      profile: general.profile, environment: context.environment
    ).load()
  }
}
