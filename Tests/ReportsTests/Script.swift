import Hands
import JSONCoding
import Pixels
import Recording
import Scenario
import Story

/// Writes the lines of a run as a runner and its sessions would.
struct Script {
  private(set) var lines: [JournalLine] = []
  private var now = Duration.zero
  private var id: String?
  private var attempt: Int?
  private var attemptStart = Duration.zero
  private var step = -1
  private var stepStart = Duration.zero
  private var sequence: UInt64 = 0
  private(set) var frame = FrameReference(
    blob: "", size: PixelSize(clampingWidth: 640, height: 400), sequence: 0)
  /// The digests of the pictures, by name.
  let pictures: [String: String]

  init(pictures: [String: String] = [:]) {
    self.pictures = pictures
    line("journal", JSONObject([("format", "qa-agent"), ("major", 1), ("minor", 0)]))
  }

  mutating func wait(_ duration: Duration) { now += duration }

  private mutating func line(_ type: String, _ fields: JSONObject) {
    lines.append(
      JournalLine(
        sequence: lines.count, time: now, caseID: id, attempt: attempt, type: type, fields: fields))
  }

  mutating func run(_ entry: RunEntry) throws { line(entry.type, try entry.fields()) }
  mutating func note(_ note: Note) throws { try add(.note(note)) }
  mutating func effect(_ effect: Effect) throws { try add(.effect(effect)) }
  mutating func event(_ event: SessionEvent, after duration: Duration = .milliseconds(40)) throws {
    now += duration
    try add(.event(event, at: now - attemptStart))
  }
  mutating func order(_ order: Order) throws { try add(.order(order, at: now - attemptStart)) }
  private mutating func add(_ entry: JournalEntry) throws { line(entry.type, try entry.fields()) }

  // MARK: - Cases

  mutating func runCase(
    _ testCase: Case, _ ending: Ending?, isUnchecked: Bool = false, isStarted: Bool = true,
    _ body: (inout Script) throws -> Void = { _ in }
  ) throws {
    id = testCase.id
    if isStarted { try run(.caseStarted(CaseInfo(testCase))) }
    let start = now
    let attempts = lines.count
    try body(&self)
    attempt = nil
    if let ending {
      let count = lines[attempts...].filter { $0.type == "attempt.started" }.count
      try run(
        .caseFinished(
          CaseEnding(
            ending: ending, duration: now - start, attempts: count, isUnchecked: isUnchecked)))
    }
    id = nil
  }

  mutating func attempt(
    _ testCase: Case, _ number: Int, _ ending: Ending?, isUnchecked: Bool = false,
    _ body: (inout Script) throws -> Void
  ) throws {
    attempt = number
    attemptStart = now
    step = -1
    try add(.started(plan: SessionPlan(testCase: testCase, attempt: number)))
    try effect(.prepare)
    try event(
      .prepared(size: frame.size, description: "demo sign-in"), after: .milliseconds(310))
    try body(&self)
    guard let ending else { return }
    try effect(
      .finish(outcome: Outcome(ending: ending, checksHeld: 1, isUnchecked: isUnchecked)))
  }

  mutating func step(
    _ title: String, _ keyword: String = "act", _ ending: Ending? = .passed,
    phase: StepInfo.Phase = .steps, groups: [String] = [], line: Int = 12,
    _ body: (inout Script) throws -> Void = { _ in }
  ) throws {
    step += 1
    stepStart = now
    let info = StepInfo(
      index: step, phase: phase, groups: groups, title: title, keyword: keyword,
      location: SourceLocation(file: "scenarios/sign-in.yaml", line: line, column: 5))
    try note(.stepStarted(step: info))
    try body(&self)
    guard let ending else { return }
    now += .milliseconds(20)
    try note(.stepFinished(step: step, ending: ending, duration: now - stepStart))
  }

  // MARK: - What happens in a step

  mutating func see(_ picture: String, after duration: Duration = .milliseconds(90)) throws {
    let digest = pictures[picture] ?? ""
    if digest != frame.blob || digest.isEmpty { sequence += 1 }
    frame = FrameReference(blob: digest, size: frame.size, sequence: sequence)
    try effect(.observe(settled: true))
    try event(.observed(frame: frame), after: duration)
  }

  mutating func find(_ text: String, _ box: PixelRect) throws {
    try effect(.locate(target: Target(.text(Template(text))), role: .press))
    try event(
      .located(location: .found(Hit(text: text, box: box, score: 0.97))), after: .milliseconds(160))
  }

  mutating func act(
    _ action: Action, lane: LaneName = .local, thought: String = "", target: Hit? = nil
  ) throws {
    try note(
      .proposed(
        proposal: Proposal(
          lane: lane, thought: thought, action: action, target: target, frame: frame)))
    try effect(.act(action: action))
    try event(.acted)
    try effect(.settle(quiet: nil))
    try event(
      .settled(settling: .quiet(after: .milliseconds(180))), after: .milliseconds(220))
  }

  mutating func click(_ text: String, _ box: PixelRect, lane: LaneName = .local) throws {
    try find(text, box)
    guard let point = frame.size.center(of: box) else { return }
    try act(
      .click(at: point, button: .left, count: 1, modifiers: []), lane: lane,
      target: Hit(text: text, box: box))
  }

  mutating func think(_ reply: ModelReply, _ text: String) throws {
    try effect(
      .think(
        role: "default",
        appended: [Message(role: .user, parts: [.text(text), .image(frame)])], digest: "d1"))
    try event(.replied(reply: reply), after: reply.duration)
  }

  mutating func check(
    _ expected: String, _ measured: String, _ holds: Bool, _ regions: [PixelRect] = [],
    doubt: String? = nil, isForAbsence: Bool? = nil, read: ReadAccount? = nil
  ) throws {
    if let read {
      let reading = LeafReading(holds: holds, doubt: doubt, measured: measured, read: read)
      try event(.examined(readings: [reading]), after: .zero)
    }
    try note(
      .checked(
        evidence: Evidence(
          expected: expected, measured: measured, holds: holds, doubt: doubt, regions: regions,
          frame: frame, isForAbsence: isForAbsence)))
  }
}
