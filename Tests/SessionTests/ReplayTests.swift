import JSONCoding
import Pixels
import Scenario
import Props
import Testing

@testable import Driving
@testable import Session
@testable import Story

/// A recorded attempt decides itself again.
@Suite(.timeLimit(.minutes(5)))
struct ReplayTests {
  /// The journal of a real run of the driver.
  private func recorded() async -> [JournalEntry] {
    let board = Switchboard()
    let record = MemoryRecord()
    board.say(
      replies: [
        ModelReply(
          calls: [
            ToolRequest(
              id: "1", name: "computer",
              arguments: #"{"reason":"r","action":"left_click","coordinate":[7,8]}"#)
          ]),
        ModelReply(
          calls: [
            ToolRequest(
              id: "2", name: "computer", arguments: #"{"action":"terminate","status":"success"}"#)
          ]), ModelReply(text: #"{"evidence":"e","answer":"yes"}"#),
      ], locations: [.missing(closest: []), .found(.at(50, 50))], readings: [false, true])
    let driver = SessionDriver(
      screen: MemoryScreen(board: board), perception: MemoryPerception(board: board),
      model: MemoryModel(board: board), record: record, clock: ManualClock(waiting: []).clock)
    let outcome = await driver.run(
      .of(
        .click("A"), .act("Sign in"), .the(.wait(.time(.seconds(12)))),
        .expect(.all([.shows("B"), .says("It is red")])), model: .plain))
    #expect(outcome.ending == .passed)
    return record.entries
  }

  @Test func `reproduces every decision of a run`() async throws {
    let entries = await recorded()
    let result = try Replay.decide(entries)
    #expect(result.difference == nil)
    #expect(!result.isCutShort)
    let decisions = entries.filter { entry in
      switch entry {
      case .note, .effect: true
      case .started, .event, .order, .application, .output: false
      }
    }
    #expect(result.decisions == decisions.count)
  }

  @Test func `names the first decision that follows from a changed input`() async throws {
    let entries = await recorded()
    let index = try #require(entries.firstIndex(of: .event(.found(50, 50), at: .zero)))
    var changed = entries
    changed[index] = .event(.found(60, 50), at: .zero)
    let result = try Replay.decide(changed)
    let difference = try #require(result.difference)
    #expect(difference.entry == index + 1)
    #expect(difference.recorded == entries[index + 1])
    guard case .note(.proposed(let proposal))? = difference.decided else {
      Issue.record("decides \(String(describing: difference.decided))")
      return
    }
    #expect(proposal.action == .click(60, 50))
    #expect(!result.isCutShort)
    let earlier = entries[..<index].filter { if case .event = $0 { true } else { false } }
    #expect(difference.turn == earlier.count + 1)
  }

  @Test func `names a decision that was changed, left out or added`() async throws {
    let entries = await recorded()
    for (index, entry) in entries.enumerated() where index > 0 {
      guard entry.type != "event" else { continue }
      var changed = entries
      changed[index] = .note(.remark(text: "another"))
      #expect(try Replay.decide(changed).difference?.entry == index)
      #expect(try Replay.decide(changed).difference?.decided == entry)
      var shorter = entries
      shorter.remove(at: index)
      let result = try Replay.decide(shorter)
      if index == entries.count - 1 {
        #expect(result.isCutShort)
      } else {
        #expect(result.difference?.entry == index)
      }
      var longer = entries
      longer.insert(.note(.remark(text: "another")), at: index)
      #expect(try Replay.decide(longer).difference?.entry == index)
    }
  }

  @Test func `reports what was cut short, wherever it was cut`() async throws {
    let entries = await recorded()
    for count in 1..<entries.count {
      let result = try Replay.decide(Array(entries.prefix(count)))
      #expect(result.isCutShort)
      #expect(result.difference == nil)
    }
  }

  @Test func `needs a beginning, and one only`() async throws {
    let entries = await recorded()
    #expect(throws: Fault.self) { try Replay.decide([]) }
    #expect(throws: Fault.self) { try Replay.decide(Array(entries.dropFirst())) }
    #expect(throws: Fault.self) { try Replay.decide(entries + entries) }
  }

  @Test func `depends on times`() async throws {
    var entries = await recorded()
    let index = try #require(entries.firstIndex(of: .event(.missing, at: .zero)))
    entries[index] = .event(.missing, at: .seconds(100))
    let difference = try #require(try Replay.decide(entries).difference)
    #expect(difference.recorded == .effect(.awaitChange(upTo: .seconds(1))))
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `reproduces attempts by chance`(seed: UInt64) throws {
    var world = World(seed: seed, isWatched: seed % 4 == 3)
    var script = Script(world.plan())
    for _ in 0..<300 where script.outcome == nil {
      if let application = world.application() { script.learn(application) }
      let event = world.chance(5) ? world.anything() : world.answer(to: script.effect)
      script.send(
        event, after: .nanoseconds(Int64.random(in: 0...2_000_000_000, using: &world.random)))
    }
    let result = try Replay.decide(script.entries)
    #expect(result.difference == nil)
    #expect(result.isCutShort == (script.outcome == nil))
  }
}
