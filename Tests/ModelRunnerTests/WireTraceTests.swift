import JSONCoding
import ModelDouble
import Platform
import Testing

@testable import ModelRunner

/// The traces of what Docker Model Runner and its engine put on the wire, by their numbers in
/// docs/model-endpoint.md.
@Suite(.timeLimit(.minutes(1))) struct WireTraceTests {
  /// An answer that is an error, what it means, and how often the request is sent in all.
  struct ErrorTrace: Sendable, CustomTestStringConvertible {
    let name: String
    let answer: DoubleAnswer
    let kind: ModelError.Kind
    let attempts: Int
    var says = ""
    var testDescription: String { name }
  }

  static let errors: [ErrorTrace] = [
    ErrorTrace(
      name: "C3 origin refused", answer: .status(403, "Origin not allowed\n"), kind: .unauthorised,
      attempts: 1, says: "DMR_ORIGINS"),
    ErrorTrace(
      name: "C30 model not pulled",
      answer: .status(
        404, "error while getting model: get model '\"ai/qwen3-vl\"': model not found\n"),
      kind: .modelNotFound, attempts: 1, says: "docker model pull ai/qwen3-vl"),
    ErrorTrace(
      name: "C31 body too large", answer: .status(400, "request too large\n"),
      kind: .payloadTooLarge(limit: 10 << 20), attempts: 1, says: "smaller pictures"),
    ErrorTrace(
      name: "C32 bad JSON", answer: .status(400, "invalid request\n"), kind: .badRequest,
      attempts: 1),
    ErrorTrace(
      name: "C32 no model", answer: .status(400, "model is required\n"), kind: .badRequest,
      attempts: 1),
    ErrorTrace(
      name: "C33 out of memory",
      answer: .status(
        500,
        """
        unable to load runner: error waiting for runner to be ready: llama.cpp terminated unexpectedly: \
        llama.cpp failed: not enough GPU memory to load the model (CUDA)

        Verbose output:
        error loading model: cudaMalloc failed: out of memory

        """), kind: .loadFailed, attempts: 1, says: "smaller model"),
    ErrorTrace(
      name: "C34 load timed out",
      answer: .status(
        500,
        "unable to load runner: error waiting for runner to be ready: inference backend took too long to "
          + "initialize\n"), kind: .loadInterrupted, attempts: 3, says: "docker model run --detach"),
    ErrorTrace(
      name: "C35 load cancelled", answer: .status(500, "unable to load runner: context canceled\n"),
      kind: .loadInterrupted, attempts: 3),
    ErrorTrace(
      name: "C37 backend missing",
      answer: .status(
        412, "backend \"vllm\" is not installed; run: docker model install-runner --backend vllm\n"),
      kind: .backendMissing, attempts: 1, says: "install-runner"),
    ErrorTrace(
      name: "C37 installation failed",
      answer: .status(503, "backend installation failed: no space left\n"), kind: .backendMissing,
      attempts: 1),
    ErrorTrace(
      name: "C38 crash labelled as text",
      answer: .status(
        500,
        #"{"type":"error","code":null,"message":"llama.cpp terminated unexpectedly: GGML_ASSERT failed","param":null,"sequence_number":1}"#
      ), kind: .engineCrashed, attempts: 2, says: "docker model logs"),
    ErrorTrace(
      name: "C38 empty 500", answer: .status(500, type: "", body: []), kind: .server, attempts: 2),
    ErrorTrace(
      name: "C38 empty 502", answer: .status(502, type: "", body: []), kind: .engineCrashed,
      attempts: 2),
    ErrorTrace(
      name: "C40 no vision",
      answer: .error(
        500,
        "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"
      ),
      kind: .noVision, attempts: 1, says: "docker model pull ai/qwen3-vl"),
    ErrorTrace(
      name: "C41 undecodable image",
      answer: .error(400, "Failed to load image or audio file", type: "invalid_request_error"),
      kind: .badImage, attempts: 1, says: "PNG or JPEG"),
    ErrorTrace(
      name: "C42 context overflow",
      answer: .status(
        400,
        json: [
          "error": [
            "code": 400,
            "message":
              "request (9216 tokens) exceeds the available context size (4096 tokens), try increasing it",
            "type": "exceed_context_size_error", "n_prompt_tokens": 9216, "n_ctx": 4096,
          ]
        ]), kind: .contextExceeded(prompt: 9216, limit: 4096), attempts: 1, says: "9216"),
    ErrorTrace(
      name: "C43 pool exhausted", answer: .error(500, "Context size has been exceeded."),
      kind: .contextExceeded(prompt: nil, limit: nil), attempts: 1, says: "share the context"),
    ErrorTrace(
      name: "C44 tool format",
      answer: .error(
        500, "The model produced output that does not match the expected peg-native format"),
      kind: .toolFormat, attempts: 2),
    ErrorTrace(
      name: "C45 grammar",
      answer: .error(
        400, "Failed to initialize samplers: failed to parse grammar", type: "invalid_request_error"
      ),
      kind: .badSchema, attempts: 1, says: "schemas"),
    ErrorTrace(
      name: "C46 error event",
      answer: .events([
        #"{"choices":[{"finish_reason":null,"index":0,"delta":{"content":"I wi"}}]}"#,
        #"{"error":{"code":500,"message":"Compute error.","type":"server_error"}}"#,
      ]), kind: .server, attempts: 2),
    ErrorTrace(
      name: "C46 error event after the finish",
      answer: .events([
        #"{"choices":[{"finish_reason":"stop","index":0,"delta":{}}]}"#,
        #"{"error":{"code":500,"message":"Compute error.","type":"server_error"}}"#,
      ]), kind: .server, attempts: 2),
    ErrorTrace(
      name: "C46 old engines",
      answer: .chunks([
        .text(": hi\n\n"),
        .text("error: {\"code\":500,\"message\":\"broken\",\"type\":\"server_error\"}\n\n"),
      ]), kind: .server, attempts: 2, says: "broken"),
    ErrorTrace(
      name: "C44 tool format in a stream",
      answer: .events([
        #"{"choices":[{"finish_reason":null,"index":0,"delta":{"role":"assistant","content":null}}]}"#,
        #"{"error":{"code":500,"message":"The model produced output that does not match the expected peg-native format","type":"server_error"}}"#,
      ]), kind: .toolFormat, attempts: 2),
    ErrorTrace(
      name: "C49 unknown route", answer: .status(404, "not found\n"), kind: .notAnEndpoint,
      attempts: 1, says: "/engines/v1"),
    ErrorTrace(
      name: "tools need jinja", answer: .error(500, "tools param requires --jinja flag"),
      kind: .noTools, attempts: 1, says: "--jinja"),
    ErrorTrace(
      name: "vLLM without a tool parser",
      answer: .status(
        400,
        json: [
          "object": "error", "type": "BadRequestError", "code": 400,
          "message":
            "\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set",
        ]), kind: .noTools, attempts: 1),
    ErrorTrace(
      name: "Ollama's form", answer: .status(404, json: ["error": "model not found"]),
      kind: .modelNotFound, attempts: 1),
    ErrorTrace(
      name: "Anthropic's form",
      answer: .status(
        404,
        json: [
          "type": "error",
          "error": ["type": "not_found_error", "message": "Model not found: ai/x"],
        ]), kind: .modelNotFound, attempts: 1),
    ErrorTrace(
      name: "a key is wanted",
      answer: .error(401, "Invalid API Key", type: "authentication_error"), kind: .unauthorised,
      attempts: 1, says: "set an API key"),
    ErrorTrace(
      name: "200 with plain text", answer: .status(200, "Installing llama.cpp…\nfailed\n"),
      kind: .malformedReply, attempts: 2, says: "Installing"),
    ErrorTrace(
      name: "200 with a login page",
      answer: .status(200, type: "text/html", body: Array("<html>login</html>".utf8)),
      kind: .notAnEndpoint, attempts: 1, says: "proxy"),
    ErrorTrace(
      name: "a redirect",
      answer: DoubleAnswer.status(302, "").with(header: "Location", "http://127.0.0.1:1/"),
      kind: .notAnEndpoint, attempts: 1, says: "redirects"),
    ErrorTrace(
      name: "no choices", answer: .status(200, json: ["choices": []]), kind: .malformedReply,
      attempts: 2),
    ErrorTrace(
      name: "no JSON",
      answer: .status(200, type: "application/json", body: Array("{\"choices\":".utf8)),
      kind: .malformedReply, attempts: 2),
    ErrorTrace(
      name: "an event that is no JSON", answer: .events(["{\"choices\":"]), kind: .malformedReply,
      attempts: 2),
    ErrorTrace(
      name: "a stream of nothing", answer: .chunks([]), kind: .truncatedReply, attempts: 4),
    ErrorTrace(
      name: "not HTTP", answer: .wire([.text("SSH-2.0-OpenSSH_9.2\r\n")]), kind: .notAnEndpoint,
      attempts: 1),
    ErrorTrace(
      name: "429 beyond patience",
      answer: DoubleAnswer.error(429, "Too many requests").with(header: "Retry-After", "86400"),
      kind: .capacity, attempts: 1),
    ErrorTrace(
      name: "a refusal in so many words",
      answer: .status(
        200,
        json: [
          "choices": [
            [
              "index": 0, "finish_reason": "stop",
              "message": ["role": "assistant", "content": .null, "refusal": "I must not."],
            ]
          ]
        ]), kind: .refused, attempts: 1, says: "I must not."),
  ]

  @Test(arguments: errors, [true, false]) func `tells an error by what it says`(
    trace: ErrorTrace, stream: Bool
  ) async throws {
    let double = try ModelDouble.start(
      override: { $0.isChat ? trace.answer : nil }, ModelDouble.plain)
    defer { double.stop() }
    let client = try client(of: double)
    let error = await modelError { () throws(ModelError) in
      try await client.chat(question(stream: stream))
    }
    #expect(error?.kind == trace.kind)
    #expect(double.chats.count == trace.attempts)
    #expect(error?.message.contains(trace.says) != false || trace.says.isEmpty)
    #expect(
      error?.message.contains("ai/qwen3-vl") == true || error?.message.contains(double.url) == true)
    #expect(error?.message.contains(";") == true || error?.kind == .refused)
  }

  @Test func `C1 nothing listens`() async throws {
    let double = try ModelDouble.start(ModelDouble.plain)
    double.stop()
    let deltas = Deltas()
    let client = try client(of: double)
    let error = await modelError { () throws(ModelError) in
      try await client.chat(question(), onDelta: deltas.take)
    }
    #expect(error?.kind == .connection)
    #expect(error?.message.contains("docker desktop enable model-runner --tcp") == true)
    #expect(error?.message.contains("(tried 4 times)") == true)
    #expect(deltas.all.count == 3)
  }

  @Test func `C1 the host does not exist`() async throws {
    let endpoint = try ModelEndpoint(url: "http://no-such-host.invalid/v1", model: "x")
    let client = ModelClient(endpoint, transport: HTTPTransport(), clock: TestClock().clock)
    let error = await modelError { () throws(ModelError) in try await client.status() }
    #expect(error?.kind == .connection)
    #expect(error?.message.contains("no-such-host.invalid") == true)
  }

  @Test func `C1 the socket does not exist`() async throws {
    let endpoint = try ModelEndpoint(url: "unix:///nonexistent/runner.sock", model: "x")
    let client = ModelClient(endpoint, transport: HTTPTransport(), clock: TestClock().clock)
    let error = await modelError { () throws(ModelError) in try await client.status() }
    #expect(error?.kind == .connection)
  }

  @Test func `C20 C21 a whole reply with nulls and a path for a name`() async throws {
    let double = try ModelDouble.start(
      override: { request in
        guard request.isChat else { return nil }
        return .status(
          200, type: "application/json",
          body: Array(
            """
            {"choices":[{"finish_reason":"tool_calls","index":0,"message":{"role":"assistant",\
            "content":null,"reasoning_content":null,"tool_calls":[{"type":"function","function":\
            {"name":"click","arguments":"{\\"x\\":512}"},"id":"Qm3"}]}}],"created":1785400000,\
            "model":"/models/bundles/sha256/x/model/model.gguf","system_fingerprint":"b9879-72874f559",\
            "object":"chat.completion","usage":{"completion_tokens":27,"prompt_tokens":1278,\
            "total_tokens":1305,"prompt_tokens_details":{"cached_tokens":1100}},"id":"chatcmpl-1",\
            "timings":{"cache_n":1100,"prompt_n":178,"prompt_ms":null,"predicted_per_second":50.0}}
            """.utf8))
      }, ModelDouble.plain)
    defer { double.stop() }
    let reply = try await client(of: double).chat(question(stream: false))
    #expect(reply.toolCalls == [ToolCall(id: "Qm3", name: "click", argumentsText: #"{"x":512}"#)])
    #expect(reply.text == "")
    #expect(reply.usage.reuse == 1100.0 / 1278)
    #expect(reply.timings?.promptMilliseconds == nil)
    #expect(reply.requestID == "chatcmpl-1")
  }

  // MARK: - Streams

  private func stream(_ steps: [DoubleAnswer.Step]) async throws -> ChatReply {
    let double = try ModelDouble.start(
      override: { $0.isChat ? .chunks(steps) : nil }, ModelDouble.plain)
    defer { double.stop() }
    return try await client(of: double).chat(question())
  }

  private func stream(_ events: [String]) async throws -> ChatReply {
    try await stream((events + ["[DONE]"]).map { .text("data: \($0)\n\n") })
  }

  private func choice(_ delta: String, finish: String? = nil) -> String {
    let reason = finish.map { "\"\($0)\"" } ?? "null"
    return
      #"{"choices":[{"finish_reason":\#(reason),"index":0,"delta":\#(delta)}],"id":"chatcmpl-A"}"#
  }

  private var finished: String { choice("{}", finish: "stop") }

  @Test func `C22 a stream with comments, usage and timings`() async throws {
    let reply = try await stream([
      .text(":\n\n"), .text("data: \(choice(#"{"role":"assistant","content":null}"#))\n\n"),
      .text("data: \(choice(#"{"content":"Hel"}"#))\n\n:\n\n"),
      .text("data: \(choice(#"{"content":"lo"}"#))\n\ndata: \(finished)\n\n"),
      .text(
        "data: {\"choices\":[],\"usage\":{\"completion_tokens\":3,\"prompt_tokens\":20,"
          + "\"prompt_tokens_details\":{\"cached_tokens\":5}},\"timings\":{\"predicted_ms\":7.5}}\n\n"
      ),
      .text("data: [DONE]\n\n"),
    ])
    #expect(reply.text == "Hello")
    #expect(reply.usage.prompt == 20)
    #expect(reply.usage.cached == 5)
    #expect(reply.timings?.predictedMilliseconds == 7.5)
    #expect(reply.firstContent != nil)
  }

  @Test func `C22 line ends of any kind, no space after the colon, a byte order mark`() async throws
  {
    let first = choice(#"{"content":"Hel"}"#)
    let second = choice(#"{"content":"lo"}"#)
    let reply = try await stream([
      .bytes([0xEF, 0xBB, 0xBF]), .text("data:\(first)\r\n\r"), .text("\nevent: x\r\nid: 4\r\n"),
      .text("data:\(second)\r\rdata: \(finished)\n\n"), .text("retry: 5\n\ndata: [DONE]"),
    ])
    #expect(reply.text == "Hello")
  }

  @Test(arguments: [1, 2, 5, 64]) func `C22 the whole trace cut anywhere`(size: Int) async throws {
    let events = [choice(#"{"content":"Hé🌍"}"#), finished, "[DONE]"]
    let double = try ModelDouble.start(
      override: {
        $0.isChat ? DoubleAnswer.events(events).cut(every: size) : nil
      }, ModelDouble.plain)
    defer { double.stop() }
    #expect(try await client(of: double).chat(question()).text == "Hé🌍")
  }

  @Test func `C23 a call in fragments, a name that comes again, two calls interleaved`()
    async throws
  {
    func fragment(_ json: String) -> String { choice(#"{"tool_calls":[\#(json)]}"#) }
    let reply = try await stream([
      fragment(#"{"index":0,"id":"a","type":"function","function":{"name":"click"}}"#),
      fragment(#"{"index":0,"function":{"arguments":"{\"x\":5"}}"#),
      fragment(
        #"{"index":1,"id":"b","type":"function","function":{"name":"type","arguments":""}}"#),
      fragment(#"{"index":0,"function":{"name":"click","arguments":"12,\"y\":6"}}"#),
      fragment(#"{"index":1,"function":{"arguments":"{\"text\":\"a\"}"}}"#),
      fragment(#"{"index":0,"function":{"arguments":"40}"}}"#), choice("{}", finish: "tool_calls"),
    ])
    #expect(
      reply.toolCalls == [
        ToolCall(id: "a", name: "click", argumentsText: #"{"x":512,"y":640}"#),
        ToolCall(id: "b", name: "type", argumentsText: #"{"text":"a"}"#),
      ])
  }

  @Test func `C23 ids that are missing or come twice are made unique`() async throws {
    let reply = try await stream([
      choice(
        #"{"tool_calls":[{"index":0,"id":"a","function":{"name":"x"}},{"index":1,"id":"a","function":{"name":"y"}},{"index":2,"function":{"name":"z"}}]}"#
      ), choice("{}", finish: "tool_calls"),
    ])
    #expect(reply.toolCalls.map(\.id) == ["a", "call-2", "call-3"])
  }

  @Test func `C23 no more than eight calls are taken from a flood`() async throws {
    let calls = (0..<500).map { #"{"index":\#($0),"id":"c\#($0)","function":{"name":"x"}}"# }
    let reply = try await stream([
      choice(#"{"tool_calls":[\#(calls.joined(separator: ","))]}"#),
      choice("{}", finish: "tool_calls"),
    ])
    #expect(reply.toolCalls.count == 8)
    #expect(reply.droppedCalls == 492)
  }

  @Test func `C24 a stream without a role chunk`() async throws {
    #expect(try await stream([choice(#"{"content":"x"}"#), finished]).text == "x")
  }

  @Test func `C25 reasoning stays apart`() async throws {
    let reply = try await stream([
      choice(#"{"reasoning_content":"th"}"#), choice(#"{"reasoning_content":"ink"}"#),
      choice(#"{"content":"answer"}"#), finished,
    ])
    #expect(reply.reasoning == "think")
    #expect(reply.text == "answer")
  }

  @Test(arguments: [true, false]) func `C26 calls of a reply that was cut are not to be acted on`(
    stream: Bool
  ) async throws {
    let double = try ModelDouble.start { _ in
      .reply(
        DoubleReply(
          calls: [
            .init(name: "screenshot", arguments: "{}"), .init(name: "click", arguments: #"{"x":5"#),
          ], finish: "length"))
    }
    defer { double.stop() }
    let reply = try await client(of: double).chat(question(stream: stream))
    #expect(reply.isTruncated)
    #expect(reply.toolCalls.count == 2)
    #expect(reply.toolCalls.allSatisfy { !$0.isComplete })
    #expect(reply.message.toolCalls.isEmpty)
  }

  @Test func `C27 progress of the prompt is told`() async throws {
    let progress =
      choice(#"{"role":"assistant","content":null}"#).dropLast()
      + #","prompt_progress":{"total":1278,"cache":0,"processed":512,"time_ms":830}}"#
    let double = try ModelDouble.start(
      override: { [finished] in
        $0.isChat ? .events([String(progress), finished, "[DONE]"]) : nil
      }, ModelDouble.plain)
    defer { double.stop() }
    let deltas = Deltas()
    _ = try await client(of: double).chat(question(), onDelta: deltas.take)
    #expect(deltas.all.contains(.progress(processed: 512, total: 1278)))
  }

  @Test func `C39 a stream that stops is sent again, and its pieces are void`() async throws {
    let calls = Locked(0)
    let double = try ModelDouble.start { _ in
      let call = calls.withLock { count -> Int in
        count += 1
        return count
      }
      let answer = DoubleAnswer.toolCall("click", ["x": 512, "y": 640])
      return call == 1
        ? answer.closing(after: 700) : call == 2 ? answer.ending(after: 700, by: .reset) : answer
    }
    defer { double.stop() }
    let deltas = Deltas()
    let reply = try await client(of: double).chat(question(), onDelta: deltas.take)
    #expect(reply.attempts == 3)
    #expect(reply.toolCalls.first?.argumentsText == #"{"x":512,"y":640}"#)
    let retries = deltas.all.compactMap { delta -> ModelError.Kind? in
      if case .retrying(_, _, let error) = delta { error.kind } else { nil }
    }
    #expect(retries == [.truncatedReply, .truncatedReply])
  }

  @Test func `C39 a clean end without a finish is no answer`() async throws {
    let double = try ModelDouble.start(
      override: { [self] in
        $0.isChat ? .events([choice(#"{"content":"partial"}"#)]) : nil
      }, ModelDouble.plain)
    defer { double.stop() }
    let client = try client(of: double)
    let error = await modelError { () throws(ModelError) in try await client.chat(question()) }
    #expect(error?.kind == .truncatedReply)
  }

  @Test(arguments: [DoubleAnswer.Step.close, .reset])
  func `C39 what is lost after the finish is not missed`(end: DoubleAnswer.Step) async throws {
    let reply = try await stream([
      .text("data: \(choice(#"{"content":"all"}"#))\n\ndata: \(finished)\n\n"),
      .pause(.milliseconds(20)), end,
    ])
    #expect(reply.text == "all")
    #expect(reply.attempts == 1)
  }

  @Test func `C36 a loading model is waited for`() async throws {
    let calls = Locked(0)
    let double = try ModelDouble.start { _ in
      let call = calls.withLock { count -> Int in
        count += 1
        return count
      }
      return call <= 6 ? .error(503, "Loading model", type: "unavailable_error") : .text("ready")
    }
    defer { double.stop() }
    let clock = TestClock()
    let reply = try await client(of: double, clock: clock.clock).chat(question())
    #expect(reply.text == "ready")
    #expect(reply.attempts == 7)
    #expect(clock.slept.allSatisfy { $0 <= .seconds(5) })
  }

  @Test func `C36 a model that loads for ever is given up`() async throws {
    let double = try ModelDouble.start { _ in
      .error(503, "Loading model", type: "unavailable_error")
    }
    defer { double.stop() }
    let client = try client(of: double)
    let error = await modelError { () throws(ModelError) in try await client.chat(question()) }
    #expect(error?.kind == .modelLoading)
  }

  @Test func `C31 a body beyond the limit is not even sent`() async throws {
    let double = try ModelDouble.start(ModelDouble.plain)
    defer { double.stop() }
    let image = try #require(EncodedImage(tinyPNG + [UInt8](repeating: 7, count: 8_000_000)))
    let client = try client(of: double)
    let error = await modelError { () throws(ModelError) in
      try await client.chat(ChatRequest(messages: [.user("?", images: [image])]))
    }
    #expect(error?.kind == .payloadTooLarge(limit: 10_000_000))
    #expect(double.requests.isEmpty)
  }

  @Test func `C31 a connection closed during a large upload means the same`() async throws {
    let double = try ModelDouble.start(uploadLimit: 10 << 20, ModelDouble.plain)
    defer { double.stop() }
    let image = try #require(EncodedImage(tinyPNG + [UInt8](repeating: 7, count: 12 << 20)))
    let client = try client(of: double) { $0.bodyLimit = 64 << 20 }
    let error = await modelError { () throws(ModelError) in
      try await client.chat(ChatRequest(messages: [.user("?", images: [image])]))
    }
    #expect(error?.kind == .payloadTooLarge(limit: 10 << 20))
  }

  @Test(arguments: [
    ("1", Duration.seconds(1)), ("0", .zero), ("60", .seconds(60)),
  ]) func `429 is obeyed`(header: String, wait: Duration) async throws {
    let calls = Locked(0)
    let double = try ModelDouble.start { _ in
      let call = calls.withLock { count -> Int in
        count += 1
        return count
      }
      return call == 1
        ? DoubleAnswer.error(429, "Too many requests").with(header: "Retry-After", header)
        : .text("ok")
    }
    defer { double.stop() }
    let clock = TestClock()
    #expect(try await client(of: double, clock: clock.clock).chat(question()).text == "ok")
    #expect(clock.slept == [wait])
  }

  // MARK: - Time

  @Test func `C47 pings keep a slow answer alive`() async throws {
    var steps: [DoubleAnswer.Step] = []
    for _ in 0..<6 { steps += [.text(":\n\n"), .pause(.milliseconds(60))] }
    steps += [
      .text("data: \(choice(#"{"content":"late"}"#))\n\ndata: \(finished)\n\ndata: [DONE]\n\n")
    ]
    let double = try ModelDouble.start(
      override: { [steps] in $0.isChat ? .chunks(steps) : nil }, ModelDouble.plain)
    defer { double.stop() }
    let client = try client(of: double) { $0.timeouts.betweenBytes = .milliseconds(250) }
    #expect(try await client.chat(question()).text == "late")
  }

  @Test func `C47 silence between bytes ends the answer`() async throws {
    let double = try ModelDouble.start { _ in .text("never finished").ending(after: 200, by: .hang)
    }
    defer { double.stop() }
    let client = try client(of: double) { $0.timeouts.betweenBytes = .milliseconds(50) }
    let error = await modelError { () throws(ModelError) in try await client.chat(question()) }
    #expect(error?.kind == .timeout(.betweenBytes))
    await double.waitForClientsLeft(2)
  }

  @Test func `C51 silence before the first byte ends the wait`() async throws {
    let double = try ModelDouble.start { _ in .silence }
    defer { double.stop() }
    let client = try client(of: double) { $0.timeouts.firstByteCold = .milliseconds(50) }
    let error = await modelError { () throws(ModelError) in try await client.chat(question()) }
    #expect(error?.kind == .timeout(.firstByte))
    #expect(error?.message.contains("docker model ps") == true)
    #expect(try await client.running().first?.state == .idle)
  }

  @Test func `an endless answer meets the limit for the whole`() async throws {
    let events = [DoubleAnswer.Step](
      repeating: .text("data: \(choice(#"{"content":"x"}"#))\n\n"), count: 1)
    let steps = (0..<400).flatMap { _ in events + [.pause(.milliseconds(5))] }
    let double = try ModelDouble.start(
      override: { $0.isChat ? .chunks(steps) : nil }, ModelDouble.plain)
    defer { double.stop() }
    let client = try client(of: double) { $0.timeouts.answer = .milliseconds(150) }
    let error = await modelError { () throws(ModelError) in try await client.chat(question()) }
    #expect(error?.kind == .timeout(.total))
  }

  @Test func `C48 after a cancelled request the next one is served`() async throws {
    let double = try ModelDouble.start { request in
      request.lastUserText == "hang" ? .text("long").ending(after: 250, by: .hang) : .text("next")
    }
    defer { double.stop() }
    let client = try client(of: double)
    let task = Task { try await client.chat(ChatRequest(messages: [.user("hang")])) }
    await double.waitForRequests(1)
    task.cancel()
    _ = await task.result
    await double.waitForClientsLeft(1)
    #expect(try await client.chat(question()).text == "next")
  }

  @Test(arguments: ["chat", "status"]) func `C52 a kept connection that was closed is made anew`(
    what: String
  ) async throws {
    let double = try ModelDouble.start(
      override: { request in
        // Closed without a byte, as when an idle connection's end crosses with the request.
        request.index == 1 ? .closed : nil
      }, ModelDouble.plain)
    defer { double.stop() }
    let client = try client(of: double)
    _ = try await client.status()
    if what == "chat" {
      #expect(try await client.chat(question()).attempts == 1)
    } else {
      _ = try await client.status()
    }
    #expect(double.requests.count == 3)
  }
}
