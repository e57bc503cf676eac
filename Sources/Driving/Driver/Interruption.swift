internal import Synchronization
internal import Story

/// A request to stop, which reaches whatever a session is waiting for.
///
/// It is used up by the first wait that it ends, so that teardown runs undisturbed.
public final class Interruption: Sendable {
  private struct State {
    var isPending = false
    var handler: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  /// No request yet.
  public init() {}

  /// Asks to stop.
  ///
  /// Safe on any thread.
  public func request() {
    let handler = state.withLock { state in
      state.isPending = true
      return state.handler
    }
    handler?()
  }

  /// Calls `handler` as soon as there is a request, at once if there is one already.
  func onRequest(_ handler: @escaping @Sendable () -> Void) {
    let isPending = state.withLock { state in
      state.handler = handler
      return state.isPending
    }
    if isPending { handler() }
  }

  /// Stops calling the handler; `used` takes the request away.
  func ignore(used: Bool) {
    state.withLock { state in
      state.handler = nil
      if used { state.isPending = false }
    }
  }
}

/// A result that several tasks race for: the first one counts.
final class First<Value: Sendable>: Sendable {
  private enum State {
    case open
    case waiting(CheckedContinuation<Value, Never>)
    case decided(Value)
    case taken
  }

  private let state = Mutex(State.open)

  /// Offers a result; only the first offer counts.
  func offer(_ value: Value) {
    let waiter: CheckedContinuation<Value, Never>? = state.withLock { state in
      switch state {
      case .open:
        state = .decided(value)
        return nil
      case .waiting(let continuation):
        state = .taken
        return continuation
      case .decided, .taken: return nil
      }
    }
    waiter?.resume(returning: value)
  }

  /// Waits for the first offer; call it once.
  func wait() async -> Value {
    await withCheckedContinuation { continuation in
      let decided: Value? = state.withLock { state in
        if case .decided(let value) = state {
          state = .taken
          return value
        }
        state = .waiting(continuation)
        return nil
      }
      if let decided { continuation.resume(returning: decided) }
    }
  }
}
