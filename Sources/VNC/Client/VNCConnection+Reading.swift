import Glibc
import Pixels
import Platform

extension VNCConnection {
  /// Whether there is something to take in that `poll` does not see.
  var hasUnread: Bool { hasBacklog || wire?.isPending == true }

  /// Takes in what has arrived; false when the connection is over.
  func readInput() -> Bool {
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

  private static let turn = Duration.milliseconds(50)

  /// Understands what was read, but stops where others have waited long enough: a few bytes can order
  /// much painting.
  func parseInput() {
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
      canvas.notesChanges = true
      changes = [canvas.size.bounds]
    }
    guard !changes.isEmpty else { return }
    sequence += 1
    let time = now
    log.append(DamageLog.Entry(sequence: sequence, rects: changes, time: time))
    followCarets(changes)
    history.append(
      canvas.size, canvas.pixels, changes: changes, overlays: carets.overlays, sequence: sequence,
      time: time)
    // What has just become known may be on pictures that were taken for the whole truth.
    for caret in carets.takeDiscoveries() {
      guard let overlay = caret.overlay else { continue }
      history.lay(overlay, since: caret.since) { caret.isAll(of: $0) }
    }
  }

  /// Looks for text cursors in what an update changed, before the history has it.
  private func followCarets(_ changes: [PixelRect]) {
    let last = history.moments.last
    carets.changed(
      changes, of: canvas.size, sequence: sequence,
      former: { last?.size == canvas.size ? last?.pixels(in: $0) : nil }, pixels: canvas.pixels)
  }

  private func resize(to size: PixelSize) throws(VNCError) {
    let time = now
    resizes = resizes.filter { time - $0 < .seconds(3) } + [time]
    guard resizes.count <= 30 else {
      throw error(.protocolViolation, "changed the size of its screen 30 times in three seconds")
    }
    if awaitingSince == nil { former = try frameBeforeResize() }
    canvas = Canvas(size: size, notesChanges: false)
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
  func finishMessage() throws(VNCError) {
    let deadline = Self.deadline(in: options.stallTimeout)
    while parser.isMidMessage, wire != nil {
      try readMore(until: deadline)
      try check()
    }
  }

  /// Waits for more from the server and takes it in, on this thread.
  func readMore(until deadline: ContinuousClock.Instant) throws(VNCError) {
    guard let wire else { return }
    do throws(Socket.Failure) {
      if !hasUnread { try wire.socket.wait(for: POLLIN, until: deadline) }
      guard ContinuousClock.now < deadline else { throw .timedOut }
    } catch {
      let reason =
        ending ?? explain(error, during: sequence == options.sequence ? .firstFrame : .update)
      fail(reason)
      throw reason
    }
    _ = readInput()
  }
}
