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
  let executor = ThreadExecutor(name: "vnc")

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
  public internal(set) var desktopName = ""
  /// How many updates have changed the picture.
  public internal(set) var sequence: UInt64 = 0

  /// How we were let in.
  public internal(set) var security = VNCSecurityType.none
  /// The TLS version and cipher in use; nil when nothing is encrypted.
  var encryption: String?

  var wire: Wire?
  private(set) var failure: VNCError?
  let input = InputBuffer()
  var parser = MessageParser()
  /// Whether the input holds what there was no time for.
  var hasBacklog = false
  var canvas = Canvas(size: PixelSize(clampingWidth: 1, height: 1))
  /// The last complete picture, while the first of a new size is on its way.
  var former: Frame?
  /// Since when the canvas has been waiting for its first complete picture.
  var awaitingSince: Duration?
  var lastByte = Duration.zero
  var messageBegan = Duration.zero
  var resizes: [Duration] = []
  var log = DamageLog()
  var history: FrameHistory
  var carets = Carets()

  var liveness: Liveness
  var knowsFences = false
  var continuousUpdates = ContinuousUpdates.unknown
  var action = ActionTrace()
  var held = HeldInput()
  var pointer = (x: 0, y: 0)
  var lastInput = Duration.zero
  /// Where the last input clicked; nil after any other input.
  var lastClick: ScreenPoint?
  /// Where and when a button went down last.
  var lastPress: ButtonPress?
  var lastNudge = Duration.zero
  var isGesturing = false
  var spent: Set<UInt32>
  var metDoubtful: Set<UInt32> = []
  /// Whether Caps Lock was pressed through this connection, and not pressed again.
  var wantsCaps = false
  /// Whether it was pressed since the server was seen to have it as wanted.
  var hasPressedCaps = false
  /// The keysyms outside ASCII that have keys on the server.
  var own: Set<UInt32>
  var profile: TypingProfile?
  var clipboard = ClipboardState()
  var managesClipboard: Bool?

  private init(to endpoint: VNCEndpoint, options: VNCOptions) {
    self.endpoint = endpoint
    self.options = options
    sequence = options.sequence
    history = FrameHistory(limit: options.historyLimit)
    spent = options.spentKeysyms
    own = Set(options.signs.compactMap(Keysym.of))
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
    guard var frame = Frame(size: canvas.size, pixels: canvas.pixels, sequence: sequence) else {
      throw error(.protocolViolation, "has a screen whose picture does not fit its size")
    }
    frame.overlays = carets.overlays
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
  var takesScancodes: Bool { parser.takesScancodes }

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

  func fail(_ reason: VNCError) {
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
