public import Platform

extension SSHSession {
  // MARK: - Commands

  /// Runs a command on the host: whatever the user's login shell makes of it.
  ///
  /// Its environment is the host's own. A time that is up and too much output are results, not errors; the
  /// command is then hung up on, and may go on.
  /// - Parameters:
  ///   - command: 1 byte to 16 KiB, without a zero byte. It shows in the host's list of processes, so that
  ///     a secret belongs into `stdin`.
  ///   - stdin: what it can read; then its input ends.
  /// - Throws: when the session ends before the command does, when the host runs none, and when the task
  ///   is cancelled.
  public func run(
    _ command: String, stdin: [UInt8] = [], limits: SSHCommandLimits = SSHCommandLimits()
  ) async throws(SSHError) -> SSHCommandResult {
    try check()
    guard (1...16_384).contains(command.utf8.count), !command.utf8.contains(0) else {
      throw error(.invalidRequest, "was not asked: a command has 1 to 16384 bytes and no zero")
    }
    let order = CommandRun.Order(command: command, input: stdin, limits: limits)
    let done = OneShot<Result<SSHCommandResult, SSHError>>()
    start(order, done)
    let result = await Self.wait(for: done, upTo: limits.time)
    if let result { return try result.get() }
    return try giveUp(done)
  }

  private func start(
    _ order: CommandRun.Order, _ done: OneShot<Result<SSHCommandResult, SSHError>>
  ) {
    let refusal = error(
      .channelRefused, "lets us in but runs no commands: a forced command, or a shell that is none")
    add(
      Opening(.session, until: .now + settings.limits.opening) { [self] outcome in
        // Nobody waits any more.
        guard done.value == nil else { return nil }
        switch outcome {
        case .opened(let channel):
          return CommandRun(channel, order, refusal: refusal, done: done)
        case .refused(let reason):
          done.set(.failure(failure ?? error(.channelRefused, "opens no channel: \(reason)")))
          return nil
        }
      })
  }

  /// What there is of a command whose time is up, or that nobody wants any more.
  private func giveUp(
    _ done: OneShot<Result<SSHCommandResult, SSHError>>
  ) throws(SSHError) -> SSHCommandResult {
    guard !Task.isCancelled else {
      let cancelled = error(.cancelled, "was left: the task was cancelled")
      done.set(.failure(cancelled))
      stopCommand(done)
      throw cancelled
    }
    stopCommand(done)
    let empty = SSHOutput(limit: 1)
    done.set(.success(SSHCommandResult(ending: .timedOut, output: empty, errors: empty)))
    guard let result = done.value else { throw error(.closed, "is gone") }
    return try result.get()
  }

  // MARK: - Tunnels

  /// A connection that the host makes to a host and port, as it knows them.
  ///
  /// The end of it is an ordinary socket. Closing that closes the connection.
  /// - Throws: when the host does not make the connection, or not by the deadline.
  public func tunnel(
    toHost host: String, port: Int, until deadline: ContinuousClock.Instant
  ) async throws(SSHError) -> Socket {
    guard (1...65_535).contains(port), (1...255).contains(host.utf8.count) else {
      throw error(.invalidRequest, "was not asked: “\(printable(host.utf8)):\(port)” is no address")
    }
    return try await tunnel(.tcp(host: host, port: port), until: deadline)
  }

  /// A connection that the host makes to a unix socket of its own.
  public func tunnel(
    toPath path: String, until deadline: ContinuousClock.Instant
  ) async throws(SSHError) -> Socket {
    guard (1...1024).contains(path.utf8.count), !path.utf8.contains(0) else {
      throw error(.invalidRequest, "was not asked: a path has 1 to 1024 bytes and no zero")
    }
    return try await tunnel(.unix(path: path), until: deadline)
  }

  private func tunnel(
    _ kind: Opening.Kind, until deadline: ContinuousClock.Instant
  ) async throws(SSHError) -> Socket {
    try check()
    let (near, far): (Socket, Socket)
    do throws(Socket.Failure) {
      (near, far) = try Socket.pair()
    } catch {
      throw self.error(.invalidRequest, "was not asked: there is no socket for it")
    }
    let done = OneShot<Result<Void, SSHError>>()
    add(
      Opening(kind, until: .now + settings.limits.opening) { [self] outcome in
        switch outcome {
        case .opened(let channel):
          return done.set(.success(())) ? Tunnel(channel, far) : nil
        case .refused(let reason):
          done.set(.failure(failure ?? refusal(of: kind, reason)))
          return nil
        }
      })
    let result = await Self.wait(for: done, upTo: deadline - .now)
    if let result {
      try result.get()
      return near
    }
    let late =
      Task.isCancelled
      ? error(.cancelled, "was left: the task was cancelled")
      : error(.timedOut, "did not connect to \(kind.place) in time")
    // Unless it was opened just now: then closing our end closes it again.
    done.set(.failure(late))
    throw late
  }

  private func refusal(of kind: Opening.Kind, _ reason: String) -> SSHError {
    error(
      .channelRefused,
      "does not connect to \(kind.place): \(reason); check that something listens there, and "
        + "AllowTcpForwarding and AllowStreamLocalForwarding of its sshd")
  }

  /// Waits for a value; nil when the time is up or the task is cancelled.
  private static func wait<Value>(for done: OneShot<Value>, upTo limit: Duration) async -> Value? {
    (try? await withTimeLimit(max(limit, .zero)) { try await done.wait() }) ?? nil
  }
}

extension Opening.Kind {
  /// Where it leads, for messages.
  var place: String {
    switch self {
    case .session: "a command"
    case .tcp(let host, let port): "\(printable(host.utf8)):\(port)"
    case .unix(let path): printable(path.utf8)
    }
  }
}
