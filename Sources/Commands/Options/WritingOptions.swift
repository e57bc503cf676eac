/// What can be said after `check`.
struct CheckOptions: GeneralOptions {
  var general = GeneralSettings()
  var paths: [String] = []
  var isJSON = false

  static var words: [PositionalSpec<Self>] {
    [
      .word(.path("PATH"), .any, "Scenario files or folders (default: scenarios/)") {
        $0.paths.append($1)
      }
    ]
  }

  static var flags: [OptionSpec<Self>] {
    [.flag("json", in: .main, "Print JSON") { $0.isJSON = true }] + generalFlags
  }
}

/// What can be said after `list`.
struct ListOptions: GeneralOptions, SelectionOptions {
  var general = GeneralSettings()
  var selection = SelectionSettings()
  var isJSON = false

  static var words: [PositionalSpec<Self>] { pathWords }

  static var flags: [OptionSpec<Self>] {
    [.flag("json", in: .main, "Print JSON") { $0.isJSON = true }] + selectionFlags + generalFlags
  }

  func validate() throws(ValueError) { try selection.validate() }
}

/// What can be said after `debug`.
struct DebugOptions: GeneralOptions {
  var general = GeneralSettings()
  var scenario = ""
  var isJSON: Bool?
  var target: String?
  var model: String?
  var noModel: Bool?
  var variables: [Definition] = []

  static var words: [PositionalSpec<Self>] {
    [
      .word(.path("SCENARIO[:LINE]"), .one, "The scenario; with a line, run up to that step first")
      {
        $0.scenario = $1
      }
    ]
  }

  static var flags: [OptionSpec<Self>] {
    [
      .value("target", as: .text("vnc://HOST"), in: .main, "Drive this VNC server") {
        $0.target = $1
      },
      .value("model", as: .text("ROLE_OR_NAME"), in: .main, "Ask this model") { $0.model = $1 },
      .flag("no-model", in: .main, "Local engine only: nothing leaves the machine") {
        $0.noModel = true
      },
      .value("define", "D", as: .definition, in: .main, "Set a variable of the scenario") {
        $0.variables.append($1)
      },
      .flag("json", in: .main, "Answer in lines of JSON, for a program") { $0.isJSON = true },
    ] + generalFlags
  }

  func validate() throws(ValueError) {
    guard noModel == true, model != nil else { return }
    throw ValueError(message: "--model and --no-model cannot be used together")
  }
}

/// What can be said after `record`.
struct RecordOptions: GeneralOptions {
  var general = GeneralSettings()
  var target = ""
  var file = ""
  var port: Int?

  static var flags: [OptionSpec<Self>] {
    [
      .value(
        "target", as: .text("vnc://HOST"), in: .main, "The VNC server to pass through (required)"
      ) {
        $0.target = $1
      },
      .value("output", "o", as: .file, in: .main, "The scenario file to write (required)") {
        $0.file = $1
      },
      .value("port", as: .number(1...65535), in: .main, "Listen here for the tester's viewer") {
        $0.port = $1
      },
    ] + generalFlags
  }

  func validate() throws(ValueError) {
    guard !target.isEmpty else { throw ValueError(message: "--target vnc://HOST is missing") }
    guard !file.isEmpty else { throw ValueError(message: "--output FILE is missing") }
  }
}
