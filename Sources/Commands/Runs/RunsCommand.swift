internal import Configuration
internal import JSONCoding
internal import Recording

/// `qa-agent runs`: the recorded runs, and what becomes of them.
enum RunsCommand {
  @Sendable
  static func list(_ options: RunsOptions, _ context: CommandContext) async throws -> ExitCode {
    let output = folder(options.output, options.general, context)
    let latest = try? RunFolder.find("latest", in: output)
    let now = UTCTime.now
    let runs = RunFolder.all(in: output).reversed().map {
      ListedRun($0, isLatest: $0.id == latest?.id, now: now)
    }
    if options.isJSON {
      let document: JSON = [
        "version": 1, "folder": .string(output), "runs": .array(runs.map(\.json)),
      ]
      context.output.results.write(document.prettyText + "\n")
    } else {
      let text = RunsText(style: context.output.results.style)
      context.output.results.write(text.table(runs))
      if runs.isEmpty {
        context.output.messages.write("there are no runs in \(TerminalText.neutral(output))\n")
      }
    }
    return .success
  }

  @Sendable
  static func remove(
    _ options: NamedRunsOptions, _ context: CommandContext
  ) async throws -> ExitCode {
    let output = folder(options.output, options.general, context)
    let runs = try find(options.runs, in: output)
    do { try RunFolder.remove(runs, from: output) } catch { throw failure(error) }
    for run in runs { context.output.results.write("removed \(TerminalText.neutral(run.id))\n") }
    return .success
  }

  @Sendable
  static func keep(_ options: KeepOptions, _ context: CommandContext) async throws -> ExitCode {
    let output = folder(options.output, options.general, context)
    for run in try find(options.runs, in: output) {
      do { try run.keep(!options.releases) } catch { throw failure(error) }
      context.output.results.write(
        "\(options.releases ? "released" : "kept") \(TerminalText.neutral(run.id))\n")
    }
    return .success
  }

  private static func folder(
    _ given: String?, _ general: GeneralSettings, _ context: CommandContext
  ) -> String {
    given ?? ScenarioSources.configuration(general, context).configuration.output.value
  }

  /// The runs that are meant, each once; one that is not there names those that are.
  private static func find(
    _ names: [String], in output: String
  ) throws(CommandError) -> [RunFolder] {
    var runs: [RunFolder] = []
    for name in names {
      let place = try ShowPlace(name, in: output)
      guard place.rest.isEmpty else {
        throw CommandError(
          message: TerminalText.neutral("“\(name)” is no run: it names a case of \(place.run.id)"))
      }
      if !runs.contains(place.run) { runs.append(place.run) }
    }
    return runs
  }

  private static func failure(_ error: RecordingError) -> CommandError {
    CommandError(message: TerminalText.neutral("\(error)"))
  }
}
