import Diagnostics
import FoundationEssentials
import Testing

#if canImport(Glibc)
  import Glibc
#endif

struct SourceTextTests {
  private func read(_ bytes: [UInt8]) throws(Diagnostic) -> SourceText {
    try SourceText(file: "a.yaml", bytes: bytes)
  }

  @Test func `drops a byte order mark`() throws {
    #expect(try read([0xEF, 0xBB, 0xBF] + Array("a: 1".utf8)).text == "a: 1")
  }

  @Test func `refuses what is not UTF-8`() {
    #expect(throws: Diagnostic.self) { try read([0xFF, 0xFE, 0x61, 0]) }
    #expect(throws: Diagnostic.self) { try read([0x61, 0xC3]) }
    #expect(throws: Diagnostic.self) { try read(Array(repeating: 0x61, count: 256 * 1024 + 1)) }
  }

  @Test func `splits lines as YAML does`() {
    let source = SourceText(file: "a", text: "a\r\nb\nc\rd\u{85}e\u{2028}\n")
    #expect(source.lines == ["a", "b", "c", "d", "e", "", ""])
    #expect(source.line(2) == "b")
    #expect(source.line(0) == nil && source.line(99) == nil)
  }

  @Test func `finds a word after a place`() throws {
    let source = SourceText(file: "a", text: "x: y\nü: [x, x]")
    let first = try #require(source.position(of: "x", fromLine: 2, column: 1, toLine: 2))
    #expect(first == (2, 5))
    let second = try #require(source.position(of: "x", fromLine: 2, column: 6, toLine: 9))
    #expect(second == (2, 8))
    #expect(source.position(of: "z", fromLine: 1, column: 1, toLine: 2) == nil)
  }

  @Test func `reads files and nothing else`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "qa-\(UUID())").path()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("a: ü".utf8).write(to: URL(filePath: folder + "/a.yaml"))
    #expect(try SourceText.read(folder + "/a.yaml", as: "a.yaml").text == "a: ü")
    #expect(mkfifo(folder + "/pipe", 0o600) == 0)
    for path in [folder, folder + "/pipe", "/dev/zero"] {
      let error = #expect(throws: Diagnostic.self) { try SourceText.read(path) }
      #expect(error?.message == "not a regular file")
    }
    let error = #expect(throws: Diagnostic.self) { try SourceText.read(folder + "/gone") }
    #expect(error?.code == .noSuchPath)
  }
}
