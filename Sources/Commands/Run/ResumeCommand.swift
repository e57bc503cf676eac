internal import Configuration
internal import Diagnostics
internal import Recording
internal import Runner
internal import Scenario
internal import Story

/// `qa-agent resume RUN`: finishes an interrupted run in its own folder, with the words that it was begun with.
enum ResumeCommand {
  @Sendable
  static func run(_ options: ResumeOptions, _ context: CommandContext) async throws -> ExitCode {
    let (configuration, _) = ScenarioSources.configuration(options.general, context)
    let place = try ShowPlace(options.run, in: configuration.output.value)
    guard place.rest.isEmpty else {
      throw CommandError(message: TerminalText.neutral("“\(options.run)” names no run"))
    }
    let folder = place.run
    if folder.isBeingWritten {
      throw CommandError(
        message:
          "\(TerminalText.neutral(folder.id)) is still running; stop it, or wait until it has ended"
      )
    }
    let past: PastRun
    do { past = try PastRun(folder) } catch {
      throw CommandError(message: TerminalText.neutral("\(error)"))
    }
    let original = try words(of: past, folder)
    var setup: RunSetup
    switch RunSetup.load(request(original, options, past), context) {
    case .ready(let ready): setup = ready
    case .end(let code): return code
    }
    setup.request.commandLine = CommandLine.arguments
    setup.request.resumption = Resumption(folder, isAnyway: options.isAnyway)
    if past.isPlanned { setup.request.cases = cases(of: past, among: setup.request.cases) }
    return try await RunCommand.run(
      setup, verbosity: options.verbosity, context, resumed: folder)
  }

  /// What a run was begun with.
  private static func words(
    of past: PastRun, _ folder: RunFolder
  ) throws(CommandError) -> RunOptions {
    let id = TerminalText.neutral(folder.id)
    guard let info = past.info else {
      throw CommandError(message: "\(id) was cut off before it began; run it again")
    }
    if past.isPlanned, past.outstanding.isEmpty, past.isFinished {
      throw CommandError(
        message:
          "\(id) is complete: every case has its verdict; qa-agent run --rerun \(id) runs its failures"
      )
    }
    let words = info.commandLine.dropFirst()
    guard words.first == "run" else {
      throw CommandError(
        message: "\(id) was begun with `\(TerminalText.neutral(words.joined(separator: " ")))`,"
          + " and only what `run` began can go on")
    }
    guard !words.contains(where: { $0.contains("‹") && $0.contains("›") }) else {
      throw CommandError(
        message:
          "\(id) was begun with the value of a secret in its command line, which is not kept; run it again"
      )
    }
    do {
      return try OptionParser<RunOptions>.parse(words.dropFirst(), path: ["run"])
    } catch {
      throw CommandError(
        message: "\(id) was begun with words that this version does not understand: "
          + TerminalText.neutral(error.message))
    }
  }

  /// The same words, with what is said of how it goes on.
  ///
  /// What selected cases by what failed before would select others today: those that were planned are taken.
  private static func request(
    _ original: RunOptions, _ options: ResumeOptions, _ past: PastRun
  ) -> RunOptions {
    var run = original
    run.workers = options.workers ?? run.workers
    run.reporters = options.reporters ?? run.reporters
    run.general.color = options.general.color
    run.general.configurationFile =
      options.general.configurationFile ?? run.general.configurationFile
    run.general.profile = options.general.profile ?? run.general.profile
    (run.list, run.dryRun, run.debug, run.debugOnFailure, run.interactive) = (
      nil, nil, nil, nil, nil
    )
    guard past.isPlanned else { return run }
    var selection = SelectionSettings()
    selection.paths = run.selection.paths
    selection.repeatEach = run.selection.repeatEach
    run.selection = selection
    return run
  }

  /// The planned cases, as planned; those that are not there any more are missing.
  private static func cases(of past: PastRun, among cases: [Case]) -> [Case] {
    let known = Dictionary(cases.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    return past.ids.compactMap { known[$0] }
  }
}
