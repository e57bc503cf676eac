internal import Configuration
internal import Runner

/// `qa-agent report RUN…`: writes reports again from recordings, several runs merged.
enum ReportCommand {
  @Sendable
  static func run(_ options: ReportOptions, _ context: CommandContext) async throws -> ExitCode {
    let (configuration, _) = ScenarioSources.configuration(options.general, context)
    let written: RunReports.Written
    do {
      written = try RunReports.write(
        options.runs, in: configuration.output.value, to: options.output, junit: options.junit,
        html: options.html)
    } catch {
      throw CommandError(message: "\(error)")
    }
    for warning in written.warnings { context.output.messages.write("warning: \(warning)\n") }
    for failure in written.failures {
      context.output.messages.write("qa-agent report: \(failure)\n")
    }
    context.output.results.write(DiagnosticText.plural(written.cases, "case") + "\n")
    for report in written.reports {
      context.output.results.write("\(report.name): \(report.path)\n")
    }
    return written.failures.isEmpty ? .success : .internalError
  }
}
