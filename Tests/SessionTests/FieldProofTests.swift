import Pixels
import Scenario
import Testing

@testable import Session
@testable import Story

/// What is proved of the field that a text goes into.
struct FieldProofTests {
  private static func typing(
    _ text: String = "alice", clear: Bool = false, enter: Bool = false
  ) -> Typing {
    Typing(text: Template(text), into: Target("Name"), clear: clear, enter: enter)
  }

  /// A step up to the look at its field.
  private func clicked(_ typing: Typing = typing(), secrets: [String] = []) -> Script {
    var script = Script.prepared(
      .of(.the(.type(typing)), secrets: secrets, patience: .seconds(2)))
    script.send([.sees(1), .found(100, 50), .unchanged, .acted, .quiet, .sees(2)])
    #expect(script.effect == .seeField(at: .on(100, 50)))
    return script
  }

  /// A step up to where its text was typed and its field is read.
  private func typed(_ typing: Typing = typing(), secrets: [String] = []) -> Script {
    var script = clicked(typing, secrets: secrets)
    script.send([.seen(.same), .acted])
    script.send(script.effect.name == "settle" ? [.quiet, .sees(3)] : [.sees(3)])
    #expect(script.effect == .readField(at: .on(100, 50), text: typing.text, isWhole: false))
    return script
  }

  // MARK: - What arrives

  @Test(arguments: [FieldSight.Change.same, .elsewhere])
  func `fails where nothing changes in the field`(change: FieldSight.Change) {
    var script = typed()
    #expect(
      script.send(.read(.differs(shown: ""), change)) == .awaitChange(upTo: .seconds(1)))
    script.send(.changed(didChange: false), after: .seconds(2))
    script.send([.sees(3), .read(.differs(shown: ""), change)])
    #expect(script.verdict == .failed)
    #expect(script.reason.contains("nothing changed in “Name” when “alice” was typed"))
    #expect(script.reason.contains("something else on the screen") == (change == .elsewhere))
  }

  @Test func `fails where nothing changes, though the text was there before`() {
    var script = typed()
    script.send(.read(.matches, .same))
    script.send(.changed(didChange: false), after: .seconds(2))
    script.send([.sees(3), .read(.matches, .same)])
    #expect(script.verdict == .failed)
  }

  @Test func `waits for a text that comes late`() {
    var script = typed()
    script.send([.read(.differs(shown: ""), .same), .changed(didChange: true), .sees(4)])
    script.send(.read(.matches))
    #expect(script.verdict == .passed)
  }

  @Test func `passes where the text took the screen away`() {
    var script = typed()
    script.send(.read(.unknown(reason: "there is no field", shown: nil), .gone))
    #expect(script.verdict == .passed)
  }

  @Test func `fails where no field is, and nothing on the screen changes`() {
    var script = typed()
    let sight = FieldSight(change: .same, isField: false)
    script.send(.fieldRead(reading: .unknown(reason: "r", shown: nil), sight: sight))
    script.send(.changed(didChange: false), after: .seconds(2))
    script.send([.sees(3), .fieldRead(reading: .unknown(reason: "r", shown: nil), sight: sight)])
    #expect(script.verdict == .failed)
    #expect(script.reason.contains("nothing changed on the screen"))
  }

  @Test func `a terminal may show nothing of a password, a field may not`() {
    var typing = Self.typing()
    typing.text = Template([.secret("PIN")])
    var terminal = typed(typing, secrets: ["PIN"])
    terminal.send(
      .fieldRead(
        reading: .unknown(reason: "r", shown: nil),
        sight: FieldSight(change: .same, isField: false)))
    #expect(terminal.verdict == .passed)
    var field = typed(typing, secrets: ["PIN"])
    field.send(.read(.unknown(reason: "r", shown: nil), .same))
    #expect(field.effect.name == "awaitChange")
  }

  @Test func `blanks need not be seen`() {
    var script = typed(Self.typing("  "))
    script.send(.read(.unknown(reason: "r", shown: nil), .same))
    #expect(script.verdict == .passed)
  }

  @Test func `presses Return only where the text arrived`() {
    var script = typed(Self.typing(enter: true))
    // A picture of the moment after the keys says nothing, however long it takes to read it.
    script.send(.read(.differs(shown: ""), .same), after: .seconds(3))
    #expect(script.effect.name == "awaitChange")
    script.send([.changed(didChange: false), .sees(3), .read(.differs(shown: ""), .same)])
    #expect(script.verdict == .failed)
    #expect(script.outcome?.actions == 2)
  }

  @Test func `warns of a text that goes nowhere in particular and changes nothing`() {
    var script = Script.prepared(.of(.the(.type(Typing(text: Template("x"))))))
    script.send([.sees(1), .acted, .settled(settling: .noEffect)])
    #expect(script.effect == .settle(quiet: nil, isPatient: true), "it may come late")
    script.send(.settled(settling: .noEffect))
    #expect(script.verdict == .passed)
    #expect(script.warnings == ["nothing on the screen changed when “x” was typed"])
  }

  @Test func `a text that is drawn late is no cause for a warning`() {
    var script = Script.prepared(.of(.the(.type(Typing(text: Template("x"))))))
    script.send([.sees(1), .acted, .settled(settling: .noEffect), .quiet])
    #expect(script.verdict == .passed)
    #expect(script.warnings.isEmpty)
  }

  @Test func `an older recording warns at once`() {
    var plan = SessionPlan.of(.the(.type(Typing(text: Template("x")))))
    plan.rules = .tenth
    var script = Script.prepared(plan)
    script.send([.sees(1), .acted, .settled(settling: .noEffect)])
    #expect(script.warnings.count == 1)
  }

  // MARK: - What it was turned into

  /// A step up to where its field was read in the same way until its time was over.
  private func read(_ text: String, as reading: FieldReading) -> Script {
    var script = typed(Self.typing(text))
    script.send(.read(reading))
    guard script.effect.name == "awaitChange" else { return script }
    script.send(.changed(didChange: false), after: .seconds(2))
    script.send([.sees(3), .read(reading)])
    return script
  }

  @Test func `a number that surely became another fails the step`() {
    let script = read("77", as: .differs(shown: "50"))
    #expect(script.verdict == .failed)
    #expect(script.reason.hasSuffix("“Name” shows “50” after “77” was typed into it"))
  }

  @Test func `a number that cannot be told is an error with what was read`() {
    let script = read("77", as: .unknown(reason: "it cannot be read for sure", shown: "1l"))
    #expect(script.verdict == .error)
    #expect(script.reason.contains("“77”, which was typed into it: it cannot be read for sure"))
    #expect(script.reason.contains("it was read as “1l”"))
  }

  @Test func `a value in another form is proved`() {
    for reading in [
      FieldReading.differs(shown: "1,234"), .unknown(reason: "r", shown: "1,234 kg"),
    ] {
      let script = read("1234", as: reading)
      #expect(script.verdict == .passed)
      #expect(script.warnings.isEmpty)
    }
  }

  @Test func `a text that surely became another fails the step, one in capitals is told`() {
    #expect(read("alice", as: .differs(shown: "alic")).verdict == .failed)
    let capitals = read("alice", as: .differs(shown: "ALICE"))
    #expect(capitals.verdict == .passed)
    #expect(capitals.warnings == ["the field shows “ALICE”, not what was typed"])
  }

  @Test func `a text that cannot be told lets the step pass`() {
    #expect(read("alice", as: .unknown(reason: "r", shown: "a1ioe")).verdict == .passed)
    #expect(read("77", as: .unknown(reason: "it hides it", shown: nil)).verdict == .passed)
  }

  @Test func `a value that comes late is waited for`() {
    var script = typed(Self.typing("77"))
    script.send([.read(.differs(shown: "7")), .changed(didChange: true), .sees(4)])
    script.send(.read(.matches))
    #expect(script.verdict == .passed)
  }

  // MARK: - What is there before

  @Test func `types nothing into a field that is gone or covered`() {
    var script = clicked()
    #expect(script.send(.seen(.gone)) == .locate(target: Target("Name"), role: .field))
    script.send(.missing)
    script.send(.changed(didChange: false), after: .seconds(2))
    #expect(script.send(.sees(2)) == .seeField(at: .on(100, 50)))
    script.send(.seen(.gone))
    #expect(script.verdict == .failed)
    #expect(script.reason.contains("“Name” is gone, or something else covers it"))
    #expect(script.outcome?.actions == 1)
  }

  @Test func `types into a field that moved when it was clicked`() {
    var script = clicked()
    script.send([.seen(.gone), .found(100, 20)])
    #expect(
      script.effect == .act(action: .type(text: Template("alice"), clear: false, enter: false)))
    script.send([.acted, .quiet, .sees(3)])
    #expect(
      script.effect == .readField(at: .on(100, 20), text: Template("alice"), isWhole: false))
  }

  // MARK: - Clearing

  /// A step that only clears, up to where its field is read.
  private func cleared(_ typing: Typing = typing("", clear: true)) -> Script {
    var script = clicked(typing)
    #expect(script.send(.seen(.changed)) == .act(action: .press(chords: .clearing)))
    script.send(typing.text.isEmpty ? [.acted, .quiet, .sees(3)] : [.acted, .sees(3)])
    #expect(
      script.effect == .readField(at: .on(100, 50), text: Template(""), isWhole: true))
    return script
  }

  /// Says of a field that something is left in it until the time of this try is over.
  private func stays(
    _ script: inout Script, _ reading: FieldReading, _ sight: FieldSight
  ) {
    script.send(.fieldRead(reading: reading, sight: sight))
    script.send(.changed(didChange: false), after: .milliseconds(300))
    script.send([.sees(3), .fieldRead(reading: reading, sight: sight)])
  }

  @Test func `is done where the field is empty`() {
    var script = cleared()
    script.send(.read(.matches))
    #expect(script.verdict == .passed)
    #expect(script.outcome?.actions == 2)
    #expect(script.notes.contains(.remark(text: "the field is empty")))
  }

  @Test func `tries other ways, and fails with what is left`() {
    var script = cleared()
    let (left, same) = (FieldReading.differs(shown: "Ulm"), FieldSight(change: .same))
    stays(&script, left, same)
    let line = [["home"], ["shift", "end"], ["backspace"]].map { KeyChord(keys: $0) }
    #expect(script.effect == .act(action: .press(chords: line)))
    script.send([.acted, .quiet, .sees(3)])
    stays(&script, left, same)
    let signs = Array(repeating: KeyChord(keys: ["backspace"]), count: 11)
    #expect(script.effect == .act(action: .press(chords: [KeyChord(keys: ["end"])] + signs)))
    script.send([.acted, .quiet, .sees(3)])
    stays(&script, left, same)
    #expect(script.effect.name == "awaitChange")
    script.send(.changed(didChange: false), after: .seconds(2))
    script.send([.sees(3), .fieldRead(reading: left, sight: same)])
    #expect(script.verdict == .failed)
    #expect(script.reason.contains("“Name” still shows “Ulm” after it was cleared"))
  }

  @Test func `goes on as soon as another way worked`() {
    var script = cleared(Self.typing(clear: true))
    stays(&script, .differs(shown: "Ulm"), FieldSight(change: .same))
    script.send([.acted, .sees(4), .read(.matches), .sees(4)])
    #expect(
      script.effect == .act(action: .type(text: Template("alice"), clear: false, enter: false)))
  }

  @Test func `takes a hint that comes for empty, and text that was always there not`() {
    var hint = cleared()
    let pale = FieldSight(change: .changed, isPale: true)
    hint.send(.fieldRead(reading: .differs(shown: "Your name"), sight: pale))
    #expect(hint.verdict == .passed)
    // Pale, never touched, and as it was after every try: that is a field that takes nothing.
    var deaf = clicked(Self.typing("", clear: true))
    let still = FieldSight(change: .same, isTouched: false, isPale: true)
    deaf.send([.fieldSeen(sight: still), .acted, .quiet, .sees(3)])
    for _ in 0..<2 {
      stays(&deaf, .differs(shown: "Ulm"), still)
      deaf.send([.acted, .quiet, .sees(3)])
    }
    stays(&deaf, .differs(shown: "Ulm"), still)
    deaf.send(.changed(didChange: false), after: .seconds(2))
    deaf.send([.sees(3), .fieldRead(reading: .differs(shown: "Ulm"), sight: still)])
    #expect(deaf.verdict == .failed)
  }

  @Test func `calls a field of which it cannot tell whether it is empty an error`() {
    var script = cleared()
    let sight = FieldSight(change: .changed)
    let dark = FieldReading.unknown(reason: "it is blurred", shown: nil)
    stays(&script, dark, sight)
    #expect(script.effect.name == "act")
    script.send([.acted, .quiet, .sees(3)])
    stays(&script, dark, sight)
    script.send(.changed(didChange: false), after: .seconds(2))
    script.send([.sees(3), .fieldRead(reading: dark, sight: sight)])
    #expect(script.verdict == .error)
    #expect(script.reason.contains("it is blurred"))
  }

  // MARK: - Dates

  @Test func `types a date from its first part on where parts are picked out`() {
    var script = clicked(Self.typing("5/22/2010", clear: true))
    let parts = FieldSight(change: .changed, isSegmented: true)
    script.send(.fieldSeen(sight: parts))
    #expect(script.effect == .act(action: .press(chords: DateText.keysToStart)))
    script.send([.acted, .quiet, .sees(3), .fieldSeen(sight: parts)])
    #expect(
      script.effect == .act(action: .type(text: Template("05222010"), clear: false, enter: false))
    )
    script.send([.acted, .quiet, .sees(4)])
    #expect(
      script.effect == .readField(at: .on(100, 50), text: Template("05/22/2010"), isWhole: true))
    script.send(.read(.differs(shown: "05/12/2010")))
    script.send(.changed(didChange: false), after: .seconds(2))
    script.send([.sees(4), .read(.differs(shown: "05/12/2010"))])
    #expect(script.verdict == .failed)
    #expect(script.reason.contains("“05/12/2010” after “05/22/2010”"))
  }

  @Test func `goes on from a year by a key where the click picked a part out`() {
    var script = clicked(Self.typing("05/22/2010, 09:30 PM"))
    let parts = FieldSight(change: .changed, isSegmented: true)
    script.send([.fieldSeen(sight: parts), .acted, .quiet, .sees(3), .fieldSeen(sight: parts)])
    script.send([.acted, .quiet, .sees(4)])
    #expect(script.effect == .act(action: .press(chords: [KeyChord(keys: ["right"])])))
    script.send([.acted, .quiet, .sees(5)])
    #expect(
      script.effect == .act(action: .type(text: Template("0930PM"), clear: false, enter: false)))
    script.send([.acted, .quiet, .sees(6), .read(.matches)])
    #expect(script.verdict == .passed)
  }

  @Test func `types a date as it stands into any other field`() {
    var script = clicked(Self.typing("5/22/2010"))
    script.send([.seen(.changed), .acted, .quiet, .sees(3), .seen(.changed)])
    #expect(script.effect == .act(action: .press(chords: [KeyChord(keys: ["end"])])))
    script.send([.acted, .quiet, .sees(3)])
    #expect(
      script.effect == .act(action: .type(text: Template("5/22/2010"), clear: false, enter: false))
    )
    // Where nothing is in the field no part of it can be picked out.
    var empty = clicked(Self.typing("5/22/2010"))
    empty.send(.fieldSeen(sight: FieldSight(change: .same, hasInk: false)))
    #expect(
      empty.effect == .act(action: .type(text: Template("5/22/2010"), clear: false, enter: false))
    )
  }

  @Test func `waits for a field that answers the keys late before it takes it for any other`() {
    var script = clicked(Self.typing("9:30 PM"))
    script.send([.seen(.changed), .acted, .quiet, .sees(3)])
    script.send(.fieldSeen(sight: FieldSight(change: .same, isTouched: false)))
    #expect(script.effect == .awaitChange(upTo: .seconds(1)))
    script.send([.changed(didChange: true), .sees(4)])
    #expect(script.effect == .seeField(at: .on(100, 50)))
    var late = script
    late.send(.fieldSeen(sight: FieldSight(change: .changed, isSegmented: true)))
    #expect(
      late.effect == .act(action: .type(text: Template("0930PM"), clear: false, enter: false)))
    // One that shows nothing at all takes a text as a whole.
    script.send(.fieldSeen(sight: FieldSight(change: .same, isTouched: false)))
    script.send(.changed(didChange: false), after: .seconds(1))
    script.send([.sees(4), .fieldSeen(sight: FieldSight(change: .same, isTouched: false))])
    #expect(script.effect == .act(action: .press(chords: [KeyChord(keys: ["end"])])))
  }

  @Test func `a date that came out as another is not entered, however it was typed`() {
    var script = clicked(Self.typing("9:30 PM"))
    script.send([.seen(.changed), .acted, .quiet, .sees(3), .seen(.changed)])
    script.send([.acted, .quiet, .sees(3), .acted, .quiet, .sees(4)])
    script.send(.read(.differs(shown: "08:05 AM")))
    script.send(.changed(didChange: false), after: .seconds(2))
    script.send([.sees(4), .read(.differs(shown: "08:05 AM"))])
    #expect(script.verdict == .failed)
    #expect(script.reason.contains("“08:05 AM” after “9:30 PM”"))
  }

  @Test(arguments: [
    ("9:30 PM", "21:30", false), ("9:30 PM", "9:30", false), ("9:30 PM", "09:03 PM", true),
    ("24.12.2031", "12/24/31", false), ("24.12.2031", "Dec 24", false),
    ("24.12.2031", "24.12.", true),
    ("24.12.2031", "mm/dd/yyyy", true), ("5/2/2010", "05.02.2010", false),
    ("12/24/2031 9:30 PM", "12/24/2031", true), ("5/2/2010", "5/3/2010", true),
  ])
  func `a date is another where its numbers are`(text: String, shown: String, isOther: Bool) {
    #expect(DateText(Template(text))?.isDenied(by: shown) == isOther)
  }

  // MARK: - What is left

  /// A step that clears and types, up to where what is left in its field was read a last time.
  private func left(_ shown: String, change: FieldSight.Change) -> Script {
    var script = cleared(Self.typing("345", clear: true))
    let sight = FieldSight(change: change)
    for _ in 0..<2 {
      stays(&script, .differs(shown: shown), sight)
      script.send([.acted, .sees(3)])
    }
    stays(&script, .differs(shown: shown), sight)
    return script
  }

  @Test func `a value that clear left fails the step unless the text stands in its place`() {
    for (shown, verdict) in [("345", Verdict.passed), ("345 kg", .passed), ("12345", .failed)] {
      var script = left("12", change: .changed)
      script.send([.sees(4), .acted, .quiet, .sees(5)])
      #expect(
        script.effect == .readField(at: .on(100, 50), text: Template("345"), isWhole: true))
      let reading: FieldReading =
        shown == "345" ? .matches : .unknown(reason: "it shows more", shown: shown)
      script.send(.read(reading))
      if reading != .matches {
        script.send(.changed(didChange: false), after: .seconds(2))
        script.send([.sees(5), .read(reading)])
      }
      #expect(script.verdict == verdict, "\(shown): \(script.reason)")
    }
  }

  @Test func `the mask of a field that is empty is typed into`() {
    var script = left("(_)_-_", change: .same)
    script.send(.sees(4))
    #expect(script.effect == .act(action: .type(text: Template("345"), clear: false, enter: false)))
    #expect(script.warnings == ["the field still shows “(_)_-_” after it was cleared"])
  }

  @Test(arguments: [
    ("05/22/2010", ["05222010"]), ("5/2/2010", ["05022010"]), ("2010-05-22", ["2010", "0522"]),
    ("22.05.2010 9:30", ["22052010", "0930"]), ("09:30 PM", ["0930PM"]), ("21:45", ["2145"]),
    ("May 2010", ["May", "2010"]), ("05/2010", ["052010"]), ("21:45:30", ["214530"]),
  ])
  func `a date or a time has parts`(text: String, runs: [String]) {
    #expect(DateText(Template(text))?.runs == runs)
  }

  @Test(arguments: [
    "", "alice", "42", "12 34", "1.50", "555-1234", "10,000", "3 May", "am", "1/2", "2010",
    "05/22/2010 x", "12345/1/1",
  ])
  func `other texts are no dates`(text: String) {
    #expect(DateText(Template(text)) == nil)
    #expect(DateText(Template([.literal("05/22/"), .secret("YEAR")])) == nil)
  }
}
