internal import Adapters
internal import Debugging
internal import Driving
internal import Glibc
internal import Platform
internal import Recording
internal import Runner
internal import Scenario
internal import Session
internal import Story

/// `qa-agent debug`, and `run` with a person at it.
enum DebugCommands {
  @Sendable
  static func debug(_ options: DebugOptions, _ context: CommandContext) async throws -> ExitCode {
    let (path, line) = split(options.scenario)
    var run = RunOptions()
    run.general = options.general
    run.selection.paths = [path]
    run.target = options.target
    run.model = options.model
    run.noModel = options.noModel
    run.variables = options.variables
    let setup: RunSetup
    switch RunSetup.load(run, context) {
    case .ready(let ready): setup = ready
    case .end(let code): return code
    }
    if let line, Debugger.index(of: line, in: infos(of: setup.request.cases)) == nil {
      throw CommandError(message: "there is no step on line \(line) of \(path), or behind it")
    }
    let debugger = Debugger(
      stopsAtStart: line == nil, stopsOnFailure: true, lines: line.map { [$0] } ?? [])
    return try await self.run(setup, debugger, isJSON: options.isJSON == true, context)
  }

  /// `a.yaml:12` is a file and a line.
  private static func split(_ text: String) -> (path: String, line: String?) {
    guard let colon = text.lastIndex(of: ":"), !Files.exists(text) else { return (text, nil) }
    let line = String(text[text.index(after: colon)...])
    guard Int(line) != nil else { return (text, nil) }
    return (String(text[..<colon]), line)
  }

  private static func infos(of cases: [Case]) -> [StepInfo] {
    cases.first.map { StepList.of($0.scenario).map(\.info) } ?? []
  }

  /// Runs one case after the other, with nobody's clock running while a person thinks.
  static func run(
    _ setup: RunSetup, _ debugger: Debugger, isJSON: Bool, _ context: CommandContext
  ) async throws -> ExitCode {
    var request = setup.request
    request.workers = 1
    request.globalTimeout = nil
    for index in request.cases.indices { request.cases[index].scenario.retries = 0 }
    var debugger = debugger
    let first = debugger.firstOrders(for: infos(of: request.cases))
    let orders = Orders { first }
    let (inputs, feed) = AsyncStream.makeStream(of: DebugConsole.Input.self)
    let questions = DebugQuestions()
    var ports = setup.ports
    ports.person = AskingPerson { await questions.ask($0, $1) }
    let run = Run(request, ports: ports.prepare, orders: orders) { feed.yield(.line($0)) }
    let reader = LineReader { feed.yield(.typed($0)) }
    let console = DebugConsole(
      debugger, orders: orders, loader: setup.loader, context: context,
      runsFolder: request.output, isJSON: isJSON, standAside: reader.standAside,
      quit: { run.stop(signal: SIGINT) })
    let signals = try? SignalWatcher([.interrupt, .terminate, .hangUp])
    let watching = Task {
      guard let signals else { return }
      for await signal in signals.events {
        if signal == .interrupt { feed.yield(.interrupt) } else { run.stop(signal: signal.number) }
      }
    }
    await questions.attend(console)
    let talking = Task { await console.run(inputs) }
    defer {
      reader.stop()
      signals?.stop()
      watching.cancel()
    }
    let summary: RunSummary
    do throws(Run.Problem) {
      summary = try await run.run()
    } catch {
      feed.finish()
      throw CommandError(message: error.description, code: .usage)
    }
    feed.finish()
    await talking.value
    if !isJSON {
      for report in summary.reports {
        context.output.results.write("\(report.name): \(report.path)\n")
      }
    }
    return ExitCode(rawValue: Int32(summary.exitCode)) ?? .internalError
  }
}
