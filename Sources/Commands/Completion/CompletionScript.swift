/// Writes completion scripts from the tables; only what this version can do is offered.
struct CompletionScript {
  /// A command with its place in the tree.
  struct Node {
    let path: [String]
    let command: Command

    /// The subcommands' names.
    var names: [String] { command.builtSubcommands.map(\.name) }

    /// The place as the scripts compare it: ` models pull`.
    var place: String { path.map { " " + $0 }.joined() }

    /// What reads the words at this place: the command, or the subcommand that is meant when none is named.
    var reader: Command {
      command.subcommands.first { $0.name == command.defaultSubcommand && $0.isBuilt } ?? command
    }

    /// The flags that are offered.
    var flags: [OptionDescription] {
      reader.table.flags.filter(\.isBuilt)
        + [
          .init(long: "help", short: "h", category: .general, help: "Print what can be said")
        ]
    }

    /// The words that are offered.
    var words: [PositionalDescription] { command.subcommands.isEmpty ? command.table.words : [] }
  }

  /// The commands that are offered.
  let tree: CommandTree

  /// The script for a shell.
  func text(for shell: Shell) -> String {
    switch shell {
    case .bash: bash
    case .zsh: zsh
    case .fish: fish
    }
  }

  /// What is offered where no command stands yet.
  var top: [(name: String, help: String)] {
    tree.builtCommands.map { ($0.name, $0.summary) } + [("help", "Explain a command")]
  }

  /// Every command of this version, each before those below it.
  var nodes: [Node] {
    func below(_ commands: [Command], _ path: [String]) -> [Node] {
      commands.filter(\.isBuilt).flatMap { command in
        [Node(path: path + [command.name], command: command)]
          + below(command.subcommands, path + [command.name])
      }
    }
    return below(tree.commands, [])
  }
}
