/// What can be said after the commands of `runs`.
struct RunsOptions: GeneralOptions {
  var general = GeneralSettings()
  var isJSON = false
  var output: String?

  static var flags: [OptionSpec<Self>] {
    [
      .flag("json", in: .main, "Print JSON") { $0.isJSON = true },
      reportsFolder { $0.output = $1 },
    ] + generalFlags
  }
}

/// What can be said after `runs remove`.
struct NamedRunsOptions: GeneralOptions {
  var general = GeneralSettings()
  var runs: [String] = []
  var output: String?

  static var words: [PositionalSpec<Self>] {
    [.word(.text("RUN"), .oneOrMore, "The runs that are meant") { $0.runs.append($1) }]
  }

  static var flags: [OptionSpec<Self>] {
    [reportsFolder { $0.output = $1 }] + generalFlags
  }
}

/// What can be said after `runs keep`.
struct KeepOptions: GeneralOptions {
  var general = GeneralSettings()
  var runs: [String] = []
  var output: String?
  var releases = false

  static var words: [PositionalSpec<Self>] {
    [.word(.text("RUN"), .oneOrMore, "The runs that are meant") { $0.runs.append($1) }]
  }

  static var flags: [OptionSpec<Self>] {
    [
      .flag("release", in: .main, "Protect them no longer") { $0.releases = true },
      reportsFolder { $0.output = $1 },
    ] + generalFlags
  }
}

/// What can be said after `runs export`.
struct ExportOptions: GeneralOptions {
  var general = GeneralSettings()
  var run = ""
  var file: String?
  var output: String?

  static var words: [PositionalSpec<Self>] {
    [
      .word(.text("RUN"), .one, "The run") { $0.run = $1 },
      .word(.file, .optional, "The archive to write (default: the run's name)") { $0.file = $1 },
    ]
  }

  static var flags: [OptionSpec<Self>] { [reportsFolder { $0.output = $1 }] + generalFlags }
}

/// What can be said after `runs import`.
struct ImportOptions: GeneralOptions {
  var general = GeneralSettings()
  var file = ""
  var output: String?

  static var words: [PositionalSpec<Self>] {
    [.word(.file, .one, "The archive to read") { $0.file = $1 }]
  }

  static var flags: [OptionSpec<Self>] { [reportsFolder { $0.output = $1 }] + generalFlags }
}

extension GeneralOptions {
  /// `-o DIR`, where the runs are.
  fileprivate static func reportsFolder(
    set: @escaping @Sendable (inout Self, String) -> Void
  ) -> OptionSpec<Self> {
    .value(
      "output", "o", as: .directory, in: .main, "Where the runs are (default: reports/)", set: set)
  }
}
