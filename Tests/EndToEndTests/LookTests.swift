import FoundationEssentials
import JSONCoding
import Platform
import Testing

/// `qa-agent look`: what is seen, and steps that really take it.
@Suite(.serialized, .timeLimit(.minutes(3))) struct LookTests {
  private func look(
    _ program: Program, _ arguments: [String]
  ) async throws -> (ran: Program.Ran, things: [JSON]) {
    let ran = try await program.run(["look", "--json"] + arguments)
    let json = try? JSON(parsing: ran.output)
    return (ran, json?["things"]?.array ?? [])
  }

  private func step(_ things: [JSON], _ kind: String, _ text: String) -> String? {
    things.first { $0["kind"]?.string == kind && $0["text"]?.string == text }?["step"]?.string
  }

  @Test func `each thing of a demo screen has a step, and the steps do what they say`() async throws
  {
    let program = try Program()
    let (ran, things) = try await look(program, ["--target", "demo:sign-in"])
    #expect(ran.code == 0, "\(ran.all)")
    let name = try #require(step(things, "field", "User name"), "\(ran.all)")
    let password = try #require(step(things, "field", "Password"), "\(ran.all)")
    let press = try #require(
      things.compactMap { $0["step"]?.string }.last {
        $0 == "- click: Sign in" || $0.contains("Sign in, nth")
      },
      "\(ran.all)")
    try program.write(
      """
      name: What look says
      target: { demo: sign-in }
      steps:
        \(name.replacing("\"\"", with: "alice"))
        \(password.replacing("\"\"", with: "wonderland"))
        \(press)
        - expect: "Welcome, alice"
      """, to: "case.yaml")
    let done = try await program.run(["run", "case.yaml", "--no-model"])
    #expect(done.code == 0, "\(done.all)")
  }

  @Test func `a picture is looked at, made into a page, and cut`() async throws {
    let program = try Program()
    try program.write(
      "name: A\ntarget: { demo: sign-in }\nsteps: [{ screenshot: all }, { expect: Sign in }]\n",
      to: "case.yaml")
    #expect(try await program.run(["run", "case.yaml", "--no-model"]).code == 0)
    let blobs = program.folder.path + "/reports/latest/recording/blobs"
    let manager = FileManager.default
    let names = try manager.subpathsOfDirectory(atPath: blobs)
    let picture = try #require(names.first { $0.hasSuffix(".png") })
    try manager.copyItem(atPath: "\(blobs)/\(picture)", toPath: program.folder.path + "/shot.png")
    let page = try await program.run(["look", "shot.png", "--html", "out/look.html"])
    #expect(page.code == 0, "\(page.all)")
    #expect(page.output.contains("field   “User name”"), "\(page.all)")
    let html = String(
      decoding: try Files.read(program.folder.path + "/out/look.html", limit: 64 << 20),
      as: UTF8.self)
    #expect(html.contains("into: User name"))
    #expect(html.contains("data:image/png;base64,iVBOR"))
    let (_, things) = try await look(program, ["shot.png"])
    let name = try #require(things.first { $0["text"]?.string == "User name" })
    let part = (name["box"]?.array ?? []).map(\.text).joined(separator: ",")
    let cut = try await program.run(["look", "shot.png", "--crop", part, "-o", "needle.png"])
    #expect(cut.code == 0, "\(cut.all)")
    #expect(cut.output.contains("needle.png: there once"))
    try program.write(
      "name: B\ntarget: { demo: sign-in }\nsteps: [{ expect: { image: needle.png } }]\n",
      to: "case.yaml")
    let found = try await program.run(["run", "case.yaml", "--no-model"])
    #expect(found.code == 0, "\(found.all)")
    let plain = try await program.run(["look", "shot.png", "--crop", "0,0,20,20", "-o", "no.png"])
    #expect(plain.code != 0, "\(plain.all)")
  }

  @Test(arguments: [
    (["nowhere.png"], "nowhere.png", 5), (["case.yaml"], "no PNG picture", 5),
    (["shot.png", "--target", "vnc://x"], "cannot both be looked at", 2),
    (["shot.png", "--crop", "1,2,3", "-o", "x.png"], "X,Y,W,H", 2),
    (["shot.png", "--crop", "1,2,3,4"], "belong together", 2),
    (["--target", "vnc://127.0.0.1:1"], "127.0.0.1", 5),
  ])
  func `what cannot be looked at is an error that names it`(
    arguments: [String], message: String, code: Int32
  ) async throws {
    let program = try Program()
    try program.write("name: A\nsteps: []\n", to: "case.yaml")
    let ran = try await program.run(["look"] + arguments)
    #expect(ran.code == code, "\(ran.all)")
    #expect(ran.all.contains(message), "\(ran.all)")
  }
}
