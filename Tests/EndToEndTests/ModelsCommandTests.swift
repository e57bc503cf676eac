import JSONCoding
import ModelDouble
import Testing

/// `qa-agent models` against an endpoint that speaks the true wire.
@Suite(.timeLimit(.minutes(5))) struct ModelsCommandTests {
  private func run(
    _ arguments: [String], _ double: ModelDouble, model: String = "ai/qwen3-vl"
  ) async throws -> Program.Ran {
    try await Program().run(
      ["models"] + arguments,
      environment: ["QA_AGENT_MODEL_ENDPOINT": double.url, "QA_AGENT_MODEL": model])
  }

  @Test func `what the endpoint has is listed`() async throws {
    let double = try ModelDouble.start(models: ["ai/qwen3-vl", "ai/smolvlm"], ModelDouble.plain)
    defer { double.stop() }
    let ran = try await run(["list"], double)
    #expect(ran.code == 0, "\(ran.all)")
    #expect(ran.output.contains("ai/qwen3-vl"))
    #expect(ran.output.contains("ai/smolvlm"))
    let json = try JSON(parsing: try await run(["list", "--json"], double).output)
    #expect(json["models"]?.array?.count == 2)
  }

  @Test func `a model is pulled and then it is there`() async throws {
    let double = try ModelDouble.start(models: ["ai/other"], ModelDouble.plain)
    defer { double.stop() }
    let ran = try await run(["pull", "ai/smolvlm"], double)
    #expect(ran.code == 0, "\(ran.all)")
    #expect(double.requests.contains { $0.path.hasSuffix("/models/create") })
    let listed = try await run(["list"], double)
    #expect(listed.output.contains("ai/smolvlm"), "\(listed.all)")
  }

  @Test func `a blind model is found out`() async throws {
    let double = try ModelDouble.start { _ in .text("I see a nice picture.") }
    defer { double.stop() }
    let ran = try await run(["check"], double)
    #expect(ran.code == 5, "\(ran.all)")
    #expect(ran.output.contains("✘ vision"))
  }

  @Test func `an endpoint that is not there is named`() async throws {
    let ran = try await Program().run(
      ["models", "list"], environment: ["QA_AGENT_MODEL_ENDPOINT": "http://127.0.0.1:1/engines/v1"])
    #expect(ran.code == 5)
    #expect(ran.messages.contains("127.0.0.1:1"))
  }

  @Test func `trusts the authority that the settings name`() async throws {
    let program = try Program()
    let authority = try await TestAuthority()
    let double = try ModelDouble.start(
      identity: try await authority.identity("IP:127.0.0.1"), ModelDouble.plain)
    defer { double.stop() }
    let server = ["QA_AGENT_MODEL_ENDPOINT": double.url]
    let refused = try await program.run(["models", "list"], environment: server)
    #expect(refused.code == 5)
    #expect(refused.messages.contains("as the model's ca_file"))
    let trusted = try await program.run(
      ["models", "list"],
      environment: server.merging(["QA_AGENT_MODEL_CA_FILE": authority.caFile]) { $1 })
    #expect(trusted.code == 0, "\(trusted.all)")
    #expect(trusted.output.contains("ai/qwen3-vl"))
  }
}
