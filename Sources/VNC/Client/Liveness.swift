/// Whether a server that says nothing is at rest or dead: it is asked now and then, and has to answer.
///
/// A value without a clock; all times count from the same moment.
struct Liveness: Hashable, Sendable {
  /// What to do.
  enum Decision: Hashable, Sendable {
    case nothing
    /// Send a question with this number, and say so by `asked`.
    case ask(UInt32)
    /// A question has gone unanswered for too long.
    case dead
  }

  /// How long a server may be silent before it is asked.
  let patience: Duration
  /// How long it may take to answer.
  let limit: Duration
  /// The number of the last question, and of the last one that was answered.
  private(set) var lastAsked: UInt32 = 0
  private(set) var lastAnswered: UInt32 = 0
  /// When the first question was asked that has no answer yet.
  private var waitingSince: Duration?
  private var lastAskedAt: Duration?
  /// How long the last answer took.
  private(set) var roundTrip: Duration?

  init(patience: Duration, limit: Duration) {
    self.patience = patience
    self.limit = limit
  }

  /// Whether a question has no answer yet.
  var isWaiting: Bool { waitingSince != nil }

  /// The number for the next question.
  var nextNumber: UInt32 { lastAsked &+ 1 }

  /// What to do about a server that was last heard of at `lastHeard`.
  func decision(at now: Duration, lastHeard: Duration) -> Decision {
    if let waitingSince { return now - waitingSince >= limit ? .dead : .nothing }
    return now - lastHeard >= patience ? .ask(nextNumber) : .nothing
  }

  /// Notes that the next question was sent.
  mutating func asked(at now: Duration) {
    lastAsked = nextNumber
    lastAskedAt = now
    waitingSince = waitingSince ?? now
  }

  /// Notes an answer to a question; numbers that were never asked are nobody's.
  mutating func answered(_ number: UInt32, at now: Duration) {
    guard number > lastAnswered, number <= lastAsked else { return }
    lastAnswered = number
    if let time = number == lastAsked ? lastAskedAt : waitingSince { roundTrip = now - time }
    // Later questions have had no more time than this answer is old.
    waitingSince = number == lastAsked ? nil : lastAskedAt
  }
}
