internal import Platform

/// Time that passes when it is told to; who sleeps waits for `expire`, unless the sleep is hurried.
public final class ManualClock: Sendable {
  private struct State {
    var now = Duration.zero
    var sleepers: [Int: (length: Duration, end: OneShot<Void>)] = [:]
    var next = 0
    var isHurried: @Sendable (Duration) -> Bool
    /// Sleeps that will be over when they begin; nil is one of any length.
    var expired: [Duration?] = []
  }

  private let state: Locked<State>

  /// A clock; `hurried` tells which sleeps are over at once, the time having passed.
  public init(hurried: @escaping @Sendable (Duration) -> Bool = { _ in false }) {
    state = Locked(State(isHurried: hurried))
  }

  /// The time.
  public var now: Duration { state.withLock { $0.now } }

  /// Lets time pass for those who look at the clock.
  public func advance(by duration: Duration) { state.withLock { $0.now += duration } }

  /// All sleeps of this length are over at once, too.
  public func hurry(_ duration: Duration) {
    state.withLock { state in
      state.isHurried = { [others = state.isHurried] in $0 == duration || others($0) }
    }
  }

  /// One sleep of this length, or of any, is over: one that is going on, or else the next.
  public func expire(_ length: Duration? = nil) {
    let sleeper = state.withLock { state in
      state.now += length ?? .zero
      let found = state.sleepers.filter { length == nil || $0.value.length == length }.keys.min()
      if found == nil { state.expired.append(length) }
      return found.flatMap { state.sleepers.removeValue(forKey: $0) }
    }
    sleeper?.end.set(())
  }

  /// Sleeps, until it is over or cancelled.
  public func sleep(_ length: Duration) async throws(CancellationError) {
    let sleeper = state.withLock { state -> (id: Int, end: OneShot<Void>)? in
      if state.isHurried(length) {
        state.now += length
        return nil
      }
      if let index = state.expired.firstIndex(where: { $0 == nil || $0 == length }) {
        state.expired.remove(at: index)
        return nil
      }
      state.next += 1
      state.sleepers[state.next] = (length, OneShot())
      return state.sleepers[state.next].map { (state.next, $0.end) }
    }
    guard let sleeper else {
      if Task.isCancelled { throw CancellationError() }
      return
    }
    defer { state.withLock { _ = $0.sleepers.removeValue(forKey: sleeper.id) } }
    try await sleeper.end.wait()
  }
}
