public import Platform

/// Text that a process writes, as it comes.
public final class Transcript: Sendable {
  /// What was waited for and never written.
  public struct Missing: Error, CustomStringConvertible {
    /// What was waited for, and the end of what was written instead.
    public let description: String
  }

  private struct State {
    var text = ""
    var waiters: [OneShot<Void>] = []
  }

  private let state = Locked(State())

  /// Nothing yet.
  public init() {}

  /// All that was written.
  public var all: String { state.withLock { $0.text } }

  /// Adds what was written.
  public func add(_ bytes: [UInt8]) {
    let waiters = state.withLock { state in
      state.text += String(decoding: bytes, as: UTF8.self)
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.set(()) }
  }

  /// Where a process writes so that it is found here.
  public var sink: ProcessSpecification.Output { .sink { [self] in add($0) } }

  /// Waits until what was written holds some words more often than `count` times.
  public func wait(
    for words: String, moreThan count: Int = 0, upTo limit: Duration = .seconds(30)
  ) async throws {
    let found: Bool? = try await withTimeLimit(limit) { [self] in
      while true {
        let change = OneShot<Void>()
        let isThere = state.withLock { state in
          state.waiters.append(change)
          return state.text.ranges(of: words).count > count
        }
        if isThere { return true }
        try await change.wait()
      }
    }
    guard found == nil else { return }
    throw Missing(description: "“\(words)” was never written: \(all.suffix(2_000))")
  }

  /// How often some words were written.
  public func count(of words: String) -> Int { all.ranges(of: words).count }
}
