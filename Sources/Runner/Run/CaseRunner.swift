internal import JSONCoding
internal import Platform
internal import Recording
internal import Scenario
internal import Driving
internal import Session
internal import Story

/// Runs one case: requirements, attempts, verdict.
struct CaseRunner: Sendable {
  let request: RunRequest
  let journal: Journal
  let ports: any PortFactory
  let stop: StopRequest
  let makeClock: @Sendable () -> SessionClock
  let concealer: Concealer
  var orders: Orders?

  /// Runs the case; every line of it is in the journal when this returns.
  ///
  /// - Parameter past: what is known of it from before the run went on.
  func run(_ testCase: Case, worker: Int, past: PastCase = PastCase()) async -> CaseEnding {
    await write(.caseStarted(CaseInfo(testCase)), testCase.id)
    let clock = makeClock()
    var ending: CaseEnding
    switch decide(testCase) {
    case .run:
      let (attempts, output) = await attempt(testCase, past)
      ending = CaseEnding(
        ending: whole(attempts.ending), duration: .zero, attempts: attempts.begun,
        isUnchecked: attempts.isUnchecked, output: output)
    case .skip(let reason):
      ending = CaseEnding(ending: Ending(.skipped, reason), duration: .zero, attempts: 0)
    case .error(let reason):
      ending = CaseEnding(ending: Ending(.error, reason), duration: .zero, attempts: 0)
    }
    ending.duration = clock.now()
    ending.worker = worker
    await write(.caseFinished(ending), testCase.id)
    return ending
  }

  /// An ending of a case that was stopped, with why the run was.
  private func whole(_ ending: Ending) -> Ending {
    ending.verdict == .interrupted && stop.isRequested ? Ending(.interrupted, stop.reason) : ending
  }

  private func decide(_ testCase: Case) -> Requirements.Decision {
    if let reason = testCase.unreadable { return .error(reason) }
    let scenario = testCase.scenario
    if scenario.setup.isEmpty, scenario.steps.isEmpty, scenario.teardown.isEmpty {
      let reason = "the scenario has no steps"
      return request.isStrict ? .error(reason) : .skip(reason)
    }
    let decision = ports.requirements.decide(testCase, isStrict: request.isStrict)
    let unset = testCase.scenario.secrets.filter { request.secrets[$0]?.isEmpty ?? true }
    guard decision == .run, !unset.isEmpty else { return decision }
    let names = unset.joined(separator: ", ")
    return .error("\(names) has no value: set it in the environment or in .env")
  }

  private func attempt(_ testCase: Case, _ past: PastCase) async -> (Attempts, output: String?) {
    let interruption = Interruption()
    stop.register(interruption)
    defer { stop.unregister(interruption) }
    var attempts = Attempts(retries: testCase.scenario.retries, past: past)
    var output = Self.file(past.attempts.last?.output)
    // Who stops a run between two attempts, or in a teardown, wants no other.
    while attempts.wantsAnother, attempts.outcomes.isEmpty || !stop.isRequested {
      let number = attempts.begun + 1
      let (outcome, written) = await attempt(testCase, number, interruption)
      attempts.append(outcome, number: number)
      output = Self.file(written)
    }
    return (attempts, output)
  }

  private static func file(_ output: ApplicationOutput?) -> String? {
    output?.lines.isEmpty == false ? output?.file : nil
  }

  private func attempt(
    _ testCase: Case, _ number: Int, _ interruption: Interruption
  ) async -> (Outcome, ApplicationOutput?) {
    let plan = request.plan(for: testCase, attempt: number, with: ports)
    let recorder = SessionRecorder(
      journal: journal, caseID: testCase.id, attempt: number,
      keepsPictures: request.record != .off,
      encoder: ports.encoder(forModels: plan.model != nil))
    let perception: any PerceptionPort
    let target: (screen: any ScreenPort, host: (any HostPort)?)
    do throws(Fault) {
      // The target comes last: only a driver closes it.
      perception = try await ports.perception(for: testCase)
      target = try ports.target(of: testCase, attempt: number)
    } catch {
      return (await stillborn(plan, recorder, error), nil)
    }
    let driver = SessionDriver(
      screen: target.screen, host: target.host, perception: perception,
      model: plan.model == nil ? nil : ports.model(keep: recorder.keep(request:)), record: recorder,
      person: ports.person, orders: orders, concealer: concealer, clock: makeClock())
    let outcome = await driver.run(plan, interruption: interruption)
    return (outcome, await target.screen.output())
  }

  /// An attempt that could not begin still has its whole story in the journal.
  private func stillborn(
    _ plan: SessionPlan, _ recorder: SessionRecorder, _ fault: Fault
  ) async -> Outcome {
    var machine = SessionMachine(plan: plan)
    await recorder.record(.started(plan: plan))
    await recorder.record(.effect(machine.start().effect))
    let event = concealer.conceal(.failed(fault: fault))
    await recorder.record(.event(event, at: .zero))
    let turn = machine.handle(event, at: .zero)
    for note in turn.notes { await recorder.record(.note(note)) }
    await recorder.record(.effect(turn.effect))
    return machine.currentOutcome
  }

  private func write(_ entry: RunEntry, _ caseID: String) async {
    guard let fields = try? entry.fields() else { return }
    await journal.append(entry.type, case: caseID, fields: fields, isDurable: true)
  }
}
