import Platform
import Testing

/// Who wins: a flag over the environment, the environment over a scenario, a scenario over a file.
@Suite(.timeLimit(.minutes(6))) struct SettingsTests {
  private static let shop = """
    name: Shop
    target: { demo: sign-in }
    steps:
      - type: { text: alice, into: User name }
      - expect: Example Shop
    """

  private func run(
    _ text: String, _ flags: [String] = [], environment: [String: String] = [:]
  ) async throws -> (program: Program, ran: Program.Ran) {
    let program = try Program()
    try program.write(text, to: "case.yaml")
    let ran = try await program.run(
      ["run", "case.yaml", "--no-model"] + flags, environment: environment,
      timeout: .seconds(60))
    return (program, ran)
  }

  /// All journals of the last run as one text.
  private func journal(_ program: Program) async throws -> String {
    let ran = try await runCommand(
      ProcessSpecification(
        "/bin/sh", ["-c", "find reports/ -name events.jsonl -exec cat {} +"],
        environment: Program.environment, workingDirectory: program.folder.path),
      timeout: .seconds(10))
    return ran.text
  }

  @Test func `a limit in the environment wins over the scenario's`() async throws {
    let text = Self.shop + "\nlimits: { steps: 40 }\n"
    let (program, ran) = try await run(text, environment: ["QA_AGENT_LIMITS_STEPS": "1"])
    #expect(ran.code == 5, "\(ran.all)")
    let result = try #require(try program.results()["case"])
    #expect(result.reason.contains("the limit of 1 action is met"), "\(result.reason)")
    #expect(try await self.run(text).ran.code == 0)
  }

  @Test func `the time of a check comes from the settings`() async throws {
    let (program, ran) = try await run(
      Self.shop.replacing("Example Shop", with: "Nobody"),
      environment: ["QA_AGENT_CHECK_TIMEOUT": "300ms"])
    #expect(ran.code == 1, "\(ran.all)")
    #expect(try await journal(program).contains(#""patience":[0,300000000000000000]"#))
  }

  @Test func `a target on the command line replaces any other`() async throws {
    let text = """
      name: Elsewhere
      target: { desktop: { run: xterm } }
      steps:
        - expect: Example Shop
      """
    let (_, ran) = try await run(text, ["--target", "demo:sign-in"])
    #expect(ran.code == 0, "\(ran.all)")
    let (_, byVariable) = try await run(text, environment: ["QA_AGENT_TARGET": "demo:sign-in"])
    #expect(byVariable.code == 0, "\(byVariable.all)")
  }

  @Test(arguments: [true, false])
  func `a target that is none is an error before anything starts`(_ isFlag: Bool) async throws {
    let (_, ran) = try await run(
      Self.shop, isFlag ? ["--target", "lab"] : [],
      environment: isFlag ? [:] : ["QA_AGENT_TARGET": "lab"])
    #expect(ran.code == 2)
    #expect(ran.messages.contains("lab") && ran.messages.contains("vnc://"), "\(ran.messages)")
  }

  @Test func `retries on the command line are made`() async throws {
    let (program, ran) = try await run(
      Self.shop.replacing("Example Shop", with: "Nobody"), ["--retries", "2"],
      environment: ["QA_AGENT_CHECK_TIMEOUT": "100ms"])
    #expect(ran.code == 1)
    #expect(try await journal(program).contains(#""attempt":3"#))
  }

  @Test func `an unknown demo screen is found by check`() async throws {
    let program = try Program()
    try program.write(
      Self.shop.replacing("demo: sign-in", with: "demo: sing-in"), to: "case.yaml")
    let ran = try await program.run(["check", "case.yaml"])
    #expect(ran.code == 2)
    #expect(ran.all.contains("case.yaml:2:") && ran.all.contains("sign-in"), "\(ran.all)")
  }
}
