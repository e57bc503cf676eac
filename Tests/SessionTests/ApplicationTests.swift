import Hands
import JSONCoding
import Pixels
import Scenario
import Testing

@testable import Session
@testable import Story

/// The application under test: crashed, ended, handed over, and what that makes of each kind of step.
struct ApplicationTests {
  private static let bad: [ApplicationState.End] = [.signaled(11), .signaled(9), .exited(3)]

  /// Each kind of step, and what happens until it waits for something.
  private static let kinds: [(step: Step, events: [SessionEvent])] = [
    (.click("A"), [.sees(1)]), (.click("A"), [.sees(1), .found(50, 50), .unchanged]),
    (.the(.type(Typing(text: Template("a")))), [.sees(1)]),
    (.the(.press([KeyChord(keys: ["enter"])])), []),
    (.the(.drag(from: Target("A"), to: Target("B"))), [.sees(1)]),
    (.the(.scroll(.down, notches: 1, at: nil)), []), (.act("click A"), []),
    (.the(.wait(.time(.seconds(3)))), []),
    (.the(.wait(.text(Template("A"), region: nil))), [.sees(1)]),
    (.the(.wait(.absent(Template("A"), region: nil))), [.sees(1)]),
    (.the(.wait(.settled(.seconds(1)))), []), (.expect(.shows("A")), [.sees(1)]),
    (.expect(.absent(Template("A"), region: nil)), [.sees(1)]),
    (.expect(.not(.shows("A"))), [.sees(1)]),
    (.expect(.never(Template("A"), region: nil, during: .step, watching: .zero)), [.sees(1)]),
    (.expect(.application(.running)), []),
    (.the(.read(Reading(what: Template("A")))), [.sees(1)]), (.the(.screenshot("x")), []),
  ]

  /// What the effect comes to when all is well.
  private static func goesWell(_ effect: Effect) -> SessionEvent {
    var world = World(seed: 1)
    switch effect {
    case .observe: return .sees(2)
    case .interpret: return .interpreted(moves: [.point(.click, Target("A"))])
    case .locate: return .found(50, 50)
    case .compare: return .unchanged
    case .examine(let leaves, _):
      return .examined(readings: leaves.map { _ in LeafReading(holds: true, measured: "so") })
    case .read: return .readValues(values: ["7"])
    case .keepPicture: return .pictureKept(frame: .number(3))
    case .settle: return .quiet
    default: return world.answer(to: effect)
    }
  }

  @Test func `the last action of a case is given time to be answered`() {
    let checks: [Step] = [.click("B"), .expect(.shows("A")), .act("click B")]
    let others: [Step] = [.note("x"), .the(.screenshot("x")), .the(.wait(.time(.seconds(1))))]
    func isPatient(before next: Step, _ change: (inout SessionPlan) -> Void = { _ in }) -> Bool? {
      var plan = SessionPlan.of(.click("A"), next).ofApplication()
      change(&plan)
      var script = Script.prepared(plan)
      script.send([.sees(1), .found(50, 50), .unchanged, .acted])
      guard case .settle(_, let isPatient) = script.effect else { return nil }
      return isPatient
    }
    for next in others {
      #expect(isPatient(before: next) == true, "\(next.title)")
      // Nobody watches an application that is not ours, and older recordings were decided without.
      #expect(
        isPatient(before: next) { $0.testCase.scenario.target = TargetSpec(screen: .demo("x")) }
          == false)
      #expect(isPatient(before: next) { $0.rules = .first } == false)
    }
    // Whatever looks at the application again hears of its end.
    for next in checks { #expect(isPatient(before: next) == false, "\(next.title)") }
  }

  @Test(arguments: bad)
  func `a crash ends the step in flight and says how, when and with what words`(
    end: ApplicationState.End
  ) {
    for (step, events) in Self.kinds {
      var script = Script.prepared(.of(step, .expect(.holds)).ofApplication())
      script.send(events)
      script.learn(.ended(end))
      script.send(Self.goesWell(script.effect), after: .milliseconds(500))
      #expect(script.verdict == .error, "\(step.title)")
      #expect(script.reason.contains(end.words), "\(step.title): \(script.reason)")
      #expect(script.reason.contains("“./app”") && script.reason.contains("2.5s ago"))
      #expect(script.reason.contains("“no such file”"), "\(script.reason)")
    }
  }

  @Test func `a crash is not retried and not forgiven by an optional step`() {
    let step = Step.the(
      .screenshot("x"), optional: true, retry: Step.Retry(times: 3, every: .seconds(1)))
    var script = Script.prepared(.of(step, .expect(.holds)).ofApplication())
    script.learn(.ended(.signaled(6)))
    script.send(.pictureKept(frame: .number(1)))
    #expect(script.verdict == .error)
    #expect(script.reason.contains("SIGABRT"))
  }

  @Test func `teardown runs after a crash, and its pictures are kept`() {
    var script = Script.prepared(
      .of(
        .expect(.shows("A")),
        teardown: [.the(.screenshot("x")), .expect(.absent(Template("A"), region: nil))]
      ).ofApplication())
    script.learn(.ended(.signaled(11)))
    #expect(script.send(.sees(1)) == .keepPicture(name: "x"))
    script.send(.pictureKept(frame: .number(2)))
    #expect(script.verdict == .error)
    #expect(script.endings.map(\.verdict) == [.error, .passed, .error])
  }

  @Test func `a crash before the first step ends it`() {
    var script = Script(
      .of(.note("hello"), .expect(.holds), teardown: [.note("bye")]).ofApplication())
    script.learn(.ended(.exited(127)))
    script.send(.prepared(size: .screen, description: "test"))
    #expect(script.verdict == .error)
    #expect(script.reason.contains("with status 127"))
    #expect(script.endings.map(\.verdict) == [.error, .passed])
  }

  @Test func `an interrupt and a limit stay what they are`() {
    for (event, verdict) in [
      (SessionEvent.interrupted, Verdict.interrupted), (.limitReached, .timedOut),
    ] {
      var script = Script.prepared(.of(.expect(.shows("A"))).ofApplication())
      script.learn(.ended(.signaled(11)))
      script.send(event)
      #expect(script.verdict == verdict)
    }
  }

  // MARK: - Ended well

  @Test(arguments: [
    Check.absent(Template("A"), region: nil), .not(.shows("A")),
    .not(.image(path: "a.png", Likeness(), region: nil)),
    .never(Template("A"), region: nil, during: .case, watching: .zero),
    .unchanged(Check.Baseline(name: "a")), .all([.absent(Template("A"), region: nil)]),
  ])
  func `after an end with 0 a check for absence cannot tell`(check: Check) {
    var script = Script.prepared(.of(.expect(check)).ofApplication())
    script.learn(.ended(.exited(0)))
    // What is not there now might have been drawn last: it is looked at once more, and no longer.
    let isAbsent: SessionEvent =
      check.leaves.first?.asksPast == true
      ? .past(false) : .reads(check.leaves.first.map { !$0.isShown } ?? true)
    #expect(script.send([.sees(1), isAbsent]) == .observe(settled: true))
    script.send([.sees(2), isAbsent])
    #expect(script.verdict == .error)
    #expect(script.reason.hasPrefix("expect") && script.reason.contains("cannot tell"))
    #expect(script.reason.contains("ended with status 0, 2s ago"), "\(script.reason)")
    #expect(script.evidence.last?.doubt != nil)
  }

  /// It ended just now.
  private static let justEnded = ApplicationState(
    isRunning: false, end: .exited(0), ago: .zero, lastLines: [])

  @Test(arguments: [Check.shows("A"), .not(.shows("A")), .absent(Template("A"), region: nil)])
  func `the last picture of what is gone proves nothing`(check: Check) {
    var script = Script.prepared(.of(.expect(check)).ofApplication())
    script.learn(Self.justEnded)
    let isShown = check == .absent(Template("A"), region: nil) ? false : true
    script.send([.sees(1), .reads(isShown)])
    #expect(script.effect == .awaitChange(upTo: .seconds(1)), "its window may not be gone yet")
    script.send(.changed(didChange: false), after: .seconds(1))
    script.send([.sees(2), .reads(!isShown)])
    #expect(script.verdict == .error, "\(script.reason)")
  }

  @Test func `nothing is pressed and nothing read on the last picture of what is gone`() {
    var script = Script.prepared(.of(.click("A")).ofApplication())
    script.learn(Self.justEnded)
    script.send([.sees(1), .found(50, 50)])
    #expect(script.effect == .awaitChange(upTo: .seconds(1)))
    script.send(.changed(didChange: true), after: .seconds(1))
    script.send([.sees(2), .missing])
    #expect(script.verdict == .error && script.outcome?.actions == 0)
    var read = Script.prepared(.of(.the(.read(Reading(what: Template("A"))))).ofApplication())
    read.learn(Self.justEnded)
    read.send([.sees(1), .readValues(values: ["7"])])
    #expect(read.effect == .awaitChange(upTo: .seconds(1)))
  }

  @Test func `what is seen after the end is seen, and what was seen to be there is not absent`() {
    var script = Script.prepared(
      .of(.expect(.shows("A")), .expect(.absent(Template("B"), region: nil))).ofApplication())
    script.learn(.ended(.exited(0)))
    // The first look began before its end was known, and is not the last.
    script.send([.sees(1), .reads(true), .sees(2), .reads(true), .sees(3), .reads(false)])
    #expect(script.verdict == .failed)
    #expect(script.endings.first == .passed)
  }

  @Test func `a step that needs a screen says that the application has ended, and does not wait`() {
    for step in [
      Step.click("A"), .the(.press([KeyChord(keys: ["enter"])])),
      .the(.point(.click, Target(.at(x: 5, y: 5)))), .the(.type(Typing(text: Template("a")))),
      .expect(.shows("A")), .the(.wait(.text(Template("A"), region: nil))),
      .the(.wait(.absent(Template("A"), region: nil))), .the(.read(Reading(what: Template("A")))),
      .act("buy a cow"), .act("click A", lane: .model), .expect(.says("It is red")),
    ] {
      var plan = SessionPlan.of(step, model: .plain).ofApplication()
      plan.patience = .seconds(3600)
      var script = Script(plan)
      script.learn(.ended(.exited(0)))
      script.send(.prepared(size: .screen, description: "test"))
      for _ in 0..<8 where script.outcome == nil {
        switch script.effect {
        case .observe: script.send(.sees(1))
        case .locate: script.send(.missing)
        case .examine(let leaves, _):
          script.send(.reads(!(leaves.first?.isShown ?? true)))
        case .read: script.send(.readValues(values: []))
        case .interpret: script.send(.interpreted(moves: nil))
        default: Issue.record("\(step.title) wants \(script.effect)")
        }
      }
      #expect(script.verdict == .error, "\(step.title)")
      #expect(script.reason.contains("ended with status 0"), "\(step.title): \(script.reason)")
    }
  }

  @Test func `a step that ends the application well, and others that need none, pass`() {
    var script = Script.prepared(
      .of(
        .expect(.shows("A")), .click("Quit"), .the(.wait(.time(.seconds(1)))),
        .the(.screenshot("end"))
      ).ofApplication())
    script.send([.sees(1), .reads(true), .sees(2), .found(50, 50), .unchanged, .acted])
    script.learn(.ended(.exited(0)))
    script.send([.quiet, .elapsed, .pictureKept(frame: .number(3))])
    #expect(script.verdict == .passed)
  }

  @Test func `a model is told that the application has ended, and may end its step`() {
    var script = Script.prepared(
      .of(.act("leave the program"), .expect(.application(.ended(exit: 0))), model: .plain)
        .ofApplication())
    script.send([.interpreted(moves: nil), .sees(1), .clicks(5, 5), .unchanged, .acted])
    script.learn(.ended(.exited(0)))
    script.send([.quiet, .sees(2)])
    #expect(script.lastTold.contains("The application has ended."))
    script.send([.ends("success"), .sees(3)])
    #expect(script.verdict == .passed)
  }

  // MARK: - Ends that are meant

  @Test(arguments: [ApplicationState.End.exited(0), .exited(3), .signaled(9)])
  func `an end that the scenario allows changes nothing, and a bad one is a warning`(
    end: ApplicationState.End
  ) {
    var script = Script.prepared(
      .of(.expect(.absent(Template("A"), region: nil))).ofApplication(ends: true))
    script.learn(.ended(end))
    script.send([.sees(1), .reads(true)])
    #expect(script.verdict == .passed)
    #expect(script.warnings.count == (end.isGood ? 0 : 1))
  }

  @Test func `a check that asks for the end is polled, and what follows may rely on it`() {
    var script = Script.prepared(
      .of(
        .click("Quit"), .expect(.application(.ended(exit: 3))),
        .expect(.absent(Template("A"), region: nil))
      ).ofApplication())
    script.send([.sees(1), .found(50, 50), .unchanged, .acted, .quiet])
    #expect(script.send(.sees(2)) == .awaitChange(upTo: .milliseconds(200)))
    script.learn(.ended(.exited(3)))
    #expect(script.send(.changed(didChange: false)) == .observe(settled: true))
    script.send([.sees(3), .sees(4), .reads(true)])
    #expect(script.verdict == .passed)
    #expect(script.outcome?.checksHeld == 2)
  }

  @Test func `a later check that asks for the end lets the step go on, and then decides`() {
    for (check, verdict) in [
      (Check.application(.ended(exit: 0)), Verdict.failed),
      (.application(.ended(exit: nil)), .passed),
      (.not(.application(.running)), .passed), (.application(.running), .error),
    ] {
      var script = Script.prepared(
        .of(.the(.wait(.time(.seconds(1)))), .expect(check)).ofApplication())
      script.learn(.ended(.signaled(15)))
      script.send(.elapsed)
      for number in 1...3 where script.outcome == nil { script.send(.sees(number)) }
      #expect(script.verdict == verdict, "\(check.title)")
      #expect(verdict == .passed || script.reason.contains("SIGTERM"), "\(script.reason)")
    }
  }

  @Test func `between a bad end and the check that asks for it nothing absent is believed`() {
    var script = Script.prepared(
      .of(
        .expect(.absent(Template("A"), region: nil)), .expect(.application(.ended(exit: nil)))
      ).ofApplication())
    script.learn(.ended(.signaled(11)))
    script.send([.sees(1), .reads(true), .sees(2), .reads(true)])
    #expect(script.verdict == .error)
  }

  @Test func `an application that runs is running`() {
    var script = Script.prepared(.of(.expect(.application(.running))).ofApplication())
    script.send(.sees(1))
    #expect(script.verdict == .passed)
    script = .prepared(
      .of(.expect(.application(.ended(exit: nil))), patience: .zero).ofApplication())
    script.send(.sees(1))
    #expect(script.verdict == .failed)
  }

  @Test func `a target without an application of ours cannot be asked`() {
    for check in [Check.application(.running), .log(Check.LogCheck(text: Template("a")))] {
      let script = Script.prepared(.of(.expect(check)))
      #expect(script.verdict == .error)
      #expect(script.reason.contains("run:"))
    }
  }

  // MARK: - Handed over

  @Test func `a lost command with something left makes absence doubtful and nothing else`() {
    let lost = ApplicationState(isRunning: true, end: .signaled(11))
    var script = Script.prepared(
      .of(.expect(.shows("A")), .expect(.absent(Template("B"), region: nil)), patience: .zero)
        .ofApplication())
    script.learn(lost)
    script.send([.sees(1), .reads(true), .sees(2), .reads(true)])
    #expect(script.verdict == .error)
    #expect(script.endings.first == .passed)
    #expect(script.reason.contains("the command of the application"), "\(script.reason)")
  }

  // MARK: - The recording

  @Test func `what was heard of the application is replayed, and an output is no decision`() throws
  {
    var script = Script.prepared(
      .of(.click("A"), .expect(.absent(Template("A"), region: nil))).ofApplication())
    script.send([.sees(1), .found(50, 50), .unchanged, .acted])
    script.learn(.ended(.exited(0)))
    script.send([.quiet, .sees(2), .reads(true)])
    #expect(script.verdict == .error)
    let output = ApplicationOutput(file: "a.log", lines: ["bye"], end: .exited(0))
    let entries = script.entries + [.output(output)]
    let read = try entries.map { entry in
      try #require(try JournalEntry(type: entry.type, fields: .object(entry.fields())))
    }
    #expect(read == entries)
    let result = try Replay.decide(read)
    #expect(result.difference == nil && !result.isCutShort)
    let without = try Replay.decide(
      entries.filter { if case .application = $0 { false } else { true } })
    #expect(without.difference != nil)
  }
}

extension Check {
  fileprivate var leaves: [Check] { CheckTree(self).leaves }
  /// Whether it holds where something is shown.
  fileprivate var isShown: Bool {
    switch self {
    case .text, .image, .seen: true
    default: false
    }
  }
}

/// What the screen shows of an application that is stopped.
struct StoppedApplicationTests {
  private static let stopped = ApplicationState(isRunning: true, end: nil, isStopped: true)

  private func check(
    goesOn: Bool, rules: SessionPlan.Rules = .current
  ) -> Script {
    var plan = SessionPlan.of(.expect(.shows("A")), patience: .seconds(2)).ofApplication()
    plan.rules = rules
    var script = Script.prepared(plan)
    script.learn(Self.stopped)
    script.send([.sees(1), .reads(true)])
    guard script.verdict == nil else { return script }
    if goesOn { script.learn(ApplicationState(isRunning: true, end: nil)) }
    script.send(.changed(didChange: true), after: .seconds(goesOn ? 1 : 2))
    script.send([.sees(2), .reads(true)])
    return script
  }

  @Test func `is not believed, and the check says so`() {
    let script = check(goesOn: false)
    #expect(script.verdict == .error)
    #expect(script.reason.contains("is stopped (SIGSTOP)"), "\(script.reason)")
  }

  @Test func `counts again when it goes on, and in older recordings`() {
    #expect(check(goesOn: true).verdict == .passed)
    #expect(check(goesOn: false, rules: .eleventh).verdict == .passed)
  }
}
