/// Why something with an SSH host did not work; the message names the host, never a secret.
public struct SSHError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure it is, for those who decide what to do next.
  public enum Code: Hashable, Sendable {
    /// Nobody listens there.
    case refused
    /// There is no way to the host, or no such host.
    case unreachable
    /// The host did not do its part in time.
    case timedOut
    /// The two sides have no algorithm in common.
    case noCommonAlgorithm
    /// The file of known hosts cannot be used.
    case badKnownHosts
    /// The host's key is not in the file of known hosts.
    case hostKeyUnknown
    /// The host has another key than the one in the file of known hosts.
    case hostKeyChanged
    /// The host's key is revoked.
    case hostKeyRevoked
    /// The key file or the agent cannot be used.
    case badIdentity
    /// The host does not let us in.
    case authenticationFailed
    /// The host said something that SSH does not allow here.
    case protocolViolation
    /// The host let us in and does not open a channel, or does not run a command on it.
    case channelRefused
    /// The session has ended.
    case closed
    /// The task was cancelled.
    case cancelled
    /// What was asked for makes no sense or goes beyond a limit.
    case invalidRequest
  }

  /// The kind of failure.
  public let code: Code
  /// One sentence for people: what failed, where, and what to do.
  public let message: String

  /// An error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }

  /// Whether the same may succeed a little later.
  public var mayPass: Bool {
    switch code {
    case .refused, .unreachable, .timedOut, .closed, .channelRefused: true
    case .noCommonAlgorithm, .badKnownHosts, .hostKeyUnknown, .hostKeyChanged, .hostKeyRevoked,
      .badIdentity, .authenticationFailed, .protocolViolation, .cancelled, .invalidRequest:
      false
    }
  }
}
