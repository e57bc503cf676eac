internal import Pixels
internal import Scenario
internal import Story

// What is done to the target, by whatever lane: proposed, compared, allowed, done, and looked at.
extension SessionMachine {
  /// Checks a proposal from any lane against what holds now: the limits, and the patches of the screen
  /// that were looked at when it was made.
  mutating func validate(_ proposal: Proposal, lookedAt patches: [DeedRun.LookedAt]) -> Next {
    note(.proposed(proposal: proposal))
    if let actionsSpent { return endStep(Ending(spentVerdict, .limit(actionsSpent))) }
    return compare(DeedRun(proposal: proposal, lookedAt: patches))
  }

  /// Compares once more, after somebody may have used the target.
  mutating func compareAgain(_ deed: DeedRun) -> Next {
    var deed = deed
    deed.compared = 0
    return compare(deed)
  }

  private mutating func compare(_ deed: DeedRun) -> Next {
    guard let next = deed.next else { return authorise(deed) }
    state = .validating(deed)
    return .want(.compare(patch: next.patch, since: next.since))
  }

  mutating func compared(_ isUnchanged: Bool) -> Next {
    guard case .validating(var deed) = state else { return unexpected("a comparison") }
    if isUnchanged {
      deed.compared += 1
      return compare(deed)
    }
    if work?.talk?.calls.hasActed == true {
      note(.rejected(reason: "the screen changed since the model saw it"))
      return refuse("Not done: the calls before it changed the screen. Look again.")
    }
    note(.rejected(reason: "the screen changed under the target since it was looked at"))
    if work?.talk != nil {
      return refuse("The screen changed there before the action was done. Look again.")
    }
    return lookAgain()
  }

  /// The target moved: looks for it again, but not for ever.
  private mutating func lookAgain() -> Next {
    work?.staleLooks += 1
    guard let looks = work?.staleLooks, looks <= Self.mostStaleLooks else {
      return endStep(
        Ending(.error, "the screen keeps changing under the target, so it was not touched"))
    }
    return look(for: .search(Search(deadline: now + patience)))
  }

  /// So often may the screen change under the target of a step.
  static let mostStaleLooks = 10

  private mutating func authorise(_ deed: DeedRun) -> Next {
    guard plan.isSupervised, !deed.isAllowed else { return act(deed) }
    state = .authorising(deed)
    return .want(.authorise(action: deed.proposal.action))
  }

  mutating func authorised(_ refusal: String?) -> Next {
    if case .permitting(let command) = state { return permitted(command, refusal) }
    guard case .authorising(var deed) = state else { return unexpected("an authorisation") }
    guard let refusal else {
      deed.isAllowed = true
      return act(deed)
    }
    note(.rejected(reason: refusal))
    if work?.talk != nil { return refuse("Not permitted: \(refusal)") }
    return endStep(Ending(.error, "“\(deed.proposal.action.title)” is not permitted: \(refusal)"))
  }

  private mutating func act(_ deed: DeedRun) -> Next {
    if work?.hasActed == false {
      work?.hasActed = true
      pastMark = deed.proposal.frame.sequence
      pastIsCut = false
    }
    state = .acting(deed)
    return .want(.act(action: deed.proposal.action))
  }

  mutating func acted() -> Next {
    guard case .acting(let deed) = state else { return unexpected("an action") }
    let action = deed.proposal.action
    actions += 1
    beginWatch()
    if isSeenAtOnce(action) {
      followFocus(action)
      work?.done.append(action.title)
      return afterStroke()
    }
    state = .settling(deed)
    // A model that is shown the screen too early is asked once more than it need be; and a case that ends too
    // early never hears what its last action came to.
    return .want(
      .settle(
        quiet: work?.planned.step.settle, isPatient: work?.talk != nil || isLastWord))
  }

  mutating func settled(_ settling: Settling) -> Next {
    guard case .settling(let settled) = state else { return unexpected("a settling") }
    guard var deed = settled else { return waitSettled(settling) }
    let action = deed.proposal.action
    // What comes late is an effect all the same.
    if plan.rules > .tenth, !deed.isWaitedOut, warning(after: action, settling) != nil {
      deed.isWaitedOut = true
      state = .settling(deed)
      return .want(.settle(quiet: work?.planned.step.settle, isPatient: true))
    }
    followFocus(action)
    if let warning = warning(after: action, settling) { note(.warning(text: warning)) }
    if work?.talk != nil { return tellModel(action, settling) }
    work?.done.append(action.title)
    return afterStroke(settling)
  }
}
