public import Platform

/// A way to a server's address that this machine cannot go by itself, such as through an SSH host.
///
/// It is asked anew for each connection, so that a reconnect goes a new way.
public final class VNCDialer: Hashable, Sendable, CustomStringConvertible {
  /// Why there is no connection.
  public struct Failure: Error, Hashable, Sendable {
    /// The kind of failure.
    public let code: VNCError.Code
    /// What happened on the way; it ends a sentence that begins with the server's address.
    public let reason: String

    /// A failure.
    public init(_ code: VNCError.Code, _ reason: String) {
      self.code = code
      self.reason = reason
    }
  }

  /// Makes a connection to an address, until a deadline at most; cancelling the task ends it.
  public typealias Dial =
    @Sendable (VNCEndpoint.Address, ContinuousClock.Instant) async -> Result<Socket, Failure>

  /// What the way leads through, such as `ssh://tester@host:22`.
  public let description: String
  private let dial: Dial

  /// A way.
  public init(through description: String, dial: @escaping Dial) {
    self.description = description
    self.dial = dial
  }

  func connect(
    to address: VNCEndpoint.Address, until deadline: ContinuousClock.Instant
  ) async throws(Failure) -> Socket {
    try await dial(address, deadline).get()
  }

  /// Whether they are one and the same.
  public static func == (left: VNCDialer, right: VNCDialer) -> Bool { left === right }

  /// Hashes which one it is.
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
