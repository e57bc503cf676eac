import FoundationEssentials
import Platform
import Testing

/// Recordings that earlier versions made, in `fixtures/recordings`: each folder is a version of the journal.
///
/// They are kept without their pictures, which deciding again does not need.
@Suite(.timeLimit(.minutes(5))) struct ArchivedRecordingTests {
  private static let folder = Program.root + "/fixtures/recordings"

  private static func archived() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".jsonl") }
      .sorted()
  }

  @Test func `there are recordings of passes, failures, errors and skips`() throws {
    let texts = try Self.archived().map {
      String(decoding: try Files.read(Self.folder + "/" + $0, limit: 64 << 20), as: UTF8.self)
    }
    #expect(texts.count >= 3)
    for verdict in ["passed", "failed", "error", "skipped"] {
      #expect(
        texts.contains { $0.contains("\"verdict\":\"\(verdict)\"") }, "no recording has \(verdict)")
    }
  }

  @Test func `every archived recording is decided again as it was`() async throws {
    for name in try Self.archived() {
      let program = try Program()
      let events = try Files.read(Self.folder + "/" + name, limit: 64 << 20)
      let recording = program.folder.path + "/reports/archived/recording"
      try FileManager.default.createDirectory(
        atPath: recording, withIntermediateDirectories: true)
      try Files.writeAtomically(events, to: recording + "/events.jsonl")
      let ran = try await program.run(["replay", "reports/archived", "--decide"])
      #expect(ran.code == 0, "\(name): \(ran.all)")
      #expect(ran.output.contains("all as recorded"), "\(name): \(ran.all)")
    }
  }
}
