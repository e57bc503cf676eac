import Digests
import JSONCoding
import Pixels
import Platform
import Recording
import Scenario
import Story
import Testing

@testable import Reports

struct RunFoldTests {
  private let report: RunReport

  init() throws { report = RunFold.report(try SampleRun.lines(pictures: ["cart": "c"])) }

  private func find(_ id: String) throws -> CaseReport {
    try #require(report.cases.first { $0.id == id })
  }

  @Test func `counts cases by their final verdict`() {
    #expect(report.counts.total == 8)
    #expect(report.counts[.passed] == 2)
    #expect(report.counts.failures == 3)
    #expect(report.counts.errors == 1)
    #expect(report.counts[.flaky] == 1)
    #expect(report.counts.unchecked == 1)
    #expect(report.verdict == .failed)
    #expect(report.duration == .milliseconds(183_250))
    #expect(report.warnings == [])
  }

  @Test func `keeps what is known of a case`() throws {
    let item = try find("sign-in")
    #expect(item.name == "Sign in with a valid account")
    #expect(item.tags == ["smoke", "auth"])
    #expect(item.location?.file == "scenarios/sign-in.yaml")
    #expect(item.properties.map(\.value) == ["web-team"])
    #expect(item.usage.calls == 1)
    #expect(item.usage.promptTokens == 1843)
    #expect(item.attempts.first?.target == "demo sign-in")
  }

  @Test func `what was held is told once, and as done only when it was`() throws {
    let action = Action.press(chords: [])
    let testCase = SampleRun.makeCase("a", "A")
    var script = Script()
    try script.runCase(testCase, .passed) { script in
      try script.attempt(testCase, 1, .passed) { script in
        try script.step("press") { script in
          let proposal = Proposal(lane: .model, action: action, frame: script.frame)
          let asked = Effect.think(role: "act", appended: [], digest: "d")
          try script.effect(asked)
          for effect in [asked, .act(action: action)] {
            if case .act = effect {
              try script.event(.replied(reply: ModelReply()))
              try script.note(.proposed(proposal: proposal))
              try script.effect(effect)
            }
            try script.order(.hold)
            try script.effect(.hold)
            try script.order(.goOn(until: nil))
            if case .think = effect { try script.effect(effect) }
          }
        }
      }
    }
    let step = try #require(
      RunFold.report(script.lines).cases.first?.attempts.first?.steps.first)
    let asked = step.moments.filter { if case .asked = $0.kind { true } else { false } }
    #expect(asked.count == 1)
    let actions = step.moments.compactMap { moment in
      if case .action(let report) = moment.kind { report.status } else { nil }
    }
    #expect(actions == [.proposed], "it was held, and never done")
  }

  @Test func `keeps the steps with lane, groups, phase and time`() throws {
    let steps = try #require(find("sign-in").attempts.first).steps
    #expect(steps.map(\.info.index) == [0, 1, 2, 3, 4])
    #expect(steps.map(\.lane) == [.local, .local, .model, nil, nil])
    #expect(steps[0].info.groups == ["Sign in"])
    #expect(steps[4].info.phase == .teardown)
    #expect(steps.allSatisfy { $0.ending == .passed && $0.duration > .zero })
    #expect(steps[2].laneReason.contains("is not on the screen"))
  }

  @Test func `follows an action from its proposal to the screen after it`() throws {
    let step = try #require(find("sign-in").attempts.first).steps[2]
    let actions = step.moments.compactMap {
      if case .action(let action) = $0.kind { action } else { nil }
    }
    let action = try #require(actions.first)
    #expect(actions.count == 1)
    #expect(action.status == .done)
    #expect(action.lane == .model)
    #expect(action.target?.text == "Sign in")
    #expect(action.settling == .quiet(after: .milliseconds(180)))
    #expect(action.before?.sequence != action.after?.sequence)
    #expect(action.after != nil)
  }

  @Test func `tells a refused proposal from one that was done`() throws {
    var script = Script()
    let item = SampleRun.makeCase("a", "A")
    try script.runCase(item, .passed) { s in
      try s.attempt(item, 1, .passed) { s in
        try s.step("click") { s in
          let action = Action.press(chords: [KeyChord(keys: ["enter"])])
          try s.note(.proposed(proposal: Proposal(lane: .model, action: action, frame: s.frame)))
          try s.note(.rejected(reason: "the screen changed"))
          try s.act(action)
          try s.note(.rejected(reason: "no such tool"))
        }
      }
    }
    let moments = try #require(RunFold.report(script.lines).cases.first?.attempts.first).steps[0]
      .moments
    let statuses = moments.compactMap {
      if case .action(let action) = $0.kind { action.status } else { nil }
    }
    #expect(statuses == [.refused(reason: "the screen changed"), .done])
    #expect(moments.last?.kind == .warning("no such tool"))
  }

  @Test func `makes one moment of a check that was polled`() throws {
    let step = try #require(find("sign-in-wrong").attempts.last?.steps.last)
    let checks = step.moments.compactMap {
      if case .check(let check) = $0.kind { check } else { nil }
    }
    #expect(checks.map(\.looks) == [3])
    #expect(checks.first?.evidence.holds == false)
    #expect(try find("sign-in-wrong").attempts.last?.decidingStep == step)
  }

  @Test func `keeps a fault with its domain`() throws {
    let attempt = try #require(find("invoice").attempts.first)
    #expect(attempt.failureType == "model")
    #expect(attempt.ending.verdict == .error)
    let isUnanswered = attempt.allMoments.contains {
      if case .asked(let call) = $0.kind { call.reply == nil } else { false }
    }
    #expect(isUnanswered)
  }

  @Test func `reports a run that was cut off anywhere`() throws {
    let lines = try SampleRun.lines()
    for count in lines.indices {
      let report = RunFold.report(lines[..<count])
      #expect(report.ending == nil)
      #expect(report.verdict != .passed)
      for item in report.cases where item.verdict == .passed {
        #expect(item.attempts.last?.outcome?.ending == .passed)
      }
    }
  }

  @Test func `says of an attempt that was cut off what it was doing`() throws {
    let lines = try SampleRun.lines()
    let end = try #require(lines.firstIndex { $0.caseID == "sign-in-wrong" && $0.attempt == 2 })
    let report = RunFold.report(lines[...(end + 12)])
    let item = try #require(report.cases.last)
    #expect(item.ending == Ending(.interrupted, "the run was cut off"))
    #expect(item.attempts.last?.ending.verdict == .interrupted)
    #expect(item.attempts.last?.steps.last?.ending.verdict == .interrupted)
    #expect(report.notRun == 6)
    #expect(report.headline == "The run was cut off after 1 of 8 cases")
  }

  @Test func `calls a case flaky when only its last attempt passed`() throws {
    var script = Script()
    let item = SampleRun.makeCase("a", "A")
    try script.runCase(item, nil) { s in
      try s.attempt(item, 1, Ending(.failed, "no")) { _ in }
      try s.attempt(item, 2, .passed) { _ in }
    }
    #expect(RunFold.report(script.lines).cases.first?.verdict == .flaky)
  }

  @Test func `takes the verdict of the attempt that a resumed run made`() throws {
    var script = Script()
    let item = SampleRun.makeCase("a", "A")
    try script.run(.runStarted(SampleRun.info))
    try script.runCase(item, Ending(.interrupted, "SIGTERM"))
    try script.run(
      .runFinished(RunEnding(duration: .seconds(1), exitCode: 143, signal: "SIGTERM")))
    try script.run(.runStarted(SampleRun.info))
    try script.runCase(item, nil) { s in try s.attempt(item, 2, .passed) { _ in } }
    let report = RunFold.report(script.lines)
    #expect(report.cases.map(\.verdict) == [.passed])
    #expect(report.ending == nil)
  }

  @Test func `ignores what it does not know, and warns of what it cannot read`() throws {
    var lines = try SampleRun.passing()
    let count = lines.count
    lines.append(JournalLine(sequence: count, time: .zero, type: "from.tomorrow"))
    let fields = JSONObject([("note", JSON.string("nonsense"))])
    lines.append(
      JournalLine(
        sequence: count + 1, time: .zero, caseID: "sign-in", attempt: 1, type: "note",
        fields: fields))
    let report = RunFold.report(lines)
    #expect(report.warnings == ["line \(count + 1) of the journal (note) could not be understood"])
    #expect(report.verdict == .passed)
  }

  @Test func `is the same from memory and from the disk`() async throws {
    let fixture = try await Fixture()
    let pictures = Dictionary(
      uniqueKeysWithValues: try ["empty", "filled", "wrong", "welcome", "cart"].map { name in
        (
          name,
          SHA256(of: try Files.read("\(fixtures)/\(name).png", limit: 1 << 20)).description
        )
      })
    #expect(try fixture.report() == RunFold.report(try SampleRun.lines(pictures: pictures)))
  }
}
