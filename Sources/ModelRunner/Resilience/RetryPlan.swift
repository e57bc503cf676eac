extension ModelError {
  /// Whether and how often the same request is sent again after this error.
  enum RetryRule: Hashable, Sendable {
    /// It would fail again.
    case never
    /// At most this often.
    case times(Int)
    /// Until the model is loaded, which is no failure.
    case untilLoaded
  }

  var retryRule: RetryRule {
    switch kind {
    case .modelLoading: .untilLoaded
    case .connection, .capacity, .truncatedReply, .timeout(.connect): .times(3)
    case .loadInterrupted: .times(2)
    case .engineCrashed, .toolFormat, .malformedReply, .timeout: .times(1)
    case .server: .times(status == 500 || status == 200 ? 1 : 3)
    case .badEndpoint, .untrusted, .cancelled, .unauthorised, .notAnEndpoint, .modelNotFound,
      .loadFailed,
      .backendMissing, .contextExceeded, .payloadTooLarge, .tooManyPictures, .noVision, .noTools,
      .badImage,
      .badSchema, .badRequest, .refused, .circuitOpen:
      .never
    }
  }

  /// Whether this error speaks against the endpoint as a whole.
  var tripsBreaker: Bool {
    switch kind {
    case .connection, .timeout, .engineCrashed, .server, .truncatedReply, .malformedReply: true
    case .badEndpoint, .untrusted, .cancelled, .unauthorised, .notAnEndpoint, .modelNotFound,
      .modelLoading,
      .loadFailed, .loadInterrupted, .backendMissing, .capacity, .contextExceeded,
      .payloadTooLarge, .tooManyPictures, .noVision, .noTools, .badImage, .badSchema, .toolFormat,
      .badRequest,
      .refused, .circuitOpen:
      false
    }
  }
}

/// Decides after each failed attempt of one call whether there is another.
struct RetryPlan: Sendable {
  enum Decision: Hashable, Sendable {
    case giveUp
    case wait(Duration)
  }

  /// How often a call is tried at most, waiting for a model to load not counted.
  var attempts = 4
  var backoff = Backoff()
  /// The longest that a server's wish to be left alone is obeyed.
  var longestRetryAfter = Duration.seconds(60)
  /// How long a loading model is waited for.
  var loading: Duration
  private(set) var failures = 0
  private var perRule: [ModelError.RetryRule: Int] = [:]
  private var loadingSince: Duration?
  private var polls = 0

  init(loading: Duration) { self.loading = loading }

  /// What to do after a failure at `now`, for a random number in 0..<1.
  mutating func decide(
    after error: ModelError, at now: Duration, random: Double, budget: RetryBudget
  ) -> Decision {
    switch error.retryRule {
    case .never: return .giveUp
    case .untilLoaded: return poll(error, at: now, random: random)
    case .times(let times):
      failures += 1
      perRule[error.retryRule, default: 0] += 1
      guard failures < attempts, perRule[error.retryRule, default: 0] <= times,
        budget.allowsRetry
      else { return .giveUp }
      return wait(error, retry: failures - 1, random: random)
    }
  }

  private mutating func poll(_ error: ModelError, at now: Duration, random: Double) -> Decision {
    let since = loadingSince ?? now
    loadingSince = since
    guard now - since < loading else { return .giveUp }
    defer { polls += 1 }
    // Between a half and all of a growing wait: never a storm, never more than five seconds late.
    let pace = Backoff(base: .seconds(1), cap: .seconds(5)).ceiling(retry: polls)
    guard let wish = error.retryAfter else { return .wait(pace * (0.5 + random / 2)) }
    return wish > longestRetryAfter ? .giveUp : .wait(wish)
  }

  private func wait(_ error: ModelError, retry: Int, random: Double) -> Decision {
    guard let wish = error.retryAfter else {
      return .wait(backoff.wait(retry: retry, random: random))
    }
    return wish > longestRetryAfter ? .giveUp : .wait(wish)
  }
}
