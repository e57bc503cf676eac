import Glibc
public import Pixels
import Platform

/// A connection to a VNC server: its picture, what changes on it, and hands to act on it.
///
/// LibVNCClient shakes hands and proves the password. From there on the messages are read by a parser
/// of our own, which checks every number, knows only lossless encodings and never waits in the middle
/// of a message. One thread does all reading and writing, and keeps the picture up to date by itself.
///
/// When the connection fails, all that wait and all later calls get the same error.
public actor VNCConnection {
  private let executor = ThreadExecutor(name: "vnc")

  /// The thread that everything here runs on.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// Where the server is.
  public nonisolated let endpoint: VNCEndpoint
  nonisolated let options: VNCOptions
  nonisolated let lifeline = Lifeline()
  nonisolated let signal = Signal()
  private nonisolated let epoch = ContinuousClock.now

  /// What the server calls its desktop, cut and freed of control characters.
  public private(set) var desktopName = ""
  /// How many updates have changed the picture.
  public private(set) var sequence: UInt64 = 0

  /// How we were let in.
  public private(set) var security = VNCSecurityType.none
  /// The TLS version and cipher in use; nil when nothing is encrypted.
  public private(set) var encryption: String?

  private var wire: Wire?
  private var failure: VNCError?
  private let input = InputBuffer()
  private var parser = MessageParser()
  /// Whether the input holds what there was no time for.
  private var hasBacklog = false
  private static let turn = Duration.milliseconds(50)
  private(set) var canvas = Canvas(size: PixelSize(clampingWidth: 1, height: 1))
  /// The last complete picture, while the first of a new size is on its way.
  private var former: Frame?
  /// Since when the canvas has been waiting for its first complete picture.
  private var awaitingSince: Duration?
  private(set) var lastByte = Duration.zero
  private var messageBegan = Duration.zero
  private var resizes: [Duration] = []
  private(set) var log = DamageLog()
  private(set) var history: FrameHistory

  var liveness: Liveness
  var knowsFences = false
  var continuousUpdates = ContinuousUpdates.unknown
  var action = ActionTrace()
  var held = HeldInput()
  var pointer = (x: 0, y: 0)
  var lastInput = Duration.zero
  /// Where the last input clicked; nil after any other input.
  var lastClick: ScreenPoint?
  var lastNudge = Duration.zero
  var isGesturing = false
  var spent: Set<UInt32>
  var metDoubtful: Set<UInt32> = []
  var profile: TypingProfile?
  var clipboard = ClipboardState()
  var managesClipboard: Bool?

  private init(to endpoint: VNCEndpoint, options: VNCOptions) {
    self.endpoint = endpoint
    self.options = options
    history = FrameHistory(limit: options.historyLimit)
    spent = options.spentKeysyms
    liveness = Liveness(patience: options.probeAfter, limit: options.livenessTimeout)
    profile = options.profile
  }

  /// Connects, and returns when the first picture is complete.
  ///
  /// Only the security types that the endpoint accepts are used; by default None, or with a password
  /// VncAuth. Host names are looked up within the limits of the system's resolver, everything else within
  /// `connectTimeout`.
  public static func connect(
    to endpoint: VNCEndpoint, options: VNCOptions = .init()
  ) async throws(VNCError) -> VNCConnection {
    let connection = VNCConnection(to: endpoint, options: options)
    try await connection.openInTime()
    return connection
  }

  // MARK: - The picture

  /// The size of the screen.
  public var size: PixelSize { former?.size ?? canvas.size }

  /// The current picture, complete and without the pointer.
  ///
  /// While the sequence is unchanged it is the same array again. After a change of size it is the old
  /// picture until the new one is complete.
  public func frame() throws(VNCError) -> Frame {
    try check()
    if awaitingSince == nil { try finishMessage() }
    if awaitingSince != nil, let former { return former }
    guard let frame = Frame(size: canvas.size, pixels: canvas.pixels, sequence: sequence) else {
      throw error(.protocolViolation, "has a screen whose picture does not fit its size")
    }
    return frame
  }

  /// Where pixels have changed since a sequence number; the whole screen when that is forgotten.
  ///
  /// Only pixels that are different count: what a server sends again without a change is not damage.
  public func damage(since sequence: UInt64) -> [PixelRect] {
    guard sequence < self.sequence else { return [] }
    guard let entries = log.entries(after: sequence) else { return [size.bounds] }
    var list = RectList()
    for rect in entries.flatMap(\.rects) { list.add(rect.intersection(size.bounds)) }
    return list.rects
  }

  /// Has the whole screen sent anew and returns when it is here, so that nothing stale is left.
  public func refresh(upTo limit: Duration = .seconds(5)) async throws(VNCError) {
    try check()
    let deadline = Self.deadline(in: limit)
    if awaitingSince == nil { canvas.expectAll() }
    try send([.requestUpdate(canvas.size.bounds, incremental: false)])
    while !canvas.isComplete {
      let seen = signal.generation
      guard ContinuousClock.now < deadline else {
        throw error(.timedOut(.update), "sent no new picture within \(limit)")
      }
      try await pause(after: seen, until: deadline)
      try check()
    }
  }

  /// Lets go of everything that is pressed and ends the connection; all that wait get `.closed`.
  public func close() async {
    releaseAllQuietly()
    lifeline.cut(.closed)
    fail(error(.closed, "was left: the connection is closed"))
  }

  // MARK: - Opening

  private nonisolated func openInTime() async throws(VNCError) {
    let deadline = Self.deadline(in: options.connectTimeout)
    let result = await withTaskCancellationHandler {
      await withTaskGroup(of: Result<Void, VNCError>?.self) { group in
        group.addTask { await self.openResult(until: deadline) }
        group.addTask {
          try? await Task.sleep(until: deadline, clock: .continuous)
          return nil
        }
        var result = await group.next() ?? nil
        if result == nil {
          // Being cancelled ends the sleep, too.
          self.lifeline.cut(Task.isCancelled ? .cancelled : .timedOut)
          result = await group.next() ?? nil
        }
        group.cancelAll()
        return result
      }
    } onCancel: {
      lifeline.cut(.cancelled)
    }
    guard let result else { throw error(.cancelled, "was not reached: the task was cancelled") }
    try result.get()
  }

  private func openResult(until deadline: ContinuousClock.Instant) async -> Result<Void, VNCError> {
    do throws(VNCError) {
      try await open(until: deadline)
      try await waitForFirstFrame(until: deadline)
      return .success(())
    } catch {
      fail(error)
      return .failure(error)
    }
  }

  private func open(until deadline: ContinuousClock.Instant) async throws(VNCError) {
    let socket = try await reach(until: deadline)
    lifeline.enter(.handshake)
    let session: Handshake.Session
    do throws(Handshake.Failure) {
      session = try Handshake.perform(on: socket, with: endpoint, until: deadline)
    } catch {
      throw ending ?? self.error(error.code, error.reason)
    }
    if let ending { throw ending }
    try adopt(socket, session)
  }

  /// A connection that somebody else makes.
  private func dial(
    _ dialer: VNCDialer, until deadline: ContinuousClock.Instant
  ) async throws(VNCError) -> Socket {
    do throws(VNCDialer.Failure) {
      let socket = try await dialer.connect(to: endpoint.address, until: deadline)
      lifeline.hold(socket)
      return socket
    } catch {
      throw ending ?? self.error(error.code, "cannot be reached: \(error.reason)")
    }
  }

  private func reach(until deadline: ContinuousClock.Instant) async throws(VNCError) -> Socket {
    if let dialer = endpoint.dialer { return try await dial(dialer, until: deadline) }
    do throws(Socket.Failure) {
      switch endpoint.address {
      case .tcp(let host, let port):
        return try .connect(host: host, port: port, until: deadline) { lifeline.hold($0) }
      case .unix(let path):
        return try .connect(path: path, until: deadline) { lifeline.hold($0) }
      }
    } catch {
      throw ending ?? explain(error, during: .connect)
    }
  }

  /// Says what we want and starts to listen.
  private func adopt(_ socket: Socket, _ session: Handshake.Session) throws(VNCError) {
    desktopName = session.name
    do throws(MessageParser.Violation) {
      canvas = Canvas(
        size: try MessageParser.checkedSize(width: session.width, height: session.height))
    } catch {
      throw self.error(violation: error)
    }
    wire = Wire(socket: socket, tls: session.tls)
    security = session.security
    encryption = session.tls?.summary
    awaitingSince = now
    lastByte = now
    lifeline.enter(.firstFrame)
    try send([.setPixelFormat, .setEncodings(Encoding.announced)])
    // Nobody knows what the last one who was here left pressed.
    try send(Keysym.allModifiers.map { .key(keysym: $0, down: false) })
    if options.parksPointer {
      try sendPointer(toX: canvas.size.width - 1, y: canvas.size.height - 1)
    }
    try send([.requestUpdate(canvas.size.bounds, incremental: false)])
    input.room.copyBytes(from: session.leftover)
    input.filled(session.leftover.count)
    parseInput()
    listen(to: socket)
  }

  private func listen(to socket: Socket) {
    executor.serve(
      ThreadExecutor.Source(
        descriptor: socket.descriptor,
        isPending: { [weak self] in self?.assumeIsolated { $0.hasUnread } ?? false },
        serve: { [weak self, socket] in
          // The descriptor stays open, and its number ours, for as long as it is polled.
          withExtendedLifetime(socket) { self?.assumeIsolated { $0.readInput() } ?? false }
        }))
  }

  private func waitForFirstFrame(until deadline: ContinuousClock.Instant) async throws(VNCError) {
    while awaitingSince != nil {
      let seen = signal.generation
      if let failure { throw failure }
      guard awaitingSince != nil else { return }
      await signal.wait(after: seen, until: deadline)
      if let ending { throw ending }
    }
    if let failure { throw failure }
  }

  // MARK: - Reading

  /// Whether there is something to take in that `poll` does not see.
  private var hasUnread: Bool { hasBacklog || wire?.isPending == true }

  /// Takes in what has arrived; false when the connection is over.
  private func readInput() -> Bool {
    guard let wire, failure == nil else { return false }
    if hasBacklog {
      parseInput()
      return failure == nil
    }
    // A few turns at a time, so that what others want of this actor is not kept waiting.
    for _ in 0..<8 {
      let room = input.room
      switch wire.read(into: room) {
      case .bytes(let count):
        lastByte = now
        input.filled(count)
        parseInput()
        if failure != nil { return false }
        if hasBacklog { return true }
        if count < room.count, wire.tls == nil { return true }
      case .nothingYet: return true
      case .ended:
        fail(ending ?? endedByServer)
        return false
      case .failed(let code):
        fail(ending ?? explain(.system(code), during: .update))
        return false
      case .broken(let problem):
        fail(ending ?? error(.closed, "broke off TLS: \(problem)"))
        return false
      }
    }
    return true
  }

  /// Understands what was read, but stops where others have waited long enough: a few bytes can order
  /// much painting.
  private func parseInput() {
    let start = now
    hasBacklog = false
    do throws(VNCError) {
      while true {
        guard now - start < Self.turn else {
          hasBacklog = true
          return
        }
        let (used, event) = try parseOnce()
        input.used(used)
        guard let event else { return }
        try handle(event)
      }
    } catch {
      fail(error)
    }
  }

  private func parseOnce() throws(VNCError) -> (used: Int, event: MessageParser.Event?) {
    let wasMidMessage = parser.isMidMessage
    do throws(MessageParser.Violation) {
      let result = try parser.parse(input.bytes, into: &canvas)
      if !wasMidMessage { messageBegan = now }
      return result
    } catch {
      throw self.error(violation: error)
    }
  }

  private func handle(_ event: MessageParser.Event) throws(VNCError) {
    switch event {
    case .updateFinished:
      publish()
      if continuousUpdates != .on {
        try send([.requestUpdate(canvas.size.bounds, incremental: true)])
      }
      if !knowsFences { liveness.answered(liveness.lastAsked, at: now) }
      signal.fire()
    case .resized(let size): try resize(to: size)
    case .clipboardCapabilities, .clipboardRequested, .clipboardNotified, .clipboardProvided,
      .cutText:
      let answer = clipboard.handle(event)
      if !answer.isEmpty { try send(answer) }
      signal.fire()
    case .fence(let flags, let payload): try handleFence(flags, payload)
    case .continuousUpdatesEnded:
      // Also the answer to being told to stop, which we never do.
      guard continuousUpdates == .unknown else { return }
      continuousUpdates = .offered
      try decideOnUpdates()
    }
  }

  private func publish() {
    var changes = canvas.takeChanges()
    if awaitingSince != nil {
      guard canvas.isComplete else { return }
      awaitingSince = nil
      former = nil
      changes = [canvas.size.bounds]
    }
    guard !changes.isEmpty else { return }
    sequence += 1
    let time = now
    log.append(DamageLog.Entry(sequence: sequence, rects: changes, time: time))
    history.append(
      canvas.size, canvas.pixels, changes: changes, sequence: sequence, time: time)
  }

  private func resize(to size: PixelSize) throws(VNCError) {
    let time = now
    resizes = resizes.filter { time - $0 < .seconds(3) } + [time]
    guard resizes.count <= 30 else {
      throw error(.protocolViolation, "changed the size of its screen 30 times in three seconds")
    }
    if awaitingSince == nil { former = try frameBeforeResize() }
    canvas = Canvas(size: size)
    awaitingSince = time
    if continuousUpdates == .on { try enableContinuousUpdates(of: size) }
    try send([.requestUpdate(size.bounds, incremental: false)])
  }

  private func frameBeforeResize() throws(VNCError) -> Frame? {
    // What this very update changed before the resize is part of it.
    if !canvas.takeChanges().isEmpty {
      sequence += 1
      log.append(DamageLog.Entry(sequence: sequence, rects: [canvas.size.bounds], time: now))
    }
    return Frame(size: canvas.size, pixels: canvas.pixels, sequence: sequence)
  }

  /// Reads on until the message that has begun is complete: half an update is no picture.
  private func finishMessage() throws(VNCError) {
    let deadline = Self.deadline(in: options.stallTimeout)
    while parser.isMidMessage, let wire {
      do throws(Socket.Failure) {
        if !hasUnread { try wire.socket.wait(for: POLLIN, until: deadline) }
      } catch {
        let reason = ending ?? explain(error, during: .update)
        fail(reason)
        throw reason
      }
      _ = readInput()
      try check()
    }
  }

  // MARK: - Writing

  func send(_ messages: [ClientMessage]) throws(VNCError) {
    if let failure { throw failure }
    guard let wire else { throw error(.closed, "is not connected") }
    let isAction = action.isOpen && messages.contains { $0.isInput }
    var sent = 0
    defer { if isAction, sent > 0 { noteSent(sent) } }
    do throws(Socket.Failure) {
      try wire.write(
        messages.flatMap(\.bytes), until: Self.deadline(in: options.stallTimeout), counting: &sent)
    } catch {
      let reason = ending ?? explain(error, during: .send)
      fail(reason)
      throw reason
    }
  }

  private func noteSent(_ count: Int) {
    action.record.bytesSent += count
    action.lastSentAt = now
  }

  // MARK: - State

  /// What the server has said about itself.
  var facts: ServerFacts { parser.facts }

  /// Whether the first picture of a size is still on its way.
  var isAwaitingPicture: Bool { awaitingSince != nil }

  /// The time since the connection was made.
  var now: Duration { epoch.duration(to: .now) }

  /// Throws when the connection has failed, or when the server has stopped in mid-sentence.
  func check() throws(VNCError) {
    if failure == nil, let stall { fail(stall) }
    if let failure { throw failure }
  }

  /// Whether silence has to be explained.
  var isWatched: Bool { failure == nil && awaitingSince == nil }

  private var stall: VNCError? {
    if isWatched, liveness.decision(at: now, lastHeard: now) == .dead { return silence }
    let limit = options.stallTimeout
    if parser.isMidMessage, now - lastByte > limit || now - messageBegan > limit * 6 {
      return error(.timedOut(.update), "began an update and did not finish it within \(limit)")
    }
    if let awaitingSince, now - awaitingSince > limit {
      return error(.timedOut(.update), "changed its size and sent no picture within \(limit)")
    }
    return nil
  }

  private func fail(_ reason: VNCError) {
    guard failure == nil else { return }
    failure = reason
    executor.serve(nil)
    wire?.socket.breakOff()
    // Until the last one lets go of it, the system takes in what the server goes on sending.
    wire = nil
    lifeline.letGo()
    signal.fire()
  }
}
