internal import CSSH2
internal import Glibc
internal import Platform

extension SSHSession {
  /// What the host was expected to do.
  enum Phase {
    case connect
    case handshake
    case authentication
    case use
  }

  /// An error about this host; `reason` continues a sentence that begins with its address.
  nonisolated func error(_ code: SSHError.Code, _ reason: String) -> SSHError {
    SSHError(code, "\(address) \(reason)")
  }

  nonisolated func explain(_ failure: Socket.Failure, during phase: Phase) -> SSHError {
    if lifeline.isCut { return error(.cancelled, "was not reached: the task was cancelled") }
    switch failure {
    case .noSuchHost(let reason):
      return error(.unreachable, "cannot be found (\(reason)); check the host name")
    case .badAddress(let reason): return error(.unreachable, "is no usable address: \(reason)")
    case .timedOut: return late(phase)
    case .ended, .brokenOff: return lost(phase, "it closed the connection")
    case .system(ECONNREFUSED) where phase == .connect:
      return error(.refused, "refuses connections; start sshd there, or check host and port")
    case .system(ETIMEDOUT) where phase == .connect: return late(phase)
    case .system(let code):
      let reason = "\(SystemError(code: code))"
      return phase == .connect
        ? error(.unreachable, "cannot be reached: \(reason)") : lost(phase, reason)
    }
  }

  nonisolated func explain(_ failure: Library.Failure, during phase: Phase) -> SSHError {
    if lifeline.isCut { return error(.cancelled, "was not reached: the task was cancelled") }
    switch failure.code {
    case LIBSSH2_ERROR_SOCKET_DISCONNECT, LIBSSH2_ERROR_SOCKET_RECV, LIBSSH2_ERROR_SOCKET_SEND,
      LIBSSH2_ERROR_BANNER_RECV, LIBSSH2_ERROR_BANNER_SEND:
      return lost(phase, "it closed the connection")
    case LIBSSH2_ERROR_TIMEOUT: return late(phase)
    case LIBSSH2_ERROR_ALLOC:
      return error(
        .protocolViolation,
        "makes us hold more than \(settings.limits.memory >> 20) MiB for it (\(failure.words))")
    default:
      return error(
        .protocolViolation, "does not keep to the protocol: \(failure.words) (\(failure.code))")
    }
  }

  private nonisolated func late(_ phase: Phase) -> SSHError {
    switch phase {
    case .connect:
      error(
        .timedOut,
        "did not answer within \(settings.limits.connect); check the address and the firewall")
    case .handshake:
      error(
        .timedOut,
        "accepted the connection but did not finish the exchange of keys within "
          + "\(settings.limits.connect); check that an SSH server listens there")
    case .authentication:
      error(.timedOut, "did not say within \(settings.limits.authentication) whether we may in")
    case .use: error(.timedOut, "does not answer any more")
    }
  }

  private nonisolated func lost(_ phase: Phase, _ reason: String) -> SSHError {
    switch phase {
    case .connect, .handshake:
      error(
        .closed, "was lost in the handshake (\(reason)); check that an SSH server listens there")
    case .authentication:
      error(.closed, "was lost while we signed in (\(reason)); look at the log of its sshd")
    case .use: error(.closed, "is gone (\(reason))")
    }
  }
}
