import JSONCoding
import Recording
import Scenario
import Story
import Testing

@testable import Reports

/// What is outstanding of a run is told by its journal alone, wherever that ends.
struct CaseStandingsTests {
  /// A run by chance: its lines, and what was planned.
  private struct Invented {
    var lines: [JournalLine] = []
    var planned: [String] = []

    init(seed: UInt64) {
      var random = SeededRandom(state: seed)
      func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }
      let ids = (0..<number(0...7)).map { "case-\($0)" }
      let isPlanned = number(0...9) > 0
      let cases = ids.map { SampleRun.makeCase($0, "The \($0)") }
      var script = Script()
      try? script.run(.runStarted(SampleRun.info))
      if isPlanned {
        planned = ids
        for part in RunPlan.of(cases).parts(of: number(1...4)) {
          try? script.run(.runPlanned(part))
        }
      }
      lines = script.lines
      // Workers take turns at their cases, and a run may stop anywhere.
      var left = cases.map { Self.story(of: $0, attempts: number(0...3), ends: number(0...5) > 0) }
      var running: [[JournalLine]] = []
      while !(left.isEmpty && running.isEmpty) {
        if !left.isEmpty, running.isEmpty || running.count < 3 && number(0...2) == 0 {
          running.append(left.removeFirst())
        }
        let worker = number(0...running.count - 1)
        append(running[worker].removeFirst())
        if running[worker].isEmpty { running.remove(at: worker) }
      }
    }

    private static func story(of testCase: Case, attempts: Int, ends: Bool) -> [JournalLine] {
      var script = Script()
      try? script.runCase(testCase, ends ? .passed : nil) { script in
        for attempt in 0..<attempts {
          try script.attempt(testCase, attempt + 1, attempt % 2 == 0 ? Ending(.failed, "no") : nil)
          {
            try $0.step("look")
          }
        }
      }
      return Array(script.lines.dropFirst())
    }

    private mutating func append(_ line: JournalLine) {
      lines.append(
        JournalLine(
          sequence: lines.count, time: line.time, caseID: line.caseID, attempt: line.attempt,
          type: line.type, fields: line.fields))
    }
  }

  @Test(arguments: 0..<120 as Range<UInt64>)
  func `wherever a journal ends, each planned case is in one class, and no verdict is taken back`(
    seed: UInt64
  ) throws {
    let run = Invented(seed: seed)
    let start = run.lines.lastIndex { $0.type == "run.planned" } ?? 0
    var standings = CaseStandings()
    var finished: Set<String> = []
    for (index, line) in run.lines.enumerated() {
      let before = standings
      standings.add(line)
      let outstanding = standings.outstanding
      #expect(finished.isDisjoint(with: outstanding))
      let done = standings.ids.filter { standings[$0] == .finished }
      #expect(finished.isSubset(of: done), "a finished case is outstanding again")
      finished = Set(done)
      #expect(finished.isDisjoint(with: outstanding))
      #expect(Set(outstanding).union(done) == Set(standings.ids))
      #expect(Set(standings.ids).count == standings.ids.count)
      if index >= start { #expect(Set(run.planned).isSubset(of: standings.ids)) }
      // Who reads the beginning and then the rest knows the same.
      var again = before
      again.add(line)
      #expect(again == standings)
    }
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `a report of a journal that ends anywhere has each planned case once`(seed: UInt64) throws {
    let run = Invented(seed: seed)
    let start = run.lines.lastIndex { $0.type == "run.planned" } ?? run.lines.count
    for count in run.lines.indices where count > start {
      let report = RunFold.report(run.lines[..<count])
      let ids = (report.cases + report.neverBegun).map(\.id)
      #expect(Set(ids) == Set(run.planned))
      #expect(ids.count == run.planned.count)
      for item in report.neverBegun {
        #expect(item.ending == Ending(.skipped, "not run: the run was cut off"))
        #expect(item.name == "The \(item.id)")
        #expect(item.attempts.isEmpty)
      }
    }
  }

  @Test func `an attempt in flight is known by its number`() throws {
    let item = SampleRun.makeCase("a", "A")
    var script = Script()
    try script.run(.runPlanned(RunPlan.of([item, SampleRun.makeCase("b", "B")])))
    try script.runCase(item, nil) { s in
      try s.attempt(item, 1, Ending(.failed, "no")) { _ in }
      try s.attempt(item, 2, nil) { _ in }
    }
    var standings = CaseStandings()
    for line in script.lines { standings.add(line) }
    #expect(standings["a"] == .inFlight(attempt: 2))
    #expect(standings["b"] == .waiting)
    #expect(standings["c"] == nil)
    #expect(standings.outstanding == ["a", "b"])
  }

  @Test func `reports name the cases that were planned and did not run`() throws {
    let cases = ["a", "b", "c"].map { SampleRun.makeCase($0, "The \($0)") }
    var script = Script()
    var info = SampleRun.info
    info.selected = 3
    try script.run(.runStarted(info))
    try script.run(.runPlanned(RunPlan.of(cases)))
    try script.runCase(cases[0], .passed) { s in try s.attempt(cases[0], 1, .passed) { _ in } }
    try script.runCase(cases[1], nil)
    let report = RunFold.report(script.lines)
    #expect(report.cases.map(\.id) == ["a"])
    #expect(report.neverBegun.map(\.id) == ["b", "c"])
    #expect(report.notRun == 2)
    #expect(!report.isPlanUnknown)
    #expect(report.headline == "The run was cut off after 1 of 3 cases")
    #expect(report.rerunCommand != nil)
    let results = ResultsJSON.document(report)
    #expect(results["notRun"]?.array?.map { $0["id"]?.string } == ["b", "c"])
    #expect(results["notRun"]?[1]?["file"]?.string == "scenarios/c.yaml")
    #expect(results["counts"]?["notRun"]?.integer == 2)
    #expect(results["cases"]?.array?.count == 1)
    let junit = String(decoding: JUnitWriter().document(report), as: UTF8.self)
    #expect(junit.contains(#"<testsuites name="qa-agent" tests="3" failures="0" errors="0""#))
    #expect(junit.contains(#"<testcase classname="scenarios.c" name="The c" time="0.000">"#))
    #expect(junit.contains(#"message="not run: the run was cut off""#))
    let page = String(decoding: HTMLReport.document(report), as: UTF8.self)
    #expect(page.contains(#""name":"The c","verdict":"skipped","reason":"not run: the run was"#))
  }

  @Test func `of an older recording only the number of cases that did not run is known`() throws {
    var script = Script()
    try script.run(.runStarted(SampleRun.info))
    let item = SampleRun.makeCase("a", "A")
    try script.runCase(item, .passed) { s in try s.attempt(item, 1, .passed) { _ in } }
    let report = RunFold.report(script.lines)
    #expect(report.notRun == 7)
    #expect(report.neverBegun.isEmpty)
    #expect(report.isPlanUnknown)
  }

  @Test func `a plan in parts is the same plan`() {
    let plan = RunPlan.of((0..<25).map { SampleRun.makeCase("c\($0)", "C") })
    for size in [1, 7, 25, 100] {
      let parts = plan.parts(of: size)
      #expect(parts.flatMap(\.cases) == plan.cases)
      #expect(parts.flatMap(\.files) == plan.files)
      #expect(parts.allSatisfy { $0.cases.count <= size && $0.settings == plan.settings })
    }
    #expect(RunPlan.of([]).parts(of: 10).count == 1)
  }
}

extension RunPlan {
  /// A plan of some cases.
  static func of(_ cases: [Case]) -> RunPlan {
    RunPlan(
      cases: cases.map {
        PlannedCase(
          id: $0.id, name: $0.name, location: $0.scenario.location, retries: $0.scenario.retries,
          digest: "d-\($0.id)")
      }, settings: RunSettings(), files: cases.map { FileDigest(file: $0.id, digest: "f") })
  }
}

/// The same numbers for the same seed.
private struct SeededRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
