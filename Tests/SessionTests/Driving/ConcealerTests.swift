import JSONCoding
import Pixels
import Scenario
import Testing

@testable import Driving
@testable import Session
@testable import Story

/// Secrets are names before the machine is told of anything.
struct ConcealerTests {
  private let concealer = Concealer(names: ["PIN"]) { $0.hiding("4711", as: "‹PIN›") }

  @Test func `what comes from outside has names for values`() {
    #expect(
      concealer.conceal(.prepared(size: .screen, description: "pin 4711"))
        == .prepared(size: .screen, description: "pin ‹PIN›"))
    let reply = ModelReply(
      text: "4711", calls: [ToolRequest(id: "1", name: "computer", arguments: #"{"text":"4711"}"#)])
    guard case .replied(let told) = concealer.conceal(.replied(reply: reply)) else {
      Issue.record("another event")
      return
    }
    #expect(told.text == "‹PIN›")
    #expect(told.calls.first?.arguments == #"{"text":"‹PIN›"}"#)
    #expect(
      concealer.conceal(.failed(fault: Fault(.screen, "no 4711")))
        == .failed(fault: Fault(.screen, "no ‹PIN›")))
  }

  @Test func `a name that the screen shows is written with other brackets`() {
    guard
      case .readValues(let values, _) = concealer.conceal(
        .readValues(values: ["‹PIN› is 4711"], found: nil))
    else {
      Issue.record("another event")
      return
    }
    #expect(values == ["<PIN> is ‹PIN›"])
  }

  private func script(_ rest: Step, names: [String] = ["PIN"]) -> Script {
    var plan = SessionPlan.of(.the(.read(Reading(what: Template("x"))), as: "x"), rest)
    plan.secretNames = names
    var script = Script.prepared(plan)
    script.send([.sees(1), .readValues(values: ["‹PIN›"])])
    return script
  }

  @Test func `a secret that was read is typed as itself`() {
    let typing = Typing(text: Template([.result("x")]))
    var script = script(.the(.type(typing)))
    script.send(.sees(2))
    #expect(
      script.effect
        == .act(action: .type(text: Template([.secret("PIN")]), clear: false, enter: false)))
    var old = self.script(.the(.type(typing)), names: [])
    old.send(.sees(2))
    #expect(
      old.effect == .act(action: .type(text: Template("‹PIN›"), clear: false, enter: false)))
  }

  @Test(arguments: [
    (Template([.result("x")]), Template([.secret("PIN")]), Verdict.passed),
    (Template([.secret("PIN")]), Template(""), .skipped),
    (Template([.result("x")]), Template("4711"), .error),
    (Template([.secret("PIN")]), Template([.secret("OTHER")]), .error),
    (Template("a"), Template("b"), .skipped),
  ])
  func `a condition on a secret is told only where the names tell it`(
    left: Template, right: Template, verdict: Verdict
  ) {
    let condition = Step.Condition(left: left, comparison: .equal, right: right)
    let script = script(.the(.note(Template("n")), when: condition))
    #expect(script.endings.last?.verdict == verdict)
    if verdict == .error { #expect(script.reason.contains("cannot be told")) }
  }

  @Test func `values that are secret are compared by who knows them`() {
    let check = Check.value(Template([.result("x")]), .equals(Template([.secret("PIN")])))
    let filled = Check.value(Template([.secret("PIN")]), .equals(Template([.secret("PIN")])))
    for holds in [true, false] {
      var script = script(.expect(check))
      #expect(script.effect == .examine(leaves: [filled], since: 0))
      script.send(.reads(holds))
      #expect(script.verdict == (holds ? .passed : .failed))
    }
  }
}

extension JSON {
  fileprivate func hiding(_ value: String, as name: String) -> JSON {
    switch self {
    case .string(let text): .string(text.replacing(value, with: name))
    case .array(let values): .array(values.map { $0.hiding(value, as: name) })
    case .object(let object):
      .object(JSONObject(object.pairs.map { ($0.key, $0.value.hiding(value, as: name)) }))
    case .null, .bool, .integer, .number: self
    }
  }
}
