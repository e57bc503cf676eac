internal import Adapters
internal import Configuration
internal import DemoScreens
internal import Diagnostics
internal import FoundationEssentials
internal import Platform
internal import Policy
internal import Scenario
internal import ScenarioFiles

/// The configuration and the scenarios that a command works on, with all that is wrong with them.
struct ScenarioSources {
  /// The settings.
  let configuration: Configuration
  /// The cases and what was read.
  let scenarios: LoadedScenarios
  /// What an operator permits on hosts.
  let policy: Policy
  /// Everything that is wrong or worth knowing.
  let diagnostics: [Diagnostic]
  /// What read them, for steps that are typed.
  let loader: ScenarioLoader
  /// Whether the configuration or the operator's policy is wrong, or the policy denies a step.
  let hasWrongSettings: Bool

  /// Whether nothing of it may be run although single files may be broken.
  var stopsEverything: Bool { hasWrongSettings || scenarios.hasOtherErrors }

  /// Whether nothing may be run.
  var hasErrors: Bool {
    diagnostics.contains { $0.severity == .error && $0.code != .nothingFound }
  }

  /// What was read for some of the cases, by path: their scenarios, what these include and name, and the settings.
  ///
  /// It reads files and blocks while it does; what is gone by now is left out.
  func files(for cases: [Case]) -> [(path: String, bytes: [UInt8])] {
    let wanted = Set(cases.map(\.scenario.location.file))
    let others = Set(scenarios.cases.map(\.scenario.location.file)).subtracting(wanted)
    let texts = scenarios.sources.filter { !others.contains($0.file) }
    let further = scenarios.named + [configuration.file, policy.file].compactMap(\.self)
    return texts.map { ($0.file, Array($0.text.utf8)) }
      + further.compactMap { path in
        (try? Files.read(path, limit: Self.largestFile)).map { (path, $0) }
      }
  }

  /// Of a file that is larger there is no digest.
  private static let largestFile = 64 << 20

  /// Loads both; it reads files and blocks while it does.
  ///
  /// - Parameters:
  ///   - text: a scenario that is in no file, in place of the paths.
  ///   - policy: the operator's file, instead of the one beside the configuration.
  ///   - checksRequirements: whether it is told what is required and not installed; nil as the configuration
  ///     is strict.
  static func load(
    paths: [String], text: String? = nil, definitions: [String: String], general: GeneralSettings,
    overrides: ScenarioOverrides = ScenarioOverrides(), policy policyFile: String? = nil,
    checksRequirements: Bool? = false, _ context: CommandContext
  ) -> ScenarioSources {
    var (configuration, problems) = Self.configuration(general, context)
    var defaults = ScenarioDefaults(
      target: configuration.target, retries: configuration.retries.value,
      model: configuration.modelRole.value, modelRoles: configuration.roleNames,
      demos: DemoScreen.names, toolServers: Array(configuration.servers.keys))
    defaults.overrides = merged(overrides, configuration, &problems)
    defaults.limits = Limits(
      time: configuration.time.value, steps: configuration.steps.value,
      modelCalls: configuration.modelCalls.value, tokens: configuration.tokens.value,
      idle: configuration.idle.value)
    defaults.reading = .local
    let (allow, deny) = configuration.permissions
    defaults.permissions = Permissions(allow: allow, deny: deny)
    if checksRequirements ?? configuration.isStrict.value {
      defaults.hasCommand = { [path = configuration.environment["PATH"]] name in
        Executables.find(name, path: path) != nil
      }
    }
    if let ocr = configuration.ocr {
      defaults.ocr = ocr.value
      problems += faults(of: ocr)
    }
    let loader = ScenarioLoader(
      environment: configuration.environment, variables: definitions, defaults: defaults)
    let scenarios =
      text.map {
        loader.load(text: $0, as: FileManager.default.currentDirectoryPath + "/none.yaml")
      } ?? loader.load(paths, defaultRoot: configuration.scenarios.value)
    let (policy, mistakes) = PolicySource.find(policyFile, beside: configuration.file)
    let loaded = scenarios.cases.map(\.scenario)
    let faults =
      mistakes + PolicySource.denials(in: loaded, by: policy)
      + (mistakes.isEmpty ? PolicySource.faults(in: loaded, by: policy) : [])
    return ScenarioSources(
      configuration: configuration, scenarios: scenarios, policy: policy,
      diagnostics: problems + scenarios.diagnostics + faults, loader: loader,
      hasWrongSettings: (problems + faults).contains { $0.severity == .error })
  }

  /// What is wrong with the languages of the project.
  private static func faults(of ocr: Configured<[String]>) -> [Diagnostic] {
    ocr.value.compactMap { name in
      ReadingRules.local.faultOfLanguage(name).map { fault in
        let place: (file: String, line: Int?) =
          switch ocr.origin {
          case .file(let file, let line), .profile(_, let file, let line): (file, line)
          default: (ocr.origin.description, nil)
          }
        return Diagnostic(
          file: place.file, line: place.line, text: name, message: fault.message,
          suggestion: fault.help)
      }
    }
  }

  /// What wins over the scenarios: flags, then the environment.
  private static func merged(
    _ flags: ScenarioOverrides, _ configuration: Configuration, _ problems: inout [Diagnostic]
  ) -> ScenarioOverrides {
    var overrides = flags
    overrides.time = flags.time ?? configuration.time.overriding
    overrides.steps = flags.steps ?? configuration.steps.overriding
    overrides.modelCalls = flags.modelCalls ?? configuration.modelCalls.overriding
    overrides.tokens = flags.tokens ?? configuration.tokens.overriding
    overrides.idle = flags.idle ?? configuration.idle.overriding
    overrides.retries = flags.retries ?? configuration.retries.overriding
    overrides.model = flags.model ?? configuration.modelRole.overriding
    guard flags.screen == nil, let text = configuration.screen?.overriding else { return overrides }
    overrides.screen = TargetSpec.Screen(
      parsing: text, hasPassword: configuration.environment["VNC_PASSWORD"] != nil)
    if overrides.screen == nil {
      problems.append(
        Diagnostic(
          file: configuration.screen?.origin.description ?? "target", text: text,
          message: "“\(text)” is no target; write vnc://host:5901, demo:sign-in or desktop:1280x800"
        ))
    }
    return overrides
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
