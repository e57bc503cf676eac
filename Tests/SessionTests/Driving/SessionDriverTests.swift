import JSONCoding
import Pixels
import Scenario
import Synchronization
import Props
import Testing

@testable import Driving
@testable import Session
@testable import Story

/// The driver does what the machine wants, within limits, and writes it all down.
@Suite(.timeLimit(.minutes(5)))
struct SessionDriverTests {
  /// A scenario and the calls that it comes to, in order, up to the one that is tried.
  struct Way: Sendable, CustomTestStringConvertible {
    let calls: [String]
    let plan: SessionPlan
    var testDescription: String { calls.joined(separator: ", ") }
    var last: String { calls.last ?? "" }
  }

  private static let clean = Step.the(.press([KeyChord(keys: ["f1"])]))

  private static func way(
    _ calls: String..., to step: Step, model: ModelProfile? = nil, isSupervised: Bool = false
  ) -> Way {
    Way(
      calls: ["prepare"] + calls,
      plan: .of(step, teardown: [clean], model: model, isSupervised: isSupervised))
  }

  /// A way to each call of each port.
  static let ways: [Way] = [
    way("frame", to: .click("A")), way("frame", "locate", to: .click("A")),
    way("frame", "locate", "compare", to: .click("A")),
    way("frame", "locate", "compare", "click at 50,50", to: .click("A")),
    way("frame", "locate", "compare", "click at 50,50", "settle", to: .click("A")),
    way("frame", "toggle", to: .act("tick A")), way("frame", "examine", to: .expect(.shows("A"))),
    way("frame", "examine", "await change", to: .expect(.not(.shows("A")))),
    way("frame", "read", to: .the(.read(Reading(what: Template("x"))))),
    way("frame", to: .the(.screenshot("s"))),
    way("settled frame", "think", to: .act("Sign in"), model: .plain),
    way("settled frame", "judge", to: .expect(.says("It is red")), model: .plain),
    way("hold", to: .click("A"), isSupervised: true),
    way("hold", "frame", "locate", "compare", "authorise", to: .click("A"), isSupervised: true),
  ]

  // MARK: - In order

  @Test func `does one thing after another and closes the target`() async {
    let rig = Rig()
    let outcome = await rig.run(.of(.click("A"), .expect(.shows("B"))))
    #expect(outcome == Outcome(ending: .passed, checksHeld: 1, actions: 1))
    #expect(
      rig.board.calls == [
        "prepare", "frame", "locate", "compare", "click at 50,50", "settle", "frame", "examine",
        "close",
      ])
    #expect(!rig.board.overlapped)
  }

  @Test func `writes each event before what follows from it`() async throws {
    let rig = Rig()
    let plan = SessionPlan.of(.click("A"), .expect(.shows("B")), teardown: [Self.clean])
    let outcome = await rig.run(plan)
    let entries = rig.record.entries
    #expect(entries.first == .started(plan: plan))
    #expect(entries.last == .effect(.finish(outcome: outcome)))
    var hasEffect = false
    for entry in entries.dropFirst() {
      switch entry {
      case .started: Issue.record("it began twice")
      case .event:
        #expect(hasEffect)
        hasEffect = false
      case .application, .output, .order: Issue.record("nobody orders, and there is no application")
      case .note: #expect(!hasEffect)
      case .effect:
        #expect(!hasEffect)
        hasEffect = true
      }
    }
    let replayed = try Replay.decide(entries)
    #expect(replayed.difference == nil)
    #expect(!replayed.isCutShort)
  }

  @Test(arguments: ways)
  func `comes to each call`(way: Way) async {
    let rig = Rig()
    rig.board.say(
      replies: [
        ModelReply(
          text: #"{"evidence":"e","answer":"yes"}"#,
          calls: [
            ToolRequest(
              id: "1", name: "computer", arguments: #"{"action":"terminate","status":"success"}"#)
          ])
      ], readings: [true, false])
    _ = await rig.run(way.plan)
    #expect(Array(rig.board.calls.prefix(way.calls.count)) == way.calls)
    #expect(rig.board.calls.contains("press f1"))
    #expect(rig.board.calls.last == "close")
    #expect(!rig.board.overlapped)
  }

  @Test func `gives the model the whole conversation`() async {
    let rig = Rig()
    let call = ToolRequest(id: "7", name: "computer", arguments: #"{"action":"screenshot"}"#)
    let end = ToolRequest(
      id: "8", name: "computer", arguments: #"{"action":"terminate","status":"success"}"#)
    rig.board.say(replies: [ModelReply(calls: [call]), ModelReply(calls: [end])])
    _ = await rig.run(.of(.act("Sign in"), model: .plain))
    let heard = rig.board.conversations
    #expect(heard.map(\.count) == [2, 5])
    #expect(heard.last?.map(\.role) == [.system, .user, .assistant, .tool, .user])
  }

  @Test func `asks the judge for votes until most agree`() async {
    let rig = Rig()
    rig.board.say(replies: [ModelReply(text: #"{"evidence":"e","answer":"yes"}"#)])
    let outcome = await rig.run(.of(.expect(.says("It is red", votes: 3)), model: .plain))
    #expect(outcome.ending == .passed)
    #expect(outcome.modelCalls == 2)
    #expect(rig.board.calls.filter { $0 == "judge" }.count == 2)
    #expect(Set(rig.board.conversations).count == 1)
  }

  // MARK: - Faults

  @Test(arguments: ways)
  func `turns a fault into an event and tears down`(way: Way) async {
    guard way.last != "hold", way.last != "authorise" else { return }
    let rig = Rig()
    rig.board.say(readings: [true, false])
    let fault = Fault(.perception, "it broke")
    rig.board.next(way.last, .fails(fault))
    let outcome = await rig.run(way.plan)
    #expect(outcome.ending.verdict == .error)
    #expect(rig.events.contains(.failed(fault: fault)))
    #expect(rig.board.calls.contains("press f1"))
    #expect(rig.board.calls.last == "close")
  }

  @Test func `closes a target that did not come up`() async {
    let rig = Rig()
    rig.board.next("prepare", .fails(Fault(.screen, "no display")))
    let outcome = await rig.run(.of(.click("A"), teardown: [Self.clean]))
    #expect(outcome.ending == Ending(.error, "no display"))
    #expect(rig.board.calls == ["prepare", "close"])
  }

  @Test func `brings a lost screen back`() async {
    let rig = Rig()
    rig.board.next("frame", .fails(Fault(.screen, "gone", isTransient: true)))
    let outcome = await rig.run(.of(.click("A")))
    #expect(outcome.ending.verdict == .passed)
    #expect(rig.board.calls.prefix(4) == ["prepare", "frame", "recover", "frame"])
  }

  @Test func `permits nothing in the name of a person who is not there`() async {
    let rig = Rig(hasPerson: false)
    let outcome = await rig.run(.of(.click("A"), isSupervised: true))
    #expect(outcome.ending.verdict == .error)
    #expect(outcome.actions == 0)
    #expect(rig.board.calls == ["prepare", "hold", "close"])
  }

  // MARK: - Orders

  @Test func `takes an order before what is done next, and does that once`() async throws {
    let rig = Rig()
    rig.board.onCall(once("locate") { [orders = rig.orders] in orders.give(.hold) })
    let outcome = await rig.run(.of(.click("A"), .expect(.holds)))
    #expect(outcome.ending == .passed && !outcome.isSteered)
    #expect(
      rig.board.calls == [
        "prepare", "frame", "locate", "hold", "compare", "click at 50,50", "settle", "close",
      ])
    let replayed = try Replay.decide(rig.record.entries)
    #expect(replayed.difference == nil && !replayed.isCutShort)
  }

  @Test func `a hold ends at an interrupt`() async {
    let rig = Rig()
    rig.board.next("hold", .hangs)
    rig.board.onCall { [orders = rig.orders, interruption = rig.interruption] in
      if $0 == "locate" { orders.give(.hold) }
      if $0 == "hold" { interruption.request() }
    }
    let outcome = await rig.run(.of(.click("A"), teardown: [Self.clean]))
    #expect(outcome.ending.verdict == .interrupted)
    #expect(rig.board.calls.contains("press f1"))
  }

  // MARK: - Limits and signals

  @Test(arguments: ways)
  func `ends a call that hangs at the time limit, and tears down after it`(way: Way) async {
    // A person may take any time.
    guard way.last != "hold" else { return }
    let rig = Rig()
    rig.board.say(readings: [true, false])
    rig.board.next(way.last, .hangs)
    rig.board.onCall(once(way.last) { [clock = rig.clock] in clock.expire() })
    let outcome = await rig.run(way.plan)
    // A model that hangs says nothing about the product.
    let isModel = ["think", "judge"].contains(way.last)
    #expect(outcome.ending.verdict == (isModel ? .error : .timedOut))
    #expect(rig.events.contains(.limitReached))
    #expect(rig.board.calls.contains("press f1"))
    #expect(!rig.board.overlapped)
  }

  @Test func `ends a call in which nothing happens for as long as the scenario allows`() async {
    let idle = Duration.seconds(5)
    let clock = ManualClock(waiting: [idle, SessionDriver.grace, SessionDriver.closingLimit])
    let rig = Rig(clock: clock)
    rig.board.next("locate", .hangs)
    rig.board.onCall(once("locate") { clock.expire() })
    let outcome = await rig.run(.of(.click("A"), teardown: [Self.clean], idle: idle))
    #expect(outcome.ending.verdict == .error)
    #expect(outcome.ending.reason.contains("nothing happened for 5s"))
    #expect(rig.board.calls.contains("press f1"))
  }

  @Test(arguments: ways)
  func `ends a call that hangs at an interrupt, and tears down after it`(way: Way) async {
    let rig = Rig()
    rig.board.say(readings: [true, false])
    rig.board.next(way.last, .hangs)
    rig.board.onCall(once(way.last) { [interruption = rig.interruption] in interruption.request() })
    let outcome = await rig.run(way.plan)
    #expect(outcome.ending.verdict == .interrupted)
    #expect(rig.events.filter { $0 == .interrupted }.count == 1)
    #expect(rig.board.calls.contains("press f1"))
    #expect(!rig.board.overlapped)
  }

  @Test(arguments: ways)
  func `leaves behind a call that hears nothing`(way: Way) async {
    let rig = Rig(clock: ManualClock(waiting: []))
    rig.board.say(readings: [true, false])
    rig.board.next(way.last, .isDeaf)
    rig.board.onCall(once(way.last) { [interruption = rig.interruption] in interruption.request() })
    let outcome = await rig.run(way.plan)
    #expect(outcome.ending.verdict == .interrupted)
    #expect(rig.board.calls.contains("press f1"))
    rig.board.release()
  }

  @Test func `does not wait for ever for a target to close`() async {
    let rig = Rig(clock: ManualClock(waiting: []))
    rig.board.next("close", .isDeaf)
    #expect(await rig.run(.of(.expect(.holds))).ending == .passed)
    rig.board.release()
  }

  @Test func `stops a pause`() async {
    let rig = Rig(interrupts: { if case .pause = $0 { true } else { false } })
    let plan = SessionPlan.of(.the(.wait(.time(.seconds(50)))), teardown: [Self.clean])
    let outcome = await rig.run(plan)
    #expect(outcome.ending.verdict == .interrupted)
    #expect(rig.board.calls.contains("press f1"))
  }

  @Test func `does nothing when it is stopped before it begins`() async {
    let rig = Rig()
    rig.interruption.request()
    let outcome = await rig.run(.of(.click("A"), teardown: [Self.clean]))
    #expect(outcome.ending.verdict == .interrupted)
    #expect(rig.board.calls.filter { $0 != "prepare" } == ["close"])
  }

  @Test func `stops teardown at the second interrupt`() async {
    let rig = Rig()
    rig.board.next("frame", .hangs)
    rig.board.onCall { [interruption = rig.interruption] _ in interruption.request() }
    // Every call interrupts, so the first one already does: the target never comes up.
    let early = await rig.run(.of(.click("A"), teardown: [Self.clean]))
    #expect(early.ending.verdict == .interrupted)
    let late = Rig()
    late.board.onCall { [interruption = late.interruption] name in
      if name == "locate" || name == "press f1" { interruption.request() }
    }
    late.board.next("locate", .hangs)
    late.board.next("press f1", .hangs)
    let outcome = await late.run(.of(.click("A"), teardown: [Self.clean, Self.clean]))
    #expect(outcome.ending.verdict == .interrupted)
    #expect(late.board.calls.filter { $0 == "press f1" }.count == 1)
  }

  @Test func `counts an interrupt once, however often it is asked for`() async {
    let rig = Rig()
    rig.board.next("locate", .hangs)
    rig.board.onCall(
      once("locate") { [interruption = rig.interruption] in
        for _ in 0..<5 { interruption.request() }
      })
    let outcome = await rig.run(.of(.click("A"), teardown: [Self.clean]))
    #expect(outcome.ending.verdict == .interrupted)
    #expect(rig.board.calls.contains("settle"))
  }

  /// Calls `body` at the first call of this name.
  private func once(
    _ name: String, _ body: @escaping @Sendable () -> Void
  ) -> @Sendable (String) -> Void {
    let isDone = Flag()
    return { if $0 == name, isDone.set() { body() } }
  }
}

/// A flag that is set once.
private final class Flag: Sendable {
  private let value = Mutex(false)

  /// Whether it was this call that set it.
  func set() -> Bool {
    value.withLock { value in
      defer { value = true }
      return !value
    }
  }
}
