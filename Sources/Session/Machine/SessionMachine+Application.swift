internal import Durations
internal import Scenario
public import Story

// The application under test: whether it still lives, and what it means for a step that it does not.
extension SessionMachine {
  /// Takes in that the application is in another state; decides nothing by itself.
  public mutating func learn(_ application: ApplicationState, at time: Duration) {
    pass(to: time)
    if application.isStopped == true, self.application?.isStopped != true { stoppedAt = clock }
    self.application = application
    applicationEndedAt = clock - Self.bounded(application.ago)
    // A crash is told by the step that it ends.
    guard !application.isRunning, !isCrash else { return }
    let isBad = application.end?.isGood == false
    note(isBad ? .warning(text: endWords) : .remark(text: endWords))
  }

  /// Why nothing that the screen shows says what the application does; nil where it runs, or is gone.
  var stopWords: String? {
    guard plan.rules > .eleventh, application?.isStopped == true else { return nil }
    return
      "the application\(name) is stopped (SIGSTOP), seen \(max(.zero, clock - stoppedAt).brief) ago, "
      + "so what is shown is from before"
  }

  /// Whether nothing of the application is left.
  var isOver: Bool { application?.isRunning == false }

  /// Whether nothing of it is left and nobody meant that: what the screen does not show says nothing then.
  var isGone: Bool { isOver && !isEndMeant }

  /// Whether the scenario says that the application ends, or a check has asked for its end.
  private var isEndMeant: Bool { isEndAccepted || plan.testCase.scenario.ends == true }

  /// Whether a check that is still to come asks for its end, and says then how that should be.
  private var isEndAskedLater: Bool {
    steps.dropFirst(nextStep).contains { planned in
      guard case .expect(let check) = planned.step.kind else { return false }
      return check.asksForEnd
    }
  }

  private var isCrash: Bool {
    guard let application, !application.isRunning, let end = application.end, !end.isGood else {
      return false
    }
    return !isEndMeant && !isEndAskedLater
  }

  // MARK: - Crashes

  /// The end of the step in flight by what was heard with an event; nil when it goes on.
  mutating func crashed(during event: SessionEvent) -> Next? {
    switch state {
    case .created, .preparing, .beginning, .finished: return nil
    default: break
    }
    guard isCrashOfStep, goesWithCrash(event) else { return nil }
    return endByCrash()
  }

  /// The end of the step, when the application crashed and nobody asks for that; nil otherwise.
  mutating func endByCrash() -> Next? {
    guard isCrashOfStep, let planned = work?.planned else { return nil }
    isCrashTold = true
    work?.triesLeft = 0
    if planned.isOptional {
      // Not even an optional step may swallow it.
      ending = ending ?? Ending(.error, "\(planned.info.title): \(endWords)")
    }
    return endStep(Ending(.error, .application(endWords)))
  }

  /// Whether it crashed, and that ends the step: after the first that was ended so, steps that need no
  /// application are done all the same.
  private var isCrashOfStep: Bool {
    guard isCrash, let step = work?.planned.step else { return false }
    return !isCrashTold || step.kind.needsApplication
  }

  /// Whether a crash says more than the event it came with; what that cost is counted.
  private mutating func goesWithCrash(_ event: SessionEvent) -> Bool {
    switch (event, state) {
    case (.limitReached, _), (.interrupted, _): return false
    case (.failed(let fault), _): return fault.domain != .harness
    case (.acted, .acting): actions += 1
    case (.replied(let reply), .deciding): spend(reply)
    case (.judged(let replies), .judging): for reply in replies { spend(reply) }
    default: break
    }
    return true
  }

  /// Whether nothing that comes after the stroke at work would hear that the application crashed by it: what
  /// nobody waits for is not known when the case ends.
  var isLastWord: Bool {
    guard plan.rules > .first, work?.strokes.count == 1, work?.planned.info.phase == .steps,
      case .desktop(let desktop) = plan.testCase.scenario.target.screen, desktop.run != nil
    else { return false }
    return !steps.dropFirst(nextStep + 1).contains { planned in
      planned.info.phase == .steps && planned.step.kind.needsApplication
    }
  }

  // MARK: - The last picture

  /// So long after its end what it drew may still be on the screen: the server has not heard of it yet.
  private static let lastPicture: Duration = .seconds(1)

  /// Whether what the screen shows now is what was left of it.
  var isDrawnSinceEnd: Bool {
    plan.rules <= .second || clock >= applicationEndedAt + Self.lastPicture
  }

  /// Looks once more where what is seen may be the last picture of an application that is gone; nil where it
  /// is not.
  mutating func lookSinceEnd(for purpose: Look) -> Next? {
    guard plan.rules > .second, isGone, !hasLookedSinceEnd else { return nil }
    return lookOnceMore(for: purpose)
  }

  /// Looks once more, when all that it drew should be gone.
  mutating func lookOnceMore(for purpose: Look) -> Next {
    guard !isDrawnSinceEnd else { return look(for: purpose) }
    state = .waiting(purpose)
    return .want(.awaitChange(upTo: applicationEndedAt + Self.lastPicture - clock))
  }

  // MARK: - Words

  /// How and when it ended, and what it wrote last.
  var endWords: String {
    guard let application, !application.isRunning || application.end != nil else {
      return "the application runs"
    }
    let ago = "\(max(.zero, clock - applicationEndedAt).brief) ago"
    let end = application.end.map { " \($0.words)" } ?? ""
    let subject = application.isRunning ? "the command of the application" : "the application"
    let lines = application.lastLines.suffix(Self.linesTold)
    return "\(subject)\(name) ended\(end), \(ago); "
      + (lines.isEmpty
        ? "it wrote nothing"
        : "its last lines: " + lines.map { "“\($0.clipped(200))”" }.joined(separator: " "))
  }

  /// So many of its last lines go into a reason.
  private static let linesTold = 3

  /// What a model is told.
  static let toldEnd = "The application has ended."

  private var name: String {
    guard case .desktop(let desktop) = plan.testCase.scenario.target.screen, let run = desktop.run
    else { return "" }
    return " “\(run.description.clipped(60))”"
  }

  // MARK: - Checks

  /// Why a check of the application cannot be decided on this target; nil when it can.
  func cannotWatch(_ tree: CheckTree) -> String? {
    guard tree.leaves.contains(where: \.isBesideScreen) else { return nil }
    if case .desktop(let desktop) = plan.testCase.scenario.target.screen, desktop.run != nil {
      return nil
    }
    return "only an application that is started by `run:` on a `desktop:` can be asked for"
  }

  /// Whether the application is as a check wants it.
  func reading(of wanted: Check.ApplicationCheck) -> LeafReading {
    let measured = application == nil ? "the application runs" : endWords
    switch wanted {
    case .running: return LeafReading(holds: !isOver, measured: measured)
    case .ended(let exit):
      let isRight = exit.map { application?.end == .exited($0) } ?? true
      return LeafReading(holds: isOver && isRight, measured: measured)
    }
  }

  /// What a reading is worth: that something is not there says nothing where the application is gone, or
  /// has lost its main process.
  func trusted(_ reading: LeafReading, of leaf: Check) -> LeafReading {
    if let stopWords, reading.doubt == nil, leaf.isOfScreen {
      var doubtful = reading
      doubtful.holds = false
      doubtful.doubt = stopWords
      return doubtful
    }
    guard isGone || hasLostCommand, reading.doubt == nil else { return reading }
    switch leaf {
    case .absent, .never: if !reading.holds { return reading }
    case .text, .seen, .image: if reading.holds { return reading }
    case .unchanged, .screen: if !isGone { return reading }
    case .ssh, .file, .application, .log, .value, .not, .all, .any: return reading
    }
    var doubtful = reading
    doubtful.holds = false
    doubtful.doubt = "\(endWords), so what is not shown may be gone with it"
    return doubtful
  }

  /// Whether its command ended badly and left something behind.
  private var hasLostCommand: Bool {
    guard let application, application.isRunning, let end = application.end else { return false }
    return !end.isGood && !isEndMeant
  }
}

extension CheckTree {
  /// The longest wait between two looks: what is beside the screen tells nobody of its changes.
  var pollLimit: Duration {
    leaves.contains(where: \.isBesideScreen) ? .milliseconds(200) : SessionMachine.pollLimit
  }
}

extension Check {
  /// Whether it is read off the screen as it is now.
  fileprivate var isOfScreen: Bool {
    switch self {
    case .text, .absent, .image, .unchanged, .screen: true
    case .seen, .never, .ssh, .file, .application, .log, .value, .not, .all, .any: false
    }
  }

  /// Whether it holds only after the application has ended.
  var asksForEnd: Bool { asksForEnd(true) }

  private func asksForEnd(_ isWanted: Bool) -> Bool {
    switch self {
    case .application(.ended): isWanted
    case .application(.running): !isWanted
    case .not(let check): check.asksForEnd(!isWanted)
    case .all(let checks), .any(let checks): checks.contains { $0.asksForEnd(isWanted) }
    case .text, .absent, .seen, .never, .image, .unchanged, .screen, .ssh, .file, .log, .value:
      false
    }
  }

  /// Whether a part of it holds where a text is not on the screen.
  var asksForAbsence: Bool { asksForAbsence(true) }

  private func asksForAbsence(_ isWanted: Bool) -> Bool {
    switch self {
    case .absent, .never: isWanted
    case .text(let check): isWanted == (check.count == 0)
    case .seen: !isWanted
    case .not(let check): check.asksForAbsence(!isWanted)
    case .all(let checks), .any(let checks): checks.contains { $0.asksForAbsence(isWanted) }
    case .image, .unchanged, .screen, .ssh, .file, .application, .log, .value: false
    }
  }

  /// Whether a part of it is turned into its opposite.
  var hasNegation: Bool {
    switch self {
    case .not: true
    case .all(let checks), .any(let checks): checks.contains(where: \.hasNegation)
    case .text, .absent, .seen, .never, .image, .unchanged, .screen, .ssh, .file, .application,
      .log,
      .value:
      false
    }
  }
}

extension Target {
  /// Whether it must be seen to be found.
  var isSeen: Bool { if case .at = kind { false } else { true } }
}

extension Step.Kind {
  /// Whether it makes no sense without the application.
  fileprivate var needsApplication: Bool {
    switch self {
    case .screenshot, .note, .ssh, .tool, .wait(.time), .wait(.settled): false
    case .act, .point, .drag, .scroll, .type, .press, .wait, .expect, .read, .group: true
    }
  }
}
