import Hands
import JSONCoding
import Pixels
import Policy
import Scenario
import Testing

@testable import Session
@testable import Story

/// What goes into the journal comes out of it as it was, or not at all.
struct JournalEntryTests {
  private static let rect = PixelRect(x: -3, y: 0, width: 40, height: 5)
  private static let target = Target(
    .text(Template([.literal("A "), .secret("S"), .result("x.y")])), exact: true, nth: 2,
    near: Template("n"), leftOf: Template("l"), rightOf: Template("r"), above: Template("a"),
    below: Template("b"), region: .pixels(x: 1, y: 2, width: 3, height: 4))
  private static let chord = KeyChord(keys: ["ctrl", "é"])
  private static let typing = Typing(text: Template("t"), into: target, clear: true, enter: true)
  private static let times: [Duration] = [
    .zero, .nanoseconds(1), .nanoseconds(9_223_372_036_854_775), .nanoseconds(12_345_678_901),
    .seconds(86_400) + .nanoseconds(1), Duration(secondsComponent: 0, attosecondsComponent: 1),
    .seconds(0.1), .seconds(1.0 / 3), .nanoseconds(-5),
  ]

  private static let actions: [Action] = [
    .click(at: .on(1, 2), button: .middle, count: 3, modifiers: ["shift"]), .move(to: .on(0, 0)),
    .drag(path: [.on(1, 1), .on(999, 499)]),
    .drag(
      path: [.on(1, 1), .on(2, 2), .on(9, 9)], button: .right, modifiers: ["alt"],
      hold: .milliseconds(300)),
    .click(at: .on(1, 2), button: .back, count: 1, modifiers: [], hold: .seconds(1)),
    .scroll(at: .on(5, 5), direction: .right, notches: 1, modifiers: ["ctrl"]),
    .press(chords: [chord], manner: .hold(.seconds(2))), .press(chords: [chord], manner: .down),
    .press(chords: [chord], manner: .up),
    .type(text: typing.text, clear: false, enter: true, isPasted: true),
    .scroll(at: .on(5, 5), direction: .left, notches: -3), .press(chords: [chord]),
    .type(text: typing.text, clear: true, enter: false),
  ]

  private static let waits: [Wait] = [
    .time(.milliseconds(1)), .text(Template("a"), region: .named(.topHalf)),
    .absent(Template(""), region: nil), .settled(.seconds(1)),
  ]

  private static let moves: [Move] =
    [
      .point(
        .click, target,
        Manner(button: .forward, times: 2, with: ["ctrl"], hold: .seconds(1), via: [target])),
      .drag(from: target, to: target, manner: Manner(via: [target])),
      .scroll(.left, notches: 1, at: nil, manner: Manner(with: ["shift"])),
      .press([chord], .hold(.seconds(1))), .press([chord], .down),
      .point(.hover, target), .drag(from: target, to: Target(.at(x: .max, y: .min))),
      .scroll(.up, notches: 5, at: Target(.image("p.png", Likeness(0.95, anySize: true)))),
      .type(typing),
      .press([chord]), .toggle(Target(.describe(Template("d"))), isOn: false),
      .select(option: target, from: nil),
    ] + waits.map(Move.wait)

  private static let checks: [Check] = [
    .text(Check.TextCheck(text: nil, matches: "\\d", region: .named(.center), count: 3)),
    .absent(Template("a"), region: nil),
    .image(path: "p", Likeness(0.5, anyColor: true), region: nil),
    .unchanged(Check.Baseline(name: "b", tolerance: 0.001, ignore: [.named(.left)])),
    .says("s", votes: 3),
    .ssh(Check.SSHCheck(command: Template("c"), exit: 1, stdout: Template("o"), matches: "m")),
    .compares("v", .equals(Template("a"))), .compares("v", .notEquals(Template("a"))),
    .compares("v", .matches("a")), .compares("v", .contains(Template("a"))),
    .compares("v", .lessThan(0.1)), .compares("v", .greaterThan(-1e300)),
    .not(.any([.all([]), .holds])),
  ]

  static let events: [SessionEvent] =
    World.oneOfEach
    + [
      .interpreted(moves: nil), .interpreted(moves: moves),
      .located(location: .ambiguous([.at(5, 5)])),
      .located(location: .found(Hit(text: "é\u{0}\n", box: rect, score: 0.1))),
      .located(location: .unsupported(reason: "r")), .toggleFound(hit: .at(1, 1), isOn: nil),
      .toggleFound(hit: .at(1, 1), isOn: nil, reason: "r"),
      .located(location: .missing(closest: ["c"], reason: "r", nearest: [.at(1, 1)])),
      .readValues(values: ["v"], found: [ReadValue(text: "v", box: rect, label: 2, doubt: "d")]),
      .pastRead(past: PastReading(moments: [], pictures: 1, isWhole: false)),
      .pastRead(
        past: PastReading(
          moments: [
            PastReading.Moment(
              reading: LeafReading(holds: true, measured: "m", region: rect), age: .seconds(1))
          ], pictures: 9, isWhole: true,
          read: ReadAccount(sure: 1, doubtful: 2, unread: 3, places: []))),
      .authorised(refusal: "no"), .settled(settling: .animated([rect])),
      .settled(settling: .timedOut), .settled(settling: .noEffect), .readValues(values: []),
      .fieldRead(reading: .differs(shown: "é")), .fieldRead(reading: .differs(shown: nil)),
      .fieldRead(reading: .unknown(reason: "r", shown: nil)),
      .fieldSeen(
        sight: FieldSight(
          change: .elsewhere, isField: false, isTouched: false, hasInk: false, isPale: true,
          isSegmented: true)),
      .fieldRead(reading: .unknown(reason: "r", shown: "s")),
      .examined(readings: [LeafReading(holds: false, measured: "m", region: rect)]),
      .replied(
        reply: ModelReply(
          text: "t", reasoning: "r",
          calls: [ToolRequest(id: "i", name: "n", arguments: "{\"a\":\"\\u0000\"}")],
          isComplete: false, model: "m", promptTokens: .max, cachedTokens: -1, completionTokens: 3,
          duration: .seconds(75) + .nanoseconds(3),
          sent: SentRequest(
            model: "m", modelDigest: "sha256:1", temperature: 0.7, seed: 2, maximumTokens: 10,
            picturesLeftOut: 1, messagesLeftOut: 2, digest: "d", blob: "b"))),
      .observed(frame: FrameReference(blob: "", size: .screen, sequence: UInt64(Int.max))),
      .ran(
        result: CommandResult(
          ending: .signalled("KILL"), stdout: "é\u{0}", stderr: "e", dropped: 9, isText: false,
          time: .seconds(2))),
      .ran(result: CommandResult(ending: .timedOut(.seconds(3)))),
      .ran(result: CommandResult(ending: .unknown)),
      .ran(result: CommandResult(ending: .tooMuchOutput)),
    ] + Fault.Domain.allCases.map { .fails($0, transient: $0 == .screen) }
    + times.map { .settled(settling: .quiet(after: $0)) }

  static let effects: [Effect] =
    [
      .run(command: SSHCommand(run: Template("true"))),
      .run(
        command: SSHCommand(
          run: Template("a b"), arguments: [Template("a"), Template("b")], exit: 3,
          input: Template([.secret("S")]), environment: ["B": Template("2"), "A": Template("1")],
          host: "db", limit: .seconds(5))),
      .permit(command: SSHCommand(run: Template("ls"), largestOutput: 9), reason: "r"),
      .think(role: "r", appended: [], digest: "d", tools: ToolName.allCases),
      .prepare, .observe(settled: true), .interpret(line: "l"),
      .locate(target: target, role: .field),
      .think(
        role: "r",
        appended: [
          Message(
            role: .assistant, parts: [.text("a"), .image(.number(1))],
            calls: [ToolRequest(id: "1", name: "n", arguments: "{}")]),
          Message(role: .tool, parts: [], callID: "1"),
        ], digest: "d"),
      .compare(patch: rect), .settle(quiet: nil), .examine(leaves: checks, since: 0),
      .judge(statement: "s", votes: 3, digest: "d"), .read(what: "w", region: .named(.right)),
      .read(what: "w", region: nil, near: "n"),
      .readField(at: .on(5, 6), text: typing.text, isWhole: true),
      .seeField(at: .on(5, 6)),
      .readPast(leaf: .shows("A"), since: 7, isWanted: false), .keepPicture(name: "n"), .recover,
      .hold,
      .finish(
        outcome: Outcome(
          ending: Ending(.timedOut, "r"), checksHeld: 1, isUnchecked: true, actions: 2,
          modelCalls: 3, tokens: 4)),
    ] + actions.flatMap { [.act(action: $0), .authorise(action: $0)] }
    + times.flatMap { [.pause(duration: $0), .awaitChange(upTo: $0), .settle(quiet: $0)] }

  static let notes: [Note] =
    [
      .ruled(ruling: CommandRuling(command: "ls", decision: .allow, reason: "r")),
      .ruled(
        ruling: CommandRuling(
          command: "rm", host: "h", thought: "t", decision: .deny, rule: "i", reason: "r")),
      .stepStarted(
        step: StepInfo(
          index: 1, phase: .teardown, groups: ["g"], title: "t", keyword: "k",
          location: SourceLocation(file: "f", line: 1))),
      .laneTaken(lane: .model, reason: "r"), .rejected(reason: "r"),
      .checked(
        evidence: Evidence(
          expected: "e", measured: "m", holds: true, regions: [rect], frame: .number(3))),
      .said(text: "\u{2028}"), .valueRead(name: "n", value: "v"), .remark(text: "r"),
      .warning(text: "w"),
    ]
    + actions.map {
      .proposed(
        proposal: Proposal(
          lane: .local, thought: "t", action: $0, target: .at(5, 5), frame: .number(1)))
    }
    + Verdict.allCases.map {
      .stepFinished(step: 0, ending: Ending($0), duration: times[4])
    }

  static let orders: [Order] =
    [
      .hold, .holdBefore(steps: [0, 7]), .holdOnFailure(true), .skip, .retry, .rewind(to: 3),
      .replace(step: 1, with: .the(.type(typing), as: "x", lane: .local)),
      .insert(.the(.type(typing), as: "x")),
      .setResult(name: "x", value: "‹S›"), .reattached(size: .screen), .goOn(until: nil),
    ] + Order.Boundary.allCases.map { .goOn(until: $0) }

  private func again(_ entry: JournalEntry) throws -> JournalEntry? {
    let line = JSON.object(try entry.fields()).bytes
    return try JournalEntry(type: entry.type, fields: try JSON(parsing: line, maximumDepth: 160))
  }

  /// What older versions wrote, which said less.
  @Test(arguments: [
    (
      #"{"located":{"location":{"missing":{"closest":["a"]}}}}"#,
      SessionEvent.located(location: .missing(closest: ["a"]))
    ),
    (#"{"readValues":{"values":["a"]}}"#, .readValues(values: ["a"])),
    (
      #"{"toggleFound":{"hit":{"text":"","box":{"x":90,"y":45,"width":20,"height":10},"score":1},"isOn":true}}"#,
      .toggleFound(
        hit: Hit(text: "", box: PixelRect(x: 90, y: 45, width: 20, height: 10)), isOn: true)
    ),
  ])
  func `reads what older versions recorded`(text: String, event: SessionEvent) throws {
    let new = JournalEntry.event(event, at: .zero)
    var fields = try new.fields()
    fields["event"] = try JSON(parsing: Array(text.utf8))
    let entry = try JournalEntry(type: new.type, fields: .object(fields))
    #expect(entry == new)
  }

  @Test func `keeps every event, at its time`() throws {
    for (index, event) in Self.events.enumerated() {
      let entry = JournalEntry.event(event, at: Self.times[index % Self.times.count])
      #expect(try again(entry) == entry)
    }
    #expect(Set(Self.events.map(\.name)).count == 24)
  }

  @Test func `keeps every order, at its time`() throws {
    for (index, order) in Self.orders.enumerated() {
      let entry = JournalEntry.order(order, at: Self.times[index % Self.times.count])
      #expect(try again(entry) == entry)
    }
    #expect(Set(Self.orders.map(\.name)).count == 11)
  }

  @Test func `keeps every effect`() throws {
    for effect in Self.effects {
      #expect(try again(.effect(effect)) == .effect(effect))
    }
    #expect(Set(Self.effects.map(\.name)).count == 23)
  }

  @Test func `keeps every note`() throws {
    for note in Self.notes { #expect(try again(.note(note)) == .note(note)) }
  }

  @Test func `keeps plans as they come`() throws {
    for seed in 0..<300 as Range<UInt64> {
      var world = World(seed: seed)
      let plan = world.plan()
      #expect(try again(.started(plan: plan)) == .started(plan: plan))
    }
    #expect(try again(.started(plan: Self.fullPlan)) == .started(plan: Self.fullPlan))
  }

  /// A plan with all that one can hold.
  static let fullPlan: SessionPlan = {
    var plan = SessionPlan.of(.the(.group(name: "g", steps: checks.map(Step.expect))))
    plan.testCase.scenario.target = TargetSpec(
      screen: .vnc(address: Template("vnc://h"), password: Template([.secret("P")])),
      ssh: TargetSpec.SSHHost(url: Template("ssh://h"), usesAgent: true))
    plan.testCase.scenario.limits.time = times[5]
    plan.model = ModelProfile(unit: .fractions, order: .yx, image: ImageRule(fixed: .screen))
    plan.testCase.matrix = [Case.MatrixValue(name: "lang", value: "en")]
    return plan
  }()

  @Test func `keeps whole attempts as they were`() throws {
    for seed in 0..<60 as Range<UInt64> {
      var world = World(seed: seed)
      var script = Script(world.plan())
      for _ in 0..<200 where script.outcome == nil {
        let pause = Duration.nanoseconds(Int64.random(in: 0...3_000_000_000, using: &world.random))
        script.send(world.answer(to: script.effect), after: pause)
      }
      let entries = try script.entries.map { try again($0) }
      #expect(entries == script.entries, "seed \(seed)")
      let result = try Replay.decide(entries.compactMap { $0 })
      #expect(result.difference == nil, "seed \(seed)")
      #expect(result.isCutShort == (script.outcome == nil))
    }
  }

  @Test func `knows no other lines`() throws {
    #expect(try JournalEntry(type: "case.started", fields: [:]) == nil)
    for type in ["attempt.started", "event", "note", "effect"] {
      #expect(throws: (any Error).self) { try JournalEntry(type: type, fields: [:]) }
      #expect(throws: (any Error).self) { try JournalEntry(type: type, fields: []) }
    }
  }

  @Test(arguments: [
    #"{"prepared":{"size":{"width":0,"height":5},"description":""}}"#,
    #"{"prepared":{"size":{"width":9223372036854775807,"height":9223372036854775807},"description":""}}"#,
    #"{"observed":{"frame":{"blob":"","size":{"width":1,"height":1},"sequence":-1}}}"#,
    #"{"observed":{"frame":{"blob":"","size":{"width":1,"height":1},"sequence":1e300}}}"#,
    #"{"located":{"location":{"found":{"_0":{"text":"","score":1,"box":{"x":9223372036854775807,"y":0,"width":9,"height":9}}}}}}"#,
    #"{"settled":{"settling":{"quiet":{"after":[9223372036854775807,0]}}}}"#,
    #"{"settled":{"settling":{"quiet":{"after":[-9223372036854775808,-9223372036854775808]}}}}"#,
    #"{"settled":{"settling":{"animated":{"_0":[{"x":0,"y":0,"width":-9223372036854775808,"height":1}]}}}}"#,
    #"{"acted":{},"elapsed":{}}"#, #"{"exploded":{}}"#, #""acted""#, "null", "5", "[]", "{}",
  ])
  func `refuses events that would trap later`(text: String) throws {
    let fields: JSON = ["at": [0, 0], "event": try JSON(parsing: text)]
    #expect(throws: (any Error).self) { try JournalEntry(type: "event", fields: fields) }
  }

  @Test(arguments: ["[9223372036854775807,0]", "[0,-9223372036854775808]", "[1e300,0]", "-1", "[]"])
  func `refuses times that would trap later`(text: String) throws {
    let fields: JSON = ["at": try JSON(parsing: text), "event": ["acted": [:]]]
    #expect(throws: (any Error).self) { try JournalEntry(type: "event", fields: fields) }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `survives a journal with changed numbers`(seed: UInt64) throws {
    var world = World(seed: seed)
    var script = Script(world.plan())
    for _ in 0..<60 where script.outcome == nil { script.send(world.answer(to: script.effect)) }
    let absurd = [
      "9223372036854775807", "-9223372036854775808", "1e300", "-1", "0", "16384",
      "4611686018427387904",
    ]
    var entries: [JournalEntry] = []
    for entry in script.entries {
      var text = JSON.object(try entry.fields()).text
      if world.chance(40) {
        text = text.replacingNumber(
          Int.random(in: 0..<60, using: &world.random),
          with: absurd[Int.random(in: 0..<absurd.count, using: &world.random)])
      }
      guard let fields = try? JSON(parsing: text, maximumDepth: 160),
        let read = try? JournalEntry(type: entry.type, fields: fields)
      else { continue }
      entries.append(read)
    }
    // Whatever it comes to, it comes back.
    _ = try? Replay.decide(entries)
  }
}

extension String {
  /// The text with its number `index` (counted round) replaced.
  fileprivate func replacingNumber(_ index: Int, with number: String) -> String {
    var pieces: [String] = []
    var isNumber = false
    var isInString = false
    for character in self {
      if character == "\"" { isInString.toggle() }
      let belongs = !isInString && (character.isASCII && character.isNumber || character == "-")
      if belongs != isNumber || pieces.isEmpty { pieces.append("") }
      isNumber = belongs
      pieces[pieces.count - 1].append(character)
    }
    let places = pieces.indices.filter {
      pieces[$0].last?.isNumber == true && Int(pieces[$0]) != nil
    }
    guard !places.isEmpty else { return self }
    pieces[places[index % places.count]] = number
    return pieces.joined()
  }
}
