import Pixels
import Scenario
import Testing

@testable import Session
@testable import Story
import Driving

/// Checks of what the screen showed before.
struct PastTests {
  private static let seen = Check.seen(Template("Saved"), region: nil, during: .step)
  private static let never = Check.never(
    Template("Error"), region: nil, during: .step, watching: .seconds(1))

  @Test func `a check looks back to where the last step began to act`() {
    var script = Script.prepared(
      .of(.click("A"), .expect(.holds), .expect(Self.seen), .expect(Self.never)))
    script.send([.sees(5), .found(50, 50), .unchanged, .acted, .quiet, .sees(9)])
    #expect(script.effect == .readPast(leaf: .shows("Saved"), since: 5, isWanted: true))
    script.send(.past(true))
    #expect(script.effect == .pause(duration: .seconds(1)), "what comes late would come unseen")
    #expect(
      script.send(.elapsed) == .observe(settled: true), "never is decided on a quiet screen")
    #expect(script.send(.sees(12)) == .readPast(leaf: .shows("Error"), since: 5, isWanted: true))
    #expect(script.send(.past(false)) == .finish(outcome: script.machine.currentOutcome))
    #expect(script.verdict == .passed)
  }

  @Test func `a check may look back to the beginning`() {
    let check = Check.seen(Template("Saved"), region: nil, during: .case)
    var script = Script.prepared(.of(.click("A"), .expect(check)))
    script.send([.sees(5), .found(50, 50), .unchanged, .acted, .quiet, .sees(9)])
    #expect(script.effect == .readPast(leaf: .shows("Saved"), since: 0, isWanted: true))
  }

  @Test func `what was seen is not waited for to be unseen`() {
    var script = Script.prepared(.of(.expect(Self.never)))
    script.send([.elapsed, .sees(1), .past(true)])
    #expect(script.verdict == .failed)
    var waiting = Script.prepared(.of(.expect(Self.seen)))
    waiting.send([.sees(1), .past(false)])
    #expect(waiting.verdict == nil, "it may still come")
  }

  @Test func `a text is watched from the picture that shows it`() {
    let text = Check.TextCheck(text: Template("Saved"), stays: .seconds(2))
    var script = Script.prepared(.of(.expect(.text(text))))
    script.send(.sees(4))
    #expect(script.effect == .examine(leaves: [.shows("Saved")], since: 0))
    #expect(script.send(.reads(true)) == .pause(duration: .seconds(2)))
    #expect(
      script.send(.elapsed) == .readPast(leaf: .shows("Saved"), since: 4, isWanted: false))
    var gone = script
    script.send(.past(false))
    #expect(script.verdict == .passed)
    #expect(script.evidence.first?.measured == "seen, for 2s")
    gone.send(.past(true, isWanted: false))
    #expect(gone.verdict == nil, "it may come again, and stay")
  }

  @Test func `a picture of the past in doubt decides neither way`() {
    for check in [
      Self.seen, .never(Template("Saved"), region: nil, during: .step, watching: .zero),
    ] {
      var plan = SessionPlan.of(.expect(check))
      plan.patience = .zero
      var script = Script.prepared(plan)
      let reading = LeafReading(holds: false, doubt: "blurred", measured: "")
      script.send([
        .sees(1),
        .pastRead(
          past: PastReading(
            moments: [PastReading.Moment(reading: reading, age: .seconds(1))], pictures: 2,
            isWhole: true)),
      ])
      #expect(script.verdict == .error)
      #expect(script.reason.contains("blurred, 1s ago"))
    }
  }

  @Test func `older recordings are decided as they were`() {
    var plan = SessionPlan.of(.expect(Self.never))
    plan.rules = .second
    var script = Script.prepared(plan)
    #expect(script.send(.sees(1)) == .examine(leaves: [Self.never], since: 0))
    script.send(.reads(true))
    #expect(script.verdict == .passed)
  }

  @Test func `a lost connection loses the past too`() {
    var script = Script.prepared(.of(.click("A"), .expect(.shows("B")), .expect(Self.never)))
    script.send([.sees(5), .found(50, 50), .unchanged, .acted, .quiet])
    script.send([.fails(.screen, transient: true), .recovered(size: .screen), .sees(1)])
    script.send(.reads(true))
    #expect(script.verdict == .error)
    #expect(script.reason.contains("forgotten"))
  }

  // MARK: - Reading it

  private func readings(
    _ check: Check, _ seen: [Bool], whole: Bool = true
  ) async -> (outcome: Outcome, rig: Rig) {
    let rig = Rig()
    rig.board.say(readings: seen)
    if !whole { rig.board.forget() }
    var plan = SessionPlan.of(.expect(check))
    plan.patience = .zero
    return (await rig.driver.run(plan), rig)
  }

  @Test func `a text in any picture of the past was seen`() async {
    let (outcome, rig) = await readings(Self.seen, [false, true, false])
    #expect(outcome.ending == .passed)
    #expect(rig.board.calls.contains("past since 0"))
    let evidence = rig.record.entries.compactMap { entry in
      if case .note(.checked(let evidence)) = entry { evidence } else { nil }
    }
    #expect(evidence.first?.frame?.sequence == 2, "the picture that shows it is kept")
    #expect(evidence.first?.measured.contains("ago") == true)
    #expect(await readings(Self.never, [false, true, false]).outcome.ending.verdict == .failed)
  }

  @Test func `a text in no picture was never there`() async {
    #expect(await readings(Self.never, [false]).outcome.ending == .passed)
    #expect(await readings(Self.seen, [false]).outcome.ending.verdict == .failed)
  }

  @Test func `where pictures are forgotten, nothing is claimed about them`() async {
    let (outcome, _) = await readings(Self.never, [false], whole: false)
    #expect(outcome.ending.verdict == .error)
    #expect(outcome.ending.reason.contains("forgotten"))
    #expect(await readings(Self.seen, [true], whole: false).outcome.ending == .passed)
  }

  @Test(arguments: [never, Check.text(Check.TextCheck(text: Template("A"), stays: .seconds(1)))])
  func `a picture that cannot be looked at proves nothing`(check: Check) async {
    let rig = Rig()
    rig.board.say(readings: [check == Self.never ? false : true])
    rig.board.losePictures()
    let outcome = await rig.driver.run(.of(.expect(check), patience: .zero))
    #expect(outcome.ending.verdict == .error)
  }

  @Test func `a text that goes away does not stay`() async {
    let check = Check.text(Check.TextCheck(text: Template("Saved"), stays: .seconds(2)))
    #expect(await readings(check, [true]).outcome.ending == .passed)
    let (outcome, _) = await readings(check, [true, true, false, true])
    #expect(outcome.ending.verdict == .failed)
    #expect(outcome.ending.reason.contains("after it was"))
    let (partly, _) = await readings(check, [true], whole: false)
    #expect(partly.ending.verdict == .error)
  }
}
