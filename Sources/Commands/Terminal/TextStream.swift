internal import Glibc
internal import Platform

/// Why text did not arrive where it was written.
struct WriteFailure: Error, Equatable {
  /// The `errno` value.
  let code: CInt

  /// Whether nobody reads any more, as after `| head`; that is the reader's right and no failure.
  var isBrokenPipe: Bool { code == EPIPE }

  /// The system's words for it.
  var reason: String { String(cString: strerror(code)) }
}

/// Where text goes: standard output, standard error, or a test's memory.
///
/// Whole lines are written at once, so that lines of several writers never mix. After a failure the rest
/// is dropped and the failure is kept; nothing traps and nothing ends the process. Safe on any thread;
/// blocks while the reader does not read.
final class TextStream: Sendable {
  /// Writes bytes; the failure if they did not all arrive.
  typealias Sink = @Sendable ([UInt8]) -> WriteFailure?

  private struct State {
    var pending: [UInt8] = []
    var failure: WriteFailure?
  }

  /// Whether a person watches.
  let isTerminal: Bool
  /// How text may look there.
  let style: Style
  private let sink: Sink
  private let state = Locked(State())

  /// A stream into a sink.
  init(isTerminal: Bool, style: Style, sink: @escaping Sink) {
    self.isTerminal = isTerminal
    self.style = style
    self.sink = sink
  }

  /// A stream into an open file, coloured by the rules of `ColorChoice`.
  convenience init(descriptor: CInt, color: ColorChoice?, environment: [String: String]) {
    let isTerminal = isatty(descriptor) == 1
    let isColored = ColorChoice.isColored(
      color, environment: environment, isTerminal: isTerminal)
    self.init(isTerminal: isTerminal, style: Style(isColored: isColored)) {
      Self.write($0, to: descriptor)
    }
  }

  /// The first failure.
  var failure: WriteFailure? { state.withLock(\.failure) }

  /// Adds text; what ends with a newline is written.
  func write(_ text: String) {
    state.withLock { state in
      guard state.failure == nil else { return }
      state.pending.append(contentsOf: text.utf8)
      guard let end = state.pending.lastIndex(of: UInt8(ascii: "\n")) else { return }
      state.failure = sink(Array(state.pending[...end]))
      state.pending.removeFirst(end + 1)
    }
  }

  /// Writes what has no newline yet.
  func flush() {
    state.withLock { state in
      guard state.failure == nil, !state.pending.isEmpty else { return }
      state.failure = sink(state.pending)
      state.pending.removeAll()
    }
  }

  /// Writes all bytes into an open file; the failure if they did not all arrive.
  static func write(_ bytes: [UInt8], to descriptor: CInt) -> WriteFailure? {
    var offset = 0
    while offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count >= 0 {
        offset += count
      } else if errno == EAGAIN {
        // Somebody made the pipe non-blocking: wait until there is room.
        var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&room, 1, 1000)
      } else if errno != EINTR {
        return WriteFailure(code: errno)
      }
    }
    return nil
  }
}
