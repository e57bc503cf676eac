extension CompletionScript {
  /// A script for zsh: a file `_qa-agent` in `fpath`, or text for `source` after `compinit`.
  var zsh: String {
    let places = nodes.map { "\"\($0.place)\"" }.joined(separator: "|")
    return """
      #compdef qa-agent
      # Completion of qa-agent for zsh, printed by `qa-agent completion zsh`.
      _qa-agent() {
        local place= index=2
        local -a commands
        while (( index < CURRENT && index <= 3 )); do
          case "$place $words[index]" in
            (\(places)) place+=" $words[index]" ;;
            (*) break ;;
          esac
          (( index++ ))
        done
        # What follows the command is what is completed.
        words=("${(@)words[index-1,-1]}")
        (( CURRENT -= index - 2 ))
        case "$place" in
          ("")
            commands=(\(top.map { zshPair($0.name, $0.help) }.joined(separator: " ")))
            _arguments -S : '(- *)'{-h,--help}'[Print what can be said]' \\
              '(- *)'{-V,--version}'[Print the version]' '1:command:{_describe command commands}' ;;
      \(nodes.map(zsh).joined(separator: "\n"))
        esac
      }
      if [[ "$funcstack[1]" == _qa-agent ]]; then
        _qa-agent "$@"
      else
        compdef _qa-agent qa-agent
      fi

      """
  }

  private func zsh(_ node: Node) -> String {
    var specs = node.flags.map(zsh)
    var text = "    (\"\(node.place)\")\n"
    if !node.names.isEmpty {
      let pairs = node.command.builtSubcommands.map { zshPair($0.name, $0.summary) }
      text += "      commands=(\(pairs.joined(separator: " ")))\n"
      specs.append("'1:command:{_describe command commands}'")
    }
    for (index, word) in node.words.enumerated() {
      let place = word.isRepeated ? "*" : "\(index + 1)"
      let action = zshAction(word.choices, word.completion)
      specs.append("'\(place):\(zshEscape(word.name)):\(action)'")
    }
    text += "      _arguments -s -S : \\\n        "
    return text + specs.joined(separator: " \\\n        ") + " ;;"
  }

  private func zsh(_ flag: OptionDescription) -> String {
    let mark = flag.valueName == nil ? "" : "="
    let help = "[\(zshEscape(flag.help))]"
    let value = flag.valueName.map {
      ":\(zshEscape($0)):\(zshAction(flag.choices, flag.completion))"
    }
    let tail = "'\(help)\(value ?? "")'"
    guard let short = flag.short else { return "--\(flag.long)\(mark)\(tail)" }
    let letterMark = flag.valueName == nil ? "" : "+"
    return "'(-\(short) --\(flag.long))'{-\(short)\(letterMark),--\(flag.long)\(mark)}\(tail)"
  }

  private func zshAction(_ choices: [String], _ completion: ValueCompletion) -> String {
    guard choices.isEmpty else { return "(\(choices.joined(separator: " ")))" }
    return switch completion {
    case .none: " "
    case .file: "_files"
    case .directory: "_files -/"
    }
  }

  private func zshPair(_ name: String, _ help: String) -> String {
    "'\(name):\(help.replacing("'", with: "'\\''"))'"
  }

  private func zshEscape(_ text: String) -> String {
    var result = ""
    for character in text {
      if "\\[]:".contains(character) { result += "\\" }
      result += character == "'" ? "'\\''" : String(character)
    }
    return result
  }
}
