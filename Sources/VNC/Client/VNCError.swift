/// Why something with a VNC server did not work; the message names the address, never the password.
public struct VNCError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure it is, for those who decide what to do next.
  public enum Code: Hashable, Sendable {
    /// Nobody listens there, or the server turned us away.
    case refused
    /// There is no way to the host, or no such host or socket.
    case unreachable
    /// The server did not do its part in time.
    case timedOut(Phase)
    /// The server does not accept the password, or takes no more attempts.
    case authenticationFailed
    /// The server wants a password and we have none.
    case passwordRequired
    /// The server offers no security type that we accept.
    case unsupportedSecurity
    /// The server does not prove that it is the one we mean, or TLS with it fails.
    case untrusted
    /// The server said something that RFB does not allow here.
    case protocolViolation
    /// The screen is larger than we accept.
    case tooLarge
    /// The connection has ended.
    case closed
    /// The task was cancelled.
    case cancelled
    /// A text or a key cannot be sent to this server without losing something.
    case unsupportedInput
    /// Another gesture is under way on this connection.
    case busy
  }

  /// What the server was expected to do when the time was over.
  public enum Phase: String, Hashable, Sendable {
    /// Accept the connection.
    case connect
    /// Say who it is and let us in.
    case handshake
    /// Send the first complete picture.
    case firstFrame = "first frame"
    /// Finish a message that it began, or a picture that we asked for.
    case update
    /// Take what we send.
    case send
    /// Give a sign of life.
    case answer = "sign of life"
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
}
