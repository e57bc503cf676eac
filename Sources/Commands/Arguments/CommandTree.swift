internal import Diagnostics

/// What the words of a command line ask for.
enum Request: Sendable {
  /// Run a command.
  case run(Invocation)
  /// Explain a command, or the whole program when the path is empty.
  case help(path: [String])
  /// Say the version.
  case version
}

/// All commands of a program.
struct CommandTree: Sendable {
  /// One line about the program.
  let summary: String
  /// How it is used, first thing in help.
  let examples: [Example]
  /// The commands, in the order of help.
  let commands: [Command]

  /// The commands of this version.
  var builtCommands: [Command] { commands.filter(\.isBuilt) }

  /// Reads the words after the program's name.
  func request(_ words: [String]) throws(UsageError) -> Request {
    guard let first = words.first else { throw UsageError(message: "a command is missing") }
    switch first {
    case "--help", "-h": return .help(path: [])
    case "--version", "-V": return .version
    case "help": return .help(path: try helpPath(words.dropFirst()))
    default: break
    }
    guard !first.hasPrefix("-") else {
      throw UsageError(message: "\(first) stands before the command; flags come after it")
    }
    return try request(for: words[...])
  }

  /// The command at a path.
  func command(at path: [String]) -> Command? {
    guard let first = path.first else { return nil }
    return path.dropFirst().reduce(commands.first { $0.name == first }) { command, name in
      command?.subcommands.first { $0.name == name }
    }
  }

  private func request(for words: ArraySlice<String>) throws(UsageError) -> Request {
    var rest = words
    var path: [String] = []
    var command = try take(from: &rest, &path, among: commands)
    while !command.subcommands.isEmpty, let next = rest.first, !next.hasPrefix("-") {
      command = try take(from: &rest, &path, among: command.subcommands)
    }
    if command.isBuilt,
      rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" })
    {
      return .help(path: path)
    }
    if !command.subcommands.isEmpty {
      guard let name = command.defaultSubcommand,
        let below = command.subcommands.first(where: { $0.name == name })
      else {
        let names = command.builtSubcommands.map(\.name).joined(separator: ", ")
        throw UsageError(message: "one of these is missing: \(names)", path: path)
      }
      path.append(name)
      command = below
    }
    return .run(try command.invocation(rest, path: path))
  }

  private func take(
    from words: inout ArraySlice<String>, _ path: inout [String], among commands: [Command]
  ) throws(UsageError) -> Command {
    let name = words.popFirst() ?? ""
    guard let command = commands.first(where: { $0.name == name }) else {
      let names = commands.filter(\.isBuilt).map(\.name)
      let guess = Suggestion.closest(to: name, among: names).map { "; did you mean '\($0)'?" }
      throw UsageError(message: "unknown command '\(name)'" + (guess ?? ""), path: path)
    }
    guard command.isBuilt else {
      let full = (path + [name]).joined(separator: " ")
      throw UsageError(message: "'\(full)' is not in this version (\(Program.version))")
    }
    path.append(name)
    return command
  }

  private func helpPath(_ words: ArraySlice<String>) throws(UsageError) -> [String] {
    var rest = words.filter { !$0.hasPrefix("-") }[...]
    var path: [String] = []
    var level = commands
    while !rest.isEmpty, !level.isEmpty {
      level = try take(from: &rest, &path, among: level).subcommands
    }
    guard rest.isEmpty else {
      throw UsageError(message: "'\(rest[rest.startIndex])' is no command", path: path)
    }
    return path
  }
}
