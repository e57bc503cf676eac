internal import Platform
internal import SSH
internal import Scenario
internal import Story
internal import VNC

/// The SSH session of an attempt: opened once, and anew when it was lost.
actor SSHLine {
  private let settings: SSHSettings
  private var session: SSHSession?
  private var isOver = false

  init(_ settings: SSHSettings) { self.settings = settings }

  /// The line to the SSH host of a target; nil where nothing of the target needs one.
  ///
  /// - Parameters:
  ///   - root: where relative paths start.
  ///   - secrets: the values of secrets, by name.
  ///   - environment: tells where `~` and the SSH agent are.
  static func needed(
    by target: TargetSpec, root: String, secrets: [String: String], environment: [String: String]
  ) throws(Fault) -> SSHLine? {
    guard target.isReachedByHost || target.typing != nil else { return nil }
    return SSHLine(
      try SSHSettings(
        host: target.ssh, SecretValues(secrets), root: root, environment: environment))
  }

  /// The session; one that has ended is replaced.
  func open() async throws(SSHError) -> SSHSession {
    if let session, await session.isOpen { return session }
    let fresh = try await SSHSession.open(settings)
    guard !isOver else {
      await fresh.close()
      throw SSHError(.closed, "\(settings.address) was left: the attempt has ended")
    }
    // Another caller may have been quicker: there is one session, and none that nobody closes.
    if let session, await session.isOpen {
      await fresh.close()
      return session
    }
    session = fresh
    return fresh
  }

  /// Ends the session, and all tunnels with it.
  func close() async {
    isOver = true
    await session?.close()
    session = nil
  }

  /// A way to VNC servers that are reached from the host.
  nonisolated var dialer: VNCDialer {
    VNCDialer(through: settings.address.description) { [self] address, deadline in
      let result = try? await withTimeLimit(max(deadline - .now, .zero)) {
        await self.connect(to: address, until: deadline)
      }
      if let result = result ?? nil { return result }
      return .failure(
        Task.isCancelled
          ? VNCDialer.Failure(.cancelled, "the task was cancelled")
          : VNCDialer.Failure(
            .timedOut(.connect), "the connection through \(self.settings.address) took too long"))
    }
  }

  private func connect(
    to address: VNCEndpoint.Address, until deadline: ContinuousClock.Instant
  ) async -> Result<Socket, VNCDialer.Failure> {
    do throws(SSHError) {
      let session = try await open()
      switch address {
      case .tcp(let host, let port):
        return .success(try await session.tunnel(toHost: host, port: port, until: deadline))
      case .unix(let path):
        return .success(try await session.tunnel(toPath: path, until: deadline))
      }
    } catch {
      return .failure(VNCDialer.Failure(error))
    }
  }
}

extension VNCDialer.Failure {
  /// What an SSH error means for a connection to a VNC server.
  fileprivate init(_ error: SSHError) {
    let code: VNCError.Code =
      switch error.code {
      case .refused, .channelRefused: .refused
      case .unreachable, .invalidRequest: .unreachable
      case .timedOut: .timedOut(.connect)
      case .noCommonAlgorithm: .unsupportedSecurity
      case .badKnownHosts, .hostKeyUnknown, .hostKeyChanged, .hostKeyRevoked, .badIdentity:
        .untrusted
      case .authenticationFailed: .authenticationFailed
      case .protocolViolation: .protocolViolation
      case .closed: .closed
      case .cancelled: .cancelled
      }
    self.init(code, error.message)
  }
}

extension TargetSpec {
  /// Whether its screen is reached through its SSH host.
  var isReachedByHost: Bool {
    if case .vnc(_, _, _, .ssh) = screen { true } else { false }
  }
}
