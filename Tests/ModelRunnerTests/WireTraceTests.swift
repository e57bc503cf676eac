import JSONCoding
import ModelDouble
import Platform
import Testing

@testable import ModelRunner

/// The traces of what Docker Model Runner and its engine put on the wire, by their numbers in
/// docs/model-endpoint.md.
@Suite(.timeLimit(.minutes(5))) struct WireTraceTests {
  @Test func `C1 nothing listens`() async throws {
    // Port 1 belongs to nobody; a port that was just given back may be somebody else's at once.
    let endpoint = try ModelEndpoint(url: "http://127.0.0.1:1/engines/v1", model: "ai/qwen3-vl")
    let client = ModelClient(endpoint, transport: HTTPTransport(), clock: TestClock().clock)
    let deltas = Deltas()
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
    #expect(reply.answerID == "chatcmpl-1")
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
    ("Wed, 21 Oct 2026 07:28:20 GMT", .seconds(20)),
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
