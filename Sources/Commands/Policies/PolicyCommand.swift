internal import Diagnostics
internal import Policy
internal import PolicyFiles
internal import Scenario
internal import ScenarioFiles

/// `qa-agent policy`: what may run on hosts, and why.
enum PolicyCommand {
  /// `policy check`: the permissions of a scenario.
  @Sendable
  static func check(
    _ options: PolicyCheckOptions, _ context: CommandContext
  ) async throws -> ExitCode {
    let sources = ScenarioSources.load(
      paths: [options.scenario], definitions: [:], general: options.general,
      policy: options.policy, context)
    guard !sources.hasErrors else {
      let errors = DiagnosticText(style: context.output.messages.style)
      context.output.messages.write(errors.lines(sources.diagnostics))
      return .usage
    }
    var scenarios: [Scenario] = []
    for scenario in sources.scenarios.cases.map(\.scenario)
    where !scenarios.contains(where: { $0.location == scenario.location }) {
      scenarios.append(scenario)
    }
    guard !scenarios.isEmpty else { return .nothingMatched }
    let text = PolicyText(style: context.output.results.style)
    context.output.results.write(text.table(sources.policy))
    for scenario in scenarios {
      context.output.results.write(text.permissions(of: scenario))
    }
    return .success
  }

  /// `policy explain`: how one command is decided.
  @Sendable
  static func explain(
    _ options: PolicyExplainOptions, _ context: CommandContext
  ) async throws -> ExitCode {
    guard let policy = PolicySource.load(options.policy, options.general, context) else {
      return .usage
    }
    // One word is a text as a model may write it; several are a program and its arguments.
    let ruling =
      options.command.count == 1
      ? policy.ruling(forText: options.command[0]) : policy.ruling(forWords: options.command)
    let text = PolicyText(style: context.output.results.style)
    context.output.results.write(text.explanation(ruling, policy))
    return .success
  }

  /// `policy test`: a table of commands and what is to become of them.
  @Sendable
  static func test(
    _ options: PolicyTestOptions, _ context: CommandContext
  ) async throws -> ExitCode {
    guard let policy = PolicySource.load(options.policy, options.general, context) else {
      return .usage
    }
    let table: PolicyTable
    do throws(Diagnostic) {
      table = try PolicyTable(try SourceText.read(options.file))
    } catch {
      let errors = DiagnosticText(style: context.output.messages.style)
      context.output.messages.write(errors.lines([error]))
      return .usage
    }
    let style = context.output.results.style
    var wrong = 0
    for row in table.rows {
      let ruling = row.ruling(by: policy)
      guard ruling.decision != row.decision else { continue }
      wrong += 1
      context.output.results.write(
        style.red(
          "\(TerminalText.neutral(table.file)):\(row.line): \(TerminalText.neutral(row.text))")
          + "\n"
          + "  is \(ruling.decision.rawValue), not \(row.decision.rawValue): \(TerminalText.neutral(ruling.reason))\n"
      )
    }
    let count = DiagnosticText.plural(table.rows.count, "command")
    context.output.results.write(
      style.bold(
        wrong == 0 ? "\(count) decided as written" : "\(wrong) of \(count) decided otherwise")
        + "\n")
    return wrong == 0 ? .success : .failed
  }
}
