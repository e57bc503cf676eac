internal import Glibc

/// Time and chance, as the client uses them; tests give their own.
struct ModelClock: Sendable {
  /// Time since some fixed moment; it never goes back.
  var now: @Sendable () -> Duration
  /// Waits; throws when the task is cancelled.
  var sleep: @Sendable (Duration) async throws -> Void
  /// A number in 0..<1.
  var random: @Sendable () -> Double
  /// Seconds since 1970 in UTC, to compare with the dates that servers give.
  var date: @Sendable () -> Int

  /// A clock; without a date of its own it has the machine's.
  init(
    now: @escaping @Sendable () -> Duration,
    sleep: @escaping @Sendable (Duration) async throws -> Void,
    random: @escaping @Sendable () -> Double,
    date: (@Sendable () -> Int)? = nil
  ) {
    self.now = now
    self.sleep = sleep
    self.random = random
    self.date = date ?? { time(nil) }
  }

  /// The machine's.
  static let system: ModelClock = {
    let origin = ContinuousClock.now
    return ModelClock(
      now: { origin.duration(to: .now) },
      sleep: { try await Task.sleep(for: $0) },
      random: { Double.random(in: 0..<1) })
  }()
}
