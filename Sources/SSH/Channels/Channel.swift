internal import Platform
internal import CSSH2

/// One open channel of a session (RFC 4254, 5); the thread of the session uses it.
///
/// Errors that only concern the channel are values; what is thrown ends the session.
final class Channel {
  /// What became of a read or a write.
  enum Transfer: Hashable {
    case bytes(Int)
    /// Nothing for now.
    case later
    /// Nothing any more.
    case over
  }

  /// The number that we know it by.
  let number: UInt32
  private let handle: OpaquePointer
  private unowned let library: Library

  /// What may be on the way to us; smaller than libssh2's 2 MiB, because there may be many channels.
  static let window: UInt32 = 1 << 20
  /// The most bytes of one packet (RFC 4253, 6.1).
  static let packet: UInt32 = 32_768

  init(_ handle: OpaquePointer, number: UInt32, in library: Library) {
    self.handle = handle
    self.number = number
    self.library = library
  }

  /// Asks for a command to be run; nil while that has no answer, false when it is refused.
  func execute(_ command: String) throws(Library.Failure) -> Bool? {
    let count = UInt32(command.utf8.count)
    let code = libssh2_channel_process_startup(handle, "exec", 4, command, count)
    switch try outcome(code) {
    case .bytes: return true
    case .later: return nil
    case .over: return false
    }
  }

  /// Reads what has arrived on a stream: 0 is output, 1 is standard error.
  func read(_ stream: CInt, into buffer: UnsafeMutableRawBufferPointer) throws(Library.Failure)
    -> Transfer
  {
    let base = buffer.bindMemory(to: CChar.self).baseAddress
    let count = libssh2_channel_read_ex(handle, stream, base, buffer.count)
    if count > 0 { return .bytes(count) }
    if count == 0 { return libssh2_channel_eof(handle) == 1 ? .over : .later }
    return try outcome(CInt(count))
  }

  /// Sends what the server's window has room for.
  func write(_ bytes: UnsafeRawBufferPointer) throws(Library.Failure) -> Transfer {
    let base = bytes.bindMemory(to: CChar.self).baseAddress
    let count = libssh2_channel_write_ex(handle, 0, base, bytes.count)
    if count > 0 { return .bytes(count) }
    return count == 0 ? .later : try outcome(CInt(count))
  }

  /// Says that nothing more comes from us; false while that has to wait.
  func endWriting() throws(Library.Failure) -> Bool {
    try outcome(libssh2_channel_send_eof(handle)) != .later
  }

  /// Whether the server has closed it; only to be asked when it has ended what it says.
  func isClosed() throws(Library.Failure) -> Bool {
    try outcome(libssh2_channel_wait_closed(handle)) != .later
  }

  /// How a command ended, as far as the server has said so.
  var ending: SSHCommandResult.Ending {
    if let signal { return .signalled(signal) }
    guard library.hasExitStatus(number) else { return .unknown }
    return .exited(UInt32(bitPattern: libssh2_channel_get_exit_status(handle)))
  }

  private var signal: String? {
    var text: UnsafeMutablePointer<CChar>?
    var length = 0
    let code = libssh2_channel_get_exit_signal(handle, &text, &length, nil, nil, nil, nil)
    guard code == 0, let text else { return nil }
    defer { libssh2_free(library.session, text) }
    let name = printable(UnsafeRawBufferPointer(start: text, count: min(length, 64)))
    return name.isEmpty ? nil : name
  }

  /// Closes and frees it; false while the server has not agreed.
  ///
  /// Not to be used after true.
  func free() throws(Library.Failure) -> Bool {
    try outcome(libssh2_channel_free(handle)) != .later
  }

  private func outcome(_ code: CInt) throws(Library.Failure) -> Transfer {
    switch code {
    case 0...: return .bytes(Int(code))
    case LIBSSH2_ERROR_EAGAIN: return .later
    case LIBSSH2_ERROR_CHANNEL_CLOSED, LIBSSH2_ERROR_CHANNEL_EOF_SENT,
      LIBSSH2_ERROR_CHANNEL_FAILURE, LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED,
      LIBSSH2_ERROR_CHANNEL_UNKNOWN:
      return .over
    default: throw Library.Failure(code: code, words: library.words)
    }
  }
}
