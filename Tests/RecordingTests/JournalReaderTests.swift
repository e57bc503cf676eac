import Digests
import Glibc
import JSONCoding
import Platform
import Recording
import Testing

struct JournalReaderTests {
  private let folder: TemporaryFolder
  private let run: RunFolder
  private static let header = #"{"seq":0,"type":"journal","format":"qa-agent","major":1,"minor":0}"#

  init() throws {
    folder = try TemporaryFolder(prefix: "qa-recording")
    run = try RunFolder.create(in: folder.path, time: UTCTime(milliseconds: 0), random: 7)
  }

  private func read(_ text: String) throws -> (lines: [JournalLine], warnings: [String]) {
    try Files.writeAtomically(Array(text.utf8), to: run.events)
    let result = try JournalReader.read(run)
    return (result.lines, result.contents.warnings)
  }

  private func error(_ text: String) throws -> RecordingError {
    try #require(throws: RecordingError.self) { try read(text) }
  }

  @Test func `keeps types and fields it does not know`() throws {
    let (lines, warnings) = try read(
      Self.header + "\n" + #"{"seq":1,"t":0.5,"type":"from.tomorrow","x":{"y":[1]}}"# + "\n")
    #expect(lines.first?.type == "from.tomorrow")
    #expect(lines.first?.fields["x"]?["y"]?[0] == 1)
    #expect(lines.first?.time == .milliseconds(500))
    #expect(warnings == [])
  }

  @Test func `reads a newer minor version and says so`() throws {
    let header = Self.header.replacing(#""minor":0"#, with: #""minor":9"#)
    let (lines, warnings) = try read(header + "\n" + #"{"seq":1,"t":0,"type":"a"}"# + "\n")
    #expect(lines.count == 1)
    #expect(warnings.count == 1 && warnings[0].contains("1.9"))
  }

  @Test func `refuses a newer major version`() throws {
    let error = try error(Self.header.replacing(#""major":1"#, with: #""major":2"#) + "\n")
    #expect(error.code == .tooNew)
    #expect(error.message.contains("2.0"))
  }

  @Test(arguments: [#"{"seq":2,"t":0,"type":"#, "\u{0}\u{0}\u{0}\n", #"{"seq":2,"type":5}"# + "\n"])
  func `drops a cut last line with a warning`(tail: String) throws {
    let (lines, warnings) = try read(
      Self.header + "\n" + #"{"seq":1,"t":0,"type":"a"}"# + "\n" + tail)
    #expect(lines.map(\.type) == ["a"])
    #expect(warnings.count == 1 && warnings[0].contains("last line"))
  }

  @Test(arguments: [
    (#"{"seq":2,"t":0,"type":"a"}"#, "its seq is 2 where 1 is due"),
    (#"{"seq":0,"t":0,"type":"a"}"#, "its seq is 0 where 1 is due"),
    (#"[1]"#, "it is no JSON object"), (#"{"t":0,"type":"a"}"#, "no number “seq”"),
    (#"{"seq":1,"t":-1,"type":"a"}"#, "no time of a run"),
    (#"{"seq":1,"t":1e300,"type":"a"}"#, "no time of a run"),
    (#"{"seq":1,"t":0}"#, "no text “type”"), ("hello", "unexpected character"),
    (String(repeating: "[", count: 10_000), "nested deeper"),
  ])
  func `names the line that is wrong`(line: String, message: String) throws {
    let error = try error(Self.header + "\n\(line)\n" + #"{"seq":2,"t":0,"type":"b"}"# + "\n")
    #expect(error.code == .malformed)
    #expect(error.message.contains("line 2"))
    #expect(error.message.contains(message))
  }

  @Test(arguments: ["{}", #"{"seq":0,"type":"journal","format":"other","major":1,"minor":0}"#])
  func `refuses a file that is no journal`(header: String) throws {
    let error = try error("\(header)\n{}\n")
    #expect(error.code == .malformed)
    #expect(error.message.contains("line 1"))
  }

  @Test func `refuses a line without end`() throws {
    let text = Self.header + "\n" + String(repeating: "x", count: Journal.lineLimit + 1)
    #expect(try error(text).code == .tooLarge)
    #expect(try error(text + "\n").code == .tooLarge)
  }

  @Test func `warns of an empty journal`() throws {
    #expect(try read("").warnings.count == 1)
  }

  @Test func `warns of blobs that are missing`() throws {
    let there = try run.blobs.write([1], as: .png)
    let gone = SHA256(of: [2]).description
    let (_, warnings) = try read(
      Self.header + "\n" + #"{"seq":1,"t":0,"type":"a","f":{"blob":"\#(there)"}}"# + "\n"
        + #"{"seq":2,"t":0,"type":"a","f":[{"blob":"\#(gone)"}],"blob":"../x"}"# + "\n")
    #expect(warnings.count == 1)
    #expect(warnings[0].contains("1 of 2") && warnings[0].contains(gone))
  }

  @Test func `opens neither links nor pipes`() throws {
    symlink("/etc/passwd", run.events)
    #expect(throws: RecordingError.self) { try JournalReader.read(run) }
    unlink(run.events)
    mkfifo(run.events, 0o600)
    #expect(throws: RecordingError.self) { try JournalReader.read(run) }
  }

  @Test func `says that there is no journal`() throws {
    let error = try #require(throws: RecordingError.self) { try JournalReader.read(run) }
    #expect(error.code == .missing)
  }
}
