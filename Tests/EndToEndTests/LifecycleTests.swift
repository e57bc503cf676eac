import FoundationEssentials
import Glibc
import JSONCoding
import Platform
import Props
import Testing

/// Killing, interrupting and replaying real runs.
@Suite(.serialized, .timeLimit(.minutes(5))) struct LifecycleTests {
  /// A desktop case that waits for what never comes.
  static let waiting = """
    name: Waiting
    target: { desktop: { size: 640x480, run: "xterm -T marker-%MARK%" } }
    steps:
      - wait: { text: This never appears }
        timeout: 120s
    teardown:
      - note: cleaned up
    """

  private func started(
    _ program: Program, _ mark: String, _ paths: [String] = ["waiting.yaml"]
  ) async throws -> SupervisedProcess {
    try program.write(Self.waiting.replacing("%MARK%", with: mark), to: "waiting.yaml")
    let process = try await SupervisedProcess.start(
      ProcessSpecification(
        Program.path, ["run", "--no-model"] + paths, environment: Program.environment,
        workingDirectory: program.folder.path))
    #expect(try await eventually { processes(with: "marker-\(mark)") > 0 })
    return process
  }

  /// How many processes have a text in their command line.
  private func processes(with text: String) -> Int {
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return folders.count { folder in
      guard Int(folder) != nil,
        let bytes = try? Files.read("/proc/\(folder)/cmdline", limit: 1 << 20)
      else { return false }
      return String(decoding: bytes, as: UTF8.self).contains(text)
    }
  }

  @Test func `kill -9 leaves no X server and no application behind`() async throws {
    let program = try Program()
    let mark = "\(UInt32.random(in: 0...UInt32.max))"
    let process = try await started(program, mark)
    #expect(kill(process.pid, SIGKILL) == 0)
    #expect(try await eventually { processes(with: "marker-\(mark)") == 0 })
    // The X server's command line holds the folder that the application's environment points to.
    #expect(try await eventually { !hasServer(of: process.pid) })
    await process.terminate(grace: .zero)
  }

  @Test func `after kill -9 the recording tells what is outstanding, and just that is run again`()
    async throws
  {
    let program = try Program()
    let quick = "target: { demo: sign-in }\nsteps:\n  - expect: Example Shop\n"
    try program.write("name: First\n" + quick, to: "a.yaml")
    try program.write("name: Last\n" + quick, to: "z.yaml")
    let mark = "\(UInt32.random(in: 0...UInt32.max))"
    let process = try await started(program, mark, ["a.yaml", "waiting.yaml", "z.yaml"])
    #expect(kill(process.pid, SIGKILL) == 0)
    await process.terminate(grace: .zero)
    let all = ["list", "a.yaml", "waiting.yaml", "z.yaml"]
    let listed = try await program.run(all + ["--last-failed"])
    let ids = listed.output.split(separator: "\n").map { $0.prefix { $0 != " " } }
    #expect(ids == ["waiting", "z"], "\(listed.all)")
    #expect(try await eventually { processes(with: "marker-\(mark)") == 0 })
  }

  @Test func `after kill -9 the run is resumed, and what was changed since is named first`()
    async throws
  {
    let program = try Program()
    let quick = "target: { demo: sign-in }\nsteps:\n  - expect: Example Shop\n"
    try program.write("name: First\n" + quick, to: "a.yaml")
    try program.write("name: Last\n" + quick, to: "z.yaml")
    let mark = "\(UInt32.random(in: 0...UInt32.max))"
    let process = try await started(program, mark, ["a.yaml", "waiting.yaml", "z.yaml"])
    let alive = try await program.run(["resume", "latest"])
    #expect(alive.code == 2)
    #expect(alive.messages.contains("is still running"), "\(alive.all)")
    #expect(kill(process.pid, SIGKILL) == 0)
    await process.terminate(grace: .zero)
    try program.write("name: Waiting\n" + quick, to: "waiting.yaml")
    let refused = try await program.run(["resume", "latest"])
    #expect(refused.code == 2)
    for words in ["waiting.yaml was changed", "the case “waiting” would be run otherwise"] {
      #expect(refused.messages.contains(words), "\(refused.all)")
    }
    #expect(!refused.messages.contains("“z”"), "\(refused.all)")
    let resumed = try await program.run(["resume", "latest", "--anyway"])
    #expect(resumed.code == 0, "\(resumed.all)")
    #expect(!resumed.output.contains("First"), "what has its verdict is not told again")
    #expect(
      try program.results().mapValues(\.verdict) == [
        "a": "passed", "waiting": "passed", "z": "passed",
      ])
    let shown = try await program.run(["show", "latest/waiting"])
    #expect(shown.output.contains("attempt 1: interrupted"), "\(shown.all)")
    #expect(shown.output.contains("attempt 2: passed"), "\(shown.all)")
    let replay = try await program.run(["replay", "latest", "--decide"])
    #expect(replay.code == 0, "\(replay.all)")
    #expect(try await program.run(["resume", "latest"]).messages.contains("is complete"))
  }

  private func hasServer(of pid: Int32) -> Bool {
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return folders.contains { folder in
      guard Int(folder) != nil, let status = try? Files.read("/proc/\(folder)/stat", limit: 4096)
      else { return false }
      let fields = String(decoding: status, as: UTF8.self).split(separator: " ")
      return fields.count > 3 && fields[3] == "\(pid)"
    }
  }

  @Test func `ctrl+c ends the case, runs its teardown and writes the reports`() async throws {
    let program = try Program()
    let process = try await started(program, "\(UInt32.random(in: 0...UInt32.max))")
    #expect(kill(process.pid, SIGINT) == 0)
    let exit = try await process.wait()
    #expect(exit == .exited(130))
    let result = try #require(try program.results()["waiting"])
    #expect(result.verdict == "interrupted")
    let journal = try Files.read(
      program.folder.path + "/reports/latest/recording/events.jsonl", limit: 64 << 20)
    #expect(String(decoding: journal, as: UTF8.self).contains("cleaned up"))
  }

  @Test func `replay names the first decision that a changed input changes`() async throws {
    let program = try Program()
    try program.write(
      """
      name: Shop
      target: { demo: sign-in }
      steps:
        - expect: Example Shop
        - expect: User name
      """, to: "shop.yaml")
    let ran = try await program.run(["run", "shop.yaml", "--no-model"])
    #expect(ran.code == 0, "\(ran.all)")
    let same = try await program.run(["replay", "latest", "--decide"])
    #expect(same.code == 0, "\(same.all)")

    let path = program.folder.path + "/reports/latest/recording/events.jsonl"
    let lines = String(decoding: try Files.read(path, limit: 64 << 20), as: UTF8.self)
      .split(separator: "\n")
    let line = try #require(lines.firstIndex { $0.contains("\"examined\"") })
    var changed = lines.map(String.init)
    changed[line] = changed[line].replacing("\"holds\":true", with: "\"holds\":false")
    #expect(changed[line] != lines[line])
    try Files.writeAtomically(Array((changed.joined(separator: "\n") + "\n").utf8), to: path)
    let other = try await program.run(["replay", "latest", "--decide"])
    #expect(other.code == 1)
    #expect(other.output.contains("first difference at line \(line + 2)"), "\(other.all)")
    #expect(other.output.contains("recorded:"))
    #expect(other.output.contains("decided:"))
  }

  @Test func `a secret is in no file of a run`() async throws {
    let program = try Program()
    try program.write(
      """
      name: Secret
      target: { demo: sign-in }
      secrets: [SHOP_PASSWORD]
      steps:
        - type: { text: "${SHOP_PASSWORD}", into: User name }
        - expect: "${SHOP_PASSWORD}"
        - expect: nothing like it
          timeout: 1s
          optional: true
      """, to: "secret.yaml")
    let ran = try await program.run(
      ["run", "secret.yaml", "--no-model"], environment: ["SHOP_PASSWORD": "canary4711bird"])
    #expect(ran.code == 0, "\(ran.all)")
    #expect(!ran.all.contains("canary4711bird"))
    let folder = program.folder.path + "/reports"
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder)
    where !name.hasSuffix(".png") {
      guard let bytes = try? Files.read(folder + "/" + name, limit: 64 << 20) else { continue }
      #expect(!String(decoding: bytes, as: UTF8.self).contains("canary4711bird"), "\(name)")
    }
  }
  @Test(arguments: ["list", "line", "dots", "json", "github"])
  func `a secret that a screen shows is not told on the terminal`(reporter: String) async throws {
    let program = try Program()
    try program.write(
      """
      name: Secret
      target: { demo: sign-in }
      secrets: [SHOP_PASSWORD]
      steps:
        - type: { text: "${SHOP_PASSWORD}", into: User name }
        - expect: { absent: "${SHOP_PASSWORD}" }
          timeout: 1s
      """, to: "secret.yaml")
    let summary = program.folder.path + "/summary.md"
    let ran = try await program.run(
      ["run", "secret.yaml", "--no-model", "--reporter", reporter, "-v"],
      environment: [
        "SHOP_PASSWORD": "canary4711bird", "GITHUB_STEP_SUMMARY": summary, "GITHUB_ACTIONS": "true",
      ])
    #expect(ran.code == 1, "\(ran.all)")
    #expect(!ran.all.contains("canary4711bird"), "\(ran.all)")
    let told = (try? Files.read(summary, limit: 1 << 20)) ?? []
    #expect(!String(decoding: told, as: UTF8.self).contains("canary4711bird"))
  }
}
