import JSONCoding
import ModelDouble
import Platform
import Testing

@testable import ModelRunner

@Suite(.timeLimit(.minutes(5))) struct ManagementTests {
  private func double(
    models: [String] = ["ai/qwen3-vl:8B"],
    answering override: @escaping ModelDouble.Override = { _ in nil }
  ) throws -> ModelDouble {
    try ModelDouble.start(models: models, override: override, ModelDouble.plain)
  }

  @Test func `C2 asks whether anything is there`() async throws {
    let double = try double()
    defer { double.stop() }
    let status = try await client(of: double).status()
    #expect(status.contains { $0.engine == "llama.cpp" && $0.state.hasPrefix("Running") })
  }

  @Test func `C4 names are compared in full`() async throws {
    let double = try double(models: ["ai/qwen3-vl:8B", "ai/smolvlm"])
    defer { double.stop() }
    let models = try await client(of: double).models()
    #expect(models.flatMap(\.names).contains { $0 == ModelName("qwen3-vl:8B") })
    #expect(models.first?.architecture == "qwen3vl")
    #expect(ModelName("ai/qwen3-vl:8B") != ModelName("ai/qwen3-vl:8b"))
    #expect(ModelName("AI/Qwen3-VL") == ModelName("docker.io/ai/qwen3-vl:latest"))
    #expect(ModelName("hf.co/A/B:Q4") == ModelName("huggingface.co/a/b:Q4"))
    #expect(ModelName("localhost:5000/x/y") == ModelName("localhost:5000/x/y:latest"))
    #expect(ModelName(" ") == nil)
    #expect(ModelName("a b") == nil)
  }

  @Test func `C5 no models is no error`() async throws {
    let double = try double(models: [])
    defer { double.stop() }
    #expect(try await client(of: double).models().isEmpty)
    #expect(try await client(of: double).listModels().isEmpty)
  }

  @Test func `C5 details that are missing are no error`() async throws {
    let double = try double {
      $0.path == "/models"
        ? .status(200, json: [["id": "sha256:ab", "tags": .null], ["created": 1], "x"]) : nil
    }
    defer { double.stop() }
    let models = try await client(of: double).models()
    #expect(models.map(\.id) == ["sha256:ab"])
    #expect(models.first?.names == [])
  }

  @Test func `C6 inspects a model, or says that it is not there`() async throws {
    let double = try double()
    defer { double.stop() }
    #expect(try await client(of: double, model: "ai/qwen3-vl:8B").inspect().format == "gguf")
    let absent = try client(of: double, model: "ai/absent")
    let error = await modelError { () throws(ModelError) in try await absent.inspect() }
    #expect(error?.kind == .modelNotFound)
  }

  // MARK: - Pull

  @Test func `C7 C8 pulls a model with progress, or finds it there`() async throws {
    let double = try double(models: [])
    defer { double.stop() }
    let progress = Locked([PullProgress]())
    let client = try client(of: double, model: "ai/smolvlm")
    try await client.pull { news in progress.withLock { $0.append(news) } }
    let seen = progress.withLock { $0 }
    #expect(seen.last?.fraction == 1)
    #expect(seen.map(\.received) == seen.map(\.received).sorted())
    let request = try #require(double.requests.first)
    #expect(request.header("accept") == "application/json")
    #expect(request.json == ["from": "ai/smolvlm"])
    try await client.pull()
    #expect(double.requests.count == 2)
  }

  @Test(arguments: [
    (400, "Invalid model reference\n", ModelError.Kind.badRequest),
    (401, "Unauthorized\n", .unauthorised),
    (404, "Model not found\n", .modelNotFound),
    (422, "error while pulling model: unsupported model config media type\n", .badRequest),
  ]) func `C9 a pull that is refused`(status: Int, text: String, kind: ModelError.Kind) async throws
  {
    let double = try double { $0.path == "/models/create" ? .status(status, text) : nil }
    defer { double.stop() }
    let client = try client(of: double)
    let error = await modelError { () throws(ModelError) in try await client.pull() }
    #expect(error?.kind == kind)
    #expect(double.requests.count == 1)
  }

  private static let progressLine =
    #"{"type":"progress","message":"x","total":100,"layer":{"id":"sha256:aa","size":100,"current":40},"mode":"pull"}"#
    + "\n"
  private static let successLine =
    #"{"type":"success","message":"Model pulled successfully"}"# + "\n"

  @Test func `C10 a pull that fails after it began is resumed`() async throws {
    let double = try double { request in
      guard request.path == "/models/create" else { return nil }
      let failure =
        #"{"type":"error","message":"Error: read: connection reset by peer","total":0}"# + "\n"
        + "error while pulling model: connection reset by peer\n"
      return .chunks(
        type: "application/json",
        [.text(Self.progressLine), .text(request.index < 2 ? failure : Self.successLine)])
    }
    defer { double.stop() }
    try await client(of: double).pull()
    #expect(double.requests.count == 3)
  }

  @Test(arguments: [DoubleAnswer.Step.close, .reset, .text("")])
  func `C11 a pull that stops is resumed, and without success it is none`(
    end: DoubleAnswer.Step
  ) async throws {
    let double = try double {
      $0.path == "/models/create"
        ? .chunks(
          type: "application/json", [.text(Self.progressLine), .pause(.milliseconds(5)), end]) : nil
    }
    defer { double.stop() }
    let client = try client(of: double)
    let error = await modelError { () throws(ModelError) in try await client.pull() }
    #expect(error?.kind == .truncatedReply)
    #expect(double.requests.count == 4)
  }

  @Test func `C12 escaped lines are recognised`() async throws {
    let double = try double {
      $0.path == "/models/create"
        ? .chunks(type: "text/plain", [.text("{&#34;type&#34;:&#34;success&#34;}\n")]) : nil
    }
    defer { double.stop() }
    let client = try client(of: double)
    let error = await modelError { () throws(ModelError) in try await client.pull() }
    #expect(error?.kind == .malformedReply)
    #expect(error?.message.contains("Accept") == true)
  }

  @Test func `a pull reads lines however they are cut, and ignores what it does not know`() {
    let text = Self.progressLine + #"{"type":"later","x":1}"# + "\nnoise\n" + Self.successLine
    for size in 1...7 {
      var reader = PullReader()
      var bytes = Array(text.utf8)[...]
      while !bytes.isEmpty {
        _ = reader.feed(Array(bytes.prefix(size)))
        bytes = bytes.dropFirst(size)
      }
      #expect(reader.finish() == .succeeded("Model pulled successfully"))
    }
  }

  // MARK: - Loading

  @Test func `C14 configures, and reads back what was configured`() async throws {
    let double = try double()
    defer { double.stop() }
    let client = try client(of: double, model: "ai/qwen3-vl:8B")
    #expect(try await client.configuredContext() == nil)
    try await client.configure(
      ModelConfiguration(
        contextSize: 16384, keepAlive: .seconds(3600), runtimeFlags: ["--image-min-tokens", "1024"])
    )
    #expect(try await client.configuredContext() == 16384)
    let sent = try #require(double.requests.first { $0.method == "POST" })
    #expect(sent.json?["keep_alive"] == "3600s")
    #expect(sent.json?["runtime-flags"] == ["--image-min-tokens", "1024"])
  }

  @Test func `C14 settles a context once, and reads it back`() async throws {
    let double = try double(models: ["ai/qwen3-vl"])
    defer { double.stop() }
    let client = try client(of: double)
    let wanted = ModelConfiguration(contextSize: 16384, keepAlive: .seconds(3600))
    #expect(try await client.settle(wanted) == .changed)
    #expect(try await client.settle(wanted) == .unchanged)
    #expect(try await client.settle(ModelConfiguration()) == .unchanged)
    #expect(double.requests.count { $0.method == "POST" } == 2, "one unload, one configuration")
  }

  @Test func `C14 settings that are refused, replaced or unknown are told apart`() async throws {
    let wanted = ModelConfiguration(contextSize: 16384)
    let busy = try double {
      $0.method == "POST" && $0.path == "/engines/_configure"
        ? .status(409, "runner already active\n") : nil
    }
    defer { busy.stop() }
    #expect(try await client(of: busy).settle(wanted) == .busy)
    let replaced = try double {
      $0.method == "GET" && $0.path == "/engines/_configure" ? .status(200, json: []) : nil
    }
    defer { replaced.stop() }
    #expect(try await client(of: replaced).settle(wanted) == .lost)
    let other = try double {
      $0.path.hasPrefix("/engines/_") ? .status(404, "not found\n") : nil
    }
    defer { other.stop() }
    #expect(try await client(of: other).settle(wanted) == .unsupported)
  }

  @Test(arguments: [
    (409, "runner already active\n", ModelError.Kind.capacity),
    (
      500, "runtime flag \"--media-path\" is not allowed for backend \"llama.cpp\"\n",
      ModelError.Kind.server
    ),
  ]) func `C14 a configuration that is refused`(
    status: Int, text: String, kind: ModelError.Kind
  ) async throws {
    let double = try double { $0.path == "/engines/_configure" ? .status(status, text) : nil }
    defer { double.stop() }
    let client = try client(of: double)
    let error = await modelError { () throws(ModelError) in
      try await client.configure(ModelConfiguration())
    }
    #expect(error?.kind == kind)
  }

  @Test func `C15 loads a model ahead`() async throws {
    let double = try double(models: ["ai/qwen3-vl"])
    defer { double.stop() }
    let client = try client(of: double)
    try await client.preload()
    #expect(double.requests.first?.isPreload == true)
    #expect(double.requests.first?.messages.isEmpty == true)
    // An engine that does not know the header answers, and should not for long.
    #expect(double.requests.first?.json?["max_tokens"] == 1)
    #expect(try await client.running().map(\.model) == ["ai/qwen3-vl"])
    #expect(try await client.unload() == 1)
    #expect(try await client.running().isEmpty)
  }

  @Test func `C35 a load that somebody else ended is begun again`() async throws {
    let double = try double(models: ["ai/qwen3-vl"]) { request in
      request.index == 0
        ? .status(
          500, "unable to load runner: error waiting for runner to be ready: context canceled\n")
        : nil
    }
    defer { double.stop() }
    try await client(of: double).preload()
    #expect(double.requests.count == 2)
  }

  @Test func `C16 tells loading, in use and idle`() async throws {
    let body = """
      [{"backend_name":"llama.cpp","model_name":"a","mode":"completion",\
      "last_used":"0001-01-01T00:00:00Z","loading":true},\
      {"backend_name":"llama.cpp","model_name":"b","mode":"completion",\
      "last_used":"0001-01-01T00:00:00Z","in_use":true,"keep_alive":"1h0m0s"},\
      {"backend_name":"llama.cpp","model_name":"c","mode":"completion",\
      "last_used":"2026-07-30T10:00:00.123456789Z"}]
      """
    let double = try double {
      $0.path == "/engines/ps"
        ? .status(200, type: "application/json", body: Array(body.utf8)) : nil
    }
    defer { double.stop() }
    let running = try await client(of: double).running()
    #expect(running.map(\.state) == [.loading, .inUse, .idle])
    #expect(running[1].keepAlive == "1h0m0s")
  }
}
