import Glibc
import Platform
import Testing

/// A project of one's own, as a newcomer gets it.
@Suite(.serialized, .timeLimit(.minutes(5))) struct InitTests {
  private static let files = [
    ".github/workflows/qa-agent.yaml", ".gitignore", ".qa-agent/scenario.schema.json",
    "qa-agent.yaml", "scenarios/application.yaml", "scenarios/first.yaml",
  ]

  private func text(_ name: String, _ program: Program) throws -> String {
    String(
      decoding: try Files.read("\(program.folder.path)/\(name)", limit: 1 << 20), as: UTF8.self)
  }

  @Test func `a new project is right, and its scenario passes`() async throws {
    let program = try Program()
    let made = try await program.run(["init", "my tests"])
    #expect(made.code == 0, "\(made.all)")
    for file in Self.files { #expect(made.output.contains("wrote \(file)\n"), "\(file)") }
    let folder = program.folder.path + "/my tests"
    let checked = try await program.run(["check"], in: folder)
    #expect(checked.code == 0 && checked.output.contains("2 cases in 2 files"), "\(checked.all)")
    let ran = try await program.run(
      ["run", "--strict", "--no-model"], in: folder, isReplayed: false)
    #expect(ran.code == 0 || ran.all.contains("it requires xterm"), "\(ran.all)")
    #expect(ran.output.contains("passed") && ran.output.contains("first  Sign in"), "\(ran.all)")
  }

  @Test func `what is there is never changed`() async throws {
    let program = try Program()
    try program.write("node_modules/\n", to: ".gitignore")
    try program.write("name: Mine\n", to: "scenarios/first.yaml")
    let outside = try TemporaryFolder(prefix: "qa-agent-test")
    #expect(symlink(outside.path + "/new.yaml", program.folder.path + "/qa-agent.yaml") == 0)
    #expect(symlink(outside.path, program.folder.path + "/.github") == 0)
    let made = try await program.run(["init"])
    #expect(made.code == 0, "\(made.all)")
    #expect(made.output.contains("kept  .gitignore (it should have: reports/ and .env)"))
    #expect(made.output.contains("kept  scenarios/first.yaml\n"), "\(made.all)")
    #expect(made.output.contains("wrote scenarios/application.yaml"))
    #expect(try text(".gitignore", program) == "node_modules/\n")
    #expect(try text("scenarios/first.yaml", program) == "name: Mine\n")
    for name in ["new.yaml", "workflows"] { #expect(!Files.exists("\(outside.path)/\(name)")) }
    let again = try await program.run(["init"])
    #expect(again.code == 0 && !again.output.contains("wrote"), "\(again.all)")
  }

  @Test func `says why a project cannot be made`() async throws {
    let program = try Program()
    try program.write("", to: "file")
    let made = try await program.run(["init", "file/below"])
    #expect(made.code == 2 && made.all.contains("file"), "\(made.all)")
  }
}
