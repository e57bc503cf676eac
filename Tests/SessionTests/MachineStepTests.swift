import Pixels
import Scenario
import Testing

@testable import Session
@testable import Story

/// The way from step to step, and how an attempt ends.
struct MachineStepTests {
  @Test func `goes through setup, steps and teardown in order`() {
    let script = Script.prepared(
      .of(.note("b"), .note("c"), setup: [.note("a")], teardown: [.note("d")]))
    let started = script.notes.compactMap { note in
      if case .stepStarted(let info) = note { info } else { nil }
    }
    #expect(started.map(\.title) == ["a", "b", "c", "d"])
    #expect(started.map(\.phase) == [.setup, .steps, .steps, .teardown])
    #expect(started.map(\.index) == [0, 1, 2, 3])
    #expect(script.endings == [.passed, .passed, .passed, .passed])
  }

  @Test func `opens groups, and hands down what they say`() {
    let inner = Step.the(
      .group(name: "inner", steps: [.note("a"), .expect(.fails)]), optional: true)
    let condition = Step.Condition(
      left: Template("x"), comparison: .equal, right: Template("y"))
    let outer = Step.the(.group(name: "outer", steps: [inner, .note("b")]))
    let skipped = Step.the(.group(name: "not", steps: [.expect(.fails)]), when: condition)
    let script = Script.prepared(.of(outer, skipped, .expect(.holds)))
    let groups = script.notes.compactMap { note in
      if case .stepStarted(let info) = note { info.groups } else { nil }
    }
    #expect(groups == [["outer", "inner"], ["outer", "inner"], ["outer"], ["not"], []])
    #expect(script.endings.map(\.verdict) == [.passed, .failed, .passed, .skipped, .passed])
    #expect(script.outcome?.ending == .passed)
  }

  @Test(arguments: [
    ("a", Step.Condition.Comparison.equal, "a", true), ("a", .equal, "b", false),
    ("a", .notEqual, "b", true), ("a", .notEqual, "a", false),
  ])
  func `runs a step when its condition holds`(
    left: String, comparison: Step.Condition.Comparison, right: String, runs: Bool
  ) {
    let condition = Step.Condition(
      left: Template(left), comparison: comparison, right: Template(right))
    let script = Script.prepared(.of(.the(.expect(.fails), when: condition)))
    #expect(script.verdict == (runs ? .failed : .passed))
    #expect(script.endings.first?.verdict == (runs ? .failed : .skipped))
  }

  @Test func `calls a condition on a missing result an error`() {
    let condition = Step.Condition(
      left: Template([.result("x")]), comparison: .equal, right: Template("y"))
    #expect(Script.prepared(.of(.the(.note(Template("a")), when: condition))).verdict == .error)
  }

  @Test func `how a step ended is known to the later ones, whatever it does`() {
    let not = Step.Condition(left: Template("x"), comparison: .equal, right: Template("y"))
    let script = Script.prepared(
      .of(
        .the(.note(Template("a")), as: "good"),
        .the(.expect(.fails), as: "bad", optional: true),
        .the(.note(Template([.result("none.value")])), as: "broken", optional: true),
        .the(.note(Template("b")), as: "left", when: not),
        .the(
          .group(
            name: "g",
            steps: [.note("c"), .the(.expect(.fails), optional: true), .note("d")]), as: "group"),
        .the(.group(name: "h", steps: [.the(.note(Template("e")), when: not)]), as: "idle"),
        .expect(.fails), .the(.note(Template("f")), as: "never"),
        teardown: [
          .the(
            .note(
              Template(
                ["good", "bad", "broken", "left", "group", "idle", "never"].flatMap {
                  [.result("\($0).status"), .literal(" ")]
                }))),
          .the(.note(Template([.result("bad.reason"), .result("good.reason")]))),
          .the(.note(Template([.result("good.seconds"), .literal("s")]))),
        ]))
    let told = script.notes.compactMap { if case .remark(let text) = $0 { text } else { nil } }
    #expect(told.contains("passed failed error skipped failed skipped skipped "), "\(told)")
    #expect(told.contains { $0.contains("“1”") && $0.contains("“2”") }, "\(told)")
    #expect(told.contains("0.000s"))
    #expect(script.verdict == .failed)
  }

  @Test func `a recording from before knows no status, and decides as it did`() {
    var plan = SessionPlan.of(
      .the(.note(Template("a")), as: "good"), .note("b"),
      .the(.note(Template([.result("good.status")]))))
    plan.rules = .ninth
    #expect(Script.prepared(plan).verdict == .error)
  }

  @Test func `tries a step again, with all of its time`() {
    let step = Step.the(
      .point(.click, Target("Save")), timeout: .seconds(2),
      retry: Step.Retry(times: 2, every: .seconds(5)))
    var script = Script.prepared(.of(step))
    for _ in 1...2 {
      script.send(.sees(1))
      #expect(script.send(.missing) == .awaitChange(upTo: .seconds(1)))
      script.send([.changed(didChange: false), .sees(1)])
      #expect(script.send(.missing, after: .seconds(2)) == .pause(duration: .seconds(5)))
      #expect(script.send(.elapsed, after: .seconds(5)) == .observe(settled: false))
    }
    script.send(.sees(1))
    script.send(.missing, after: .seconds(2))
    #expect(script.verdict == .failed)
    #expect(script.endings.count == 1)
  }

  @Test func `reads again after a retry with all of its time`() {
    let step = Step.the(
      .read(Reading(what: Template("x"))), timeout: .seconds(2), retry: Step.Retry(times: 1))
    var script = Script.prepared(.of(step))
    script.send(.sees(1))
    script.send(.readValues(values: []), after: .seconds(2))
    #expect(script.effect == .pause(duration: .seconds(1)))
    script.send([.elapsed, .sees(1)])
    #expect(script.send(.readValues(values: [])) == .awaitChange(upTo: .seconds(1)))
  }

  @Test func `passes on a later try`() {
    let step = Step.the(
      .expect(.shows("A")), timeout: .zero, retry: Step.Retry(times: 1, every: .zero))
    var script = Script.prepared(.of(step))
    script.send([.sees(1), .reads(false), .elapsed, .sees(2), .reads(true)])
    #expect(script.outcome == Outcome(ending: .passed, checksHeld: 1))
  }

  @Test func `starts each try in its own lane`() {
    var script = Script.prepared(
      .of(
        .the(.point(.click, Target("A")), timeout: .zero, retry: Step.Retry(times: 1)),
        model: .plain))
    script.send([.sees(1), .missing, .sees(1), .fails(.model), .elapsed])
    script.send([.sees(1), .located(location: .ambiguous([]))])
    #expect(script.verdict == .error)
    #expect(script.lanes == [.scenario, .model, .scenario])
  }

  @Test func `stops at the first failure, and tears down`() {
    let script = Script.prepared(
      .of(.expect(.fails), .expect(.holds), teardown: [.note("clean"), .note("up")]))
    #expect(script.verdict == .failed)
    #expect(script.endings.map(\.verdict) == [.failed, .passed, .passed])
  }

  @Test func `calls a failure in setup an error and skips the steps`() {
    let script = Script.prepared(
      .of(.expect(.holds), setup: [.expect(.fails)], teardown: [.note("x")]))
    #expect(script.verdict == .error)
    #expect(script.reason.hasPrefix("setup: expect"))
    #expect(script.endings.map(\.verdict) == [.failed, .passed])
  }

  @Test func `goes on with teardown after a failure in it, and calls that an error`() {
    let script = Script.prepared(
      .of(.expect(.holds), teardown: [.expect(.fails), .note("x")]))
    #expect(script.verdict == .error)
    #expect(script.reason.hasPrefix("teardown: expect"))
    #expect(script.endings.map(\.verdict) == [.passed, .failed, .passed])
    let failed = Script.prepared(.of(.expect(.fails), teardown: [.expect(.fails)]))
    #expect(failed.verdict == .failed)
    #expect(failed.warnings.count == 1)
  }

  @Test func `forgives an optional step a failure and an error`() {
    for (events, verdict) in [
      ([SessionEvent.sees(1), .missing], Verdict.failed), ([.fails(.perception)], .error),
    ] {
      let step = Step.the(.point(.click, Target("A")), timeout: .zero, optional: true)
      var script = Script.prepared(.of(step, .expect(.holds)))
      script.send(events)
      #expect(script.outcome?.ending == .passed)
      #expect(script.endings.map(\.verdict) == [verdict, .passed])
      #expect(script.warnings.first?.hasPrefix("an optional step did not work") == true)
    }
  }

  @Test(arguments: [
    SessionEvent.fails(.harness), .elapsed, .limitReached, .interrupted,
  ])
  func `forgives an optional step nothing else`(event: SessionEvent) {
    let step = Step.the(
      .point(.click, Target("A")), optional: true, retry: Step.Retry(times: 3))
    var script = Script.prepared(.of(step, .expect(.holds)))
    script.send(event)
    #expect(script.outcome != nil)
    #expect(script.verdict != .passed)
  }

  @Test func `keeps a picture for the report`() {
    var script = Script.prepared(.of(.the(.screenshot("cart"))))
    #expect(script.effect == .keepPicture(name: "cart"))
    script.send(.pictureKept(frame: .number(4)))
    #expect(script.verdict == .passed)
  }

  @Test func `says what it cannot do`() {
    let kind = Step.Kind.tool(ToolCall(server: "s", name: "n"))
    let script = Script.prepared(.of(.the(kind)))
    #expect(script.verdict == .error)
    #expect(script.reason.contains("this version cannot do `tool` steps yet"))
  }

  @Test func `copes with very many steps that end at once`() {
    var plan = SessionPlan.of(.note("x"))
    let condition = Step.Condition(left: Template("x"), comparison: .equal, right: Template("y"))
    plan.testCase.scenario.steps = (0..<20_000).map { number in
      number % 2 == 0 ? .note("x") : .the(.expect(.fails), when: condition)
    }
    let script = Script.prepared(plan)
    #expect(script.verdict == .passed)
    #expect(script.endings.count == 20_000)
  }

  @Test func `needs no step to end`() {
    var plan = SessionPlan.of(.note("x"))
    plan.testCase.scenario.steps = []
    #expect(Script.prepared(plan).outcome?.isUnchecked == true)
  }

  @Test func `measures a step from its beginning`() {
    var script = Script.prepared(.of(.the(.wait(.time(.seconds(1)))), isSupervised: true))
    script.order(.goOn(until: nil), after: .seconds(50))
    script.send(.elapsed, after: .seconds(1))
    #expect(
      script.lastNotes == [.stepFinished(step: 0, ending: .passed, duration: .seconds(1))])
  }

  @Test func `begins once`() {
    var machine = SessionMachine(plan: .of(.note("x")))
    #expect(machine.start().effect == .prepare)
    guard case .finish(let outcome) = machine.start().effect else {
      Issue.record("goes on")
      return
    }
    #expect(outcome.ending.verdict == .error)
  }
}
