internal import Policy
internal import Scenario

/// How a policy and its rulings look to a person.
struct PolicyText {
  /// How the lines look.
  let style: Style

  /// The rules and defaults in force.
  func table(_ policy: Policy) -> String {
    let title = policy.file.map {
      "Policy \(TerminalText.neutral($0)), \(policy.target.rawValue) target"
    }
    var lines = [style.bold(title ?? "No policy (qa-agent.policy.yaml): a model may run nothing")]
    lines += policy.rules.map { "  " + line($0) }
    lines += CommandClass.allCases.map { found in
      "  \(policy.byDefault(found).rawValue.padding(to: 6)) class \(found.rawValue.padding(to: 10)) \(style.dim(found.meaning))"
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// What a scenario permits.
  func permissions(of scenario: Scenario) -> String {
    let permissions = scenario.permissions
    let head = style.bold("Scenario \(TerminalText.neutral(scenario.location.file))")
    guard !permissions.allow.isEmpty else { return head + "\n  permits a model no commands\n" }
    let lines =
      permissions.deny.map { "  deny   \(TerminalText.neutral($0))" }
      + permissions.allow.map { "  allow  \(TerminalText.neutral($0))" }
      + (permissions.shell == true ? ["  shell  a model may write command lines"] : [])
    return ([head] + lines).map { $0 + "\n" }.joined()
  }

  /// How a command was decided, rule by rule.
  func explanation(_ ruling: Ruling, _ policy: Policy) -> String {
    var text = ""
    for segment in ruling.segments {
      text += style.bold(TerminalText.neutral(segment.segment.line)) + "\n"
      let classes = segment.classes.map(\.rawValue).joined(separator: ", ")
      text += "  class   \(classes): \(TerminalText.neutral(segment.classReason))\n"
      for (rule, fits) in segment.rules {
        text += "  \(fits ? "fits" : style.dim("-   "))    \(line(rule))\n"
      }
      text += "  \(colored(segment.decision))  \(TerminalText.neutral(segment.reason))\n"
    }
    if let command = ruling.command { text += "runs as: \(TerminalText.neutral(command.line))\n" }
    return text + "\(colored(ruling.decision)): \(TerminalText.neutral(ruling.reason))\n"
  }

  private func line(_ rule: PolicyRule) -> String {
    let accepts = rule.accepts.map(\.rawValue).joined(separator: ", ")
    return
      "\(rule.decision.rawValue.padding(to: 6)) \(rule.id)  \(TerminalText.neutral(rule.looksAt))"
      + (accepts.isEmpty ? "" : ", accepting \(accepts)")
      + style.dim("  \(TerminalText.neutral(rule.file)):\(rule.line)")
  }

  private func colored(_ decision: Decision) -> String {
    switch decision {
    case .allow: style.green("allow")
    case .ask: style.yellow("ask")
    case .deny: style.red("deny")
    }
  }
}
