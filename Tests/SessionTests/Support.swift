import Hands
import JSONCoding
import Pixels
@testable import Policy
import Scenario
import Testing

@testable import Session
@testable import Story

/// A machine driven by hand: what is sent to it, what it wants, and all it ever noted.
struct Script {
  private(set) var machine: SessionMachine
  private(set) var now: Duration = .zero
  /// What it wants now.
  private(set) var effect: Effect
  /// What it noted in the last turn.
  private(set) var lastNotes: [Note]
  /// What it noted so far.
  private(set) var notes: [Note]
  /// Everything so far, as the journal has it.
  private(set) var entries: [JournalEntry]

  init(_ plan: SessionPlan) {
    machine = SessionMachine(plan: plan)
    let turn = machine.start()
    effect = turn.effect
    lastNotes = turn.notes
    notes = turn.notes
    entries = [.started(plan: plan)] + turn.notes.map(JournalEntry.note) + [.effect(turn.effect)]
  }

  /// A machine whose target is up.
  static func prepared(_ plan: SessionPlan) -> Script {
    var script = Script(plan)
    script.send(.prepared(size: .screen, description: "test"))
    return script
  }

  /// Tells the machine of an event, some time after the last one.
  @discardableResult
  mutating func send(_ event: SessionEvent, after pause: Duration = .zero) -> Effect {
    now += pause
    take(machine.handle(event, at: now), .event(event, at: now))
    return effect
  }

  /// Orders something of the machine, some time after the last event.
  @discardableResult
  mutating func order(_ order: Order, after pause: Duration = .zero) -> Effect {
    now += pause
    take(machine.take(order, at: now), .order(order, at: now))
    return effect
  }

  private mutating func take(_ turn: SessionMachine.Turn, _ input: JournalEntry) {
    effect = turn.effect
    lastNotes = turn.notes
    notes += turn.notes
    entries += [input] + turn.notes.map(JournalEntry.note) + [.effect(turn.effect)]
  }

  /// Tells the machine that the application is in another state.
  mutating func learn(_ application: ApplicationState) {
    machine.learn(application, at: now)
    entries.append(.application(application, at: now))
  }

  /// Sends several events at once.
  @discardableResult
  mutating func send(_ events: [SessionEvent]) -> Effect {
    for event in events { send(event) }
    return effect
  }

  /// The outcome, once there is one.
  var outcome: Outcome? { if case .finish(let outcome) = effect { outcome } else { nil } }
  /// The verdict, once there is one.
  var verdict: Verdict? { outcome?.ending.verdict }
  /// Why.
  var reason: String { outcome?.ending.reason ?? "" }
  /// The name of the state.
  var state: String { machine.stateName }
  /// How each step ended, in the order in which they ended.
  var endings: [Ending] {
    notes.compactMap { if case .stepFinished(_, let ending, _) = $0 { ending } else { nil } }
  }
  /// The texts of the warnings.
  var warnings: [String] {
    notes.compactMap { if case .warning(let text) = $0 { text } else { nil } }
  }
  /// The evidence of the checks.
  var evidence: [Evidence] {
    notes.compactMap { if case .checked(let evidence) = $0 { evidence } else { nil } }
  }
  /// Who took a step, in order.
  var lanes: [LaneName] {
    notes.compactMap { if case .laneTaken(let lane, _) = $0 { lane } else { nil } }
  }
  /// Why proposals were refused.
  var rejections: [String] {
    notes.compactMap { if case .rejected(let reason) = $0 { reason } else { nil } }
  }
  /// The last text that the model was told.
  var lastTold: String {
    for message in machine.conversation.reversed() where message.role != .assistant {
      for case .text(let text) in message.parts { return text }
    }
    return ""
  }
}

extension PixelSize {
  static let screen = PixelSize(clampingWidth: 1000, height: 500)
}

extension SessionPlan {
  /// A plan of one scenario; `line` of each step is its place in the whole.
  static func of(
    _ steps: Step..., setup: [Step] = [], teardown: [Step] = [], limits: Limits = Limits(),
    secrets: [String] = [], model: ModelProfile? = nil, isStrict: Bool = false,
    patience: Duration = .seconds(10), isSupervised: Bool = false, idle: Duration = .seconds(3600)
  ) -> SessionPlan {
    var limits = limits
    limits.idle = idle
    return SessionPlan(
      testCase: Case(
        id: "case", name: "Case",
        scenario: Scenario(
          name: "Case", id: "case", target: TargetSpec(screen: .demo("test")), limits: limits,
          secrets: secrets, setup: setup, steps: steps, teardown: teardown,
          location: SourceLocation(file: "case.yaml", line: 1), root: "/project")),
      model: model, modelReason: model == nil ? "switched off" : "", isStrict: isStrict,
      patience: patience, isSupervised: isSupervised)
  }
}

extension SessionPlan {
  /// The same plan for an application of our own.
  func ofApplication(_ run: String = "./app", ends: Bool? = nil) -> SessionPlan {
    var plan = self
    plan.testCase.scenario.target = TargetSpec(
      screen: .desktop(TargetSpec.Desktop(run: Template(run))))
    plan.testCase.scenario.ends = ends
    return plan
  }
}

extension SessionPlan {
  /// The same plan with a host, on which a model may list files, and touch some where a person says so.
  func permittingCommands(
    hasPerson: Bool = false, shell: Bool? = true, limits: Policy.Limits = Policy.Limits()
  ) -> SessionPlan {
    var plan = self
    plan.testCase.scenario.target.ssh = TargetSpec.SSHHost(url: Template("ssh://tester@host"))
    plan.testCase.scenario.permissions = Permissions(
      allow: ["ls **", "touch *", "cat *"], deny: ["ls /secret"], shell: shell)
    plan.hasPerson = hasPerson
    plan.policy = PolicyRecord(
      file: "qa-agent.policy.yaml", target: .disposable, defaults: [:],
      rules: [
        PolicyRecord.Rule(
          id: "no-etc", decision: .deny, file: "qa-agent.policy.yaml", line: 3,
          anyWord: ["/etc*"], because: "that is nobody's", accepts: [], writes: []),
        PolicyRecord.Rule(
          id: "list", decision: .allow, file: "qa-agent.policy.yaml", line: 5, command: "ls **",
          accepts: [], writes: []),
      ], limits: limits)
    return plan
  }
}

extension ApplicationState {
  /// It ended two seconds ago, and said why.
  static func ended(_ end: End) -> ApplicationState {
    ApplicationState(
      isRunning: false, end: end, ago: .seconds(2), lastLines: ["loading", "no such file"])
  }
}

extension Step {
  /// A step on line 7.
  static func the(
    _ kind: Kind, as resultName: String? = nil, timeout: Duration? = nil, optional: Bool = false,
    when condition: Condition? = nil, retry: Retry? = nil, lane: Lane = .auto
  ) -> Step {
    Step(
      kind, resultName: resultName, timeout: timeout, isOptional: optional, condition: condition,
      retry: retry, lane: lane, location: SourceLocation(file: "case.yaml", line: 7))
  }

  static func click(_ text: String, lane: Lane = .auto) -> Step {
    .the(.point(.click, Target(text)), lane: lane)
  }

  static func act(_ goal: String, lane: Lane = .auto) -> Step {
    .the(.act(Template(goal)), lane: lane)
  }

  static func expect(_ check: Check) -> Step { .the(.expect(check)) }

  static func note(_ text: String) -> Step { .the(.note(Template(text))) }
}

extension Target {
  init(_ text: String) { self.init(.text(Template(text))) }
}

extension Check {
  static func shows(_ text: String) -> Check { .text(TextCheck(text: Template(text))) }

  static func says(_ statement: String, votes: Int = 1) -> Check {
    .screen(Template(statement), votes: votes)
  }

  static func compares(_ text: String, _ comparison: Comparison) -> Check {
    .value(Template(text), comparison)
  }

  /// One equals one.
  static let holds = Check.compares("1", .equals(Template("1")))
  /// One equals two.
  static let fails = Check.compares("1", .equals(Template("2")))
}

extension FrameReference {
  /// Picture number `number`.
  static func number(_ number: Int, size: PixelSize = .screen) -> FrameReference {
    FrameReference(blob: "blob\(number)", size: size, sequence: UInt64(number))
  }
}

extension Hit {
  /// A hit of 20×10 pixels whose middle is at `x`, `y`.
  static func at(_ x: Int, _ y: Int, _ text: String = "hit") -> Hit {
    Hit(text: text, box: PixelRect(x: x - 10, y: y - 5, width: 20, height: 10))
  }
}

extension SessionEvent {
  static func sees(_ number: Int) -> SessionEvent { .observed(frame: .number(number)) }

  static func found(_ x: Int, _ y: Int) -> SessionEvent { .located(location: .found(.at(x, y))) }

  static var missing: SessionEvent { .located(location: .missing(closest: [])) }

  /// The field was looked at before anything was typed.
  static func seen(_ change: FieldSight.Change) -> SessionEvent {
    .fieldSeen(sight: FieldSight(change: change))
  }

  /// The field was read, and something in it has changed.
  static func read(
    _ reading: FieldReading, _ change: FieldSight.Change = .changed
  ) -> SessionEvent {
    .fieldRead(reading: reading, sight: FieldSight(change: change))
  }

  static var quiet: SessionEvent { .settled(settling: .quiet(after: .milliseconds(300))) }

  static var unchanged: SessionEvent { .compared(isUnchanged: true) }

  /// The check's leaves hold or do not hold.
  static func reads(_ holds: Bool...) -> SessionEvent {
    .examined(readings: holds.map { LeafReading(holds: $0, measured: $0 ? "seen" : "not seen") })
  }

  /// Whether one of three pictures before answers what was asked of them.
  static func past(_ answers: Bool, isWanted: Bool = true) -> SessionEvent {
    let reading = LeafReading(holds: isWanted, measured: isWanted ? "seen" : "not seen")
    let moment = PastReading.Moment(reading: reading, age: .milliseconds(500))
    return .pastRead(
      past: PastReading(moments: answers ? [moment] : [], pictures: 3, isWhole: true))
  }

  /// The judge's votes.
  static func votes(_ answers: String...) -> SessionEvent {
    .judged(
      replies: answers.map {
        ModelReply(text: #"{"evidence":"the title","answer":"\#($0)"}"#, promptTokens: 10)
      })
  }

  /// The model calls its tool.
  static func calls(
    _ action: String, _ arguments: JSON = [:], id: String = "call", tokens: Int = 10
  ) -> SessionEvent {
    var object = JSONObject([("reason", "because"), ("action", .string(action))])
    for (key, value) in arguments.object?.pairs ?? [] { object[key] = value }
    return .replied(
      reply: ModelReply(
        calls: [ToolRequest(id: id, name: "computer", arguments: JSON.object(object).text)],
        promptTokens: tokens))
  }

  /// The model runs a program on a host.
  static func runs(_ words: [String], _ more: JSON = [:], id: String = "call") -> SessionEvent {
    var object = JSONObject([("reason", "because"), ("argv", .array(words.map { .string($0) }))])
    for (key, value) in more.object?.pairs ?? [] { object[key] = value }
    return .replied(
      reply: ModelReply(
        calls: [ToolRequest(id: id, name: "run", arguments: JSON.object(object).text)],
        promptTokens: 10))
  }

  /// The model runs a command line on a host.
  static func writes(_ script: String) -> SessionEvent {
    .replied(
      reply: ModelReply(
        calls: [
          ToolRequest(
            id: "call", name: "shell",
            arguments: JSON.object(JSONObject([("reason", ""), ("script", .string(script))])).text)
        ], promptTokens: 10))
  }

  /// The model clicks.
  static func clicks(_ x: Int, _ y: Int) -> SessionEvent {
    calls("left_click", ["coordinate": [.integer(x), .integer(y)]])
  }

  /// The model says something and calls nothing.
  static func says(_ text: String) -> SessionEvent { .replied(reply: ModelReply(text: text)) }

  static func ends(_ status: String, _ text: String = "so it is") -> SessionEvent {
    calls("terminate", ["status": .string(status), "text": .string(text)])
  }

  static func fails(_ domain: Fault.Domain, transient: Bool = false) -> SessionEvent {
    .failed(fault: Fault(domain, "it broke", isTransient: transient))
  }
}

extension Action {
  static func click(_ x: Int, _ y: Int) -> Action {
    .click(at: .on(x, y), button: .left, count: 1, modifiers: [])
  }
}

extension [KeyChord] {
  /// The first way to empty a field.
  static let clearing = [KeyChord(keys: ["ctrl", "a"]), KeyChord(keys: ["backspace"])]
  static let enter = [KeyChord(keys: ["enter"])]
}

extension ScreenPoint {
  static func on(_ x: Int, _ y: Int) -> ScreenPoint {
    PixelSize.screen.point(x: x, y: y) ?? PixelSize.screen.center
  }
}

extension ModelProfile {
  static let plain = ModelProfile()
}
