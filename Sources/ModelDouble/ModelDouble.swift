internal import CMicroHTTPD
internal import Glibc
internal import JSONCoding
internal import Platform

/// A model runner for tests: a real HTTP server on this machine that answers as its script says.
///
/// Chat requests go to the script, on a thread of their connection, so a script may look at pictures and
/// take its time. Everything else (`/models`, `/engines/status`, `/engines/ps`, pulls, …) is answered
/// the way Docker Model Runner's daemon would, unless `override` answers first.
/// ```swift
/// let double = try ModelDouble.start { request in
///   .toolCall("click", ["x": 500, "y": 500])
/// }
/// defer { double.stop() }
/// ```
public final class ModelDouble: Sendable {
  /// Answers a chat request.
  public typealias Script = @Sendable (ReceivedRequest) -> DoubleAnswer
  /// Answers any request, or returns nil to leave it to the double.
  public typealias Override = @Sendable (ReceivedRequest) -> DoubleAnswer?

  /// A script that always says `ok`.
  public static let plain: Script = { _ in .text("ok") }

  /// Why no double could be started.
  public struct StartError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence to show.
    public let description: String
  }

  /// What a double shows when it speaks TLS: a certificate and its key, both PEM.
  public struct Identity: Sendable {
    let certificate: String
    let key: String

    /// An identity.
    public init(certificate: String, key: String) {
      self.certificate = certificate
      self.key = key
    }
  }

  /// The TCP port; 0 on a unix socket.
  public let port: Int
  /// The endpoint to give to what is tested, such as `http://127.0.0.1:40123/engines/v1`.
  public let url: String

  private let core: DoubleCore
  private let server: Locked<UInt>

  private init(core: DoubleCore, server: OpaquePointer, socket: String?, scheme: String) {
    self.core = core
    port = Int(qa_mhd_port(server))
    url = socket.map { "unix://\($0):/engines/v1" } ?? "\(scheme)://127.0.0.1:\(port)/engines/v1"
    self.server = Locked(UInt(bitPattern: server))
  }

  deinit { stop() }

  /// Starts a double on a free port of 127.0.0.1, or on a unix socket.
  ///
  /// - Parameters:
  ///   - models: the models that it has; others are answered with 404.
  ///   - socket: the path of a unix socket to make.
  ///   - identity: makes the double speak TLS, over TCP only.
  ///   - uploadLimit: a body beyond this loses its connection while it is still being sent.
  ///   - override: answers any request before all else.
  ///   - script: answers chat requests.
  public static func start(
    models: [String] = ["ai/qwen3-vl"], socket: String? = nil, identity: Identity? = nil,
    uploadLimit: Int = 64 << 20,
    override: @escaping Override = { _ in nil },
    _ script: @escaping Script
  ) throws(StartError) -> ModelDouble {
    let core = DoubleCore(daemon: DoubleDaemon(models: models), script: script, override: override)
    let context = Unmanaged.passRetained(core).toOpaque()
    guard
      let server = qa_mhd_start(
        0, socket, identity?.certificate, identity?.key, max(uploadLimit, 1), handleRequest, context
      )
    else {
      let reason = String(cString: strerror(errno))
      Unmanaged<DoubleCore>.fromOpaque(context).release()
      throw StartError(description: "cannot start the model double: \(reason)")
    }
    return ModelDouble(
      core: core, server: server, socket: socket, scheme: identity == nil ? "http" : "https")
  }

  /// Stops the server and closes all connections; calling it again does nothing.
  public func stop() {
    let server = self.server.withLock { server in
      defer { server = 0 }
      return OpaquePointer(bitPattern: server)
    }
    guard let server else { return }
    qa_mhd_stop(server)
    Unmanaged.passUnretained(core).release()
  }

  // MARK: - What happened

  /// All requests, in the order they were complete.
  public var requests: [ReceivedRequest] { core.snapshot.requests }
  /// The chat requests among them, those that only load a model left out.
  public var chats: [ReceivedRequest] { requests.filter { $0.isChat && !$0.isPreload } }
  /// How many answers were not finished because the client left.
  public var clientsLeft: Int { core.snapshot.clientsLeft }
  /// The most requests that were answered at the same time.
  public var busiest: Int { core.snapshot.busiest }

  /// Waits until so many requests were received.
  public func waitForRequests(_ count: Int) async {
    await core.wait { $0.requests.count >= count }
  }

  /// Waits until so many clients left before their answer was finished.
  public func waitForClientsLeft(_ count: Int) async {
    await core.wait { $0.clientsLeft >= count }
  }
}

/// The part of the double that the server's threads hold.
final class DoubleCore: Sendable {
  struct State {
    var daemon: DoubleDaemon
    var requests: [ReceivedRequest] = []
    var received = 0
    var clientsLeft = 0
    var running = 0
    var busiest = 0
    var waiting:
      [(condition: @Sendable (State) -> Bool, continuation: CheckedContinuation<Void, Never>)] =
        []
  }

  private let state: Locked<State>
  private let script: ModelDouble.Script
  private let override: ModelDouble.Override

  init(
    daemon: DoubleDaemon, script: @escaping ModelDouble.Script,
    override: @escaping ModelDouble.Override
  ) {
    state = Locked(State(daemon: daemon))
    self.script = script
    self.override = override
  }

  var snapshot: State { state.withLock { $0 } }

  /// Changes the state and wakes whoever waited for that.
  func update<Value>(_ body: (inout State) -> Value) -> Value {
    let (value, ready) = state.withLock { state in
      let value = body(&state)
      let copy = state
      let ready = state.waiting.filter { $0.condition(copy) }.map(\.continuation)
      state.waiting.removeAll { $0.condition(copy) }
      return (value, ready)
    }
    for continuation in ready { continuation.resume() }
    return value
  }

  func wait(until condition: @escaping @Sendable (State) -> Bool) async {
    await withCheckedContinuation { continuation in
      let isReady = state.withLock { state in
        if condition(state) { return true }
        state.waiting.append((condition, continuation))
        return false
      }
      if isReady { continuation.resume() }
    }
  }

  /// The next request's number.
  func takeNumber() -> Int {
    update { state in
      defer { state.received += 1 }
      return state.received
    }
  }

  /// Notes a request and finds its answer.
  func answer(_ request: ReceivedRequest) -> (answer: DoubleAnswer, context: EngineWire.Context) {
    update { $0.requests.append(request) }
    var context = EngineWire.Context(
      index: request.index, promptTokens: 1, cachedTokens: 0,
      includesUsage: request.json?["stream_options"]?["include_usage"]?.bool == true)
    if let answer = override(request) { return (answer, context) }
    guard request.isChat else { return (update { $0.daemon.answer(request) }, context) }
    if let refusal = update({ $0.daemon.refusal(request) }) { return (refusal, context) }
    (context.promptTokens, context.cachedTokens) = update { $0.daemon.tokens(request) }
    return (script(request), context)
  }
}
