public import Scenario

/// What a run is about to do: a line of the journal before its first case.
///
/// A run of very many cases is planned in several lines, each with some of them.
public struct RunPlan: Hashable, Codable, Sendable {
  /// Every case that was selected, in the order in which they are taken.
  public var cases: [PlannedCase]
  /// What decides in all of them.
  public var settings: RunSettings
  /// The files that were read for them: scenarios, what they include, pictures, the configuration.
  public var files: [FileDigest]

  /// A plan.
  public init(cases: [PlannedCase], settings: RunSettings, files: [FileDigest]) {
    self.cases = cases
    self.settings = settings
    self.files = files
  }

  /// The same in parts of at most `count` cases and files each; at least one.
  public func parts(of count: Int) -> [RunPlan] {
    let size = max(1, count)
    let number = max(1, (max(cases.count, files.count) + size - 1) / size)
    return (0..<number).map { part in
      RunPlan(
        cases: Array(cases.dropFirst(part * size).prefix(size)), settings: settings,
        files: Array(files.dropFirst(part * size).prefix(size)))
    }
  }
}

/// A case that was selected.
public struct PlannedCase: Hashable, Codable, Sendable {
  /// The stable id.
  public var id: String
  /// The name.
  public var name: String
  /// Where it stands.
  public var location: SourceLocation
  /// Attempts that may follow the first.
  public var retries: Int
  /// The SHA-256 of the plan of its first attempt, secrets as names: another one is another case.
  public var digest: String

  /// A selected case.
  public init(
    id: String, name: String, location: SourceLocation, retries: Int, digest: String
  ) {
    self.id = id
    self.name = name
    self.location = location
    self.retries = retries
    self.digest = digest
  }
}

/// A file that was read.
public struct FileDigest: Hashable, Codable, Sendable {
  /// Its path, as the user would write it.
  public var file: String
  /// The SHA-256 of its bytes, secrets as names.
  public var digest: String

  /// A file.
  public init(file: String, digest: String) {
    self.file = file
    self.digest = digest
  }
}

/// The settings in force that decide, whoever set them; never a secret.
public struct RunSettings: Hashable, Codable, Sendable {
  /// A model, as its role is played.
  public struct Model: Hashable, Codable, Sendable {
    /// The role.
    public var role: String
    /// The model and its endpoint.
    public var name: String
    /// How much chance there is in its answers; 0 is none.
    public var temperature: Double
    /// The most tokens of an answer.
    public var maximumTokens: Int
    /// The context in tokens.
    public var context: Int
    /// The roles that stand in for it.
    public var fallback: [String]

    /// A model in its role.
    public init(
      role: String, name: String, temperature: Double, maximumTokens: Int, context: Int,
      fallback: [String]
    ) {
      self.role = role
      self.name = name
      self.temperature = temperature
      self.maximumTokens = maximumTokens
      self.context = context
      self.fallback = fallback
    }
  }

  /// Whether unchecked passes fail and missing requirements are errors.
  public var isStrict: Bool
  /// Whether a flaky case counts as a failure.
  public var failsOnFlaky: Bool
  /// After how many cases that did not pass the run stops; nil is never.
  public var maximumFailures: Int?
  /// How long a check, or the search for a target, is given where a step says nothing.
  public var patience: Duration
  /// How many cases run at once.
  public var workers: Int
  /// The limit of the whole run; nil is none.
  public var globalTimeout: Duration?
  /// The most model calls of each attempt, over the scenarios' own; nil is as they say.
  public var maximumModelCalls: Int?
  /// Which recordings are kept: `on`, `retain-on-failure` or `off`.
  public var record: String
  /// Whether fields are read after something was typed into them.
  public var readsBack: Bool
  /// Whether it is proved that a text arrives in its field.
  public var provesTyping: Bool
  /// By which rules the machine decides.
  public var rules: SessionPlan.Rules
  /// The models by role; none where a run has none.
  public var models: [Model]

  /// Settings.
  public init(
    isStrict: Bool = false, failsOnFlaky: Bool = false, maximumFailures: Int? = nil,
    patience: Duration = .seconds(10), workers: Int = 1, globalTimeout: Duration? = nil,
    maximumModelCalls: Int? = nil, record: String = "on", readsBack: Bool = true,
    provesTyping: Bool = true, rules: SessionPlan.Rules = .current, models: [Model] = []
  ) {
    self.isStrict = isStrict
    self.failsOnFlaky = failsOnFlaky
    self.maximumFailures = maximumFailures
    self.patience = patience
    self.workers = workers
    self.globalTimeout = globalTimeout
    self.maximumModelCalls = maximumModelCalls
    self.record = record
    self.readsBack = readsBack
    self.provesTyping = provesTyping
    self.rules = rules
    self.models = models
  }
}
