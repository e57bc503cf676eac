internal import Hands
internal import Pixels
internal import Scenario
internal import Story

// Strokes: find the target, validate, act, settle.
extension SessionMachine {
  /// An `act` line: the local engine is asked first, unless the step says otherwise.
  mutating func beginAct(_ goal: String, _ step: Step) -> Next {
    work?.goal = goal
    if step.lane == .model { return beginModel(.goal, because: Self.askedFor) }
    state = .interpreting
    return .want(.interpret(line: goal, language: step.language))
  }

  mutating func interpreted(_ moves: [Move]?) -> Next {
    guard case .interpreting = state, let work else { return unexpected("an interpretation") }
    guard let moves, !moves.isEmpty else {
      return passOn(
        "the local engine does not understand “\(work.goal)”", otherwise: .error)
    }
    let named = moves.map { $0.naming(only: work.secrets) }
    self.work?.strokes = named.flatMap { Stroke.all(of: $0, isProved: plan.provesTyping) }
    note(.laneTaken(lane: .local, reason: ""))
    return nextStroke()
  }

  /// The next stroke of the step; the step has done its part when none is left.
  mutating func nextStroke() -> Next {
    guard let stroke = work?.strokes.first else { return endStep(.passed) }
    switch stroke {
    case .wait(let wait): return begin(wait)
    case .show(let text): return beginShow(text)
    case .press, .drag, .scroll, .toggle, .type, .clear, .chords:
      if work?.planned.step.lane == .model, !stroke.targets.isEmpty {
        return beginModel(.single, because: Self.askedFor)
      }
      return look(for: .search(Search(deadline: now + patience)))
    }
  }

  private static let askedFor = "the step asks for it"

  /// How long a target or a check is waited for.
  var patience: Duration { Self.bounded(work?.planned.step.timeout ?? plan.patience) }

  /// Looks at the screen.
  mutating func look(for purpose: Look) -> Next {
    state = .observing(purpose)
    hasLookedSinceEnd = isOver && isDrawnSinceEnd
    // What it drew last may be on its way.
    return .want(.observe(settled: needsQuiet(purpose) || isOver))
  }

  private func needsQuiet(_ purpose: Look) -> Bool {
    switch purpose {
    case .search, .read, .field: false
    case .model: true
    case .check: work?.check?.tree.needsQuiet ?? false
    }
  }

  mutating func observed(_ frame: FrameReference) -> Next {
    guard case .observing(let purpose) = state else { return unexpected("an observation") }
    self.frame = frame
    seenAt = now
    screen = frame.size
    switch purpose {
    case .search(let search): return advance(search)
    case .model: return work?.field.typed == nil ? goOnWithModel() : readBack()
    case .check: return examine()
    case .read: return read()
    case .field: return readBack()
    }
  }

  /// Looks for the next target of the stroke, or does the stroke when all are found.
  mutating func advance(_ search: Search) -> Next {
    guard let stroke = work?.strokes.first else { return unexpected("a search") }
    let targets = stroke.targets
    if isGone, !targets.contains(where: \.target.isSeen) {
      return endStep(Ending(.error, .application(endWords)))
    }
    guard search.found.count < targets.count else {
      return seeField(before: stroke, search) ?? propose(stroke, search)
    }
    let (target, role) = targets[search.found.count]
    if case .at(let x, let y) = target.kind {
      guard let screen, let point = screen.point(x: x, y: y) else {
        return outside("\(target)")
      }
      var search = search
      search.found.append(
        Hit(text: "\(point)", box: PixelRect(x: x, y: y, width: 1, height: 1)))
      return advance(search)
    }
    state = .locating(search)
    return .want(.locate(target: target, role: role))
  }

  mutating func located(_ location: Location) -> Next {
    guard case .locating(var search) = state, let stroke = work?.strokes.first else {
      return unexpected("a location")
    }
    if search.isForLostField { return lostFieldLocated(location, search) }
    if search.pressedToggle != nil { return pressedToggleLocated(location, search) }
    guard search.found.count < stroke.targets.count else { return unexpected("a location") }
    let (target, role) = stroke.targets[search.found.count]
    switch location {
    case .found(let hit):
      // A click without knowing the state could bring about the opposite.
      guard role != .toggle else { return unexpected("a checkbox without its state") }
      if let look = lookSinceEnd(for: .search(search.again)) { return look }
      search.found.append(hit)
      return advance(search)
    case .missing(let closest, let reason, _):
      if isGone {
        search.found = []
        if !hasLookedSinceEnd { return lookOnceMore(for: .search(search)) }
        return endStep(Ending(.error, "\(target) is not on the screen: \(endWords)"))
      }
      if now < search.deadline {
        // What was found before is looked for again on the next frame: it may move as well.
        search.found = []
        state = .waiting(.search(search))
        return .want(.awaitChange(upTo: min(search.deadline - now, Self.pollLimit)))
      }
      let missing = MissingCause(target: "\(target)", reason: reason, closest: closest)
      // Where what is wrong with the target is known, a model is not what is missing.
      if reason != nil, plan.model == nil, isNamed {
        return endStep(Ending(failsWhenMissing, .missing(missing)))
      }
      return passOn(.missing(missing), otherwise: failsWhenMissing)
    case .ambiguous(let hits):
      let places = hits.prefix(8).map { hit in
        "“\(hit.text)”" == target.description ? "at \(hit.box)" : "“\(hit.text)” at \(hit.box)"
      }.joined(separator: ", ")
      let reason =
        "\(target) is on the screen \(hits.count) times: \(places); tell them apart with nth, near"
        + " or region"
      // A step that names its target must name one; a model would only guess which.
      if isNamed { return endStep(Ending(.error, reason)) }
      return passOn(reason, otherwise: .error)
    case .unsupported(let reason): return passOn(reason, otherwise: .error)
    }
  }

  /// The longest wait between two looks when nothing changes.
  static let pollLimit: Duration = .seconds(1)

  /// Whether the step itself names its target.
  private var isNamed: Bool { work?.lanes.current == .scenario }

  /// A step that names its target fails when it is not there; an act line only has no lane left.
  private var failsWhenMissing: Verdict { isNamed ? .failed : .error }

  mutating func changed(_ didChange: Bool) -> Next {
    guard case .waiting(let purpose) = state else { return unexpected("a change") }
    return didChange ? look(for: purpose) : nothingChanged(purpose)
  }

  /// The screen is as it was when it was last looked at: only time can have made a difference.
  private mutating func nothingChanged(_ purpose: Look) -> Next {
    switch purpose {
    case .search, .read, .model, .field: return look(for: purpose)
    case .check where isGone || work?.check?.tree.leaves.contains(where: \.isBesideScreen) == true:
      return look(for: purpose)
    case .check:
      guard let deadline = work?.check?.deadline, now < deadline else { return decideCheck() }
      state = .waiting(.check)
      return .want(.awaitChange(upTo: min(deadline - now, Self.pollLimit)))
    }
  }

  /// Turns a stroke whose targets are found into an action.
  mutating func propose(_ stroke: Stroke, _ search: Search) -> Next {
    guard let screen, let frame else { return unexpected("a proposal") }
    let points = search.found.compactMap { screen.center(of: $0.box) }
    guard points.count == stroke.targets.count else {
      return outside(stroke.targets.map(\.target.description).joined(separator: " or "))
    }
    let action: Action
    switch stroke {
    case .press(let verb, let target, let role, let manner):
      action = verb.action(at: points[0], manner)
      work?.field.into = role == .field ? IntoField(target: target, box: search.found[0].box) : nil
    case .drag(_, _, let manner): action = Action(dragging: points, manner)
    case .scroll(let direction, let notches, _, let manner):
      action = .scroll(
        at: points.first ?? screen.center, direction: direction, notches: notches,
        modifiers: manner?.with)
    case .toggle: action = .click(at: points[0], button: .left, count: 1, modifiers: [])
    case .type(let text, let clear, let enter, let isPasted):
      action = .type(text: text, clear: clear, enter: enter, isPasted: isPasted)
    case .clear:
      let clearing = work?.field.clearing ?? Clearing(limit: now + patience)
      work?.field.clearing = clearing
      action = .press(chords: clearing.chords)
    case .chords(let chords, let manner): action = .press(chords: chords, manner: manner)
    case .wait, .show: return unexpected("a stroke without an action")
    }
    return validate(
      Proposal(
        lane: work?.lanes.current.name ?? .scenario, action: action, target: search.found.first,
        frame: frame),
      lookedAt: search.found.map { DeedRun.LookedAt(patch: screen.bounds.intersection($0.box)) })
  }

  private mutating func outside(_ target: String) -> Next {
    let size = screen.map { ", which is \($0)" } ?? ""
    return endStep(Ending(.error, "\(target) is outside of the screen\(size)"))
  }

  /// Goes on after the first stroke.
  mutating func strokeDone() -> Next {
    guard work?.strokes.isEmpty == false else { return unexpected("the end of a stroke") }
    work?.strokes.removeFirst()
    return nextStroke()
  }

  /// The local engine cannot go on: the model may, if there is one.
  mutating func passOn(_ reason: String, otherwise verdict: Verdict) -> Next {
    passOn(.told(reason), otherwise: verdict)
  }

  /// The local engine cannot go on, for a cause that is known.
  private mutating func passOn(_ cause: Cause, otherwise verdict: Verdict) -> Next {
    guard let work else { return unexpected("a lane") }
    let reason = cause.words
    if isGone { return endStep(Ending(.error, "\(reason): \(endWords)")) }
    if work.planned.step.lane == .local { return endStep(Ending(verdict, cause)) }
    guard plan.model != nil else {
      return endStep(Ending(verdict, cause.without(model: plan.modelReason)))
    }
    let isGoal = if case .act = work.planned.step.kind { true } else { false }
    return beginModel(isGoal ? .goal : .single, because: reason, otherwise: verdict)
  }
}

extension Cause {
  /// The cause where no model could be asked.
  fileprivate func without(model why: String) -> Cause {
    guard !why.isEmpty else { return self }
    guard case .missing(var missing) = self else { return .told("\(words) (no model: \(why))") }
    missing.noModel = why
    return .missing(missing)
  }
}
