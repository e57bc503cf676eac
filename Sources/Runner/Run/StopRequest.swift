internal import Platform
internal import Driving

/// The wish to stop a run, which reaches every case in work.
final class StopRequest: Sendable {
  private struct State {
    var reason: String?
    var signal: CInt?
    var running: [ObjectIdentifier: Interruption] = [:]
  }

  private let state = Locked(State())

  /// Whether the run is to stop.
  var isRequested: Bool { state.withLock { $0.reason != nil } }

  /// Why.
  var reason: String { state.withLock { $0.reason ?? "" } }

  /// The signal that asked for it.
  var signal: CInt? { state.withLock { $0.signal } }

  /// Stops because of a signal.
  func request(signal: CInt) { request(reason: "stopped by signal \(signal)", signal: signal) }

  /// Stops for another reason.
  func request(reason: String) { request(reason: reason, signal: nil) }

  private func request(reason: String, signal: CInt?) {
    let running = state.withLock { state in
      state.reason = state.reason ?? reason
      state.signal = state.signal ?? signal
      return Array(state.running.values)
    }
    for interruption in running { interruption.request() }
  }

  /// Adds a case in work; it is interrupted at once when the run is stopping already.
  func register(_ interruption: Interruption) {
    let isStopping = state.withLock { state in
      state.running[ObjectIdentifier(interruption)] = interruption
      return state.reason != nil
    }
    if isStopping { interruption.request() }
  }

  /// Takes out a case that is done.
  func unregister(_ interruption: Interruption) {
    _ = state.withLock { $0.running.removeValue(forKey: ObjectIdentifier(interruption)) }
  }
}
