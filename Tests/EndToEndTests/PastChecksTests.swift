import Testing

/// Checks that ask what the screen showed for a moment.
@Suite(.timeLimit(.minutes(6))) struct PastChecksTests {
  private func verdict(
    _ check: String, demo: String = "sign-in?fault=flash-success&flash=600ms"
  ) async throws -> (verdict: String, reason: String) {
    let program = try Program()
    try program.write(
      """
      name: Flash
      target: { demo: "\(demo)" }
      steps:
        - type: { text: alice, into: User name }
        - type: { text: wonderland, into: Password }
        - click: { text: Sign in, exact: true }
        - expect: \(check)
      """, to: "case.yaml")
    let ran = try await program.run(["run", "case.yaml", "--no-model"])
    let result = try program.results()["case"]
    return try #require(result, "\(ran.all)")
  }

  @Test func `a page that was there for a moment is found`() async throws {
    let seen = try await verdict("{ seen: \"Welcome, alice\" }")
    #expect(seen.verdict == "passed", "\(seen.reason)")
    // A look at the first page and a pause come before, so that the page is gone by then.
    let late = "Example Shop\n  - wait: 1s\n  - expect: "
    let plain = try await verdict(late + "{ text: \"Welcome, alice\" }")
    #expect(plain.verdict == "failed", "\(plain.reason)")
    let past = try await verdict(late + "{ seen: \"Welcome, alice\" }")
    #expect(past.verdict == "passed", "\(past.reason)")
  }

  @Test func `and is not said to have never been there`() async throws {
    let never = try await verdict("{ never: \"Welcome, alice\" }")
    #expect(never.verdict == "failed")
    #expect(never.reason.contains("ago"), "\(never.reason)")
    let other = try await verdict("{ never: Fatal error }")
    #expect(other.verdict == "passed", "\(other.reason)")
  }

  @Test func `what stays is told from what does not`() async throws {
    let stays = try await verdict(
      "{ text: \"Welcome, alice\", stays: 1s }", demo: "sign-in")
    #expect(stays.verdict == "passed", "\(stays.reason)")
    let goes = try await verdict(
      "{ text: \"Welcome, alice\", stays: 3s }",
      demo: "sign-in?fault=flash-success&flash=2s")
    #expect(goes.verdict == "failed", "\(goes.reason)")
  }

  @Test func `a span that is none is an error with its place`() async throws {
    let program = try Program()
    try program.write(
      """
      name: Flash
      target: { demo: sign-in }
      steps:
        - expect: { seen: Welcome, during: month }
        - expect: { text: Welcome, stays: 5m }
      """, to: "case.yaml")
    let ran = try await program.run(["check", "case.yaml"])
    #expect(ran.code == 2)
    #expect(ran.all.contains("case.yaml:4:") && ran.all.contains("step or case"), "\(ran.all)")
    #expect(ran.all.contains("case.yaml:5:") && ran.all.contains("at most 60s"), "\(ran.all)")
  }
}
