import Pixels
import Props
import Scenario
import Synchronization

@testable import Driving
@testable import Session
@testable import Story

/// What the ports in memory do when they are called, and what was asked of them.
final class Switchboard: Sendable {
  private struct State {
    var calls: [String] = []
    var active = 0
    var overlapped = false
    var onCall: (@Sendable (String) -> Void)?
    var replies: [ModelReply] = []
    var locations: [Location] = []
    var readings: [Bool] = []
    var fields: [FieldReading] = []
    var keepsAll = true
    var losesPictures = false
    var conversations: [[Message]] = []
  }

  private let state = Mutex(State())
  private let troubles = Troubles<Fault>()

  /// All calls so far, in order.
  var calls: [String] { state.withLock { $0.calls } }
  /// Whether a call began before the one before it had ended.
  var overlapped: Bool { state.withLock { $0.overlapped } }
  /// What the model was asked.
  var conversations: [[Message]] { state.withLock { $0.conversations } }

  /// Makes the next call of this name do something else.
  func next(_ name: String, _ trouble: Troubles<Fault>.Trouble) { troubles.next(name, trouble) }

  /// Calls this at the beginning of each call.
  func onCall(_ body: @escaping @Sendable (String) -> Void) {
    state.withLock { $0.onCall = body }
  }

  /// What the model, perception and checks say, in order; then it is the last of them again.
  func say(
    replies: [ModelReply] = [], locations: [Location] = [], readings: [Bool] = [],
    fields: [FieldReading] = []
  ) {
    state.withLock { state in
      state.replies = replies
      state.locations = locations
      state.readings = readings
      state.fields = fields
    }
  }

  func heard(_ conversation: [Message]) { state.withLock { $0.conversations.append(conversation) } }

  /// Whether the screen's past is whole.
  var keepsAll: Bool { state.withLock { $0.keepsAll } }

  /// Whether the pictures of the screen's past cannot be looked at.
  var losesPictures: Bool { state.withLock { $0.losesPictures } }

  /// Loses them.
  func losePictures() { state.withLock { $0.losesPictures = true } }

  /// Lets the screen forget the older part of its past.
  func forget() { state.withLock { $0.keepsAll = false } }

  func nextReply() -> ModelReply { state.withLock { $0.replies.popped } ?? ModelReply() }

  func nextLocation() -> Location {
    state.withLock { $0.locations.popped } ?? .found(.at(50, 50))
  }

  func nextReading() -> Bool { state.withLock { $0.readings.popped } ?? true }

  func nextField() -> FieldReading { state.withLock { $0.fields.popped } ?? .matches }

  /// Lets deaf calls end.
  func release() { troubles.release() }

  /// Notes a call that is over at once; whether it may go on.
  func goesOn(_ name: String) -> Bool {
    let onCall = state.withLock { state in
      state.calls.append(name)
      return state.onCall
    }
    let trouble = troubles.take(name)
    onCall?(name)
    return trouble == nil
  }

  func call(_ name: String) async throws(Fault) {
    let onCall = state.withLock { state in
      state.calls.append(name)
      state.overlapped = state.overlapped || state.active > 0
      state.active += 1
      return state.onCall
    }
    defer { state.withLock { $0.active -= 1 } }
    let trouble = troubles.take(name)
    onCall?(name)
    try await troubles.suffer(trouble)
  }
}

extension Array {
  /// Takes the first one off, but keeps the last.
  fileprivate var popped: Element? {
    mutating get { count > 1 ? removeFirst() : first }
  }
}

struct MemoryScreen: ScreenPort {
  let board: Switchboard

  func prepare() async throws(Fault) -> ScreenInfo {
    try await board.call("prepare")
    return ScreenInfo(size: .screen, description: "memory")
  }

  func frame(settled: Bool) async throws(Fault) -> Frame {
    try await board.call(settled ? "settled frame" : "frame")
    return Frame(size: .screen, sequence: UInt64(board.calls.count))
  }

  func perform(_ action: Action) async throws(Fault) { try await board.call(action.title) }

  func settle(quiet: Duration?, isPatient: Bool) async throws(Fault) -> Settling {
    try await board.call("settle")
    return .quiet(after: .milliseconds(5))
  }

  func awaitChange(after sequence: UInt64, upTo limit: Duration) async throws(Fault) -> Bool {
    try await board.call("await change")
    return true
  }

  func isUnchanged(_ patch: PixelRect, since frame: Frame) async throws(Fault) -> Bool {
    try await board.call("compare")
    return true
  }

  func past(since sequence: UInt64) async throws(Fault) -> ScreenPast {
    try await board.call("past since \(sequence)")
    return ScreenPast(
      moments: (1...3).map { number in
        ScreenPast.Moment(
          sequence: sequence + UInt64(number), age: .milliseconds(900 - 200 * number), changes: nil
        ) { [board] in
          board.losesPictures ? nil : Frame(size: .screen, sequence: sequence + UInt64(number))
        }
      }, isWhole: board.keepsAll)
  }

  func recover() async throws(Fault) -> ScreenInfo {
    try await board.call("recover")
    return ScreenInfo(size: .screen, description: "memory")
  }

  func close() async { try? await board.call("close") }
}

struct MemoryPerception: PerceptionPort {
  let board: Switchboard

  func interpret(_ line: String, language: String?) -> [Move]? {
    line.hasPrefix("tick") ? [.toggle(Target("A"), isOn: true)] : nil
  }

  func locate(
    _ target: Target, role: TargetRole, in frame: Frame
  ) async throws(Fault) -> Location {
    try await board.call("locate")
    return board.nextLocation()
  }

  func toggle(_ target: Target, in frame: Frame) async throws(Fault) -> ToggleLocation {
    try await board.call("toggle")
    return .found(.at(50, 50), isOn: board.calls.contains { $0.hasPrefix("click") })
  }

  func examine(_ leaf: Check, in frame: Frame) async throws(Fault) -> LeafReading {
    try await board.call("examine")
    return LeafReading(holds: board.nextReading(), measured: "so")
  }

  func difference(_ leaf: Check, in frame: Frame) async -> Frame? { nil }

  func readField(
    at point: ScreenPoint, typed text: Template, isWhole: Bool, in frame: Frame
  ) async -> FieldReading {
    try? await board.call("read field")
    return board.nextField()
  }

  func seeField(at point: ScreenPoint, since before: Frame, in frame: Frame) async -> FieldSight {
    FieldSight(change: .changed)
  }

  func read(
    _ what: String, region: Region?, near: String?, in frame: Frame
  ) async throws(Fault) -> [ReadValue] {
    try await board.call("read")
    return [ReadValue(text: "value", box: PixelRect(x: 1, y: 1, width: 9, height: 9), label: 0)]
  }
}

struct MemoryModel: ModelPort {
  let board: Switchboard

  func think(
    role: String, conversation: [Message], tools: [ToolName], frame: KeptFrame?
  ) async throws(Fault) -> ModelReply {
    board.heard(conversation)
    try await board.call("think")
    return board.nextReply()
  }

  func judge(_ messages: [Message], vote: Int, frame: KeptFrame) async throws(Fault) -> ModelReply {
    board.heard(messages)
    try await board.call("judge")
    return board.nextReply()
  }
}

struct MemoryPerson: PersonPort {
  let board: Switchboard

  func authorise(_ action: Action) async -> String? {
    try? await board.call("authorise")
    return nil
  }

  func permit(_ command: SSHCommand, because reason: String) async -> String? {
    try? await board.call("permit")
    return nil
  }
}

/// Keeps the journal in memory.
final class MemoryRecord: RecordPort {
  private let lines = Mutex<[JournalEntry]>([])
  private let onEffect: @Sendable (Effect) -> Void

  /// A record that calls `onEffect` before each effect is done.
  init(onEffect: @escaping @Sendable (Effect) -> Void = { _ in }) { self.onEffect = onEffect }

  var entries: [JournalEntry] { lines.withLock { $0 } }

  func keep(_ frame: Frame) async -> KeptFrame {
    KeptFrame(
      frame: frame,
      reference: FrameReference(
        blob: "blob\(frame.sequence)", size: frame.size, sequence: frame.sequence))
  }

  func record(_ entry: JournalEntry) async {
    lines.withLock { $0.append(entry) }
    if case .effect(let effect) = entry { onEffect(effect) }
  }
}

extension ManualClock {
  /// A clock of which short sleeps are over at once, and long ones are limits.
  ///
  /// - Parameter waiting: short sleeps that are not over at once.
  convenience init(waiting: Set<Duration> = [SessionDriver.grace, SessionDriver.closingLimit]) {
    self.init { $0 < .seconds(45) && !waiting.contains($0) }
  }

  var clock: SessionClock { SessionClock(now: { self.now }, sleep: { try await self.sleep($0) }) }
}

/// A driver over ports in memory.
struct Rig {
  let board = Switchboard()
  let record: MemoryRecord
  let clock: ManualClock
  let driver: SessionDriver
  let interruption = Interruption()
  let orders = Orders()

  /// - Parameters:
  ///   - hasPerson: whether somebody lets each hold go on.
  ///   - interrupts: whether to interrupt when an effect is about to be done.
  init(
    clock: ManualClock = ManualClock(waiting: [SessionDriver.grace, SessionDriver.closingLimit]),
    hasPerson: Bool = true,
    interrupts: @escaping @Sendable (Effect) -> Bool = { _ in false }
  ) {
    self.clock = clock
    record = MemoryRecord { [board, orders, interruption] effect in
      if effect == .hold, board.goesOn("hold") { orders.give(.goOn(until: nil)) }
      if interrupts(effect) { interruption.request() }
    }
    driver = SessionDriver(
      screen: MemoryScreen(board: board), perception: MemoryPerception(board: board),
      model: MemoryModel(board: board), record: record,
      person: hasPerson ? MemoryPerson(board: board) : nil, orders: hasPerson ? orders : nil,
      clock: clock.clock)
  }

  func run(_ plan: SessionPlan) async -> Outcome {
    await driver.run(plan, interruption: interruption)
  }

  /// The events in the journal.
  var events: [SessionEvent] {
    record.entries.compactMap { if case .event(let event, _) = $0 { event } else { nil } }
  }
}
