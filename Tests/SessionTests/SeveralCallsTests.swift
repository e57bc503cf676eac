import JSONCoding
import Pixels
import Scenario
import Testing

@testable import Session
@testable import Story

/// Several calls in one reply: done in order, each on the screen as it is then, and each answered.
struct SeveralCallsTests {
  /// An act line that is up to the model, asked for the first time on picture 1.
  private func asked(
    _ next: Step? = nil, limits: Limits = Limits(), rules: SessionPlan.Rules = .current,
    isSupervised: Bool = false
  ) -> Script {
    var plan = SessionPlan.of(.act("Sign in"), limits: limits, model: .plain)
    if let next { plan.testCase.scenario.steps.append(next) }
    plan.rules = rules
    plan.isSupervised = isSupervised
    var script = Script.prepared(plan)
    if isSupervised { script.order(.goOn(until: nil)) }
    script.send([.interpreted(moves: nil), .sees(1)])
    return script
  }

  private static func click(_ x: Int, _ y: Int) -> SessionEvent { .clicks(x, y) }

  /// One reply with the calls of several.
  private func all(_ replies: SessionEvent...) -> SessionEvent {
    let calls = replies.flatMap { event -> [ToolRequest] in
      if case .replied(let reply) = event { reply.calls } else { [] }
    }
    let named = calls.enumerated().map { index, call in
      ToolRequest(id: "call \(index)", name: call.name, arguments: call.arguments)
    }
    return .replied(reply: ModelReply(calls: named, promptTokens: 10))
  }

  private func answers(_ script: Script) -> [String] {
    script.machine.conversation.filter { $0.role == .tool }.flatMap { message in
      message.parts.compactMap { if case .text(let text) = $0 { text } else { nil } }
    }
  }

  private static let whole = PixelRect(x: 0, y: 0, width: 1000, height: 500)

  @Test func `are done in order, with one picture after the last`() {
    var script = asked()
    script.send(all(.clicks(100, 50), .calls("type", ["text": "alice"]), .clicks(300, 200)))
    // The first is compared with what the model saw, as a single one would be.
    #expect(script.effect == .compare(patch: PixelRect(x: 92, y: 42, width: 16, height: 16)))
    #expect(script.send(.unchanged) == .act(action: .click(100, 50)))
    script.send([.acted, .quiet])
    #expect(script.effect == .observe(settled: true))
    // No model is asked; nearly all of the screen must be as before the click.
    #expect(script.send(.sees(2)) == .compare(patch: Self.whole, since: .number(1)))
    #expect(
      script.send(.unchanged)
        == .act(action: .type(text: Template("alice"), clear: false, enter: false)))
    script.send([.acted, .quiet, .sees(3)])
    // What was typed is read back between two calls too.
    guard case .readField = script.effect else {
      Issue.record("wants \(script.effect)")
      return
    }
    #expect(
      script.send(.read(.matches)) == .compare(patch: Self.whole, since: .number(2)))
    // The place of the next click is compared with the picture that it was decided on.
    #expect(
      script.send(.unchanged)
        == .compare(patch: PixelRect(x: 292, y: 192, width: 16, height: 16), since: .number(1)))
    #expect(script.send(.unchanged) == .act(action: .click(300, 200)))
    script.send([.acted, .quiet, .sees(4)])
    guard case .think(_, let appended, _, _) = script.effect else {
      Issue.record("wants \(script.effect)")
      return
    }
    #expect(appended.map(\.role) == [.assistant, .tool, .tool, .tool, .user])
    #expect(appended.map(\.callID) == [nil, "call 0", "call 1", "call 2", nil])
    #expect(appended[0].calls.count == 3)
    #expect(appended.last?.parts.last == .image(.number(4)))
    #expect(script.lastTold.hasPrefix("The screen after that. Read off the screen:"))
    script.send(.ends("success"))
    #expect(script.outcome?.actions == 3)
    #expect(script.outcome?.modelCalls == 2)
  }

  @Test func `end at the first that does not fit the screen any more`() {
    var script = asked()
    script.send(
      all(.clicks(100, 50), .calls("key", ["text": "Return"]), .calls("type", ["text": "x"])))
    script.send([.unchanged, .acted, .quiet, .sees(2), .compared(isUnchanged: false)])
    #expect(script.effect == .observe(settled: true))
    #expect(
      answers(script) == [
        "Done: click at 100,50. The screen: quiet after 300ms.",
        "Not done: the calls before it changed the screen. Look again.",
        "Not done, because the call before it was not.",
      ])
    script.send(.sees(3))
    #expect(script.state == "deciding")
    #expect(script.machine.conversation.isValid)
    #expect(script.machine.actions == 1)
  }

  @Test func `end at the first that cannot be understood`() {
    var script = asked()
    script.send(all(.calls("juggle"), .clicks(100, 50)))
    #expect(script.effect == .observe(settled: true))
    #expect(answers(script).count == 2)
    #expect(answers(script)[0].contains("There is no action “juggle”"))
    #expect(script.machine.actions == 0)
  }

  @Test func `an end after other calls must look first`() {
    var script = asked()
    script.send(all(.clicks(100, 50), .ends("success")))
    script.send([.unchanged, .acted, .quiet, .sees(2)])
    #expect(script.effect == .observe(settled: true))
    #expect(answers(script).last == "Not done: look first at what the calls before it did.")
    script.send(.sees(3))
    #expect(script.state == "deciding")
    script.send(.ends("success"))
    #expect(script.verdict == .passed)
  }

  @Test func `calls after an end, a look or an enlarged part are not done`() {
    for first in [SessionEvent.calls("screenshot"), .calls("zoom", ["region": [0, 0, 50, 50]])] {
      var script = asked()
      script.send(all(first, .clicks(100, 50)))
      #expect(answers(script).last?.contains("Not done: look at") == true)
      #expect(script.machine.conversation.isValid)
      #expect(script.machine.actions == 0)
    }
    var ended = asked()
    ended.send(all(.ends("success"), .clicks(100, 50)))
    #expect(ended.verdict == .passed)
    #expect(ended.outcome?.actions == 0)
    #expect(ended.machine.conversation.isValid)
  }

  @Test func `a wait between two calls is one of them`() {
    var script = asked()
    script.send(all(.calls("wait", ["duration": 1]), .clicks(100, 50)))
    #expect(script.effect == .pause(duration: .seconds(1)))
    script.send([.elapsed, .sees(2)])
    #expect(script.effect == .compare(patch: Self.whole, since: .number(1)))
  }

  @Test func `a limit that is met leaves no call without an answer`() {
    var script = asked(limits: Limits(steps: 1))
    script.send(all(.clicks(100, 50), .clicks(200, 50), .clicks(300, 50)))
    script.send([.unchanged, .acted, .quiet, .sees(2)])
    #expect(script.verdict == .error)
    #expect(script.outcome?.actions == 1)
    #expect(script.machine.conversation.isValid)
  }

  @Test func `what a person does not allow ends them`() {
    var script = asked(isSupervised: true)
    script.send(all(.clicks(100, 50), .clicks(200, 50)))
    script.send([.unchanged, .authorised(refusal: "not now")])
    #expect(answers(script).count == 2)
    #expect(script.machine.actions == 0)
    #expect(script.effect == .observe(settled: true))
  }

  @Test func `a step that asks for a single action does one`() {
    var script = Script.prepared(
      .of(.the(.point(.click, Target(.describe(Template("the moon"))))), model: .plain))
    script.send([.sees(1), .located(location: .unsupported(reason: "no eyes"))])
    script.send(.sees(1))
    script.send(all(.clicks(100, 50), .clicks(200, 50)))
    script.send([.unchanged, .acted, .quiet])
    #expect(answers(script).last == "Not done: a single action was asked for.")
    #expect(script.verdict == .passed)
    #expect(script.outcome?.actions == 1)
  }

  @Test func `calls of one name get names of their own, and too many are not looked at`() {
    var script = asked()
    let call = ToolRequest(id: "same", name: "computer", arguments: #"{"action":"wait"}"#)
    script.send(.replied(reply: ModelReply(calls: Array(repeating: call, count: 40))))
    let kept = script.machine.conversation.last { $0.role == .assistant }?.calls ?? []
    #expect(kept.count == 8)
    #expect(Set(kept.map(\.id)).count == 8)
    #expect(script.warnings.contains { $0.contains("40 calls at once") })
  }

  @Test func `recordings from before are decided by the first call alone`() {
    var script = asked(rules: .first)
    script.send(all(.clicks(100, 50), .clicks(200, 50)))
    script.send([.unchanged, .acted, .quiet, .sees(2)])
    #expect(script.state == "deciding")
    #expect(answers(script).count == 1)
    #expect(script.machine.conversation.isValid)
  }

  @Test func `are asked for from a model that makes them well`() {
    for several in [true, false] {
      let said = Acting.instructions(screen: .screen, several: several).compactMap {
        if case .text(let text) = $0 { text } else { nil }
      }.joined()
      #expect(said.contains("in the same reply") == several)
      #expect(said.contains("one action at a time") == !several)
    }
  }
}
