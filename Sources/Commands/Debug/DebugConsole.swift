internal import Adapters
internal import Debugging
internal import Diagnostics
internal import Driving
internal import Glibc
internal import JSONCoding
internal import Platform
internal import Recording
internal import Scenario
internal import ScenarioFiles
internal import Story

/// The terminal's face of the debugger: shows where the attempt is, reads lines, gives orders.
///
/// Lines that come while the attempt runs wait until it is held, so that a script can be piped in.
actor DebugConsole {
  /// What it hears.
  enum Input: Sendable {
    /// A line of the run's journal.
    case line(JournalLine)
    /// A line that was typed; nil at the end of the input.
    case typed(String?)
    /// A person pressed Ctrl-C.
    case interrupt
  }

  private var debugger: Debugger
  private let orders: Orders
  private let loader: ScenarioLoader
  private let output: Output
  private let environment: [String: String]
  private let runsFolder: String
  private let isJSON: Bool
  private let quit: @Sendable () -> Void
  private let standAside: @Sendable (Bool) -> Void

  private var runFolder = ""
  private var typed: [String] = []
  private var isInputOver = false
  /// How many orders were given that are not in the journal yet.
  private var waiting = 0
  private var isHeld = false
  private var isQuitting = false
  private var shown = ""
  private var eyes: PictureEyes?
  /// What a line that is typed answers.
  private var question: OneShot<String?>?

  init(
    _ debugger: Debugger, orders: Orders, loader: ScenarioLoader, context: CommandContext,
    runsFolder: String, isJSON: Bool, standAside: @escaping @Sendable (Bool) -> Void,
    quit: @escaping @Sendable () -> Void
  ) {
    self.debugger = debugger
    self.orders = orders
    self.loader = loader
    output = context.output
    environment = context.environment
    self.runsFolder = runsFolder
    self.isJSON = isJSON
    self.standAside = standAside
    self.quit = quit
  }

  /// Hears until the run is over.
  func run(_ inputs: AsyncStream<Input>) async {
    for await input in inputs {
      switch input {
      case .line(let line): hear(line)
      case .typed(let text?): if question?.set(text) != true { typed.append(text) }
      case .typed(nil):
        isInputOver = true
        question?.set(nil)
      case .interrupt: interrupt()
      }
      await work()
    }
  }

  // MARK: - Asking

  /// Asks the person while the attempt runs; the next line that is typed is the answer.
  ///
  /// - Returns: nil where nobody answers in the time, or can.
  func ask(_ text: String, within limit: Duration) async -> String? {
    guard !typed.isEmpty || !isInputOver else { return nil }
    let answer = OneShot<String?>()
    question = answer
    say(text, as: "ask")
    // A script may have its answer waiting.
    if !typed.isEmpty { answer.set(typed.removeFirst()) }
    let line = await answer.first(within: limit)
    question = nil
    return line
  }

  // MARK: - Hearing

  private func hear(_ line: JournalLine) {
    if line.type == "run.started",
      case .runStarted(let info)? = try? RunEntry(type: line.type, fields: .object(line.fields))
    {
      runFolder = "\(runsFolder)/\(info.id)"
    }
    guard line.caseID != nil else { return }
    tell(of: line)
    let came = debugger.add(line)
    // What was ordered of an attempt that is over is never taken.
    if line.type == "attempt.started" { waiting = 0 }
    if line.type == "order" { waiting = max(0, waiting - 1) }
    guard line.type == "effect", waiting == 0 else { return }
    isHeld = debugger.view.isHeld
    guard came else { return }
    for order in debugger.arrive() { give(order) }
    let arrival = debugger.arrival
    guard arrival != shown else { return }
    shown = arrival
    say(arrival, as: "held")
  }

  /// What happens while it runs: steps as they end, and what is to be minded.
  private func tell(of line: JournalLine) {
    switch try? JournalEntry(type: line.type, fields: .object(line.fields)) {
    case .note(.stepFinished(_, let ending, _))?:
      shown = ""
      let title = debugger.view.current?.info.title ?? ""
      let reason = ending.reason.isEmpty ? "" : ": \(ending.reason)"
      say("  \(ending.verdict.rawValue)  \(title)\(reason)", as: "step")
    case .note(.warning(let text))?: say("  warning: \(text)", as: "warning")
    case .effect(.finish(let outcome))?:
      let reason = outcome.ending.reason.isEmpty ? "" : ": \(outcome.ending.reason)"
      say("\(outcome.ending.verdict.rawValue)\(reason)", as: "end")
    default: break
    }
  }

  private func interrupt() {
    if isHeld || isQuitting { return leave() }
    isQuitting = true
    say("holds before what is next; Ctrl-C again ends the run", as: "answer")
    give(.hold)
  }

  // MARK: - Working

  /// Does what was typed, for as long as the attempt is held.
  private func work() async {
    while isHeld, waiting == 0 {
      isQuitting = false
      guard !typed.isEmpty else {
        if isInputOver { leave() } else { prompt() }
        return
      }
      let line = typed.removeFirst()
      for reaction in debugger.take(line) { await react(reaction) }
    }
  }

  private func react(_ reaction: Debugger.Reaction) async {
    switch reaction {
    case .say(let text): say(text, as: "answer")
    case .order(let order): give(order)
    case .screen: showScreen()
    case .look: await look()
    case .find(let text): await find(text)
    case .type(let text): if let step = read(text) { give(.insert(step)) }
    case .edit(let text): edit(text)
    case .quit: leave()
    }
  }

  private func give(_ order: Order) {
    waiting += 1
    isHeld = false
    if !order.keepsHolding { shown = "" }
    orders.give(order)
  }

  private func leave() {
    isHeld = false
    quit()
  }

  private func read(_ text: String) -> Step? {
    guard let testCase = debugger.view.testCase else { return nil }
    let typed = loader.step(text, of: testCase)
    for problem in typed.diagnostics {
      say(
        problem.message + (problem.suggestion.map { " (\($0))" } ?? ""),
        as: problem.severity == .error ? "error" : "warning")
    }
    if typed.step != nil {
      say("- " + (text.hasPrefix("- ") ? String(text.dropFirst(2)) : text), as: "yaml")
    }
    return typed.step
  }

  private func edit(_ text: String?) {
    guard let current = debugger.view.current else { return say("no step is held", as: "error") }
    guard let text = text ?? written(for: current.info), let step = read(text) else { return }
    give(.replace(step: current.info.index, with: step))
    if debugger.view.hasBegun { give(.retry) }
  }

  /// What a person makes of the step in their editor.
  private func written(for info: StepInfo) -> String? {
    guard let editor = environment["VISUAL"] ?? environment["EDITOR"], !editor.isEmpty else {
      say("EDITOR is not set; write the step behind the word: edit click: Sign in", as: "error")
      return nil
    }
    let path = "/tmp/qa-agent-step-\(getpid()).yaml"
    defer { unlink(path) }
    let before = StepSource.text(at: info.location) ?? "- \(info.keyword): "
    guard (try? Files.writeAtomically(Array(before.utf8), to: path, mode: 0o600)) != nil else {
      say("\(path) cannot be written", as: "error")
      return nil
    }
    standAside(true)
    defer { standAside(false) }
    guard system("\(editor) \(path)") == 0, let after = try? Files.read(path, limit: 64 << 10)
    else {
      say("the editor ended with an error; nothing was changed", as: "error")
      return nil
    }
    return String(decoding: after, as: UTF8.self)
  }

  // MARK: - Looking

  private var picture: String? {
    guard let frame = debugger.view.frame, let name = BlobStore.name(of: frame.blob) else {
      return nil
    }
    return "\(runFolder)/recording/blobs/\(name)"
  }

  private func showScreen() {
    guard let picture else { return say("no picture was kept yet", as: "error") }
    say(picture, as: "picture")
    guard !isJSON, output.results.isTerminal else { return }
    let columns = output.width()
    if let text = TerminalPicture(environment).text(ofFile: picture, columns: columns) {
      output.results.write(text + "\n")
    }
  }

  private func look() async {
    guard let picture else { return say("no picture was kept yet", as: "error") }
    do {
      let look = try await ScreenLook(
        at: try LookedAtScreen.frame(ofFile: picture),
        languages: debugger.view.testCase?.scenario.ocr ?? [])
      say(LookText.lines(look).joined(separator: "\n"), as: "answer")
    } catch {
      say("\(error)", as: "error")
    }
  }

  private func find(_ text: String) async {
    await withEyes { eyes, path in try await eyes.find(text, on: path) }
  }

  private func withEyes(
    _ body: (PictureEyes, String) async throws -> String
  ) async {
    guard let picture else { return say("no picture was kept yet", as: "error") }
    do {
      let languages = debugger.view.testCase?.scenario.ocr ?? []
      let eyes: PictureEyes
      if let known = self.eyes {
        eyes = known
      } else {
        eyes = try await PictureEyes(languages: languages)
      }
      self.eyes = eyes
      say(try await body(eyes, picture), as: "answer")
    } catch {
      say("\(error)", as: "error")
    }
  }

  // MARK: - Words

  private func prompt() {
    guard !isJSON, output.results.isTerminal else { return }
    output.results.write("(qa) ")
    output.results.flush()
  }

  private func say(_ text: String, as kind: String) {
    guard isJSON else {
      return output.results.write(
        text.split(separator: "\n", omittingEmptySubsequences: false).map {
          TerminalText.neutral(String($0))
        }.joined(separator: "\n") + "\n")
    }
    var fields = JSONObject([(kind, .string(text))])
    if kind == "held", let current = debugger.view.current {
      fields["step"] = .integer(current.info.index)
      fields["title"] = .string(current.info.title)
      fields["file"] = .string(current.info.location.file)
      fields["line"] = .integer(current.info.location.line)
      fields["begun"] = .bool(debugger.view.hasBegun)
    }
    output.results.write(JSON.object(fields).text + "\n")
  }
}

extension Order {
  /// Whether the attempt is held behind it as before.
  fileprivate var keepsHolding: Bool {
    switch self {
    case .hold, .holdBefore, .holdOnFailure, .replace, .setResult: true
    case .goOn, .skip, .retry, .rewind, .insert, .reattached: false
    }
  }
}

/// Hands questions of a run to the console, which is there a little later than the run's ports.
actor DebugQuestions {
  private var console: DebugConsole?

  func attend(_ console: DebugConsole) { self.console = console }

  func ask(_ question: String, _ limit: Duration) async -> String? {
    await console?.ask(question, within: limit)
  }
}
