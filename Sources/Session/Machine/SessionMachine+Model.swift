internal import JSONCoding
internal import Pixels
internal import Scenario
internal import Story

// The model lane: look, ask, validate, act, look again.
extension SessionMachine {
  /// Gives the step to the model.
  ///
  /// - Parameters:
  ///   - scope: the whole of it, or only its first stroke.
  ///   - reason: why it is not done by an earlier lane.
  ///   - verdict: what the step comes to when the model does not do a single stroke.
  mutating func beginModel(
    _ scope: TalkRun.Scope, because reason: String, otherwise verdict: Verdict = .error
  ) -> Next {
    guard let work else { return unexpected("a goal") }
    if isGone { return endStep(Ending(.error, "\(reason): \(endWords)")) }
    guard plan.model != nil else {
      return endStep(Ending(.error, "\(reason), and there is no model: \(plan.modelReason)"))
    }
    let task: String
    switch scope {
    case .goal: task = Acting.task(work.goal, scope: scope, done: work.done)
    case .single:
      guard let stroke = work.strokes.first else { return unexpected("a stroke") }
      task = Acting.task(stroke.title, scope: scope, done: [])
    }
    note(.laneTaken(lane: .model, reason: reason))
    self.work?.lanes.takeModel()
    self.work?.talk = TalkRun(
      scope: scope, otherwise: Ending(verdict, reason), opening: task)
    return look(for: .model)
  }

  /// Shows the model what was just observed, and asks for the next action.
  mutating func askModel() -> Next {
    guard let frame, let opening = work?.talk?.opening else { return unexpected("a question") }
    var parts: [Message.Part] = [.text(isGone ? "\(opening) \(Self.toldEnd)" : opening)]
    if talk.isEmpty {
      let several = plan.model?.makesSeveralCalls == true
      talk.append(
        Message(
          role: .system, parts: Acting.instructions(screen: frame.size, several: several)))
    } else if talkSize != frame.size {
      parts.append(.coordinates(of: frame.size))
    }
    talkSize = frame.size
    talk.append(Message(role: .user, parts: parts + [.image(frame)]))
    return think()
  }

  mutating func think() -> Next {
    if let spent = callsSpent(1) { return endStep(Ending(spentVerdict, .limit(spent))) }
    state = .deciding
    return .want(
      .think(role: thinkingRole, appended: talk.appended, digest: talk.digest, tools: tools))
  }

  /// The quicker model, as long as it is of help in this step; otherwise the scenario's own.
  private var thinkingRole: String {
    work?.lanes.current == .fast ? "fast" : plan.testCase.scenario.modelRole
  }

  /// Turns to the scenario's own model for the rest of the step, if the quicker one was asked until now.
  ///
  /// - Returns: whether somebody else will be asked now.
  mutating func leaveFast(because reason: String) -> Bool {
    guard work?.talk?.isFast == true, work?.lanes.current == .fast else { return false }
    work?.lanes.pass()
    note(.remark(text: "the quicker model is left for this step: \(reason)"))
    return true
  }

  mutating func replied(_ reply: ModelReply) -> Next {
    guard case .deciding = state, let frame, work?.talk != nil else {
      return unexpected("a reply")
    }
    spend(reply)
    work?.talk?.isFast = reply.role == "fast"
    guard reply.isComplete else {
      if leaveFast(because: "its answer was cut by its token limit") { return think() }
      return endStep(
        Ending(.error, "the model's answer was cut by its token limit, so nothing of it was done"))
    }
    guard !reply.calls.isEmpty else { return heardNoCall(reply) }
    work?.talk?.silences = 0
    hear(reply, on: frame)
    return nextCall()
  }

  /// A reply without a call: once a reminder, then it counts as the end.
  private mutating func heardNoCall(_ reply: ModelReply) -> Next {
    note(.said(text: reply.text))
    talk.append(Message(role: .assistant, parts: [.text(reply.text)], author: reply.model))
    if !leaveFast(because: "it called no tool") { work?.talk?.silences += 1 }
    guard let silences = work?.talk?.silences, silences <= 1 else {
      note(.warning(text: "the model stopped calling its tool"))
      return gaveUp("it stopped calling its tool: \(reply.text.clipped(200))")
    }
    talk.append(
      Message(
        role: .user,
        parts: [
          .text(
            "Call the tool `\(Acting.toolName)`; if the task is over, with the action terminate.")
        ]))
    return think()
  }

  mutating func modelEnds(_ status: ToolDecoder.Status, _ text: String) -> Next {
    answer("Ended.")
    note(.said(text: "\(status.rawValue): \(text)"))
    // Whether a task is done, or cannot be, is not for the quicker model to say.
    if leaveFast(because: "it says \(status.rawValue)") {
      work?.talk?.opening = "The screen now. Is the task done? If not, go on."
      return look(for: .model)
    }
    switch status {
    case .success:
      // It says so, but the one action that was asked for was not done.
      if work?.talk?.scope == .single { return gaveUp("it called nothing to be done") }
      return endStep(.passed)
    case .failure, .blocked:
      note(.warning(text: "the model says that it could not do it: \(text)"))
      return gaveUp("\(status.rawValue): \(text.clipped(200))")
    }
  }

  /// The model ends without being done.
  ///
  /// Of a goal only checks decide what that means; a single action that the scenario names was not done.
  private mutating func gaveUp(_ why: String) -> Next {
    surrender = surrender ?? why
    guard let model = work?.talk, model.scope == .single else { return endStep(.passed) }
    let reason = "\(model.otherwise.reason); the model did not do it either: \(why)"
    return endStep(Ending(model.otherwise.verdict, reason))
  }

  /// Tells the model what its action did.
  mutating func tellModel(_ action: Action, _ settling: Settling) -> Next {
    work?.talk?.refusals = 0
    answer("Done: \(action.title). The screen: \(settling.title).")
    let isSingle = work?.talk?.scope == .single
    if isSingle { return endSingle() }
    if settling == .noEffect {
      work?.talk?.idleActions += 1
    } else {
      work?.talk?.idleActions = 0
    }
    if let idle = work?.talk?.idleActions, idle >= Self.mostIdleActions {
      _ = leaveFast(because: "its actions had no effect")
    }
    beginFollowUp("The screen after that.", before: frame)
    return look(for: .model)
  }

  /// So often may the same action follow itself.
  static let mostRepeats = 8
  /// So many actions in a row may change nothing before the quicker model is left: a click on a field
  /// that has the focus already does no harm.
  static let mostIdleActions = 2
  /// So many calls in a row may be unusable.
  static let mostRefusals = 4

  /// The model did the stroke that the local engine could not; the rest is local again.
  private mutating func endSingle() -> Next {
    answerAll("Not done: a single action was asked for.")
    work?.talk = nil
    work?.lanes.restart()
    if case .press(.click, let target, .field, _)? = work?.strokes.first {
      work?.field.into = IntoField(target: target, box: nil)
    }
    return strokeDone()
  }

  /// Answers the open call with why nothing was done, lets go of those after it, and asks again.
  mutating func refuse(_ reason: String) -> Next {
    answer(reason)
    answerAll("Not done, because the call before it was not.")
    if !leaveFast(because: "its answer could not be used") { work?.talk?.refusals += 1 }
    if let refusals = work?.talk?.refusals, refusals >= Self.mostRefusals {
      return endStep(
        Ending(.error, "the model gave \(refusals) unusable answers in a row; the last: \(reason)"))
    }
    if work?.talk?.calls.hasActed != true { work?.talk?.opening = "The screen now." }
    return look(for: .model)
  }
}
