import JSONCoding
import Scenario
import Testing

@testable import Session
@testable import Story

/// Why something ended is data, and said in one place.
struct CauseTests {
  private static let check = CheckCause(
    expected: "“A” is on the screen", measured: "“B” at 1,2", unread: "3 places were not read")
  private static let place = StepPlace(
    StepInfo(
      index: 4, phase: .steps, title: "expect “A” is on the screen", keyword: "expect",
      location: SourceLocation(file: "case.yaml", line: 7)))

  static let all: [Cause] = [
    .told("so"), .told(""), .stopped, .limit("the limit of 3 actions is met"),
    .person("skipped by a person"), .application("the application ended"),
    .fault(Fault(.screen, "gone", isTransient: true, detail: "d")), .check(check),
    .check(CheckCause(expected: "e", measured: "m", doubt: "blurred", isWait: true)),
    .missing(MissingCause(target: "“A”", reason: nil, closest: ["B", "C"], noModel: "off")),
    .step(place, .check(check)), .step(place, .stopped),
  ]

  @Test(arguments: all)
  func `is kept as it is`(cause: Cause) throws {
    let ending = Ending(.failed, cause)
    let json = try JSON(encoding: ending)
    #expect(json["reason"]?.string == cause.words)
    #expect(try json.decoded(as: Ending.self).cause == cause)
  }

  @Test(arguments: all)
  func `an ending in words alone equals one that says the same`(cause: Cause) {
    #expect(Ending(.failed, cause) == Ending(.failed, cause.words))
    #expect(Ending(.failed, cause) != Ending(.error, cause.words))
    #expect(Ending(.failed, cause) != Ending(.failed, cause.words + "."))
  }

  @Test func `causes that say the same are not the same`() {
    let limit = Ending(.timedOut, .limit("x"))
    #expect(limit != Ending(.timedOut, .person("x")))
    #expect(limit == Ending(.timedOut, "x"))
  }

  @Test func `a case does not say twice what its step expected`() {
    #expect(
      Cause.step(Self.place, .check(Self.check)).words
        == "expect “A” is on the screen (line 7): “B” at 1,2; 3 places were not read")
    var doubtful = Self.check
    doubtful.doubt = "blurred"
    doubtful.unread = nil
    #expect(
      Cause.step(Self.place, .check(doubtful)).words
        == "expect “A” is on the screen (line 7): cannot tell: blurred")
    var other = Self.place
    other.title = "open the page"
    #expect(Cause.step(other, .check(Self.check)).words.contains("expected: “A” is on the screen"))
  }

  @Test func `a wait does not say as if it were so what its title waits for`() {
    func words(_ title: String, _ expected: String, doubt: String?) -> String {
      var place = Self.place
      place.title = title
      let cause = CheckCause(expected: expected, measured: "not seen", doubt: doubt, isWait: true)
      return Cause.step(place, .check(cause)).words
    }
    let shown = "“A” is on the screen"
    #expect(
      words("wait for “A”", shown, doubt: "blurred")
        == "wait for “A” (line 7): cannot tell: blurred")
    #expect(
      words("wait until “A” is gone", "“A” is not on the screen", doubt: nil)
        == "wait until “A” is gone (line 7): waited in vain: not seen")
    #expect(
      words("the page comes", shown, doubt: nil).contains("waited in vain: \(shown); not seen"))
  }

  @Test func `tells what is missing, what is like it, and why nobody was asked`() {
    let missing = MissingCause(target: "“A”", reason: nil, closest: ["B", "C"], noModel: "off")
    #expect(
      Cause.missing(missing).words
        == "“A” is not on the screen; closest: “B”, “C” (no model: off)")
  }

  @Test func `names the step, and says that it was not the test itself`() {
    var script = Script.prepared(.of(.expect(.holds), setup: [.click("A")], patience: .zero))
    script.send([.sees(1), .missing])
    #expect(script.outcome?.ending.cause.step?.phase == .setup)
    #expect(script.reason.hasPrefix("setup: click “A” (line 7): “A” is not on the screen"))
  }

  @Test func `older recordings say what they said`() {
    var plan = SessionPlan.of(.expect(.shows("A")), patience: .zero)
    plan.rules = .second
    var script = Script.prepared(plan)
    script.send([.sees(1), .reads(false)])
    #expect(script.reason.hasSuffix("expected: “A” is on the screen; not seen"))
  }
}
