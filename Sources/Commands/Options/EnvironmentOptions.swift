/// What can be said after `doctor`.
struct DoctorOptions: GeneralOptions {
  var general = GeneralSettings()
  var isJSON = false

  static var flags: [OptionSpec<Self>] {
    [.flag("json", in: .main, "Print JSON") { $0.isJSON = true }] + generalFlags
  }
}

/// What can be said after the commands of `models`.
struct ModelsOptions: GeneralOptions {
  var general = GeneralSettings()
  var models: [String] = []
  var isJSON = false

  static var words: [PositionalSpec<Self>] {
    [
      .word(.text("ROLE_OR_NAME"), .any, "The models that are meant (default: those configured)") {
        $0.models.append($1)
      }
    ]
  }

  static var flags: [OptionSpec<Self>] {
    [.flag("json", in: .main, "Print JSON") { $0.isJSON = true }] + generalFlags
  }
}

/// What can be said after `policy check`.
struct PolicyCheckOptions: GeneralOptions {
  var general = GeneralSettings()
  var policy: String?
  var scenario = ""

  static var words: [PositionalSpec<Self>] {
    [
      .word(.path("SCENARIO"), .one, "The scenario whose permissions are shown") {
        $0.scenario = $1
      }
    ]
  }

  static var flags: [OptionSpec<Self>] {
    [.value("policy", as: .file, in: .main, "Decide by this policy") { $0.policy = $1 }]
      + generalFlags
  }
}

/// What can be said after `policy test`.
struct PolicyTestOptions: GeneralOptions {
  var general = GeneralSettings()
  var policy: String?
  var file = ""

  static var words: [PositionalSpec<Self>] {
    [
      .word(.path("FILE"), .one, "The table of commands: allow, ask and deny, a list each") {
        $0.file = $1
      }
    ]
  }

  static var flags: [OptionSpec<Self>] {
    [.value("policy", as: .file, in: .main, "Decide by this policy") { $0.policy = $1 }]
      + generalFlags
  }
}

/// What can be said after `policy explain`.
struct PolicyExplainOptions: GeneralOptions {
  var general = GeneralSettings()
  var policy: String?
  var command: [String] = []

  static var words: [PositionalSpec<Self>] {
    [
      .word(.text("COMMAND"), .oneOrMore, "The command to decide, after --") {
        $0.command.append($1)
      }
    ]
  }

  static var flags: [OptionSpec<Self>] {
    [.value("policy", as: .file, in: .main, "Decide by this policy") { $0.policy = $1 }]
      + generalFlags
  }
}

/// What can be said after `config show`.
struct ConfigShowOptions: GeneralOptions {
  var general = GeneralSettings()
  var withOrigin = false
  var isJSON = false

  static var flags: [OptionSpec<Self>] {
    [
      .flag("origin", in: .main, "Say where each value came from") { $0.withOrigin = true },
      .flag("json", in: .main, "Print JSON") { $0.isJSON = true },
    ] + generalFlags
  }
}

/// What can be said after `schema`: nothing.
struct SchemaOptions: CommandOptions {}

/// The shells that completions are written for.
enum Shell: String, CaseIterable, Sendable {
  case bash, zsh, fish
}

/// What can be said after `completion`.
struct CompletionOptions: CommandOptions {
  var shell = Shell.bash

  static var words: [PositionalSpec<Self>] {
    [.word(.choice("SHELL"), .one, "The shell to write a script for") { $0.shell = $1 }]
  }
}
