import Glibc
import Platform
import Recording
import Testing

struct RunFolderTests {
  private let folder: TemporaryFolder
  private let noon = UTCTime(milliseconds: 1_795_176_000_000)

  init() throws { folder = try TemporaryFolder(prefix: "qa-recording") }

  @Test func `names a run after its start and makes its folders`() throws {
    let output = folder.path + "/new/reports"
    let run = try RunFolder.create(in: output, time: noon, random: 0x4F2A)
    #expect(run.path == output + "/2026-11-20T12-00-00Z-4f2a")
    #expect(access(run.blobs.path, W_OK) == 0)
    #expect(run.events == run.path + "/recording/events.jsonl")
  }

  @Test func `gives two runs of one second two folders`() throws {
    let first = try RunFolder.create(in: folder.path, time: noon, random: 0xFFFF)
    let second = try RunFolder.create(in: folder.path, time: noon, random: 0xFFFF)
    #expect(first.id.hasSuffix("-ffff"))
    #expect(second.id.hasSuffix("-0000"))
  }

  @Test func `says which folder it cannot write to and what to do`() throws {
    try Files.writeAtomically([], to: folder.path + "/file")
    let error = try #require(throws: RecordingError.self) {
      try RunFolder.create(in: folder.path + "/file/reports", time: noon, random: 1)
    }
    #expect(error.code == .unwritable)
    #expect(error.message.contains("\(folder.path)/file"))
    #expect(error.message.contains("--output"))
  }

  @Test func `points latest at the newest run`() throws {
    for number in UInt16(1)...3 {
      let run = try RunFolder.create(in: folder.path, time: noon, random: number)
      try Files.writeAtomically(Array("\(number)".utf8), to: run.events)
      try run.makeLatest()
    }
    let latest = try RunFolder.find("latest", in: folder.path)
    #expect(latest.id == "2026-11-20T12-00-00Z-0003")
    let names = RunFolder.all(in: folder.path).map(\.id)
    #expect(names.count == 3)
  }

  @Test func `does not lose a folder that stands where latest should be`() throws {
    let run = try RunFolder.create(in: folder.path, time: noon, random: 1)
    mkdir(folder.path + "/latest", 0o755)
    let error = try #require(throws: RecordingError.self) { try run.makeLatest() }
    #expect(error.message.contains("latest"))
    #expect(access(folder.path + "/latest", F_OK) == 0)
  }

  @Test func `finds a run by path, id and the part of it that no other has`() throws {
    let runs = try [0x1A2B, 0x1A3C].map { random in
      let run = try RunFolder.create(in: folder.path, time: noon, random: UInt16(random))
      try Files.writeAtomically([], to: run.events)
      return run
    }
    #expect(try RunFolder.find(runs[0].path + "/", in: "/nowhere") == runs[0])
    #expect(try RunFolder.find(runs[1].id, in: folder.path) == runs[1])
    #expect(try RunFolder.find("1a3c", in: folder.path) == runs[1])
    let ambiguous = try #require(throws: RecordingError.self) {
      try RunFolder.find("2026-11", in: folder.path)
    }
    #expect(ambiguous.code == .ambiguous)
    let missing = try #require(throws: RecordingError.self) {
      try RunFolder.find("nine", in: folder.path)
    }
    #expect(missing.code == .missing)
  }
}

struct UTCTimeTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("2000-02-29T23:59:59Z", 951_868_799),
    ("2026-11-20T12:00:00Z", 1_795_176_000), ("2100-03-01T00:00:00Z", 4_107_542_400),
    ("9999-12-31T23:59:59Z", 253_402_300_799),
  ])
  func `says and reads a moment`(text: String, seconds: Int64) {
    #expect(UTCTime(milliseconds: seconds * 1000 + 7).description == text)
    #expect(UTCTime(text)?.milliseconds == seconds * 1000)
  }

  @Test(arguments: [
    "", "2026-11-20", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-20T24:00:00Z",
    "2026-11-20 12:00:00Z", "+026-11-20T12:00:00Z",
  ])
  func `refuses what is no moment`(text: String) {
    #expect(UTCTime(text) == nil)
  }
}
