import Platform
import Driving

/// Time that passes when it is told to; who sleeps waits for `expire` or `hurry`.
final class StageClock: Sendable {
  private struct State {
    var now = Duration.zero
    var sleepers: [Int: (length: Duration, continuation: CheckedContinuation<Bool, Never>)] = [:]
    var cancelled: Set<Int> = []
    var next = 0
    var hurried: Set<Duration> = []
    var expiring: [Duration] = []
  }

  private let state = Locked(State())

  /// A clock that starts now.
  func start() -> SessionClock {
    let start = now
    return SessionClock(now: { self.now - start }, sleep: { try await self.sleep($0) })
  }

  /// Lets time pass for those who look at the clock.
  func advance(by duration: Duration) { state.withLock { $0.now += duration } }

  /// All sleeps of this length are over at once.
  func hurry(_ duration: Duration) { state.withLock { _ = $0.hurried.insert(duration) } }

  /// One sleep of this length is over: one that is going on, or else the next.
  func expire(_ duration: Duration) {
    let sleeper = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      state.now += duration
      guard let id = state.sleepers.first(where: { $0.value.length == duration })?.key else {
        state.expiring.append(duration)
        return nil
      }
      return state.sleepers.removeValue(forKey: id)?.continuation
    }
    sleeper?.resume(returning: true)
  }

  private var now: Duration { state.withLock { $0.now } }

  private func sleep(_ duration: Duration) async throws {
    let id = state.withLock { state in
      state.next += 1
      return state.next
    }
    let isOver = await withTaskCancellationHandler {
      await withCheckedContinuation { park(id, duration, $0) }
    } onCancel: {
      cancel(id)
    }
    if !isOver { throw CancellationError() }
  }

  private func park(
    _ id: Int, _ length: Duration, _ continuation: CheckedContinuation<Bool, Never>
  ) {
    let isOver = state.withLock { state -> Bool? in
      if state.cancelled.remove(id) != nil { return false }
      if state.hurried.contains(length) { return true }
      if let index = state.expiring.firstIndex(of: length) {
        state.expiring.remove(at: index)
        return true
      }
      state.sleepers[id] = (length, continuation)
      return nil
    }
    if let isOver { continuation.resume(returning: isOver) }
  }

  private func cancel(_ id: Int) {
    let sleeper = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      if state.sleepers[id] == nil { state.cancelled.insert(id) }
      return state.sleepers.removeValue(forKey: id)?.continuation
    }
    sleeper?.resume(returning: false)
  }
}
