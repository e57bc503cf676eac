internal import Pixels
internal import Scenario
public import Story

// Orders from outside: hold, go on, and another course. They are taken between effects.
extension SessionMachine {
  /// Takes in an order at a time since the attempt began, and decides what is next.
  public mutating func take(_ order: Order, at time: Duration) -> Turn {
    pass(to: time)
    return turn(obey(order))
  }

  private mutating func obey(_ order: Order) -> Next {
    switch state {
    case .created: return unexpected("an order")
    case .finished: return .want(.finish(outcome: outcome))
    default: break
    }
    switch order {
    case .hold: return steering.held == nil ? hold(.want(wanted)) : current
    case .holdBefore(let steps):
      steering.stops = Set(steps)
      return current
    case .holdOnFailure(let isWanted):
      steering.stopsOnFailure = isWanted
      return current
    case .goOn, .skip, .retry, .rewind, .replace, .insert, .setResult, .reattached:
      guard let held = steering.held else { return refuse(order, "nothing is held") }
      return steer(order, held)
    }
  }

  private mutating func steer(_ order: Order, _ held: Steering.Held) -> Next {
    switch order {
    case .goOn(let boundary): return goOn(held, until: boundary)
    case .skip: return skip()
    case .retry: return retry()
    case .rewind(let index): return rewind(to: index)
    case .replace(let index, let step): return replace(index, step)
    case .insert(let step): return insert(step)
    case .setResult(let name, let value): return setResult(name, value)
    case .reattached(let size): return reattached(size)
    case .hold, .holdBefore, .holdOnFailure: return current
    }
  }

  /// What is wanted now, whether it is held or not.
  private var current: Next { .want(steering.held == nil ? wanted : .hold) }

  private mutating func refuse(_ order: Order, _ why: String) -> Next {
    note(.remark(text: "not done: \(order.words), because \(why)"))
    return current
  }

  /// A person changes the course: the attempt can be no clean pass any more, and holds before the next step.
  private mutating func steer(_ what: String) {
    steering.isSteered = true
    steering.until = .step
    note(.warning(text: "a person \(what)"))
  }

  // MARK: - Holding and going on

  /// Holds before something.
  mutating func hold(_ then: Steering.Then) -> Next {
    steering.hold(then, at: clock)
    return .want(.hold)
  }

  mutating func letGo() {
    steering.letGo(at: clock)
    pass(to: clock)
  }

  /// Whether it holds before a step begins.
  func isHeld(before planned: PlannedStep) -> Bool {
    guard !steering.isLeft else { return false }
    return plan.isSupervised || steering.until != nil || steering.stops.contains(planned.info.index)
  }

  /// Whether it holds before something is done.
  func isHeld(before effect: Effect) -> Bool {
    guard !steering.isLeft, !isLeft(by: effect) else { return false }
    switch (steering.until, effect) {
    case (nil, _), (.step, _), (_, .finish): return false
    case (.effect, _), (.action, .act): return true
    case (.action, _): return false
    }
  }

  /// Whether an effect belongs to the boundary that is being left: comparing once more is a part of acting.
  private func isLeft(by effect: Effect) -> Bool {
    switch (steering.leaving, effect) {
    case (.act?, .compare): true
    case (let leaving, _): effect == leaving
    }
  }

  /// Forgets the boundary that was left once its effect is asked for, or something else in its place.
  mutating func leaveBoundary(by effect: Effect) {
    if effect == steering.leaving || !isLeft(by: effect) { steering.leaving = nil }
  }

  /// Ends a hold by what came in place of an order.
  mutating func endHold(by event: SessionEvent) -> Next {
    guard let held = steering.held else { return unexpected("the end of a hold") }
    switch (event, held.then) {
    case (.interrupted, .end(let result)):
      // That is what the step had come to already.
      letGo()
      steering.isLeft = true
      let next = close(result)
      ending = ending ?? .stopped
      return next
    case (.interrupted, _):
      letGo()
      return interrupted()
    case (.failed(let fault), _):
      letGo()
      ending = ending ?? Ending(.error, .fault(fault))
      return work == nil ? finish() : end(Ending(.error, .fault(fault)))
    default: return unexpected("an event")
    }
  }

  private mutating func goOn(_ held: Steering.Held, until boundary: Order.Boundary?) -> Next {
    letGo()
    steering.until = boundary
    switch held.then {
    case .begin: return beginStep()
    case .end(let ending): return close(ending)
    case .tryAgain: return tryStep()
    case .want(let effect):
      steering.leaving = effect
      // Somebody may have used the target meanwhile: what is pressed is looked at once more.
      if case .acting(let deed) = state { return compareAgain(deed) }
      return .want(effect)
    }
  }

  // MARK: - Another course

  private mutating func skip() -> Next {
    guard let work else { return refuse(.skip, "no step is held") }
    letGo()
    if work.startedAt == nil {
      self.work?.startedAt = now
      note(.stepStarted(step: work.planned.info))
    }
    steer("skipped “\(work.planned.info.title)”")
    return end(Ending(.skipped, .person("skipped by a person")))
  }

  private mutating func retry() -> Next {
    guard let work, work.startedAt != nil else { return refuse(.retry, "the step has not begun") }
    letGo()
    answerAll("Not done: the step was begun again.")
    steer("had “\(work.planned.info.title)” done again")
    self.work?.planned = steps[nextStep]
    return tryStep()
  }

  private mutating func rewind(to index: Int) -> Next {
    guard let work else { return refuse(.rewind(to: index), "no step is held") }
    guard let place = place(of: index), place <= nextStep else {
      return refuse(.rewind(to: index), "there is no such step before this one")
    }
    guard ending == nil, teardownBegan == nil else {
      return refuse(.rewind(to: index), "the verdict is known, and teardown follows")
    }
    if case .end(let ending)? = steering.held?.then { note(.remark(text: ending.reason)) }
    letGo()
    let title = steps[place].info.title
    steer("went back to “\(title)”")
    nextStep = place
    return leave(work, Ending(.skipped, .person("a person went back to “\(title)”")))
  }

  private mutating func replace(_ index: Int, _ step: Step) -> Next {
    let order = Order.replace(step: index, with: step)
    guard let place = place(of: index), place >= nextStep else {
      return refuse(order, "there is no such step from here on")
    }
    if case .group = step.kind { return refuse(order, "a group is more than one step") }
    steer("put “\(step.title)” in the place of “\(steps[place].info.title)”")
    steps[place] = steps[place].replaced(by: step)
    // A step that has begun goes on as it is, until it is begun again.
    if place == nextStep, work?.startedAt == nil { work?.planned = steps[place] }
    return current
  }

  private func place(of index: Int) -> Int? { steps.firstIndex { $0.info.index == index } }

  /// Does another step first; the one that is held begins anew after it, and is held again.
  private mutating func insert(_ step: Step) -> Next {
    guard let work else { return refuse(.insert(step), "no step is held") }
    if case .group = step.kind { return refuse(.insert(step), "a group is more than one step") }
    letGo()
    steer("did “\(step.title)” first")
    if work.startedAt != nil {
      _ = leave(work, Ending(.skipped, .person("a person did “\(step.title)” first")))
    }
    let planned = PlannedStep.between(
      step, index: (steps.map(\.info.index).max() ?? 0) + 1, phase: work.planned.info.phase)
    steps.insert(planned, at: nextStep)
    self.work = StepRun(planned, lanes(of: step))
    state = .beginning
    return beginStep()
  }

  private mutating func setResult(_ name: String, _ value: String) -> Next {
    steer("set the result “\(name)”")
    results[name] = value
    results["\(name).value"] = value
    note(.valueRead(name: name, value: value))
    return current
  }

  /// What was seen of the target before says nothing of it now.
  private mutating func reattached(_ size: PixelSize) -> Next {
    guard let work else {
      return refuse(.reattached(size: size), "the target is not up yet")
    }
    steer("attached the target again")
    forgetScreen(size)
    answerAll("Not done: the target was attached again.")
    guard work.startedAt != nil else { return current }
    if case .end? = steering.held?.then { return current }
    let isWhole = !work.hasActed
    steering.change(
      to: isWhole
        ? .tryAgain
        : .end(
          Ending(
            .error,
            "the target was attached again after the step had acted: what it did may be lost")))
    return current
  }
}

extension Order {
  /// The order in words.
  var words: String {
    switch self {
    case .hold: "hold"
    case .goOn: "go on"
    case .holdBefore: "hold before steps"
    case .holdOnFailure: "hold on a failure"
    case .skip: "skip the step"
    case .retry: "do the step again"
    case .rewind(let index): "go back to step \(index)"
    case .replace(let index, _): "replace step \(index)"
    case .insert(let step): "do “\(step.title)” first"
    case .setResult(let name, _): "set the result “\(name)”"
    case .reattached: "attach the target again"
    }
  }
}
