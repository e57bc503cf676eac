/// A value that arrives once and that any number of tasks may wait for.
public final class OneShot<Value: Sendable>: Sendable {
  private typealias Waiter = CheckedContinuation<Value?, Never>

  private struct State {
    var value: Value?
    var waiters: [UInt64: Waiter] = [:]
    var nextIdentity: UInt64 = 0
  }

  private let state = Locked(State())

  /// A value that has not arrived.
  public init() {}

  /// The value, once it is there.
  public var value: Value? { state.withLock { $0.value } }

  /// Lets the value arrive, and tells whether it was the first: no other counts.
  @discardableResult
  public func set(_ value: Value) -> Bool {
    let waiters: [Waiter]? = state.withLock { state in
      guard state.value == nil else { return nil }
      state.value = value
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    waiters?.forEach { $0.resume(returning: value) }
    return waiters != nil
  }

  /// Waits for the value; cancelling the task ends the wait.
  public func wait() async throws(CancellationError) -> Value {
    let identity = state.withLock { state in
      state.nextIdentity += 1
      return state.nextIdentity
    }
    let value: Value? = await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        add(waiter, identity)
        // The handler below may have run before there was anything to cancel.
        if Task.isCancelled { cancel(identity) }
      }
    } onCancel: {
      cancel(identity)
    }
    guard let value else { throw CancellationError() }
    return value
  }

  /// Waits for the value in a task that may have been cancelled, for what must be seen to its end.
  public func waitToTheEnd() async -> Value {
    while true {
      let value: Value? = await withCheckedContinuation { add($0, 0) }
      if let value { return value }
    }
  }

  private func add(_ waiter: Waiter, _ identity: UInt64) {
    let value: Value? = state.withLock { state in
      if let value = state.value { return value }
      // Identity 0 cannot be cancelled, so any free key will do.
      if identity == 0 { state.nextIdentity += 1 }
      state.waiters[identity == 0 ? state.nextIdentity : identity] = waiter
      return nil
    }
    if let value { waiter.resume(returning: value) }
  }

  private func cancel(_ identity: UInt64) {
    let waiter = state.withLock { $0.waiters.removeValue(forKey: identity) }
    waiter?.resume(returning: nil)
  }
}

/// Runs `body` for at most `limit`; nil when the time was up, after `body` was cancelled and ended.
public func withTimeLimit<Result: Sendable>(
  _ limit: Duration, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result? {
  try await withThrowingTaskGroup(of: Result?.self) { group in
    group.addTask { try await body() }
    group.addTask {
      try await Task.sleep(for: limit)
      return nil
    }
    defer { group.cancelAll() }
    return try await group.next() ?? nil
  }
}
