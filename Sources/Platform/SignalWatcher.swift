internal import CSystem
internal import Glibc

/// Turns signals of this process into events.
///
/// What a second interrupt means is for the reader of `events` to decide. One watcher may live at a
/// time. A signal that was ignored when the watcher started stays ignored: that is how a shell says
/// that a background job shall not hear of ctrl+c.
public final class SignalWatcher: Sendable {
  /// The signals that may be watched.
  public enum Signal: Hashable, Sendable, CaseIterable {
    /// SIGINT: ctrl+c.
    case interrupt
    /// SIGTERM.
    case terminate
    /// SIGHUP: the terminal is gone.
    case hangUp
    /// SIGWINCH: the terminal has a new size.
    case windowSize

    var number: CInt {
      switch self {
      case .interrupt: SIGINT
      case .terminate: SIGTERM
      case .hangUp: SIGHUP
      case .windowSize: SIGWINCH
      }
    }
  }

  /// The signals as they come, for one reader; of more than 64 unread ones the oldest are dropped.
  public let events: AsyncStream<Signal>

  /// Starts to watch.
  ///
  /// - Throws: a `SystemError`; EBUSY when there is a watcher already.
  public init(_ signals: [Signal]) throws(SystemError) {
    let numbers = signals.map(\.number)
    let descriptor = qa_signals_watch(numbers, CInt(numbers.count))
    guard descriptor >= 0 else { throw SystemError(code: -descriptor) }
    let (events, continuation) = AsyncStream.makeStream(
      of: Signal.self, bufferingPolicy: .bufferingNewest(64))
    self.events = events
    let isRunning = Thread.start("signals") { Self.forward(descriptor, to: continuation) }
    guard isRunning else {
      qa_signals_unwatch()
      close(descriptor)
      throw SystemError(code: EAGAIN)
    }
  }

  deinit { stop() }

  /// Gives the signals their former meaning and ends `events`; later calls do nothing.
  public func stop() {
    guard isStopped.set(true) else { return }
    qa_signals_unwatch()
  }

  private let isStopped = OneShot<Bool>()

  private static func forward(
    _ descriptor: CInt, to continuation: AsyncStream<Signal>.Continuation
  ) {
    defer {
      continuation.finish()
      close(descriptor)
    }
    while true {
      let (bytes, code) = Files.readChunk(descriptor, upTo: 64)
      guard code == 0, !bytes.isEmpty else { return }
      for byte in bytes {
        guard let signal = Signal.allCases.first(where: { $0.number == CInt(byte) }) else {
          continue
        }
        continuation.yield(signal)
      }
    }
  }
}
