internal import Durations
internal import JSONCoding
internal import Pixels
internal import Scenario
internal import Story

// The calls of a reply: done in order, each on the screen as it is then, and each answered.
extension SessionMachine {
  /// So many calls of one reply are looked at.
  static let mostCalls = 8

  /// Takes in a reply with calls, decided on a picture.
  mutating func hear(_ reply: ModelReply, on shown: FrameReference) {
    let made = plan.rules == .first ? Array(reply.calls.prefix(1)) : reply.calls
    let calls = Self.kept(of: made)
    if calls.count < made.count {
      note(
        .warning(
          text: "the model made \(made.count) calls at once; only the first \(calls.count) were "
            + "looked at"))
    }
    work?.talk?.calls = CallQueue(
      open: calls, reasoning: reply.reasoning, space: reply.space, shown: shown)
    talk.append(
      Message(
        role: .assistant, parts: reply.text.isEmpty ? [] : [.text(reply.text)],
        calls: calls.map(\.readable), author: reply.model, space: reply.space))
  }

  /// The calls that are looked at; of two with one name the second gets another, for each is answered by name.
  private static func kept(of calls: [ToolRequest]) -> [ToolRequest] {
    var names: Set<String> = []
    return calls.prefix(mostCalls).map { call in
      var call = call
      let name = call.id
      var number = 2
      while !names.insert(call.id).inserted {
        call.id = "\(name)-\(number)"
        number += 1
      }
      return call
    }
  }

  /// Goes on with the calls that are left, and asks again when all are answered.
  mutating func goOnWithModel() -> Next {
    work?.talk?.calls.open.isEmpty == false ? nextCall() : askModel()
  }

  /// Does the next call of the reply.
  mutating func nextCall() -> Next {
    guard let calls = work?.talk?.calls, let call = calls.open.first, let shown = calls.shown,
      let profile = plan.model
    else { return unexpected("a call") }
    if calls.hasActed, frame?.size != shown.size {
      return refuse("Not done: the screen has another size now.")
    }
    let decoder = ToolDecoder(
      space: calls.space
        ?? ModelSpace(
          unit: profile.unit, order: profile.order,
          sent: profile.image.size(for: shown.size), screen: shown.size),
      secrets: work?.secrets ?? [], isExact: plan.rules > .fourth, isStrict: plan.rules > .fifth,
      tools: tools ?? [.computer], hosts: commands?.hosts ?? [])
    do throws(ToolDecoder.Rejection) {
      let (request, reason) = try decoder.decode(call)
      return follow(request, reason: reason.isEmpty ? calls.reasoning : reason, on: shown)
    } catch {
      note(.rejected(reason: error.message))
      return refuse(error.message)
    }
  }

  private mutating func follow(
    _ request: ToolDecoder.Request, reason: String, on shown: FrameReference
  ) -> Next {
    let hasActed = work?.talk?.calls.hasActed == true
    switch request {
    case .command(let command): return propose(command, thought: reason)
    case .action(let action):
      return propose(action, thought: reason, on: shown)
    case .wait(let duration):
      answer("Waited \(duration.brief).")
      beginFollowUp("The screen after waiting.", before: work?.talk?.calls.beforeLast ?? frame)
      state = .pausing(.modelWaits)
      return .want(.pause(duration: duration))
    case .look:
      answer("Here is the screen.")
      return lookFirst("The screen now.")
    case .zoom where hasActed, .done where hasActed:
      // Neither of what it did has it seen anything yet.
      answer("Not done: look first at what the calls before it did.")
      return lookFirst("The screen now.")
    case .zoom(let region):
      answer("Here is that part.")
      answerAll("Not done: look at that part first.")
      talk.append(
        Message(
          role: .user,
          parts: [
            .text("The part enlarged. Coordinates still count on the whole screenshot."),
            .detail(shown, region: region),
          ]))
      return think()
    case .done(let status, let text): return modelEnds(status, text)
    }
  }

  /// Lets go of the calls that are left, and shows the model the screen.
  private mutating func lookFirst(_ opening: String) -> Next {
    answerAll("Not done: look at the screen first.")
    if work?.talk?.calls.hasActed != true { work?.talk?.opening = opening }
    return look(for: .model)
  }

  /// Remembers what the screen showed before something was done, and how the next picture is introduced: by
  /// all that was read since the last.
  mutating func beginFollowUp(_ opening: String, before: FrameReference?) {
    if work?.talk?.calls.hasActed != true { work?.talk?.opening = opening }
    work?.talk?.calls.beforeLast = before
  }

  private mutating func propose(
    _ action: Action, thought: String, on shown: FrameReference
  ) -> Next {
    if action == work?.talk?.lastAction {
      work?.talk?.repeats += 1
      _ = leaveFast(because: "it repeated itself")
    } else {
      work?.talk?.repeats = 0
    }
    if work?.talk?.scope == .single, let stroke = work?.strokes.first, !stroke.accepts(action) {
      note(.rejected(reason: "“\(action.title)” is not what the step says"))
      return refuse("Not done. Do just this, with a single action: \(stroke.title).")
    }
    work?.talk?.lastAction = action
    if let repeats = work?.talk?.repeats, repeats >= Self.mostRepeats {
      return endStep(
        Ending(.error, "the model is stuck: it asked for “\(action.title)” \(repeats + 1) times"))
    }
    return validate(
      Proposal(lane: .model, thought: thought, action: action, frame: shown),
      lookedAt: lookedAt(by: action, on: shown))
  }

  /// What must be as the model saw it: the places that it points at and, after another call, nearly all.
  ///
  /// What a window that just came up takes as keys was meant for another.
  private func lookedAt(by action: Action, on shown: FrameReference) -> [DeedRun.LookedAt] {
    let before = work?.talk?.calls.beforeLast
    let bounds = shown.size.bounds
    return (before.map { [DeedRun.LookedAt(patch: bounds, since: $0)] } ?? [])
      + action.points.map {
        DeedRun.LookedAt(
          patch: bounds.intersection(PixelRect(x: $0.x - 8, y: $0.y - 8, width: 16, height: 16)),
          since: before == nil ? nil : shown)
      }
  }

  // MARK: - Answers

  /// Answers the call at work, so that the conversation stays valid.
  mutating func answer(_ text: String) {
    guard let call = work?.talk?.calls.open.first else { return }
    work?.talk?.calls.open.removeFirst()
    talk.append(Message(role: .tool, parts: [.text(text)], callID: call.id))
  }

  /// Answers all calls that are left.
  mutating func answerAll(_ text: String) {
    while work?.talk?.calls.open.isEmpty == false { answer(text) }
  }
}

extension ToolRequest {
  /// The call with arguments that every engine can read again.
  fileprivate var readable: ToolRequest {
    var call = self
    if (try? JSON(parsing: arguments))?.object == nil { call.arguments = "{}" }
    return call
  }
}
