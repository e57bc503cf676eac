internal import CSSH2
internal import Glibc
internal import Platform

/// One libssh2 session over a socket; one thread uses it.
final class Library {
  /// A result code below zero, and libssh2's words for it.
  struct Failure: Error, Hashable {
    let code: CInt
    let words: String
  }

  let socket: Socket
  /// For what is read on one descriptor before it goes to another.
  let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
  private let handle: OpaquePointer
  /// Read in one turn at most.
  private static let budget = 1 << 20
  /// Channels are fed while less than this waits for the socket.
  static let queueLimit = 256 << 10

  private static let isReady = libssh2_init(0) == 0

  /// A session; nil without memory.
  init?(on socket: Socket, memory: Int) {
    guard Self.isReady, let handle = qa_ssh2_new(socket.descriptor, memory) else {
      room.deallocate()
      return nil
    }
    self.socket = socket
    self.handle = handle
  }

  deinit {
    qa_ssh2_free(handle)
    room.deallocate()
  }

  var session: OpaquePointer { qa_ssh2_session(handle) }
  var shim: OpaquePointer { handle }
  var received: UInt64 { qa_ssh2_received(handle) }
  var isStarved: Bool { qa_ssh2_is_starved(handle) }
  var isQueueing: Bool { qa_ssh2_queued(handle) > 0 }
  var hasRoom: Bool { qa_ssh2_queued(handle) < Self.queueLimit }
  var lastChannel: UInt32 { qa_ssh2_last_channel(handle) }

  func beginTurn() { qa_ssh2_begin_turn(handle, Self.budget) }

  func hasExitStatus(_ channel: UInt32) -> Bool { qa_ssh2_has_exit_status(handle, channel) }

  /// Hands what waits to the socket; 0 or an errno value.
  func flush() -> CInt { qa_ssh2_flush(handle) }

  /// libssh2's words for its last error, without control characters.
  var words: String {
    var text: UnsafeMutablePointer<CChar>?
    var length: CInt = 0
    libssh2_session_last_error(session, &text, &length, 0)
    guard let text, length > 0 else { return "no reason given" }
    let bytes = UnsafeRawBufferPointer(start: text, count: Int(length))
    return printable(bytes.prefix { $0 != 0 })
  }

  /// Whether libssh2 only waits for the socket.
  static func isWaiting(_ code: CInt) -> Bool { code == LIBSSH2_ERROR_EAGAIN }

  /// Does a step again and again until it no longer waits for the socket.
  ///
  /// Blocks until `deadline`, or until the socket is broken off.
  func complete(
    until deadline: ContinuousClock.Instant, _ step: () -> CInt
  ) throws(Socket.Failure) -> CInt {
    while true {
      beginTurn()
      let code = step()
      guard Self.isWaiting(code) else { return code }
      if socket.wasBrokenOff { throw .brokenOff }
      guard ContinuousClock.now < deadline else { throw .timedOut }
      if isStarved { continue }
      let failure = flush()
      guard failure == 0 else { throw .system(failure) }
      try socket.wait(for: isQueueing ? POLLIN | POLLOUT : POLLIN, until: deadline)
    }
  }
}
