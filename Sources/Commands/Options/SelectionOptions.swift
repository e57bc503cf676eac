internal import Runner

/// Which cases are meant.
///
/// Applied in this order: select, then last-failed, then shard.
struct SelectionSettings: Equatable, Sendable {
  /// Files, folders, or `file:line`.
  var paths: [String] = []
  /// A case's title must match this regular expression.
  var grep: String?
  /// A case's title must not match this one.
  var grepInvert: String?
  /// An expression over tags: `smoke and not slow`.
  var tag: String?
  /// A file with one case a line, as `list` prints them.
  var testList: String?
  /// Only what failed or did not run last time.
  var lastFailed: Bool?
  /// Only what failed or did not run in this run.
  var rerun: String?
  /// Only this part.
  var shard: Selection.Shard?
  /// How often each case is there.
  var repeatEach: Int?
}

/// Options of a command that selects cases.
protocol SelectionOptions: CommandOptions {
  /// What was said.
  var selection: SelectionSettings { get set }
}

extension SelectionOptions {
  /// The row of the paths.
  static var pathWords: [PositionalSpec<Self>] {
    [
      .word(.path("PATH"), .any, "Scenario files, folders, or FILE:LINE (default: scenarios/)") {
        $0.selection.paths.append($1)
      }
    ]
  }

  /// The rows of these flags.
  static var selectionFlags: [OptionSpec<Self>] {
    [
      .value(
        "grep", "g", aliases: ["filter"], as: .text("RE"), in: .selection,
        "Only cases whose title matches this regular expression"
      ) { $0.selection.grep = $1 },
      .value("grep-invert", "G", as: .text("RE"), in: .selection, "Only cases whose title does not")
      {
        $0.selection.grepInvert = $1
      },
      .value(
        "tag", as: .text("EXPR"), in: .selection, "Only cases with these tags: 'smoke and not slow'"
      ) {
        $0.selection.tag = $1
      },
      .flag(
        "last-failed", aliases: ["lf"], in: .selection, "Only what failed or did not run last time"
      ) { $0.selection.lastFailed = true },
      .value(
        "rerun", as: .text("RUN"), in: .selection, "Only what failed or did not run in that run"
      ) {
        $0.selection.rerun = $1
      },
      .value(
        "test-list", as: .file, in: .selection,
        "Only the cases in this file, one a line as list prints them"
      ) {
        $0.selection.testList = $1
      },
      .value(
        "shard", as: .shard, in: .selection, "Only part I of N, after everything else was selected"
      ) {
        $0.selection.shard = $1
      },
      .value("repeat-each", as: .number(1...10_000), in: .selection, "Run each case N times") {
        $0.selection.repeatEach = $1
      },
    ]
  }
}

extension SelectionSettings {
  /// Refuses what cannot stand together.
  func validate() throws(ValueError) {
    if lastFailed == true, rerun != nil {
      throw ValueError(message: "--last-failed and --rerun cannot be used together")
    }
  }
}
