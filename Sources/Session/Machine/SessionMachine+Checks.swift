internal import Pixels
internal import Scenario
internal import Story

// Waits, checks and readings.
extension SessionMachine {
  mutating func begin(_ wait: Wait) -> Next {
    switch wait {
    case .time(let duration):
      state = .pausing(.wait)
      return .want(.pause(duration: duration))
    case .text(let text, let region):
      return beginCheck(.text(Check.TextCheck(text: text, region: region)), isWait: true)
    case .absent(let text, let region):
      return beginCheck(.absent(text, region: region), isWait: true)
    case .settled(let quiet):
      state = .settling(nil)
      return .want(.settle(quiet: quiet))
    }
  }

  mutating func elapsed() -> Next {
    guard case .pausing(let pause) = state else { return unexpected("the end of a pause") }
    switch pause {
    case .wait: return strokeDone()
    case .retry: return tryStep()
    case .modelWaits: return look(for: .model)
    case .watch: return look(for: .check)
    case .poll: return lookForCheck()
    case .stay(let leaf, let since): return readPast(leaf, since: since)
    }
  }

  mutating func waitSettled(_ settling: Settling) -> Next {
    switch settling {
    case .quiet, .noEffect, .feedback: return strokeDone()
    case .animated, .timedOut:
      return endStep(Ending(.failed, "the screen did not come to rest: \(settling.title)"))
    }
  }

  // MARK: - Checks

  mutating func beginCheck(_ check: Check, isWait: Bool) -> Next {
    let checkRun = CheckRun(check, deadline: now + patience, isWait: isWait)
    work?.check = checkRun
    if plan.rules <= .third, checkRun.tree.leaves.contains(where: \.asksHost) {
      return endStep(Ending(.error, "this version cannot do `ssh` checks yet"))
    }
    if checkRun.tree.hasEmptyGroup {
      return endStep(Ending(.error, "“\(check.title)” names nothing to check"))
    }
    if let reason = cannotWatch(checkRun.tree) { return endStep(Ending(.error, reason)) }
    if pastIsCut, checkRun.tree.leaves.contains(where: \.asksPast) {
      return endStep(
        Ending(.error, "what the screen showed was forgotten when the connection was lost"))
    }
    if let watch = watch(checkRun.tree) { return watch }
    if plan.rules > .third, checkRun.tree.leaves.contains(where: isExamined) {
      return lookForCheck()
    }
    if checkRun.tree.leaves.contains(where: { $0.needsScreen || isExamined($0) }) {
      return look(for: .check)
    }
    return decideCheck()
  }

  /// Reads the leaves that perception can read.
  mutating func examine() -> Next {
    forgetJudgements()
    guard let check = work?.check else { return unexpected("a check") }
    let leaves = check.tree.leaves.filter(isExamined).map(asked)
    work?.check?.reviewed = []
    if leaves.isEmpty { return review() }
    state = .checking
    return .want(.examine(leaves: leaves, since: since(leaves)))
  }

  /// Whether a leaf is read after a look at the screen: off the frame, off what the application wrote, or by
  /// who knows the secrets that it compares.
  private func isExamined(_ leaf: Check) -> Bool {
    switch leaf {
    case .log, .ssh, .file: return true
    default: break
    }
    if plan.rules > .second, leaf.asksPast { return false }
    return leaf.needsEyes || plan.rules > .first && leaf.comparesSecrets
  }

  /// From which update on the past matters to these leaves.
  func since(_ leaves: [Check]) -> UInt64 {
    let isLong = leaves.contains { leaf in
      switch leaf {
      case .seen(_, _, let span), .never(_, _, let span, _): span == .case
      default: false
      }
    }
    return isLong ? 0 : pastMark
  }

  mutating func examined(_ readings: [LeafReading]) -> Next {
    guard case .checking = state, let check = work?.check else { return unexpected("readings") }
    let indices = check.tree.leaves.indices.filter { isExamined(check.tree.leaves[$0]) }
    guard indices.count == readings.count else { return unexpected("\(readings.count) readings") }
    for (index, reading) in zip(indices, readings) {
      let reading = trusted(reading, of: check.tree.leaves[index])
      work?.check?.known[index] = reading.answer
      work?.check?.readings[index] = reading
    }
    return review()
  }

  /// Decides the check from what is known; asks the judge for what only the judge can tell.
  mutating func decideCheck() -> Next {
    do throws(Fault) {
      try readValues()
    } catch {
      return endStep(Ending(.error, .fault(error)))
    }
    guard let check = work?.check else { return unexpected("a check") }
    guard let answer = check.tree.evaluate(check.known) else { return judgeNext() }
    let needsScreen = check.tree.leaves.contains { $0.needsScreen && !$0.isBesideScreen }
    if needsScreen, let look = lookSinceEnd(for: .check) { return look }
    if answer == .yes { return confirmed() ? endCheck(.yes) : decideCheck() }
    if isGone, !hasLookedSinceEnd, needsScreen { return lookOnceMore(for: .check) }
    let asksHost = check.tree.leaves.contains(where: \.asksHost)
    if asksHost, now < check.deadline { return askAgain(check) }
    // What has been seen cannot be unseen.
    let mayChange = check.tree.leaves.contains { $0.needsScreen && !$0.isOverOnceSeen }
    if mayChange, !isGone, now < check.deadline {
      state = .waiting(.check)
      return .want(.awaitChange(upTo: min(check.deadline - now, check.tree.pollLimit)))
    }
    return endCheck(answer)
  }

  /// Whether all that is known was seen on this picture; forgets what the judge said of another one.
  ///
  /// An old judgement may keep a check from holding, but it may not help it to hold.
  private mutating func confirmed() -> Bool {
    guard let check = work?.check, let frame else { return true }
    let isOld = { (judged: FrameReference?) in judged?.showsSame(as: frame) == false }
    guard check.judgedOn.contains(where: isOld) else { return true }
    work?.check?.forgetJudgements(where: isOld)
    return false
  }

  /// Compares the values of the leaves that need no screen.
  private mutating func readValues() throws(Fault) {
    guard let check = work?.check else { return }
    for (index, leaf) in check.tree.leaves.enumerated() {
      let reading: LeafReading
      switch leaf {
      case .value where isExamined(leaf): continue
      case .value(let value, let comparison):
        let text = value.description
        reading = LeafReading(
          holds: try ValueCheck.holds(text, comparison), measured: "“\(text)”")
      case .application(let wanted): reading = self.reading(of: wanted)
      default: continue
      }
      work?.check?.known[index] = reading.answer
      work?.check?.readings[index] = reading
    }
  }

  private mutating func endCheck(_ answer: Answer) -> Next {
    guard let check = work?.check else { return unexpected("a check") }
    let readings = check.readings.compactMap { $0 }
    let measured = readings.map(\.measured).joined(separator: "; ")
    var doubts: [String] = []
    for doubt in readings.compactMap(\.doubt) where !doubts.contains(doubt) { doubts.append(doubt) }
    let doubt = doubts.joined(separator: "; ")
    let usesScreen = check.tree.leaves.contains(where: \.needsScreen)
    // Recordings that do not know what was read are decided as they were.
    let read = check.check.asksForAbsence ? ReadAccount.of(readings) : nil
    note(
      .checked(
        evidence: Evidence(
          expected: check.check.title, measured: measured, holds: answer == .yes,
          doubt: answer == .unclear ? doubt : nil,
          regions: readings.compactMap(\.region),
          frame: usesScreen ? readings.lazy.compactMap(\.frame).first ?? frame : nil,
          isForAbsence: read == nil ? nil : true)))
    if answer == .yes {
      // A check in setup or teardown says nothing about the product.
      if !check.isWait, work?.planned.info.phase == .steps { checksHeld += 1 }
      if check.check.asksForEnd, application?.isRunning == false { isEndAccepted = true }
      return afterCheck()
    }
    let isUnclear = answer == .unclear
    let cause = CheckCause(
      expected: check.check.title, measured: measured, doubt: isUnclear ? doubt : nil,
      unread: read?.words(after: "\(check.check.title) \(isUnclear ? doubt : measured)"),
      isWait: check.isWait)
    return endStep(Ending(isUnclear ? .error : .failed, .check(cause)))
  }

  /// A wait inside an act line is followed by its other strokes.
  private mutating func afterCheck() -> Next {
    work?.check = nil
    return work?.strokes.isEmpty == false ? strokeDone() : endStep(.passed)
  }

  // MARK: - Reading a value

  mutating func read() -> Next {
    guard let reading = work?.reading else { return unexpected("a reading") }
    state = .reading
    return .want(
      .read(
        what: reading.what.description, region: reading.region, near: reading.near?.description))
  }

  mutating func readValues(_ values: [String], _ found: [ReadValue]?) -> Next {
    guard case .reading = state, let work, let reading = work.reading else {
      return unexpected("values")
    }
    let answer: Reading.Answer
    do throws(Fault) {
      answer = try reading.answer(found ?? ReadValue.all(of: values))
    } catch {
      return endStep(Ending(.error, .fault(error)))
    }
    if let look = lookSinceEnd(for: .read) { return look }
    if case .value(let value) = answer { return keep(value) }
    let deadline = work.triedAt + patience
    if now < deadline, !isGone {
      state = .waiting(.read)
      return .want(.awaitChange(upTo: min(deadline - now, Self.pollLimit)))
    }
    if isGone, !hasLookedSinceEnd { return lookOnceMore(for: .read) }
    switch answer {
    case .value(let value): return keep(value)
    case .none(let reason):
      return endStep(isGone ? Ending(.error, "\(reason): \(endWords)") : Ending(.failed, reason))
    case .unclear(let reason): return endStep(Ending(.error, reason))
    }
  }

  private mutating func keep(_ value: String) -> Next {
    if let name = work?.planned.step.resultName {
      results[name] = value
      results["\(name).value"] = value
      note(.valueRead(name: name, value: value))
    }
    return endStep(.passed)
  }

  mutating func recovered(_ size: PixelSize) -> Next {
    guard case .recovering(let purpose) = state else { return unexpected("a recovery") }
    forgetScreen(size)
    return look(for: purpose)
  }

  /// The new connection counts its pictures from the start: an old one could be taken for a new one, and what
  /// happened before is forgotten.
  mutating func forgetScreen(_ size: PixelSize) {
    screen = size
    pastMark = 0
    pastIsCut = true
    work?.check?.forgetJudgements { _ in true }
  }
}

extension Check {
  /// Whether perception reads it off a frame.
  var needsEyes: Bool {
    switch self {
    case .text, .absent, .seen, .never, .image, .unchanged: true
    case .screen, .ssh, .file, .application, .log, .value, .not, .all, .any: false
    }
  }

  /// Whether it can only be decided against, and for good.
  var isOverOnceSeen: Bool { if case .never = self { true } else { false } }

  /// Whether it asks for what the screen showed before.
  var asksPast: Bool {
    switch self {
    case .seen, .never: true
    default: false
    }
  }

  /// Whether a judge decides it.
  var isJudged: Bool { if case .screen = self { true } else { false } }

  /// Whether it compares values some of which are secret: their values are known at the edge alone.
  var comparesSecrets: Bool {
    guard case .value(let value, let comparison) = self else { return false }
    return !value.secrets.isEmpty || comparison.operand?.secrets.isEmpty == false
  }

  /// Whether it asks for the application, which may change without a change of the screen.
  var isBesideScreen: Bool {
    switch self {
    case .application, .log: true
    default: false
    }
  }

  /// Whether a frame is needed to decide it: what is beside the screen is shown with one, too.
  var needsScreen: Bool { needsEyes || isJudged || isBesideScreen }
}
