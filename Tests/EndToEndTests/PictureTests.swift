import Imaging
import Pixels
import Platform
import Testing

/// Pictures as targets, as checks and as baselines.
@Suite(.serialized, .timeLimit(.minutes(6))) struct PictureTests {
  /// A program whose folder holds pictures cut from the demo screen: its button, and something that is
  /// nowhere on it.
  private func prepared() async throws -> Program {
    let program = try Program()
    try program.write(
      """
      name: Look
      target: { demo: sign-in }
      steps:
        - expect: Example Shop
        - screenshot: first
      """, to: "look.yaml")
    _ = try await program.run(["run", "look.yaml", "--no-model"])
    let screen = try await screen(program)
    let button = PixelRect(x: 340, y: 540, width: 344, height: 60)
    let cut = try #require(screen.cropped(to: button))
    try Files.writeAtomically(try PNG.encode(cut), to: program.folder.path + "/button.png")
    let other = Frame(
      size: PixelSize(clampingWidth: 60, height: 60),
      pixels: (0..<14_400).map { UInt8($0 * 7 % 251) })
    try Files.writeAtomically(
      try PNG.encode(try #require(other)), to: program.folder.path + "/nowhere.png")
    return program
  }

  /// The last picture of the last run.
  private func screen(_ program: Program) async throws -> Frame {
    let ran = try await runCommand(
      ProcessSpecification(
        "/bin/sh",
        [
          "-c",
          "ls -t reports/latest/recording/blobs/*.png reports/latest/recording/blobs/*/*.png 2>/dev/null | head -1",
        ],
        environment: Program.environment, workingDirectory: program.folder.path),
      timeout: .seconds(10))
    let path = program.folder.path + "/" + (ran.text.split(separator: "\n").first ?? "")
    return try PNG.decode(try Files.read(path, limit: 64 << 20))
  }

  private func run(
    _ program: Program, _ steps: String, flags: [String] = [],
    demo: String = "sign-in"
  ) async throws -> (verdict: String, reason: String) {
    try program.write(
      "name: Case\ntarget: { demo: \"\(demo)\" }\nsteps:\n\(steps)\n", to: "case.yaml")
    let ran = try await program.run(["run", "case.yaml", "--no-model"] + flags)
    return try #require(try program.results()["case"], "\(ran.all)")
  }

  @Test func `a picture is found, clicked and checked, and one that is not there is not`()
    async throws
  {
    let program = try await prepared()
    let good = try await run(
      program,
      """
        - expect: { image: button.png }
        - type: { text: alice, into: User name }
        - type: { text: wonderland, into: Password }
        - click: { image: button.png }
        - expect: "Welcome, alice"
      """)
    #expect(good.verdict == "passed", "\(good.reason)")
    let absent = try await run(program, "  - expect: { image: nowhere.png }\n    timeout: 300ms")
    #expect(absent.verdict == "failed")
    #expect(absent.reason.contains("nowhere.png"))
    let missed = try await run(program, "  - click: { image: nowhere.png }\n    timeout: 300ms")
    #expect(missed.verdict == "failed", "\(missed.reason)")
    let elsewhere = try await run(
      program, "  - expect: { image: button.png, region: top }\n    timeout: 300ms")
    #expect(elsewhere.verdict == "failed", "\(elsewhere.reason)")
  }

  @Test func `a picture without detail cannot be looked for, and says so`() async throws {
    let program = try await prepared()
    let plain = Frame(size: PixelSize(clampingWidth: 40, height: 40), red: 200)
    try Files.writeAtomically(try PNG.encode(plain), to: program.folder.path + "/plain.png")
    let result = try await run(program, "  - expect: { image: plain.png }")
    #expect(result.verdict == "error")
    #expect(result.reason.contains("too little detail"), "\(result.reason)")
  }

  @Test func `a baseline is missing, written, equal, different and forgiven`() async throws {
    let program = try await prepared()
    let steps = "  - expect: { unchanged: first-page }\n    timeout: 500ms"
    let missing = try await run(program, steps)
    #expect(missing.verdict == "error")
    #expect(missing.reason.contains("--update-baselines"), "\(missing.reason)")
    let written = try await run(program, steps, flags: ["--update-baselines"])
    #expect(written.verdict == "passed", "\(written.reason)")
    #expect(Files.exists(program.folder.path + "/baselines/case/first-page.png"))
    #expect(try await run(program, steps).verdict == "passed")
    let typed = "  - type: { text: alice, into: User name }\n"
    let different = try await run(program, typed + steps)
    #expect(different.verdict == "failed")
    #expect(different.reason.contains("of the pixels differ"), "\(different.reason)")
    let forgiven = try await run(
      program,
      typed + "  - expect: { unchanged: first-page, tolerance: 5% }\n    timeout: 500ms")
    #expect(forgiven.verdict == "passed", "\(forgiven.reason)")
    let ignored = try await run(
      program,
      typed
        + "  - expect: { unchanged: first-page, ignore: [[330, 300, 370, 70]] }\n    timeout: 500ms"
    )
    #expect(ignored.verdict == "passed", "\(ignored.reason)")
    let resized = try await run(program, steps, demo: "sign-in?size=800x600")
    #expect(resized.verdict == "failed", "\(resized.reason)")
  }
}
