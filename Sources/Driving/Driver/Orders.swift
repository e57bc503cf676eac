public import Story
internal import Synchronization

/// The orders of a person who is there, on their way to the attempt that runs.
///
/// Safe on any thread.
public final class Orders: Sendable {
  private struct State {
    var waiting: [Order] = []
    var handler: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())
  private let first: @Sendable () -> [Order]

  /// No order yet.
  ///
  /// - Parameter first: what is ordered at the beginning of each attempt, before anything is done.
  public init(first: @escaping @Sendable () -> [Order] = { [] }) { self.first = first }

  /// Begins an attempt: what was meant for the one before means nothing to it.
  func begin() {
    let orders = first()
    state.withLock { $0.waiting = orders }
  }

  /// Gives an order; it is taken before whatever is done next.
  public func give(_ order: Order) {
    let handler = state.withLock { state in
      state.waiting.append(order)
      return state.handler
    }
    handler?()
  }

  /// The next order, taken out; nil when there is none.
  func next() -> Order? {
    state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
  }

  /// Calls `handler` when there is an order, at once if there is one already; nil calls nobody any more.
  func onOrder(_ handler: (@Sendable () -> Void)?) {
    let isWaiting = state.withLock { state in
      state.handler = handler
      return !state.waiting.isEmpty
    }
    if isWaiting { handler?() }
  }
}
