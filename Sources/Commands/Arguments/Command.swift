/// What a command is for, and where the list of commands shows it.
enum CommandGroup: String, CaseIterable, Sendable {
  case running = "Run scenarios"
  case results = "Look at results"
  case writing = "Write scenarios"
  case environment = "This machine and its settings"
}

/// A line that shows how a command is used.
struct Example: Equatable, Sendable {
  /// What a person types, without `qa-agent`.
  let words: String
  /// What it does.
  let meaning: String

  /// An example: what is typed, and what it does.
  init(_ words: String, _ meaning: String) {
    self.words = words
    self.meaning = meaning
  }
}

/// A command that is ready to run, with what the person said about output.
struct Invocation: Sendable {
  /// The words that led here: `["models", "pull"]`.
  let path: [String]
  /// When to colour; nil where nothing was said.
  let color: ColorChoice?
  /// Whether the work ends in a verdict, which a failure to print must not change.
  let isVerdict: Bool
  /// Does the work.
  let run: @Sendable (CommandContext) async throws -> ExitCode
}

/// A command: its name, what help says about it, and either subcommands or options with a way to run.
///
/// A command without a way to run is not listed and answers that it is not in this version.
struct Command: Sendable {
  /// What a command without subcommands reads and shows.
  ///
  /// Made when asked for, to start quickly.
  struct Table: Sendable {
    let flags: [OptionDescription]
    let words: [PositionalDescription]
  }

  let name: String
  /// One line, without a full stop.
  let summary: String
  let group: CommandGroup
  let examples: [Example]
  /// The commands below this one; empty for one that does something itself.
  let subcommands: [Command]
  /// The subcommand that is meant when none is named.
  let defaultSubcommand: String?

  private let makeTable: @Sendable () -> Table
  private let prepare: (@Sendable (ArraySlice<String>, [String]) throws(UsageError) -> Invocation)?
  private let checkWords: @Sendable (ArraySlice<String>) throws(UsageError) -> Void

  /// A command with options; without `run` it is not in this version.
  init<Options: CommandOptions>(
    _ name: String, _ summary: String, group: CommandGroup, examples: [Example] = [],
    options: Options.Type,
    run: (@Sendable (Options, CommandContext) async throws -> ExitCode)?
  ) {
    self.name = name
    self.summary = summary
    self.group = group
    self.examples = examples
    subcommands = []
    defaultSubcommand = nil
    makeTable = {
      Table(flags: Options.flags.map(\.description), words: Options.words.map(\.description))
    }
    checkWords = { words throws(UsageError) in
      _ = try OptionParser<Options>.parse(words, path: [name])
    }
    guard let run else {
      prepare = nil
      return
    }
    prepare = { words, path throws(UsageError) in
      let options = try OptionParser<Options>.parse(words, path: path)
      return Invocation(
        path: path, color: (options as? any GeneralOptions)?.general.color,
        isVerdict: group == .running
      ) { try await run(options, $0) }
    }
  }

  /// A command that only has others below it.
  init(
    _ name: String, _ summary: String, group: CommandGroup, examples: [Example] = [],
    default defaultSubcommand: String? = nil, subcommands: [Command]
  ) {
    self.name = name
    self.summary = summary
    self.group = group
    self.examples = examples
    self.subcommands = subcommands
    self.defaultSubcommand = defaultSubcommand
    makeTable = { Table(flags: [], words: []) }
    checkWords = { _ in }
    prepare = nil
  }

  /// The flags and words that it reads.
  var table: Table { makeTable() }

  /// Whether this version can run it, or one below it.
  var isBuilt: Bool { prepare != nil || subcommands.contains(where: \.isBuilt) }

  /// The subcommands of this version.
  var builtSubcommands: [Command] { subcommands.filter(\.isBuilt) }

  /// Reads words as `invocation` does, also for a command that is not in this version.
  func check(_ words: [String]) throws(UsageError) { try checkWords(words[...]) }

  /// Reads the words after the command's name.
  func invocation(_ words: ArraySlice<String>, path: [String]) throws(UsageError) -> Invocation {
    guard let prepare else {
      throw UsageError(
        message: "'\(path.joined(separator: " "))' is not in this version (\(Program.version))")
    }
    return try prepare(words, path)
  }
}
