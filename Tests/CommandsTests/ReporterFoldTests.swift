import JSONCoding
import Recording
import Runner
import Scenario
import Story
import Testing

@testable import Commands

/// What reporters hear is folded from the lines of the journal.
struct ReporterFoldTests {
  private static let info = CaseInfo(
    Case(
      id: "a", name: "Case A",
      scenario: Scenario(
        name: "Case A", id: "a", target: TargetSpec(screen: .demo("x")), steps: [],
        location: SourceLocation(file: "a.yaml", line: 3), root: "/")))

  private var fold = ReporterFold(output: "reports")
  private var sequence = 0

  private mutating func hear(
    _ type: String, _ fields: JSONObject, of id: String? = "a", attempt: Int? = 1
  ) -> [ReporterEvent] {
    sequence += 1
    return fold.add(
      JournalLine(
        sequence: sequence, time: .zero, caseID: id, attempt: attempt, type: type, fields: fields))
  }

  private mutating func hear(_ entry: JournalEntry) throws -> [ReporterEvent] {
    try hear(entry.type, entry.fields(turn: 1))
  }

  private mutating func hear(_ entry: RunEntry, of id: String? = nil) throws -> [ReporterEvent] {
    try hear(entry.type, entry.fields(), of: id, attempt: nil)
  }

  private mutating func begin() throws {
    let run = RunInfo(
      id: "r1", version: "1", commandLine: [], startedAt: "", host: "", selected: 3, workers: 2,
      model: "")
    #expect(
      try hear(.runStarted(run)) == [.runStarted(RunStart(run: "r1", cases: 3, workers: 2))])
    #expect(try hear(.caseStarted(Self.info), of: "a") == [])
    #expect(
      hear("attempt.started", JSONObject())
        == [.caseStarted(CaseStart(id: "a", title: "Case A", attempt: 1))])
  }

  private func step(_ title: String) -> JournalEntry {
    .note(
      .stepStarted(
        step: StepInfo(
          index: 0, phase: .steps, title: title, keyword: "act",
          location: SourceLocation(file: "a.yaml", line: 4))))
  }

  private func doing(_ doing: String, calls: Int = 0, tokens: Int = 0) -> ReporterEvent {
    .progress(CaseProgress(id: "a", doing: doing, modelCalls: calls, tokens: tokens))
  }

  @Test mutating func `a step is told with the first thing that is done for it`() throws {
    try begin()
    #expect(
      try hear(.effect(.prepare))
        == [.stepStarted(StepStart(id: "a", title: "")), doing("starting the target")])
    #expect(try hear(step("see Welcome")) == [])
    // What is over at once is not told.
    #expect(try hear(.effect(.interpret(line: "x"))) == [])
    #expect(
      try hear(.effect(.observe(settled: true)))
        == [.stepStarted(StepStart(id: "a", title: "see Welcome")), doing("looking")])
    #expect(try hear(.effect(.settle(quiet: nil))) == [doing("waiting for quiet")])
    #expect(try hear(.event(.acted, at: .zero)) == [])
    #expect(try hear(.effect(.finish(outcome: Outcome(ending: .passed)))) == [])
  }

  @Test mutating func `model calls and tokens are counted as the limits count them, by attempt`()
    throws
  {
    try begin()
    let think = Effect.think(role: "default", appended: [], digest: "")
    _ = try hear(step("act"))
    _ = try hear(.effect(think))
    let reply = ModelReply(asked: 2, promptTokens: 100, completionTokens: 11)
    _ = try hear(.event(.replied(reply: reply), at: .zero))
    #expect(
      try hear(.effect(.observe(settled: true))) == [doing("looking", calls: 2, tokens: 111)])
    // A fault of the screen is no call.
    _ = try hear(.event(.failed(fault: Fault(.screen, "x")), at: .zero))
    _ = try hear(.effect(.judge(statement: "s", votes: 3, digest: "", vote: 1)))
    _ = try hear(.event(.failed(fault: Fault(.model, "x")), at: .zero))
    #expect(
      try hear(.effect(.judge(statement: "s", votes: 3, digest: "", vote: 2)))
        == [doing("asking the judge", calls: 3, tokens: 111)])
    _ = try hear(.event(.judged(replies: [ModelReply(promptTokens: 5)]), at: .zero))
    #expect(
      try hear(.effect(.pause(duration: .zero))) == [doing("waiting", calls: 4, tokens: 116)])
    _ = hear("attempt.started", JSONObject(), attempt: 2)
    #expect(
      try hear(.effect(.prepare))
        == [.stepStarted(StepStart(id: "a", title: "")), doing("starting the target")])
  }

  @Test mutating func `remarks and warnings of a case are told, other notes are not`() throws {
    try begin()
    #expect(
      try hear(.note(.warning(text: "w")))
        == [.noted(CaseNote(id: "a", text: "w", isWarning: true))])
    #expect(
      try hear(.note(.remark(text: "r")))
        == [.noted(CaseNote(id: "a", text: "r", isWarning: false))])
    #expect(try hear(.note(.said(text: "s"))) == [])
    #expect(try hear(.note(.rejected(reason: "s"))) == [])
  }

  @Test mutating func `a verdict is told with its place and the file of the application`() throws {
    try begin()
    let ending = CaseEnding(
      ending: Ending(.failed, "no"), duration: .seconds(2), attempts: 2, worker: 1,
      output: "logs/a.log")
    #expect(
      try hear(.caseFinished(ending), of: "a")
        == [
          .caseFinished(
            CaseFinish(
              id: "a", title: "Case A", verdict: .failed, reason: "no", duration: .seconds(2),
              file: "a.yaml", line: 3, attempts: 2, output: "reports/r1/logs/a.log"))
        ])
  }

  @Test mutating func `notices and warnings of the run are told, and what the recording lost`()
    throws
  {
    #expect(try hear(.runNoted(RunNote("pulling", isWarning: false))) == [.notice("pulling")])
    #expect(try hear(.runNoted(RunNote("damaged", isWarning: true))) == [.warning("damaged")])
    #expect(
      hear("incomplete", JSONObject([("why", "full")]), of: nil, attempt: nil)
        == [.warning("full")])
  }

  @Test mutating func `what cannot be read, or is not known, tells nothing`() throws {
    try begin()
    #expect(hear("effect", JSONObject([("effect", 5)])) == [])
    #expect(hear("from.tomorrow", JSONObject()) == [])
    #expect(hear("effect", JSONObject([("effect", ["prepare": [:]] as JSON)]), of: "b") == [])
    #expect(hear("run.started", JSONObject(), of: nil) == [])
  }
}
