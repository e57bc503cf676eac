import Props
import Hands
import JSONCoding
import Pixels
import Scenario

@testable import Session
@testable import Story

/// What a machine is told.
enum Input: Hashable, Sendable {
  case event(SessionEvent)
  case order(Order)

  /// The name of the event or the order, without what it carries.
  var name: String {
    switch self {
    case .event(let event): event.name
    case .order(let order): order.name
    }
  }
}

extension Script {
  /// Tells the machine of an event or an order, some time after the last one.
  @discardableResult
  mutating func take(_ input: Input, after pause: Duration = .zero) -> Effect {
    switch input {
    case .event(let event): send(event, after: pause)
    case .order(let order): self.order(order, after: pause)
    }
  }
}

/// Scenarios and events by chance, the same for the same seed.
struct World {
  var random: SeededRandom
  private var picture = 1
  /// Whether there is an application of ours, which may end.
  private let isWatched: Bool
  private let rules: SessionPlan.Rules
  /// Whether somebody is there who orders.
  private let isOrdered: Bool
  /// Whether a model may run commands on hosts.
  private let hasHost: Bool

  init(seed: UInt64, isWatched: Bool = false, isOrdered: Bool = false, hasHost: Bool = false) {
    random = SeededRandom(seed: seed)
    self.hasHost = hasHost
    self.isOrdered = isOrdered
    rules = seed % 5 == 0 ? .first : .current
    self.isWatched = isWatched
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  mutating func one<Value>(of values: Value...) -> Value {
    values[Int.random(in: 0..<values.count, using: &random)]
  }

  // MARK: - Scenarios

  mutating func plan() -> SessionPlan {
    var plan = SessionPlan.of(
      .note("x"), secrets: ["MINE", "OTHER"], model: chance(70) ? .plain : nil,
      isStrict: chance(10), patience: .seconds(one(of: 0, 2, 10)), isSupervised: chance(30))
    plan.testCase.scenario.limits = Limits(
      time: .seconds(300), steps: one(of: 0, 3, 60), modelCalls: one(of: 1, 5, 40),
      tokens: one(of: 50, 200_000))
    if chance(60) { plan.testCase.scenario.limits = Limits() }
    plan.rules = rules
    if isWatched { plan = plan.ofApplication(ends: one(of: nil, nil, true)) }
    if hasHost { plan = plan.permittingCommands(hasPerson: chance(50)) }
    plan.testCase.scenario.setup = steps(upTo: 1)
    plan.testCase.scenario.steps = steps(upTo: 4)
    plan.testCase.scenario.teardown = steps(upTo: 2)
    return plan
  }

  private mutating func steps(upTo count: Int) -> [Step] {
    (0..<Int.random(in: 0...count, using: &random)).map { _ in step(depth: 2) }
  }

  private mutating func step(depth: Int) -> Step {
    let left = template()
    let condition = Step.Condition(
      left: left, comparison: .equal, right: chance(80) ? left : template())
    return .the(
      kind(depth: depth), as: chance(30) ? "x" : nil, timeout: chance(30) ? .seconds(1) : nil,
      optional: chance(20), when: chance(15) ? condition : nil,
      retry: chance(20) ? Step.Retry(times: 1, every: .seconds(1)) : nil,
      lane: one(of: .auto, .auto, .auto, .local, .model))
  }

  private mutating func kind(depth: Int) -> Step.Kind {
    switch Int.random(in: 0..<(depth > 0 ? 15 : 14), using: &random) {
    case 0, 1: .act(template())
    case 2: .point(one(of: .click, .doubleClick, .hover), target())
    case 3: .drag(from: target(), to: target())
    case 4: .scroll(.down, notches: 3, at: chance(50) ? target() : nil)
    case 5: .type(typing())
    case 6: chance(50) ? .type(typing()) : .press([KeyChord(keys: ["ctrl", "s"])])
    case 7: .wait(wait())
    case 8, 9, 10: .expect(check(depth: 2))
    case 11: .read(Reading(what: Template("x"), matches: chance(30) ? "\\d+" : nil))
    case 12: .screenshot("x")
    case 13: one(of: .note(template()), .ssh(SSHCommand(run: Template("true"))))
    default: .group(name: "group", steps: [step(depth: depth - 1), step(depth: depth - 1)])
    }
  }

  private mutating func template() -> Template {
    Template([
      .literal(one(of: "a", "b", "")),
      one(of: .literal(""), .literal("c"), .secret("MINE"), .result("x")),
    ])
  }

  private mutating func target() -> Target {
    Target(
      one(of: .text(Template("A")), .at(x: 5, y: 5), .at(x: 5, y: 5000), .describe(Template("d"))))
  }

  private mutating func typing() -> Typing {
    Typing(
      text: chance(15) ? Template("05/22/2010") : template(), into: chance(80) ? target() : nil,
      clear: chance(40), enter: chance(10),
      isShown: chance(30))
  }

  private mutating func wait() -> Wait {
    one(
      of: .time(.seconds(1)), .text(Template("A"), region: nil),
      .absent(Template("A"), region: nil),
      .settled(.seconds(1)))
  }

  private mutating func check(depth: Int) -> Check {
    switch Int.random(in: 0..<(depth > 0 ? 10 : 7), using: &random) {
    case 0, 1: .shows("A")
    case 2:
      one(
        of: .absent(Template("A"), region: nil), .seen(Template("A"), region: nil, during: .step),
        .never(
          Template("A"), region: nil, during: one(of: .step, .case),
          watching: one(of: .zero, .seconds(1))),
        .text(Check.TextCheck(text: Template("A"), stays: .seconds(1))))
    case 3: .says("It is red", votes: one(of: 1, 1, 3))
    case 4: .holds
    case 5 where isWatched:
      one(
        of: .application(.running), .application(.ended(exit: one(of: nil, 0))),
        .log(Check.LogCheck(text: template())))
    case 5: one(of: .fails, .value(template(), .equals(Template("a"))))
    case 6:
      one(
        of: .shows("B"), .all([]), .compares("x", .lessThan(1)),
        .ssh(Check.SSHCheck(command: Template("true"))))
    case 7: .not(check(depth: depth - 1))
    case 8: .all([check(depth: depth - 1), check(depth: depth - 1)])
    default: .any([check(depth: depth - 1), check(depth: depth - 1)])
    }
  }

  // MARK: - Events

  /// What may become of the application now and then.
  mutating func application() -> ApplicationState? {
    guard isWatched, chance(3) else { return nil }
    return ApplicationState(
      isRunning: chance(20), end: one(of: .exited(0), .exited(0), .exited(3), .signaled(11)),
      ago: .milliseconds(one(of: 0, 500)), lastLines: one(of: [], ["so"]))
  }

  /// What may well happen when the machine wants this.
  mutating func answer(to effect: Effect) -> SessionEvent {
    // Fields are read seldom enough for some of what may go wrong there not to happen.
    switch effect {
    case .readField, .seeField, .authorise, .permit: if chance(20) { return trouble() }
    default: break
    }
    if chance(3) { return trouble() }
    switch effect {
    case .prepare: return .prepared(size: .screen, description: "test")
    case .observe: return .observed(frame: nextPicture())
    case .interpret: return .interpreted(moves: chance(60) ? moves() : nil)
    case .locate(_, .toggle):
      return chance(80) ? .toggleFound(hit: .at(50, 50), isOn: one(of: true, false, nil)) : .missing
    case .locate: return .located(location: location())
    case .think: return reply()
    case .compare: return .compared(isUnchanged: chance(85))
    case .authorise, .permit: return .authorised(refusal: chance(15) ? "no" : nil)
    case .act: return .acted
    case .run: return .ran(result: commandResult())
    case .settle:
      return .settled(
        settling: one(of: .quiet(after: .zero), .noEffect, .timedOut, .feedback))
    case .examine(let leaves, _):
      return .examined(
        readings: leaves.map { _ in
          LeafReading(holds: chance(60), measured: "so", read: account())
        })
    case .readPast: return .pastRead(past: past())
    case .judge(_, let votes, _, let vote): return judgement(vote == nil ? votes : 1)
    case .read: return .readValues(values: one(of: [], ["a"], ["a", "7"], ["‹MINE›"]))
    case .seeField: return .fieldSeen(sight: sight())
    case .readField: return .fieldRead(reading: fieldReading(), sight: sight())
    case .keepPicture: return .pictureKept(frame: nextPicture())
    case .awaitChange: return .changed(didChange: chance(50))
    case .pause: return .elapsed
    case .recover: return chance(20) ? trouble() : .recovered(size: .screen)
    case .hold: return .interrupted
    case .finish: return .elapsed
    }
  }

  // MARK: - Orders

  /// What comes next: mostly what may well happen; of an attempt that is held, what a person orders.
  mutating func input(to script: Script) -> Input {
    if script.effect == .hold {
      return chance(2) ? .event(one(of: .interrupted, .fails(.harness))) : .order(order(script))
    }
    if isOrdered, chance(8) { return .order(order(script)) }
    return .event(answer(to: script.effect))
  }

  /// An order, sensible or not.
  private mutating func order(_ script: Script) -> Order {
    let index = Int.random(in: -1...4, using: &random)
    if script.effect == .hold, !isOrdered { return .goOn(until: nil) }
    if script.effect == .hold, chance(60) {
      return .goOn(until: one(of: nil, nil, .step, .action, .effect))
    }
    if chance(50) { return .hold }
    return one(
      of: .hold, .goOn(until: nil), .holdBefore(steps: [index]),
      .holdOnFailure(chance(70)), .skip, .retry, .rewind(to: index),
      .replace(step: index, with: step(depth: 0)), .insert(step(depth: 0)),
      .setResult(name: "x", value: "7"),
      .reattached(size: .screen))
  }

  /// Any event at all.
  mutating func anything() -> SessionEvent {
    let events =
      Self.oneOfEach + [
        trouble(), reply(), judgement(one(of: 0, 1, 3)), .located(location: location()),
        .observed(frame: nextPicture()), .compared(isUnchanged: false),
        .examined(readings: []), .interpreted(moves: moves()),
      ]
    return events[Int.random(in: 0..<events.count, using: &random)]
  }

  /// One event of each kind.
  static let oneOfEach: [SessionEvent] = [
    .prepared(size: .screen, description: "test"), .sees(1),
    .interpreted(moves: [.point(.click, Target("A"))]), .missing,
    .toggleFound(hit: .at(50, 50), isOn: true), .clicks(50, 50), .compared(isUnchanged: true),
    .authorised(refusal: nil), .acted, .ran(result: CommandResult(ending: .exited(0))), .quiet,
    .reads(true), .past(true), .votes("yes"),
    .readValues(values: ["a"]), .fieldSeen(sight: FieldSight(change: .changed)),
    .fieldRead(reading: .matches, sight: FieldSight(change: .changed)),
    .pictureKept(frame: .number(1)),
    .changed(didChange: true),
    .elapsed, .recovered(size: .screen), .fails(.model), .limitReached, .interrupted,
  ]

  private mutating func trouble() -> SessionEvent {
    one(
      of: .interrupted, .limitReached, .fails(.screen, transient: true), .fails(.screen),
      .fails(.model), .fails(.perception),
      .failed(fault: Fault(.screen, "it is gone", isTransient: true, wasNotDone: true)))
  }

  private mutating func commandResult() -> CommandResult {
    CommandResult(
      ending: one(
        of: .exited(0), .exited(0), .exited(0), .exited(1), .signalled("KILL"), .unknown,
        .timedOut(.seconds(1)), .tooMuchOutput),
      stdout: one(of: "", "7\n", "{\"a\":[1]}"))
  }

  private mutating func nextPicture() -> FrameReference {
    if chance(60) { picture += 1 }
    return .number(picture)
  }

  private mutating func fieldReading() -> FieldReading {
    one(
      of: .matches, .differs(shown: "b"), .differs(shown: nil), .unknown(reason: "r", shown: nil),
      .unknown(reason: "r", shown: "b"))
  }

  private mutating func sight() -> FieldSight {
    FieldSight(
      change: one(of: .changed, .changed, .changed, .same, .elsewhere, .gone), isField: chance(80),
      isTouched: chance(80), hasInk: chance(70), isPale: chance(20), isSegmented: chance(30))
  }

  private mutating func account() -> ReadAccount? {
    let box = PixelRect(x: 5, y: 5, width: 20, height: 10)
    return one(
      of: nil, ReadAccount(sure: 9, doubtful: 0, unread: 0, places: []),
      ReadAccount(
        sure: 9, doubtful: 2, unread: 200,
        places: [ReadAccount.Place(box: box, cause: "symbol")]))
  }

  private mutating func past() -> PastReading {
    let moments = [
      LeafReading(holds: chance(50), doubt: chance(30) ? "blurred" : nil, measured: "so")
    ]
    return PastReading(
      moments: chance(50)
        ? moments.map { PastReading.Moment(reading: $0, age: .milliseconds(300)) } : [],
      pictures: 3, isWhole: chance(90), read: account())
  }

  private mutating func location() -> Location {
    one(
      of: .found(.at(50, 50)), .found(.at(50, 50)), .found(.at(60, 60)),
      .found(.at(60, 60)), .missing(closest: ["B"]),
      .ambiguous([.at(1, 1), .at(9, 9)]), .unsupported(reason: "no"), .found(.at(5000, 5000)))
  }

  private mutating func moves() -> [Move] {
    (0...Int.random(in: 0...2, using: &random)).map { _ in
      one(
        of: .point(.click, target()), .drag(from: target(), to: target()),
        .scroll(.up, notches: 1, at: nil), .type(typing()),
        .type(Typing(text: Template("‹MINE›‹OTHER›"))), .press([KeyChord(keys: ["enter"])]),
        .wait(wait()), .toggle(target(), isOn: true), .select(option: target(), from: target()))
    }
  }

  private mutating func reply() -> SessionEvent {
    guard chance(25) else { return oneCall() }
    let all = (0..<one(of: 2, 3, 20)).flatMap { _ -> [ToolRequest] in
      if case .replied(let reply) = oneCall() { reply.calls } else { [] }
    }
    return .replied(reply: ModelReply(text: one(of: "", "So."), calls: all, promptTokens: 10))
  }

  private mutating func oneCall() -> SessionEvent {
    if hasHost, chance(40) {
      return .runs(one(of: ["ls"], ["ls", "/etc"], ["touch", "x"], ["rm", "x"], [], ["id"]))
    }
    return switch Int.random(in: 0..<10, using: &random) {
    case 0, 1, 2: .clicks(one(of: 5, 50), 50)
    case 3: .calls("type", ["text": .string(one(of: "a", "‹MINE›", "‹OTHER›"))])
    case 4:
      .calls("left_click_drag", ["start_coordinate": [1, 1], "coordinate": [50, 50]])
    case 5: .calls(one(of: "wait", "screenshot", "juggle", "scroll"))
    case 6: .says("Hm.")
    case 7: one(of: .replied(reply: ModelReply(isComplete: false)), .clicks(9999, 1))
    default: .ends(one(of: "success", "success", "failure", "blocked"))
    }
  }

  private mutating func judgement(_ votes: Int) -> SessionEvent {
    let answers = (0..<max(0, votes)).map { _ in one(of: "yes", "yes", "no", "no", "unclear") }
    return .judged(
      replies: answers.map { ModelReply(text: #"{"evidence":"e","answer":"\#($0)"}"#) })
  }
}

extension SessionEvent {
  /// The name of the event, without what it carries.
  var name: String {
    switch self {
    case .prepared: "prepared"
    case .observed: "observed"
    case .interpreted: "interpreted"
    case .located: "located"
    case .toggleFound: "toggleFound"
    case .replied: "replied"
    case .compared: "compared"
    case .authorised: "authorised"
    case .acted: "acted"
    case .ran: "ran"
    case .settled: "settled"
    case .examined: "examined"
    case .pastRead: "pastRead"
    case .judged: "judged"
    case .readValues: "readValues"
    case .fieldSeen: "fieldSeen"
    case .fieldRead: "fieldRead"
    case .pictureKept: "pictureKept"
    case .changed: "changed"
    case .elapsed: "elapsed"
    case .recovered: "recovered"
    case .failed: "failed"
    case .limitReached: "limitReached"
    case .interrupted: "interrupted"
    }
  }
}

extension Order {
  /// The name of the order, without what it carries.
  var name: String {
    switch self {
    case .hold: "hold"
    case .goOn: "goOn"
    case .holdBefore: "holdBefore"
    case .holdOnFailure: "holdOnFailure"
    case .skip: "skip"
    case .retry: "retry"
    case .rewind: "rewind"
    case .replace: "replace"
    case .insert: "insert"
    case .setResult: "setResult"
    case .reattached: "reattached"
    }
  }
}
