internal import Durations
internal import Pixels
internal import Platform
internal import Scenario
internal import Session
public import Story

/// Runs one attempt: does what the machine wants and tells it what happened.
///
/// It decides nothing.
///
/// Every effect runs against the machine's time limit and the interruption; whichever comes first is the
/// event. A port that does not return in time is cancelled and waited for a little longer, so that what
/// follows does not meet it half-way; then it is left behind, so that no port can hang a run.
public struct SessionDriver: Sendable {
  let screen: any ScreenPort
  let host: (any HostPort)?
  let perception: any PerceptionPort
  let model: (any ModelPort)?
  let record: any RecordPort
  let person: (any PersonPort)?
  let orders: Orders?
  let concealer: Concealer
  let clock: SessionClock

  /// A driver over its ports; without a concealer nothing is secret.
  public init(
    screen: any ScreenPort, host: (any HostPort)? = nil, perception: any PerceptionPort,
    model: (any ModelPort)?, record: any RecordPort, person: (any PersonPort)? = nil,
    orders: Orders? = nil,
    concealer: Concealer = .none, clock: SessionClock
  ) {
    self.screen = screen
    self.host = host
    self.perception = perception
    self.model = model
    self.record = record
    self.person = person
    self.orders = orders
    self.concealer = concealer
    self.clock = clock
  }

  /// Runs the attempt to its outcome; the target is closed when this returns.
  ///
  /// - Parameters:
  ///   - plan: what is fixed.
  ///   - interruption: stops the attempt; its teardown still runs.
  public func run(
    _ plan: SessionPlan, interruption: Interruption = Interruption()
  ) async -> Outcome {
    var machine = SessionMachine(plan: plan)
    var sights = Sights()
    var application: ApplicationState?
    orders?.begin()
    await record.record(.started(plan: plan))
    var turn = machine.start()
    while true {
      await write(turn)
      if case .finish(let outcome) = turn.effect {
        await waitForEnd(of: Task { await close() }, upTo: Self.closingLimit)
        if let output = await screen.output() { await record.record(.output(output)) }
        return outcome
      }
      if let order = await nextOrder(turn.effect, interruption).map(concealer.conceal) {
        let now = clock.now()
        await record.record(.order(order, at: now))
        turn = machine.take(order, at: now)
        continue
      }
      let (told, seen) = await perform(
        turn.effect, machine: machine, sights: sights, interruption: interruption)
      sights.keep(seen, after: turn.effect)
      let event = concealer.conceal(told)
      let state = await screen.application().map(concealer.conceal)
      let now = clock.now()
      if let state, application?.isSame(as: state) != true {
        application = state
        await record.record(.application(state, at: now))
        machine.learn(state, at: now)
      }
      await record.record(.event(event, at: now))
      turn = machine.handle(event, at: now)
    }
  }

  private func close() async {
    await screen.close()
    await host?.close()
  }

  /// The order that comes before an effect; nil when there is none.
  ///
  /// A hold waits for one until somebody asks to stop, for as long as a person takes.
  private func nextOrder(_ effect: Effect, _ interruption: Interruption) async -> Order? {
    guard let orders else { return nil }
    if let order = orders.next() { return order }
    guard case .hold = effect else { return nil }
    let first = OneShot<Void>()
    orders.onOrder { first.set(()) }
    interruption.onRequest { first.set(()) }
    await first.waitToTheEnd()
    orders.onOrder(nil)
    interruption.ignore(used: false)
    return orders.next()
  }

  private func write(_ turn: SessionMachine.Turn) async {
    for note in turn.notes { await record.record(.note(note)) }
    await record.record(.effect(turn.effect))
  }

  /// Does an effect, unless the time limit or an interruption comes first.
  private func perform(
    _ effect: Effect, machine: SessionMachine, sights: Sights, interruption: Interruption
  ) async -> (SessionEvent, KeptFrame?) {
    if case .hold = effect, orders != nil {
      // No order ended the hold, so somebody asked to stop.
      interruption.ignore(used: true)
      return (.interrupted, nil)
    }
    let first = OneShot<SessionEvent>()
    let conversation = machine.conversation
    let left = machine.timeLeft(at: clock.now())
    let idle = machine.plan.testCase.scenario.limits.idle
    let isIdleFirst = effect.isShort && idle < left
    let late: SessionEvent = isIdleFirst ? .failed(fault: .idle(idle)) : .limitReached
    let work = Task {
      let (event, seen) = await execute(effect, conversation: conversation, sights: sights)
      first.set(event)
      return seen
    }
    let timer = Task { [clock] in
      guard (try? await clock.sleep(isIdleFirst ? idle : left)) != nil else { return }
      first.set(late)
    }
    interruption.onRequest { first.set(.interrupted) }
    let event = await first.waitToTheEnd()
    timer.cancel()
    interruption.ignore(used: event == .interrupted)
    if event == late || event == .interrupted {
      work.cancel()
      await waitForEnd(of: work, upTo: Self.grace)
      return (event, nil)
    }
    return (event, await work.value)
  }

  /// How long a cancelled port may take to return.
  static let grace: Duration = .seconds(3)
  /// How long the target may take to close.
  static let closingLimit: Duration = .seconds(20)

  /// Waits for a task, but not for ever: at the limit it is cancelled and left behind.
  private func waitForEnd<Value: Sendable>(
    of task: Task<Value, Never>, upTo limit: Duration
  ) async {
    let first = OneShot<Bool>()
    let watcher = Task {
      _ = await task.value
      first.set(true)
    }
    let timer = Task { [clock] in
      try? await clock.sleep(limit)
      first.set(false)
    }
    if await first.waitToTheEnd() { timer.cancel() } else { task.cancel() }
    watcher.cancel()
  }

  /// Does an effect; what goes wrong comes back as an event too.
  private func execute(
    _ effect: Effect, conversation: [Message], sights: Sights
  ) async -> (SessionEvent, KeptFrame?) {
    do throws(Fault) {
      switch effect {
      case .observe(let settled): return try await observe(settled: settled)
      case .keepPicture:
        let (event, kept) = try await observe(settled: false)
        guard case .observed(let frame) = event else { return (event, kept) }
        return (.pictureKept(frame: frame), kept)
      case .seeField(let point):
        return (.fieldSeen(sight: try await see(point, sights)), nil)
      case .readField(let point, let text, let isWhole):
        let reading = await perception.readField(
          at: point, typed: text, isWhole: isWhole, in: try sights.last().frame)
        return (.fieldRead(reading: reading, sight: try await see(point, sights)), nil)
      default: return (try await event(for: effect, conversation, sights), nil)
      }
    } catch {
      return (.failed(fault: error), nil)
    }
  }

  private func observe(settled: Bool) async throws(Fault) -> (SessionEvent, KeptFrame?) {
    let frame = try await screen.frame(settled: settled)
    let kept = await record.keep(frame)
    return (.observed(frame: kept.reference), kept)
  }

  private func event(
    for effect: Effect, _ conversation: [Message], _ sights: Sights
  ) async throws(Fault) -> SessionEvent {
    switch effect {
    case .prepare:
      let info = try await screen.prepare()
      return .prepared(size: info.size, description: info.description)
    case .recover: return .recovered(size: try await screen.recover().size)
    case .interpret(let line, let language):
      return .interpreted(moves: perception.interpret(line, language: language))
    case .locate(let target, let role):
      return try await locate(target, role, try sights.last().frame)
    case .think(let role, _, _, let tools):
      return .replied(
        reply: try await theModel().think(
          role: role, conversation: conversation, tools: tools ?? [.computer],
          frame: sights.latest))
    case .judge(let statement, let votes, _, let vote):
      return try await judge(statement, vote == nil ? votes : 1, vote, try sights.last())
    case .compare(let patch, let since):
      return .compared(
        isUnchanged: try await screen.isUnchanged(patch, since: try sights.frame(since)))
    case .authorise(let action):
      return .authorised(refusal: try await thePerson().authorise(action))
    case .permit(let command, let reason):
      return .authorised(refusal: try await thePerson().permit(command, because: reason))
    case .act(let action):
      try await screen.perform(action)
      return .acted
    case .run(let command): return .ran(result: try await theHost().run(command))
    case .settle(let quiet, let isPatient):
      return .settled(settling: try await screen.settle(quiet: quiet, isPatient: isPatient))
    case .examine(let leaves, _):
      return .examined(readings: try await examine(leaves, sights))
    case .readPast(let leaf, let since, let isWanted):
      return .pastRead(past: try await readPast(leaf, since: since, isWanted: isWanted))
    case .read(let what, let region, let near):
      let values = try await perception.read(
        what, region: region, near: near, in: try sights.last().frame)
      return .readValues(values: values.map(\.text), found: values)
    case .awaitChange(let limit):
      return .changed(
        didChange: try await screen.awaitChange(
          after: try sights.last().frame.sequence, upTo: limit))
    case .pause(let duration):
      try? await clock.sleep(duration)
      return .elapsed
    case .hold: throw nobodyIsThere
    case .observe, .keepPicture, .seeField, .readField, .finish:
      throw Fault(.harness, "internal error: no port for this effect")
    }
  }

  private func locate(
    _ target: Target, _ role: TargetRole, _ frame: Frame
  ) async throws(Fault) -> SessionEvent {
    guard role == .toggle else {
      return .located(location: try await perception.locate(target, role: role, in: frame))
    }
    switch try await perception.toggle(target, in: frame) {
    case .found(let hit, let isOn, let reason):
      return .toggleFound(hit: hit, isOn: isOn, reason: reason)
    case .notFound(let location): return .located(location: location)
    }
  }

  /// What became of a field since the last action was decided.
  private func see(
    _ point: ScreenPoint, _ sights: Sights
  ) async throws(Fault) -> FieldSight {
    let now = try sights.last().frame
    return await perception.seeField(
      at: point, since: sights.beforeAction?.frame ?? now, in: now)
  }

  private func judge(
    _ statement: String, _ votes: Int, _ vote: Int?, _ sight: KeptFrame
  ) async throws(Fault) -> SessionEvent {
    let messages = Judge.messages(statement: statement, frame: sight.reference)
    var replies: [ModelReply] = []
    for _ in 0..<max(1, votes) {
      replies.append(try await theModel().judge(messages, vote: vote ?? 1, frame: sight))
    }
    return .judged(replies: replies)
  }

  /// Without a person nothing is allowed in a person's name.
  private func thePerson() throws(Fault) -> any PersonPort {
    guard let person else { throw nobodyIsThere }
    return person
  }

  private var nobodyIsThere: Fault {
    Fault(.harness, "internal error: the run is supervised, and nobody is there to ask")
  }

  func theHost() throws(Fault) -> any HostPort {
    guard let host else {
      throw Fault(.harness, "internal error: there is no host to run commands on")
    }
    return host
  }

  private func theModel() throws(Fault) -> any ModelPort {
    guard let model else { throw Fault(.harness, "internal error: there is no model") }
    return model
  }
}

extension Effect {
  /// Whether it is over soon unless something hangs: what waits on purpose has limits of its own.
  fileprivate var isShort: Bool {
    switch self {
    case .examine(let leaves, _):
      // A command has a limit of its own.
      !leaves.contains { if case .ssh = $0 { true } else { false } }
    case .observe, .interpret, .locate, .compare, .readPast, .read, .seeField, .readField,
      .keepPicture, .awaitChange, .recover:
      true
    case .prepare, .run, .act, .think, .judge, .authorise, .permit, .settle, .pause, .hold, .finish:
      false
    }
  }
}

extension Fault {
  /// Nothing happened for as long as a scenario allows.
  fileprivate static func idle(_ limit: Duration) -> Fault {
    Fault(.harness, "nothing happened for \(limit.brief), the scenario's idle limit")
  }
}
