internal import Platform

/// What all clients of one endpoint share: how many requests run, and how it has been doing.
final class EndpointGate: Sendable {
  private struct State {
    var running = 0
    var nextTicket = 0
    var waiting: [(ticket: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    var givenUp: Set<Int> = []
    var breaker = CircuitBreaker()
    var budget = RetryBudget()
    var lastSuccess: Duration?
  }

  private let limit: Int
  private let state = Locked(State())

  /// A gate that lets `limit` requests through at once.
  init(limit: Int) { self.limit = max(limit, 1) }

  // MARK: - Places

  /// Waits for a place, first come, first served; false when the task was cancelled.
  func enter() async -> Bool {
    let ticket = state.withLock { state in
      state.nextTicket += 1
      return state.nextTicket
    }
    defer { forget(ticket) }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer = state.withLock { state -> Bool? in
          if state.givenUp.remove(ticket) != nil { return false }
          guard state.running >= limit else {
            state.running += 1
            return true
          }
          state.waiting.append((ticket, continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      giveUp(ticket)
    }
  }

  /// Gives the place to the next in line.
  func leave() {
    let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard state.waiting.isEmpty else { return state.waiting.removeFirst().continuation }
      state.running -= 1
      return nil
    }
    next?.resume(returning: true)
  }

  private func giveUp(_ ticket: Int) {
    let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      if let index = state.waiting.firstIndex(where: { $0.ticket == ticket }) {
        return state.waiting.remove(at: index).continuation
      }
      // Not in line yet, or through already: the mark matters only in the first case.
      state.givenUp.insert(ticket)
      return nil
    }
    waiter?.resume(returning: false)
  }

  /// Forgets a ticket whose task is done with the gate.
  private func forget(_ ticket: Int) { state.withLock { _ = $0.givenUp.remove(ticket) } }

  // MARK: - Experience

  /// Whether a request may go now.
  func ask(at now: Duration) -> CircuitBreaker.Admission {
    state.withLock { $0.breaker.ask(at: now) }
  }

  /// Whether the model answered so recently that it must still be loaded.
  func isWarm(at now: Duration) -> Bool {
    // The runner unloads after five idle minutes.
    state.withLock { $0.lastSuccess.map { now - $0 < .seconds(240) } ?? false }
  }

  func succeeded(at now: Duration) {
    state.withLock { state in
      state.breaker.succeeded()
      state.budget.succeeded()
      state.lastSuccess = now
    }
  }

  /// Notes a failure and returns what is left of the retry budget.
  func failed(_ error: ModelError, at now: Duration, random: Double) -> RetryBudget {
    state.withLock { state in
      if error.tripsBreaker {
        state.breaker.failed(at: now, random: random)
      } else {
        state.breaker.gaveUp(at: now)
      }
      if case .times = error.retryRule { state.budget.failed() }
      return state.budget
    }
  }

  /// Where the circuit breaker stands.
  var breaker: CircuitBreaker.State { state.withLock { $0.breaker.state } }
}
