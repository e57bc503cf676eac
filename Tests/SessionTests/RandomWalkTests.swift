import Pixels
import Policy
import Scenario
import Testing

@testable import Session
@testable import Story

/// What must hold whatever happens: thousands of attempts by chance.
struct RandomWalkTests {
  @Test(arguments: 0..<16 as Range<UInt64>)
  func `keeps its promises when things go as they may`(batch: UInt64) {
    for seed in batch * 200..<(batch + 1) * 200 { walk(seed: seed, nonsense: 0) }
  }

  @Test(arguments: 100..<116 as Range<UInt64>)
  func `keeps its promises whatever it is told`(batch: UInt64) {
    for seed in batch * 200..<(batch + 1) * 200 { walk(seed: seed, nonsense: 10) }
  }

  @Test(arguments: 200..<220 as Range<UInt64>)
  func `keeps its promises whatever a person orders`(batch: UInt64) {
    for seed in batch * 200..<(batch + 1) * 200 { walk(seed: seed, nonsense: 2, isOrdered: true) }
  }

  private func walk(seed: UInt64, nonsense: Int, isOrdered: Bool = false) {
    var world = World(
      seed: seed, isWatched: seed % 4 == 3, isOrdered: isOrdered, hasHost: seed % 5 == 4)
    let plan = world.plan()
    var script = Script(plan)
    var promises = Promises(plan: plan, seed: seed)
    promises.check(script, after: nil)
    for _ in 0..<400 where script.outcome == nil {
      if let application = world.application() { script.learn(application) }
      let input = world.chance(nonsense) ? .event(world.anything()) : world.input(to: script)
      let before = script
      script.take(input, after: .milliseconds(world.one(of: 0, 10, 1000)))
      promises.check(script, after: (input, before))
    }
    if script.outcome == nil {
      // No walk goes on for ever: the limits end it.
      for _ in 0..<3 where script.outcome == nil {
        let before = script
        script.send(.interrupted)
        promises.check(script, after: (.event(.interrupted), before))
      }
    }
    promises.checkEnd(script)
  }
}

/// The promises of the machine, kept track of over one attempt.
struct Promises {
  let plan: SessionPlan
  let seed: UInt64
  private var openStep: StepInfo?
  private var begun: [Int] = []
  private var ended: [Int: Ending] = [:]
  private var held: Set<Int> = []
  private var wasPrepared = false
  /// Something happened after which it must not pass.
  private var isSpoilt = false
  private var wasTeardownStopped = false
  private var talk: [Message] = []
  /// What was told with the questions that were asked.
  private var told: [Message] = []
  private var isSteered = false
  private var steps: [PlannedStep]

  init(plan: SessionPlan, seed: UInt64) {
    self.plan = plan
    steps = PlannedStep.all(of: plan.testCase.scenario)
    self.seed = seed
  }

  private func expect(
    _ holds: Bool, _ what: @autoclosure () -> String,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) {
    // Comments of `#expect` are made even when it holds, which is slow here.
    if !holds { Issue.record("seed \(seed): \(what())", sourceLocation: sourceLocation) }
  }

  mutating func check(_ script: Script, after last: (input: Input, before: Script)?) {
    if let last { look(at: last.input, last.before, script) }
    for note in script.lastNotes { look(at: note) }
    checkAction(script, last)
    checkCommand(script, last)
    let machine = script.machine
    let limits = plan.testCase.scenario.limits
    expect(machine.actions <= limits.steps, "\(machine.actions) actions")
    expect(machine.modelCalls <= limits.modelCalls, "\(machine.modelCalls) model calls")
    checkTalk(machine.conversation)
    if case .event? = last?.input, case .think(_, let appended, _, _)? = last?.before.effect {
      told += appended
      expect(machine.conversation.starts(with: told), "a message was never told, or twice")
    }
  }

  private mutating func look(at input: Input, _ before: Script, _ after: Script) {
    expect(after.machine.now >= before.machine.now, "time runs backwards")
    if before.state == "held", after.state == "held" {
      expect(after.machine.now == before.machine.now, "time passes while it is held")
    }
    guard case .event(let event) = input else { return steered(after) }
    // A step that is held before it begins ends by an event without having begun.
    if before.state == "held" { wasTeardownStopped = true }
    if case .prepared = event, before.state == "preparing" { wasPrepared = true }
    if after.machine.ending?.reason.contains("internal error") == true { isSpoilt = true }
    switch event {
    case .interrupted, .limitReached:
      isSpoilt = true
      if before.machine.teardownBegan != nil { wasTeardownStopped = true }
    case .failed(let fault): if fault.domain == .harness { isSpoilt = true }
    default: break
    }
  }

  /// A steered attempt may do steps twice, and others than were planned.
  private mutating func steered(_ script: Script) {
    isSteered = script.machine.steering.isSteered
    steps = script.machine.steps
  }

  private mutating func look(at note: Note) {
    switch note {
    case .stepStarted(let info):
      expect(openStep == nil, "step \(info.index) began inside of another")
      expect(isSteered || !begun.contains(info.index), "step \(info.index) began twice")
      openStep = info
      begun.append(info.index)
    case .stepFinished(let index, let ending, _):
      expect(openStep?.index == index, "step \(index) ended, but was not open")
      openStep = nil
      ended[index] = ending
    case .checked(let evidence):
      if evidence.holds, let openStep { held.insert(openStep.index) }
    default: break
    }
  }

  /// What a model runs was allowed by the policy, or by a person whom the policy says to ask.
  private func checkCommand(_ script: Script, _ last: (input: Input, before: Script)?) {
    guard case .run(let command) = script.effect, script.machine.work?.talk != nil, let last,
      last.before.effect != script.effect, last.before.effect != .hold
    else { return }
    if case .permit(let asked, _) = last.before.effect {
      return expect(
        asked == command && last.input == .event(.authorised(refusal: nil)),
        "runs what a person refused")
    }
    let rulings = script.lastNotes.compactMap {
      if case .ruled(let ruling) = $0 { ruling } else { nil }
    }
    expect(
      rulings.last?.decision == .allow && rulings.last?.command == "\(command.run)",
      "runs what nothing permits")
  }

  /// Nothing is done that was not proposed, compared and allowed, or that types a foreign secret.
  private func checkAction(
    _ script: Script, _ last: (input: Input, before: Script)?
  ) {
    guard case .act(let action) = script.effect, let last, last.before.effect != script.effect,
      let work = script.machine.work
    else { return }
    guard case .acting(let deed) = script.machine.state else {
      return expect(false, "acts while \(script.state)")
    }
    let proposal = deed.proposal
    expect(proposal.action == action, "does something else than it proposed")
    if plan.isSupervised {
      expect(
        last.input == .event(.authorised(refusal: nil)) || deed.isAllowed,
        "does what nobody allowed")
    } else if !action.points.isEmpty, proposal.lane == .model || proposal.target != nil {
      expect(last.input == .event(.compared(isUnchanged: true)), "does what nobody looked at")
    }
    if case .type(let text, _, _, _) = action {
      expect(
        Set(text.secrets).isSubset(of: work.planned.step.kind.secrets), "types a foreign secret")
    }
    for point in action.points {
      expect(
        script.machine.screen?.point(x: point.x, y: point.y) != nil, "presses beside the screen")
    }
  }

  /// The conversation only grows and stays valid.
  private mutating func checkTalk(_ messages: [Message]) {
    expect(messages.openCalls != nil, "an invalid conversation")
    expect(messages.starts(with: talk), "the conversation was changed")
    talk = messages
  }

  mutating func checkEnd(_ script: Script) {
    guard let outcome = script.outcome else { return expect(false, "it never ends") }
    expect(openStep == nil, "a step is left open")
    expect(script.machine.conversation.isValid, "a call was left unanswered")
    let all = steps
    expect(outcome.isSteered == isSteered, "a wrong mark")
    if wasPrepared, !plan.isSupervised, !wasTeardownStopped {
      for step in all where step.info.phase == .teardown {
        expect(begun.contains(step.info.index), "the teardown step \(step.info.index) never began")
      }
    }
    if outcome.ending.verdict == .passed {
      expect(wasPrepared && !isSpoilt, "an unearned pass: \(outcome)")
      if isSteered {
        expect(
          !plan.isStrict && outcome.ending.reason.contains("steered"), "a clean pass: \(outcome)")
        return checkSilence(script)
      }
      for step in all { checkPassed(step) }
      expect(!plan.isStrict || !outcome.isUnchecked, "an unchecked pass under strict")
      expect(outcome.isUnchecked == (outcome.checksHeld == 0), "a wrong flag")
      let checks = held.filter { index in
        if case .expect = all[index].step.kind { all[index].info.phase == .steps } else { false }
      }
      expect(outcome.checksHeld == checks.count, "counts \(outcome.checksHeld) checks")
    }
    checkSilence(script)
  }

  private func checkPassed(_ step: PlannedStep) {
    let ending = ended[step.info.index]?.verdict
    guard ending == .passed || ending == .skipped else {
      return expect(
        step.isOptional && (ending == .failed || ending == .error),
        "passed, although step \(step.info.index) came to \(String(describing: ending))")
    }
    if case .expect = step.step.kind, ending == .passed {
      expect(held.contains(step.info.index), "passed without evidence for step \(step.info.index)")
    }
  }

  /// After the end nothing changes any more.
  private func checkSilence(_ script: Script) {
    for event in World.oneOfEach {
      var late = script
      late.send(event, after: .seconds(1))
      expect(late.effect == script.effect && late.lastNotes.isEmpty, "\(event.name) after the end")
    }
  }
}
