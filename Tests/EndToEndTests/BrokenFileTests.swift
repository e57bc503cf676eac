import JSONCoding
import Platform
import Testing

/// One file that cannot be read does not stop a night: it is an error with its place, and the others run.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BrokenFileTests {
  private static let good = """
    name: Good
    target: { demo: sign-in }
    steps:
      - expect: User name
    """

  private func folder(_ files: [String: String]) throws -> Program {
    let program = try Program()
    try program.write("{}\n", to: "qa-agent.yaml")
    for (name, text) in files { try program.write(text, to: "scenarios/\(name)") }
    return program
  }

  @Test(arguments: [
    ("a.yaml", "name: A\nsteps:\n  - clik: OK\n", "clik", 3),
    ("a.yaml", "name: A\nsteps: [\n", "", 2),
    ("a.yaml", "name: A\ntarget: { demo: no-such }\nsteps:\n  - expect: x\n", "no-such", 2),
    ("a.yaml", "name: A\ntarget: { demo: sign-in }\nsteps:\n  - expect: ${nobody}\n", "nobody", 4),
    (
      "a.yaml", "name: A\ntarget: { demo: sign-in }\nsteps:\n  - include: none.yaml\n", "none.yaml",
      4
    ),
    ("a.feature", "Feature: A\nScenario: S\n  When a\n  nothing at all\n", "no keyword", 4),
    ("a.feature", "# qa-agent: {tagret: x}\nFeature: A\nScenario: S\n  When a\n", "tagret", 1),
    ("a.yaml", "", "empty", 1),
  ]) func `a broken file is a case, and the others run`(
    name: String, text: String, word: String, line: Int
  ) async throws {
    let program = try folder([name: text, "b.yaml": Self.good])
    let ran = try await program.run(["run"])
    #expect(ran.code == 2, "\(ran.all)")
    let results = try program.results()
    #expect(results["b"]?.verdict == "passed", "\(ran.all)")
    let broken = try #require(results.first { $0.key != "b" }?.value, "\(ran.all)")
    #expect(broken.verdict == "error")
    #expect(broken.reason.contains("cannot be read") && broken.reason.contains(word), "\(broken)")
    let junit = String(
      decoding: try Files.read(
        program.folder.path + "/reports/latest/junit.xml", limit: 1 << 20), as: UTF8.self)
    #expect(junit.contains("<error") && junit.contains("scenarios/\(name):\(line)"), "\(junit)")
    // Who wants to know first is told first.
    #expect(try await program.run(["check"]).code == 2)
    let strict = try await program.run(["run", "--strict", "-o", "strict"])
    #expect(strict.code == 2)
    #expect(!Files.exists(program.folder.path + "/strict"), "\(strict.all)")
  }

  @Test func `what is wrong with one scenario of a feature or one row stops no other`() async throws
  {
    let program = try folder([
      "f.feature": """
      # qa-agent: {target: {demo: sign-in}}
      Feature: F
        Scenario: good
          When I wait for "User name"
        Scenario: bad
          When I type "${nobody}"
        Scenario Outline: rows <x>
          When I wait for "<x>"
          Examples:
            | x |
            | User name |
            | ${nobody} |
      """,
      "m.yaml": """
      name: M ${text}
      target: { demo: sign-in }
      matrix: { text: [User name, "${nobody}"] }
      steps: [{ expect: "${text}" }]
      """,
    ])
    let ran = try await program.run(["run", "scenarios/f.feature"])
    #expect(ran.code == 2, "\(ran.all)")
    let results = try program.results()
    #expect(results.count == 4, "\(results.keys)")
    #expect(results["f/good"]?.verdict == "passed", "\(ran.all)")
    #expect(results["f/bad"]?.verdict == "error")
    #expect(results["f/rows-x[x=User name]"]?.verdict == "passed", "\(results.keys)")
    #expect(results.values.count { $0.verdict == "error" } == 2)
  }

  @Test func `a file that its name keeps from being read is told, and one in capitals is read`()
    async throws
  {
    let program = try folder(["b.yaml": Self.good, "c.YAML": Self.good])
    let script = """
      cd scenarios && ln -s nowhere.yaml d.yaml && ln -s /etc/hostname e.yaml
      touch "$(printf 'f\\377.yaml')" "$(printf 'f\\376.yml')"; mkdir "$(printf 'g\\377')"
      mkfifo h.feature; ln -s b.yaml i.yaml; mkdir .k; touch .l.yaml
      """
    _ = try await runCommand(
      ProcessSpecification("/bin/bash", ["-c", script], workingDirectory: program.folder.path),
      timeout: .seconds(20))
    let ran = try await program.run(["run"])
    #expect(ran.code == 2, "\(ran.all)")
    let results = try program.results()
    #expect(results["b"]?.verdict == "passed" && results["c"]?.verdict == "passed", "\(ran.all)")
    let reasons = results.values.filter { $0.verdict == "error" }.map(\.reason).joined(
      separator: "\n")
    for words in [
      "d.yaml: it is a link that leads nowhere",
      "e.yaml: it is a link that leads out of the project",
      #"f\xFF.yaml: its name is no UTF-8"#, #"f\xFE.yml: its name"#, #"g\xFF: its name"#,
      "h.feature: it is no regular file",
    ] {
      #expect(reasons.contains(words), "\(reasons)")
    }
    #expect(results.count == 8, "\(results)")
    // Whoever names such a link himself is told as well.
    let named = try await program.run(["check", "scenarios/e.yaml"])
    #expect(named.code == 2 && named.all.contains("leads out of the project"), "\(named.all)")
  }

  @Test func `what a case lacks stops the cases that use it and no other`() async throws {
    let program = try folder([
      "good.yaml": Self.good,
      "unset.yaml": "name: U\nsteps: [{ expect: User name }]\n",
      "baseline.yaml":
        "name: B\ntarget: { demo: sign-in }\nsteps: [{ expect: { unchanged: home }, timeout: 1s }]\n",
      "gone.yaml": "name: G\ntarget: { vnc: 'vnc://127.0.0.1:1' }\nsteps: [{ expect: x }]\n",
      "role.yaml": "name: R\nmodel: nobody\ntarget: { demo: sign-in }\nsteps: [{ expect: x }]\n",
    ])
    try program.write("target: { vnc: 'vnc://${NOBODY_HOST}:1' }\n", to: "qa-agent.yaml")
    let ran = try await program.run(["run"])
    #expect(ran.code == 2, "\(ran.all)")
    let results = try program.results()
    #expect(results["good"]?.verdict == "passed", "\(ran.all)")
    for (id, words) in [
      ("unset", "unknown variable “NOBODY_HOST”"), ("baseline", "there is no baseline “home”"),
      ("gone", "refuses connections"), ("role", "unknown model role “nobody”"),
    ] {
      #expect(results[id]?.verdict == "error", "\(id)")
      #expect(results[id]?.reason.contains(words) == true, "\(id): \(results[id]?.reason ?? "")")
    }
  }

  @Test func `a broken file hides no other in a list`() async throws {
    let program = try folder([
      "a.yaml": "name: A\nsteps:\n  - clik: OK\n", "b.yaml": Self.good,
      "c.feature": "Feature: C\nScenario: S\n  When a\n  nonsense\n",
    ])
    for arguments in [["list"], ["run", "--list"], ["run", "--dry-run"]] {
      let ran = try await program.run(arguments, isReplayed: false)
      #expect(ran.code == 2, "\(ran.all)")
      let lines = ran.output.split(separator: "\n").filter { !$0.hasPrefix(" ") }
      #expect(lines.count == 3 && lines.contains("b › Good"), "\(ran.output)")
      #expect(lines.contains("a › A (error: it cannot be read)"), "\(ran.output)")
      #expect(ran.messages.contains("2 cannot be read") && ran.messages.contains("clik"))
    }
    let json = try await program.run(["list", "--json"])
    let cases = try JSON(parsing: Array(json.output.utf8))["cases"]?.array ?? []
    #expect(cases.compactMap { $0["error"]?.string }.count == 2, "\(json.output)")
    #expect(try await program.run(["list", "--grep", "Good"]).code == 0)
    // What is listed can be given back.
    try program.write(
      try await program.run(["list"], isReplayed: false).output, to: "cases.txt")
    let ran = try await program.run(["run", "--test-list", "cases.txt"])
    #expect(ran.code == 2, "\(ran.all)")
    #expect(try program.results().count == 3)
  }

  @Test func `what could not be read runs again when it is mended`() async throws {
    let program = try folder([
      "a.feature": "Feature: A\nScenario: S\n  nothing\n  When a\n  nonsense\n",
      "b.yaml": Self.good,
    ])
    #expect(try await program.run(["run"]).code == 2)
    try program.write(
      "# qa-agent: {target: {demo: sign-in}}\nFeature: A\nScenario: S\n  When I wait for \"User name\"\n",
      to: "scenarios/a.feature")
    let again = try await program.run(["run", "--last-failed"])
    #expect(again.code == 0, "\(again.all)")
    #expect(try program.results().keys.sorted() == ["a/s"])
  }

  @Test func `a scenario without steps is skipped, and its feature runs`() async throws {
    let program = try folder([
      "a.feature": """
      # qa-agent: {target: {demo: sign-in}}
      Feature: A
        As a person in a hurry
        When I have no time
        Scenario: later
        Scenario: now
          When I wait for "User name"
      """
    ])
    let ran = try await program.run(["run"])
    #expect(ran.code == 0, "\(ran.all)")
    #expect(try program.results()["a/later"]?.verdict == "skipped")
    #expect(try program.results()["a/now"]?.verdict == "passed")
    #expect(try await program.run(["run", "--strict", "scenarios/a.feature:5"]).code == 5)
  }
}
