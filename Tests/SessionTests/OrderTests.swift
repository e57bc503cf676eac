import Pixels
import Scenario
import Testing

@testable import Session
@testable import Story

/// A person holds the attempt, lets it go on, and changes its course.
struct OrderTests {
  // MARK: - Holding

  @Test func `holds before what is about to be done, and does that when it goes on`() {
    var script = Script.prepared(.of(.click("A"), .expect(.shows("B"))))
    script.send(.sees(1))
    let wanted = script.effect
    #expect(script.order(.hold) == .hold)
    #expect(script.state == "held")
    #expect(script.order(.goOn(until: nil)) == wanted)
    script.send([.found(50, 50), .unchanged, .acted, .quiet, .sees(2), .reads(true)])
    #expect(script.verdict == .passed)
    #expect(script.outcome?.isSteered == false)
  }

  @Test func `no limit counts the time for which it is held`() {
    var plan = SessionPlan.of(.click("A"), patience: .seconds(2))
    plan.testCase.scenario.limits.time = .seconds(20)
    var script = Script.prepared(plan)
    script.send(.sees(1), after: .seconds(1))
    script.send(.missing)
    script.order(.hold)
    #expect(script.machine.timeLeft(at: .seconds(2000)) == .seconds(19))
    script.order(.goOn(until: nil), after: .seconds(3600))
    #expect(script.machine.timeLeft(at: script.now) == .seconds(19))
    #expect(script.effect == .awaitChange(upTo: .seconds(1)), "its patience is not over")
  }

  @Test func `what is pressed is compared once more after a hold`() {
    var script = Script.prepared(.of(.click("A")))
    script.send([.sees(1), .found(50, 50), .unchanged])
    #expect(script.effect == .act(action: .click(50, 50)))
    script.order(.hold)
    guard case .compare = script.order(.goOn(until: nil)) else {
      Issue.record("it is pressed blindly")
      return
    }
    #expect(script.send(.compared(isUnchanged: false)) == .observe(settled: false))
  }

  @Test func `a supervised action that was allowed is not asked for again`() {
    var script = Script(.of(.click("A"), isSupervised: true))
    script.send(.prepared(size: .screen, description: ""))
    script.order(.goOn(until: nil))
    script.send([.sees(1), .found(50, 50), .unchanged, .authorised(refusal: nil)])
    script.order(.hold)
    script.order(.goOn(until: nil))
    #expect(script.send(.unchanged) == .act(action: .click(50, 50)))
  }

  @Test func `what a question would have told that was left out is told by the next`() {
    var plan = SessionPlan.of(.act("Sign in"), model: .plain)
    plan.testCase.scenario.steps = [.act("Sign in"), .act("Sign out")]
    var script = Script.prepared(plan)
    script.send([.interpreted(moves: nil), .sees(1)])
    script.order(.hold)
    script.order(.skip)
    script.order(.goOn(until: nil))
    script.send([.interpreted(moves: nil), .sees(2)])
    guard case .think(_, let appended, _, _) = script.effect else {
      Issue.record("wants \(script.effect)")
      return
    }
    #expect(appended == script.machine.conversation)
    #expect(appended.map(\.role) == [.system, .user, .user])
  }

  @Test func `does another step first, and holds again before the one that was held`() {
    var script = Script(.of(.note("a"), .click("A"), .expect(.shows("B"))))
    script.order(.holdBefore(steps: [1]))
    script.send(.prepared(size: .screen, description: ""))
    script.order(.insert(.click("X")))
    #expect(script.effect == .observe(settled: false))
    script.send([.sees(1), .found(50, 50), .unchanged, .acted])
    #expect(script.send(.quiet) == .hold, "before the step that was held")
    script.order(.goOn(until: nil))
    script.send([.sees(2), .found(50, 50), .unchanged, .acted, .quiet, .sees(3), .reads(true)])
    #expect(script.endings.map(\.verdict) == [.passed, .passed, .passed, .passed])
    #expect(script.verdict == .passed)
    #expect(script.outcome?.isSteered == true)
  }

  @Test func `a step that had begun begins anew after another that was done first`() {
    var script = Script.prepared(.of(.expect(.shows("B")), patience: .seconds(1)))
    script.order(.holdOnFailure(true))
    script.send([.sees(1), .reads(false)])
    #expect(script.send(.changed(didChange: false), after: .seconds(2)) == .hold)
    script.order(.insert(.click("X")))
    script.send([.sees(2), .found(50, 50), .unchanged, .acted, .quiet])
    #expect(script.effect == .hold)
    script.order(.goOn(until: nil))
    script.send([.sees(3), .reads(true)])
    #expect(script.endings.map(\.verdict) == [.skipped, .passed, .passed])
    #expect(script.verdict == .passed)
  }

  @Test func `goes on to the next step, the next action or the next effect`() {
    let steps = [Step.click("A"), .click("B")]
    var plan = SessionPlan.of(.note("x"))
    plan.testCase.scenario.steps = steps
    var script = Script.prepared(plan)
    script.order(.hold)
    script.order(.goOn(until: .effect))
    #expect(script.send(.sees(1)) == .hold)
    script.order(.goOn(until: .action))
    #expect(script.send([.found(50, 50), .unchanged]) == .hold)
    script.order(.goOn(until: .step))
    script.send([.unchanged, .acted])
    #expect(script.send(.quiet) == .hold, "before the second step")
    #expect(script.endings.count == 1)
  }

  @Test func `holds before the steps that were named`() {
    var script = Script(.of(.note("a"), .note("b"), .expect(.holds)))
    script.order(.holdBefore(steps: [2]))
    #expect(script.send(.prepared(size: .screen, description: "")) == .hold)
    #expect(script.endings.count == 2)
    script.order(.goOn(until: nil))
    #expect(script.verdict == .passed)
  }

  // MARK: - A failure

  private func failing(_ steps: Step..., isStrict: Bool = false) -> Script {
    var plan = SessionPlan.of(.note("x"), isStrict: isStrict)
    plan.testCase.scenario.steps = steps
    var script = Script(plan)
    script.order(.holdOnFailure(true))
    script.send(.prepared(size: .screen, description: ""))
    return script
  }

  @Test func `holds where a step is about to fail, and lets it`() {
    var script = failing(.expect(.fails))
    #expect(script.effect == .hold)
    #expect(script.endings.isEmpty)
    script.order(.goOn(until: nil))
    #expect(script.verdict == .failed)
    #expect(script.outcome?.isSteered == false)
  }

  @Test func `a step that was put right is done again, and the pass is not a clean one`() {
    var script = failing(.expect(.fails))
    script.order(.replace(step: 0, with: .expect(.holds)))
    script.order(.retry)
    #expect(script.verdict == .passed)
    #expect(script.outcome?.isSteered == true)
    #expect(script.reason == "a person steered it")
    var strict = failing(.expect(.fails), isStrict: true)
    strict.order(.replace(step: 0, with: .expect(.holds)))
    strict.order(.retry)
    #expect(strict.verdict == .failed)
  }

  @Test func `an interrupt does not take away what a step had come to`() {
    var script = failing(.expect(.fails))
    script.send(.interrupted)
    #expect(script.verdict == .failed)
  }

  // MARK: - Another course

  @Test func `leaves a step out`() {
    var script = Script.prepared(.of(.click("A"), .expect(.holds)))
    script.send(.sees(1))
    script.order(.hold)
    #expect(script.order(.skip) == .hold, "before the next step")
    script.order(.goOn(until: nil))
    #expect(script.endings.map(\.verdict) == [.skipped, .passed])
    #expect(script.outcome?.isSteered == true)
    #expect(script.warnings == ["a person skipped “click “A””"])
  }

  @Test func `a step that is left out before it begins is told`() {
    var script = Script(.of(.click("A"), .expect(.holds), isSupervised: true))
    script.send(.prepared(size: .screen, description: ""))
    script.order(.skip)
    #expect(script.endings.map(\.verdict) == [.skipped])
  }

  @Test func `goes back to a step, and forward only by doing`() {
    var script = Script.prepared(.of(.note("a"), .note("b"), .click("A")))
    script.order(.hold)
    script.order(.rewind(to: 7))
    #expect(script.effect == .hold && script.outcome == nil)
    script.order(.rewind(to: 0))
    #expect(script.effect == .hold, "before step 0, which was left again")
    #expect(
      script.order(.goOn(until: .step)) == .hold, "before step 1, after step 0 was done again")
    #expect(script.endings.map(\.verdict) == [.passed, .passed, .skipped, .passed])
  }

  @Test func `does not go back once the verdict is known`() {
    var script = Script.prepared(
      .of(.expect(.fails), teardown: [.the(.wait(.time(.seconds(1))))]))
    script.order(.hold)
    script.order(.rewind(to: 0))
    #expect(script.effect == .hold)
    script.order(.goOn(until: nil))
    script.send(.elapsed)
    #expect(script.verdict == .failed)
  }

  @Test func `a result that was set is used`() {
    var script = Script.prepared(
      .of(
        .the(.wait(.time(.seconds(1)))),
        .expect(.value(Template([.result("x")]), .equals(Template("7"))))))
    script.order(.hold)
    script.order(.setResult(name: "x", value: "7"))
    script.order(.goOn(until: nil))
    script.send(.elapsed)
    #expect(script.verdict == .passed && script.outcome?.isSteered == true)
  }

  @Test func `a step that had acted is not repeated on a target that was attached again`() {
    var script = Script.prepared(.of(.click("A"), .expect(.holds)))
    script.send(.sees(1))
    script.order(.hold)
    script.order(.reattached(size: .screen))
    #expect(script.order(.goOn(until: nil)) == .observe(settled: false), "nothing was done yet")
    script.send([.sees(1), .found(50, 50), .unchanged, .acted])
    script.order(.hold)
    script.order(.reattached(size: .screen))
    script.order(.goOn(until: nil))
    #expect(script.verdict == .error)
    #expect(script.reason.contains("attached again after the step had acted"))
  }

  @Test func `calls of a model are answered when its step is left`() {
    var script = Script.prepared(.of(.act("Sign in"), .expect(.holds), model: .plain))
    script.send([.interpreted(moves: nil), .sees(1), .clicks(5, 5)])
    script.order(.hold)
    script.order(.retry)
    script.send([.interpreted(moves: nil), .sees(2)])
    #expect(script.machine.conversation.isValid)
    script.order(.hold)
    script.order(.skip)
    #expect(script.machine.conversation.isValid)
    script.order(.goOn(until: nil))
    #expect(script.verdict == .passed)
  }

  @Test(arguments: [
    Order.goOn(until: nil), .skip, .retry, .rewind(to: 0), .setResult(name: "x", value: "1"),
    .replace(step: 0, with: .note("x")), .insert(.note("x")), .reattached(size: .screen),
  ])
  func `where nothing is held, an order changes nothing`(order: Order) {
    var script = Script.prepared(.of(.click("A"), .expect(.holds)))
    let wanted = script.effect
    #expect(script.order(order) == wanted)
    script.send([.sees(1), .found(50, 50), .unchanged, .acted, .quiet])
    #expect(script.verdict == .passed && script.outcome?.isSteered == false)
  }

  // MARK: - At every boundary

  @Test(arguments: 0..<24 as Range<UInt64>)
  func `a pause at every boundary changes no decision and no limit`(seed: UInt64) {
    var world = World(seed: seed * 7)
    var plan = world.plan()
    plan.isSupervised = false
    var straight = Script(plan)
    var inputs: [(SessionEvent, Duration)] = []
    for _ in 0..<300 where straight.outcome == nil {
      let event = world.answer(to: straight.effect)
      let pause = Duration.milliseconds(world.one(of: 0, 10, 1000))
      inputs.append((event, pause))
      straight.send(event, after: pause)
    }
    for every in 1...2 {
      var held = Script(plan)
      for (number, (event, pause)) in inputs.enumerated() {
        if number % every == 0 { hold(&held) }
        held.send(event, after: pause)
      }
      #expect(held.notes == straight.notes, "seed \(seed)")
      #expect(held.effect == straight.effect, "seed \(seed)")
      #expect(held.machine.now == straight.machine.now, "seed \(seed)")
    }
  }

  /// Holds for an hour, and goes on to where it was.
  private func hold(_ script: inout Script) {
    guard script.outcome == nil else { return }
    let wanted = script.effect
    #expect(script.order(.hold) == .hold)
    script.order(.goOn(until: nil), after: .seconds(3600))
    while case .compare = script.effect, script.effect != wanted { script.send(.unchanged) }
    #expect(script.effect == wanted)
  }
}
