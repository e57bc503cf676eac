import JSONCoding
import Pixels
import Recording
import Scenario
import Testing

@testable import Debugging
@testable import Session
@testable import Story

/// What a debugger makes of the journal and of a person's words, with the real machine behind it.
struct DebuggerTests {
  /// An attempt whose journal goes to a debugger, as a run writes it.
  private struct Stage {
    var machine: SessionMachine
    var debugger: Debugger
    var turn: SessionMachine.Turn
    var isHeld = false
    private var sequence = 0
    private var clock = Duration.zero

    init(_ steps: [Step], _ debugger: Debugger) throws {
      let place = SourceLocation(file: "case.yaml", line: 1, column: 1)
      let scenario = Scenario(
        name: "Case", id: "case", target: TargetSpec(screen: .demo("test")), steps: steps,
        location: place, root: "/")
      let plan = SessionPlan(testCase: Case(id: "case", name: "Case", scenario: scenario))
      machine = SessionMachine(plan: plan)
      self.debugger = debugger
      turn = machine.start()
      let first = self.debugger.firstOrders(for: StepList.of(scenario).map(\.info))
      try write(.started(plan: plan))
      try take(turn)
      for order in first { try give(order) }
    }

    private mutating func write(_ entry: JournalEntry) throws {
      sequence += 1
      let line = JournalLine(
        sequence: sequence, time: clock, caseID: "case", attempt: 1, type: entry.type,
        fields: try entry.fields())
      isHeld = debugger.add(line)
    }

    private mutating func take(_ turn: SessionMachine.Turn) throws {
      self.turn = turn
      for note in turn.notes { try write(.note(note)) }
      try write(.effect(turn.effect))
    }

    mutating func give(_ order: Order) throws {
      try write(.order(order, at: clock))
      try take(machine.take(order, at: clock))
    }

    mutating func send(_ event: SessionEvent) throws {
      clock += .milliseconds(10)
      try write(.event(event, at: clock))
      try take(machine.handle(event, at: clock))
    }

    /// Types a line; what is said, with the orders given.
    mutating func type(_ line: String) throws -> [String] {
      var said: [String] = []
      for reaction in debugger.take(line) {
        switch reaction {
        case .say(let text): said.append(text)
        case .order(let order): try give(order)
        case .screen: said.append("SCREEN")
        case .look: said.append("LOOK")
        case .find(let text): said.append("FIND \(text)")
        case .type(let text): said.append("TYPE \(text)")
        case .edit(let text): said.append("EDIT \(text ?? "")")
        case .quit: said.append("QUIT")
        }
      }
      return said
    }
  }

  private static func note(_ text: String, line: Int) -> Step {
    Step(
      .note(Template(text)),
      location: SourceLocation(file: "case.yaml", line: line, column: 3))
  }

  private static let steps = (1...4).map { note("note \($0)", line: 2 + $0 * 2) }

  private func prepared(_ debugger: Debugger) throws -> Stage {
    var stage = try Stage(Self.steps, debugger)
    try stage.send(.prepared(size: PixelSize(clampingWidth: 100, height: 50), description: "test"))
    return stage
  }

  private let atStart = Debugger(stopsAtStart: true, stopsOnFailure: true)

  @Test func `holds before the first step, and goes from one to the next`() throws {
    var stage = try prepared(atStart)
    #expect(stage.isHeld)
    #expect(stage.debugger.arrival == "before step 1 of 4: note 1")
    _ = try stage.type("next")
    #expect(stage.debugger.arrival == "before step 2 of 4: note 2")
    _ = try stage.type("")
    #expect(stage.debugger.arrival == "before step 3 of 4: note 3")
    _ = try stage.type("c")
    #expect(stage.debugger.view.outcome != nil)
  }

  @Test func `stops at lines: each time, once, or the first step behind`() throws {
    var stage = try prepared(Debugger(stopsAtStart: false, stopsOnFailure: false, lines: ["7"]))
    #expect(stage.debugger.arrival == "before step 3 of 4: note 3")
    #expect(try stage.type("b 99").first?.contains("no step on line") == true)
    #expect(try stage.type("tbreak 10") == ["stops before note 4"])
    #expect(try stage.type("list").first?.contains("○ 4  case.yaml:10  note 4") == true)
    #expect(try stage.type("delete 10") == ["forgotten"])
    #expect(try stage.type("delete 10").first?.contains("no stop on line") == true)
    _ = try stage.type("until 10")
    #expect(stage.debugger.arrival == "before step 4 of 4: note 4")
    for order in stage.debugger.arrive() { try stage.give(order) }
    _ = try stage.type("back 1")
    #expect(stage.debugger.arrival == "before step 1 of 4: note 1")
    _ = try stage.type("c")
    #expect(stage.debugger.arrival == "before step 3 of 4: note 3", "a stop is one each time")
    _ = try stage.type("c")
    #expect(stage.debugger.view.outcome != nil, "the other was meant once")
  }

  @Test func `knows where it is after steps were skipped, inserted and put in place`() throws {
    var stage = try prepared(atStart)
    _ = try stage.type("skip")
    #expect(stage.debugger.arrival == "before step 2 of 4: note 2")
    try stage.give(.insert(Self.note("by hand", line: 1)))
    #expect(stage.debugger.arrival == "before step 3 of 5: note 2")
    let index = try #require(stage.debugger.view.current?.info.index)
    try stage.give(.replace(step: index, with: Self.note("another", line: 1)))
    #expect(stage.debugger.arrival == "before step 3 of 5: another")
    _ = try stage.type("n")
    #expect(stage.debugger.arrival == "before step 4 of 5: note 3")
    _ = try stage.type("back 1")
    #expect(stage.debugger.arrival == "before step 1 of 5: note 1")
    _ = try stage.type("c")
    #expect(stage.debugger.view.outcome?.isSteered == true)
    let titles = stage.debugger.view.entries.map(\.info.title)
    #expect(titles == ["note 1", "by hand", "another", "note 3", "note 4"])
    #expect(titles == stage.machine.steps.map(\.info.title), "as the machine has them")
  }

  @Test func `results can be set and printed`() throws {
    var stage = try prepared(atStart)
    #expect(try stage.type("print x").first?.contains("no value named “x”") == true)
    _ = try stage.type("set x 7 and more")
    #expect(try stage.type("p x") == ["x = 7 and more"])
    #expect(try stage.type("p").first?.contains("actions 0") == true)
  }

  @Test func `words and their short forms mean the same, and anything else is a step or told`()
    throws
  {
    for word in DebugCommand.Word.allCases {
      #expect(DebugCommand(word.rawValue)?.word == word)
      if let short = word.short { #expect(DebugCommand(short)?.word == word) }
    }
    let shorts = DebugCommand.Word.allCases.compactMap(\.short)
    #expect(Set(shorts).count == shorts.count, "no two are alike")
    #expect(DebugCommand("find  Sign in")?.rest == "Sign in")
    var stage = try prepared(atStart)
    #expect(try stage.type("click: OK") == ["TYPE click: OK"])
    #expect(try stage.type("- note: x") == ["TYPE - note: x"])
    #expect(try stage.type("edit click: OK") == ["EDIT click: OK"])
    #expect(try stage.type("find OK") == ["FIND OK"])
    #expect(try stage.type("frobnicate").first?.contains("no word of the debugger") == true)
    #expect(try stage.type("quit") == ["QUIT"])
    #expect(try stage.type("help").first?.contains("hold before the next") == true)
  }

  @Test func `what holds a failing step says what it would come to`() throws {
    let check = Step(
      .expect(.value(Template("a"), .equals(Template("b")))),
      location: SourceLocation(file: "case.yaml", line: 4, column: 3))
    var stage = try Stage([check], Debugger(stopsAtStart: false, stopsOnFailure: true))
    try stage.send(.prepared(size: PixelSize(clampingWidth: 100, height: 50), description: "test"))
    #expect(stage.debugger.arrival.contains("held, about to end as failed"))
    #expect(try stage.type("why").first?.contains("does not hold") == true)
    _ = try stage.type("skip")
    _ = try stage.type("c")
    #expect(stage.debugger.view.outcome?.ending.verdict == .passed)
    #expect(stage.debugger.view.outcome?.isSteered == true)
  }
}
