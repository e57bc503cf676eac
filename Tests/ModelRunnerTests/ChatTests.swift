import FoundationEssentials
import JSONCoding
import ModelDouble
import Testing

@testable import ModelRunner

@Suite(.timeLimit(.minutes(5))) struct ChatTests {
  @Test(arguments: [false, true]) func `reads what a model says`(stream: Bool) async throws {
    let double = try ModelDouble.start { _ in .text("Hello, wörld 🌍", reasoning: "hm") }
    defer { double.stop() }
    let reply = try await client(of: double).chat(question(stream: stream))
    #expect(reply.text == "Hello, wörld 🌍")
    #expect(reply.reasoning == "hm")
    #expect(reply.finishReason == .stop)
    #expect(reply.usage.prompt > 0)
    #expect(reply.usage.completion > 0)
    #expect(reply.timings?.predictedPerSecond == 50.5)
    #expect(reply.answerID?.isEmpty == false)
    #expect(!reply.rawBody.isEmpty)
    #expect(reply.attempts == 1)
  }

  @Test func `an outline is the body with the names of its pictures`() throws {
    let image = try #require(EncodedImage(tinyPNG, base64Parts: [], name: "blob:4f2a"))
    var request = ChatRequest(
      messages: [.system("S"), .user("look", images: [image]), .assistant("ok")],
      tools: [clickTool], temperature: 0.5)
    request.extra["seed"] = 7
    let body = String(decoding: request.body(model: "m"), as: UTF8.self)
    let url = "data:image/png;base64," + Data(tinyPNG).base64EncodedString()
    #expect(body.contains(url))
    let outline = String(decoding: request.outline(model: "m"), as: UTF8.self)
    #expect(outline == body.replacing(url, with: "blob:4f2a"))
    #expect(try JSON(parsing: outline)["seed"]?.integer == 7)
  }

  @Test(arguments: [false, true]) func `reads a tool call`(stream: Bool) async throws {
    let double = try ModelDouble.start { _ in
      .toolCall("click", ["x": 512, "y": 640], text: "I click.")
    }
    defer { double.stop() }
    let reply = try await client(of: double).chat(question(stream: stream, tools: [clickTool]))
    let call = try #require(reply.toolCalls.first)
    #expect(reply.toolCalls.count == 1)
    #expect(call.name == "click")
    #expect(call.argumentsText == #"{"x":512,"y":640}"#)
    #expect(call.isComplete)
    #expect(!call.id.isEmpty)
    #expect(reply.text == "I click.")
    #expect(reply.finishReason == .toolCalls)
  }

  @Test(arguments: [1, 2, 3, 7]) func `reads a stream cut at any byte`(size: Int) async throws {
    let double = try ModelDouble.start { _ in
      .toolCall("type", ["text": "grüße 🌍 \"x\""], text: "äöü").cut(every: size)
    }
    defer { double.stop() }
    let reply = try await client(of: double).chat(question())
    #expect(reply.text == "äöü")
    #expect(reply.toolCalls.first?.argumentsText == #"{"text":"grüße 🌍 \"x\""}"#)
  }

  @Test func `sends what the engine wants and nothing that harms`() async throws {
    let double = try ModelDouble.start { _ in .text("ok") }
    defer { double.stop() }
    let image = try #require(EncodedImage(tinyPNG))
    var request = question(tools: [clickTool])
    request.messages.append(.user("Look.", images: [image]))
    _ = try await client(of: double, key: APIKey(name: "KEY", value: "s3cret!")).chat(request)
    let received = try #require(double.chats.first)
    #expect(received.path == "/engines/v1/chat/completions")
    #expect(received.header("user-agent")?.hasPrefix("qa-agent/") == true)
    #expect(received.header("authorization") == "Bearer s3cret!")
    #expect(received.header("content-type") == "application/json")
    #expect(received.header("origin") == nil)
    #expect(received.header("x-conversation-id") == nil)
    #expect(received.header("expect") == nil)
    #expect(received.header("accept-encoding") == nil)
    #expect(received.json?["model"] == "ai/qwen3-vl")
    #expect(received.json?["parallel_tool_calls"] == false)
    #expect(received.json?["tool_choice"] == "auto")
    #expect(received.json?["stream_options"]?["include_usage"] == true)
    #expect(received.json?["max_tokens"] == 1024)
    #expect(received.images == [tinyPNG])
    #expect(received.lastUserText == "Look.")
    #expect(!String(decoding: received.body, as: UTF8.self).contains("null"))
  }

  @Test(arguments: ["{\"x\":1,\"y", "", "click", "{'x':1}", "[1]"])
  func `C53 sends no call that the engine could not read again`(arguments: String) async throws {
    let double = try ModelDouble.start { _ in .text("ok") }
    defer { double.stop() }
    var request = question(tools: [clickTool])
    request.messages += [
      .assistant("", toolCalls: [ToolCall(id: "a", name: "click", argumentsText: arguments)]),
      .tool("That was no call.", answering: "a"),
    ]
    _ = try await client(of: double).chat(request)
    let call = double.chats.first?.json?["messages"]?[2]?["tool_calls"]?[0]
    #expect(call?["id"] == "a")
    #expect(call?["function"]?["arguments"] == "{}")
  }

  @Test func `uses one connection for many requests`() async throws {
    let double = try ModelDouble.start { _ in .text("ok") }
    defer { double.stop() }
    let client = try client(of: double)
    for stream in [true, false, true, true] { _ = try await client.chat(question(stream: stream)) }
    _ = try await client.status()
    #expect(Set(double.requests.map(\.connection)).count == 1)
  }

  @Test func `talks over a unix socket`() async throws {
    let path = "/tmp/qa-model-double-\(UInt32.random(in: 0...UInt32.max)).sock"
    let double = try ModelDouble.start(socket: path) { _ in .text("over a socket") }
    defer { double.stop() }
    #expect(try await client(of: double).chat(question()).text == "over a socket")
  }

  @Test func `asks for status and models`() async throws {
    let double = try ModelDouble.start(models: ["ai/qwen3-vl:8B", "ai/smolvlm"], ModelDouble.plain)
    defer { double.stop() }
    let client = try client(of: double)
    #expect(try await client.status().contains { $0.engine == "llama.cpp" })
    let models = try await client.listModels()
    #expect(models == [ModelName("ai/qwen3-vl:8B"), ModelName("smolvlm")])
  }

  @Test func `says how to get a model that is not there`() async throws {
    let double = try ModelDouble.start(models: [], ModelDouble.plain)
    defer { double.stop() }
    let client = try client(of: double)
    let error = await modelError { () throws(ModelError) in try await client.chat(question()) }
    #expect(error?.kind == .modelNotFound)
    #expect(error?.message.contains("docker model pull ai/qwen3-vl") == true)
    #expect(double.chats.count == 1)
  }

  @Test func `closes the connection at once when cancelled`() async throws {
    let double = try ModelDouble.start { _ in .silence }
    defer { double.stop() }
    let client = try client(of: double)
    let task = Task { () -> ModelError.Kind? in
      do {
        _ = try await client.chat(question())
        return nil
      } catch { return (error as? ModelError)?.kind }
    }
    await double.waitForRequests(1)
    task.cancel()
    #expect(await task.value == .cancelled)
    await double.waitForClientsLeft(1)
    #expect(double.clientsLeft == 1)
  }

  @Test func `closes the connection inside a stream when cancelled`() async throws {
    let double = try ModelDouble.start { _ in .text("a long answer").ending(after: 300, by: .hang) }
    defer { double.stop() }
    let client = try client(of: double)
    let deltas = Deltas()
    let task = Task { try await client.chat(question(), onDelta: deltas.take) }
    while !deltas.all.contains(.alive) { await Task.yield() }
    task.cancel()
    _ = await task.result
    await double.waitForClientsLeft(1)
    #expect(double.clientsLeft == 1)
  }
}
