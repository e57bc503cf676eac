import JSONCoding
import Pixels
import Scenario
import Testing

@testable import Session
@testable import Story

/// A quicker model that is asked first, and left when it is of no help.
struct FastModelTests {
  private func asked(role: String = "default") -> Script {
    var plan = SessionPlan.of(.act("Sign in"), model: .plain)
    plan.hasFastModel = true
    plan.testCase.scenario.modelRole = role
    var script = Script.prepared(plan)
    script.send([.interpreted(moves: nil), .sees(1)])
    return script
  }

  private func role(_ script: Script) -> String? {
    if case .think(let role, _, _, _) = script.effect { role } else { nil }
  }

  /// The same reply from the quicker model.
  private func fast(_ event: SessionEvent) -> SessionEvent {
    guard case .replied(var reply) = event else { return event }
    reply.role = "fast"
    return .replied(reply: reply)
  }

  @Test func `is asked first, and goes on while its actions have an effect`() {
    var script = asked()
    #expect(role(script) == "fast")
    script.send([fast(.clicks(100, 50)), .unchanged, .acted, .quiet, .sees(2)])
    #expect(role(script) == "fast")
  }

  @Test func `is not asked where a scenario names a role`() {
    #expect(role(asked(role: "careful")) == "careful")
  }

  @Test func `is left for the step when two of its actions changed nothing`() {
    var script = asked()
    script.send([
      fast(.clicks(100, 50)), .unchanged, .acted, .settled(settling: .noEffect), .sees(2),
    ])
    #expect(role(script) == "fast")
    script.send([
      fast(.clicks(100, 60)), .unchanged, .acted, .settled(settling: .noEffect), .sees(3),
    ])
    #expect(role(script) == "default")
    script.send([.clicks(200, 50), .unchanged, .acted, .quiet, .sees(4)])
    #expect(role(script) == "default")
  }

  @Test(arguments: ["success", "failure", "blocked"])
  func `does not say when a task is over`(status: String) {
    var script = asked()
    script.send(fast(.calls("terminate", ["status": .string(status)])))
    #expect(script.effect == .observe(settled: true))
    script.send(.sees(2))
    #expect(role(script) == "default")
    #expect(script.machine.conversation.isValid)
  }

  @Test func `is left when its answer cannot be used, without counting against the other`() {
    var script = asked()
    script.send(fast(.calls("click_somewhere", [:])))
    script.send(.sees(2))
    #expect(role(script) == "default")
    for number in 3...5 {
      script.send(.calls("nonsense", [:]))
      script.send(.sees(number))
      #expect(role(script) == "default", "\(number)")
    }
    script.send(.calls("nonsense", [:]))
    #expect(script.verdict == .error)
  }

  @Test func `is left when it says nothing or is cut off`() {
    var silent = asked()
    silent.send(.replied(reply: ModelReply(text: "I see a form.", role: "fast")))
    #expect(role(silent) == "default")
    var cut = asked()
    cut.send(.replied(reply: ModelReply(text: "I se", isComplete: false, role: "fast")))
    #expect(role(cut) == "default")
  }

  @Test func `what another model counts in is believed for its answer`() {
    var script = asked()
    let space = ModelSpace(unit: .thousandths, order: .yx, sent: .screen, screen: .screen)
    guard case .replied(var reply) = SessionEvent.clicks(500, 100) else { return }
    reply.space = space
    script.send(.replied(reply: reply))
    // y first: 500 thousandths of 500 down, 100 of 1000 across.
    #expect(script.effect == .compare(patch: PixelRect(x: 92, y: 242, width: 16, height: 16)))
    #expect(script.machine.conversation.last?.space == space)
  }

  @Test func `calls that gave no answer count, and their story is told`() {
    var script = asked()
    let reply = ModelReply(
      text: "", asked: 3, remarks: ["the conversation was too long"], promptTokens: 5)
    script.send(.replied(reply: reply))
    #expect(script.machine.currentOutcome.modelCalls == 3)
    #expect(script.lastNotes.contains(.warning(text: "the conversation was too long")))
  }
}
