extension CompletionScript {
  /// A script for bash 4.4 and later; it needs no other package.
  var bash: String {
    let places = nodes.map { "\"\($0.place)\"" }.joined(separator: "|")
    let top = top.map(\.name) + ["--help", "--version"]
    return """
      # Completion of qa-agent for bash, printed by `qa-agent completion bash`.
      _qa_agent_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }
      _qa_agent_paths() {
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen "$1" -- "$current")
      }
      _qa_agent() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} place= index
        COMPREPLY=()
        # Bash splits --flag=value at the equals sign.
        if [[ $current == = ]]; then
          current=
        elif [[ $previous == = && COMP_CWORD -gt 2 ]]; then
          previous=${COMP_WORDS[COMP_CWORD-2]}
        fi
        for ((index = 1; index < COMP_CWORD && index <= 2; index++)); do
          case "$place ${COMP_WORDS[index]}" in
            \(places)) place+=" ${COMP_WORDS[index]}" ;;
            *) break ;;
          esac
        done
        case "$place" in
          "") _qa_agent_words "\(top.joined(separator: " "))" ;;
      \(nodes.map(bash).joined(separator: "\n"))
        esac
      }
      complete -F _qa_agent qa-agent

      """
  }

  private func bash(_ node: Node) -> String {
    var text = "    \"\(node.place)\")\n      case \"$previous\" in\n"
    for flag in node.flags where flag.valueName != nil {
      let names = ["--\(flag.long)"] + (flag.short.map { ["-\($0)"] } ?? [])
      let reply = bashReply(flag.choices, flag.completion)
      text += "        \(names.joined(separator: "|"))) \(reply)return ;;\n"
    }
    let flags = node.flags.map { "--\($0.long)" }.joined(separator: " ")
    text +=
      "      esac\n      if [[ $current == -* ]]; then\n        _qa_agent_words \"\(flags)\"\n"
    let reply =
      node.names.isEmpty
      ? node.words.first.map { bashReply($0.choices, $0.completion) } ?? ""
      : bashReply(node.names, .none)
    if !reply.isEmpty { text += "      else\n        \(reply.dropLast(2))\n" }
    return text + "      fi ;;"
  }

  private func bashReply(_ choices: [String], _ completion: ValueCompletion) -> String {
    guard choices.isEmpty else { return "_qa_agent_words \"\(choices.joined(separator: " "))\"; " }
    return switch completion {
    case .none: ""
    case .file: "_qa_agent_paths -f; "
    case .directory: "_qa_agent_paths -d; "
    }
  }
}
