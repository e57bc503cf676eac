import Glibc
import Pixels
import Platform

extension VNCConnection {
  nonisolated func openInTime() async throws(VNCError) {
    let deadline = Self.deadline(in: options.connectTimeout)
    // Not a child task: its end would have to be waited for.
    let alarm = Task.detached { [lifeline] in
      try? await Task.sleep(until: deadline, clock: .continuous)
      if !Task.isCancelled { lifeline.cut(.timedOut) }
    }
    defer { alarm.cancel() }
    let result = await withTaskCancellationHandler {
      await openResult(until: deadline)
    } onCancel: {
      lifeline.cut(.cancelled)
    }
    try result.get()
  }

  private func openResult(until deadline: ContinuousClock.Instant) async -> Result<Void, VNCError> {
    do throws(VNCError) {
      let socket = try await open(until: deadline)
      try readFirstPicture(until: deadline)
      if !lifeline.finishOpening(), let ending { throw ending }
      listen(to: socket)
      return .success(())
    } catch {
      fail(error)
      return .failure(error)
    }
  }

  private func open(until deadline: ContinuousClock.Instant) async throws(VNCError) -> Socket {
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
    return socket
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

  /// Says what we want, and understands what has come already.
  private func adopt(_ socket: Socket, _ session: Handshake.Session) throws(VNCError) {
    desktopName = session.name
    let size: PixelSize
    do throws(MessageParser.Violation) {
      size = try MessageParser.checkedSize(width: session.width, height: session.height)
    } catch {
      throw self.error(violation: error)
    }
    wire = Wire(socket: socket, tls: session.tls)
    security = session.security
    encryption = session.tls?.summary
    awaitingSince = now
    lastByte = now
    lifeline.enter(.firstFrame)
    if options.parksPointer {
      pointer = (size.width - 1, size.height - 1)
      lastInput = now
    }
    try send(firstWords(size))
    // Memory for it is prepared while the server does.
    canvas = Canvas(size: size, notesChanges: false)
    input.room.copyBytes(from: session.leftover)
    input.filled(session.leftover.count)
    parseInput()
  }

  /// All that a first picture takes, in one piece: each piece would wake the server once more.
  private func firstWords(_ size: PixelSize) -> [ClientMessage] {
    let place = ClientMessage.pointer(x: pointer.x, y: pointer.y, buttons: 0)
    return [.setPixelFormat, .setEncodings(Encoding.announced)]
      + (options.parksPointer ? [place] : [])
      + [.requestUpdate(size.bounds, incremental: false)]
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

  /// Reads on this thread until the first picture is complete: nobody else has the connection yet.
  private func readFirstPicture(until deadline: ContinuousClock.Instant) throws(VNCError) {
    while awaitingSince != nil {
      if let failure { throw failure }
      try readMore(until: deadline)
      if let ending { throw ending }
    }
    if let failure { throw failure }
    // Nobody knows what the last one who was here left pressed. The picture does not wait for that.
    try send(Keysym.allModifiers.map { .key(keysym: $0, down: false) })
  }
}
