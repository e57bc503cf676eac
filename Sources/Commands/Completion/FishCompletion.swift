extension CompletionScript {
  /// A script for fish 3 and later.
  var fish: String {
    var text = """
      # Completion of qa-agent for fish, printed by `qa-agent completion fish`.
      function __qa_agent_at
        set -l words (commandline -opc)
        set -l place ""
        for word in $words[2..3]
          contains -- "$place $word" \(nodes.map { "\"\($0.place)\"" }.joined(separator: " ")); or break
          set place "$place $word"
        end
        test "$place" = "$argv[1]"
      end
      complete -c qa-agent -f

      """
    for command in top { text += fishLine("", "-a \(command.name)", command.help) }
    text += fishLine("", "-l help -s h", "Print what can be said")
    text += fishLine("", "-l version -s V", "Print the version")
    return text + nodes.map(fish).joined()
  }

  private func fish(_ node: Node) -> String {
    var text = ""
    for command in node.command.builtSubcommands {
      text += fishLine(node.place, "-a \(command.name)", command.summary)
    }
    if let word = node.words.first {
      let arguments = fishArguments(word.choices, word.completion, forced: "")
      if !arguments.isEmpty { text += fishLine(node.place, arguments, word.name) }
    }
    for flag in node.flags {
      var parts = ["-l \(flag.long)"]
      if let short = flag.short { parts.append("-s \(short)") }
      if flag.valueName != nil {
        parts.append(fishArguments(flag.choices, flag.completion, forced: "-x"))
      }
      text += fishLine(node.place, parts.joined(separator: " "), flag.help)
    }
    return text
  }

  /// What fish offers for a value; `forced` is what it needs to know where nothing is offered.
  private func fishArguments(
    _ choices: [String], _ completion: ValueCompletion, forced: String
  ) -> String {
    guard choices.isEmpty else {
      return (forced.isEmpty ? "" : forced + " ") + "-a '\(choices.joined(separator: " "))'"
    }
    return switch completion {
    case .none: forced
    case .file: forced.isEmpty ? "-F" : "-r -F"
    case .directory: (forced.isEmpty ? "" : forced + " ") + "-a '(__fish_complete_directories)'"
    }
  }

  private func fishLine(_ place: String, _ arguments: String, _ help: String) -> String {
    let quoted = help.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
    return "complete -c qa-agent -n '__qa_agent_at \"\(place)\"' \(arguments) -d '\(quoted)'\n"
  }
}
