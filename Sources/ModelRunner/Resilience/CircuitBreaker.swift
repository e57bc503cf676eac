/// Leaves an endpoint alone for a while after it failed several times in a row.
///
/// | state | event | next |
/// | --- | --- | --- |
/// | closed | success | closed, count 0 |
/// | closed | failure | closed, count + 1; open at the threshold |
/// | open | asked before its time | open, refused |
/// | open | asked after its time | half-open, this one may go |
/// | half-open | asked | refused, one is on its way |
/// | half-open | success | closed |
/// | half-open | failure | open, twice as long |
/// | half-open | gave up | open, may be asked at once |
///
/// Times are durations since one fixed moment. The figures are Finagle's failure accrual.
struct CircuitBreaker: Hashable, Sendable {
  /// Where it stands.
  enum State: Hashable, Sendable {
    case closed(failures: Int)
    case open(until: Duration)
    case halfOpen
  }

  /// Whether a request may go.
  enum Admission: Hashable, Sendable {
    case allowed
    case refused(for: Duration)
  }

  /// Failures in a row that open it.
  let threshold: Int
  /// How long it is open the first time.
  let first: Duration
  /// How long it is open at most.
  let longest: Duration
  /// Where it stands.
  private(set) var state = State.closed(failures: 0)
  private var opened = 0

  /// A closed breaker.
  init(threshold: Int = 5, first: Duration = .seconds(5), longest: Duration = .seconds(300)) {
    self.threshold = max(threshold, 1)
    self.first = first
    self.longest = longest
  }

  /// Asks whether a request may go now.
  mutating func ask(at now: Duration) -> Admission {
    switch state {
    case .closed: return .allowed
    case .halfOpen: return .refused(for: first)
    case .open(let until):
      guard now >= until else { return .refused(for: until - now) }
      state = .halfOpen
      return .allowed
    }
  }

  /// A request succeeded.
  mutating func succeeded() {
    state = .closed(failures: 0)
    opened = 0
  }

  /// A request failed by the endpoint's fault; `random` in 0..<1 spreads what waits for it.
  mutating func failed(at now: Duration, random: Double) {
    switch state {
    case .closed(let failures) where failures + 1 < threshold:
      state = .closed(failures: failures + 1)
    case .closed, .halfOpen: open(at: now, random: random)
    case .open: break
    }
  }

  /// A request ended without saying anything about the endpoint.
  mutating func gaveUp(at now: Duration) {
    if state == .halfOpen { state = .open(until: now) }
  }

  /// Equal jitter: between half of the time and all of it.
  private mutating func open(at now: Duration, random: Double) {
    let time = Backoff(base: first, cap: longest).ceiling(retry: opened)
    opened += 1
    let share = 0.5 + 0.5 * (random.isFinite ? min(max(random, 0), 1) : 1)
    state = .open(until: now + time * share)
  }
}
