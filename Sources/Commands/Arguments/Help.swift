/// Writes help from the tables: examples first, then what can be said, in groups.
struct Help {
  /// The commands to explain.
  let tree: CommandTree
  /// How wide the lines may be.
  let width: Int
  /// How headings and names look.
  let style: Style

  /// The help of the command at a path; of the whole program when the path is empty.
  func text(for path: [String]) -> String {
    guard let command = tree.command(at: path) else { return overview }
    return command.subcommands.isEmpty ? text(for: command, path) : text(forGroup: command, path)
  }

  private var overview: String {
    var text = "qa-agent: \(tree.summary)\n\nUsage: qa-agent COMMAND [flags]\n"
    text += examples(tree.examples)
    for group in CommandGroup.allCases {
      let commands = tree.builtCommands.filter { $0.group == group }
      text += section(group.rawValue, commands.map { ($0.name, $0.summary) })
    }
    text += section(
      "More",
      [
        ("help COMMAND", "Explain a command and its flags"), ("--version, -V", "Print the version"),
      ])
    return text
  }

  private func text(forGroup command: Command, _ path: [String]) -> String {
    let name = path.joined(separator: " ")
    let isOptional = command.defaultSubcommand != nil
    var text =
      "\(command.summary)\n\nUsage: qa-agent \(name) \(isOptional ? "[COMMAND]" : "COMMAND") [flags]\n"
    text += examples(command.examples)
    let rows = command.builtSubcommands.map { below in
      (
        below.name,
        below.summary + (below.name == command.defaultSubcommand ? " (the default)" : "")
      )
    }
    return text + section("Commands", rows)
  }

  private func text(for command: Command, _ path: [String]) -> String {
    let table = command.table
    let words = table.words.map { " " + $0.usage }.joined()
    var text =
      "\(command.summary)\n\nUsage: qa-agent \(path.joined(separator: " ")) [flags]\(words)\n"
    text += examples(command.examples)
    text += section("What it reads", table.words.map { ($0.name, $0.help) })
    for category in OptionCategory.allCases {
      let flags = table.flags.filter { $0.category == category && $0.isBuilt }
      var rows = flags.map { ($0.usage, $0.help) }
      if category == .general { rows.append(("-h, --help", "Print this text")) }
      text += section(category.rawValue, rows)
    }
    return text
  }

  private func examples(_ examples: [Example]) -> String {
    section("Examples", examples.map { ("qa-agent \($0.words)", $0.meaning) }, limit: 60)
  }

  private func section(
    _ title: String, _ rows: [(name: String, help: String)], limit: Int = 34
  ) -> String {
    guard !rows.isEmpty else { return "" }
    let longest = rows.map { TerminalText.width($0.name) }.max() ?? 0
    // Where a name is too long its text goes below it, and no column is kept for it.
    let column = longest <= limit ? longest + 4 : min(limit, 34) + 4
    var text = "\n" + style.bold(title + ":") + "\n"
    for row in rows {
      let name = "  " + row.name
      let padding = column - TerminalText.width(name)
      text += "  " + style.cyan(row.name)
      text +=
        padding >= 2
        ? String(repeating: " ", count: padding) : "\n" + String(repeating: " ", count: column)
      text += TerminalText.wrap(row.help, width: max(width - column, 30))
        .joined(separator: "\n" + String(repeating: " ", count: column))
      text += "\n"
    }
    return text
  }
}

extension OptionDescription {
  /// The flag as help shows it: `-j, --workers N`.
  var usage: String {
    let letter = short.map { "-\($0), " } ?? "    "
    guard let valueName else { return "\(letter)--\(long)" }
    let value =
      choices.isEmpty || choices.joined().count > 20 ? valueName : choices.joined(separator: "|")
    return "\(letter)--\(long) \(value)"
  }
}

extension CommandTree {
  /// The help of a command, as it looks on a stream.
  func help(for path: [String], on stream: TextStream, width: Int) -> String {
    Help(tree: self, width: min(width, 100), style: stream.style).text(for: path)
  }
}
