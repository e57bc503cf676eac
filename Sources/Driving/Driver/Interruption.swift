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
