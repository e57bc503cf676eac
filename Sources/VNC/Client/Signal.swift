import Platform

/// Tells tasks that something has happened, without losing what happens before they wait.
final class Signal: Sendable {
  private struct State {
    var generation: UInt64 = 0
    var next: UInt64 = 0
    var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
  }

  private let state = Locked(State())

  /// Changes with each `fire`.
  var generation: UInt64 { state.withLock { $0.generation } }

  /// Wakes everybody who waits.
  func fire() {
    let waiters = state.withLock { state in
      state.generation += 1
      defer { state.waiters = [:] }
      return state.waiters.values
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns once the generation is no longer `seen`, when `deadline` has come, or when cancelled.
  func wait(after seen: UInt64, until deadline: ContinuousClock.Instant) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { try? await Task.sleep(until: deadline, clock: .continuous) }
      group.addTask { await self.wait(after: seen) }
      await group.next()
      group.cancelAll()
    }
  }

  private func wait(after seen: UInt64) async {
    let id = state.withLock { state in
      state.next += 1
      return state.next
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          guard state.generation == seen, !Task.isCancelled else { return true }
          state.waiters[id] = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
    }
  }
}
