internal import Pixels
internal import Scenario
internal import Story

// Preparing, going from step to step, and the end.
extension SessionMachine {
  mutating func prepared(_ size: PixelSize, _ description: String) -> Next {
    guard case .preparing = state else { return unexpected("prepared") }
    screen = size
    let hasScreen = plan.testCase.scenario.target.screen != .nothing
    note(.remark(text: hasScreen ? "\(description), \(size)" : description))
    return beginNextStep()
  }

  /// Goes to the next step that is to run; after a bad ending only teardown is.
  mutating func beginNextStep() -> Next {
    while nextStep < steps.count {
      let planned = steps[nextStep]
      if ending != nil, planned.info.phase != .teardown {
        nextStep += 1
        continue
      }
      if planned.info.phase == .teardown, teardownBegan == nil { teardownBegan = now }
      work = StepRun(planned, lanes(of: planned.step))
      state = .beginning
      return isHeld(before: planned) ? hold(.begin) : beginStep()
    }
    return finish()
  }

  /// Begins the step in `work`, unless its condition does not hold.
  mutating func beginStep() -> Next {
    work?.startedAt = now
    guard let work else { return unexpected("a step") }
    note(.stepStarted(step: work.planned.info))
    do throws(Results.Missing) {
      for condition in work.planned.conditions {
        if let ending = try unmet(condition) { return endStep(ending) }
      }
    } catch {
      return endStep(missing(error))
    }
    return endByCrash() ?? tryStep()
  }

  /// What a step comes to whose condition does not hold; nil when it holds.
  ///
  /// Of secrets only the names are known here: two that are the same are equal, and none is empty. What else
  /// they may equal cannot be told.
  private func unmet(_ condition: Step.Condition) throws(Results.Missing) -> Ending? {
    let left = try results.fill(condition.left)
    let right = try results.fill(condition.right)
    let words = "“\(left)” \(condition.comparison.rawValue) “\(right)”"
    let hasSecret = !(left.secrets + right.secrets).isEmpty
    if plan.rules > .first, hasSecret, left != right, !left.isEmpty, !right.isEmpty {
      return Ending(
        .error,
        "it cannot be told whether \(words) holds: a secret is known by its name alone; "
          + "compare it with `expect: { value: … }`")
    }
    let isEqual = left.description == right.description
    return isEqual == (condition.comparison == .equal)
      ? nil : Ending(.skipped, "\(words) does not hold")
  }

  /// Does the step in `work`, for the first time or again.
  mutating func tryStep() -> Next {
    guard let step = work?.planned.step else { return unexpected("a step") }
    let lanes = lanes(of: step)
    work?.beginTry(at: now, lanes)
    do throws(Results.Missing) {
      return try begin(step)
    } catch {
      return endStep(missing(error))
    }
  }

  private mutating func begin(_ step: Step) throws(Results.Missing) -> Next {
    switch step.kind {
    case .act(let goal):
      work?.secretsOfResults = try results.fill(goal).secrets
      return beginAct(try results.line(goal), step)
    case .point(let verb, let target, let manner):
      return try begin(.point(verb, target, manner), step)
    case .drag(let from, let to, let manner):
      return try begin(.drag(from: from, to: to, manner: manner), step)
    case .scroll(let direction, let notches, let at, let manner):
      return try begin(.scroll(direction, notches: notches, at: at, manner: manner), step)
    case .type(let typing): return try begin(.type(typing), step)
    case .press(let chords, let manner): return try begin(.press(chords, manner), step)
    case .wait(let wait): return try begin(.wait(wait), step)
    case .expect(let check): return beginCheck(try results.fill(check), isWait: false)
    case .read(var reading):
      reading.what = try results.fill(reading.what)
      reading.near = try results.fill(reading.near)
      work?.activity = .read(reading)
      return look(for: .read)
    case .screenshot(let name):
      state = .keeping
      return .want(.keepPicture(name: name))
    case .note(let text):
      note(.remark(text: try results.fill(text).description))
      return endStep(.passed)
    case .ssh(let command) where plan.rules > .third: return try begin(command)
    case .ssh, .tool:
      return endStep(
        Ending(.error, "this version cannot do `\(step.kind.keyword)` steps yet"))
    case .group: return unexpected("a group")
    }
  }

  func lanes(of step: Step) -> Lanes {
    Lanes(
      of: step, hasModel: plan.model != nil,
      isFastFirst: plan.hasFastModel && plan.testCase.scenario.modelRole == "default")
  }

  private mutating func begin(_ move: Move, _ step: Step) throws(Results.Missing) -> Next {
    work?.strokes = Stroke.all(of: try results.fill(move), isProved: plan.provesTyping)
    note(.laneTaken(lane: .scenario, reason: ""))
    return nextStroke()
  }

  private func missing(_ missing: Results.Missing) -> Ending {
    Ending(.error, "there is no result named “\(missing.path)” yet")
  }

  mutating func pictureKept(_ frame: FrameReference) -> Next {
    guard case .keeping = state else { return unexpected("a kept picture") }
    self.frame = frame
    return endStep(.passed)
  }

  /// Ends the step in `work`: again, if it may be; else on to the next.
  mutating func endStep(_ result: Ending) -> Next {
    guard let work else { return unexpected("the end of a step") }
    answerAll("Not done: the step ended.")
    let mayRetry = result.verdict == .failed || result.verdict == .error
    if mayRetry, work.triesLeft > 0, let retry = work.planned.step.retry {
      note(.remark(text: "trying again: \(result.reason)"))
      self.work?.triesLeft -= 1
      state = .pausing(.retry)
      return .want(.pause(duration: retry.every))
    }
    if mayRetry, steering.stopsOnFailure, !steering.isLeft {
      note(.remark(text: "held, about to end as \(result.verdict.rawValue): \(result.reason)"))
      return hold(.end(result))
    }
    return close(result)
  }

  /// Ends the step in `work` for good, with what that means for the case.
  mutating func close(_ result: Ending) -> Next {
    guard let work else { return unexpected("the end of a step") }
    let next = leave(work, result)
    conclude(result, work.planned)
    nextStep += 1
    return next
  }

  /// Ends the step in `work` for good, with no further try and nobody asked.
  mutating func end(_ result: Ending) -> Next {
    answerAll("Not done: the step ended.")
    return close(result)
  }

  /// Leaves the step in `work` for the one that is next.
  mutating func leave(_ work: StepRun, _ result: Ending) -> Next {
    answerAll("Not done: the step ended.")
    if let startedAt = work.startedAt {
      note(
        .stepFinished(step: work.planned.info.index, ending: result, duration: now - startedAt))
    }
    if plan.rules > .ninth {
      results.keep(result, of: work.planned, after: now - (work.startedAt ?? now))
    }
    self.work = nil
    return .nextStep
  }

  /// What the end of a step means for the case.
  private mutating func conclude(_ result: Ending, _ planned: PlannedStep) {
    switch result.verdict {
    case .passed, .skipped, .flaky: return
    case .failed, .error, .timedOut, .interrupted: break
    }
    // A limit is the whole attempt's, whichever step meets it.
    if planned.isOptional, result.verdict == .failed || result.verdict == .error,
      !result.cause.isLimit
    {
      return note(.warning(text: "an optional step did not work: \(result.reason)"))
    }
    let place = self.place(of: result, planned)
    switch planned.info.phase {
    case .setup: ending = ending ?? Ending(beside(result.verdict), place)
    case .steps: ending = ending ?? Ending(result.verdict, place)
    case .teardown:
      note(.warning(text: place.words))
      ending = ending ?? Ending(beside(result.verdict), place)
    }
  }

  /// What a case comes to by a step; older recordings say twice what a check expected.
  private func place(of result: Ending, _ planned: PlannedStep) -> Cause {
    let place = StepPlace(planned.info)
    return .step(place, plan.rules > .second ? result.cause : .told(result.reason))
  }

  /// What a verdict means where the product is not what is tested.
  private func beside(_ verdict: Verdict) -> Verdict {
    switch verdict {
    case .failed, .timedOut, .error: .error
    case .passed, .skipped, .flaky, .interrupted: verdict
    }
  }

  mutating func finish() -> Next {
    state = .finished
    return .want(.finish(outcome: outcome))
  }

  /// What the attempt came to, as far as that is known.
  var outcome: Outcome {
    var final = ending ?? .passed
    var isUnchecked = false
    if final.verdict == .passed, checksHeld == 0 {
      isUnchecked = true
      if let surrender {
        final = Ending(.error, "the model gave up (“\(surrender)”) and nothing was checked")
      } else if plan.isStrict {
        final = Ending(.failed, "nothing was checked, which --strict does not accept")
      } else {
        final = Ending(.passed, "nothing was checked")
      }
    }
    if final.verdict == .passed, steering.isSteered {
      final =
        plan.isStrict
        ? Ending(.failed, "a person steered it, which --strict does not accept")
        : Ending(.passed, (isUnchecked ? "nothing was checked, and " : "") + "a person steered it")
    }
    return Outcome(
      ending: final, checksHeld: checksHeld, isUnchecked: isUnchecked,
      isSteered: steering.isSteered, actions: actions, modelCalls: modelCalls, tokens: tokens)
  }
}
