import FoundationEssentials
import JSONCoding
import Platform
import Testing

/// The debugger, driven line by line: the built program on the demo screen.
@Suite(.serialized, .timeLimit(.minutes(5))) struct DebugTests {
  private static let scenario = """
    name: Sign in
    target: { demo: sign-in }
    steps:
      - type: { text: alice, into: User name }
      - click: Sign inn
      - expect: { absent: Nonsense }
    """

  private func debug(
    _ commands: [String], arguments: [String] = [], text: String = scenario, line: String = ""
  ) async throws -> (code: Int32?, lines: [JSON], program: Program) {
    let program = try Program()
    try program.write(text, to: "case.yaml")
    let specification = ProcessSpecification(
      Program.path, ["debug", "case.yaml" + line, "--json", "--no-model"] + arguments,
      environment: Program.environment, workingDirectory: program.folder.path)
    let output = try await runCommand(
      specification, input: Array((commands.joined(separator: "\n") + "\n").utf8),
      timeout: .seconds(120))
    let lines = output.text.split(separator: "\n").compactMap { try? JSON(parsing: String($0)) }
    guard case .exited(let code) = output.exit else { return (nil, lines, program) }
    return (code, lines, program)
  }

  private func texts(_ lines: [JSON], _ key: String) -> [String] {
    lines.compactMap { $0[key]?.string }
  }

  @Test func `goes from step to step, and holds where one is about to fail`() async throws {
    let (code, lines, program) = try await debug(["next", "next", "why", "continue"])
    let held = texts(lines, "held")
    #expect(held.count == 3)
    #expect(held.first?.hasPrefix("before step 1 of 3") == true)
    #expect(held.last?.contains("about to end as failed") == true)
    #expect(texts(lines, "answer").contains { $0.contains("lane: scenario") })
    #expect(texts(lines, "end").first?.hasPrefix("failed") == true)
    #expect(code == 1)
    let replay = try await program.run(["replay", "latest", "--decide"])
    #expect(replay.code == 0, "\(replay.all)")
  }

  @Test func `a step that was changed is tried again, and the pass is no clean one`() async throws {
    let commands = ["continue", "find Sign in", "edit click: Sign in", "continue"]
    let (code, lines, program) = try await debug(commands)
    #expect(code == 0)
    #expect(texts(lines, "answer").contains { $0.contains("a step would take “Sign in”") })
    #expect(texts(lines, "yaml") == ["- click: Sign in"])
    #expect(texts(lines, "held").last?.contains("before step 3 of 3") == true)
    #expect(texts(lines, "end") == ["passed: a person steered it"])
    #expect(try program.results()["case"]?.verdict == "passed")
    let replay = try await program.run(["replay", "latest", "--decide"])
    #expect(replay.code == 0, "\(replay.all)")
  }

  @Test func `a step by hand is done once, before the one that is held`() async throws {
    let (_, lines, program) = try await debug([
      "next", "type: { text: bob, into: Password }", "list", "skip", "continue",
    ])
    #expect(texts(lines, "yaml") == ["- type: { text: bob, into: Password }"])
    let steps = texts(lines, "step").map { $0.split(separator: " ").first.map(String.init) ?? "" }
    #expect(steps == ["passed", "passed", "skipped", "passed"])
    let journal = try Files.read(
      program.folder.path + "/reports/latest/recording/events.jsonl", limit: 16 << 20)
    let typed = String(decoding: journal, as: UTF8.self).split(separator: "\n").filter {
      $0.contains(#""type":"effect""#) && $0.contains(#""act""#) && $0.contains(#""bob""#)
    }
    #expect(typed.count == 1)
  }

  @Test func `stops at lines, goes back, looks, and says what it cannot do`() async throws {
    let (code, lines, _) = try await debug(
      [
        "where", "look", "screen", "break 99", "nonsense", "clickk: x", "print nothing", "back 1",
        "next", "until 6", "quit",
      ], line: ":5")
    let held = texts(lines, "held")
    #expect(held.first?.hasPrefix("before step 2 of 3") == true)
    #expect(texts(lines, "answer").contains { $0.contains("“User name”") })
    #expect(texts(lines, "picture").first?.hasSuffix(".png") == true)
    #expect(texts(lines, "answer").contains { $0.contains("there is no step on line “99”") })
    #expect(texts(lines, "answer").contains { $0.contains("no word of the debugger") })
    #expect(texts(lines, "error").contains { $0.contains("unknown step “clickk”") })
    #expect(texts(lines, "answer").contains { $0.contains("no value named “nothing”") })
    #expect(held.contains { $0.hasPrefix("before step 1 of 3") })
    #expect(code == 130)
  }

  @Test func `reports are written again, and those of several runs merged`() async throws {
    let program = try Program()
    for name in ["a", "b"] {
      let text = "name: \(name)\ntarget: { demo: sign-in }\nsteps: [{ expect: Sign in }]\n"
      try program.write(text, to: "\(name).yaml")
      let ran = try await program.run(["run", "\(name).yaml", "--no-model"])
      #expect(ran.code == 0, "\(ran.all)")
    }
    let runs = try FileManager.default.contentsOfDirectory(
      atPath: program.folder.path + "/reports"
    ).filter { $0.hasPrefix("2") }
    #expect(runs.count == 2)
    let page = program.folder.path + "/reports/latest/index.html"
    let before = try Files.read(page, limit: 64 << 20)
    try program.write("", to: "reports/latest/index.html")
    #expect(try await program.run(["report", "latest"]).code == 0)
    #expect(try Files.read(page, limit: 64 << 20) == before, "a function of the recording alone")
    let both = try await program.run(["report"] + runs + ["-o", "both"])
    #expect(both.code == 0 && both.output.contains("2 cases"), "\(both.all)")
    let junit = try Files.read(program.folder.path + "/both/junit.xml", limit: 1 << 20)
    let xml = String(decoding: junit, as: UTF8.self)
    #expect(xml.contains(#"tests="2""#))
    #expect(try await program.run(["report"] + runs).code == 2, "several need a folder")
    #expect(try await program.run(["report", "latest", "-o", "both"]).code == 2, "it is not empty")
    #expect(try await program.run(["report", "nowhere"]).code == 2)
  }

  @Test func `who only watches changes nothing`() async throws {
    let text = Self.scenario.replacing("Sign inn", with: "Sign in")
    let (code, lines, _) = try await debug(["next", "step", "step", "continue"], text: text)
    #expect(code == 0)
    #expect(texts(lines, "end") == ["passed"])
  }
}
