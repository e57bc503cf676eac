internal import Runner

/// How a run is told.
enum ReporterChoice: String, CaseIterable, Sendable {
  case list, line, dots, github, json, none
}

extension ValueKind<[ReporterChoice]> {
  /// One reporter, or several joined with commas.
  static let reporters = Self(
    name: "NAME", choices: ReporterChoice.allCases.map(\.rawValue)
  ) { text throws(ValueError) in
    var reporters: [ReporterChoice] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      let reporter = try ValueKind<ReporterChoice>.choice("NAME").parse(String(name))
      if !reporters.contains(reporter) { reporters.append(reporter) }
    }
    return reporters
  }
}

/// What can be said after `run`.
struct RunOptions: GeneralOptions, SelectionOptions, VerbosityOptions {
  var general = GeneralSettings()
  var selection = SelectionSettings()
  var verbosity = Verbosity()

  var workers: Int?
  var retries: Int?
  var timeout: Duration?
  var globalTimeout: Duration?
  var maxFailures: Int?
  var updateBaselines: Bool?
  var debug: Bool?
  var debugOnFailure: Bool?
  var interactive: Bool?
  var dryRun: Bool?
  var list: Bool?

  var failOnFlaky: Bool?
  var failOnHealed: Bool?
  var strict: Bool?
  var passWithNoTests: Bool?

  var target: String?
  var model: String?
  var noModel: Bool?
  var maxModelCalls: Int?
  var variables: [Definition] = []

  var record: RecordPolicy?
  var reporters: [ReporterChoice]?
  var junit: String?
  var html: String?
  var ctrf: String?
  var output: String?

  static var words: [PositionalSpec<Self>] { pathWords }

  static var flags: [OptionSpec<Self>] {
    selectionFlags + executionFlags + outcomeFlags + targetFlags + outputFlags + verbosityFlags
      + generalFlags
  }

  func validate() throws(ValueError) {
    try selection.validate()
    if noModel == true, model != nil {
      throw ValueError(message: "--model and --no-model cannot be used together")
    }
    if verbosity.isQuiet, verbosity.level > 0 {
      throw ValueError(message: "-q and -v cannot be used together")
    }
    if let reporters, reporters.count > 1,
      let alone = reporters.first(where: { $0 == .none || $0 == .json })
    {
      throw ValueError(message: "--reporter \(alone.rawValue) stands alone")
    }
  }

  private static var executionFlags: [OptionSpec<Self>] {
    [
      .value("workers", "j", as: .number(1...256), in: .execution, "Run N cases at once") {
        $0.workers = $1
      },
      .value("retries", as: .number(0...100), in: .execution, "Try a failed case N more times") {
        $0.retries = $1
      },
      .value("timeout", as: .duration, in: .execution, "End a case after this time: 10m") {
        $0.timeout = $1
      },
      .value("global-timeout", as: .duration, in: .execution, "End the whole run after this time") {
        $0.globalTimeout = $1
      },
      .flag("fail-fast", "x", aliases: ["exitfirst"], in: .execution, "Stop at the first failure") {
        $0.maxFailures = 1
      },
      .value(
        "max-failures", aliases: ["bail"], as: .number(1...1_000_000), in: .execution,
        "Stop after N failures"
      ) {
        $0.maxFailures = $1
      },
      .flag(
        "update-baselines", "u", aliases: ["update-snapshots"], in: .execution,
        "Write the baselines of unchanged checks instead of comparing"
      ) { $0.updateBaselines = true },
      .flag("debug", in: .execution, "Hold before the first step, and take commands") {
        $0.debug = true
      },
      .flag(
        "debug-on-failure", in: .execution, "Hold where a step is about to fail, and take commands"
      ) { $0.debugOnFailure = true },
      .flag(
        "interactive", in: .execution, "Ask at the terminal what the policy leaves to a person"
      ) { $0.interactive = true },
      .flag("dry-run", in: .execution, "Check and plan everything, act on nothing") {
        $0.dryRun = true
      },
      .flag("list", in: .execution, "Print what would run, and run nothing") { $0.list = true },
    ]
  }

  private static var outcomeFlags: [OptionSpec<Self>] {
    [
      .flag("strict", in: .outcome, "Nothing checked, or something missing, is a failure") {
        $0.strict = true
      },
      .flag("fail-on-flaky", in: .outcome, "A pass on a retry is a failure") {
        $0.failOnFlaky = true
      },
      .flag(
        "fail-on-healed", in: .outcome, "A pass on another way than the stored one is a failure"
      ) {
        $0.failOnHealed = true
      }.planned,
      .flag("pass-with-no-tests", in: .outcome, "It is fine when nothing matched") {
        $0.passWithNoTests = true
      },
    ]
  }

  private static var targetFlags: [OptionSpec<Self>] {
    [
      .value("target", as: .text("vnc://HOST"), in: .target, "Drive this VNC server") {
        $0.target = $1
      },
      .value("model", as: .text("ROLE_OR_NAME"), in: .target, "Ask this model") { $0.model = $1 },
      .flag("no-model", in: .target, "Local engine only: nothing leaves the machine") {
        $0.noModel = true
      },
      .value(
        "max-model-calls", as: .number(0...1_000_000), in: .target,
        "Ask the model at most N times a case"
      ) {
        $0.maxModelCalls = $1
      },
      .value("define", "D", as: .definition, in: .target, "Set a variable of the scenarios") {
        $0.variables.append($1)
      },
    ]
  }

  private static var outputFlags: [OptionSpec<Self>] {
    [
      .value(
        "output", "o", as: .directory, in: .output,
        "Write runs here (default: reports/)"
      ) {
        $0.output = $1
      },
      .value(
        "reporter", as: .reporters, in: .output, "How the run is told; several joined with commas"
      ) {
        $0.reporters = $1
      },
      .value("record", as: .choice("WHEN"), in: .output, "When to keep the recording (default: on)")
      {
        $0.record = $1
      },
      .value("junit", as: .file, in: .output, "Write JUnit XML here too") { $0.junit = $1 },
      .value("html", as: .directory, in: .output, "Write the HTML report here too") {
        $0.html = $1
      },
      .value("ctrf", as: .file, in: .output, "Write CTRF JSON here") { $0.ctrf = $1 }.planned,
    ]
  }
}
