import Durations
import JSONCoding
import Testing

@testable import ModelRunner

extension LiveServerTests {
  /// What a real server refuses, and what it does when its client leaves or comes twice.
  @Suite(.needsLiveServer) struct Faults {
    @Test(arguments: [false, true])
    func `a prompt that is too long names both numbers`(stream: Bool) async throws {
      let client = try LiveServer.seeing.client()
      let context = try await LiveSlots(client).context
      let long = String(repeating: "word ", count: context)
      var request = ChatRequest(
        messages: [.system("You test."), .user("Begin."), .assistant(long), .user("Go on.")],
        maxTokens: 16, stream: stream)
      let error = await modelError { () throws(ModelError) in try await client.chat(request) }
      guard case .contextExceeded(let counted?, context)? = error?.kind else {
        Issue.record("the prompt does not fit, but: \(error?.message ?? "it does")")
        return
      }
      #expect(counted > context)
      #expect(error?.message.contains("\(counted) tokens") == true)
      #expect(error?.message.contains("tried") == false)

      var budget = ContextBudget(family: client.endpoint.family, limit: 1 << 20, answer: 16)
      let cut = budget.cut(request.messages, afterOverflow: counted, limit: context)
      request.messages = cut.applied(to: request.messages)
      #expect(try await client.chat(request).usage.prompt < context)
    }

    @Test func `bytes that are no picture are refused as that`() async throws {
      let client = try LiveServer.seeing.client()
      let image = try #require(EncodedImage(tinyPNG))
      let request = ChatRequest(messages: [.user("Look.", images: [image])])
      let error = await modelError { () throws(ModelError) in try await client.chat(request) }
      #expect(error?.kind == .badImage)
    }

    /// Schemas that the engine cannot use: a type that is none, a reference into nowhere, a bound too far.
    static let badSchemas: [JSON] = [
      ["type": "nonsense"], ["$ref": "#/nowhere"],
      ["type": "array", "items": ["type": "integer"], "minItems": 2500, "maxItems": 3000],
    ]

    @Test(arguments: badSchemas)
    func `a schema that the engine cannot use is named as the cause`(schema: JSON) async throws {
      let client = try LiveServer.seeing.client()
      let request = ChatRequest(
        messages: [.user("Answer.")], responseFormat: .jsonSchema(name: "answer", schema))
      let error = await modelError { () throws(ModelError) in try await client.chat(request) }
      #expect(error?.kind == .badSchema)
    }

    @Test(arguments: badSchemas.prefix(2))
    func `a tool that the engine cannot use is named as the cause`(schema: JSON) async throws {
      let client = try LiveServer.seeing.client()
      let tool = ToolDefinition(
        name: "click", description: "Clicks.",
        parameters: ["type": "object", "properties": ["x": schema], "required": ["x"]])
      let request = ChatRequest(
        messages: [.user("Act.")], tools: [tool], toolChoice: .required, maxTokens: 8)
      let error = await modelError { () throws(ModelError) in try await client.chat(request) }
      #expect(error?.kind == .badSchema)
    }

    @Test func `an address without v1 is told which path is missing`() async throws {
      let url = try #require(LiveServer.seeing.url?.dropLast(3))
      let client = ModelClient(
        try ModelEndpoint(url: String(url), model: "ai/tiny"), transport: HTTPTransport())
      let error = await modelError { () throws(ModelError) in try await client.chat(question()) }
      #expect(error?.kind == .notAnEndpoint)
      #expect(error?.message.contains(" /v1") == true)
    }

    @Test func `a preload makes no more than one token`() async throws {
      let client = try LiveServer.seeing.client()
      try await client.preload()
      let limits = try await LiveSlots(client).list.map { $0["params"]?["max_tokens"]?.integer }
      #expect(limits.contains(1))
    }

    // MARK: - Slots

    /// A request that would keep its slot for thousands of tokens, begun when this returns.
    private func longRequest(_ client: ModelClient) async throws -> Task<ChatReply, any Error> {
      let context = try await LiveSlots(client).context
      let deltas = Deltas()
      let task = Task { try await client.chat(longQuestion(context - 200), onDelta: deltas.take) }
      while !deltas.all.contains(where: { if case .text = $0 { true } else { false } }) {
        await Task.yield()
      }
      return task
    }

    @Test func `cancelling frees the slot at once`() async throws {
      let client = try LiveServer.seeing.client { $0.concurrency = 3 }
      let context = try await LiveSlots(client).context
      try await LiveSlots.wait(client, until: 0)
      let decodes = try await LiveSlots.decodes(client)
      // All slots are taken, so the next request needs the one that is given up.
      let slots = try await LiveSlots(client).list.count
      var long: [Task<ChatReply, any Error>] = []
      for _ in 0..<slots { long.append(try await longRequest(client)) }
      #expect(try await LiveSlots(client).busy.count == slots)
      let left = ContinuousClock.now
      long.removeFirst().cancel()
      let next = try await client.chat(longQuestion(8))
      let waited = (ContinuousClock.now - left).milliseconds
      #expect(next.usage.completion == 8)
      #expect(next.attempts == 1)
      for task in long {
        task.cancel()
        await #expect(throws: ModelError.self) { try await task.value }
      }
      try await LiveSlots.wait(client, until: 0)
      // One decoding makes a token of each conversation.
      let spent = try await LiveSlots.decodes(client) - decodes
      #expect(spent < context - 200)
      LiveServer.note(
        "cancelled with \(slots) slots taken: the next answer after \(waited) ms; \(spent) decodings "
          + "instead of \(context - 200) or more")
    }

    @Test func `two requests run at once where two are allowed`() async throws {
      let client = try LiveServer.seeing.client { $0.concurrency = 2 }
      try await LiveSlots.wait(client, until: 0)
      let long = try await longRequest(client)
      let short = try await client.chat(longQuestion(4))
      #expect(short.usage.completion == 4)
      // The long one is still at it, so the short one did not wait for it.
      #expect(try await LiveSlots(client).busy.count == 1)
      long.cancel()
      _ = await long.result
    }

    @Test func `more requests than slots are all answered`() async throws {
      let client = try LiveServer.seeing.client { $0.concurrency = 6 }
      let replies = try await withThrowingTaskGroup(of: ChatReply.self) { group in
        for _ in 0..<6 { group.addTask { try await client.chat(longQuestion(50)) } }
        return try await group.reduce(into: [ChatReply]()) { $0.append($1) }
      }
      #expect(replies.map(\.usage.completion) == Array(repeating: 50, count: 6))
      #expect(Set(replies.map(\.requestID)).count == 6)
    }
  }
}
