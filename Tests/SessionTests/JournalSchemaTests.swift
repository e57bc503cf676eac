import JSONCoding
import JournalShapes
import Platform
import Scenario
import Testing

@testable import Story

/// `docs/journal.schema.json` names every shape that is written, and every one that ever was.
@Suite(.timeLimit(.minutes(5)))
struct JournalSchemaTests {
  private let schema: JournalSchema

  init() throws { schema = try JournalSchema() }

  private func problems(_ type: String, _ fields: JSONObject, isOfCase: Bool = true) -> [String] {
    var line = JSONObject([("seq", .integer(7)), ("t", .number(1.5))])
    if isOfCase {
      line["case"] = "a"
      line["attempt"] = 1
    }
    line["type"] = .string(type)
    for (key, value) in fields.pairs { line[key] = value }
    return schema.problems(ofLine: .object(line))
  }

  private func expectNamed(_ entry: JournalEntry) throws {
    #expect(problems(entry.type, try entry.fields(turn: 3)) == [], "\(entry)")
    #expect(schema.unnamed(in: entry.content) == [], "\(entry)")
  }

  // MARK: - What is written

  @Test func `every event, effect, note and order is as the schema says`() throws {
    for event in JournalEntryTests.events {
      try expectNamed(.event(event, at: .milliseconds(3)))
    }
    for effect in JournalEntryTests.effects { try expectNamed(.effect(effect)) }
    for note in JournalEntryTests.notes { try expectNamed(.note(note)) }
    for order in JournalEntryTests.orders { try expectNamed(.order(order, at: .zero)) }
  }

  @Test func `whole attempts are as the schema says`() throws {
    for seed in 0..<40 as Range<UInt64> {
      var world = World(seed: seed, isWatched: seed % 2 == 0)
      var script = Script(world.plan())
      for _ in 0..<80 where script.outcome == nil { script.send(world.answer(to: script.effect)) }
      for entry in script.entries { try expectNamed(entry) }
    }
  }

  @Test func `every plan is as the schema says`() throws {
    try expectNamed(.started(plan: JournalEntryTests.fullPlan))
    for seed in 0..<100 as Range<UInt64> {
      var world = World(seed: seed)
      try expectNamed(.started(plan: world.plan()))
    }
  }

  @Test func `what an application does is as the schema says`() throws {
    let states = [
      ApplicationState(isRunning: true, end: nil),
      ApplicationState(isRunning: false, end: .exited(3), ago: .seconds(1), lastLines: ["bye"]),
      ApplicationState(isRunning: false, end: .signaled(11)),
    ]
    for state in states { try expectNamed(.application(state, at: .zero)) }
    try expectNamed(.output(ApplicationOutput(file: "a.log", lines: ["x"], end: .exited(0))))
    try expectNamed(.output(ApplicationOutput(file: nil, lines: [])))
  }

  @Test func `lines of the run are as the schema says`() throws {
    for entry in RunEntry.samples {
      let fields = try entry.fields()
      let isOfCase = entry.type.hasPrefix("case.")
      var line = JSONObject([("seq", .integer(7)), ("t", .number(0))])
      if isOfCase { line["case"] = "a" }
      line["type"] = .string(entry.type)
      for (key, value) in fields.pairs { line[key] = value }
      #expect(schema.problems(ofLine: .object(line)) == [], "\(entry)")
      #expect(schema.unnamed(in: entry) == [], "\(entry)")
    }
    let known = Set(RunEntry.samples.map(\.type))
    #expect(Set(schema.types.filter { $0.hasPrefix("run.") || $0.hasPrefix("case.") }) == known)
  }

  // MARK: - What was written

  private static let folder =
    #filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/" + $1 }
    + "/fixtures/recordings"

  @Test(arguments: [
    "1.0/broken", "1.0/kinds", "1.0/model-failed", "1.0/model-lines", "1.0/model-ui-tars",
    "1.0/shipped", "1.1/judge", "1.1/planned", "1.1/secrets", "1.1/several-calls", "1.1/shipped",
  ])
  func `every line of an archived recording is as the schema says`(name: String) throws {
    let text = try Files.read("\(Self.folder)/\(name).jsonl", limit: 64 << 20)
    let lines = text.split(separator: 0x0A)
    #expect(lines.count > 10)
    for (index, bytes) in lines.enumerated() {
      let line = try JSON(parsing: Array(bytes), maximumDepth: 160)
      let problems = schema.problems(ofLine: line)
      #expect(problems == [], "line \(index + 1)")
      if !problems.isEmpty { break }
    }
  }

  // MARK: - What is none

  @Test(arguments: [
    (#"{"acted":{},"more":1}"#, "too many fields"), (#"{"acted":{"new":1}}"#, "“new” is not named"),
    (#"{"exploded":{}}"#, "“exploded” is not named"), (#"{}"#, "too few fields"),
    (#"{"compared":{}}"#, "it has no “isUnchanged”"),
    (#"{"compared":{"isUnchanged":"yes"}}"#, #""yes" is no "boolean""#),
    (#"{"settled":{"settling":{"quiet":{"after":[1]}}}}"#, "too few elements"),
    (#"{"settled":{"settling":{"quiet":{"after":[1,2,3]}}}}"#, "too many elements"),
    (
      #"{"observed":{"frame":{"blob":"","size":{"width":1,"height":1},"sequence":-1}}}"#,
      "less than"
    ),
  ])
  func `another shape is refused with its place`(text: String, problem: String) throws {
    let fields = JSONObject([
      ("at", [0, 0] as JSON), ("event", try JSON(parsing: Array(text.utf8))),
    ])
    let found = problems("event", fields)
    #expect(found.count >= 1)
    #expect(found.contains { $0.contains(problem) && $0.hasPrefix("/event") }, "\(found)")
  }

  @Test func `a line of another type, or with another field, is refused`() {
    #expect(problems("exploded", JSONObject()) == [#"no line has the type "exploded""#])
    let header = JSONObject([("format", "qa-agent"), ("major", 1), ("minor", 1)])
    #expect(problems("journal", header, isOfCase: false) == [])
    #expect(problems("journal", header).contains(": “case” is not named by the schema"))
  }

  @Test func `a field that holds nothing is missed too`() {
    let older = JournalSchema([
      "$defs": [
        "Fault": ["properties": ["domain": [:], "message": [:], "isTransient": [:]]],
        "SessionEvent": ["properties": ["failed": ["properties": ["fault": [:]]]]],
      ]
    ])
    let event = SessionEvent.failed(fault: Fault(.screen, "x"))
    #expect(older.unnamed(in: event) == ["Fault.wasNotDone", "Fault.detail"])
    #expect(older.unnamed(in: SessionEvent.acted) == ["SessionEvent.acted"])
    #expect(schema.unnamed(in: event) == [])
  }

  @Test func `a keyword that is not known is a problem, so that none is believed in vain`() {
    let problems = SchemaValidator(["frobs": true]).problems(of: 1)
    #expect(problems == [": the keyword frobs is not known"])
  }
}

extension JournalEntry {
  /// What the line says.
  fileprivate var content: Any {
    switch self {
    case .started(let plan): plan
    case .event(let event, _): event
    case .order(let order, _): order
    case .application(let state, _): state
    case .note(let note): note
    case .effect(let effect): effect
    case .output(let output): output
    }
  }
}

extension RunEntry {
  /// One of each kind, with all that it can hold.
  fileprivate static let samples: [RunEntry] = [
    .runStarted(
      RunInfo(
        id: "r", version: "1", commandLine: ["qa-agent"], startedAt: "2026-11-20T12:00:00Z",
        host: "h", selected: 1, workers: 2, model: "m",
        findings: [ModelFinding(model: "m", probe: "p", outcome: "holds", message: "x")])),
    .runPlanned(
      RunPlan(
        cases: [
          PlannedCase(
            id: "a", name: "A", location: SourceLocation(file: "a.yaml", line: 1), retries: 2,
            digest: "d")
        ],
        settings: RunSettings(
          maximumFailures: 1, globalTimeout: .seconds(1), maximumModelCalls: 3,
          models: [
            RunSettings.Model(
              role: "default", name: "m", temperature: 0.5, maximumTokens: 10, context: 100,
              fallback: ["fast"])
          ]), files: [FileDigest(file: "a.yaml", digest: "d")])),
    .caseStarted(CaseInfo(SessionPlan.of(.the(.note(Template("x")))).testCase)),
    .caseFinished(
      CaseEnding(
        ending: Ending(.failed, "r"), duration: .seconds(1), attempts: 2, isUnchecked: true,
        worker: 2, output: "o")),
    .runNoted(RunNote("pulling", isWarning: false)),
    .runResumed(
      RunResumption(
        version: "1", commandLine: ["qa-agent"], resumedAt: "2026-11-20T12:00:00Z", host: "h",
        workers: 2, outstanding: ["a"], changes: ["a.yaml was changed"])),
    .runFinished(
      RunEnding(duration: .seconds(1), exitCode: 1, signal: "signal 2", recordingProblem: "p")),
  ]
}
