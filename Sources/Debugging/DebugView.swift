internal import JSONCoding
public import Recording
public import Scenario
internal import Session
public import Story

/// Where an attempt is, folded from the lines of its journal as they are written.
public struct DebugView: Sendable {
  /// One step in the order in which they run.
  public struct Entry: Sendable {
    /// What is known of it.
    public var info: StepInfo
    /// The step.
    public var step: Step
    /// How it ended; nil while it has not.
    public var ending: Ending?
  }

  /// The case; nil before any began.
  public private(set) var testCase: Case?
  /// Which attempt of it, from 1.
  public private(set) var attempt = 0
  /// Its steps.
  public private(set) var entries: [Entry] = []
  /// The place of the step that is at work, or that is next.
  public private(set) var place = 0
  /// Whether that step has begun.
  public private(set) var hasBegun = false
  /// Whether it is held.
  public private(set) var isHeld = false
  /// What was wanted last, but to hold.
  public private(set) var wanted: Effect?
  /// What is worth knowing of the step, in order.
  public private(set) var notes: [Note] = []
  /// The values that were read, by name.
  public private(set) var values: [String: String] = [:]
  /// The last picture.
  public private(set) var frame: FrameReference?
  /// What the last question told the model.
  public private(set) var prompt: [Message] = []
  /// What the model answered last.
  public private(set) var reply: ModelReply?
  /// What was spent.
  public private(set) var actions = 0
  /// What was spent.
  public private(set) var modelCalls = 0
  /// How long it runs.
  public private(set) var time = Duration.zero
  /// What it came to.
  public private(set) var outcome: Outcome?
  private var jump: Int?

  /// A view of nothing yet.
  public init() {}

  /// The step that is at work, or that is next; nil behind the last.
  public var current: Entry? { entries.indices.contains(place) ? entries[place] : nil }

  /// Takes in the next line of the journal; lines of other cases are not given.
  public mutating func add(_ line: JournalLine) {
    time = line.time
    let entry = try? JournalEntry(type: line.type, fields: .object(line.fields))
    switch entry {
    case .started(let plan)?: begin(plan)
    case .effect(let effect)?: add(effect)
    case .event(let event, _)?: add(event)
    case .note(let note)?: add(note)
    case .order(let order, _)?: add(order)
    case .application, .output, nil: break
    }
  }

  private mutating func begin(_ plan: SessionPlan) {
    self = DebugView()
    testCase = plan.testCase
    attempt = plan.attempt
    entries = StepList.of(plan.testCase.scenario).map { Entry(info: $0.info, step: $0.step) }
  }

  private mutating func add(_ effect: Effect) {
    isHeld = effect == .hold
    if !isHeld { wanted = effect }
    switch effect {
    case .think(_, let appended, _, _): prompt = appended
    case .finish(let outcome): self.outcome = outcome
    default: break
    }
  }

  private mutating func add(_ event: SessionEvent) {
    switch event {
    case .observed(let frame), .pictureKept(let frame): self.frame = frame
    case .replied(let reply):
      self.reply = reply
      modelCalls += max(1, reply.asked)
    case .acted: actions += 1
    case .ran: actions += 1
    default: break
    }
  }

  private mutating func add(_ note: Note) {
    switch note {
    case .stepStarted(let info):
      notes = []
      place = entries.firstIndex { $0.info.index == info.index } ?? place
      entries[place].ending = nil
      hasBegun = true
    case .stepFinished(let index, let ending, _):
      guard let ended = entries.firstIndex(where: { $0.info.index == index }) else { return }
      entries[ended].ending = ending
      hasBegun = false
      place = jump ?? next(after: ended, ending)
      jump = nil
    case .valueRead(let name, let value): values[name] = value
    default: notes.append(note)
    }
  }

  /// After a bad ending only teardown is left.
  private func next(after place: Int, _ ending: Ending) -> Int {
    let step = entries[place]
    let isBad = ending.verdict.isTrouble && !step.step.isOptional
    guard isBad, step.info.phase != .teardown else { return place + 1 }
    return entries.firstIndex { $0.info.phase == .teardown } ?? entries.count
  }

  private mutating func add(_ order: Order) {
    switch order {
    case .rewind(let index):
      guard let target = entries.firstIndex(where: { $0.info.index == index }) else { return }
      if hasBegun { jump = target } else { place = target }
    case .replace(let index, let step):
      guard let target = entries.firstIndex(where: { $0.info.index == index }) else { return }
      entries[target].step = step
      entries[target].info.title = step.title
    case .insert(let step): insert(step)
    case .setResult(let name, let value): values[name] = value
    default: break
    }
  }

  private mutating func insert(_ step: Step) {
    let index = (entries.map(\.info.index).max() ?? 0) + 1
    let info = StepInfo(
      index: index, phase: current?.info.phase ?? .steps, title: step.title,
      keyword: step.kind.keyword, location: step.location)
    if hasBegun { jump = place }
    entries.insert(Entry(info: info, step: step), at: place)
    // The step that is left ends behind the one that was put before it.
    if hasBegun { hasBegun = false }
  }
}
