import ModelDouble
import Testing

@testable import ModelRunner

@Suite(.timeLimit(.minutes(5))) struct RouterTests {
  private func router(
    _ endpoints: [String: (ModelDouble, String)], fallbacks: [String: [String]] = [:]
  ) throws -> ModelRouter {
    let made = try endpoints.mapValues { try ModelEndpoint(url: $0.0.url, model: $0.1) }
    return ModelRouter(
      made, fallbacks: fallbacks, transport: HTTPTransport(), clock: TestClock().clock)
  }

  private func asked(
    _ router: ModelRouter, _ role: String
  ) async throws(ModelError) -> ModelRouter.Answer<ChatReply> {
    try await router.ask(role) { (_, client) async throws(ModelError) in
      try await client.chat(
        ChatRequest(messages: [.user(client.endpoint.family.name)]))
    }
  }

  @Test func `a role that is not configured is played by the default`() async throws {
    let double = try ModelDouble.start(ModelDouble.plain)
    defer { double.stop() }
    let router = try router(["default": (double, "ai/qwen3-vl")])
    #expect(router.chain(for: "judge") == ["default"])
    let answer = try await asked(router, "judge")
    #expect(answer.role == "default")
    #expect(answer.failures.isEmpty)
  }

  @Test func `the default stands in when a role's model is not there`() async throws {
    let double = try ModelDouble.start { .text($0.model) }
    defer { double.stop() }
    let router = try router(["default": (double, "ai/qwen3-vl"), "fast": (double, "ai/smolvlm")])
    let answer = try await asked(router, "fast")
    #expect(answer.value.text == "ai/qwen3-vl")
    #expect(answer.failures.map(\.role) == ["fast"])
    #expect(answer.failures.first?.error.kind == .modelNotFound)
    #expect(double.chats.map(\.lastUserText) == ["smolvlm", "qwen3-vl"])
  }

  @Test func `what lies in the request is not tried elsewhere`() async throws {
    let double = try ModelDouble.start(models: ["ai/qwen3-vl", "ai/smolvlm"]) { _ in
      .error(400, "Failed to load image or audio file", type: "invalid_request_error")
    }
    defer { double.stop() }
    let router = try router(["default": (double, "ai/qwen3-vl"), "fast": (double, "ai/smolvlm")])
    let error = await modelError { () throws(ModelError) in
      try await asked(router, "fast").role
    }
    #expect(error?.kind == .badImage)
    #expect(double.chats.count == 1)
  }

  @Test func `a fallback list is asked in its order, and only where it is given`() async throws {
    let double = try ModelDouble.start(models: ["ai/gemma3"]) { .text($0.model) }
    defer { double.stop() }
    let models = [
      "default": (double, "ai/qwen3-vl"), "second": (double, "ai/smolvlm"),
      "third": (double, "ai/gemma3"),
    ]
    let listed = try router(models, fallbacks: ["default": ["second", "nobody", "third"]])
    let answer = try await asked(listed, "default")
    #expect(answer.value.text == "ai/gemma3")
    #expect(answer.failures.map(\.role) == ["default", "second"])
    let bare = try router(models)
    let error = await modelError { () throws(ModelError) in try await asked(bare, "second").role }
    #expect(error?.kind == .modelNotFound)
  }

  @Test func `the same model is not asked twice`() async throws {
    let double = try ModelDouble.start(models: [], ModelDouble.plain)
    defer { double.stop() }
    let router = try router(
      ["default": (double, "ai/qwen3-vl"), "judge": (double, "qwen3-vl:latest")],
      fallbacks: ["judge": ["default"]])
    let error = await modelError { () throws(ModelError) in
      try await asked(router, "judge").role
    }
    #expect(error?.kind == .modelNotFound)
    #expect(double.chats.count == 1)
  }

  @Test func `without any model it says what to set`() async {
    let router = ModelRouter([:], transport: HTTPTransport())
    let error = await modelError { () throws(ModelError) in
      try await asked(router, "default").role
    }
    #expect(error?.message.contains("QA_AGENT_MODEL_ENDPOINT") == true)
  }

  @Test func `models at one address share their limit`() async throws {
    let double = try ModelDouble.start(models: ["ai/qwen3-vl", "ai/smolvlm"]) { _ in
      DoubleAnswer.text("ok").after(.milliseconds(20))
    }
    defer { double.stop() }
    let router = try router(["default": (double, "ai/qwen3-vl"), "fast": (double, "ai/smolvlm")])
    await withTaskGroup(of: Void.self) { group in
      for index in 0..<6 {
        group.addTask {
          _ = try? await router.client(index % 2 == 0 ? "default" : "fast")?.chat(question())
        }
      }
    }
    #expect(double.chats.count == 6)
    #expect(double.busiest == 1)
  }

  @Test func `an endpoint that keeps failing is left alone, and asked again later`() async throws {
    let double = try ModelDouble.start(
      override: { $0.index < 5 ? .closed : nil }, ModelDouble.plain)
    defer { double.stop() }
    let clock = TestClock()
    let client = try client(of: double, clock: clock.clock)
    var kinds: [ModelError.Kind?] = []
    for _ in 0..<4 {
      let error = await modelError { () throws(ModelError) in try await client.chat(question()) }
      kinds.append(error?.kind)
      if error?.kind == .circuitOpen { break }
    }
    #expect(kinds.last == .circuitOpen)
    let asked = double.requests.count
    _ = await modelError { () throws(ModelError) in try await client.chat(question()) }
    #expect(double.requests.count == asked)
    try await clock.clock.sleep(.seconds(6))
    #expect(try await client.chat(question()).text == "ok")
    #expect(client.gate.breaker == .closed(failures: 0))
  }
}
