internal import CSSH2

/// A channel that is asked for.
///
/// libssh2 opens one at a time.
final class Opening {
  /// What is asked for.
  enum Kind: Hashable, Sendable {
    /// A channel to run a command on.
    case session
    /// A connection that the server makes to a host and port (RFC 4254, 7.2).
    case tcp(host: String, port: Int)
    /// A connection that the server makes to a unix socket (OpenSSH's PROTOCOL, 2.4).
    case unix(path: String)
  }

  /// What became of it.
  enum Outcome {
    case opened(Channel)
    /// The server's reason.
    case refused(String)
  }

  let kind: Kind
  private let finish: (Outcome) -> (any ChannelWork)?
  /// When the server must have answered.
  let deadline: ContinuousClock.Instant

  /// - Parameter finish: makes the work of an open channel; without any the channel is closed.
  init(
    _ kind: Kind, until deadline: ContinuousClock.Instant,
    finish: @escaping (Outcome) -> (any ChannelWork)?
  ) {
    self.kind = kind
    self.deadline = deadline
    self.finish = finish
  }

  /// Hands over the outcome.
  func conclude(_ outcome: Outcome) -> (any ChannelWork)? { finish(outcome) }

  /// Asks the server; nil while it has not answered.
  func advance(_ library: Library) throws(Library.Failure) -> Outcome? {
    let (type, message) = request
    let handle = libssh2_channel_open_ex(
      library.session, type, UInt32(type.utf8.count), Channel.window, Channel.packet, message,
      UInt32(message.count))
    if let handle {
      return .opened(Channel(handle, number: library.lastChannel, in: library))
    }
    let code = libssh2_session_last_errno(library.session)
    if Library.isWaiting(code) { return nil }
    guard code == LIBSSH2_ERROR_CHANNEL_FAILURE else {
      throw Library.Failure(code: code, words: library.words)
    }
    return .refused(library.words)
  }

  private var request: (type: String, message: [CChar]) {
    var writer = WireWriter()
    switch kind {
    case .session: return ("session", [])
    case .tcp(let host, let port):
      writer.string(host.utf8)
      writer.number(UInt32(port))
      // Where the connection comes from: not from any port of ours.
      writer.string("127.0.0.1".utf8)
      writer.number(0)
      return ("direct-tcpip", writer.bytes.map(CChar.init(bitPattern:)))
    case .unix(let path):
      writer.string(path.utf8)
      writer.string("".utf8)
      writer.number(0)
      return ("direct-streamlocal@openssh.com", writer.bytes.map(CChar.init(bitPattern:)))
    }
  }
}
