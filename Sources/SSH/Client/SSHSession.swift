internal import CSSH2
internal import Glibc
internal import Platform

/// A session with an SSH host: commands and tunnels.
///
/// Opening one proves that the host is the one we know before anything of ours is offered to it. One
/// thread does all reading and writing for all channels, and never waits for one of them.
///
/// When the session fails, all that wait and all later calls get the same error, and all tunnels end.
/// Forwarding of agents, X11 or ports is never asked for, and channels that the host opens are refused.
public actor SSHSession {
  private let executor = ThreadExecutor(name: "ssh")

  /// The thread that everything here runs on.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// Where the host is.
  public nonisolated var address: SSHAddress { settings.address }
  nonisolated let settings: SSHSettings
  nonisolated let lifeline = Lifeline()

  var library: Library?
  private(set) var failure: SSHError?
  private let watch = DescriptorWatch()
  private var watched: [CInt: Interest] = [:]
  private var openings: [Opening] = []
  private var works: [any ChannelWork] = []
  private var closing: [Channel] = []
  /// Whether there is more to do that no descriptor tells of.
  private var hasBacklog = false
  private var lastHeard = ContinuousClock.now
  private var pulse: Task<Void, Never>?
  /// The session with the host in front of this one, and the way through it, until that is used.
  private var front: SSHSession?
  private var way: Socket?

  private struct Interest: Hashable {
    var reads: Bool
    var writes: Bool
  }

  private init(_ settings: SSHSettings) { self.settings = settings }

  deinit { pulse?.cancel() }

  /// Connects, looks at the host's key, and signs in.
  ///
  /// Host names are looked up within the limits of the system's resolver, everything else within those of
  /// the settings. Cancelling the task ends it.
  public static func open(_ settings: SSHSettings) async throws(SSHError) -> SSHSession {
    let session = SSHSession(settings)
    if !settings.jumps.isEmpty { try await session.goThrough(settings.jumps) }
    let result = await withTaskCancellationHandler {
      await session.openResult()
    } onCancel: {
      session.lifeline.cut()
    }
    try result.get()
    return session
  }

  /// Opens the session with the host in front, and a way through it.
  private func goThrough(_ jumps: [SSHSettings]) async throws(SSHError) {
    guard var last = jumps.last else { return }
    last.jumps = Array(jumps.dropLast())
    let front = try await SSHSession.open(last)
    self.front = front
    do throws(SSHError) {
      way = try await front.tunnel(
        toHost: address.host, port: address.port, until: .now + settings.limits.connect)
    } catch {
      fail(error)
      throw error
    }
  }

  /// The way through the host in front, which is used once; nil where there is none.
  func takeWay() -> Socket? {
    defer { way = nil }
    return way
  }

  /// Whether it can still be used, as far as is known.
  public var isOpen: Bool { failure == nil && library != nil }

  /// Ends the session with all that goes on in it.
  public func close() {
    guard failure == nil else { return }
    if let library {
      library.beginTurn()
      libssh2_session_disconnect_ex(
        library.session, CInt(SSH_DISCONNECT_BY_APPLICATION), "done", "")
      _ = library.flush()
    }
    fail(error(.closed, "was left: the session is closed"))
  }

  private func openResult() -> Result<Void, SSHError> {
    do throws(SSHError) {
      try signIn()
      listen()
      return .success(())
    } catch {
      fail(error)
      return .failure(error)
    }
  }

  // MARK: - The loop

  private func listen() {
    lastHeard = .now
    executor.serve(
      ThreadExecutor.Source(
        descriptor: watch.descriptor,
        isPending: { [weak self] in self?.assumeIsolated { $0.hasBacklog } ?? false },
        serve: { [weak self, watch] in
          // The descriptor stays open, and its number ours, for as long as it is polled.
          withExtendedLifetime(watch) { self?.assumeIsolated { $0.serveOnce() } ?? false }
        }))
    let interval = silence
    pulse = Task { [weak self] in
      while await self?.feelPulse() == true {
        guard (try? await Task.sleep(for: interval / 4)) != nil else { return }
      }
    }
  }

  private func serveOnce() -> Bool {
    for ready in watch.ready() where ready.isHungUp {
      if ready.descriptor == library?.socket.descriptor {
        fail(explain(.ended, during: .use))
      } else {
        for work in works where work.local?.descriptor == ready.descriptor { work.localHungUp() }
      }
    }
    pump()
    return failure == nil
  }

  /// Does all that can be done without waiting.
  func pump() {
    guard let library, failure == nil else { return }
    library.beginTurn()
    let received = library.received
    do throws(Library.Failure) {
      hasBacklog = try !movesUntilStill(library)
    } catch {
      return fail(explain(error, during: .use))
    }
    if library.received != received { lastHeard = .now }
    if library.isStarved { hasBacklog = true }
    let code = library.flush()
    guard code == 0 else { return fail(explain(.system(code), during: .use)) }
    watchAll(library)
  }

  /// Passes over all channels until nothing moves any more; false when there was no end to it.
  private func movesUntilStill(_ library: Library) throws(Library.Failure) -> Bool {
    for _ in 0..<16 {
      // One channel's read takes in what came for all of them.
      let received = library.received
      var hasMoved = try advanceOpenings(library)
      for work in works where try work.pump(library) { hasMoved = true }
      for work in works where work.isDone {
        if let local = work.local { forget(local.descriptor) }
        closing.append(work.channel)
        hasMoved = true
      }
      works.removeAll { $0.isDone }
      var left: [Channel] = []
      for channel in closing where try !channel.free() { left.append(channel) }
      closing = left
      if !hasMoved, library.received == received { return true }
    }
    return false
  }

  private func advanceOpenings(_ library: Library) throws(Library.Failure) -> Bool {
    var hasMoved = false
    while let opening = openings.first {
      guard let outcome = try opening.advance(library) else { return hasMoved }
      openings.removeFirst()
      hasMoved = true
      let work = opening.conclude(outcome)
      if let work {
        works.append(work)
      } else if case .opened(let channel) = outcome {
        closing.append(channel)
      }
    }
    return hasMoved
  }

  private func watchAll(_ library: Library) {
    // A socket that nobody wants to read from would be reported again and again.
    let reads = !openings.isEmpty || !closing.isEmpty || works.contains { $0.wantsInput }
    watch(library.socket.descriptor, reads: reads, writes: library.isQueueing)
    for work in works {
      if let local = work.local {
        watch(local.descriptor, reads: local.reads, writes: local.writes)
      }
    }
    let current = Set(works.compactMap { $0.local?.descriptor } + [library.socket.descriptor])
    for descriptor in watched.keys where !current.contains(descriptor) { forget(descriptor) }
  }

  private func watch(_ descriptor: CInt, reads: Bool, writes: Bool) {
    let interest = Interest(reads: reads, writes: writes)
    guard watched[descriptor] != interest else { return }
    watched[descriptor] = interest
    watch.set(descriptor, reads: reads, writes: writes)
  }

  private func forget(_ descriptor: CInt) {
    guard watched.removeValue(forKey: descriptor) != nil else { return }
    watch.remove(descriptor)
  }

  // MARK: - Channels

  /// Throws when there is no session any more, or no room for another channel.
  func check() throws(SSHError) {
    if let failure { throw failure }
    guard openings.count + works.count + closing.count < settings.limits.channels else {
      throw error(
        .invalidRequest, "has \(settings.limits.channels) channels open already: close one first")
    }
  }

  /// Asks for a channel.
  func add(_ opening: Opening) {
    openings.append(opening)
    pump()
  }

  /// Hangs up on the command that reports to `done`, with what it has said so far.
  func stopCommand(_ done: OneShot<Result<SSHCommandResult, SSHError>>) {
    for case let run as CommandRun in works where run.reports(to: done) { run.stop(.timedOut) }
    pump()
  }

  // MARK: - Signs of life

  private var silence: Duration { max(settings.limits.silence, .seconds(2)) }

  /// Looks whether the host is still there; false when the session is over.
  private func feelPulse() -> Bool {
    guard let library, failure == nil else { return false }
    let now = ContinuousClock.now
    if let late = openings.first, now > late.deadline {
      let limit = settings.limits.opening
      fail(error(.timedOut, "did not answer the opening of a channel within \(limit)"))
      return false
    }
    // Without a channel nothing is read, and nobody waits.
    guard !openings.isEmpty || !works.isEmpty else {
      lastHeard = now
      return true
    }
    let age = now - lastHeard
    if age > silence * 3 {
      fail(error(.timedOut, "has said nothing for \(silence * 3): it is connected but not alive"))
      return false
    }
    guard age > silence else { return true }
    var next: CInt = 0
    let seconds = UInt32(clamping: silence.components.seconds)
    libssh2_keepalive_config(library.session, 1, seconds)
    libssh2_keepalive_send(library.session, &next)
    pump()
    return failure == nil
  }

  // MARK: - The end

  func fail(_ reason: SSHError) {
    guard failure == nil else { return }
    failure = reason
    executor.serve(nil)
    pulse?.cancel()
    for descriptor in Array(watched.keys) { forget(descriptor) }
    for opening in openings { _ = opening.conclude(.refused(reason.message)) }
    for work in works { work.end(reason) }
    (openings, works, closing) = ([], [], [])
    library?.socket.breakOff()
    library = nil
    lifeline.letGo()
    if let front {
      self.front = nil
      Task { await front.close() }
    }
  }
}
