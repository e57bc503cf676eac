internal import Glibc
internal import Platform

/// Hears of a run and writes what its reporters say.
///
/// `report` never waits for a reader: text is kept and written by `run` ten times a second, on a thread of
/// its own, so that a terminal that is held (Ctrl-S) or a pipe that is full stops no run. What is kept is
/// bounded by the run: some lines for each case, and its steps where they were asked for.
actor ReporterDesk {
  private var reporters: [any Reporter]
  private var summary: GitHubSummary?
  private var screen = LiveScreen()
  private var pending = ""
  private var isLineOpen = false
  private var isOver = false

  private let stream: TextStream
  private let messages: TextStream
  private let writer = StreamWriter()
  private let now: @Sendable () -> Duration
  private let size: @Sendable () -> (columns: Int, rows: Int)
  private let isGitHub: Bool
  private let summaryPath: String?

  /// A desk for the reporters that were asked for.
  ///
  /// - Parameters:
  ///   - choices: what `--reporter` named; nil for the usual ones.
  ///   - verbosity: how much is said.
  ///   - context: where it is written, and whether this is GitHub Actions.
  ///   - now: the time since the run began.
  init(
    _ choices: [ReporterChoice]?, verbosity: Verbosity, context: CommandContext,
    now: @escaping @Sendable () -> Duration
  ) {
    stream = context.output.results
    messages = context.output.messages
    let width = context.output.width
    reporters = ReporterChoice.reporters(
      choices, environment: context.environment,
      settings: ReporterSettings(
        isTerminal: stream.isTerminal, style: stream.style, verbosity: verbosity,
        columns: min(width(), 80)))
    isGitHub = context.environment["GITHUB_ACTIONS"] == "true"
    summaryPath = context.environment["GITHUB_STEP_SUMMARY"].flatMap { $0.isEmpty ? nil : $0 }
    summary = reporters.contains { $0 is GitHubReporter } ? GitHubSummary() : nil
    self.now = now
    size = { Output.terminalSize(of: STDOUT_FILENO) ?? (width(), 24) }
  }

  /// Takes in an event.
  ///
  /// After the end of the run nothing more is taken.
  func report(_ event: ReporterEvent) async {
    guard !isOver else { return }
    let now = now()
    for index in reporters.indices { add(reporters[index].text(for: event, at: now), from: index) }
    let markdown = summary?.markdown(for: event)
    if case .runFinished = event { isOver = true }
    if let markdown, let summaryPath { await append(markdown, to: summaryPath) }
  }

  /// Writes until the run is over, or until its task is cancelled; then the rest.
  func run() async {
    while !isOver, !Task.isCancelled {
      await writer.write(frame(), to: stream)
      try? await Task.sleep(for: .milliseconds(100))
    }
    isOver = true
    await writer.write(frame(), to: stream)
  }

  private func add(_ text: String, from index: Int) {
    guard let last = text.utf8.last else { return }
    // A second reporter's line begins at the start of a line, or nobody recognises it.
    if isLineOpen, index > 0 { pending += "\n" }
    // GitHub obeys `##[command]` anywhere in a line; what stands after `::` only at its start.
    pending += isGitHub ? text.replacing("##[", with: "# #[") : text
    isLineOpen = last != UInt8(ascii: "\n")
  }

  /// What is to be written now.
  private func frame() -> String {
    let now = now()
    for index in reporters.indices where !isOver {
      add(reporters[index].text(at: now), from: index)
    }
    defer { pending = "" }
    guard stream.isTerminal else { return pending }
    let size = size()
    let lines = reporters.flatMap { reporter in
      isOver ? [] : reporter.display(at: now, columns: size.columns, rows: size.rows)
    }
    return screen.update(text: pending, lines: lines, columns: size.columns)
  }

  /// That the summary cannot be written is said and changes nothing.
  private func append(_ markdown: String, to path: String) async {
    guard let failure = await writer.append(markdown, toFile: path) else { return }
    messages.write(
      "qa-agent: cannot write the step summary \(TerminalText.neutral(path)): \(failure.reason)\n")
  }
}

/// Writes on a thread of its own, because whoever reads may be slow.
private actor StreamWriter {
  private let executor = ThreadExecutor(name: "reporter")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  func write(_ text: String, to stream: TextStream) {
    guard !text.isEmpty else { return }
    stream.write(text)
    stream.flush()
  }

  func append(_ text: String, toFile path: String) -> WriteFailure? {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return WriteFailure(code: errno) }
    defer { close(descriptor) }
    return TextStream.write(Array(text.utf8), to: descriptor)
  }
}
