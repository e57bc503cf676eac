public import Pixels

extension VNCConnection {
  /// Waits until pixels have changed after a sequence number, in a region or anywhere.
  ///
  /// True at once when they already have; false when `limit` has passed without a change.
  public func waitForChange(
    after sequence: UInt64, in region: PixelRect? = nil, upTo limit: Duration
  ) async throws(VNCError) -> Bool {
    let deadline = Self.deadline(in: limit)
    while true {
      let seen = signal.generation
      try check()
      let changes = damage(since: sequence)
      if changes.contains(where: { region?.intersects($0) ?? true }) { return true }
      guard ContinuousClock.now < deadline else { return false }
      try await pause(after: seen, until: deadline)
    }
  }

  /// Waits until the screen has come to rest after the last input.
  ///
  /// That nothing has changed is said only when the server has given a sign of life after the action.
  /// - Parameter sequence: the sequence number from just before the action; what changed since belongs
  ///   to it, what changed in the ten seconds before teaches what is noise.
  public func settle(
    _ policy: SettlePolicy = .init(), after sequence: UInt64
  ) async throws(VNCError) -> SettleOutcome {
    let start = min(lastInput, now)
    // With no input since, as after a command on another channel, the wait itself is the action.
    let actedAt = now - start > .seconds(1) ? now : start
    var machine = SettleMachine(
      policy: policy, actedAt: actedAt, endedAt: start, pointer: lastClick)
    for entry in log.entries(since: actedAt - .seconds(10)) where entry.sequence <= sequence {
      machine.remember(entry.rects, at: entry.time)
    }
    var known = sequence
    while true {
      let seen = signal.generation
      try check()
      known = feed(&machine, after: known)
      if let outcome = machine.outcome(at: now) {
        // A dead server shows no effect either: it must have said something since.
        guard case .noEffect = outcome, lastByte <= actedAt else { return outcome }
        try await confirmAlive()
        continue
      }
      try await pause(after: seen, until: Self.deadline(in: machine.nextLook - now))
    }
  }

  private func feed(_ machine: inout SettleMachine, after known: UInt64) -> UInt64 {
    guard known < sequence else { return known }
    if let entries = log.entries(after: known) {
      for entry in entries { machine.changed(entry.rects, at: entry.time) }
    } else {
      machine.changed([size.bounds], at: now)
    }
    return sequence
  }

  /// Sleeps until something happens, but never longer than it is safe to look away.
  func pause(after seen: UInt64, until deadline: ContinuousClock.Instant) async throws(VNCError) {
    let interval = options.nudgeInterval ?? (isQEMU ? .milliseconds(100) : nil)
    let look = Self.deadline(in: min(interval ?? .seconds(1), options.probeAfter))
    await signal.wait(after: seen, until: min(look, deadline))
    if Task.isCancelled { throw error(.cancelled, "was left waiting: the task was cancelled") }
    try keepWatch()
    if let interval, now - lastNudge >= interval {
      lastNudge = now
      try send([.pointer(x: pointer.x, y: pointer.y, buttons: held.buttonMask)])
    }
  }

  /// A deadline that cannot overflow.
  static func deadline(in limit: Duration) -> ContinuousClock.Instant {
    .now + min(max(limit, .zero), .seconds(86_400))
  }

  /// QEMU is known by the name it gives its screens.
  var isQEMU: Bool { desktopName.hasPrefix("QEMU") }
}
