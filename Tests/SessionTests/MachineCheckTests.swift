import Pixels
import Scenario
import Testing

@testable import Session
@testable import Story

/// Checks, waits, readings: what is said about the product.
struct MachineCheckTests {
  @Test func `passes when a text is there, with its evidence`() {
    let region = PixelRect(x: 1, y: 2, width: 3, height: 4)
    var script = Script.prepared(.of(.expect(.shows("Welcome"))))
    #expect(script.effect == .observe(settled: false))
    #expect(script.send(.sees(1)) == .examine(leaves: [.shows("Welcome")], since: 0))
    script.send(
      .examined(readings: [LeafReading(holds: true, measured: "“Welcome”", region: region)]))
    #expect(script.outcome == Outcome(ending: .passed, checksHeld: 1))
    #expect(
      script.evidence == [
        Evidence(
          expected: "“Welcome” is on the screen", measured: "“Welcome”", holds: true,
          regions: [region], frame: .number(1))
      ])
  }

  @Test func `polls until the text is there`() {
    var script = Script.prepared(.of(.expect(.shows("Welcome"))))
    script.send(.sees(1))
    #expect(script.send(.reads(false), after: .seconds(1)) == .awaitChange(upTo: .seconds(1)))
    // Nothing changed: what was read still holds, and it is not read again.
    #expect(
      script.send(.changed(didChange: false), after: .seconds(1)) == .awaitChange(upTo: .seconds(1))
    )
    #expect(script.send(.changed(didChange: true)) == .observe(settled: false))
    script.send([.sees(2), .reads(true)])
    #expect(script.verdict == .passed)
  }

  @Test func `fails when the text stays away until the limit`() {
    var script = Script.prepared(.of(.expect(.shows("Welcome")), patience: .seconds(4)))
    script.send(.sees(1))
    script.send(.reads(false))
    script.send(.changed(didChange: false), after: .seconds(4))
    #expect(script.verdict == .failed)
    #expect(script.reason == "expect “Welcome” is on the screen (line 7): not seen")
    #expect(
      script.endings.first?.reason == "expected: “Welcome” is on the screen; not seen")
    #expect(script.evidence.map(\.holds) == [false])
  }

  @Test func `looks at a quiet screen for what must be absent`() {
    let absent = Check.absent(Template("Error"), region: nil)
    for check in [absent, .not(.not(absent)), .all([.shows("A"), absent])] {
      #expect(Script.prepared(.of(.expect(check))).effect == .observe(settled: true))
    }
    #expect(Script.prepared(.of(.expect(.not(.shows("A"))))).effect == .observe(settled: false))
  }

  @Test(arguments: [
    (Check.not(.shows("A")), [true], false), (.not(.shows("A")), [false], true),
    (.all([.shows("A"), .shows("B")]), [true, true], true),
    (.all([.shows("A"), .shows("B")]), [true, false], false),
    (.any([.shows("A"), .shows("B")]), [false, false], false),
    (.any([.shows("A"), .shows("B")]), [false, true], true),
    (.not(.any([.shows("A"), .not(.shows("B"))])), [false, true], true),
    (.all([.any([.shows("A"), .shows("B")]), .not(.shows("C"))]), [false, true, false], true),
    (.all([.holds, .shows("A")]), [true], true),
    (.all([.fails, .shows("A")]), [true], false),
  ])
  func `puts parts together as they read`(check: Check, leaves: [Bool], holds: Bool) {
    var script = Script.prepared(.of(.expect(check), patience: .zero))
    script.send(.sees(1))
    script.send(
      .examined(readings: leaves.map { LeafReading(holds: $0, measured: "") }))
    #expect(script.verdict == (holds ? .passed : .failed))
    #expect(script.outcome?.checksHeld == (holds ? 1 : 0))
  }

  @Test(arguments: [
    (Check.Comparison.equals(Template("41")), false), (.equals(Template("42")), true),
    (.notEquals(Template("42")), false), (.notEquals(Template("41")), true),
    (.contains(Template("4")), true), (.contains(Template("5")), false),
    (.matches("^[0-9]+$"), true), (.matches("^[a-z]+$"), false), (.lessThan(42.5), true),
    (.lessThan(42), false), (.greaterThan(41), true), (.greaterThan(42), false),
  ])
  func `compares values without looking at the screen`(
    comparison: Check.Comparison, holds: Bool
  ) {
    let script = Script.prepared(.of(.expect(.compares("42", comparison))))
    #expect(script.verdict == (holds ? .passed : .failed))
    #expect(script.evidence.map(\.frame) == [nil])
    #expect(script.evidence.first?.measured == "“42”")
  }

  @Test(arguments: [
    Check.compares("many", .lessThan(1)), .compares("", .greaterThan(1)),
    .compares("nan", .lessThan(1)),
    .compares("inf", .greaterThan(1)), .compares("1", .matches("(")),
  ])
  func `calls a comparison that makes no sense an error`(check: Check) {
    #expect(Script.prepared(.of(.expect(check))).verdict == .error)
  }

  @Test(arguments: [
    Check.all([]), .not(.any([])), .any([.shows("A"), .all([])]), .not(.not(.all([]))),
  ])
  func `does not hold on nothing`(check: Check) {
    let script = Script.prepared(.of(.expect(check)))
    #expect(script.verdict == .error)
    #expect(script.reason.contains("names nothing to check"))
  }

  @Test func `takes only as many readings as there are leaves`() {
    for readings: SessionEvent in [.reads(), .reads(true), .reads(true, true, true)] {
      var script = Script.prepared(.of(.expect(.any([.shows("A"), .shows("B")]))))
      script.send([.sees(1), readings])
      #expect(script.verdict == .error)
    }
  }

  @Test func `forgives an optional check but does not count it`() {
    let step = Step.the(.expect(.shows("A")), timeout: .zero, optional: true)
    var script = Script.prepared(.of(step, .expect(.holds)))
    script.send([.sees(1), .reads(false)])
    #expect(script.outcome == Outcome(ending: .passed, checksHeld: 1))
    #expect(script.endings.map(\.verdict) == [.failed, .passed])
    #expect(script.warnings.count == 1)
  }

  @Test func `flags a pass without a check, and fails it when that is asked for`() {
    let plain = Script.prepared(.of(.note("hello")))
    #expect(plain.outcome?.ending == Ending(.passed, "nothing was checked"))
    #expect(plain.outcome?.isUnchecked == true)
    let strict = Script.prepared(.of(.note("hello"), isStrict: true))
    #expect(strict.verdict == .failed)
    let checked = Script.prepared(
      .of(.expect(.holds), isStrict: true))
    #expect(checked.outcome == Outcome(ending: .passed, checksHeld: 1))
  }

  @Test func `takes no check of setup or teardown for one of the product`() {
    let check = Step.expect(.holds)
    let script = Script.prepared(.of(.note("x"), setup: [check], teardown: [check]))
    #expect(script.outcome?.isUnchecked == true)
    #expect(script.evidence.map(\.holds) == [true, true])
  }

  // MARK: - Waits

  @Test func `waits for a time, a text, an absence and for quiet`() {
    let waits: [Wait] = [
      .time(.seconds(3)), .text(Template("A"), region: nil), .absent(Template("B"), region: nil),
      .settled(.milliseconds(500)),
    ]
    let steps = waits.map { Step.the(.wait($0)) }
    var script = Script.prepared(.of(steps[0], steps[1], steps[2], steps[3]))
    #expect(script.effect == .pause(duration: .seconds(3)))
    #expect(script.send(.elapsed) == .observe(settled: false))
    #expect(script.send(.sees(1)) == .examine(leaves: [.shows("A")], since: 0))
    #expect(script.send(.reads(true)) == .observe(settled: true))
    #expect(
      script.send(.sees(2)) == .examine(leaves: [.absent(Template("B"), region: nil)], since: 0))
    #expect(script.send(.reads(true)) == .settle(quiet: .milliseconds(500)))
    script.send(.settled(settling: .noEffect))
    #expect(script.verdict == .passed)
    #expect(script.outcome?.isUnchecked == true)
  }

  @Test(arguments: [Settling.animated([]), .timedOut])
  func `fails when the screen does not come to rest`(settling: Settling) {
    var script = Script.prepared(.of(.the(.wait(.settled(.seconds(1))))))
    script.send(.settled(settling: settling))
    #expect(script.verdict == .failed)
  }

  @Test func `fails when it waits in vain`() {
    let wait = Wait.text(Template("A"), region: nil)
    var script = Script.prepared(.of(.the(.wait(wait), timeout: .zero)))
    script.send([.sees(1), .reads(false)])
    #expect(script.verdict == .failed)
    #expect(script.reason.contains("waited in vain: not seen"))
  }

  // MARK: - Readings

  @Test func `reads a value, by the first group of its pattern, for later steps`() {
    let reading = Reading(what: Template("order number"), matches: "No (\\d+)")
    var script = Script.prepared(
      .of(
        .the(.read(reading), as: "order"),
        .expect(.value(Template([.result("order.value")]), .equals(Template("4711")))),
        .the(.note(Template([.literal("order "), .result("order")])))))
    script.send(.sees(1))
    #expect(script.effect == .read(what: "order number", region: nil))
    script.send(.readValues(values: ["Number 1", "No 4711"]))
    #expect(script.outcome == Outcome(ending: .passed, checksHeld: 1))
    #expect(script.notes.contains(.valueRead(name: "order", value: "4711")))
    #expect(script.notes.contains(.remark(text: "order 4711")))
  }

  @Test func `reads again until a value matches`() {
    let reading = Reading(what: Template("order"), matches: "^\\d+$")
    var script = Script.prepared(.of(.the(.read(reading)), patience: .seconds(3)))
    script.send(.sees(1))
    #expect(script.send(.readValues(values: ["abc"])) == .awaitChange(upTo: .seconds(1)))
    #expect(script.send(.changed(didChange: false)) == .observe(settled: false))
    script.send(.sees(1))
    script.send(.readValues(values: ["abc", "d"]), after: .seconds(3))
    #expect(script.verdict == .failed)
    #expect(script.reason.contains("no value matching /^\\d+$/ for “order”"))
    #expect(script.reason.contains("seen: “abc”, “d”"))
  }

  private func value(
    _ text: String, y: Int, label: Int = 0, doubt: String? = nil
  ) -> ReadValue {
    ReadValue(
      text: text, box: PixelRect(x: 10, y: y, width: 20, height: 10), label: label, doubt: doubt)
  }

  /// What comes of some values, at the end of the time for them.
  private func ending(_ reading: Reading, _ found: [ReadValue]) -> (Verdict?, String) {
    var script = Script.prepared(.of(.the(.read(reading)), patience: .seconds(1)))
    script.send(.sees(1))
    script.send(.readValues(values: found.map(\.text), found: found), after: .seconds(1))
    return (script.verdict, script.reason)
  }

  @Test func `refuses several values with their places, unless something says which`() {
    let found = [
      value("12", y: 5, label: 0), value("Tax", y: 25, label: 0), value("99", y: 45, label: 1),
    ]
    let (verdict, reason) = ending(Reading(what: Template("Total")), found)
    #expect(verdict == .error)
    #expect(
      reason.contains("“Total” has 2 values: “12” at 10,5 20x10, “99” at 10,45 20x10; say which"))
    for reading in [
      Reading(what: Template("Total"), nth: 2), Reading(what: Template("Total"), matches: "9."),
    ] {
      #expect(ending(reading, found).0 == .passed)
    }
    #expect(ending(Reading(what: Template("Total"), nth: 3), found).0 == .failed)
    // The same value twice is one value.
    let same = [value("12", y: 5, label: 0), value("12", y: 45, label: 1)]
    #expect(ending(Reading(what: Template("Total")), same).0 == .passed)
  }

  @Test func `does not take a value that was read with doubt, and looks again`() {
    var script = Script.prepared(
      .of(.the(.read(Reading(what: Template("Total"))), as: "t"), patience: .seconds(3)))
    let doubt = "read as “5O” and as “50”"
    script.send(.sees(1))
    let found = [value("5O", y: 5, doubt: doubt)]
    #expect(
      script.send(.readValues(values: ["5O"], found: found)) == .awaitChange(upTo: .seconds(1)))
    script.send(.changed(didChange: true))
    script.send(.sees(2))
    script.send(.readValues(values: ["5O"], found: found), after: .seconds(3))
    #expect(script.verdict == .error)
    #expect(
      script.reason.contains("it cannot be told what “Total” says at 10,5 20x10: it is \(doubt)"))
  }

  @Test func `calls a pattern that cannot be used an error`() {
    let reading = Reading(what: Template("order"), matches: "(")
    var script = Script.prepared(.of(.the(.read(reading))))
    script.send([.sees(1), .readValues(values: ["a"])])
    #expect(script.verdict == .error)
  }

  @Test func `calls a result that nobody read an error`() {
    let text = Template([.result("order")])
    for kind: Step.Kind in [
      .note(text), .act(text), .expect(.value(text, .equals(Template("")))),
      .type(Typing(text: text)), .point(.click, Target(.text(text))),
      .wait(.text(text, region: nil)), .read(Reading(what: text)),
    ] {
      let script = Script.prepared(.of(.the(kind)))
      #expect(script.verdict == .error)
      #expect(script.reason.contains("there is no result named “order” yet"))
    }
  }
}
