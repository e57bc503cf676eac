internal import Configuration
internal import Runner
internal import Story
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
    for attempt in attempts {
      context.output.results.write(TerminalText.neutral(line(attempt)) + "\n")
    }
    context.output.results.write(sum(of: attempts) + "\n")
    if attempts.isEmpty { return .nothingMatched }
    let isProved = attempts.allSatisfy { $0.result != nil && $0.result?.difference == nil }
    return isProved ? .success : .failed
  }

  /// What came of all attempts: one that cannot be decided again is no difference, and no proof.
  private static func sum(of attempts: [RunReplay.Attempt]) -> String {
    let decisions = attempts.compactMap(\.result?.decisions).reduce(0, +)
    let different = attempts.count { $0.result?.difference != nil }
    let undecided = attempts.count { $0.result == nil }
    let parts =
      (different == 0 ? [] : ["\(different) attempts differ"])
      + (undecided == 0 ? [] : ["\(undecided) could not be replayed"])
    return "\(DiagnosticText.plural(attempts.count, "attempt")), \(decisions) decisions: "
      + (parts.isEmpty ? "all as recorded" : parts.joined(separator: ", "))
  }

  private static func line(_ attempt: RunReplay.Attempt) -> String {
    let name = attempt.caseID + (attempt.number == 1 ? "" : " attempt \(attempt.number)")
    if let problem = attempt.problem { return "✘ \(name): \(problem)" }
    guard let result = attempt.result else { return "✘ \(name): nothing to replay" }
    guard let difference = result.difference else {
      return "✔ \(name): \(result.decisions) decisions"
        + (result.isCutShort ? " (the recording was cut short)" : "")
    }
    let place =
      (attempt.differingLine.map { "line \($0) of the journal" } ?? "the end")
      + ", turn \(difference.turn)"
    return "✘ \(name): first difference at \(place)\n    recorded: "
      + words(difference.recorded) + "\n    decided:  " + words(difference.decided)
  }

  private static func words(_ entry: JournalEntry?) -> String {
    guard let entry else { return "nothing" }
    return (try? entry.fields()).map { "\(entry.type) \(JSONText.of($0))" } ?? entry.type
  }
}
