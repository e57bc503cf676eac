internal import Adapters
internal import Debugging
internal import Diagnostics
internal import Glibc
internal import Platform
internal import Recording
internal import Runner
internal import Scenario
internal import Story

/// `qa-agent run`: loads, selects, runs, tells, ends with the run's exit code.
enum RunCommand {
  static func run(_ options: RunOptions, _ context: CommandContext) async throws -> ExitCode {
    var setup: RunSetup
    switch RunSetup.load(options, context) {
    case .ready(let ready): setup = ready
    case .end(let code): return code
    }
    if options.list == true || options.dryRun == true {
      var listing = CaseListing(cases: setup.request.cases)
      if options.dryRun == true { listing.plan = PlanText(policy: setup.ports.policy) }
      context.output.results.write(listing.text)
      context.output.messages.write(listing.summary + "\n")
      return setup.request.passesWithNoTests && listing.cases.isEmpty ? .success : listing.exitCode
    }
    if options.interactive == true {
      guard isatty(STDIN_FILENO) == 1 else {
        throw CommandError(
          message: "--interactive asks a person, and standard input is no terminal", code: .usage)
      }
      setup.ports.person = AskingPerson.atTerminal(context.output)
    }
    if options.debug == true || options.debugOnFailure == true {
      return try await DebugCommands.run(
        setup, Debugger(stopsAtStart: options.debug == true, stopsOnFailure: true), isJSON: false,
        context)
    }
    return try await run(setup, verbosity: options.verbosity, context)
  }

  /// Runs while the desk tells of it, line by line of its journal, and signals are heard.
  ///
  /// - Parameter resumed: the run that goes on; nil for a new one.
  static func run(
    _ setup: RunSetup, verbosity: Verbosity, _ context: CommandContext, resumed: RunFolder? = nil
  ) async throws -> ExitCode {
    let clock = ContinuousClock()
    let start = clock.now
    let desk = ReporterDesk(setup.reporters, verbosity: verbosity, context: context) {
      clock.now - start
    }
    let (lines, feed) = AsyncStream.makeStream(of: JournalLine.self)
    let run = Run(setup.request, ports: setup.ports.prepare) { feed.yield($0) }
    let signals = try? SignalWatcher([.interrupt, .terminate, .hangUp])
    let telling = Task { await desk.run() }
    let hearing = Task {
      var fold = ReporterFold(output: setup.request.output, resumed: resumed)
      for await line in lines {
        for told in fold.add(line) { await desk.report(told) }
      }
    }
    let watching = Task { await watch(signals, run) }
    let summary: RunSummary
    do throws(Run.Problem) {
      summary = try await run.run()
    } catch {
      feed.finish()
      telling.cancel()
      watching.cancel()
      throw CommandError(
        message: TerminalText.neutralLines(error.description, limit: 40).joined(separator: "\n"),
        code: .usage)
    }
    feed.finish()
    await hearing.value
    await desk.report(.runFinished(RunFinish(summary)))
    // What is left is written now, and not at the next tenth of a second.
    telling.cancel()
    await telling.value
    signals?.stop()
    watching.cancel()
    return ExitCode(rawValue: Int32(summary.exitCode)) ?? .internalError
  }

  /// The first signal ends the run in order, the second ends the process at once.
  private static func watch(_ signals: SignalWatcher?, _ run: Run) async {
    guard let signals else { return }
    var isFirst = true
    for await signal in signals.events {
      guard isFirst else { _exit(128 + signal.number) }
      isFirst = false
      run.stop(signal: signal.number)
    }
  }
}

extension SignalWatcher.Signal {
  /// The number of a signal that ends a run.
  var number: CInt {
    switch self {
    case .interrupt: SIGINT
    case .hangUp: SIGHUP
    case .terminate, .windowSize: SIGTERM
    }
  }
}
