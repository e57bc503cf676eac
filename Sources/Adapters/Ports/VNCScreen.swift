internal import Hands
internal import Imaging
internal import Pixels
internal import Scenario
internal import Driving
internal import Story
internal import VNC

/// The screen port over one VNC connection.
actor VNCScreen: ScreenPort {
  let source: any ScreenSource
  let secrets: [String: String]
  private let typing: TypingShelf.Finding
  let host: HostHands?
  /// Whether a command on the host has done a part of the action in flight, of which VNC knows nothing.
  var hasHostActed = false
  private var endpoint: VNCEndpoint?
  private var description = ""
  private var connection: VNCConnection?
  /// The state of the screen before the last action.
  private var before: UInt64 = 0
  /// What the server was sent before of signs that its keyboard may lack; nil on one of our own.
  private let spent: SpentSigns?
  private var spentKeysyms: Set<UInt32> = []

  init(
    source: any ScreenSource, secrets: [String: String], typing: TypingShelf.Finding = .nothing,
    host: HostHands? = nil, spent: SpentSigns? = nil
  ) {
    self.source = source
    self.secrets = secrets
    self.typing = typing
    self.host = host
    self.spent = spent
    spentKeysyms = spent?.read() ?? []
  }

  /// Remembers for later cases and runs what the server was sent.
  func keepSpentSigns() async {
    guard let connection else { return }
    let now = await connection.spentKeysyms
    guard now != spentKeysyms else { return }
    spentKeysyms = now
    spent?.add(now)
  }

  func prepare() async throws(Fault) -> ScreenInfo {
    let (endpoint, description) = try await source.start()
    self.endpoint = endpoint
    self.description = described(description)
    let info = try await connect()
    if source.drawsLater { try await awaitApplication() }
    return info
  }

  private func described(_ screen: String) -> String {
    switch typing {
    case .nothing: screen
    case .kept(let kept): "\(screen), \(kept.words)"
    case .damaged(let path, let reason):
      "\(screen) (\(TypingShelf.words(ofDamaged: path, reason)))"
    }
  }

  /// What keys cannot type goes over the clipboard: by the chord that was found to paste there, else by the
  /// one that pastes nearly everywhere.
  private var options: VNCOptions {
    var options = VNCOptions(spentKeysyms: spentKeysyms, signs: source.signs)
    if case .kept(let kept) = typing {
      options.profile = kept.profile
      return options
    }
    options.paste = ["ctrl", "v"].compactMap { Key($0) }
    return options
  }

  private func connect() async throws(Fault) -> ScreenInfo {
    guard let endpoint else { throw Fault(.harness, "internal error: connecting to nothing") }
    do throws(VNCError) {
      let connection = try await VNCConnection.connect(
        to: endpoint, options: options)
      self.connection = connection
      return ScreenInfo(size: await connection.size, description: description)
    } catch {
      throw Fault(error)
    }
  }

  /// Waits until the application has drawn its first window and the screen is quiet.
  private func awaitApplication() async throws(Fault) {
    let deadline = ContinuousClock.now + .seconds(15)
    while ContinuousClock.now < deadline {
      if try await currentFrame().solidColor == nil {
        _ = try await settle(quiet: .milliseconds(300), isPatient: false)
        return
      }
      if let problem = source.displayProblem() { throw Fault(.screen, problem) }
      // What its end means is not for us to say.
      if let state = await source.application(), !state.isRunning { return }
      let sequence = try await currentFrame().sequence
      _ = try await awaitChange(after: sequence, upTo: .milliseconds(500))
    }
  }

  func frame(settled: Bool) async throws(Fault) -> Frame {
    if settled { _ = try await settle(quiet: nil, isPatient: false) }
    return try await currentFrame()
  }

  /// The picture now, from a server that was heard lately: one that hangs would show its last for ever.
  private func currentFrame() async throws(Fault) -> Frame {
    try await withConnection { (connection) async throws(VNCError) in
      try await connection.confirmAlive(ifSilentFor: .seconds(2))
      return try await connection.frame()
    }
  }

  func perform(_ action: Action) async throws(Fault) {
    hasHostActed = false
    before = try await withConnection { (connection) async throws(VNCError) in
      await connection.beginAction()
      return await connection.sequence
    }
    do throws(Fault) {
      try await gestures(action)
      try await withConnection { (connection) async throws(VNCError) in
        try await connection.endAction()
      }
    } catch {
      await keepSpentSigns()
      try await settleFate(error)
    }
  }

  /// After a lost connection: what is certain of the action decides whether it counts as done, or as not.
  private func settleFate(_ fault: Fault) async throws(Fault) {
    guard fault.isTransient, let fate = await connection?.lastAction.fate else { throw fault }
    switch fate {
    // The next look finds the connection gone, and connects again.
    case .done: return
    case .notDone where hasHostActed: throw fault
    case .notDone:
      var fault = fault
      fault.wasNotDone = true
      throw fault
    case .unknown: throw fault
    }
  }

  private func gestures(_ action: Action) async throws(Fault) {
    switch action {
    case .click, .drag: await source.attend(to: action.points.first)
    case .press, .type: await source.attend(to: nil)
    case .move, .scroll: break
    }
    switch action {
    case .click(let point, let button, let count, let modifiers, let hold):
      let keys = try keys(modifiers)
      try await withConnection { (connection) async throws(VNCError) in
        try await connection.click(
          at: point, button: button, count: count, modifiers: keys, hold: hold)
      }
    case .move(let point):
      try await withConnection { (connection) async throws(VNCError) in
        try await connection.move(to: point)
      }
    case .drag(let path, let button, let modifiers, let hold):
      let keys = try keys(modifiers ?? [])
      try await withConnection { (connection) async throws(VNCError) in
        try await connection.drag(
          along: path, button: button ?? .left, modifiers: keys, hold: hold)
      }
    case .scroll(let point, let direction, let notches, let modifiers):
      let keys = try keys(modifiers ?? [])
      try await withConnection { (connection) async throws(VNCError) in
        try await connection.scroll(
          direction, notches: notches, at: point, modifiers: keys)
      }
    case .press(let chords, let manner):
      for chord in chords { try await press(chord.keys, manner) }
    case .type(let text, let clear, let enter, let isPasted):
      try await type(text, clear, enter, isPasted: isPasted ?? false)
    }
    await keepSpentSigns()
  }

  func press(_ names: [String], _ manner: KeyManner? = nil) async throws(Fault) {
    let keys = try keys(names)
    try await withConnection { (connection) async throws(VNCError) in
      switch manner {
      case nil: try await connection.press(keys)
      case .hold(let time): try await connection.hold(keys, for: time)
      case .down: try await connection.pressDown(keys)
      case .up: try await connection.release(keys)
      }
    }
  }

  private func keys(_ names: [String]) throws(Fault) -> [Key] {
    var keys: [Key] = []
    for name in names {
      guard let key = Key(name) else { throw Fault(.scenario, "there is no key “\(name)”") }
      keys.append(key)
    }
    return keys
  }

  func settle(quiet: Duration?, isPatient: Bool) async throws(Fault) -> Settling {
    var policy = isPatient ? SettlePolicy.patient : SettlePolicy()
    if let quiet {
      policy.quiet = quiet
      policy.firstChange = max(policy.firstChange, quiet)
      policy.limit = max(policy.limit, quiet + .seconds(5))
    }
    let before = self.before
    let outcome = try await withConnection { [policy] (connection) async throws(VNCError) in
      try await connection.settle(policy, after: before)
    }
    return Settling(outcome)
  }

  func awaitChange(after sequence: UInt64, upTo limit: Duration) async throws(Fault) -> Bool {
    try await withConnection { (connection) async throws(VNCError) in
      try await connection.waitForChange(after: sequence, upTo: limit)
    }
  }

  /// Compares last before an action, so that whatever a press in that place must wait for is waited for here.
  func isUnchanged(_ patch: PixelRect, since frame: Frame) async throws(Fault) -> Bool {
    if let point = frame.size.center(of: patch) {
      try await withConnection { (connection) async throws(VNCError) in
        try await connection.waitOutDoubleClick(at: point)
      }
    }
    return PatchComparison.isSame(patch, frame, try await currentFrame())
  }

  func past(since sequence: UInt64) async throws(Fault) -> ScreenPast {
    let (moments, isWhole) = try await withConnection { (connection) async throws(VNCError) in
      try await connection.past(since: sequence)
    }
    return ScreenPast(
      moments: moments.map { moment in
        ScreenPast.Moment(
          sequence: moment.sequence, age: moment.age, changes: moment.changes
        ) { moment.frame }
      }, isWhole: isWhole)
  }

  func recover() async throws(Fault) -> ScreenInfo {
    if let problem = source.displayProblem() { throw Fault(.screen, problem) }
    guard let connection else { return try await connect() }
    do throws(VNCError) {
      let fresh = try await connection.reconnect()
      self.connection = fresh
      return ScreenInfo(size: await fresh.size, description: description)
    } catch {
      throw Fault(error)
    }
  }

  nonisolated func application() async -> ApplicationState? { await source.application() }

  nonisolated func examine(_ check: Check.LogCheck) async throws(Fault) -> LeafReading {
    try source.examine(check)
  }

  nonisolated func output() async -> ApplicationOutput? { source.output() }

  func close() async {
    if let connection { await connection.close() }
    connection = nil
    await source.stop()
    await host?.close()
  }

  func withConnection<Result: Sendable>(
    _ body: @Sendable (VNCConnection) async throws(VNCError) -> Result
  ) async throws(Fault) -> Result {
    guard let connection else {
      throw Fault(.screen, "the connection to the screen is closed", isTransient: true)
    }
    do throws(VNCError) {
      return try await body(connection)
    } catch {
      if error.code == .closed { spentKeysyms = await connection.spentKeysyms }
      throw Fault(error)
    }
  }
}

extension Fault {
  /// What a VNC error means for a session.
  init(_ error: VNCError) {
    switch error.code {
    case .closed, .timedOut: self.init(.screen, error.message, isTransient: true)
    case .refused, .unreachable, .authenticationFailed, .passwordRequired, .unsupportedSecurity,
      .untrusted, .protocolViolation, .tooLarge, .cancelled, .unsupportedInput, .busy:
      self.init(.screen, error.message)
    }
  }
}

extension Settling {
  fileprivate init(_ outcome: SettleOutcome) {
    switch outcome {
    case .quiet(let duration): self = .quiet(after: duration)
    case .noEffect: self = .noEffect
    case .feedback: self = .feedback
    case .animated(let regions, _): self = .animated(regions)
    case .timedOut: self = .timedOut
    }
  }
}
