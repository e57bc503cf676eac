import Platform
import Story
import Props
import Testing

@testable import Commands

struct LiveScreenTests {
  @Test func `nothing is written when nothing changed`() {
    var screen = LiveScreen()
    #expect(!screen.update(text: "", lines: ["a"], columns: 80).isEmpty)
    #expect(screen.update(text: "", lines: ["a"], columns: 80).isEmpty)
    #expect(!screen.update(text: "", lines: ["b"], columns: 80).isEmpty)
    #expect(!screen.update(text: "", lines: ["b"], columns: 70).isEmpty)
    #expect(!screen.update(text: "x\n", lines: ["b"], columns: 70).isEmpty)
  }

  @Test func `text passes as it is while there are no lines`() {
    var screen = LiveScreen()
    #expect(screen.update(text: "··", lines: [], columns: 80) == "··")
  }

  /// What a real terminal shows after these writes; `end` is what it shows when it has read one.
  private func shown(
    _ writes: [(columns: Int, text: String, end: String)]
  ) async throws -> [String] {
    let files = try TestFolder()
    let folder = files.path
    let shell = ShellRunner()
    let tmux = "tmux -S \(folder)/socket -f /dev/null"
    var script = """
      export LC_ALL=C.UTF-8
      mkfifo \(folder)/pipe
      \(tmux) new-session -d -x \(writes[0].columns) -y 12 'stty -echo; exec cat \(folder)/pipe'
      exec 9>\(folder)/pipe

      """
    for (index, part) in writes.enumerated() {
      try files.write(part.text, to: "\(index)")
      script += """
        \(tmux) resize-window -x \(part.columns) -y 12
        cat \(folder)/\(index) >&9
        until \(tmux) capture-pane -p | grep -qe '\(part.end)'; do :; done

        """
    }
    script += "\(tmux) capture-pane -p -S -; \(tmux) kill-server"
    let text = try await shell.run(script).text
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0) }.filter { !$0.isEmpty }
  }

  @Test(.enabled(if: Executables.find("tmux") != nil), .timeLimit(.minutes(5)))
  func `a terminal shows the text above and one copy of the lines below, also after a resize`()
    async throws
  {
    var screen = LiveScreen()
    let style = Style(isColored: true)
    let lines = [style.bold("0 of 9"), style.cyan(String(repeating: "=", count: 50))]
    let narrow = ["1 of 9", String(repeating: "-", count: 30)]
    let writes = [
      (60, screen.update(text: "first\n", lines: lines, columns: 60), "===="),
      (60, screen.update(text: "second\n", lines: lines, columns: 60), "second"),
      (30, screen.update(text: "third\n", lines: narrow, columns: 30), "----"),
      (30, screen.update(text: "", lines: ["2 of 9"], columns: 30), "2 of 9"),
    ]
    let running = try await shown(writes)
    #expect(running == ["first", "second", "third", "2 of 9"])
    let last = screen.update(text: "done\n", lines: [], columns: 30)
    let over = try await shown(writes + [(30, last, "done")])
    #expect(over == ["first", "second", "third", "done"])
  }
}

struct ReporterDeskTests {
  private func desk(
    _ choices: [ReporterChoice]?, _ captured: Captured, isTerminal: Bool = false,
    environment: [String: String] = [:]
  ) -> ReporterDesk {
    let context = CommandContext(
      output: captured.output(isTerminal: isTerminal), environment: environment)
    return ReporterDesk(choices, verbosity: Verbosity(), context: context) { .zero }
  }

  private static let finish = CaseFinish(
    id: "a", title: "a", verdict: .failed, reason: "##[add-mask]x", duration: .zero)

  private static let end: ReporterEvent = {
    var counts = VerdictCounts()
    counts[.failed] = 1
    return .runFinished(RunFinish(counts: counts, duration: .zero))
  }()

  @Test(.timeLimit(.minutes(5)))
  func `everything that was reported is written when the run ends`() async {
    let captured = Captured()
    let desk = desk(nil, captured)
    await desk.report(.runStarted(RunStart(run: "r", cases: 1, workers: 1)))
    await desk.report(.caseFinished(Self.finish))
    await desk.report(Self.end)
    await desk.report(.warning("too late"))
    await desk.run()
    #expect(
      captured.resultText == """
        Running 1 case: r
        [1/1] failed       0.0s  a
            | ##[add-mask]x

        1 case: 1 failed, in 0.0s.

        """)
  }

  @Test(.timeLimit(.minutes(5)))
  func `cancelling the writer still writes what is there, and takes the lines away`() async {
    let captured = Captured()
    let desk = desk(nil, captured, isTerminal: true)
    await desk.report(.runStarted(RunStart(run: "r", cases: 1, workers: 1)))
    let writer = Task { await desk.run() }
    while !captured.resultText.contains("0 of 1") { await Task.yield() }
    await desk.report(.warning("stopping"))
    writer.cancel()
    await writer.value
    #expect(
      captured.resultText.hasSuffix(
        "\u{1B}[1A\r\u{1B}[J\u{1B}[33mwarning: \u{1B}[0mstopping\n\u{1B}[?25h"))
  }

  @Test(.timeLimit(.minutes(5)))
  func `annotations begin a line, and no text from outside is a command of GitHub`() async throws {
    let folder = try TestFolder()
    let captured = Captured()
    let desk = desk(
      [.dots], captured,
      environment: ["GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": folder.file("summary")])
    await desk.report(.caseFinished(Self.finish))
    await desk.report(Self.end)
    await desk.run()
    #expect(captured.resultText.hasPrefix("F\n::error title=a%3A failed::# #[add-mask]x\n"))
    #expect(!captured.resultText.contains("##["))
    let summary = String(
      decoding: try Files.read(folder.file("summary"), limit: 1 << 20), as: UTF8.self)
    #expect(summary.hasPrefix("### qa-agent: 1 case\n"))
    #expect(captured.messageText.isEmpty)
  }

  @Test(.timeLimit(.minutes(5)))
  func `a summary that cannot be written is said and changes nothing`() async {
    let captured = Captured()
    let desk = desk(
      nil, captured,
      environment: ["GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "/nowhere/summary"])
    await desk.report(Self.end)
    await desk.run()
    #expect(
      captured.messageText
        == "qa-agent: cannot write the step summary /nowhere/summary: No such file or directory\n")
  }
}
