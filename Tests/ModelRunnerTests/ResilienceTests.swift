import Testing

@testable import ModelRunner

struct ResilienceTests {
  @Test func `backs off with full jitter up to the cap`() {
    let backoff = Backoff()
    let ceilings = (0..<9).map { backoff.ceiling(retry: $0) }
    #expect(
      ceilings == [0.5, 1, 2, 4, 8, 16, 30, 30, 30].map { Duration.seconds($0) })
    #expect(backoff.wait(retry: 2, random: 0) == .zero)
    #expect(backoff.wait(retry: 2, random: 0.5) == .seconds(1))
    #expect(backoff.wait(retry: 2, random: 0.999) < .seconds(2))
    #expect(backoff.wait(retry: Int.max, random: .nan) == .seconds(30))
    #expect(backoff.wait(retry: -1, random: 7) == .milliseconds(500))
  }

  @Test func `stops retrying when half of the budget is gone`() {
    var budget = RetryBudget()
    for _ in 0..<4 { budget.failed() }
    #expect(budget.allowsRetry)
    budget.failed()
    #expect(!budget.allowsRetry)
    for _ in 0..<9 { budget.succeeded() }
    #expect(budget.tokens > 5.8)
    #expect(budget.allowsRetry)
    for _ in 0..<100 { budget.succeeded() }
    #expect(budget.tokens == 10)
    for _ in 0..<100 { budget.failed() }
    #expect(budget.tokens == 0)
  }

  // MARK: - The breaker, state by event

  private func openBreaker() -> CircuitBreaker {
    var breaker = CircuitBreaker()
    for _ in 0..<5 { breaker.failed(at: .zero, random: 1) }
    return breaker
  }

  private func halfOpenBreaker() -> CircuitBreaker {
    var breaker = openBreaker()
    _ = breaker.ask(at: .seconds(5))
    return breaker
  }

  @Test func `a closed breaker opens after five failures in a row`() {
    var breaker = CircuitBreaker()
    for failures in 1...4 {
      breaker.failed(at: .zero, random: 1)
      #expect(breaker.state == .closed(failures: failures))
      #expect(breaker.ask(at: .zero) == .allowed)
    }
    breaker.succeeded()
    #expect(breaker.state == .closed(failures: 0))
    for _ in 0..<5 { breaker.failed(at: .zero, random: 1) }
    #expect(breaker.state == .open(until: .seconds(5)))
  }

  @Test func `an open breaker refuses until its time, then lets one through`() {
    var breaker = openBreaker()
    #expect(breaker.ask(at: .seconds(4)) == .refused(for: .seconds(1)))
    breaker.failed(at: .seconds(4), random: 1)
    #expect(breaker.state == .open(until: .seconds(5)))
    breaker.gaveUp(at: .seconds(4))
    #expect(breaker.state == .open(until: .seconds(5)))
    #expect(breaker.ask(at: .seconds(5)) == .allowed)
    #expect(breaker.state == .halfOpen)
    #expect(breaker.ask(at: .seconds(5)) != .allowed)
  }

  @Test func `a half-open breaker closes on success and opens for longer on failure`() {
    var breaker = halfOpenBreaker()
    breaker.succeeded()
    #expect(breaker.state == .closed(failures: 0))

    breaker = halfOpenBreaker()
    breaker.failed(at: .seconds(5), random: 1)
    #expect(breaker.state == .open(until: .seconds(15)))

    breaker = halfOpenBreaker()
    breaker.gaveUp(at: .seconds(5))
    #expect(breaker.ask(at: .seconds(5)) == .allowed)
  }

  @Test func `an open breaker never waits longer than its limit`() {
    var breaker = openBreaker()
    var now = Duration.zero
    for _ in 0..<20 {
      guard case .open(let until) = breaker.state else { break }
      #expect(until - now <= .seconds(300))
      now = until
      #expect(breaker.ask(at: now) == .allowed)
      breaker.failed(at: now, random: 1)
    }
    #expect(breaker.state == .open(until: now + .seconds(300)))
  }

  @Test func `the breaker's wait is spread over its second half`() {
    var breaker = CircuitBreaker()
    for _ in 0..<5 { breaker.failed(at: .zero, random: 0) }
    #expect(breaker.state == .open(until: .milliseconds(2500)))
  }

  // MARK: - The plan

  private func decisions(
    _ errors: [ModelError], random: Double = 0.5, budget: RetryBudget = RetryBudget()
  ) -> [RetryPlan.Decision] {
    var plan = RetryPlan(loading: .seconds(10))
    return errors.map { plan.decide(after: $0, at: .zero, random: random, budget: budget) }
  }

  private func error(
    _ kind: ModelError.Kind, status: Int? = nil, retryAfter: Duration? = nil
  ) -> ModelError {
    ModelError(kind, "x", status: status, retryAfter: retryAfter)
  }

  @Test func `tries a call four times at most`() {
    let refused = error(.connection)
    #expect(
      decisions([refused, refused, refused, refused]) == [
        .wait(.milliseconds(250)), .wait(.milliseconds(500)), .wait(.seconds(1)), .giveUp,
      ])
  }

  @Test(arguments: [
    ModelError.Kind.unauthorised, .modelNotFound, .badRequest, .noVision,
    .contextExceeded(prompt: 1, limit: 1),
    .cancelled, .loadFailed, .badSchema, .refused, .notAnEndpoint,
  ]) func `never repeats what would fail again`(kind: ModelError.Kind) {
    #expect(decisions([error(kind)]) == [.giveUp])
  }

  @Test func `repeats a failed engine once`() {
    #expect(decisions([error(.engineCrashed), error(.engineCrashed)]).last == .giveUp)
    #expect(decisions([error(.toolFormat), error(.toolFormat)]).last == .giveUp)
    #expect(decisions([error(.server, status: 500), error(.server, status: 500)]).last == .giveUp)
  }

  @Test func `obeys the server's wish up to a minute`() {
    #expect(decisions([error(.capacity, retryAfter: .seconds(7))]) == [.wait(.seconds(7))])
    #expect(decisions([error(.capacity, retryAfter: .seconds(61))]) == [.giveUp])
  }

  @Test func `waits for a loading model until its limit, without counting attempts`() {
    var plan = RetryPlan(loading: .seconds(10))
    for second in 0..<10 {
      let decision = plan.decide(
        after: error(.modelLoading), at: .seconds(second), random: 0.5, budget: RetryBudget())
      #expect(decision != .giveUp)
    }
    #expect(
      plan.decide(
        after: error(.modelLoading), at: .seconds(10), random: 0.5, budget: RetryBudget())
        == .giveUp)
    #expect(plan.failures == 0)
  }

  @Test func `an empty budget ends retrying at once`() {
    var budget = RetryBudget()
    for _ in 0..<5 { budget.failed() }
    #expect(decisions([error(.connection)], budget: budget) == [.giveUp])
  }

  @Test(arguments: [
    ("2", Duration.seconds(2)), ("0", .zero), ("-1", nil), ("86400", .seconds(86_400)),
    ("soon", nil),
    ("99999999999999999999", nil), ("", nil), ("1.5", nil),
    // From Wednesday, 21 October 2026, 07:28:00.
    ("Wed, 21 Oct 2026 07:28:30 GMT", .seconds(30)),
    ("Thu, 22 Oct 2026 07:28:00 GMT", .seconds(86_400)),
    ("Wed, 21 Oct 2026 07:28:00 GMT", nil), ("Sun, 06 Nov 1994 08:49:37 GMT", nil),
    ("Tue, 21 Oct 2026 07:28:30 GMT", nil), ("Wed, 21 Oct 2026 07:28:30 UTC", nil),
    ("Wed, 21 oct 2026 07:28:30 GMT", nil), ("Wed, 21 Oct 2026 24:28:30 GMT", nil),
    ("Wed, 21 Oct 2026 07:60:30 GMT", nil), ("Wed, 21 Oct 2026 07:28:61 GMT", nil),
    ("Wed, 2a Oct 2026 07:28:30 GMT", nil), ("Wed, 21 Oct 2026 07:28:30  GMT", nil),
    ("Wednesday, 21-Oct-26 07:28:30 GMT", nil), ("Wed Oct 21 07:28:30 2026", nil),
    ("Mon, 29 Feb 2027 00:00:00 GMT", nil), ("Tue, 29 Feb 2028 00:00:00 GMT", .seconds(42_827_520)),
  ]) func `reads Retry-After`(text: String, expected: Duration?) {
    #expect(Duration(retryAfter: text, now: 1_792_567_680) == expected)
  }

  @Test(arguments: [
    ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Wed, 31 Dec 1969 23:59:59 GMT", -1),
    ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
    ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800),
    ("Tue, 29 Feb 2000 12:00:00 GMT", 951_825_600),
    ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
    ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
  ]) func `counts the seconds of a date`(text: String, expected: Int) {
    #expect(HTTPDate.seconds(text) == expected)
  }

  // MARK: - The gate

  @Test(.timeLimit(.minutes(5))) func `lets so many through at once and the others in turn`() async
  {
    let gate = EndpointGate(limit: 1)
    #expect(await gate.enter())
    let second = Task { await gate.enter() }
    let third = Task { await gate.enter() }
    third.cancel()
    #expect(await third.value == false)
    gate.leave()
    #expect(await second.value)
    gate.leave()
    #expect(await gate.enter())
  }

  @Test(.timeLimit(.minutes(5))) func `a task that is cancelled already gets no place`() async {
    let gate = EndpointGate(limit: 1)
    #expect(await gate.enter())
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await gate.enter()
    }
    #expect(await task.value == false)
  }
}
