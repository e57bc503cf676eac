import JSONCoding
import Pixels
import Scenario
import Testing

@testable import Session
@testable import Story

/// Faults, limits, signals, and the person.
struct MachineLimitTests {
  // MARK: - Faults

  @Test(arguments: Fault.Domain.allCases)
  func `calls a target that does not come up an error`(domain: Fault.Domain) {
    var script = Script(.of(.expect(.holds), teardown: [.note("x")]))
    script.send(.fails(domain))
    #expect(script.outcome == Outcome(ending: Ending(.error, "it broke")))
    #expect(script.endings == [])
  }

  @Test func `an action of which nothing was sent is decided anew after the connection is back`() {
    var script = Script.prepared(.of(.click("A")))
    script.send([.sees(1), .found(50, 50), .unchanged])
    let fault = Fault(.screen, "it is gone", isTransient: true, wasNotDone: true)
    #expect(script.send(.failed(fault: fault)) == .recover)
    script.send([.recovered(size: .screen), .sees(1), .found(80, 50), .unchanged])
    #expect(script.effect == .act(action: .click(80, 50)))
    script.send([.acted, .quiet])
    #expect(script.outcome?.actions == 1)
  }

  @Test func `a model is told that its action was not done`() {
    var script = Script.prepared(.of(.act("Sign in"), model: .plain))
    script.send([.interpreted(moves: nil), .sees(1), .clicks(100, 50), .unchanged])
    let fault = Fault(.screen, "it is gone", isTransient: true, wasNotDone: true)
    #expect(script.send(.failed(fault: fault)) == .recover)
    script.send([.recovered(size: .screen), .sees(1)])
    #expect(script.machine.conversation.isValid)
    #expect(
      script.machine.conversation.contains {
        $0.parts.contains(.text("Not done: the screen was lost. Look again."))
      })
  }

  @Test func `brings a lost screen back and looks again`() {
    var script = Script.prepared(.of(.click("Save")))
    #expect(script.send(.fails(.screen, transient: true)) == .recover)
    #expect(script.warnings == ["the screen was lost: it broke"])
    #expect(script.send(.recovered(size: .screen)) == .observe(settled: false))
    script.send([.sees(1), .missing])
    #expect(script.send(.fails(.screen, transient: true)) == .recover)
    script.send([.recovered(size: .screen), .sees(1), .found(50, 50), .unchanged, .acted, .quiet])
    #expect(script.verdict == .passed)
  }

  @Test func `brings a lost screen back three times, then it is an error`() {
    var script = Script.prepared(.of(.click("Save")))
    for _ in 1...3 {
      script.send([.fails(.screen, transient: true), .recovered(size: .screen)])
    }
    script.send(.fails(.screen, transient: true))
    #expect(script.verdict == .error)
  }

  @Test func `does not bring back a screen that is gone for good`() {
    var script = Script.prepared(.of(.click("Save")))
    script.send(.fails(.screen))
    #expect(script.verdict == .error)
    var twice = Script.prepared(.of(.click("Save")))
    twice.send([.fails(.screen, transient: true), .fails(.screen, transient: true)])
    #expect(twice.verdict == .error)
  }

  @Test func `does not do an action twice that may have been done`() {
    var script = Script.prepared(.of(.click("Save")))
    script.send([.sees(1), .found(50, 50), .unchanged, .fails(.screen, transient: true)])
    #expect(script.verdict == .error)
    #expect(script.reason.contains("it is not known whether “click at 50,50” was done: it broke"))
  }

  @Test func `tears down after an error`() {
    var script = Script.prepared(.of(.click("Save"), teardown: [.note("x")]))
    script.send(.fails(.perception))
    #expect(script.verdict == .error)
    #expect(script.endings.map(\.verdict) == [.error, .passed])
  }

  // MARK: - Time

  @Test func `says how much time is left`() {
    let plan = SessionPlan.of(
      .the(.wait(.time(.seconds(1)))), teardown: [.the(.wait(.time(.seconds(1))))],
      limits: Limits(time: .seconds(100)))
    var script = Script.prepared(plan)
    #expect(script.machine.timeLeft(at: .seconds(30)) == .seconds(70))
    #expect(script.machine.timeLeft(at: .seconds(300)) == .zero)
    script.send(.elapsed, after: .seconds(80))
    #expect(script.machine.timeLeft(at: .seconds(90)) == .seconds(50))
    #expect(script.machine.timeLeft(at: .seconds(500)) == .zero)
  }

  @Test func `ends at its time limit, without a retry, and tears down`() {
    let step = Step.the(.point(.click, Target("Save")), retry: Step.Retry(times: 5))
    var script = Script.prepared(.of(step, teardown: [.note("x")]))
    script.send(.limitReached, after: .seconds(300))
    #expect(script.verdict == .timedOut)
    #expect(script.reason.contains("the time limit of 5m is over"))
    #expect(script.endings.map(\.verdict) == [.timedOut, .passed])
  }

  @Test func `calls a limit before the first step an error`() {
    var early = Script(.of(.expect(.holds)))
    early.send(.limitReached)
    #expect(early.verdict == .error)
    var setup = Script.prepared(.of(.expect(.holds), setup: [.the(.wait(.time(.seconds(9))))]))
    setup.send(.limitReached)
    #expect(setup.verdict == .error)
    #expect(setup.reason.hasPrefix("setup: "))
  }

  @Test func `gives up a teardown that takes too long`() {
    let wait = Step.the(.wait(.time(.seconds(1))))
    var script = Script.prepared(.of(.expect(.holds), teardown: [wait, wait, wait]))
    script.send(.elapsed)
    script.send(.limitReached, after: .seconds(60))
    #expect(script.verdict == .error)
    #expect(script.endings.map(\.verdict) == [.passed, .passed, .timedOut])
    var failed = Script.prepared(.of(.expect(.fails), teardown: [wait]))
    failed.send(.limitReached)
    #expect(failed.verdict == .failed)
  }

  @Test(arguments: [
    Duration.seconds(Int64.max), Duration.zero - .seconds(Int64.max), .zero,
    Duration(secondsComponent: .max, attosecondsComponent: 999_999_999_999_999_999),
  ])
  func `stands absurd times`(time: Duration) {
    let plan = SessionPlan.of(
      .the(.point(.click, Target("A")), timeout: time), .the(.read(Reading(what: Template("x")))),
      limits: Limits(time: time), patience: time)
    var script = Script.prepared(plan)
    script.send(.sees(1), after: time)
    script.send(.missing)
    _ = script.machine.timeLeft(at: time)
    script.send(.limitReached)
    #expect(script.outcome != nil)
  }

  @Test func `does not go back in time`() {
    var machine = SessionMachine(plan: .of(.the(.wait(.time(.seconds(1))))))
    _ = machine.start()
    _ = machine.handle(.prepared(size: .screen, description: ""), at: .seconds(10))
    let turn = machine.handle(.elapsed, at: .seconds(4))
    #expect(turn.notes == [.stepFinished(step: 0, ending: .passed, duration: .zero)])
  }

  // MARK: - Signals

  @Test func `stops at once before the target is up`() {
    var script = Script(.of(.expect(.holds), teardown: [.note("x")]))
    script.send(.interrupted)
    #expect(script.outcome?.ending == Ending(.interrupted, "stopped by a signal"))
    #expect(script.endings == [])
  }

  @Test func `tears down after an interrupt, and stops at the second`() {
    let wait = Step.the(.wait(.time(.seconds(1))), retry: Step.Retry(times: 1))
    var script = Script.prepared(.of(wait, .expect(.holds), teardown: [wait, wait]))
    #expect(script.send(.interrupted) == .pause(duration: .seconds(1)))
    script.send(.interrupted)
    #expect(script.verdict == .interrupted)
    #expect(script.endings.map(\.verdict) == [.interrupted, .interrupted])
  }

  @Test func `does not call an interrupted teardown a pass or an error`() {
    let wait = Step.the(.wait(.time(.seconds(1))))
    var script = Script.prepared(.of(.expect(.holds), teardown: [wait]))
    script.send(.interrupted)
    #expect(script.verdict == .interrupted)
    var failed = Script.prepared(.of(.expect(.fails), teardown: [wait]))
    failed.send(.interrupted)
    #expect(failed.verdict == .failed)
  }

  // MARK: - The person

  @Test func `asks a person before each step and each action`() {
    var script = Script(.of(.click("A"), .note("x"), isSupervised: true))
    #expect(script.send(.prepared(size: .screen, description: "")) == .hold)
    #expect(script.lastNotes.count == 1)
    #expect(script.order(.goOn(until: nil)) == .observe(settled: false))
    script.send([.sees(1), .found(50, 50)])
    #expect(script.send(.unchanged) == .authorise(action: .click(50, 50)))
    #expect(script.send(.authorised(refusal: nil)) == .act(action: .click(50, 50)))
    #expect(script.send([.acted, .quiet]) == .hold)
    script.order(.goOn(until: nil))
    #expect(script.verdict == .passed)
  }

  @Test func `does not do what the person refuses`() {
    var script = Script(.of(.click("A"), isSupervised: true))
    script.send(.prepared(size: .screen, description: ""))
    script.order(.goOn(until: nil))
    script.send([.sees(1), .found(50, 50)])
    script.send([.unchanged, .authorised(refusal: "not now")])
    #expect(script.verdict == .error)
    #expect(script.reason.contains("“click at 50,50” is not permitted: not now"))
    #expect(script.outcome?.actions == 0)
  }

  @Test(arguments: [
    (SessionEvent.interrupted, Verdict.interrupted), (.limitReached, .error),
    (.fails(.harness), .error), (.fails(.screen, transient: true), .error), (.elapsed, .error),
  ])
  func `tears down when it is stopped while a person is asked`(
    event: SessionEvent, verdict: Verdict
  ) {
    var script = Script(.of(.click("A"), teardown: [.note("x")], isSupervised: true))
    script.send([.prepared(size: .screen, description: ""), event])
    // Who asked to stop is not asked again.
    if event != .interrupted {
      #expect(script.effect == .hold)
      script.order(.goOn(until: nil))
    }
    #expect(script.verdict == verdict)
    // The step before which the person was asked never began, so it does not end either.
    #expect(script.endings.map(\.verdict) == [.passed])
  }

  @Test func `stops asking when it is interrupted in teardown`() {
    var script = Script(
      .of(.expect(.holds), teardown: [.note("x"), .note("y")], isSupervised: true))
    script.send(.prepared(size: .screen, description: ""))
    script.order(.goOn(until: nil))
    #expect(script.effect == .hold)
    script.send(.interrupted)
    #expect(script.verdict == .interrupted)
  }
}
