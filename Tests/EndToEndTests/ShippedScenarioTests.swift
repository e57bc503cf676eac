import FoundationEssentials
import JSONCoding
import Platform
import Testing

/// The scenarios of the repository: they pass, they replay, and each can fail.
@Suite(.serialized) struct ShippedScenarioTests {
  @Test(.timeLimit(.minutes(10)))
  func `all pass, those that need a model say what to start, and replay decides the same`()
    async throws
  {
    let program = try Program()
    let output = program.folder.path + "/reports"
    let ran = try await program.run(
      ["run", "scenarios", "-o", output, "-j", "2"], in: Program.root, timeout: .seconds(500))
    let results = try program.results()
    for (id, result) in results.sorted(by: { $0.key < $1.key }) {
      if id.hasPrefix("model/") {
        #expect(result.verdict == "skipped", "\(id): \(result.reason)")
        #expect(result.reason.contains("docker model pull"))
      } else if id.hasPrefix("web/"), Executables.find("chromium") == nil {
        #expect(result.verdict == "skipped", "\(id): \(result.reason)")
      } else {
        #expect(result.verdict == "passed", "\(id): \(result.reason)")
      }
    }
    #expect(results.count >= 12)
    #expect(ran.code == 0, "\(ran.all)")
    try await expectValidJUnit(output + "/latest/junit.xml")

    let replay = try await program.run(["replay", output + "/latest", "--decide"])
    #expect(replay.code == 0, "\(replay.all)")
    #expect(replay.output.contains("all as recorded"))
  }

  /// One deliberate break of the application or of the expectation for each shipped scenario.
  static let breaks: [(file: String, text: String, replacement: String)] = [
    ("demo/sign-in.yaml", "demo: sign-in", "demo: sign-in?fault=wrong-name"),
    ("demo/german.yaml", "demo: sign-in", "demo: sign-in?fault=wrong-name"),
    ("demo/wrong-password.yaml", "demo: sign-in", "demo: sign-in?fault=always-welcome"),
    ("demo/slow-orders.yaml", "demo: sign-in?load=3s", "demo: sign-in?fault=never-loads"),
    ("terminal/commands.yaml", "$((6 * 7))", "$((6 * 8))"),
    ("forms/contact.yaml", "type: ada@example.org", "type: eda@example.org"),
    ("forms/delivery-options.yaml", "uncheck \"Insurance\"", "check \"Insurance\""),
    ("forms/fruit.yaml", "click: Cherry", "click: Damson"),
    ("forms/open-file.yaml", "click: report-autumn.txt", "click: report-spring.txt"),
    ("editor/save.yaml", "press: ctrl+s", "note: not saved"),
    ("calculator/multiply.yaml", "product: \"56088\"", "product: \"56089\""),
    ("web/register.yaml", "Grace Hopper\" into", "Grace Harper\" into"),
    ("web/tasks.yaml", "click: Water the plants", "note: nothing is done"),
  ]

  @Test(.timeLimit(.minutes(10)))
  func `each fails when its application or its expectation is broken`() async throws {
    let program = try Program()
    for item in Self.breaks {
      let source = try Files.read(Program.root + "/scenarios/" + item.file, limit: 1 << 20)
      let text = String(decoding: source, as: UTF8.self)
      try #require(text.contains(item.text), "\(item.file) no longer holds “\(item.text)”")
      let broken = text.replacing(item.text, with: item.replacement)
        .replacing("steps:\n", with: "limits: { time: 60s }\nsteps:\n")
      try program.write(broken, to: "scenarios/" + item.file)
    }
    try FileManager.default.createSymbolicLink(
      atPath: program.folder.path + "/fixtures", withDestinationPath: Program.root + "/fixtures")
    try program.write("", to: "qa-agent.yaml")
    let ran = try await program.run(
      ["run", "scenarios", "-j", "2", "--no-model"], timeout: .seconds(500))
    #expect(ran.code == 1)
    let results = try program.results()
    let shipped = try shippedFiles().filter { !$0.hasPrefix("model/") }
    #expect(Set(shipped) == Set(Self.breaks.map(\.file)), "every shipped scenario has its break")
    for item in Self.breaks {
      let id = String(item.file.dropLast(5))
      let verdicts = results.filter { $0.key == id || $0.key.hasPrefix(id + "[") }
      #expect(!verdicts.isEmpty, "\(id) did not run")
      for (id, result) in verdicts {
        #expect(result.verdict == "failed", "\(id) is \(result.verdict): \(result.reason)")
      }
    }
  }

  private func shippedFiles() throws -> [String] {
    let root = Program.root + "/scenarios"
    return try FileManager.default.subpathsOfDirectory(atPath: root).filter {
      $0.hasSuffix(".yaml")
    }
  }

  private func expectValidJUnit(_ path: String) async throws {
    // Jenkins' own schema is checked where the variable says that it is.
    let jenkins = ProcessEnvironment.current["QA_JUNIT_XSD"]
    let schemas = [Program.root + "/docs/junit.xsd"] + (jenkins.map { [$0] } ?? [])
    for schema in schemas {
      let check = ProcessSpecification("xmllint", ["--noout", "--schema", schema, path])
      let output = try await runCommand(check, timeout: .seconds(30))
      #expect(output.exit.isSuccess, "\(output.errorText)")
    }
  }
}
