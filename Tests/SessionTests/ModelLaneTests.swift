import JSONCoding
import Pixels
import Scenario
import Testing

@testable import Session
@testable import Story

/// Steps that a model does.
struct ModelLaneTests {
  /// An act line that the local engine does not understand, up to the first question.
  private func asked(
    _ steps: Step..., limits: Limits = Limits(), secrets: [String] = [], isSupervised: Bool = false
  ) -> Script {
    let rest = steps.first
    let act = Step.act("Sign in")
    var plan = SessionPlan.of(act, limits: limits, secrets: secrets, model: .plain)
    if let rest { plan.testCase.scenario.steps = [act, rest] }
    plan.isSupervised = isSupervised
    var script = Script.prepared(plan)
    if isSupervised { script.order(.goOn(until: nil)) }
    script.send([.interpreted(moves: nil), .sees(1)])
    return script
  }

  private func isThinking(_ script: Script) -> Bool {
    if case .think = script.effect { true } else { false }
  }

  @Test func `takes what the local engine does not understand`() {
    var script = Script.prepared(.of(.act("Sign in"), model: .plain))
    #expect(script.effect == .interpret(line: "Sign in"))
    #expect(script.send(.interpreted(moves: nil)) == .observe(settled: true))
    #expect(
      script.lastNotes == [
        .laneTaken(lane: .model, reason: "the local engine does not understand “Sign in”")
      ])
    script.send(.sees(1))
    guard case .think("default", let appended, let digest, _) = script.effect else {
      Issue.record("wants \(script.effect)")
      return
    }
    #expect(appended.map(\.role) == [.system, .user])
    #expect(appended == script.machine.conversation)
    #expect(appended.last?.parts == [.text("Task: Sign in."), .image(.number(1))])
    #expect(digest == script.machine.talk.digest)
  }

  @Test func `does several actions and looks after each`() {
    var script = asked()
    script.send(.clicks(100, 50))
    #expect(script.effect == .compare(patch: PixelRect(x: 92, y: 42, width: 16, height: 16)))
    #expect(script.send(.unchanged) == .act(action: .click(100, 50)))
    script.send([.acted, .quiet])
    #expect(script.effect == .observe(settled: true))
    #expect(script.lastTold == "Done: click at 100,50. The screen: quiet after 300ms.")
    script.send(.sees(2))
    #expect(isThinking(script))
    script.send(.calls("type", ["text": "alice"]))
    #expect(
      script.effect == .act(action: .type(text: Template("alice"), clear: false, enter: false)))
    script.send([.acted, .quiet, .sees(3), .fieldRead(reading: .matches)])
    script.send(.calls("wait", ["duration": .number(2.5)]))
    #expect(script.effect == .pause(duration: .milliseconds(2500)))
    script.send([.elapsed, .sees(4)])
    script.send(.calls("screenshot"))
    #expect(script.effect == .observe(settled: true))
    script.send([.sees(5), .ends("success")])
    #expect(script.outcome?.ending == Ending(.passed, "nothing was checked"))
    #expect(script.outcome?.actions == 2)
    #expect(script.outcome?.modelCalls == 5)
    #expect(script.outcome?.tokens == 50)
  }

  @Test func `compares both ends of a drag and stays on the screen`() {
    var script = asked()
    script.send(
      .calls("left_click_drag", ["start_coordinate": [0, 0], "coordinate": [1000, 500]]))
    #expect(script.effect == .compare(patch: PixelRect(x: 0, y: 0, width: 8, height: 8)))
    #expect(
      script.send(.unchanged) == .compare(patch: PixelRect(x: 991, y: 491, width: 9, height: 9)))
    #expect(script.send(.unchanged) == .act(action: .drag(path: [.on(0, 0), .on(999, 499)])))
  }

  @Test func `tells the model when the screen changed under it`() {
    var script = asked()
    script.send([.clicks(100, 50), .compared(isUnchanged: false)])
    #expect(script.effect == .observe(settled: true))
    #expect(script.lastTold.contains("changed there"))
    #expect(script.outcome == nil)
  }

  @Test func `tells the model what is wrong with its call, and gives up after four`() {
    var script = asked()
    for number in 1...4 {
      #expect(isThinking(script))
      script.send(.calls("left_click", ["coordinate": [5000, 5000]]))
      if number == 4 { break }
      #expect(script.lastTold.contains("is outside of the screenshot"))
      script.send(.sees(1))
    }
    #expect(script.verdict == .error)
    #expect(script.reason.contains("4 unusable answers in a row"))
    #expect(script.rejections.count == 4)
    #expect(script.outcome?.actions == 0)
  }

  @Test func `forgets unusable answers once something was done`() {
    var script = asked()
    for _ in 1...3 {
      for _ in 1...3 { script.send([.calls("juggle"), .sees(1)]) }
      script.send([.clicks(100, 50), .unchanged, .acted, .quiet, .sees(2)])
    }
    #expect(isThinking(script))
    // Looking and waiting does nothing.
    for _ in 1...3 {
      script.send([.calls("juggle"), .sees(1), .calls("screenshot"), .sees(2)])
    }
    script.send(.calls("juggle"))
    #expect(script.verdict == .error)
  }

  @Test func `does nothing of an answer that was cut`() {
    var script = asked()
    let call = ToolRequest(
      id: "1", name: "computer",
      arguments: #"{"action":"left_click","coordinate":[1,1],"reason":""}"#)
    script.send(.replied(reply: ModelReply(calls: [call], isComplete: false)))
    #expect(script.verdict == .error)
    #expect(script.outcome?.actions == 0)
  }

  @Test func `reminds a model that calls nothing, once`() {
    var script = asked()
    script.send(.says("I would click on Sign in."))
    #expect(isThinking(script))
    #expect(script.lastTold.contains("Call the tool `computer`"))
    script.send(.clicks(5, 5))
    script.send([.unchanged, .acted, .quiet, .sees(2)])
    script.send(.says("Well."))
    #expect(isThinking(script))
    script.send(.says("Well."))
    #expect(script.verdict == .error)
    #expect(script.reason.contains("the model gave up (“it stopped calling its tool: Well.”)"))
  }

  @Test func `stops a model that does the same over and over`() {
    var script = asked()
    for _ in 1...8 { script.send([.clicks(5, 5), .unchanged, .acted, .quiet, .sees(1)]) }
    script.send(.clicks(5, 5))
    #expect(script.verdict == .error)
    #expect(script.reason.contains("stuck: it asked for “click at 5,5” 9 times"))
    #expect(script.outcome?.actions == 8)
  }

  @Test(arguments: ["failure", "blocked"])
  func `never passes unchecked what the model gave up`(status: String) {
    var script = asked()
    script.send(.ends(status, "no such button"))
    #expect(script.verdict == .error)
    #expect(script.reason.contains("gave up (“\(status): no such button”)"))
    #expect(script.warnings.count == 1)
  }

  @Test(arguments: ["success", "failure", "blocked"])
  func `leaves the verdict to the checks, whatever the model says`(status: String) {
    var good = asked(.expect(.holds))
    good.send(.ends(status))
    #expect(good.outcome?.ending == .passed)
    var bad = asked(.expect(.fails))
    bad.send(.ends(status))
    #expect(bad.verdict == .failed)
  }

  @Test func `may look at a part, which is no look at the screen`() {
    var script = asked()
    let frame = script.machine.frame
    script.send(.calls("zoom", ["region": [400, 100, 200, 300]]))
    #expect(isThinking(script))
    let last = script.machine.conversation.last?.parts.last
    let region = PixelRect(x: 200, y: 100, width: 201, height: 201)
    #expect(last == frame.map { .detail($0, region: region) })
    #expect(script.machine.conversation.isValid)
    script.send(.clicks(300, 200))
    #expect(script.effect == .compare(patch: PixelRect(x: 292, y: 192, width: 16, height: 16)))
  }

  @Test func `a part of nothing is refused`() {
    for region: JSON in [[1, 2], [5, 5, 6, 6], [0, 0, 9000, 10], "all"] {
      var script = asked()
      script.send(.calls("zoom", ["region": region]))
      #expect(script.effect == .observe(settled: true), "\(region.text)")
      #expect(script.machine.conversation.last?.role == .tool)
    }
  }

  @Test func `keeps the picture size that the model is told true`() throws {
    var script = asked()
    script.send([.calls("screenshot")])
    let size = PixelSize(clampingWidth: 800, height: 600)
    script.send(.observed(frame: .number(2, size: size)))
    #expect(script.machine.conversation.last?.parts.contains(.coordinates(of: size)) == true)
    script.send(.calls("left_click", ["coordinate": [799, 599]]))
    #expect(script.effect == .compare(patch: PixelRect(x: 791, y: 591, width: 9, height: 9)))
  }

  // MARK: - One action only

  @Test func `does the one action of a step that the local engine could not`() {
    var script = Script.prepared(
      .of(.click("Save"), .expect(.holds), model: .plain, patience: .zero))
    script.send([.sees(1), .missing])
    #expect(script.effect == .observe(settled: true))
    script.send(.sees(1))
    #expect(script.lastTold == "Task: click “Save”. Do just this with a single action.")
    script.send([.clicks(5, 5), .unchanged])
    #expect(script.effect == .act(action: .click(5, 5)))
    script.send([.acted, .quiet])
    #expect(script.outcome?.ending == .passed)
    #expect(script.lanes == [.scenario, .model])
  }

  @Test func `goes on locally after the one action`() {
    let typing = Typing(text: Template("alice"), into: Target("Name"))
    var script = Script.prepared(.of(.the(.type(typing)), model: .plain, patience: .zero))
    script.send([.sees(1), .missing, .sees(1)])
    #expect(script.lastTold.contains("click the input field “Name”."))
    script.send([.clicks(5, 5), .unchanged, .acted, .quiet])
    #expect(script.effect == .observe(settled: false))
    script.send([.sees(2), .seen(.changed)])
    #expect(
      script.effect == .act(action: .type(text: typing.text, clear: false, enter: false)))
    #expect(
      script.lastNotes.contains(
        .proposed(
          proposal: Proposal(
            lane: .scenario, action: .type(text: typing.text, clear: false, enter: false),
            frame: .number(2)))))
  }

  @Test(arguments: [
    SessionEvent.calls("type", ["text": "alice"]), .calls("right_click", ["coordinate": [5, 5]]),
    .calls("double_click", ["coordinate": [5, 5]]), .calls("key", ["text": "enter"]),
    .calls("mouse_move", ["coordinate": [5, 5]]),
  ])
  func `refuses another action than the one of the step`(reply: SessionEvent) {
    var script = Script.prepared(.of(.click("Save"), model: .plain, patience: .zero))
    script.send([.sees(1), .missing, .sees(1), reply])
    #expect(script.effect == .observe(settled: true))
    #expect(
      script.lastTold == "Not done. Do just this, with a single action: click “Save”.")
    script.send([.sees(1), reply, .sees(1), reply, .sees(1), reply])
    #expect(script.verdict == .error)
    #expect(script.outcome?.actions == 0)
  }

  @Test(arguments: ["success", "failure", "blocked"])
  func `does not pass a step whose one action was not done`(status: String) {
    for (steps, verdict) in [
      ([Step.click("Save"), .expect(.holds)], Verdict.failed),
      ([.click("Save", lane: .model), .expect(.holds)], .error),
      ([.the(.point(.click, Target(.describe(Template("bin"))))), .expect(.holds)], .error),
    ] {
      var script = Script.prepared(.of(steps[0], steps[1], model: .plain, patience: .zero))
      if case .observe(settled: false) = script.effect {
        script.send(.sees(1))
        script.send(verdict == .failed ? .missing : .located(location: .unsupported(reason: "no")))
      }
      script.send([.sees(1), .ends(status)])
      #expect(script.verdict == verdict)
      #expect(script.reason.contains("the model did not do it either"))
    }
  }

  @Test func `does not pass a step whose one action the model kept silent about`() {
    var script = Script.prepared(
      .of(.click("Save"), .expect(.holds), model: .plain, patience: .zero))
    script.send([.sees(1), .missing, .sees(1), .says("Hm."), .says("Hm.")])
    #expect(script.verdict == .failed)
  }

  @Test func `tells the model which of several targets is meant`() {
    let target = Target(
      .text(Template("OK")), nth: 2, near: Template("Name"), region: .named(.topRight))
    var script = Script.prepared(
      .of(.the(.point(.rightClick, target), lane: .model), model: .plain))
    script.send(.sees(1))
    #expect(
      script.lastTold
        == "Task: right-click “OK” (number 2 in reading order) near “Name” in the top-right part of"
        + " the screen. Do just this with a single action.")
  }

  @Test func `gives each target of a model step to the model, and typing to nobody`() {
    let typing = Typing(text: Template("alice"), into: Target("Name"))
    var script = Script.prepared(.of(.the(.type(typing), lane: .model), model: .plain))
    #expect(script.effect == .observe(settled: true))
    script.send([.sees(1), .clicks(5, 5), .unchanged, .acted, .quiet])
    #expect(script.effect == .observe(settled: false))
    script.send([.sees(2), .seen(.changed)])
    #expect(
      script.effect == .act(action: .type(text: typing.text, clear: false, enter: false)))
  }

  @Test func `tells the model what was done of a goal already`() {
    var script = Script.prepared(.of(.act("type alice, click B"), model: .plain, patience: .zero))
    let typing = Typing(text: Template("alice"))
    script.send(.interpreted(moves: [.type(typing), .point(.click, Target("B"))]))
    script.send([.sees(1), .acted, .quiet, .sees(2), .missing, .sees(2)])
    #expect(
      script.lastTold
        == "Task: type alice, click B. Already done of it: type “alice”.")
  }

  @Test func `uses no model for a step that is local`() {
    var script = Script.prepared(.of(.click("Save", lane: .local), model: .plain, patience: .zero))
    script.send([.sees(1), .missing])
    #expect(script.verdict == .failed)
    #expect(script.outcome?.modelCalls == 0)
  }

  @Test func `needs a model where the step asks for one`() {
    for step in [Step.click("Save", lane: .model), .act("Save", lane: .model)] {
      let script = Script.prepared(.of(step))
      #expect(script.verdict == .error)
      #expect(script.reason.contains("there is no model: switched off"))
    }
  }

  // MARK: - Secrets

  @Test func `types only the secrets that the step names`() {
    let goal = Template([.literal("Sign in with "), .secret("MINE")])
    var script = Script.prepared(
      .of(.the(.act(goal)), secrets: ["MINE", "OTHER"], model: .plain))
    script.send([.interpreted(moves: nil), .sees(1)])
    #expect(script.lastTold == "Task: Sign in with ‹MINE›.")
    script.send(.calls("type", ["text": "‹MINE› ‹OTHER›"]))
    let typed = Template([.secret("MINE"), .literal(" ‹OTHER›")])
    #expect(script.effect == .act(action: .type(text: typed, clear: false, enter: false)))
  }

  // MARK: - Limits

  @Test func `does the action of the last call, and asks no further`() {
    var script = asked(limits: Limits(modelCalls: 1))
    script.send([.clicks(5, 5), .unchanged])
    #expect(script.effect == .act(action: .click(5, 5)))
    script.send([.acted, .quiet, .sees(2)])
    #expect(script.verdict == .error)
    #expect(script.reason.contains("the limit of 1 model call is met"))
    #expect(script.outcome?.modelCalls == 1)
  }

  @Test func `acts locally although no call is left`() {
    var script = asked(.click("Save"), limits: Limits(modelCalls: 1))
    script.send([.ends("success"), .sees(2), .found(50, 50), .unchanged])
    #expect(script.effect == .act(action: .click(50, 50)))
  }

  @Test func `stops when its tokens are spent, however absurd their count`() {
    var script = asked(limits: Limits(tokens: 100))
    script.send([.calls("screenshot", tokens: -5), .sees(2)])
    #expect(isThinking(script))
    script.send(
      .replied(
        reply: ModelReply(
          calls: [ToolRequest(id: "1", name: "computer", arguments: #"{"action":"screenshot"}"#)],
          promptTokens: .max, completionTokens: .max)))
    script.send(.sees(3))
    #expect(script.verdict == .error)
    #expect(script.outcome?.tokens == .max)
  }

  @Test func `does no action beyond the limit`() {
    var script = asked(limits: Limits(steps: 2))
    for _ in 1...2 { script.send([.clicks(5, 5), .unchanged, .acted, .quiet, .sees(1)]) }
    script.send(.clicks(5, 5))
    #expect(script.verdict == .error)
    #expect(script.reason.contains("the limit of 2 actions is met"))
    #expect(script.outcome?.actions == 2)
  }

  @Test func `is not blamed on the product when the model fails`() {
    var script = asked()
    script.send(.fails(.model))
    #expect(script.verdict == .error)
    #expect(script.outcome?.modelCalls == 1)
  }

  @Test func `may be told by a person that an action is not permitted`() {
    var script = asked(isSupervised: true)
    script.send([.clicks(5, 5), .unchanged])
    #expect(script.effect == .authorise(action: .click(5, 5)))
    script.send(.authorised(refusal: "not there"))
    #expect(script.lastTold == "Not permitted: not there")
    script.send([.sees(1), .clicks(6, 6), .unchanged, .authorised(refusal: nil)])
    #expect(script.effect == .act(action: .click(6, 6)))
  }

  // MARK: - The conversation

  @Test func `is one conversation over all steps`() {
    var script = asked(.act("Sign out", lane: .model))
    script.send([.ends("success"), .sees(2)])
    #expect(
      script.machine.conversation.map(\.role) == [.system, .user, .assistant, .tool, .user])
    #expect(script.machine.conversation.isValid)
  }

  @Test func `answers a call whose step was cut short`() {
    for events: [SessionEvent] in [
      [.clicks(5, 5), .interrupted], [.clicks(5, 5), .limitReached],
      [.clicks(5, 5), .fails(.screen)], [.clicks(5, 5), .unchanged, .fails(.screen)],
      [.clicks(5, 5), .unchanged, .acted, .fails(.screen)], [.clicks(5, 5), .elapsed],
    ] {
      var plan = SessionPlan.of(
        .act("Sign in"), teardown: [.act("Sign out", lane: .model)], model: .plain)
      plan.testCase.scenario.limits.steps = 5
      var script = Script.prepared(plan)
      script.send([.interpreted(moves: nil), .sees(1)])
      script.send(events)
      #expect(script.effect == .observe(settled: true))
      script.send(.sees(2))
      #expect(isThinking(script))
      #expect(script.machine.conversation.isValid)
    }
  }

  @Test func `keeps arguments that no engine could read out of the conversation`() {
    for arguments in [
      "{", "[1]", "", "\"a\"", "{\"a\":1,\"a\":2}", String(repeating: "[", count: 99),
    ] {
      var script = asked()
      let call = ToolRequest(id: "1", name: "computer", arguments: arguments)
      script.send(.replied(reply: ModelReply(text: "so", calls: [call])))
      let heard = script.machine.conversation.first { $0.role == .assistant }
      #expect(heard?.calls.map(\.arguments) == ["{}"])
      #expect(script.machine.conversation.isValid)
    }
  }
}

extension [Message] {
  /// Whether each tool message answers the call right before it, and each call is answered before
  /// anybody else speaks.
  var isValid: Bool { openCalls?.isEmpty == true }

  /// The calls that are not answered yet; nil where something is out of order.
  var openCalls: [String]? {
    var open: [String] = []
    for message in self {
      switch message.role {
      case .tool:
        guard let id = message.callID, id == open.first else { return nil }
        open.removeFirst()
      case .system, .user, .assistant:
        guard open.isEmpty else { return nil }
        open = message.calls.map(\.id)
        guard Set(open).count == open.count else { return nil }
      }
    }
    return first?.role == .tool ? nil : open
  }
}
