internal import Platform

/// What calls of a test's own ports do instead of working, once each.
public final class Troubles<Failure: Error>: Sendable {
  /// What a call does instead of working.
  public enum Trouble: Sendable {
    case fails(Failure)
    /// It ends when it is cancelled.
    case hangs
    /// It does not even end then, but when all are released.
    case isDeaf
  }

  private let next = Locked<[String: Trouble]>([:])
  private let released = OneShot<Void>()

  /// For how long something hangs that nobody ends: then the test is red, and not stuck.
  private static var patience: Duration { .seconds(60) }

  /// No trouble.
  public init() {}

  /// Makes the next call of this name do something else.
  public func next(_ call: String, _ trouble: Trouble) { next.withLock { $0[call] = trouble } }

  /// Takes what a call does instead of working; nil where it works.
  public func take(_ call: String) -> Trouble? { next.withLock { $0.removeValue(forKey: call) } }

  /// Does it.
  public func suffer(_ trouble: Trouble?) async throws(Failure) {
    switch trouble {
    case nil: break
    case .fails(let failure): throw failure
    case .hangs:
      try? await Task.sleep(for: Self.patience)
      // What follows must wait for it all the same.
      for _ in 0..<20 { await Task.yield() }
    case .isDeaf: await released.waitToTheEnd()
    }
  }

  /// Lets deaf calls end.
  public func release() { released.set(()) }
}
