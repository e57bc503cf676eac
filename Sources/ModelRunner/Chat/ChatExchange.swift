internal import JSONCoding

/// One attempt at one answer: a request on the wire and what comes back.
struct ChatExchange: Sendable {
  let client: ModelClient
  let id: RequestID
  let isStreamed: Bool
  let onDelta: @Sendable (ChatDelta) -> Void

  private var endpoint: ModelEndpoint { client.endpoint }

  /// Sends the body and reads the answer.
  func run(_ body: [UInt8], attempt: Int) async throws(ModelError) -> ChatReply {
    do { return try await answer(body, attempt: attempt) } catch {
      // Set here too, because whoever hears of the next attempt is told of this error.
      var error = error
      error.requestID = id
      throw error
    }
  }

  private func answer(_ body: [UInt8], attempt: Int) async throws(ModelError) -> ChatReply {
    let start = client.clock.now()
    var request = self.request(body, at: start)
    request.headers.append(("X-Request-Id", id.header(attempt: attempt)))
    let exchange = try await client.send(request)
    let head = exchange.head
    let isStream = head.mediaType == "text/event-stream"
    guard head.status == 200, isStream || head.mediaType == "application/json" else {
      let bytes = try await client.wholeBody(exchange, request)
      throw client.failure(head, bytes)
    }
    onDelta(.alive)
    var reply =
      isStream
      ? try await streamed(exchange, request, since: start)
      : try whole(try await client.wholeBody(exchange, request))
    reply.duration = client.clock.now() - start
    return reply
  }

  private func request(_ body: [UInt8], at now: Duration) -> HTTPRequest {
    let timeouts = endpoint.timeouts
    var request = client.request(
      "POST", endpoint.address.inference + "/chat/completions",
      accept: isStreamed ? "text/event-stream, application/json" : "application/json")
    request.headers.append(("Content-Type", "application/json"))
    request.body = body
    let firstByte = client.gate.isWarm(at: now) ? timeouts.firstByte : timeouts.firstByteCold
    // An answer that is not streamed has its first byte when the model is done.
    request.deadlines.firstByte = isStreamed ? min(firstByte, timeouts.answer) : timeouts.answer
    request.deadlines.betweenBytes = min(timeouts.betweenBytes, timeouts.answer)
    request.deadlines.total = timeouts.answer
    return request
  }

  // MARK: - In one piece

  private func whole(_ bytes: [UInt8]) throws(ModelError) -> ChatReply {
    var accumulator = ChatAccumulator()
    let (json, wasRepaired) = try parse(bytes)
    do {
      try accumulator.take(whole: json)
      var reply = try accumulator.result()
      reply.rawBody = Array(bytes.prefix(ChatReply.rawLimit))
      reply.hadInvalidText = wasRepaired
      return reply
    } catch {
      throw error.asModelError(client, body: bytes)
    }
  }

  private func parse(_ bytes: [UInt8]) throws(ModelError) -> (json: JSON, wasRepaired: Bool) {
    if let json = try? JSON(parsing: bytes) { return (json, false) }
    // Bytes that are no UTF-8 are replaced, once; anything else is the server's mistake.
    let repaired = Array(String(decoding: bytes, as: UTF8.self).utf8)
    do { return (try JSON(parsing: repaired), true) } catch {
      throw client.malformed("a chat request", "\(error) in: \(Self.start(bytes))", body: bytes)
    }
  }

  /// The first words of what should have been JSON.
  static func start(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.prefix(120), as: UTF8.self)
  }

  // MARK: - In pieces

  private func streamed(
    _ exchange: HTTPExchange, _ request: HTTPRequest, since start: Duration
  ) async throws(ModelError) -> ChatReply {
    var reader = ChatStreamReader()
    do throws(ChatAccumulator.Problem) {
      while !reader.isDone, let piece = try await next(exchange, request, reader.canEndEarly) {
        handle(try reader.feed(piece), &reader, since: start)
      }
      handle(try reader.finish(), &reader, since: start)
      if reader.isDone { exchange.drain() }
      return try reader.result()
    } catch {
      throw error.asModelError(client, body: reader.raw)
    }
  }

  /// The next bytes; nil at the end.
  private func next(
    _ exchange: HTTPExchange, _ request: HTTPRequest, _ canEndEarly: Bool
  ) async throws(ChatAccumulator.Problem) -> [UInt8]? {
    do { return try await exchange.next() } catch {
      // What is lost after the model said that it is done is not missed.
      if canEndEarly, error != .cancelled { return nil }
      throw .lost(client.failure(error, request))
    }
  }

  private func handle(
    _ deltas: [ChatDelta], _ reader: inout ChatStreamReader, since start: Duration
  ) {
    for delta in deltas {
      if reader.firstContent == nil, delta.isContent {
        reader.firstContent = client.clock.now() - start
      }
      onDelta(delta)
    }
  }
}

/// The text side of a streamed answer: bytes in, news and at last a reply out.
struct ChatStreamReader: Sendable {
  private var parser = EventStreamParser()
  private var accumulator = ChatAccumulator()
  /// The beginning of the stream as it came, at most `ChatReply.rawLimit` bytes.
  private(set) var raw: [UInt8] = []
  private var hadInvalidText = false
  /// Whether the end of the stream was marked.
  private(set) var isDone = false
  /// When the first content came, measured from the request.
  var firstContent: Duration?

  /// Whether the answer is complete even if the connection ends here.
  var canEndEarly: Bool { accumulator.isFinished }

  /// How many bytes are held of what came: bounded whatever a server sends.
  var heldBytes: Int { raw.count + parser.heldBytes + accumulator.heldBytes }

  /// Takes the next bytes.
  mutating func feed(_ bytes: [UInt8]) throws(ChatAccumulator.Problem) -> [ChatDelta] {
    raw.append(contentsOf: bytes.prefix(ChatReply.rawLimit - raw.count))
    let events: [EventStreamParser.Event]
    do { events = try parser.feed(bytes) } catch { throw .malformed("\(error)") }
    return try take(events)
  }

  /// The connection ended.
  mutating func finish() throws(ChatAccumulator.Problem) -> [ChatDelta] {
    guard !isDone else { return [] }
    let events: [EventStreamParser.Event]
    do { events = try parser.finish() } catch { throw .malformed("\(error)") }
    return try take(events)
  }

  /// The reply; a stream that just stops is none.
  func result() throws(ChatAccumulator.Problem) -> ChatReply {
    guard accumulator.isFinished else { throw .cut }
    var reply = try accumulator.result()
    reply.rawBody = raw
    reply.firstContent = firstContent
    reply.hadInvalidText = hadInvalidText
    return reply
  }

  private mutating func take(
    _ events: [EventStreamParser.Event]
  ) throws(ChatAccumulator.Problem) -> [ChatDelta] {
    var deltas: [ChatDelta] = []
    for event in events where !isDone {
      switch event {
      case .comment: deltas.append(.alive)
      case .error(let bytes): throw .reported(ErrorBody(bytes))
      case .data(let bytes) where bytes.elementsEqual("[DONE]".utf8): isDone = true
      case .data(let bytes): deltas.append(contentsOf: try accumulator.take(chunk: try json(bytes)))
      }
    }
    return deltas
  }

  private mutating func json(_ bytes: [UInt8]) throws(ChatAccumulator.Problem) -> JSON {
    if let json = try? JSON(parsing: bytes) { return json }
    let repaired = Array(String(decoding: bytes, as: UTF8.self).utf8)
    guard let json = try? JSON(parsing: repaired) else {
      throw .malformed("an event is no JSON: \(ChatExchange.start(bytes))")
    }
    hadInvalidText = true
    return json
  }
}

extension ChatDelta {
  /// Whether the model itself said something.
  fileprivate var isContent: Bool {
    switch self {
    case .text, .reasoning, .toolCall: true
    case .alive, .progress, .retrying, .droppedTurn, .changed: false
    }
  }
}

extension ChatAccumulator.Problem {
  /// - Parameter raw: what came of the answer.
  fileprivate func asModelError(_ client: ModelClient, body raw: [UInt8]) -> ModelError {
    var error = asModelError(client)
    error.body = client.kept(raw)
    return error
  }

  private func asModelError(_ client: ModelClient) -> ModelError {
    let endpoint = client.endpoint
    return switch self {
    case .reported(let body):
      ErrorClassifier(endpoint: endpoint).error(status: body.code ?? 500, body: body)
    case .refused(let text):
      ModelError(.refused, "\(endpoint) declined to answer: \"\(text.excerpt(300))\"")
    case .malformed(let why): client.malformed("a chat request", why)
    case .lost(let error): error
    case .cut:
      ModelError(
        .truncatedReply,
        "the answer of \(endpoint) ended before it was complete; the engine may have crashed: see docker "
          + "model logs")
    }
  }
}
