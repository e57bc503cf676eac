import Durations
import Imaging
import JSONCoding
import Pixels
import Testing

@testable import ModelRunner

extension LiveServerTests {
  /// Answers of a real server.
  @Suite(.needsLiveServer) struct Chat {
    @Test(arguments: [false, true]) func `reads a reply with its figures`(stream: Bool) async throws
    {
      let client = try LiveServer.seeing.client()
      let deltas = Deltas()
      var request = longQuestion(40, stream: stream)
      request.temperature = 0
      let reply = try await client.chat(request, onDelta: deltas.take)
      #expect(!reply.text.isEmpty)
      #expect(reply.finishReason == .length)
      #expect(reply.usage.prompt > 0)
      #expect(reply.usage.completion == 40)
      let timings = try #require(reply.timings)
      #expect(try #require(timings.predictedPerSecond) > 0)
      #expect(try #require(timings.promptMilliseconds) > 0)
      #expect(reply.requestID != nil)
      #expect(reply.attempts == 1)
      #expect((reply.firstContent != nil) == stream)
      let told = deltas.all.map { if case .text(let text) = $0 { text } else { "" } }.joined()
      #expect(told == (stream ? reply.text : ""))
      LiveServer.note(
        "\(stream ? "streamed" : "in one piece"): \(reply.usage.completion) tokens in "
          + "\(reply.duration.milliseconds) ms, \(Int(timings.predictedPerSecond ?? 0)) tokens/s")
    }

    @Test func `hears how far the prompt was read`() async throws {
      let client = try LiveServer.seeing.client()
      let deltas = Deltas()
      let words = String(repeating: "and on ", count: 300)
      let request = ChatRequest(
        messages: [.user(freshWord() + words)], maxTokens: 4,
        extra: JSONObject([("return_progress", true)]))
      let reply = try await client.chat(request, onDelta: deltas.take)
      let progress = deltas.all.compactMap { delta -> (Int, Int)? in
        if case .progress(let processed, let total) = delta { (processed, total) } else { nil }
      }
      let last = try #require(progress.last)
      #expect(last == (reply.usage.prompt, reply.usage.prompt))
    }

    @Test(arguments: [false, true]) func `an answer fits its schema`(stream: Bool) async throws {
      let schema: JSON = [
        "type": "object",
        "properties": [
          "passed": ["type": "boolean"],
          "why": ["type": "string", "maxLength": 40],
          "confidence": ["type": "integer", "minimum": 0, "maximum": 100],
          "kind": ["enum": ["dialog", "form", "list"]],
        ],
        "required": ["passed", "why", "confidence", "kind"], "additionalProperties": false,
      ]
      let client = try LiveServer.seeing.client()
      for seed in 1...5 {
        let request = ChatRequest(
          messages: [.user("Judge.")], responseFormat: .jsonSchema(name: "verdict", schema),
          temperature: 1, maxTokens: 400, stream: stream,
          extra: JSONObject([("seed", .integer(seed))]))
        let reply = try await client.chat(request)
        #expect(reply.finishReason == .stop)
        var check = SchemaCheck()
        _ = try check.check(try JSON(parsing: reply.text), against: schema)
        #expect(check.repairs.isEmpty, "\(reply.text)")
      }
    }

    @Test func `an answer that meets the end of the context is cut`() async throws {
      let client = try LiveServer.seeing.client()
      let context = try await LiveSlots(client).context
      var request = longQuestion(context)
      request.messages = [.user(String(repeating: "a ", count: context / 4))]
      let reply = try await client.chat(request)
      #expect(reply.finishReason == .length)
      #expect(reply.usage.prompt + reply.usage.completion <= context + 1)
    }

    @Test func `the whole preflight runs`() async throws {
      let client = try LiveServer.seeing.client()
      let plan = Preflight(family: client.endpoint.family) { Double.random(in: 0..<1) }
      let findings = try await client.preflight(
        plan, encode: { (try? PNG.encode($0)).flatMap { EncodedImage($0) } })
      #expect(findings.map(\.kind) == ProbeKind.allCases)
      let found = Dictionary(uniqueKeysWithValues: findings.map { ($0.kind, $0) })
      #expect(found[.cache]?.outcome == .holds, "\(found[.cache]?.message ?? "")")
      #expect(found[.speed]?.outcome == .holds, "\(found[.speed]?.message ?? "")")
      for finding in findings { LiveServer.note("preflight \(finding.kind): \(finding.message)") }
    }

    @Test func `lists the model`() async throws {
      #expect(try await LiveServer.seeing.client().listModels().isEmpty == false)
    }

    @Test func `learns the context of one conversation`() async throws {
      let client = try LiveServer.seeing.client()
      #expect(try await client.contextSize() == LiveSlots(client).context)
    }
  }

  /// What the server keeps of a conversation.
  @Suite(.needsLiveServer) struct Cache {
    @Test func `a picture that comes again is not read again`() async throws {
      let client = try LiveServer.seeing.client()
      let image = try freshPicture(width: 1280, height: 800)
      let messages = { (image: EncodedImage) in [ChatMessage.user("Look.", images: [image])] }
      let first = try await client.chat(ChatRequest(messages: messages(image), maxTokens: 4))
      let again = try await client.chat(ChatRequest(messages: messages(image), maxTokens: 4))
      #expect(first.usage.cached * 10 < first.usage.prompt)
      #expect(again.usage.prompt == first.usage.prompt)
      #expect(again.usage.cached == again.usage.prompt - 1)
      // The same pixels in other bytes are another picture to the engine.
      let other = try #require(EncodedImage(image.bytes + [0]))
      let changed = try await client.chat(ChatRequest(messages: messages(other), maxTokens: 4))
      #expect(changed.usage.cached * 10 < changed.usage.prompt)
      for (name, reply) in [("first", first), ("again", again), ("other bytes", changed)] {
        LiveServer.note(
          "picture 1280×800, \(name): cached \(reply.cachedShare), \(reply.duration.milliseconds) ms"
        )
      }
    }

    @Test func `a conversation that grows is read once`() async throws {
      let client = try LiveServer.seeing.client()
      var messages: [ChatMessage] = [.system("You test. \(freshWord())")]
      var known = 0
      for turn in 1...6 {
        let images = turn % 2 == 1 ? [try freshPicture()] : []
        messages.append(.user("Turn \(turn): what now?", images: images))
        let reply = try await client.chat(ChatRequest(messages: messages, maxTokens: 24))
        LiveServer.note("growing conversation, call \(turn): cached \(reply.cachedShare)")
        // The engine reads the last token of what it knows once more.
        #expect(reply.usage.cached >= known - 1)
        known = reply.usage.prompt
        messages.append(reply.message)
      }
    }

    @Test func `a change in the past is read from there on`() async throws {
      let client = try LiveServer.seeing.client()
      let system = ChatMessage.system("You test. \(freshWord())")
      let image = try freshPicture()
      var messages = [system, .user("First.", images: [image]), .user("Second."), .user("Third.")]
      let first = try await client.chat(ChatRequest(messages: messages, maxTokens: 4))
      messages[1] = .user("First. \(ContextCut.placeholder)")
      let changed = try await client.chat(ChatRequest(messages: messages, maxTokens: 4))
      let alone = try await client.chat(ChatRequest(messages: [system], maxTokens: 1))
      #expect(changed.usage.prompt < first.usage.prompt)
      #expect(changed.usage.cached <= alone.usage.prompt + 8)
      LiveServer.note("a picture left out of the past: cached \(changed.cachedShare)")
    }
  }
}
