internal import Policy
internal import JSONCoding
internal import Recording
internal import Runner
internal import Scenario
internal import Story

/// Folds the lines of a run's journal into what reporters hear, as the reports are folded from them.
struct ReporterFold {
  private let output: String
  private var folder = ""
  private var run = ""
  private var cases: [String: RunningCase] = [:]

  /// A fold that has seen nothing.
  ///
  /// - Parameters:
  ///   - output: the folder of all runs.
  ///   - resumed: the run that goes on, of whose lines from before it is told nothing.
  init(output: String, resumed: RunFolder? = nil) {
    self.output = output
    folder = resumed?.path ?? ""
    run = resumed?.id ?? ""
  }

  /// What reporters hear of the next line; one that cannot be read tells them nothing.
  mutating func add(_ line: JournalLine) -> [ReporterEvent] {
    let fields = JSON.object(line.fields)
    if line.type == "incomplete", let why = fields["why"]?.string { return [.warning(why)] }
    guard let id = line.caseID else { return add(of: line.type, fields) }
    switch line.type {
    case "case.started":
      cases[id] = (try? fields.decode("case_info")).map(RunningCase.init)
      return []
    case "case.finished":
      guard let running = cases.removeValue(forKey: id),
        let ending: CaseEnding = try? fields.decode("ending")
      else { return [] }
      var finish = CaseFinish(running.info, ending, in: folder)
      running.complete(&finish)
      return [.caseFinished(finish)]
    default: return cases[id]?.add(line) ?? []
    }
  }

  /// A line about the run as a whole.
  private mutating func add(of type: String, _ fields: JSON) -> [ReporterEvent] {
    // The plan is no news, and long.
    guard type != "run.planned", let entry = try? RunEntry(type: type, fields: fields) else {
      return []
    }
    switch entry {
    case .runStarted(let info):
      folder = "\(output)/\(info.id)"
      run = info.id
      return [.runStarted(RunStart(run: info.id, cases: info.selected, workers: info.workers))]
    case .runResumed(let resumed):
      let start = RunStart(run: run, cases: resumed.outstanding.count, workers: resumed.workers)
      return [.runStarted(start)]
        + resumed.changes.map { .warning("the run goes on although \($0)") }
    case .runNoted(let note): return [note.isWarning ? .warning(note.text) : .notice(note.text)]
    case .runPlanned, .caseStarted, .caseFinished, .runFinished: return []
    }
  }
}

/// What is known of a case in work.
private struct RunningCase {
  let info: CaseInfo
  /// The step that it is at, and the one that was told last.
  private var step = ""
  private var told: String?
  private var spending = Spending()
  /// The step that it is at, and the one that put the attempt into trouble.
  private var current: StepInfo?
  private var troubled: StepInfo?
  /// What was not as it should be, each once.
  private var warnings: [String] = []

  init(_ info: CaseInfo) { self.info = info }

  /// Adds what the steps told: where to look, and what was not as it should be.
  func complete(_ finish: inout CaseFinish) {
    finish.warnings = warnings
    guard finish.verdict.isTrouble, let place = troubled?.location else { return }
    finish.file = place.file
    finish.line = place.line
  }

  mutating func add(_ line: JournalLine) -> [ReporterEvent] {
    switch line.type {
    case "attempt.started":
      spending = Spending()
      step = ""
      (current, troubled) = (nil, nil)
      return [
        .caseStarted(CaseStart(id: info.id, title: info.name, attempt: line.attempt ?? 1))
      ]
    case "event" where spending.isWaiting: spending.add(line)
    case "event": break
    case "note", "effect":
      switch try? JournalEntry(type: line.type, fields: .object(line.fields)) {
      case .note(let note)?: return add(note)
      case .effect(let effect)?: return add(effect)
      default: break
      }
    default: break
    }
    return []
  }

  private mutating func add(_ note: Note) -> [ReporterEvent] {
    switch note {
    case .stepStarted(let info):
      step = info.title
      current = info
    case .stepFinished(let index, let ending, _):
      // A step that was optional decides nothing; it ends as a skipped one.
      if ending.verdict.isTrouble, troubled == nil, current?.index == index { troubled = current }
    case .remark(let text): return [.noted(CaseNote(id: info.id, text: text, isWarning: false))]
    case .warning(let text): return [warned(text)]
    case .ruled(let ruling) where ruling.decision == .deny:
      return [warned("a model may not run `\(ruling.command)`: \(ruling.reason)")]
    case .laneTaken, .proposed, .rejected, .ruled, .checked, .said, .valueRead: break
    }
    return []
  }

  private mutating func warned(_ text: String) -> ReporterEvent {
    let place = current.map { " (line \($0.location.line))" } ?? ""
    if !warnings.contains(text + place), warnings.count < 20 { warnings.append(text + place) }
    return .noted(CaseNote(id: info.id, text: text, isWarning: true))
  }

  private mutating func add(_ effect: Effect) -> [ReporterEvent] {
    spending.isWaiting = effect.asksModel
    guard let doing = effect.activity else { return [] }
    var events: [ReporterEvent] = []
    if step != told { events.append(.stepStarted(StepStart(id: info.id, title: step))) }
    told = step
    events.append(
      .progress(
        CaseProgress(
          id: info.id, doing: doing, modelCalls: spending.calls, tokens: spending.tokens)))
    return events
  }
}

/// What models were asked in an attempt, counted as its limits count it.
private struct Spending {
  private(set) var calls = 0
  private(set) var tokens = 0
  /// Whether a model was asked and has not answered yet.
  var isWaiting = false

  mutating func add(_ line: JournalLine) {
    isWaiting = false
    guard
      case .event(let event, _)? =
        try? JournalEntry(type: line.type, fields: .object(line.fields))
    else { return }
    switch event {
    case .replied(let reply): add(reply)
    case .judged(let replies): for reply in replies { add(reply) }
    case .failed: calls = calls.addingClamped(1)
    default: break
    }
  }

  private mutating func add(_ reply: ModelReply) {
    calls = calls.addingClamped(max(1, reply.asked))
    tokens = tokens.addingClamped(reply.tokens)
  }
}

extension Effect {
  fileprivate var asksModel: Bool {
    switch self {
    case .think, .judge: true
    default: false
    }
  }

  /// What is being done, in a word or two; nil when it is over at once.
  fileprivate var activity: String? {
    switch self {
    case .prepare: "starting the target"
    case .run: "running a command"
    case .observe, .awaitChange: "looking"
    case .locate, .examine, .readPast, .read, .seeField, .readField: "reading the screen"
    case .think: "asking the model"
    case .judge: "asking the judge"
    case .act(let action): action.title
    case .settle: "waiting for quiet"
    case .pause: "waiting"
    case .recover: "connecting again"
    case .hold, .authorise, .permit: "waiting for you"
    case .interpret, .compare, .keepPicture, .finish: nil
    }
  }
}

extension CaseFinish {
  fileprivate init(_ info: CaseInfo, _ ending: CaseEnding, in folder: String) {
    self.init(
      id: info.id, title: info.name, verdict: ending.ending.verdict, reason: ending.ending.reason,
      duration: ending.duration, file: info.location.file, line: info.location.line,
      attempts: ending.attempts, isUnchecked: ending.isUnchecked,
      output: ending.output.map { "\(folder)/\($0)" })
  }
}

extension RunFinish {
  /// How a run ended, with the reports that were written after its journal.
  init(_ summary: RunSummary) {
    var counts = VerdictCounts()
    for (verdict, count) in summary.counts { counts[verdict] = count }
    counts.unchecked = summary.unchecked
    counts.notRun = summary.notRun
    self.init(
      counts: counts, duration: summary.duration,
      reports: summary.reports.map { Report(name: $0.name, path: $0.path) }, rerun: summary.rerun)
  }
}
