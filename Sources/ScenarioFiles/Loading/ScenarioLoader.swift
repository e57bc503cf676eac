public import Diagnostics
public import Scenario
public import YAML

/// What a scenario takes where it says nothing: from the configuration, or built in.
public struct ScenarioDefaults: Sendable {
  /// The target, as the configuration writes it; nil means a private desktop.
  public var target: YAMLFragment?
  /// The limits of one attempt.
  public var limits: Limits
  /// Attempts after the first.
  public var retries: Int
  /// The model role.
  public var model: String
  /// The roles that the configuration has; nil means that a role is not checked.
  public var modelRoles: [String]?
  /// The demo screens that there are; nil means that a name is not checked.
  public var demos: [String]?
  /// The MCP servers that the configuration has; nil means that a name is not checked.
  public var toolServers: [String]?
  /// The languages that screens are read in, where neither a scenario nor a target says.
  public var ocr: [String]
  /// What can be read off a screen; nil means that it is not checked.
  public var reading: ReadingRules?
  /// What a model may run on hosts where a scenario says nothing; what is forbidden holds for all.
  public var permissions: Permissions
  /// Whether a command is installed; nil means that nobody is told of what is not.
  public var hasCommand: (@Sendable (String) -> Bool)?
  /// What wins over the scenario: flags and `QA_AGENT_*`.
  public var overrides: ScenarioOverrides

  /// Defaults.
  public init(
    target: YAMLFragment? = nil, limits: Limits = Limits(), retries: Int = 0,
    model: String = "default", modelRoles: [String]? = nil, demos: [String]? = nil,
    toolServers: [String]? = nil, overrides: ScenarioOverrides = ScenarioOverrides()
  ) {
    self.target = target
    self.limits = limits
    self.retries = retries
    self.model = model
    self.modelRoles = modelRoles
    self.demos = demos
    self.toolServers = toolServers
    self.overrides = overrides
    ocr = []
    permissions = Permissions()
  }
}

/// Turns files and folders into cases, and says everything that is wrong with all of them at once.
public struct ScenarioLoader: Sendable {
  let environment: [String: String]
  let variables: [String: String]
  let defaults: ScenarioDefaults

  /// A loader.
  ///
  /// - Parameters:
  ///   - environment: the environment, with what `.env` adds to it.
  ///   - variables: the values of `-D`; each wins over the scenario's own.
  ///   - defaults: what a scenario takes where it says nothing.
  public init(
    environment: [String: String], variables: [String: String] = [:],
    defaults: ScenarioDefaults = ScenarioDefaults()
  ) {
    self.environment = environment
    self.variables = variables
    self.defaults = defaults
  }

  /// Loads files, folders (with all below them) and `file:line`.
  ///
  /// A file is read once, however often it is named. Cases come in the order of the paths, inside a
  /// folder in the order of their names. It reads files and blocks while it does.
  ///
  /// - Parameters:
  ///   - paths: what to load.
  ///   - defaultRoot: what is loaded when no path is given.
  public func load(_ paths: [String], defaultRoot: String = "scenarios") -> LoadedScenarios {
    let workspace = Workspace(
      environment: environment, definitions: variables, defaults: defaults)
    var scanner = PathScanner(workspace: workspace)
    let files = scanner.files(of: paths.isEmpty ? [defaultRoot] : paths)
    let reader = FileReader(workspace: workspace)
    // A file without a name may be one that others include; that is known only at the end.
    let later = files.filter { !reader.read($0) }
    for file in later where !workspace.included.contains(file.path) { reader.readAgain(file) }
    return reader.finished(files: files)
  }

  /// Loads one scenario from text that is in no file yet, such as a step edited in the debugger.
  ///
  /// - Parameters:
  ///   - text: the YAML.
  ///   - path: the file it belongs to; includes and pictures are looked for from there.
  public func load(text: String, as path: String) -> LoadedScenarios {
    let workspace = Workspace(
      environment: environment, definitions: variables, defaults: defaults)
    let folder = FileSystem.realPath(FileSystem.folder(of: path)) ?? "/"
    let real = FileSystem.join(folder, FileSystem.name(of: path))
    let file = ScenarioFile(path: real, shown: path, root: folder, lines: [], isNamed: true)
    let reader = FileReader(workspace: workspace)
    reader.read(SourceText(file: path, text: text), file)
    return reader.finished(files: [file])
  }
}

/// What was loaded: the cases of the files without errors, and everything that is wrong.
public struct LoadedScenarios: Sendable {
  /// The cases, in the order of the files.
  public var cases: [Case]
  /// The same with those that cannot be read, of which each says why.
  public var all: [Case]
  /// Whether something is wrong that belongs to no case, such as a path that leads nowhere.
  public var hasOtherErrors: Bool
  /// What is wrong or worth knowing, in the order of the files and of the lines in each.
  public var diagnostics: [Diagnostic]
  /// The texts that were read, includes too: what ran is what is recorded.
  public var sources: [SourceText]
  /// The lines that `file:line` asked for, by the file of `SourceLocation.file`.
  public var requestedLines: [String: [Int]]
  /// The other files that scenarios name, pictures and certificates: the paths as the user would write them.
  public var named: [String]

  /// The same, with those that cannot be read among its cases.
  public var withBroken: LoadedScenarios {
    var loaded = self
    loaded.cases = all
    return loaded
  }

  /// Whether nothing may be run.
  public var hasErrors: Bool {
    diagnostics.contains { $0.severity == .error && $0.code != .nothingFound }
  }
  /// Whether a path held nothing to run, and nothing is wrong otherwise.
  public var isEmpty: Bool { cases.isEmpty && !hasErrors }
}
