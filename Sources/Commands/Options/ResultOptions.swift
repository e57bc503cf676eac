/// What can be said after `resume`.
struct ResumeOptions: GeneralOptions, VerbosityOptions {
  var general = GeneralSettings()
  var verbosity = Verbosity()
  var run = ""
  var isAnyway = false
  var workers: Int?
  var reporters: [ReporterChoice]?

  static var words: [PositionalSpec<Self>] {
    [.word(.path("RUN"), .one, "The interrupted run: its folder, or 'latest'") { $0.run = $1 }]
  }

  static var flags: [OptionSpec<Self>] {
    [
      .flag("anyway", in: .main, "Go on although files or settings changed since it began") {
        $0.isAnyway = true
      },
      .value("workers", "j", as: .number(1...256), in: .main, "Run N cases at once") {
        $0.workers = $1
      },
      .value(
        "reporter", as: .reporters, in: .output, "How the run is told; several joined with commas"
      ) {
        $0.reporters = $1
      },
    ] + verbosityFlags + generalFlags
  }
}

/// What can be said after `replay`.
struct ReplayOptions: GeneralOptions {
  /// What is done with a recording.
  enum Mode: String, Sendable {
    case show, decide, live
  }

  var general = GeneralSettings()
  var recording = ""
  /// What to do; nil where nothing was said.
  var mode: Mode?
  /// Two of the modes that were given, if they differ.
  var clash: String?
  var speed: Double?
  var target: String?

  static var words: [PositionalSpec<Self>] {
    [
      .word(.path("RECORDING"), .one, "A run's folder or its recording folder") {
        $0.recording = $1
      }
    ]
  }

  static var flags: [OptionSpec<Self>] {
    [
      .flag("show", in: .main, "Walk through what happened") { $0.choose(.show) }.planned,
      .flag("decide", in: .main, "Decide again from the recorded inputs; report what differs") {
        $0.choose(.decide)
      },
      .flag("live", in: .main, "Do the recorded actions again on a live target") {
        $0.choose(.live)
      }.planned,
      .value("speed", as: .speed, in: .main, "With --show: how fast time goes by") {
        $0.speed = $1
      }.planned,
      .value("target", as: .text("vnc://HOST"), in: .main, "With --live: the VNC server to act on")
      {
        $0.target = $1
      }.planned,
    ] + generalFlags
  }

  private mutating func choose(_ mode: Mode) {
    if let before = self.mode, before != mode {
      clash = "--\(before.rawValue) and --\(mode.rawValue)"
    }
    self.mode = mode
  }

  func validate() throws(ValueError) {
    if let clash { throw ValueError(message: "\(clash) cannot be used together") }
    if speed != nil, mode != nil, mode != .show {
      throw ValueError(message: "--speed is for --show")
    }
    if target != nil, mode != .live { throw ValueError(message: "--target is for --live") }
  }
}

/// What can be said after `show`.
struct ShowOptions: GeneralOptions {
  var general = GeneralSettings()
  var place = ""
  var isJSON = false
  var withContent = false
  var showsAudit = false
  var onlyVerifies = false

  static var words: [PositionalSpec<Self>] {
    [
      .word(.path("RUN[/CASE[/STEP]]"), .one, "What to show; 'latest' is the last run") {
        $0.place = $1
      }
    ]
  }

  static var flags: [OptionSpec<Self>] {
    [
      .flag("json", in: .main, "Print JSON") { $0.isJSON = true },
      .flag("content", in: .main, "With text from screens and models, which nobody vouches for") {
        $0.withContent = true
      },
      .flag("audit", in: .main, "The log of commands on hosts, proved to be as it was written") {
        $0.showsAudit = true
      },
      .flag("verify", in: .main, "With --audit: only say whether it is as it was written") {
        $0.onlyVerifies = true
      },
    ] + generalFlags
  }

  func validate() throws(ValueError) {
    if onlyVerifies, !showsAudit { throw ValueError(message: "--verify is for --audit") }
    if showsAudit, withContent { throw ValueError(message: "--audit has no content to leave out") }
  }
}

/// What can be said after `report`.
struct ReportOptions: GeneralOptions {
  var general = GeneralSettings()
  var runs: [String] = []
  var output: String?
  var junit: String?
  var html: String?
  var ctrf: String?

  static var words: [PositionalSpec<Self>] {
    [.word(.path("RUN"), .oneOrMore, "Runs or shards; several are merged") { $0.runs.append($1) }]
  }

  static var flags: [OptionSpec<Self>] {
    [
      .value("output", "o", as: .directory, in: .main, "Write the reports here") { $0.output = $1 },
      .value("junit", as: .file, in: .main, "Write JUnit XML here too") { $0.junit = $1 },
      .value("html", as: .directory, in: .main, "Write the HTML report here too") { $0.html = $1 },
      .value("ctrf", as: .file, in: .main, "Write CTRF JSON here") { $0.ctrf = $1 }.planned,
      colorFlag,
    ]
  }
}
