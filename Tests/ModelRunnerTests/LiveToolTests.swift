import JSONCoding
import Testing

@testable import ModelRunner

extension LiveServerTests {
  /// Tools, and a model without a projector, at a real server.
  @Suite(.needsLiveTextServer) struct Tools {
    private static let click = ToolDefinition(
      name: "click", description: "Clicks.",
      parameters: [
        "type": "object",
        "properties": [
          "x": ["type": "integer", "minimum": 0, "maximum": 1000],
          "y": ["type": "integer", "minimum": 0, "maximum": 1000],
          "button": ["enum": ["left", "right"]],
        ],
        "required": ["x", "y", "button"],
      ])

    private func request(seed: Int, limit: Int = 500, stream: Bool = true) -> ChatRequest {
      ChatRequest(
        messages: [.system("You test."), .user("Click on OK.")], tools: [Self.click],
        toolChoice: .required, temperature: 1, maxTokens: limit, stream: stream,
        extra: JSONObject([("seed", .integer(seed))]))
    }

    @Test(arguments: [false, true]) func `calls fit the schema of their tool`(stream: Bool)
      async throws
    {
      let client = try LiveServer.text.client()
      let decoder = ReplyDecoder(dialect: .native, tools: [Self.click])
      var whole = 0
      for seed in 1...20 {
        let reply = try await client.chat(request(seed: seed, stream: stream))
        guard !reply.isTruncated else { continue }
        whole += 1
        #expect(reply.finishReason == .toolCalls)
        let decoded = try decoder.decode(reply)
        #expect(decoded.calls.count == reply.toolCalls.count)
        #expect(Set(reply.toolCalls.map(\.id)).count == reply.toolCalls.count)
      }
      #expect(whole > 0)
      LiveServer.note("tools \(stream ? "streamed" : "in one piece"): \(whole) of 20 replies whole")
    }

    @Test func `the pieces of a call come to the whole`() async throws {
      let client = try LiveServer.text.client()
      for seed in 1...5 {
        let deltas = Deltas()
        let reply = try await client.chat(request(seed: seed), onDelta: deltas.take)
        var told: [Int: (name: String, arguments: String)] = [:]
        for case .toolCall(let index, let name, let arguments) in deltas.all {
          told[index, default: ("", "")].arguments += arguments
          if let name { told[index]?.name = name }
        }
        #expect(told.count == reply.toolCalls.count)
        for (index, call) in reply.toolCalls.enumerated() {
          #expect(told[index]?.name == call.name)
          #expect(told[index]?.arguments == call.argumentsText)
        }
      }
    }

    @Test(arguments: [false, true]) func `a cut reply has no call to act on`(stream: Bool)
      async throws
    {
      let client = try LiveServer.text.client()
      var begun = 0
      for limit in stride(from: 4, through: 64, by: 4) {
        let reply = try await client.chat(request(seed: limit, limit: limit, stream: stream))
        guard reply.isTruncated else { continue }
        #expect(reply.toolCalls.allSatisfy { !$0.isComplete })
        #expect(reply.message.toolCalls.isEmpty)
        #expect(throws: ReplyRejection.self) {
          try ReplyDecoder(dialect: .native, tools: [Self.click]).decode(reply)
        }
        if !reply.toolCalls.isEmpty { begun += 1 }
      }
      #expect(begun > 0)
      LiveServer.note(
        "cut \(stream ? "in a stream" : "in one piece"): \(begun) replies with a begun call")
    }

    @Test func `the result of a call goes back to the model`() async throws {
      let client = try LiveServer.text.client()
      var request = request(seed: 1)
      var reply = try await client.chat(request)
      for seed in 2...20 where reply.isTruncated || reply.toolCalls.isEmpty {
        reply = try await client.chat(self.request(seed: seed))
      }
      request.messages.append(reply.message)
      for call in reply.message.toolCalls {
        request.messages.append(.tool("Clicked.", answering: call.id))
      }
      let next = try await client.chat(request)
      #expect(next.usage.prompt > reply.usage.prompt)
      #expect(next.usage.cached >= reply.usage.prompt - 1)
    }

    /// Arguments that are no JSON, which an engine without a grammar may pass on.
    @Test(arguments: ["{\"x\":1,\"y", "", "click", "{'x':1}"])
    func `a call that was no JSON does not spoil the conversation`(arguments: String) async throws {
      let client = try LiveServer.text.client()
      var request = request(seed: 1, limit: 8)
      request.messages += [
        .assistant("", toolCalls: [ToolCall(id: "a", name: "click", argumentsText: arguments)]),
        .tool("That was no call.", answering: "a"),
      ]
      #expect(try await client.chat(request).usage.completion > 0)
    }

    @Test func `a model without a projector is found blind`() async throws {
      let client = try LiveServer.text.client()
      let request = ChatRequest(messages: [.user("Look.", images: [try freshPicture()])])
      let error = await modelError { () throws(ModelError) in try await client.chat(request) }
      #expect(error?.kind == .noVision)
      #expect(error?.message.contains("tried") == false)
    }

    @Test(
      .enabled(
        if: LiveServer.key != nil,
        "QA_AGENT_TEST_LLAMA_SERVER_KEY holds no key (see docs/model-endpoint.md)"))
    func `a key is wanted and a wrong one is refused`() async throws {
      for key in [nil, APIKey(name: "WRONG", value: "not-the-key")] {
        let client = try LiveServer.text.client(key: .some(key))
        let error = await modelError { () throws(ModelError) in try await client.chat(question()) }
        #expect(error?.kind == .unauthorised)
        #expect(error?.message.contains("not-the-key") == false)
        #expect(
          error?.message.contains(key == nil ? "set an API key" : "check the API key") == true)
      }
    }
  }
}
