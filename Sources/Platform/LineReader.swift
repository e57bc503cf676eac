internal import Glibc

/// Reads lines of standard input on a thread of its own, which blocks nobody.
public final class LineReader: Sendable {
  private let isOver = Locked(false)
  private let isAside = Locked(false)

  /// Begins to read; `take` gets each line without its end, and nil at the end of the input.
  public init(take: @escaping @Sendable (String?) -> Void) {
    let isRunning = Thread.start("lines") { [isOver, isAside] in
      var pending: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 4096)
      while !isOver.withLock({ $0 }) {
        var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        let ready = poll(&waiting, 1, 200)
        if ready == 0 || (ready < 0 && errno == EINTR) { continue }
        if isAside.withLock({ $0 }) {
          // Somebody else reads now, such as an editor.
          usleep(50_000)
          continue
        }
        let count = read(STDIN_FILENO, &buffer, buffer.count)
        guard count > 0 else { break }
        pending += buffer[..<count]
        while let end = pending.firstIndex(of: 0x0A) {
          take(String(decoding: pending[..<end], as: UTF8.self))
          pending.removeFirst(end + 1)
        }
        // A line of this length is no command.
        if pending.count > 1 << 16 { pending = [] }
      }
      if !pending.isEmpty { take(String(decoding: pending, as: UTF8.self)) }
      take(nil)
    }
    if !isRunning { take(nil) }
  }

  /// Leaves the input to somebody else, or takes it again.
  public func standAside(_ isAside: Bool) { self.isAside.withLock { $0 = isAside } }

  /// Reads no more.
  public func stop() { isOver.withLock { $0 = true } }
}
