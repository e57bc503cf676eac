/// What a case, an attempt or a step came to.
public enum Verdict: String, Hashable, Codable, Sendable, CaseIterable {
  /// Every check held.
  case passed
  /// A check did not hold, or an action could not be done on a working target.
  case failed
  /// The harness, the target, the model or the host was at fault: nothing is said about the product.
  case error
  /// Not run, with a reason.
  case skipped
  /// Passed on a retry.
  case flaky
  /// A limit was met; counts as failed.
  case timedOut = "timed out"
  /// Stopped by a signal before there was a verdict.
  case interrupted

  /// All of them in the order in which they are counted, the worst last.
  public static let bestFirst: [Verdict] = [
    .passed, .flaky, .skipped, .failed, .timedOut, .error, .interrupted,
  ]

  /// Whether the product did what it should.
  public var isPass: Bool { self == .passed || self == .flaky }

  /// Whether it is one against the product.
  public var isFailure: Bool { self == .failed || self == .timedOut }

  /// Whether something was tried, and nothing found out about the product.
  public var isUndecided: Bool { self == .error || self == .interrupted }

  /// Whether somebody should look at it: what was tried did not pass.
  public var isTrouble: Bool { isFailure || isUndecided }

  /// Whether another try may end better: not where somebody wanted an end.
  public var isWorthRetrying: Bool { isTrouble && self != .interrupted }

  /// The verdict as a count says it: `3 errors`.
  public func counted(_ number: Int) -> String {
    self == .error && number != 1 ? "\(number) errors" : "\(number) \(rawValue)"
  }
}

/// Something outside the product that went wrong, and what to do about it.
public struct Fault: Error, Hashable, Codable, Sendable, CustomStringConvertible {
  /// Whose fault it was.
  public enum Domain: String, Hashable, Codable, Sendable, CaseIterable {
    case screen, model, perception, host, recording, harness, scenario
  }

  /// Whose fault it was.
  public var domain: Domain
  /// What happened, why, and how to mend it: one or two sentences for the user.
  public var message: String
  /// Whether doing the same again may help.
  public var isTransient: Bool
  /// Whether it is certain that nothing of the action that was under way was done.
  public var wasNotDone: Bool
  /// What the other side said, for the journal: cut, untrusted, without keys; nil when there is nothing.
  public var detail: String?

  /// A fault.
  public init(
    _ domain: Domain, _ message: String, isTransient: Bool = false, wasNotDone: Bool = false,
    detail: String? = nil
  ) {
    self.domain = domain
    self.message = message
    self.isTransient = isTransient
    self.wasNotDone = wasNotDone
    self.detail = detail
  }

  /// `screen: connection refused …`.
  public var description: String { "\(domain.rawValue): \(message)" }
}

/// A verdict and why.
public struct Ending: Sendable {
  /// The verdict.
  public var verdict: Verdict
  /// Why.
  public var cause: Cause

  /// A verdict and why.
  public init(_ verdict: Verdict, _ cause: Cause) {
    self.verdict = verdict
    self.cause = cause
  }

  /// A verdict and why, in one sentence; empty for a plain pass.
  public init(_ verdict: Verdict, _ reason: String = "") {
    self.init(verdict, .told(reason))
  }

  /// Passed, with nothing to add.
  public static let passed = Ending(.passed)

  /// Why, in one sentence; empty for a plain pass.
  public var reason: String {
    get { cause.words }
    set { cause = .told(newValue) }
  }
}

extension Ending: Hashable {
  /// Whether both are the same; of one that is told in words alone, as in older recordings, the words are.
  public static func == (left: Ending, right: Ending) -> Bool {
    guard left.verdict == right.verdict, left.reason == right.reason else { return false }
    return left.isTold || right.isTold || left.cause == right.cause
  }

  private var isTold: Bool { if case .told = cause { true } else { false } }

  /// Takes the words in, which are the same in all that are equal.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(verdict)
    hasher.combine(reason)
  }
}

extension Ending: Codable {
  private enum CodingKeys: CodingKey { case verdict, reason, cause }

  /// Reads an ending; older ones have words alone.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let reason = try values.decode(String.self, forKey: .reason)
    self.init(
      try values.decode(Verdict.self, forKey: .verdict),
      try values.decodeIfPresent(Cause.self, forKey: .cause) ?? .told(reason))
  }

  /// Writes the words for who reads no more, and the data where there are more than words.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(verdict, forKey: .verdict)
    try values.encode(reason, forKey: .reason)
    if !isTold { try values.encode(cause, forKey: .cause) }
  }
}

/// How one attempt of a case ended.
public struct Outcome: Hashable, Codable, Sendable {
  /// The verdict and why.
  public var ending: Ending
  /// How many checks held.
  public var checksHeld: Int
  /// Whether it passed without any check: flagged in every report.
  public var isUnchecked: Bool
  /// Whether a person changed its course: it is no clean pass then.
  public var isSteered: Bool
  /// Actions done.
  public var actions: Int
  /// Calls to models.
  public var modelCalls: Int
  /// Tokens to and from models.
  public var tokens: Int

  /// An outcome.
  public init(
    ending: Ending, checksHeld: Int = 0, isUnchecked: Bool = false,
    isSteered: Bool = false, actions: Int = 0,
    modelCalls: Int = 0, tokens: Int = 0
  ) {
    self.ending = ending
    self.checksHeld = checksHeld
    self.isUnchecked = isUnchecked
    self.isSteered = isSteered
    self.actions = actions
    self.modelCalls = modelCalls
    self.tokens = tokens
  }
}

extension Outcome {
  /// Reads an outcome; in older ones nobody steered.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      ending: try values.decode(Ending.self, forKey: .ending),
      checksHeld: try values.decode(Int.self, forKey: .checksHeld),
      isUnchecked: try values.decode(Bool.self, forKey: .isUnchecked),
      isSteered: try values.decodeIfPresent(Bool.self, forKey: .isSteered) ?? false,
      actions: try values.decode(Int.self, forKey: .actions),
      modelCalls: try values.decode(Int.self, forKey: .modelCalls),
      tokens: try values.decode(Int.self, forKey: .tokens))
  }
}
