import Pixels
import Scenario
import Testing

@testable import Session
@testable import Story

/// Checks that a judge decides.
struct MachineJudgeTests {
  private func judging(
    _ check: Check, limits: Limits = Limits(), patience: Duration = .seconds(10)
  ) -> Script {
    var script = Script.prepared(
      .of(.expect(check), limits: limits, model: .plain, patience: patience))
    script.send(.sees(1))
    return script
  }

  @Test func `asks the judge about a quiet screen and takes a yes`() {
    var script = Script.prepared(.of(.expect(.says("It is red")), model: .plain))
    #expect(script.effect == .observe(settled: true))
    script.send(.sees(1))
    guard case .judge("It is red", 1, let digest, nil) = script.effect else {
      Issue.record("wants \(script.effect)")
      return
    }
    #expect(digest == Judge.digest(statement: "It is red", frame: .number(1)))
    script.send(.votes("yes"))
    #expect(script.outcome?.ending == .passed)
    #expect(script.outcome?.modelCalls == 1)
    #expect(script.outcome?.tokens == 10)
    #expect(script.evidence.first?.measured == "yes: the title")
    #expect(script.evidence.first?.frame == .number(1))
  }

  @Test(arguments: [
    (["yes", "yes"], 3, Verdict.passed), (["no", "yes", "no"], 3, .failed),
    (["yes", "no"], 2, .error), (["unclear"], 1, .error), (["yes", "unclear"], 2, .error),
    (["yes", "no", "unclear"], 3, .error), (["yes", "unclear", "unclear"], 4, .error),
    (["yes", "unclear", "yes"], 3, .passed), (["maybe"], 1, .error),
    (["no", "no", "no"], 5, .failed),
    (["unclear", "unclear"], 3, .error),
  ])
  func `asks for votes one by one, until the rest cannot change a majority of all`(
    answers: [String], size: Int, verdict: Verdict
  ) {
    var script = judging(.says("It is red", votes: size), patience: .zero)
    for (index, answer) in answers.enumerated() {
      guard case .judge("It is red", size, _, let vote) = script.effect else {
        Issue.record("after \(index) votes: \(script.effect)")
        return
      }
      #expect(vote == (size == 1 ? nil : index + 1))
      script.send(.votes(answer))
    }
    #expect(script.verdict == verdict)
    #expect(script.outcome?.checksHeld == (verdict == .passed ? 1 : 0))
    #expect(script.outcome?.modelCalls == answers.count)
  }

  @Test(arguments: [0, 2, 4])
  func `takes one answer to one question`(count: Int) {
    var script = judging(.says("It is red", votes: 3))
    script.send(.judged(replies: Array(repeating: ModelReply(text: "yes"), count: count)))
    #expect(script.verdict == .error)
    #expect(script.reason.contains("internal error"))
  }

  @Test func `a vote that fails cannot tell, and loses no other`() {
    var script = judging(.says("It is red", votes: 3), patience: .zero)
    script.send([.votes("yes"), .fails(.model)])
    guard case .judge(_, 3, _, 3) = script.effect else {
      Issue.record("wants \(script.effect)")
      return
    }
    script.send(.votes("yes"))
    #expect(script.verdict == .passed)
    #expect(script.outcome?.modelCalls == 3)
    #expect(script.evidence.last?.measured == "yes: the title; unclear: it broke; yes: the title")
    #expect(script.warnings == ["a vote of the judge is missing: it broke"])
    // One vote that fails is no judgement; what is not the model's fault is none either.
    var single = judging(.says("It is red"), patience: .zero)
    single.send(.fails(.model))
    #expect(single.verdict == .error)
    #expect(single.reason.contains("it broke"))
    var harness = judging(.says("It is red", votes: 3), patience: .zero)
    harness.send(.fails(.harness))
    #expect(harness.verdict == .error)
  }

  @Test func `recordings from before have all votes at once`() {
    var plan = SessionPlan.of(.expect(.says("It is red", votes: 3)), model: .plain)
    plan.rules = .first
    var script = Script.prepared(plan)
    script.send(.sees(1))
    guard case .judge(_, 3, _, nil) = script.effect else {
      Issue.record("wants \(script.effect)")
      return
    }
    script.send(.votes("yes", "no", "yes"))
    #expect(script.verdict == .passed)
    #expect(script.outcome?.modelCalls == 3)
  }

  @Test(arguments: [0, -1, Int.min])
  func `asks at least once`(votes: Int) {
    var script = judging(.says("It is red", votes: votes))
    guard case .judge(_, 1, _, nil) = script.effect else {
      Issue.record("wants \(script.effect)")
      return
    }
    script.send(.judged(replies: []))
    #expect(script.verdict == .error)
  }

  @Test func `calls a judge that cannot tell an error, not a failure`() {
    var script = judging(.not(.says("It is red")))
    script.send(.votes("unclear"))
    #expect(script.verdict == .error)
    #expect(script.reason.contains("the judge could not tell"))
  }

  @Test func `needs a model to judge`() {
    var script = Script.prepared(.of(.expect(.says("It is red"))))
    script.send(.sees(1))
    #expect(script.verdict == .error)
    #expect(script.reason.contains("the judge is a model, and there is none: switched off"))
  }

  @Test func `asks only about what eyes and values leave open`() {
    var script = judging(.all([.shows("A"), .says("It is red")]))
    #expect(script.effect == .examine(leaves: [.shows("A")], since: 0))
    #expect(script.send(.reads(false)) == .awaitChange(upTo: .seconds(1)))
    script.send([.changed(didChange: true), .sees(2)])
    script.send(.reads(true))
    guard case .judge = script.effect else {
      Issue.record("wants \(script.effect)")
      return
    }
    script.send(.votes("yes"))
    #expect(script.outcome?.ending == .passed)
    #expect(judging(.any([.holds, .says("It is red")])).verdict == .passed)
  }

  @Test func `asks again only on a new picture, and three times at most`() {
    var script = judging(.says("It is red"))
    var asked = 1
    script.send(.votes("no"))
    for number in [1, 2, 2, 3, 4, 5] {
      #expect(script.effect == .awaitChange(upTo: .seconds(1)))
      script.send([.changed(didChange: true), .sees(number)])
      guard case .judge = script.effect else { continue }
      asked += 1
      script.send(.votes("no"))
    }
    #expect(asked == 3)
    script.send(.changed(didChange: false), after: .seconds(10))
    #expect(script.verdict == .failed)
    #expect(script.outcome?.modelCalls == 3)
  }

  @Test func `a picture that comes back is known, whether or not it is kept`() {
    func sees(_ sequence: UInt64, _ pixels: String, blob: String = "") -> SessionEvent {
      .observed(
        frame: FrameReference(blob: blob, pixels: pixels, size: .screen, sequence: sequence))
    }
    for blobs in [["", "", ""], ["a", "", "a"], ["a", "b", "a"]] {
      var script = Script.prepared(.of(.expect(.says("It is red")), model: .plain))
      script.send([sees(1, "red", blob: blobs[0]), .votes("no")])
      script.send([.changed(didChange: true), sees(2, "red", blob: blobs[1])])
      // The same picture is not judged twice.
      #expect(script.effect == .awaitChange(upTo: .seconds(1)))
      script.send([.changed(didChange: true), sees(3, "blue", blob: blobs[2])])
      #expect(script.state == "judging")
    }
  }

  @Test func `does not hold on what the judge said of another picture`() {
    // Statement 1 is true on picture 3, which is the last that is judged; then B appears.
    let check = Check.all([.says("1"), .any([.says("2"), .shows("B")])])
    var script = judging(check)
    for number in 1...3 {
      script.send([.reads(false), .votes("yes"), .votes("no")])
      #expect(script.effect == .awaitChange(upTo: .seconds(1)))
      script.send([.changed(didChange: true), .sees(number + 1)])
    }
    script.send(.reads(true))
    guard case .judge("1", _, let digest, _) = script.effect else {
      Issue.record("wants \(script.effect)")
      return
    }
    #expect(digest == Judge.digest(statement: "1", frame: .number(4)))
    script.send(.votes("no"))
    #expect(script.outcome == nil)
  }

  @Test func `forgets judgements when the screen was lost`() {
    var script = judging(.says("It is red"))
    script.send([.votes("no"), .fails(.screen, transient: true), .recovered(size: .screen)])
    // The new connection counts from the start: the same number, another picture.
    script.send(.sees(1))
    guard case .judge = script.effect else {
      Issue.record("wants \(script.effect)")
      return
    }
  }

  @Test func `does not exceed the limit of model calls`() {
    let script = judging(.says("It is red", votes: 3), limits: Limits(modelCalls: 2))
    #expect(script.verdict == .error)
    #expect(script.outcome?.modelCalls == 0)
    let absurd = judging(.says("It is red", votes: .max), limits: Limits(modelCalls: .max))
    #expect(absurd.outcome == nil)
  }

  @Test func `judges although no action is left`() {
    let limits = Limits(steps: 1)
    var script = Script.prepared(
      .of(.click("A"), .expect(.says("It is red")), limits: limits, model: .plain))
    script.send([.sees(1), .found(5, 5), .unchanged, .acted, .quiet, .sees(2), .votes("yes")])
    #expect(script.outcome?.ending == .passed)
  }

  @Test func `calls a judge that cannot be reached an error`() {
    var script = judging(.says("It is red"))
    script.send(.fails(.model))
    #expect(script.verdict == .error)
    #expect(script.outcome?.modelCalls == 1)
  }
}
