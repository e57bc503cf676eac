import Imaging
import JSONCoding
import ModelDouble
import Pixels
import Platform
import Testing

/// Which model is asked, in which words, and what happens when it cannot answer.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ModelRolesTests {
  private let shop = ["scenarios/model/shop.yaml"]

  private func run(
    _ program: Program, _ double: ModelDouble, _ environment: [String: String] = [:],
    flags: [String] = []
  ) async throws -> Program.Ran {
    let own = ["QA_AGENT_MODEL_ENDPOINT": double.url, "QA_AGENT_MODEL": "ai/qwen3-vl"]
    return try await program.run(
      ["run"] + shop + flags + ["-o", program.folder.path + "/reports"], in: Program.root,
      environment: own.merging(environment) { _, new in new })
  }

  private func verdict(_ program: Program) throws -> String? {
    try program.results()["model/shop"]?.verdict
  }

  private func report(_ program: Program) throws -> String {
    let path = program.folder.path + "/reports/latest/results.json"
    return String(decoding: try Files.read(path, limit: 64 << 20), as: UTF8.self)
  }

  // MARK: - Before a run

  /// A model that sees, in the unit of its family or in pixels.
  private func eyes(inPixels: Bool = false) -> SeeingModel {
    var eyes = SeeingModel { bytes in
      guard let frame = try? PNG.decode(bytes) else { return nil }
      let pixels = frame.pixels.withUnsafeBytes { raw in
        raw.bindMemory(to: UInt32.self).map { $0 & 0xFFFFFF }
      }
      return SeeingModel.Picture(
        width: frame.size.width, height: frame.size.height, pixels: pixels)
    }
    if inPixels { eyes.numbers = { x, y, _ in (x, y) } }
    return eyes
  }

  @Test func `a model is tested once, and the report says what was found`() async throws {
    let onlooker = try await Onlooker()
    let program = try Program()
    let eyes = eyes()
    let actor = Locked(ModelTests.actor(onlooker, ModelTests.signIn))
    let double = try ModelDouble.start { request in
      eyes.answer(request) ?? actor.withLock(\.self)(request)
    }
    defer { double.stop() }
    let ran = try await run(program, double, ["QA_AGENT_PREFLIGHT": "true"])
    #expect(try verdict(program) == "passed", "\(ran.all)")
    #expect(ran.all.contains("testing ai/qwen3-vl"), "\(ran.all)")
    #expect(try report(program).contains("the model read the number"))
    let first = double.chats.count
    #expect(first > ModelTests.signIn.count)
    actor.withLock { $0 = ModelTests.actor(onlooker, ModelTests.signIn) }
    let again = try await run(program, double, ["QA_AGENT_PREFLIGHT": "true"])
    #expect(try verdict(program) == "passed", "\(again.all)")
    #expect(double.chats.count - first == ModelTests.signIn.count)
    #expect(!again.all.contains("testing ai/qwen3-vl"))
  }

  @Test func `a blind model is an error before any case starts`() async throws {
    let program = try Program()
    var eyes = eyes()
    eyes.isBlind = true
    let double = try ModelDouble.start { [eyes] in eyes.answer($0) ?? Onlooker.success() }
    defer { double.stop() }
    let ran = try await run(program, double, ["QA_AGENT_PREFLIGHT": "true"])
    #expect(ran.code == 5)
    let result = try #require(try program.results()["model/shop"])
    #expect(result.verdict == "error")
    #expect(result.reason.contains("does not see"), "\(result.reason)")
    #expect(!double.chats.contains { $0.lastUserText.contains("Task:") })
    let asked = double.chats.count
    _ = try await run(program, double, ["QA_AGENT_PREFLIGHT": "true"])
    #expect(double.chats.count > asked, "it may have been started anew, with its projector")
  }

  @Test func `a model that counts otherwise than its family is read as it answers`() async throws {
    let onlooker = try await Onlooker()
    let program = try Program()
    let eyes = eyes(inPixels: true)
    let actor = ModelTests.actor(onlooker, ModelTests.signIn.map(Self.inPixels))
    let double = try ModelDouble.start { eyes.answer($0) ?? actor($0) }
    defer { double.stop() }
    let ran = try await run(program, double, ["QA_AGENT_PREFLIGHT": "true"])
    #expect(try verdict(program) == "passed", "\(ran.all)")
    #expect(try report(program).contains("the model answers in pixels, x first"))
  }

  /// The same answer with its place in pixels of the picture.
  private static func inPixels(
    _ step: @escaping @Sendable (Onlooker.Seen) -> DoubleAnswer
  ) -> @Sendable (Onlooker.Seen) -> DoubleAnswer {
    { step($0.inPixels) }
  }

  @Test func `a model that is not there is downloaded when that is allowed`() async throws {
    let onlooker = try await Onlooker()
    let program = try Program()
    let double = try ModelDouble.start(
      models: ["ai/other"], ModelTests.actor(onlooker, ModelTests.signIn))
    defer { double.stop() }
    let refused = try await run(program, double)
    #expect(refused.code == 5, "\(refused.all)")
    let ran = try await run(program, double, ["QA_AGENT_PULL_MODELS": "true"])
    #expect(try verdict(program) == "passed", "\(ran.all)")
    #expect(ran.all.contains("pulling ai/qwen3-vl"))
  }

  // MARK: - In a model's own words

  @Test func `a model without tools answers with JSON of the tool's schema`() async throws {
    let onlooker = try await Onlooker()
    let program = try Program()
    let actor = ModelTests.actor(onlooker, ModelTests.signIn)
    let double = try ModelDouble.start(models: ["ai/smolvlm"]) { request in
      guard request.tools.isEmpty, request.schema != nil else {
        return .text("I know no tools.")
      }
      return actor(request).callAsText
    }
    defer { double.stop() }
    let ran = try await run(program, double, ["QA_AGENT_MODEL": "ai/smolvlm"])
    #expect(try verdict(program) == "passed", "\(ran.all)")
    let last = try #require(double.chats.last)
    #expect(last.messages.map(\.role).filter { $0 == "tool" } == [])
    for (one, next) in zip(last.messages, last.messages.dropFirst()) {
      #expect(one.role != next.role, "templates without tools want the roles to alternate")
    }
  }

  @Test func `a model that was trained on lines of text is asked in them`() async throws {
    let onlooker = try await Onlooker()
    let program = try Program()
    let next = Locked(0)
    let double = try ModelDouble.start(models: ["ai/ui-tars-1.5"]) { request in
      guard request.tools.isEmpty, let seen = onlooker.read(request.lastImage) else {
        return .text("?")
      }
      func click(_ words: String) -> String {
        let place = seen.inPixels.place(words, dy: 40) ?? [0, 0]
        return "click(start_box='(\(place[0]?.text ?? ""),\(place[1]?.text ?? ""))')"
      }
      let index = next.withLock { next in
        defer { next += 1 }
        return next
      }
      let lines = [
        click("User name"), "type(content='alice')", click("Password"),
        #"type(content='wonderland\n')"#, "finished(content='signed in')",
      ]
      return .text("Thought: the form is next.\nAction: \(lines[min(index, lines.count - 1)])")
    }
    defer { double.stop() }
    let ran = try await run(program, double, ["QA_AGENT_MODEL": "ai/ui-tars-1.5"])
    #expect(try verdict(program) == "passed", "\(ran.all)")
    let last = try #require(double.chats.last)
    #expect(last.messages.contains { $0.role == "assistant" && $0.text.contains("Action: click(") })
    #expect(last.messages.first?.text.contains("right_single(") == true)
  }

  @Test func `a part is shown enlarged, and what changed where the screen is sent small`()
    async throws
  {
    let onlooker = try await Onlooker()
    let program = try Program()
    let actor = ModelTests.actor(onlooker, ModelTests.signIn)
    let calls = Locked(0)
    let double = try ModelDouble.start(models: ["ai/gemma3"]) { request in
      let call = calls.withLock { calls in
        defer { calls += 1 }
        return calls
      }
      if call == 1 {
        return .json(["reason": "small", "action": "zoom", "region": [300, 300, 700, 600]])
      }
      // The whole screen comes before its enlarged parts.
      let pictures = request.messages.last { !$0.images.isEmpty }?.images ?? []
      return actor(request.looking(at: pictures.first)).callAsText
    }
    defer { double.stop() }
    let ran = try await run(
      program, double,
      ["QA_AGENT_MODEL": "ai/gemma3", "QA_AGENT_TARGET": "demo:sign-in?size=1920x1080"])
    #expect(ran.code != nil)
    let sizes = try double.chats.last?.messages.flatMap(\.images).map { try PNG.size(of: $0) }
    #expect((sizes?.count ?? 0) >= 4, "\(sizes ?? []) \(ran.all)")
    let texts = double.chats.flatMap(\.messages).map(\.text)
    #expect(texts.contains { $0.contains("The part enlarged.") })
    #expect(texts.contains { $0.contains("is shown again, enlarged") }, "\(ran.all)")
    // The past keeps its bytes.
    var before: [JSON] = []
    for request in double.chats {
      let messages = request.messages.map(\.json)
      #expect(Array(messages.prefix(before.count)) == before)
      before = messages
    }
  }

  @Test func `a run that keeps no pictures still shows the model each screen`() async throws {
    let onlooker = try await Onlooker()
    let program = try Program()
    let double = try ModelDouble.start(ModelTests.actor(onlooker, ModelTests.signIn))
    defer { double.stop() }
    let ran = try await run(program, double, flags: ["--record", "off"])
    #expect(try verdict(program) == "passed", "\(ran.all)")
    #expect(double.chats.last.map { Set($0.images).count >= 4 } == true)
  }

  // MARK: - Who is asked

  @Test func `the quicker model is asked first and the other takes over`() async throws {
    let onlooker = try await Onlooker()
    let program = try Program()
    let slow = ModelTests.actor(onlooker, Array(ModelTests.signIn.dropFirst(2)))
    let quick = ModelTests.actor(onlooker, Array(ModelTests.signIn.prefix(2)))
    let double = try ModelDouble.start(models: ["ai/qwen3-vl", "ai/smolvlm"]) { request in
      // Once its two steps are done, the quicker model says that it is stuck.
      request.model == "ai/smolvlm" ? quick(request).callAsText : slow(request)
    }
    defer { double.stop() }
    let ran = try await run(program, double, ["QA_AGENT_FAST_MODEL": "ai/smolvlm"])
    #expect(try verdict(program) == "passed", "\(ran.all)")
    let asked = double.chats.map(\.model)
    #expect(asked.prefix(3) == ["ai/smolvlm", "ai/smolvlm", "ai/smolvlm"])
    #expect(Set(asked.dropFirst(3)) == ["ai/qwen3-vl"])
  }

  @Test func `the next of the fallback list answers when a model cannot`() async throws {
    let onlooker = try await Onlooker()
    let program = try Program()
    let actor = ModelTests.actor(onlooker, ModelTests.signIn)
    let double = try ModelDouble.start(models: ["ai/qwen3-vl", "ai/qwen3-vl:2B"]) { request in
      request.model.hasSuffix(":2B")
        ? actor(request)
        : DoubleAnswer.status(
          500, "unable to load runner: error waiting for runner to be ready: out of memory")
    }
    defer { double.stop() }
    try program.write(
      """
      models:
        default: { endpoint: "\(double.url)", model: ai/qwen3-vl, fallback: [small] }
        small: { model: "ai/qwen3-vl:2B" }
      """, to: "config.yaml")
    let ran = try await run(
      program, double, flags: ["--config", program.folder.path + "/config.yaml"])
    #expect(try verdict(program) == "passed", "\(ran.all)")
    #expect(try report(program).contains("gave no answer"))
  }

  @Test func `calls that an engine cannot read are asked for as JSON`() async throws {
    let onlooker = try await Onlooker()
    let program = try Program()
    let actor = ModelTests.actor(onlooker, ModelTests.signIn)
    let double = try ModelDouble.start { request in
      guard request.tools.isEmpty else {
        return .error(
          500, "The model produced output that does not match the expected peg-native format",
          type: "server_error")
      }
      return actor(request).callAsText
    }
    defer { double.stop() }
    let ran = try await run(program, double)
    #expect(try verdict(program) == "passed", "\(ran.all)")
    #expect(try report(program).contains("asked for JSON instead of a call"))
  }

  @Test func `a context that is set is what the runner is told`() async throws {
    let onlooker = try await Onlooker()
    let program = try Program()
    let double = try ModelDouble.start(ModelTests.actor(onlooker, ModelTests.signIn))
    defer { double.stop() }
    let ran = try await run(program, double, ["QA_AGENT_MODEL_CONTEXT": "24576"])
    #expect(try verdict(program) == "passed", "\(ran.all)")
    let told = double.requests.filter { $0.method == "POST" && $0.path.hasSuffix("/_configure") }
    #expect(told.compactMap { $0.json?["context-size"]?.integer } == [24576])
    #expect(told.first?.json?["keep_alive"] == "3600s")
  }

  @Test func `the journal holds the name of each call and what a server said`() async throws {
    let program = try Program()
    let double = try ModelDouble.start { request in
      !request.messages.contains { $0.role == "assistant" }
        ? Onlooker.type("x")
        : .error(400, "the template cannot be rendered, key sk-very-secret-1", type: "bad_request")
    }
    defer { double.stop() }
    let ran = try await run(
      program, double,
      ["QA_AGENT_MODEL_API_KEY": "sk-very-secret-1"])
    #expect(try verdict(program) == "error", "\(ran.all)")
    let path = program.folder.path + "/reports/latest/recording/events.jsonl"
    let journal = String(decoding: try Files.read(path, limit: 64 << 20), as: UTF8.self)
    let sent = double.chats.compactMap { $0.header("x-request-id") }
    #expect(sent.count >= 2)
    for id in sent { #expect(journal.contains(id.prefix(32)), "\(id)") }
    #expect(journal.contains("the template cannot be rendered"))
    #expect(!journal.contains("sk-very-secret-1"))
  }

  @Test func `a conversation that is too long is cut once, and the report says so`() async throws {
    let onlooker = try await Onlooker()
    let program = try Program()
    let actor = ModelTests.actor(onlooker, ModelTests.signIn)
    let double = try ModelDouble.start { request in
      let pictures = request.messages.reduce(0) { $0 + $1.images.count }
      guard pictures > 4 else { return actor(request) }
      return .status(
        400,
        json: [
          "error": [
            "code": 400, "type": "exceed_context_size_error",
            "message":
              "request (5400 tokens) exceeds the available context size (4096 tokens), try increasing it",
            "n_prompt_tokens": 5400, "n_ctx": 4096,
          ]
        ])
    }
    defer { double.stop() }
    let ran = try await run(program, double)
    #expect(try verdict(program) == "passed", "\(ran.all)")
    #expect(try report(program).contains("older parts of it were left out"))
    #expect(double.chats.count == ModelTests.signIn.count + 1)
  }
}
