/// What one worker is doing, for a person who waits.
struct WorkerStatus: Equatable, Sendable {
  /// The case's id.
  let id: String
  /// Which attempt this is, from 1.
  let attempt: Int
  /// The step it is at.
  var step: String?
  /// What it is doing, in a word or two.
  var doing: String?
  /// When it began to do that.
  var since: Duration
  /// When the model replied last.
  var lastModelReply: Duration?
  /// How often the model was asked.
  var modelCalls = 0
  /// How many tokens that took.
  var tokens = 0

  /// How long ago the model replied.
  func sinceLastModelReply(at now: Duration) -> Duration? { lastModelReply.map { now - $0 } }
}

/// Where a run stands: a fold over its events.
struct RunProgress: Equatable, Sendable {
  /// How many cases will run.
  private(set) var total = 0
  /// What is running, oldest first.
  private(set) var workers: [WorkerStatus] = []
  /// How many cases came to what.
  private(set) var counts = VerdictCounts()

  /// Takes in an event.
  mutating func apply(_ event: ReporterEvent, at now: Duration) {
    switch event {
    case .runStarted(let start): total = start.cases
    case .caseStarted(let start):
      workers.removeAll { $0.id == start.id }
      workers.append(WorkerStatus(id: start.id, attempt: start.attempt, since: now))
    case .stepStarted(let step):
      update(step.id) {
        $0.step = step.title
        $0.doing = nil
        $0.since = now
      }
    case .progress(let progress): update(progress.id) { $0.apply(progress, at: now) }
    case .caseFinished(let finish):
      workers.removeAll { $0.id == finish.id }
      counts.add(finish)
    case .noted, .notice, .warning: break
    case .runFinished: workers = []
    }
  }

  private mutating func update(_ id: String, _ change: (inout WorkerStatus) -> Void) {
    guard let index = workers.firstIndex(where: { $0.id == id }) else { return }
    change(&workers[index])
  }
}

extension WorkerStatus {
  /// Takes in what its case is doing now.
  fileprivate mutating func apply(_ progress: CaseProgress, at now: Duration) {
    if let doing = progress.doing, doing != self.doing {
      self.doing = doing
      since = now
    }
    if progress.modelCalls > modelCalls { lastModelReply = now }
    modelCalls = progress.modelCalls
    tokens = progress.tokens
  }
}
