import Pixels
import Platform
import Props
import Scenario
import Driving
import Story

@testable import Runner

/// Ports of a run in memory: what they do is written down before, and what was asked of them after.
///
/// A call has a name: the case, the attempt and what is done, as in `a.1 examine`.
final class Stage: PortFactory {
  private struct State {
    var calls: [String] = []
    var hooks: [String: @Sendable () async -> Void] = [:]
    var failing: Set<String> = []
    var outputs: [String: ApplicationOutput] = [:]
    var replies: [ModelReply] = []
    var notice = "the stage is set"
  }

  private let state = Locked(State())
  private let troubles = Troubles<Fault>()
  let clock = ManualClock()
  let requirements: Requirements
  let findings: [ModelFinding]
  let warnings: [String]
  let hasFastModel = false
  let models: [RunSettings.Model] = []
  private let profile: ModelProfile?

  init(
    model: Requirements.Model = .forbidden, commands: Set<String> = [],
    findings: [ModelFinding] = [], warnings: [String] = []
  ) {
    requirements = Requirements(model: model) { commands.contains($0) ? "/bin/\($0)" : nil }
    self.findings = findings
    self.warnings = warnings
    if case .available = model { profile = ModelProfile() } else { profile = nil }
  }

  // MARK: - Written down before

  /// Makes a call do something else, once.
  func trouble(_ call: String, _ trouble: Troubles<Fault>.Trouble) { troubles.next(call, trouble) }

  /// Does something at the beginning of a call.
  func on(_ call: String, _ body: @escaping @Sendable () async -> Void) {
    state.withLock { $0.hooks[call] = body }
  }

  /// Lets the checks of these attempts not hold: `a.1`.
  func fail(_ attempts: String...) { state.withLock { $0.failing.formUnion(attempts) } }

  /// Lets the application of an attempt write something.
  func write(_ output: ApplicationOutput, in attempt: String) {
    state.withLock { $0.outputs[attempt] = output }
  }

  /// Says something else while the ports are made.
  func tell(_ notice: String) { state.withLock { $0.notice = notice } }

  /// What is told while the ports are made.
  var notice: String { state.withLock { $0.notice } }

  /// What the model says, in order.
  func say(_ replies: ModelReply...) { state.withLock { $0.replies = replies } }

  // MARK: - Asked for after

  /// All calls so far, in order.
  var calls: [String] { state.withLock { $0.calls } }

  /// What was done in one attempt.
  func calls(in attempt: String) -> [String] {
    calls.filter { $0.hasPrefix(attempt + " ") }.map { String($0.dropFirst(attempt.count + 1)) }
  }

  /// Forgets what was to be done at calls, and who is held by it.
  func unhook() { state.withLock { $0.hooks = [:] } }

  /// Lets calls that hear nothing end.
  func release() { troubles.release() }

  // MARK: - The ports

  func target(
    of testCase: Case, attempt: Int
  ) throws(Fault) -> (screen: any ScreenPort, host: (any HostPort)?) {
    let name = "\(testCase.id).\(attempt)"
    if case .fails(let fault) = begin("\(name) screen") { throw fault }
    return (StageScreen(stage: self, name: name), nil)
  }

  func perception(for testCase: Case) async throws(Fault) -> any PerceptionPort {
    try await call("\(testCase.id) perception")
    return StagePerception(stage: self, id: testCase.id)
  }

  func model(keep: @escaping RequestKeeping) -> (any ModelPort)? {
    profile.map { _ in StageModel(stage: self, keep: keep) }
  }

  func modelProfile(for testCase: Case) -> ModelProfile? { profile }

  func encoder(forModels: Bool) -> any FrameEncoder { StageEncoder() }

  func call(_ name: String) async throws(Fault) {
    let trouble = begin(name)
    if let hook = state.withLock({ $0.hooks[name] }) { await hook() }
    try await troubles.suffer(trouble)
  }

  private func begin(_ name: String) -> Troubles<Fault>.Trouble? {
    state.withLock { $0.calls.append(name) }
    return troubles.take(name)
  }

  /// The attempt that a case is in: each has a screen of its own.
  func attempt(of id: String) -> String {
    "\(id).\(calls.count { $0.hasPrefix("\(id).") && $0.hasSuffix(" screen") })"
  }

  func holds(in attempt: String) -> Bool { state.withLock { !$0.failing.contains(attempt) } }

  func output(of attempt: String) -> ApplicationOutput? { state.withLock { $0.outputs[attempt] } }

  func reply() -> ModelReply {
    state.withLock { $0.replies.isEmpty ? ModelReply() : $0.replies.removeFirst() }
  }
}

private struct StageScreen: ScreenPort {
  static let size = PixelSize(clampingWidth: 8, height: 4)
  let stage: Stage
  let name: String

  func prepare() async throws(Fault) -> ScreenInfo {
    try await stage.call("\(name) prepare")
    return ScreenInfo(size: Self.size, description: "stage")
  }

  func frame(settled: Bool) async throws(Fault) -> Frame {
    try await stage.call("\(name) frame")
    return Frame(size: Self.size, sequence: UInt64(stage.calls.count))
  }

  func perform(_ action: Action) async throws(Fault) {
    try await stage.call("\(name) \(action.title)")
  }

  func settle(quiet: Duration?, isPatient: Bool) async throws(Fault) -> Settling {
    try await stage.call("\(name) settle")
    return .quiet(after: .milliseconds(5))
  }

  /// Nothing ever changes, which takes as long as it may.
  func awaitChange(after sequence: UInt64, upTo limit: Duration) async throws(Fault) -> Bool {
    stage.clock.advance(by: limit)
    return false
  }

  func isUnchanged(_ patch: PixelRect, since frame: Frame) async throws(Fault) -> Bool { true }

  func past(since sequence: UInt64) async throws(Fault) -> ScreenPast {
    ScreenPast(moments: [], isWhole: true)
  }

  func recover() async throws(Fault) -> ScreenInfo { try await prepare() }

  func close() async { try? await stage.call("\(name) close") }

  func output() async -> ApplicationOutput? { stage.output(of: name) }
}

private struct StagePerception: PerceptionPort {
  let stage: Stage
  let id: String

  func interpret(_ line: String, language: String?) -> [Move]? { nil }

  func locate(
    _ target: Target, role: TargetRole, in frame: Frame
  ) async throws(Fault) -> Location {
    .missing(closest: [], reason: nil, nearest: [])
  }

  func toggle(_ target: Target, in frame: Frame) async throws(Fault) -> ToggleLocation {
    .notFound(.missing(closest: [], reason: nil, nearest: []))
  }

  func examine(_ leaf: Check, in frame: Frame) async throws(Fault) -> LeafReading {
    let attempt = stage.attempt(of: id)
    try await stage.call("\(attempt) examine")
    return LeafReading(holds: stage.holds(in: attempt), measured: "so")
  }

  func difference(_ leaf: Check, in frame: Frame) async -> Frame? { nil }

  func readField(
    at point: ScreenPoint, typed text: Template, isWhole: Bool, in frame: Frame
  ) async -> FieldReading { .matches }

  func seeField(at point: ScreenPoint, since before: Frame, in frame: Frame) async -> FieldSight {
    FieldSight(change: .changed)
  }

  func read(
    _ what: String, region: Region?, near: String?, in frame: Frame
  ) async throws(Fault) -> [ReadValue] { [] }
}

private struct StageModel: ModelPort {
  let stage: Stage
  let keep: RequestKeeping

  func think(
    role: String, conversation: [Message], tools: [ToolName], frame: KeptFrame?
  ) async throws(Fault) -> ModelReply {
    try await stage.call("think")
    var reply = stage.reply()
    let (digest, blob) = await keep(Array("{\"told\":\(conversation.count)}".utf8))
    reply.sent = SentRequest(model: "m", maximumTokens: 10, digest: digest, blob: blob)
    return reply
  }

  func judge(_ messages: [Message], vote: Int, frame: KeptFrame) async throws(Fault) -> ModelReply {
    try await stage.call("judge")
    return stage.reply()
  }
}

/// Makes of each frame a file of a few bytes that tells it from others.
private struct StageEncoder: FrameEncoder {
  func encode(_ frame: Frame) throws -> (png: [UInt8], base64Parts: [[UInt8]]) {
    (Array("frame \(frame.sequence)".utf8), [])
  }
}
