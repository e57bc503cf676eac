import JSONCoding
import Platform
import Testing

/// How a run ends: what it says of what did not run, where it points, and with which code.
@Suite(.serialized, .timeLimit(.minutes(5))) struct EndingTests {
  private static func scenario(_ name: String, _ check: String, more: String = "") -> String {
    "name: \(name)\ntarget: { demo: sign-in }\n\(more)steps:\n  - note: one\n"
      + "  - expect: { text: \(check) }\n    timeout: 300ms\n"
  }

  private func folder(_ files: [String: String]) throws -> Program {
    let program = try Program()
    try program.write("{}\n", to: "qa-agent.yaml")
    for (name, text) in files { try program.write(text, to: "scenarios/\(name)") }
    return program
  }

  private func report(_ program: Program, _ name: String) throws -> String {
    String(
      decoding: try Files.read(
        program.folder.path + "/reports/latest/" + name, limit: 64 << 20), as: UTF8.self)
  }

  private static let mixed = [
    "a.yaml": scenario("A", "No such text"), "b.yaml": scenario("B", "User name"),
    "c.yaml": scenario("C", "User name"),
  ]

  @Test func `what never ran after a failure is told, and runs again`() async throws {
    let program = try folder(Self.mixed)
    let ran = try await program.run(["run", "-x"])
    #expect(ran.code == 1)
    #expect(ran.all.contains("2 not run"), "\(ran.all)")
    #expect(try report(program, "junit.xml").contains("not run: the run stopped after too many"))
    // A run of nothing says nothing of what failed before it.
    #expect(try await program.run(["run", "--grep", "nothing-like-it"]).code == 4)
    let again = try await program.run(["list", "--last-failed"])
    for id in ["a", "b", "c"] { #expect(again.output.contains(id), "\(again.all)") }
  }

  @Test func `a failure points at the line of its step`() async throws {
    let program = try folder(["a.yaml": Self.scenario("A", "No such text")])
    let ran = try await program.run(["run"])
    #expect(ran.output.contains("scenarios/a.yaml:5"), "\(ran.all)")
    let gitHub = try await program.run(["run", "--reporter", "github"])
    #expect(gitHub.output.contains("::error file=scenarios/a.yaml,line=5,"), "\(gitHub.all)")
    #expect(try report(program, "junit.xml").contains("at scenarios/a.yaml:5"))
  }

  @Test func `an empty part and a selection of nothing write every report`() async throws {
    let program = try folder(Self.mixed)
    for arguments in [["--shard", "4/4"], ["--grep", "nothing-like-it"]] {
      let ran = try await program.run(["run"] + arguments)
      #expect(ran.code == 4, "\(ran.all)")
      #expect(ran.all.contains("No case was run"), "\(ran.all)")
      let name = arguments.first == "--shard" ? "junit-4of4.xml" : "junit.xml"
      #expect(try report(program, name).contains("tests=\"0\""))
      for name in ["index.html", "results.json"] { #expect(try !report(program, name).isEmpty) }
    }
    #expect(try await program.run(["run", "--shard", "4/4", "--pass-with-no-tests"]).code == 0)
  }

  @Test func `a run in which all was skipped is no pass`() async throws {
    let program = try folder([
      "a.yaml": Self.scenario("A", "User name", more: "requires: [no-such-command]\n")
    ])
    let ran = try await program.run(["run", "--junit", "out/j.xml"])
    #expect(ran.code == 4)
    #expect(ran.all.contains("Every case was skipped"), "\(ran.all)")
    #expect(Files.exists(program.folder.path + "/out/j.xml"))
    #expect(try await program.run(["run", "--pass-with-no-tests"]).code == 0)
  }

  @Test func `a report that cannot be written is an error, whatever the cases came to`()
    async throws
  {
    let program = try folder(["b.yaml": Self.scenario("B", "User name")])
    try program.write("a file", to: "taken")
    let ran = try await program.run(["run", "--junit", "taken/j.xml"])
    #expect(ran.code == 3, "\(ran.all)")
    #expect(ran.all.contains("JUnit report could not be written"), "\(ran.all)")
    try program.write(Self.scenario("A", "No such text"), to: "scenarios/a.yaml")
    #expect(try await program.run(["run", "--html", "taken/page"]).code == 3)
  }

  @Test func `cases have the same identity in a part of a run and in the whole`() async throws {
    let program = try folder([
      "shop.v1.yaml": Self.scenario("Buy", "User name"),
      "shop.v2.yaml": Self.scenario("Buy", "User name"),
      "shop.yml": Self.scenario("Buy", "User name"),
      "shop_v1.yaml": Self.scenario("Buy", "User name"),
    ])
    func identities(_ name: String) throws -> [String] {
      try report(program, name).split(separator: "<testcase").dropFirst().map { text in
        String(text.prefix { $0 != ">" && $0 != "/" }.split(separator: " time=")[0])
      }
    }
    _ = try await program.run(["run"])
    let whole = try identities("junit.xml")
    #expect(Set(whole).count == 4, "\(whole)")
    var parts: [String] = []
    for part in 1...2 {
      _ = try await program.run(["run", "--shard", "\(part)/2"])
      parts += try identities("junit-\(part)of2.xml")
    }
    #expect(Set(parts) == Set(whole))
  }

  @Test func `a lost terminal ends a run in order`() async throws {
    let program = try folder([
      "a.yaml":
        "name: A\ntarget: { demo: sign-in }\nsteps:\n  - wait: 60s\n  - expect: User name\n",
      "b.yaml": Self.scenario("B", "User name"),
    ])
    try program.write(
      """
      "$1" run > out.txt 2>&1 &
      while ! grep -q '"stepStarted"\\|step_started' reports/*/recording/events.jsonl 2>/dev/null; do :; done
      kill -HUP $!
      wait $!
      echo "code $?" >> out.txt
      """, to: "hang-up.sh")
    let output = try await runCommand(
      ProcessSpecification(
        "/bin/bash", ["hang-up.sh", Program.path],
        environment: Program.environment.merging(
          ["XDG_CACHE_HOME": program.folder.path + "/cache", "QA_AGENT_PREFLIGHT": "false"]
        ) { _, new in new },
        workingDirectory: program.folder.path), timeout: .seconds(60))
    _ = output
    let told = String(
      decoding: try Files.read(program.folder.path + "/out.txt", limit: 1 << 20), as: UTF8.self)
    #expect(told.contains("code 129"), "\(told)")
    #expect(try report(program, "junit.xml").contains("not run: "))
  }

  @Test func `a global timeout is called one`() async throws {
    let program = try folder([
      "a.yaml":
        "name: A\ntarget: { demo: sign-in }\nsteps:\n  - wait: 60s\n  - expect: User name\n",
      "b.yaml": Self.scenario("B", "User name"),
    ])
    let ran = try await program.run(["run", "--global-timeout", "2s"])
    #expect(ran.code == 5, "\(ran.all)")
    #expect(try program.results()["a"]?.reason == "the global timeout of 2s is over")
    #expect(try report(program, "junit.xml").contains("not run: the global timeout of 2s is over"))
  }
}
