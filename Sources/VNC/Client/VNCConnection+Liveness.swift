import Pixels

extension VNCConnection {
  /// Asks the server for a sign of life, and returns when it has answered, with the time that took.
  ///
  /// What was sent before has then reached the server, whatever its applications make of it. Servers with
  /// fences answer at once and in order. Others are asked for one pixel anew, and any update counts.
  ///
  /// - Parameter silence: a server that was heard within this time is not asked.
  /// - Throws: `.timedOut(.answer)`, after `livenessTimeout`; the connection has then failed.
  @discardableResult
  public func confirmAlive(
    ifSilentFor silence: Duration = .zero
  ) async throws(VNCError) -> Duration {
    try check()
    let start = now
    guard start - lastByte >= silence else { return .zero }
    let number = try ask()
    while liveness.lastAnswered < number {
      let seen = signal.generation
      if liveness.lastAnswered >= number { break }
      try await pause(after: seen, until: Self.deadline(in: options.livenessTimeout))
      try check()
    }
    return now - start
  }

  /// Sends a question and returns its number.
  func ask() throws(VNCError) -> UInt32 {
    let number = liveness.nextNumber
    try send([question(number)])
    liveness.asked(at: now)
    return number
  }

  private func question(_ number: UInt32) -> ClientMessage {
    guard knowsFences else {
      return .requestUpdate(PixelRect(x: 0, y: 0, width: 1, height: 1), incremental: false)
    }
    var payload = WireBytes()
    payload.append32(number)
    return .fence(flags: Fence.request | Fence.blockBefore, payload: payload.raw)
  }

  /// Asks a server that has been silent for long, and gives up one that does not answer.
  func keepWatch() throws(VNCError) {
    // While a picture is awaited the limit for that is at work.
    guard isWatched else { return }
    switch liveness.decision(at: now, lastHeard: lastByte) {
    case .nothing: return
    case .ask: _ = try ask()
    case .dead: try check()
    }
  }

  /// The error for a server that does not answer.
  var silence: VNCError {
    error(
      .timedOut(.answer),
      "is connected but has not answered for \(options.livenessTimeout); "
        + "look whether its machine or the server hangs")
  }

  func handleFence(_ flags: UInt32, _ payload: [UInt8]) throws(VNCError) {
    if !knowsFences {
      knowsFences = true
      // From here on an update is no answer any more.
      if liveness.isWaiting { _ = try ask() }
    }
    guard flags & Fence.request == 0 else {
      // Messages are dealt with one after the other, so that all orders are kept.
      return try send([.fence(flags: flags & Fence.known, payload: payload)])
    }
    guard payload.count == 4 else { return }
    liveness.answered(payload.reduce(0) { $0 << 8 | UInt32($1) }, at: now)
    if case .offered = continuousUpdates { try decideOnUpdates() }
    signal.fire()
  }

  // MARK: - Continuous updates

  /// Takes the offer to send updates without being asked, where that is worth something.
  func decideOnUpdates() throws(VNCError) {
    switch options.updates {
    case .requested: return
    case .continuous: break
    case .automatic:
      guard let time = liveness.roundTrip else {
        _ = try ask()
        return
      }
      guard time >= Self.farAway else { return }
    }
    try enableContinuousUpdates(of: canvas.size)
  }

  /// From which round trip on the way of a request is worth saving.
  private static let farAway = Duration.milliseconds(5)

  /// Has updates sent unasked; `size` is the newest, of which there may be no picture yet.
  func enableContinuousUpdates(of size: PixelSize) throws(VNCError) {
    continuousUpdates = .on
    try send([.enableContinuousUpdates(size.bounds)])
  }
}

/// The flags of a fence (community's RFB document, "Fence").
enum Fence {
  static let blockBefore: UInt32 = 1
  /// All that say something about order.
  static let known: UInt32 = 7
  static let request: UInt32 = 1 << 31
  /// The longest payload.
  static let payloadLimit = 64
}

/// Whether the server sends updates without being asked.
enum ContinuousUpdates: Hashable, Sendable {
  case unknown
  case offered
  case on
}
