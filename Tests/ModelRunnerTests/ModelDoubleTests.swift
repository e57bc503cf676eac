import JSONCoding
import ModelDouble
import Testing

@testable import ModelRunner

/// The double must be as strict as what it stands for, or it hides mistakes.
@Suite(.timeLimit(.minutes(5))) struct ModelDoubleTests {
  private func send(
    to double: ModelDouble, _ change: (inout HTTPRequest) -> Void
  ) async throws -> (status: Int, text: String) {
    var request = HTTPRequest(
      server: try EndpointAddress(double.url).server, path: "/engines/v1/chat/completions")
    request.method = "POST"
    change(&request)
    let transport = HTTPTransport()
    let exchange = try await transport.send(request)
    return (exchange.head.status, String(decoding: try await exchange.body(), as: UTF8.self))
  }

  @Test func `refuses what the daemon refuses, in its words`() async throws {
    let double = try ModelDouble.start(ModelDouble.plain)
    defer { double.stop() }
    let body = Array(#"{"model":"ai/qwen3-vl","messages":[]}"#.utf8)
    var answer = try await send(to: double) {
      $0.body = body
      $0.headers = [("Origin", "http://evil.example")]
    }
    #expect(answer == (403, "Origin not allowed\n"))
    answer = try await send(to: double) { $0.body = Array("{".utf8) }
    #expect(answer == (400, "invalid request\n"))
    answer = try await send(to: double) { $0.body = Array("{}".utf8) }
    #expect(answer == (400, "model is required\n"))
    answer = try await send(to: double) { $0.body = [UInt8](repeating: 0x20, count: 10_485_761) }
    #expect(answer == (400, "request too large\n"))
    answer = try await send(to: double) { $0.body = Array(#"{"model":"ai/absent"}"#.utf8) }
    #expect(answer.status == 404)
    answer = try await send(to: double) { $0.path = "/props" }
    #expect(answer == (404, "404 page not found\n"))
    let call = #"{"id":"a","type":"function","function":{"name":"click","arguments":"{\"x"}}"#
    let past = #"[{"role":"assistant","content":"","tool_calls":[\#(call)]}]"#
    answer = try await send(to: double) {
      $0.body = Array(#"{"model":"ai/qwen3-vl","messages":\#(past)}"#.utf8)
    }
    #expect(answer.status == 500)
    #expect(answer.text.contains("Failed to parse tool call arguments as JSON"))
    #expect(double.requests.count == 7)
  }

  @Test func `answers on every path that has chat completions`() async throws {
    let double = try ModelDouble.start(ModelDouble.plain)
    defer { double.stop() }
    for path in ["", "/engines/v1", "/engines/llama.cpp/v1", "/v1", "/v1/chat/completions"] {
      let endpoint = try ModelEndpoint(
        url: "http://127.0.0.1:\(double.port)\(path)", model: "ai/qwen3-vl")
      let client = ModelClient(endpoint, transport: HTTPTransport())
      #expect(try await client.chat(question()).text == "ok")
      #expect(try await client.status().isEmpty == false)
    }
  }

  @Test func `decodes pictures strictly`() async throws {
    let double = try ModelDouble.start(ModelDouble.plain)
    defer { double.stop() }
    func picture(_ url: String) -> [UInt8] {
      Array(
        (#"{"model":"ai/qwen3-vl","messages":[{"role":"user","content":[{"type":"image_url","#
          + #""image_url":{"url":"\#(url)"}}]}]}"#).utf8)
    }
    for url in [
      "data:image/png;base64,iVBO", "data:image/png;base64,iV-_", "data:image/png;base64,iVB",
      "data:image/png,iVBO", "data:image/png;base64,iV\\nO=",
    ] {
      _ = try await send(to: double) { $0.body = picture(url) }
    }
    #expect(double.chats.map(\.images) == [[[0x89, 0x50, 0x4E]], [[]], [[]], [[]], [[]]])
  }

  @Test func `counts what is new in a prompt`() async throws {
    let double = try ModelDouble.start(ModelDouble.plain)
    defer { double.stop() }
    let client = try client(of: double)
    var request = question()
    _ = try await client.chat(request)
    request.messages += [.assistant("ok"), .user("And now?")]
    let grown = try await client.chat(request)
    #expect(grown.usage.cached > 0 && grown.usage.cached < grown.usage.prompt)
    request.messages[0] = .system("You test something else.")
    #expect(try await client.chat(request).usage.cached == 1)
  }

  @Test func `keeps what it received, in order`() async throws {
    let double = try ModelDouble.start { .toolCall("click", ["x": 1], text: $0.lastUserText) }
    defer { double.stop() }
    let client = try client(of: double)
    for word in ["one", "two", "three"] {
      let request = ChatRequest(messages: [.user(word)], tools: [clickTool])
      #expect(try await client.chat(request).text == word)
    }
    #expect(double.chats.map(\.lastUserText) == ["one", "two", "three"])
    #expect(double.chats.map(\.index) == [0, 1, 2])
    #expect(double.chats.allSatisfy { $0.tools == ["click"] && $0.isStreamed })
  }

  @Test func `stops while clients wait`() async throws {
    let double = try ModelDouble.start { _ in .silence }
    let client = try client(of: double)
    let task = Task {
      await modelError { () throws(ModelError) in try await client.chat(question()) }
    }
    await double.waitForRequests(1)
    double.stop()
    double.stop()
    #expect(await task.value != nil)
  }

  @Test func `says why it cannot start`() {
    let error = #expect(throws: ModelDouble.StartError.self) {
      try ModelDouble.start(socket: "/nonexistent/x.sock", ModelDouble.plain)
    }
    #expect(error?.description.contains("No such file") == true)
  }
}
