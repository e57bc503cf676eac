internal import Configuration
internal import Runner
internal import Session

/// `qa-agent replay RUN --decide`: feeds what was recorded to today's machine and compares every decision.
enum ReplayCommand {
  static func run(_ options: ReplayOptions, _ context: CommandContext) async throws -> ExitCode {
    guard options.mode == .decide else {
      throw CommandError(
        message: "this version replays with --decide only: it decides again from what was recorded")
    }
    let (configuration, _) = ScenarioSources.configuration(options.general, context)
    let (attempts, warnings): ([RunReplay.Attempt], [String])
    do {
      (attempts, warnings) = try RunReplay.decide(
        options.recording, in: configuration.output.value)
    } catch {
      throw CommandError(message: "\(error)")
    }
    for warning in warnings { context.output.messages.write("warning: \(warning)\n") }
    var different = 0
    for attempt in attempts {
      context.output.results.write(TerminalText.neutral(line(attempt)) + "\n")
      if attempt.result == nil || attempt.result?.difference != nil { different += 1 }
    }
    let decisions = attempts.compactMap(\.result?.decisions).reduce(0, +)
    context.output.results.write(
      "\(DiagnosticText.plural(attempts.count, "attempt")), \(decisions) decisions: "
        + (different == 0 ? "all as recorded\n" : "\(different) attempts differ\n"))
    if attempts.isEmpty { return .nothingMatched }
    return different == 0 ? .success : .failed
  }

  private static func line(_ attempt: RunReplay.Attempt) -> String {
    let name = attempt.caseID + (attempt.number == 1 ? "" : " attempt \(attempt.number)")
    if let problem = attempt.problem { return "✘ \(name): \(problem)" }
    guard let result = attempt.result else { return "✘ \(name): nothing to replay" }
    guard let difference = result.difference else {
      return "✔ \(name): \(result.decisions) decisions"
        + (result.isCutShort ? " (the recording was cut short)" : "")
    }
    let place = attempt.differingLine.map { "line \($0) of the journal" } ?? "the end"
    return "✘ \(name): first difference at \(place)\n    recorded: "
      + words(difference.recorded) + "\n    decided:  " + words(difference.decided)
  }

  private static func words(_ entry: JournalEntry?) -> String {
    guard let entry else { return "nothing" }
    return (try? entry.fields()).map { "\(entry.type) \(JSONText.of($0))" } ?? entry.type
  }
}
