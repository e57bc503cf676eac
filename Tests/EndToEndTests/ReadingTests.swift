import FoundationEssentials
import Platform
import Testing

/// Languages of the screen, through the built program: what cannot be read is refused before the run.
@Suite struct ReadingTests {
  /// A program that finds data for English alone.
  private func english(_ scenario: String) throws -> (
    program: Program, environment: [String: String]
  ) {
    let program = try Program()
    let folder = program.folder.path + "/tessdata"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/eng.traineddata",
      withDestinationPath: "/usr/share/tesseract-ocr/5/tessdata/eng.traineddata")
    try program.write(scenario, to: "a.yaml")
    return (program, ["TESSDATA_PREFIX": folder])
  }

  @Test(arguments: [["check", "a.yaml"], ["run", "a.yaml", "--no-model"], ["list", "a.yaml"]])
  func `a language whose data is missing is refused with its package`(arguments: [String])
    async throws
  {
    let (program, environment) = try english(
      "name: A\nocr: [eng, deu]\ntarget: { demo: sign-in }\nsteps:\n  - expect: Example Shop\n")
    let ended = try await program.run(arguments, environment: environment)
    #expect(ended.code == 2, "\(ended.all)")
    #expect(ended.all.contains("a.yaml:2:12"), "\(ended.all)")
    #expect(ended.all.contains("apt-get install tesseract-ocr-deu"), "\(ended.all)")
  }

  @Test func `letters that no chosen language has are refused with the language that has them`()
    async throws
  {
    let (program, environment) = try english(
      "name: A\ntarget: { demo: sign-in }\nsteps:\n  - expect: { absent: \"Ошибка\" }\n")
    for command in ["check", "run"] {
      let ended = try await program.run([command, "a.yaml"], environment: environment)
      #expect(ended.code == 2, "\(ended.all)")
      for part in ["a.yaml:4:", "О, ш, и, б, к, а", "[eng, rus]", "tesseract-ocr-rus"] {
        #expect(ended.all.contains(part), "\(part): \(ended.all)")
      }
    }
  }

  @Test func `the project's languages are checked, and shown with their origin`() async throws {
    let (program, environment) = try english(
      "name: A\ntarget: { demo: sign-in }\nsteps:\n  - expect: Example Shop\n")
    try program.write("ocr: [eng, rus]\n", to: "qa-agent.yaml")
    let ended = try await program.run(["run", "a.yaml", "--no-model"], environment: environment)
    #expect(ended.code == 2 && ended.all.contains("qa-agent.yaml:1"), "\(ended.all)")
    let variable = environment.merging(["QA_AGENT_OCR": "eng"]) { $1 }
    let passed = try await program.run(["run", "a.yaml", "--no-model"], environment: variable)
    #expect(passed.code == 0, "\(passed.all)")
    let shown = try await program.run(["config", "show", "--origin"], environment: variable)
    #expect(shown.all.contains("QA_AGENT_OCR"), "\(shown.all)")
  }

  @Test func `a secret whose letters cannot be read is an error that tells none of them`()
    async throws
  {
    let (program, environment) = try english(
      "name: A\ntarget: { demo: sign-in }\nsecrets: [WORD]\nsteps:\n  - expect: \"${WORD}\"\n")
    let ended = try await program.run(
      ["run", "a.yaml", "--no-model"], environment: environment.merging(["WORD": "Größe"]) { $1 })
    #expect(ended.code == 5, "\(ended.all)")
    #expect(ended.all.contains("has letters that eng cannot read"), "\(ended.all)")
    for letter in ["ö", "ß", "Gr"] { #expect(!ended.all.contains(letter), "\(ended.all)") }
  }
}
