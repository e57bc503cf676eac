internal import Durations
internal import JSONCoding
internal import Platform

/// A conversation partner behind an HTTP endpoint.
///
/// One call is one answer: retries, the circuit breaker and the limit of requests at once are inside,
/// so callers do not retry. Cancelling the task closes the connection at once.
///
/// Share the transport among all clients.
public struct ModelClient: Sendable {
  /// The endpoint.
  public let endpoint: ModelEndpoint
  let transport: HTTPTransport
  let gate: EndpointGate
  var book: MannersBook
  let clock: ModelClock

  /// What the server takes, as far as it is known by now.
  public var manners: ServerManners { book.manners }

  /// A client.
  public init(_ endpoint: ModelEndpoint, transport: HTTPTransport) {
    self.init(endpoint, transport: transport, clock: .system)
  }

  init(
    _ endpoint: ModelEndpoint, transport: HTTPTransport, gate: EndpointGate? = nil,
    book: MannersBook? = nil, clock: ModelClock
  ) {
    self.endpoint = endpoint
    self.transport = transport
    self.gate = gate ?? EndpointGate(limit: endpoint.concurrency)
    self.book = book ?? MannersBook(endpoint.manners)
    self.clock = clock
  }

  /// Asks the model and waits for its answer.
  ///
  /// - Parameters:
  ///   - request: what to ask.
  ///   - id: the call's name; nil makes one from the clock's chance.
  ///   - onDelta: hears what comes while it comes; called on no particular thread, in order.
  /// - Throws: `ModelError`; `cancelled` when the task was.
  public func chat(
    _ request: ChatRequest, id: RequestID? = nil,
    onDelta: @escaping @Sendable (ChatDelta) -> Void = { _ in }
  ) async throws(ModelError) -> ChatReply {
    let id = id ?? RequestID(random: clock.random)
    let call = Call(client: self, id: id, onDelta: onDelta)
    do throws(ModelError) {
      return try await call.answer(to: request)
    } catch {
      var error = error
      error.requestID = id
      throw error
    }
  }

  /// Notes that the server takes no tools, which it said in refusing them.
  public func noteNoTools() { book.note { $0.takesTools = false } }

  /// Notes limits that the server stated; nil leaves one as it is.
  public func note(pictures: Int? = nil, context: Int? = nil, bodyBytes: Int? = nil) {
    func least(_ left: Int?, _ right: Int?) -> Int? {
      guard let right, right > 0 else { return left }
      return min(left ?? .max, right)
    }
    book.note { manners in
      manners.pictures = least(manners.pictures, pictures)
      manners.context = least(manners.context, context)
      manners.bodyBytes = least(manners.bodyBytes, bodyBytes)
    }
  }

  /// What each inference engine says about itself, such as `Running: llama.cpp b9879`.
  ///
  /// Also the best way to ask whether anything is there.
  public func status() async throws(ModelError) -> [(engine: String, state: String)] {
    let json = try await call("GET", rootPath("/engines/status"))
    guard let object = json.object else { throw malformed("engine status", "no object") }
    return object.pairs.map { ($0.key, $0.value.string ?? $0.value.text) }
  }

  /// The names of the models that the endpoint offers.
  public func listModels() async throws(ModelError) -> [ModelName] {
    let json = try await call("GET", endpoint.address.inference + "/models")
    guard let data = json["data"]?.array else { throw malformed("list of models", "no data") }
    return data.compactMap { $0["id"]?.string.flatMap(ModelName.init) }
  }

  // MARK: - One call

  /// The body of a request, unless it is known that nobody would take it.
  func checkedBody(_ request: ChatRequest) throws(ModelError) -> [UInt8] {
    if let message = request.messages.first(where: { $0.role != .user && !$0.images.isEmpty }) {
      throw ModelError(
        .badRequest,
        "a message of the role \(message.role.rawValue) has a picture; only users send pictures")
    }
    let body = request.body(model: endpoint.model.text)
    let limit = min(endpoint.bodyLimit, manners.bodyBytes ?? .max)
    guard body.count <= limit else {
      throw ModelError(
        .payloadTooLarge(limit: limit),
        "the request to \(endpoint) has \(body.count) bytes and the limit is \(limit); keep "
          + "fewer pictures in the conversation")
    }
    return body
  }

  private func enterGate() async throws(ModelError) {
    let limit = endpoint.timeouts.answer * 2
    let (gate, clock) = (self.gate, self.clock)
    let isIn: Bool? = await withTaskGroup(of: Bool?.self) { group in
      group.addTask { await gate.enter() }
      group.addTask {
        try? await clock.sleep(limit)
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      for await late in group where late == true && first != true { gate.leave() }
      return first
    }
    guard isIn != true else { return }
    if Task.isCancelled || isIn == false { throw cancelled }
    throw ModelError(
      .capacity,
      "no place at \(endpoint) became free within \(limit.brief): \(endpoint.concurrency) request(s) at "
        + "once are allowed; raise the model's concurrency or run fewer workers")
  }

  private var cancelled: ModelError {
    ModelError(.cancelled, "the request to \(endpoint) was cancelled")
  }

  /// Runs a body in a place of its own, again and again while that is allowed and may help.
  func repeated<Value: Sendable>(
    _ plan: RetryPlan, onDelta: @Sendable (ChatDelta) -> Void,
    _ body: @Sendable (_ attempt: Int) async throws(ModelError) -> Value
  ) async throws(ModelError) -> (value: Value, attempts: Int) {
    try await enterGate()
    defer { gate.leave() }
    var plan = plan
    var attempt = 1
    while true {
      do {
        try askBreaker()
        let value = try await body(attempt)
        gate.succeeded(at: clock.now())
        return (value, attempt)
      } catch {
        try await pause(after: error, attempt: attempt, plan: &plan, onDelta: onDelta)
        attempt += 1
      }
    }
  }

  /// How often a call is tried, when nothing speaks against it.
  var newPlan: RetryPlan { RetryPlan(loading: endpoint.timeouts.loading) }

  private func askBreaker() throws(ModelError) {
    guard case .refused(let wait) = gate.ask(at: clock.now()) else { return }
    throw ModelError(
      .circuitOpen,
      "\(endpoint) failed several times in a row and is left alone for \(wait.brief); check it with: "
        + "qa-agent doctor")
  }

  private func pause(
    after error: ModelError, attempt: Int, plan: inout RetryPlan,
    onDelta: @Sendable (ChatDelta) -> Void
  ) async throws(ModelError) {
    guard error.kind != .circuitOpen else { throw error }
    let budget = gate.failed(error, at: clock.now(), random: clock.random())
    let decision = plan.decide(
      after: error, at: clock.now(), random: clock.random(), budget: budget)
    guard case .wait(let time) = decision else {
      guard attempt > 1 else { throw error }
      throw error.saying("\(error.message) (tried \(attempt) times)")
    }
    onDelta(.retrying(attempt: attempt + 1, after: time, because: error))
    do { try await clock.sleep(time) } catch { throw cancelled }
  }

  // MARK: - Small requests

  /// A path on the server itself, beside those for inference.
  func rootPath(_ path: String) -> String { endpoint.address.root + path }

  /// One request that is answered by one JSON value, `null` for an empty body.
  ///
  /// It is not retried: libcurl sends it once more when a kept connection turns out to be closed.
  func call(
    _ method: String, _ path: String, body: JSON? = nil,
    headers: [(name: String, value: String)] = [], within limit: Duration? = nil
  ) async throws(ModelError) -> JSON {
    var request = self.request(method, path, accept: "application/json")
    if let body {
      request.body = body.bytes
      request.headers.append(("Content-Type", "application/json"))
    }
    request.headers.append(contentsOf: headers)
    let limit = limit ?? endpoint.timeouts.management
    request.deadlines.firstByte = limit
    request.deadlines.betweenBytes = limit
    request.deadlines.total = limit
    let exchange = try await send(request)
    let bytes = try await wholeBody(exchange, request)
    let head = exchange.head
    guard (200...299).contains(head.status) else { throw failure(head, bytes) }
    if bytes.isEmpty { return .null }
    do { return try JSON(parsing: bytes) } catch {
      throw head.mediaType == "application/json"
        ? malformed("\(method) \(path)", "\(error)", body: bytes) : failure(head, bytes)
    }
  }

  // MARK: - The wire, with errors that say what to do

  func send(_ request: HTTPRequest) async throws(ModelError) -> HTTPExchange {
    do { return try await transport.send(request) } catch { throw failure(error, request) }
  }

  func piece(
    _ exchange: HTTPExchange, _ request: HTTPRequest
  ) async throws(ModelError) -> [UInt8]? {
    do { return try await exchange.next() } catch { throw failure(error, request) }
  }

  func wholeBody(
    _ exchange: HTTPExchange, _ request: HTTPRequest
  ) async throws(ModelError) -> [UInt8] {
    do { return try await exchange.body() } catch { throw failure(error, request) }
  }

  func request(_ method: String, _ path: String, accept: String) -> HTTPRequest {
    var request = HTTPRequest(server: endpoint.address.server, path: path)
    request.method = method
    request.headers = [("User-Agent", Self.userAgent), ("Accept", accept)]
    if let key = endpoint.apiKey {
      request.headers.append(("Authorization", "Bearer \(key.reveal())"))
    }
    request.tls = endpoint.tls
    request.deadlines.connect = endpoint.timeouts.connect
    return request
  }

  /// Docker Model Runner treats its own command's name in here specially, so this is ours.
  private static let userAgent = "qa-agent/1"

  // MARK: - Errors

  func failure(_ head: HTTPHead, _ body: [UInt8]) -> ModelError {
    ErrorClassifier(endpoint: endpoint).error(
      status: head.status, body: ErrorBody(body),
      retryAfter: Duration(retryAfter: head.header("retry-after"), now: clock.date()),
      isHTML: head.mediaType == "text/html", raw: body)
  }

  func failure(_ failure: HTTPFailure, _ request: HTTPRequest) -> ModelError {
    let deadlines = request.deadlines
    let limit: Duration? =
      switch failure {
      case .timeout(.connect): deadlines.connect
      case .timeout(.firstByte): deadlines.firstByte
      case .timeout(.betweenBytes): deadlines.betweenBytes
      case .timeout(.total): deadlines.total
      default: nil
      }
    return ErrorClassifier(endpoint: endpoint).error(
      failure, bodyBytes: request.body.count, phaseLimit: limit)
  }

  func malformed(_ what: String, _ why: String, body: [UInt8] = []) -> ModelError {
    let why = Redactor(key: endpoint.apiKey).text(why).excerpt(200)
    return ModelError(
      .malformedReply,
      "\(endpoint.url) sent an unusable answer to \(what): \(why); check that it is a model endpoint",
      body: kept(body))
  }

  /// What of an answer's bytes an error keeps.
  func kept(_ body: [UInt8]) -> String? { ErrorClassifier(endpoint: endpoint).kept(body) }
}
