internal import CSystem

/// A thread of our own for a piece of work that blocks, with every signal blocked.
enum Thread {
  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Runs `body` on a new thread whose name is cut to 15 bytes; false when there can be no more.
  static func start(_ name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
    let context = Unmanaged.passRetained(Body(body))
    if qa_thread_start(name, run, context.toOpaque()) == 0 { return true }
    context.release()
    return false
  }

  private static let run: @convention(c) @Sendable (UnsafeMutableRawPointer?) -> Void = { context in
    guard let context else { return }
    Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
  }
}
