internal import Durations
internal import Scenario
internal import Story

// Faults, limits and signals.
extension SessionMachine {
  /// Something went wrong that says nothing about the product.
  mutating func failed(_ fault: Fault) -> Next {
    if fault.domain == .harness, state != .finished {
      // Our own fault: not even an optional step may swallow it.
      ending = ending ?? Ending(.error, .fault(fault))
      work?.triesLeft = 0
    }
    switch state {
    case .created, .finished: return unexpected("a fault")
    case .preparing:
      ending = ending ?? Ending(.error, .fault(fault))
      return finish()
    case .observing(let look), .waiting(let look):
      guard fault.domain == .screen, fault.isTransient, recoveries < 3 else { break }
      recoveries += 1
      note(.warning(text: "the screen was lost: \(fault.message)"))
      state = .recovering(look)
      return .want(.recover)
    case .acting(let deed) where fault.wasNotDone && fault.isTransient && recoveries < 3:
      recoveries += 1
      note(
        .warning(
          text: "the screen was lost before “\(deed.proposal.action.title)”: \(fault.message)"))
      guard work?.talk != nil else {
        state = .recovering(.search(Search(deadline: now + patience)))
        return .want(.recover)
      }
      answerAll("Not done: the screen was lost. Look again.")
      work?.talk?.opening = "The screen now."
      state = .recovering(.model)
      return .want(.recover)
    case .acting(let deed):
      // It may have been done or not; doing it again could do it twice.
      return endStep(
        Ending(
          .error,
          "it is not known whether “\(deed.proposal.action.title)” was done: \(fault.message)"))
    case .running(let command): return commandFailed(command, fault)
    case .judging:
      modelCalls += 1
      if let next = judgeFailed(fault) { return next }
    case .deciding: modelCalls += 1
    case .beginning, .interpreting, .locating, .validating, .authorising, .permitting, .settling,
      .checking, .reviewing, .reading, .seeingField, .readingBack, .keeping, .pausing, .recovering:
      break
    }
    return endStep(Ending(.error, .fault(fault)))
  }

  /// The time limit of the attempt, or of its teardown, is over.
  mutating func limitReached() -> Next {
    switch state {
    case .created, .finished: return unexpected("a limit")
    case .preparing:
      ending = Ending(.error, "the target was not ready within the time limit")
      return finish()
    case .beginning, .observing, .interpreting, .locating, .deciding, .validating, .authorising,
      .permitting, .running, .acting, .settling, .checking, .reviewing, .judging, .reading,
      .seeingField,
      .readingBack,
      .keeping,
      .waiting, .pausing, .recovering:
      break
    }
    work?.triesLeft = 0
    if teardownBegan != nil {
      note(.warning(text: "teardown took longer than \(Self.teardownLimit.brief)"))
      nextStep = steps.count
      return endStep(
        Ending(.timedOut, .limit("teardown took longer than \(Self.teardownLimit.brief)")))
    }
    let limit = "the time limit of \(plan.testCase.scenario.limits.time.brief) is over"
    if let stalled, plan.rules > .fourth {
      return endStep(Ending(.error, .limit("\(limit): \(stalled)")))
    }
    return endStep(Ending(.timedOut, .limit(limit)))
  }

  /// What is waited for that is not the product; nil while the product is.
  private var stalled: String? {
    switch state {
    case .deciding: "the model has not answered"
    case .judging: "the judge has not answered"
    case .recovering: "the screen is lost"
    case .created, .preparing, .beginning, .observing, .interpreting, .locating, .validating,
      .authorising, .permitting, .acting, .settling, .checking, .reviewing, .reading, .seeingField,
      .readingBack,
      .keeping, .waiting, .pausing, .running, .finished:
      nil
    }
  }

  /// What a step comes to when a budget is spent, which says nothing about the product.
  var spentVerdict: Verdict { plan.rules > .fourth ? .error : .timedOut }

  /// A signal asks to stop: teardown still runs, unless it is teardown that is interrupted.
  mutating func interrupted() -> Next {
    steering.isLeft = true
    switch state {
    case .created, .finished: return unexpected("an interrupt")
    case .preparing:
      ending = ending ?? .stopped
      return finish()
    case .beginning, .observing, .interpreting, .locating, .deciding, .validating, .authorising,
      .permitting, .running, .acting, .settling, .checking, .reviewing, .judging, .reading,
      .seeingField,
      .readingBack,
      .keeping,
      .waiting, .pausing, .recovering:
      break
    }
    work?.triesLeft = 0
    if teardownBegan != nil { nextStep = steps.count }
    return endStep(.stopped)
  }

  /// Counts what a model was asked and what it answered.
  mutating func spend(_ reply: ModelReply) {
    modelCalls = modelCalls.addingClamped(max(1, reply.asked))
    for remark in reply.remarks { note(.warning(text: remark)) }
    tokens = tokens.addingClamped(reply.tokens)
  }

  /// Why no further action may be done; nil when one may.
  var actionsSpent: String? {
    let limit = plan.testCase.scenario.limits.steps
    return actions >= limit ? "the limit of \(Self.counted(limit, "action")) is met" : nil
  }

  /// Why a model may not be asked so many times more; nil when it may.
  func callsSpent(_ wanted: Int) -> String? {
    let limits = plan.testCase.scenario.limits
    if wanted > max(limits.modelCalls, 0) - modelCalls {
      return "the limit of \(Self.counted(limits.modelCalls, "model call")) is met"
    }
    return tokens >= limits.tokens ? "the limit of \(limits.tokens) tokens is met" : nil
  }

  private static func counted(_ number: Int, _ word: String) -> String {
    "\(number) \(word)\(number == 1 ? "" : "s")"
  }
}

extension Ending {
  /// Somebody asked to stop.
  static let stopped = Ending(.interrupted, .stopped)
}

extension Cause {
  /// Whether a limit was met.
  var isLimit: Bool { if case .limit = self { true } else { false } }
}
