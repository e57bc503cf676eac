import FoundationEssentials
import JSONCoding
import Pixels
import Scenario
import Testing

@testable import Session
@testable import Story

/// `docs/internals/session-machine.md` and the machine say the same.
struct TransitionTests {
  /// What was seen of the machine: what it wants in a state, and where each event led.
  private struct Seen {
    var wants: [String: Set<String>] = [:]
    var transitions: [Pair: Set<String>] = [:]
    /// Machines in each state, by chance.
    var machines: [String: [Script]] = [:]

    mutating func note(_ script: Script) {
      wants[script.state, default: []].insert(script.effect.name)
      if machines[script.state, default: []].count < 120 {
        machines[script.state, default: []].append(script)
      }
    }
  }

  private struct Pair: Hashable, CustomStringConvertible {
    let state: String
    let event: String
    var description: String { "\(state), \(event)" }
  }

  private static let begins: Set<String> = [
    "held", "observing", "interpreting", "running", "checking", "settling", "pausing", "keeping",
    "finished",
  ]

  private static let seen = explore()

  private static func explore() -> Seen {
    var seen = Seen()
    for seed in 0..<6_000 as Range<UInt64> {
      var world = World(
        seed: seed, isWatched: 4_200..<4_800 ~= seed, isOrdered: 4_800..<5_400 ~= seed,
        hasHost: 5_400... ~= seed)
      var script = Script(world.plan())
      seen.note(script)
      for _ in 0..<300 where script.outcome == nil {
        if let application = world.application() { script.learn(application) }
        let input = world.input(to: script)
        let pair = Pair(state: script.state, event: input.name)
        let before = script
        script.take(input, after: .milliseconds(world.one(of: 0, 10, 1000)))
        // What is refused, or means nothing where nothing is held, leads nowhere.
        if case .order = input, script.effect == before.effect, script.state != "held" { continue }
        seen.transitions[pair, default: []].insert(script.state)
        seen.note(script)
      }
    }
    probe(&seen)
    findLostField(&seen)
    findLastPicture(&seen)
    findCommandAfterText(&seen)
    return seen
  }

  /// Tells machines in each state of what seldom comes there by chance.
  private static func probe(_ seen: inout Seen) {
    let events = World.oneOfEach + [.found(60, 60), .fails(.screen, transient: true)]
    let inputs = events.map(Input.event) + [.order(.hold)]
    for (state, scripts) in seen.machines where !["created", "finished"].contains(state) {
      for before in scripts where state != "held" && !before.isOurMistake {
        for input in inputs {
          var script = before
          let pair = Pair(state: state, event: input.name)
          script.take(input)
          guard !script.isOurMistake else { continue }
          seen.transitions[pair, default: []].insert(script.state)
        }
      }
    }
  }

  /// A field that moved when it was clicked, in a supervised run: too seldom by chance.
  private static func findLostField(_ seen: inout Seen) {
    let typing = Typing(text: Template("x"), into: Target("A"))
    var script = Script(.of(.the(.type(typing)), isSupervised: true))
    script.send(.prepared(size: .screen, description: ""))
    script.order(.goOn(until: nil))
    script.send([
      .sees(1), .found(50, 50), .unchanged, .authorised(refusal: nil), .acted, .quiet, .sees(2),
      .seen(.gone),
    ])
    let pair = Pair(state: script.state, event: SessionEvent.missing.name)
    script.send(.found(60, 60))
    seen.transitions[pair, default: []].insert(script.state)
  }

  /// A checkbox on the last picture of an application that has just ended: the same.
  private static func findLastPicture(_ seen: inout Seen) {
    var script = Script.prepared(SessionPlan.of(.act("tick A")).ofApplication())
    script.send(.interpreted(moves: [.toggle(Target("A"), isOn: true)]))
    script.learn(
      ApplicationState(isRunning: false, end: .exited(0), ago: .zero, lastLines: []))
    script.send(.sees(1))
    let event = SessionEvent.toggleFound(hit: .at(50, 50), isOn: false)
    let pair = Pair(state: script.state, event: event.name)
    script.send(event)
    seen.transitions[pair, default: []].insert(script.state)
  }

  /// A command that a person is asked about, after a text in the same reply: the same.
  private static func findCommandAfterText(_ seen: inout Seen) {
    var script = Script.prepared(
      SessionPlan.of(.act("do it"), model: .plain).permittingCommands(hasPerson: true))
    script.send([.interpreted(moves: nil), .sees(1)])
    var calls: [ToolRequest] = []
    for event in [
      SessionEvent.clicks(50, 50), .calls("type", ["text": "a"], id: "2"),
      .runs(["touch", "x"], id: "3"),
    ] {
      if case .replied(let reply) = event { calls += reply.calls }
    }
    script.send(.replied(reply: ModelReply(calls: calls, promptTokens: 1)))
    script.send([
      .unchanged, .acted, .quiet, .sees(2), .unchanged, .acted, .quiet, .sees(3),
    ])
    let pair = Pair(state: script.state, event: "fieldRead")
    script.send(.read(.matches))
    seen.transitions[pair, default: []].insert(script.state)
  }

  // MARK: - The page

  private static func rows(under heading: String) throws -> [[String]] {
    let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/internals/session-machine.md")
    let lines = try String(contentsOf: page, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    let section = lines.drop { $0 != "## \(heading)" }.dropFirst().prefix { !$0.hasPrefix("## ") }
    return section.filter { $0.hasPrefix("| ") }.dropFirst(2).map { row in
      row.split(separator: "|").map { $0.drop { $0 == " " }.description.trimmed }
    }
  }

  /// The table of transitions, its abbreviations written out.
  private static func table() throws -> [Pair: Set<String>] {
    let running = Set(try rows(under: "The states").map { $0[0].unquoted })
      .subtracting(["created", "preparing", "held", "finished"])
    var table: [Pair: Set<String>] = [:]
    for row in try rows(under: "The transitions") {
      var next: Set<String> = []
      for word in row[2].split(separator: ",").map({ String($0).trimmed }) {
        if word == "*next step*" {
          next.formUnion(begins)
        } else if word == "*what was held*" {
          next.formUnion(running.union(begins))
        } else {
          next.insert(word.unquoted)
        }
      }
      let event = row[1].unquoted
      for state in row[0].hasPrefix("*") ? running : [row[0].unquoted] {
        table[Pair(state: state, event: event), default: []].formUnion(next)
      }
    }
    return table
  }

  // MARK: - The comparison

  @Test func `names every state and what it wants`() throws {
    var page: [String: Set<String>] = [:]
    for row in try Self.rows(under: "The states") {
      page[row[0].unquoted] = row[1] == "–" ? nil : [row[1].unquoted]
    }
    #expect(page == Self.seen.wants)
    #expect(try Self.rows(under: "The states").count == 24)
  }

  @Test func `leads nowhere that the page does not say`() throws {
    let table = try Self.table()
    for (pair, next) in Self.seen.transitions {
      // A hold may come in the place of whatever follows.
      let said = (table[pair] ?? []).union(["held"])
      #expect(next.isSubset(of: said), "\(pair) leads to \(next.subtracting(said))")
    }
  }

  @Test func `goes wherever the page says`() throws {
    for (pair, said) in try Self.table() {
      let next = Self.seen.transitions[pair] ?? []
      #expect(!next.isEmpty, "\(pair) was not seen")
      // Not each of what may be held is held by chance.
      let isAny = pair.event == "goOn"
      let missing = isAny ? [] : said.subtracting(Self.begins).subtracting(next)
      #expect(missing.isEmpty, "\(pair) does not lead to \(missing)")
    }
  }

  @Test func `accepts in each state the events that the page names and no others`() throws {
    let table = try Self.table()
    for (state, scripts) in Self.seen.machines {
      for event in World.oneOfEach {
        let isNamed = table[Pair(state: state, event: event.name)] != nil
        let undecided = scripts.filter { $0.machine.ending == nil }
        #expect(!undecided.isEmpty)
        let isAccepted = undecided.contains { script in
          var script = script
          script.send(event)
          return !script.isOurMistake
        }
        #expect(isAccepted == (isNamed || state == "finished"), "\(state), \(event.name)")
      }
    }
  }

  @Test func `answers every event in every state, and never with an unearned pass`() {
    for (state, scripts) in Self.seen.machines {
      for script in scripts {
        for event in World.oneOfEach where script.outcome == nil {
          var script = script
          guard state != "held" || event.name != "failed" else { continue }
          let accepted = Self.seen.transitions[Pair(state: state, event: event.name)] != nil
          script.send(event)
          guard !accepted || script.isOurMistake else { continue }
          // Whatever comes afterwards, it does not pass.
          for _ in 0..<200 where script.outcome == nil {
            var world = World(seed: 1)
            script.send(world.answer(to: script.effect), after: .seconds(1))
          }
          #expect(script.outcome != nil && script.verdict != .passed, "\(state), \(event.name)")
          #expect(script.outcome?.ending.verdict != .flaky)
        }
      }
    }
  }

  @Test func `answers every event before it was started`() {
    for event in World.oneOfEach {
      var machine = SessionMachine(plan: .of(.expect(.holds)))
      guard case .finish(let outcome) = machine.handle(event, at: .zero).effect else {
        Issue.record("\(event.name) starts it")
        continue
      }
      #expect(outcome.ending.verdict == .error)
    }
  }

  @Test func `has an event of each kind to try`() {
    #expect(Set(World.oneOfEach.map(\.name)).count == 24)
    #expect(Set(World.oneOfEach.map(\.name)).count == World.oneOfEach.count)
  }
}

extension Script {
  /// Whether the machine took the last event for a mistake of the harness.
  fileprivate var isOurMistake: Bool {
    machine.ending?.reason.contains("internal error") == true
      || endings.contains { $0.reason.contains("internal error") }
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
  fileprivate var unquoted: String { filter { $0 != "`" } }
}

extension Effect {
  /// The name of the effect, without what it carries.
  var name: String {
    switch self {
    case .prepare: "prepare"
    case .observe: "observe"
    case .interpret: "interpret"
    case .locate: "locate"
    case .think: "think"
    case .compare: "compare"
    case .authorise: "authorise"
    case .act: "act"
    case .permit: "permit"
    case .run: "run"
    case .settle: "settle"
    case .examine: "examine"
    case .readPast: "readPast"
    case .judge: "judge"
    case .read: "read"
    case .seeField: "seeField"
    case .readField: "readField"
    case .keepPicture: "keepPicture"
    case .awaitChange: "awaitChange"
    case .pause: "pause"
    case .recover: "recover"
    case .hold: "hold"
    case .finish: "finish"
    }
  }
}
