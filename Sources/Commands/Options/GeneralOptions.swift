/// What can be said after most commands.
struct GeneralSettings: Equatable, Sendable {
  /// When to colour.
  var color: ColorChoice?
  /// The configuration file, instead of the one that is found.
  var configurationFile: String?
  /// The profile of the configuration.
  var profile: String?
}

/// Options of a command that reads the configuration.
protocol GeneralOptions: CommandOptions {
  /// What was said.
  var general: GeneralSettings { get set }
}

extension GeneralOptions {
  /// `--color`, for a command that reads no configuration.
  static var colorFlag: OptionSpec<Self> {
    .value("color", as: .choice("WHEN"), in: .general, "Colour the output") {
      $0.general.color = $1
    }
  }

  /// The rows of these flags.
  static var generalFlags: [OptionSpec<Self>] {
    [
      .value("config", "c", as: .file, in: .general, "Read this configuration, not qa-agent.yaml") {
        $0.general.configurationFile = $1
      },
      .value(
        "profile", "P", as: .text("NAME"), in: .general, "Use this profile of the configuration"
      ) {
        $0.general.profile = $1
      },
      colorFlag,
    ]
  }
}

/// How much a command says besides its results.
struct Verbosity: Equatable, Sendable {
  /// Only failures and the last lines.
  var isQuiet = false
  /// How often `-v` was given.
  var level = 0
}

/// Options of a command that says more or less.
protocol VerbosityOptions: CommandOptions {
  /// What was said.
  var verbosity: Verbosity { get set }
}

extension VerbosityOptions {
  /// The rows of these flags.
  static var verbosityFlags: [OptionSpec<Self>] {
    [
      .flag("quiet", "q", in: .output, "Print only failures and the last lines") {
        $0.verbosity.isQuiet = true
      },
      .flag("verbose", "v", in: .output, "Print each step; twice: each decision too") {
        $0.verbosity.level += 1
      },
    ]
  }
}
