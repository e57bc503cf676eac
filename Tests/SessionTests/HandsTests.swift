import Hands
import JSONCoding
import Pixels
import Scenario
import Testing

@testable import Session
@testable import Story

/// Pointer, keyboard, toggles: what the local engine does for a step.
struct HandsTests {
  @Test func `clicks what it finds, after a look that nothing moved`() {
    var script = Script(.of(.click("Save")))
    #expect(script.effect == .prepare)
    #expect(
      script.send(.prepared(size: .screen, description: "Xvnc :1")) == .observe(settled: false))
    #expect(script.lastNotes.first == .remark(text: "Xvnc :1, 1000x500"))
    #expect(script.send(.sees(1)) == .locate(target: Target("Save"), role: .press))
    #expect(
      script.send(.found(100, 50))
        == .compare(patch: PixelRect(x: 90, y: 45, width: 20, height: 10)))
    #expect(
      script.lastNotes == [
        .proposed(
          proposal: Proposal(
            lane: .scenario, action: .click(100, 50), target: .at(100, 50), frame: .number(1)))
      ])
    #expect(script.send(.unchanged) == .act(action: .click(100, 50)))
    #expect(script.send(.acted) == .settle(quiet: nil))
    #expect(
      script.send(.quiet, after: .seconds(2))
        == .finish(
          outcome: Outcome(
            ending: Ending(.passed, "nothing was checked"), isUnchecked: true, actions: 1)))
    #expect(
      script.lastNotes == [.stepFinished(step: 0, ending: .passed, duration: .seconds(2))])
    #expect(script.lanes == [.scenario])
  }

  @Test(arguments: [
    (PointerVerb.click, Action.click(5, 5)),
    (.doubleClick, .click(at: .on(5, 5), button: .left, count: 2, modifiers: [])),
    (.rightClick, .click(at: .on(5, 5), button: .right, count: 1, modifiers: [])),
    (.middleClick, .click(at: .on(5, 5), button: .middle, count: 1, modifiers: [])),
    (.hover, .move(to: .on(5, 5))),
  ])
  func `does with the pointer what the verb says`(verb: PointerVerb, action: Action) {
    var script = Script.prepared(.of(.the(.point(verb, Target(.at(x: 5, y: 5))))))
    #expect(
      script.send(.sees(1)) == .compare(patch: PixelRect(x: 5, y: 5, width: 1, height: 1)))
    #expect(script.send(.unchanged) == .act(action: action))
  }

  @Test func `does it in the manner that the step says`() {
    let place = Target(.at(x: 5, y: 5))
    let manner = Manner(button: .back, times: 3, with: ["ctrl"], hold: .seconds(1))
    var click = Script.prepared(.of(.the(.point(.click, place, manner))))
    click.send(.sees(1))
    #expect(
      click.send(.unchanged)
        == .act(
          action: .click(
            at: .on(5, 5), button: .back, count: 3, modifiers: ["ctrl"], hold: .seconds(1))))
    let way = Manner(with: ["shift"], hold: .milliseconds(300), via: [Target(.at(x: 7, y: 8))])
    var drag = Script.prepared(
      .of(.the(.drag(from: place, to: Target(.at(x: 9, y: 9)), manner: way))))
    drag.send([.sees(1), .unchanged, .unchanged])
    #expect(
      drag.send(.unchanged)
        == .act(
          action: .drag(
            path: [.on(5, 5), .on(7, 8), .on(9, 9)], modifiers: ["shift"],
            hold: .milliseconds(300))))
    let chords = [KeyChord(keys: ["alt"])]
    var hold = Script.prepared(.of(.the(.press(chords, .down))))
    #expect(hold.send(.sees(1)) == .act(action: .press(chords: chords, manner: .down)))
  }

  @Test(arguments: [(1000, 0), (0, 500), (-1, 0), (.max, .max), (.min, .min)])
  func `does not press outside of the screen`(x: Int, y: Int) {
    var script = Script.prepared(.of(.the(.point(.click, Target(.at(x: x, y: y))))))
    script.send(.sees(1))
    #expect(script.verdict == .error)
    #expect(script.reason.contains("outside of the screen, which is 1000x500"))
  }

  @Test func `does not press what was found outside of the screen`() {
    var script = Script.prepared(.of(.click("Save")))
    script.send([.sees(1), .found(5000, 5000)])
    #expect(script.verdict == .error)
    #expect(script.outcome?.actions == 0)
  }

  @Test func `waits for a target, looks again when the screen changes, and clicks it`() {
    var script = Script.prepared(.of(.click("Save")))
    script.send(.sees(1))
    #expect(script.send(.missing, after: .seconds(1)) == .awaitChange(upTo: .seconds(1)))
    #expect(script.send(.changed(didChange: true)) == .observe(settled: false))
    script.send(.sees(2))
    #expect(
      script.send(.missing, after: .milliseconds(8_600)) == .awaitChange(upTo: .milliseconds(400)))
    #expect(script.send(.changed(didChange: false)) == .observe(settled: false))
    script.send([.sees(2), .found(100, 50)])
    #expect(script.send(.unchanged) == .act(action: .click(100, 50)))
  }

  @Test func `fails when a named target stays away, and names what is close`() {
    var script = Script.prepared(.of(.click("Save")))
    script.send(.sees(1))
    script.send(.located(location: .missing(closest: ["Safe", "Salve"])), after: .seconds(10))
    #expect(script.verdict == .failed)
    #expect(
      script.reason == "click “Save” (line 7): “Save” is not on the screen; closest: “Safe”,"
        + " “Salve” (no model: switched off)")
  }

  @Test func `says why a target does not fit, and nothing of a model that would not help`() {
    var target = Target("Delete")
    target.rightOf = Template("Invoice")
    target.noun = .button
    var script = Script.prepared(.of(.the(.point(.click, target))))
    script.send(.sees(1))
    let reason = "“Delete” is at 1,1 9x9, but not right of “Invoice”"
    script.send(
      .located(location: .missing(closest: [], reason: reason, nearest: [.at(5, 5)])),
      after: .seconds(10))
    #expect(script.verdict == .failed)
    #expect(
      script.reason == "click the button “Delete” right of “Invoice” (line 7): \(reason)")
  }

  @Test func `waits as long as the step says`() {
    var script = Script.prepared(.of(.the(.point(.click, Target("Save")), timeout: .seconds(3))))
    script.send(.sees(1))
    #expect(script.send(.missing, after: .seconds(2)) == .awaitChange(upTo: .seconds(1)))
    script.send([.changed(didChange: false), .sees(1)])
    script.send(.missing, after: .seconds(1))
    #expect(script.verdict == .failed)
  }

  @Test(arguments: [nil, ModelProfile.plain])
  func `does not guess between several hits`(model: ModelProfile?) {
    var script = Script.prepared(.of(.click("Save"), model: model))
    script.send(.sees(1))
    script.send(.located(location: .ambiguous([.at(100, 50, "Save"), .at(300, 50, "Save as")])))
    #expect(script.verdict == .error)
    #expect(script.reason.contains("2 times: at 90,45 20x10, “Save as” at 290,45 20x10"))
    #expect(script.reason.contains("nth, near or region"))
  }

  @Test func `looks again when the patch changed, but not for ever`() {
    var script = Script.prepared(.of(.click("Save")))
    for _ in 1...10 {
      script.send([.sees(1), .found(100, 50)])
      #expect(script.send(.compared(isUnchanged: false)) == .observe(settled: false))
      #expect(script.lastNotes.count == 1)
    }
    script.send([.sees(1), .found(100, 50), .compared(isUnchanged: false)])
    #expect(script.verdict == .error)
    #expect(script.reason.contains("keeps changing"))
    #expect(script.outcome?.actions == 0)
  }

  @Test func `drags between two targets of one picture and compares both`() {
    let plan = SessionPlan.of(.the(.drag(from: Target("A"), to: Target("B"))))
    var script = Script.prepared(plan)
    script.send(.sees(1))
    #expect(script.send(.found(100, 50)) == .locate(target: Target("B"), role: .press))
    #expect(script.send(.missing) == .awaitChange(upTo: .seconds(1)))
    script.send(.changed(didChange: true))
    // A may have moved as well: it is looked for again.
    #expect(script.send(.sees(2)) == .locate(target: Target("A"), role: .press))
    script.send(.found(200, 50))
    #expect(
      script.send(.found(300, 60))
        == .compare(patch: PixelRect(x: 190, y: 45, width: 20, height: 10)))
    #expect(
      script.send(.unchanged) == .compare(patch: PixelRect(x: 290, y: 55, width: 20, height: 10)))
    #expect(script.send(.unchanged) == .act(action: .drag(path: [.on(200, 50), .on(300, 60)])))
  }

  @Test func `does not drag when only the far end moved`() {
    var script = Script.prepared(.of(.the(.drag(from: Target("A"), to: Target("B")))))
    script.send([.sees(1), .found(100, 50), .found(300, 60), .unchanged])
    #expect(script.send(.compared(isUnchanged: false)) == .observe(settled: false))
  }

  @Test func `types into a field after a click into it`() {
    let typing = Typing(
      text: Template([.literal("pw "), .secret("PASSWORD")]), into: Target("Name"), clear: true,
      enter: true)
    var script = Script.prepared(.of(.the(.type(typing)), secrets: ["PASSWORD"]))
    #expect(script.send(.sees(1)) == .locate(target: Target("Name"), role: .field))
    script.send([.found(100, 50), .unchanged])
    #expect(script.effect == .act(action: .click(100, 50)))
    #expect(script.send([.acted, .quiet]) == .observe(settled: false))
    // Nothing is compared: typing goes where the focus is. The field is seen before and after each.
    #expect(script.send(.sees(2)) == .seeField(at: .on(100, 50)))
    #expect(script.send(.seen(.changed)) == .act(action: .press(chords: .clearing)))
    #expect(script.send([.acted, .sees(3)]).name == "readField")
    script.send([.read(.matches), .sees(3)])
    #expect(script.effect == .act(action: .type(text: typing.text, clear: false, enter: false)))
    script.send([.acted, .sees(4), .read(.matches), .sees(4)])
    #expect(script.effect == .act(action: .press(chords: .enter)))
    script.send([.acted, .quiet])
    #expect(script.verdict == .passed)
    #expect(script.outcome?.actions == 4)
  }

  @Test func `presses chords and turns the wheel in the middle of the screen`() throws {
    let chord = try #require(KeyChord(parsing: "ctrl+s"))
    var script = Script.prepared(
      .of(.the(.press([chord])), .the(.scroll(.down, notches: 3, at: nil))))
    #expect(script.send(.sees(1)) == .act(action: .press(chords: [chord])))
    script.send([.acted, .quiet])
    // Nothing was looked at there, so nothing is compared.
    #expect(
      script.send(.sees(2))
        == .act(action: .scroll(at: .on(500, 250), direction: .down, notches: 3)))
    script.send([.acted, .quiet])
    #expect(script.verdict == .passed)
  }

  @Test func `turns the wheel at a target`() {
    var script = Script.prepared(.of(.the(.scroll(.up, notches: 2, at: Target("List")))))
    script.send([.sees(1), .found(100, 50), .unchanged])
    #expect(
      script.effect == .act(action: .scroll(at: .on(100, 50), direction: .up, notches: 2)))
  }

  @Test(arguments: [true, false])
  func `brings a checkbox into the state asked for`(wanted: Bool) {
    var script = Script.prepared(.of(.act("toggle it")))
    #expect(script.effect == .interpret(line: "toggle it"))
    script.send(.interpreted(moves: [.toggle(Target("News"), isOn: wanted)]))
    #expect(script.send(.sees(1)) == .locate(target: Target("News"), role: .toggle))
    script.send(.toggleFound(hit: .at(100, 50), isOn: !wanted))
    #expect(script.effect == .compare(patch: PixelRect(x: 90, y: 45, width: 20, height: 10)))
    #expect(script.send(.unchanged) == .act(action: .click(100, 50)))
    script.send([.acted, .quiet])
    // It is looked at again, and may be late.
    #expect(script.send(.sees(2)) == .locate(target: Target("News"), role: .toggle))
    script.send(.toggleFound(hit: .at(100, 50), isOn: !wanted))
    script.send([.changed(didChange: true), .sees(3)])
    script.send(.toggleFound(hit: .at(100, 50), isOn: wanted))
    #expect(script.verdict == .passed)
    #expect(script.outcome?.actions == 1)
  }

  /// A step that has pressed a checkbox, up to where its state was read until its time was over.
  private func pressed(
    _ settling: Settling = .quiet(after: .zero), then event: SessionEvent,
    rules: SessionPlan.Rules = .current
  ) -> Script {
    var plan = SessionPlan.of(.act("tick it"), patience: .seconds(2))
    plan.rules = rules
    var script = Script.prepared(plan)
    script.send(.interpreted(moves: [.toggle(Target("News"), isOn: true)]))
    script.send([.sees(1), .toggleFound(hit: .at(100, 50), isOn: false), .unchanged, .acted])
    script.send(.settled(settling: settling))
    guard script.verdict == nil else { return script }
    script.send([.sees(1), event])
    guard script.effect.name == "awaitChange" else { return script }
    script.send(.changed(didChange: false), after: .seconds(2))
    script.send([.sees(1), event])
    return script
  }

  @Test func `fails where a checkbox stays as it was`() {
    let script = pressed(then: .toggleFound(hit: .at(100, 50), isOn: false))
    #expect(script.verdict == .failed)
    #expect(script.reason.contains("“News” was pressed, and is still not checked"))
    #expect(script.outcome?.actions == 1, "it is not pressed again")
  }

  @Test func `an older recording does not look at a checkbox again`() {
    let script = pressed(then: .toggleFound(hit: .at(100, 50), isOn: false), rules: .eighth)
    #expect(script.verdict == .passed)
  }

  @Test func `a checkbox that takes itself away was pressed`() {
    #expect(pressed(then: .missing).verdict == .passed)
    #expect(pressed(.noEffect, then: .missing).verdict == .error)
  }

  @Test func `where the state cannot be told any more something must have changed`() {
    let unclear = SessionEvent.toggleFound(hit: .at(100, 50), isOn: nil)
    let changed = pressed(then: unclear)
    #expect(changed.verdict == .passed)
    #expect(changed.warnings.first?.contains("whether “News” is checked") == true)
    let same = pressed(.noEffect, then: unclear)
    #expect(same.verdict == .error)
    #expect(same.reason.contains("nothing on the screen changed"))
  }

  @Test(arguments: [true, false])
  func `leaves a checkbox alone that is as it should be`(wanted: Bool) {
    var script = Script.prepared(.of(.act("toggle it")))
    script.send(.interpreted(moves: [.toggle(Target("News"), isOn: wanted)]))
    script.send([.sees(1), .toggleFound(hit: .at(100, 50), isOn: wanted)])
    #expect(script.verdict == .passed)
    #expect(script.outcome?.actions == 0)
    #expect(
      script.notes.contains(
        .remark(text: "“News” is \(wanted ? "checked" : "not checked") already")))
  }

  @Test func `does not touch a checkbox whose state it cannot tell`() {
    var script = Script.prepared(.of(.act("toggle it")))
    script.send(.interpreted(moves: [.toggle(Target("News"), isOn: true)]))
    script.send([.sees(1), .toggleFound(hit: .at(100, 50), isOn: nil)])
    #expect(script.verdict == .error)
    #expect(script.reason.contains("cannot be told whether “News” is checked"))
    #expect(script.outcome?.actions == 0)
  }

  @Test func `says of a checkbox that is half ticked that it is`() {
    var script = Script.prepared(.of(.act("toggle it")))
    script.send(.interpreted(moves: [.toggle(Target("News"), isOn: true)]))
    script.send([.sees(1), .toggleFound(hit: .at(100, 50), isOn: nil, reason: "half ticked")])
    #expect(script.verdict == .error && script.reason.contains("half ticked"))
    #expect(script.outcome?.actions == 0)
  }

  @Test func `does not take a place for the state of a checkbox`() {
    var script = Script.prepared(.of(.act("toggle it")))
    script.send(.interpreted(moves: [.toggle(Target("News"), isOn: true)]))
    script.send([.sees(1), .found(100, 50)])
    #expect(script.verdict == .error)
    #expect(script.outcome?.actions == 0)
  }

  @Test func `opens a list before it chooses from it`() {
    var script = Script.prepared(.of(.act("select Red from Colour")))
    script.send(.interpreted(moves: [.select(option: Target("Red"), from: Target("Colour"))]))
    #expect(script.send(.sees(1)) == .locate(target: Target("Colour"), role: .field))
    script.send([.found(100, 50), .unchanged, .acted, .quiet])
    #expect(script.send(.sees(2)) == .locate(target: Target("Red"), role: .press))
    script.send([.found(100, 80), .unchanged, .acted, .quiet])
    #expect(script.verdict == .passed)
    #expect(script.outcome?.actions == 2)
    #expect(script.lanes == [.local])
  }

  @Test func `a step may ask for more quiet`() {
    var step = Step.click("A")
    step.settle = .seconds(2)
    var script = Script.prepared(.of(step))
    script.send([.sees(1), .found(50, 50), .unchanged, .acted])
    #expect(script.effect == .settle(quiet: .seconds(2)))
  }

  @Test func `does the moves of an act line one after another`() throws {
    let chord = try #require(KeyChord(parsing: "enter"))
    var script = Script.prepared(.of(.act("click A, wait and press Enter")))
    script.send(
      .interpreted(moves: [
        .point(.click, Target("A")), .wait(.time(.seconds(2))),
        .wait(.text(Template("B"), region: nil)),
        .press([chord]),
      ]))
    #expect(script.effect == .observe(settled: false))
    script.send([.sees(1), .found(100, 50), .unchanged, .acted])
    #expect(script.send(.quiet) == .pause(duration: .seconds(2)))
    #expect(script.send(.elapsed) == .observe(settled: false))
    #expect(script.send(.sees(2)) == .examine(leaves: [.shows("B")], since: 1))
    #expect(script.send(.reads(true)) == .observe(settled: false))
    #expect(script.send(.sees(3)) == .act(action: .press(chords: [chord])))
    script.send([.acted, .quiet])
    #expect(script.verdict == .passed)
    // A wait is no check.
    #expect(script.outcome?.checksHeld == 0)
    #expect(script.outcome?.isUnchecked == true)
  }

  @Test func `types a secret that an act line names, and no other`() {
    let goal = Template([.literal("type "), .secret("MINE"), .literal(" into Password")])
    var script = Script.prepared(.of(.the(.act(goal)), secrets: ["MINE", "OTHER"]))
    #expect(script.effect == .interpret(line: "type ‹MINE› into Password"))
    let text = Template([.secret("OTHER"), .literal("‹MINE›"), .secret("MINE")])
    script.send([.interpreted(moves: [.type(Typing(text: text))]), .sees(1)])
    let typed = Template([.literal("‹OTHER›"), .secret("MINE"), .secret("MINE")])
    #expect(script.effect == .act(action: .type(text: typed, clear: false, enter: false)))
  }

  @Test func `does not let the screen name a secret`() {
    let goal = Template([
      .literal("type "), .result("x"), .literal(" and "), .secret("PASSWORD"),
    ])
    var script = Script.prepared(
      .of(
        .the(.read(Reading(what: Template("x"))), as: "x"), .the(.act(goal)), secrets: ["PASSWORD"])
    )
    script.send([.sees(1), .readValues(values: ["‹PASSWORD›"])])
    #expect(script.effect == .interpret(line: "type <PASSWORD> and ‹PASSWORD›"))
  }

  @Test func `ends in an error when the line is understood by nobody`() {
    for moves: [Move]? in [nil, []] {
      var script = Script.prepared(.of(.act("juggle")))
      script.send(.interpreted(moves: moves))
      #expect(script.verdict == .error)
      #expect(script.reason.contains("does not understand “juggle” (no model: switched off)"))
    }
    var local = Script.prepared(.of(.act("juggle", lane: .local), model: .plain))
    local.send(.interpreted(moves: nil))
    #expect(local.verdict == .error)
    #expect(local.outcome?.modelCalls == 0)
  }

  @Test func `ends in an error when an act line finds no target, not in a failure`() {
    var script = Script.prepared(.of(.act("click A")))
    script.send([.interpreted(moves: [.point(.click, Target("A"))]), .sees(1)])
    script.send(.missing, after: .seconds(10))
    #expect(script.verdict == .error)
  }

  @Test func `says what kind of target it cannot look for`() {
    var script = Script.prepared(.of(.the(.point(.click, Target(.describe(Template("the bin")))))))
    script.send([.sees(1), .located(location: .unsupported(reason: "words are for a model"))])
    #expect(script.verdict == .error)
    #expect(script.reason.contains("words are for a model"))
  }
}

/// What was typed is looked for in its field.
struct ReadBackTests {
  private static func typing(
    _ text: Template = Template("alice"), enter: Bool = false, isShown: Bool = false
  ) -> Typing {
    Typing(text: text, into: Target("Name"), clear: true, enter: enter, isShown: isShown)
  }

  /// The step up to where its field is read.
  private func typed(
    _ typing: Typing = typing(), patience: Duration = .seconds(10)
  ) -> Script {
    var script = Script.prepared(.of(.the(.type(typing)), secrets: ["PIN"], patience: patience))
    script.send([.sees(1), .found(100, 50), .unchanged, .acted, .quiet, .sees(2), .seen(.changed)])
    script.send([.acted, .sees(3), .read(.matches), .sees(3), .acted, .quiet])
    #expect(script.effect == .observe(settled: false))
    script.send(.sees(3))
    #expect(script.effect == .readField(at: .on(100, 50), text: typing.text, isWhole: true))
    return script
  }

  @Test func `reads the field once where it shows the text`() {
    var script = typed()
    script.send(.fieldRead(reading: .matches))
    #expect(script.verdict == .passed)
    #expect(script.warnings.isEmpty)
    #expect(script.notes.contains(.remark(text: "the field shows what was typed")))
  }

  @Test func `fails with a difference that stays, and types nothing again`() {
    var script = typed(patience: .seconds(2))
    #expect(
      script.send(.fieldRead(reading: .differs(shown: "alic"))) == .awaitChange(upTo: .seconds(1)))
    script.send(.changed(didChange: false), after: .seconds(2))
    script.send([.sees(3), .fieldRead(reading: .differs(shown: "alic"))])
    #expect(script.verdict == .failed)
    #expect(script.reason.contains("“Name” shows “alic” after “alice” was typed into it"))
    #expect(script.outcome?.actions == 3)
  }

  @Test func `an older recording warns of a difference that stays`() {
    var plan = SessionPlan.of(.the(.type(Self.typing())))
    plan.rules = .seventh
    var script = Script.prepared(plan)
    script.send([.sees(1), .found(100, 50), .unchanged, .acted, .quiet, .sees(2), .seen(.changed)])
    script.send([.acted, .sees(3), .read(.matches), .sees(3), .acted, .quiet, .sees(3)])
    #expect(
      script.send(.fieldRead(reading: .differs(shown: "alic")))
        == .awaitChange(upTo: .milliseconds(500)))
    script.send(.changed(didChange: false), after: .milliseconds(500))
    script.send([.sees(3), .fieldRead(reading: .differs(shown: "alic"))])
    #expect(script.warnings == ["the field shows “alic”, not what was typed"])
    #expect(script.verdict == .passed)
  }

  @Test func `says nothing of a field that is only late, or cannot be read`() {
    var late = typed()
    late.send([.fieldRead(reading: .differs(shown: "al")), .changed(didChange: true), .sees(4)])
    late.send(.fieldRead(reading: .matches))
    #expect(late.verdict == .passed && late.warnings.isEmpty)
    var dark = typed()
    dark.send(.fieldRead(reading: .unknown(reason: "r", shown: "alic")))
    #expect(dark.verdict == .passed && dark.warnings.isEmpty)
  }

  @Test func `does not look where a tab may have left the field`() {
    var typing = Self.typing(Template("a\tb"))
    typing.clear = false
    var script = Script.prepared(.of(.the(.type(typing))))
    script.send([.sees(1), .found(100, 50), .unchanged, .acted, .quiet, .sees(2)])
    script.send([.seen(.changed), .acted])
    #expect(script.send(.quiet).name == "finish")
  }

  @Test func `presses Return only once the field shows the text`() {
    var script = typed(Self.typing(enter: true, isShown: true))
    script.send([.fieldRead(reading: .differs(shown: "al")), .changed(didChange: true), .sees(4)])
    script.send(.fieldRead(reading: .matches))
    script.send(.sees(4))
    #expect(script.effect == .act(action: .press(chords: [KeyChord(keys: ["enter"])])))
    script.send([.acted, .quiet])
    #expect(script.verdict == .passed)
  }

  @Test(arguments: [
    (FieldReading.differs(shown: "ALICE"), Verdict.failed, "“ALICE”"),
    (.unknown(reason: "it is blurred", shown: "alioe"), .error, "“alioe”"),
    (.unknown(reason: "it is blurred", shown: nil), .error, "it is blurred"),
  ])
  func `fails a step whose field does not come to show the text`(
    reading: FieldReading, verdict: Verdict, words: String
  ) {
    var script = typed(Self.typing(isShown: true), patience: .seconds(2))
    #expect(script.send(.fieldRead(reading: reading)) == .awaitChange(upTo: .seconds(1)))
    script.send(.changed(didChange: false), after: .seconds(2))
    script.send([.sees(3), .fieldRead(reading: reading)])
    #expect(script.verdict == verdict)
    #expect(script.reason.contains(words))
    #expect(script.warnings.isEmpty)
  }

  @Test func `tells a model what its text came to, with the next picture`() {
    var script = Script.prepared(.of(.act("sign in", lane: .model), model: .plain))
    script.send([.sees(1), .clicks(100, 50), .unchanged, .acted, .quiet, .sees(2)])
    script.send([.calls("type", ["text": "alice"]), .acted, .quiet, .sees(3)])
    #expect(
      script.effect == .readField(at: .on(100, 50), text: Template("alice"), isWhole: false))
    #expect(script.send(.fieldRead(reading: .differs(shown: "alic"))).name == "think")
    #expect(
      script.lastTold
        == "The screen after that. Read off the screen: the field shows “alic”, not what was typed."
    )
    // What cannot be told is not told.
    script.send([.calls("type", ["text": "e"]), .acted, .quiet, .sees(4)])
    script.send(.fieldRead(reading: .unknown(reason: "r", shown: "x")))
    #expect(script.lastTold == "The screen after that.")
    // A key that leaves the field leaves nothing to be read.
    script.send([.calls("key", ["text": "Tab"]), .acted, .quiet, .sees(5)])
    #expect(script.send([.calls("type", ["text": "b"]), .acted, .quiet, .sees(6)]).name == "think")
  }

  @Test func `decides an old recording as it was`() throws {
    var plan = SessionPlan.of(.the(.type(Self.typing())))
    plan.readsBack = false
    plan.provesTyping = false
    var script = Script.prepared(plan)
    script.send([.sees(1), .found(100, 50), .unchanged, .acted, .quiet, .sees(2), .acted, .quiet])
    #expect(script.verdict == .passed)
    // A plan of then has no word of this.
    var fields = try JournalEntry.started(plan: plan).fields()
    let old = try #require(fields["plan"]?.text)
      .replacing(#","readsBack":false"#, with: "").replacing(#","provesTyping":false"#, with: "")
      .replacing(#","isShown":false"#, with: "")
    #expect(!old.contains("readsBack") && !old.contains("isShown") && !old.contains("proves"))
    fields["plan"] = try JSON(parsing: old)
    let entry = try #require(
      try JournalEntry(type: "attempt.started", fields: .object(fields)))
    #expect(try Replay.decide([entry] + script.entries.dropFirst()).difference == nil)
  }
}
