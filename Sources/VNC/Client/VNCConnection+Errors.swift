import Glibc
import Platform

extension VNCConnection {
  /// An error about this server; `reason` continues a sentence that begins with its address.
  nonisolated func error(_ code: VNCError.Code, _ reason: String) -> VNCError {
    VNCError(code, "\(endpoint) \(reason)")
  }

  nonisolated func error(violation: MessageParser.Violation) -> VNCError {
    violation.isTooLarge
      ? error(.tooLarge, "cannot be used: \(violation.message)")
      : error(.protocolViolation, "does not keep to the protocol: \(violation.message)")
  }

  /// The error for a connection that ends from the other side.
  nonisolated var endedByServer: VNCError {
    let way = endpoint.dialer.map { ", the session with \($0) is lost" } ?? ""
    return error(
      .closed,
      "closed the connection: the server has ended\(way), or another viewer has taken the screen "
        + "for itself")
  }

  /// The error for a connection that was broken off from this side.
  nonisolated var ending: VNCError? {
    switch lifeline.end {
    case nil: nil
    case .cancelled: error(.cancelled, "was not reached: the task was cancelled")
    case .closed: error(.closed, "was left: the connection is closed")
    case .timedOut: late(lifeline.phase)
    }
  }

  private nonisolated func late(_ phase: VNCError.Phase) -> VNCError {
    let limit = options.connectTimeout
    return switch phase {
    case .connect:
      error(.timedOut(phase), "did not answer within \(limit); check the address and the firewall")
    case .handshake:
      error(
        .timedOut(phase),
        "accepted the connection but did not finish the handshake within \(limit); "
          + "check that a VNC server listens there")
    case .firstFrame, .update, .send, .answer:
      error(.timedOut(phase), "let us in but sent no complete picture within \(limit)")
    }
  }

  nonisolated func explain(_ failure: Socket.Failure, during phase: VNCError.Phase) -> VNCError {
    switch failure {
    case .noSuchHost(let reason):
      error(.unreachable, "cannot be found (\(reason)); check the host name")
    case .badAddress(let reason): error(.unreachable, "is no usable address: \(reason)")
    case .timedOut:
      phase == .connect || phase == .firstFrame
        ? late(phase)
        : error(.timedOut(phase), "made us wait longer than \(options.stallTimeout)")
    case .ended: error(.closed, "closed the connection")
    case .brokenOff: error(.closed, "was left: the connection is closed")
    case .system(let code): explain(code, during: phase)
    }
  }

  private nonisolated func explain(_ code: CInt, during phase: VNCError.Phase) -> VNCError {
    let reason = String(cString: strerror(code))
    switch code {
    case ECONNREFUSED:
      return error(.refused, "refuses connections; start the server or check the address")
    case ETIMEDOUT where phase == .connect: return late(phase)
    case ECONNRESET, EPIPE, ETIMEDOUT: return error(.closed, "is gone: \(reason)")
    case ENOENT, ENOTSOCK, EACCES, EPERM, EPROTOTYPE:
      return error(.unreachable, "cannot be opened: \(reason); check the path and its permissions")
    default: return error(.unreachable, "cannot be reached: \(reason)")
    }
  }
}
