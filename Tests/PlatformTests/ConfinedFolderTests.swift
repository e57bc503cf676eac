import Glibc
import Platform
import Props
import Testing

/// A folder that no path leads out of.
struct ConfinedFolderTests {
  @Test func `writes, appends and finds below itself, and makes folders`() throws {
    let folder = try TemporaryFolder(prefix: "qa-agent-test")
    let confined = ConfinedFolder(folder.path)
    #expect(confined.find("a/b.txt") == .missing)
    let path = try confined.write(Array("one".utf8), to: "a/b.txt")
    try confined.write(Array("two".utf8), to: "a/b.txt", append: true)
    #expect(confined.find("a/b.txt") == .file(path))
    #expect(try Files.read(path, limit: 100) == Array("onetwo".utf8))
    try confined.write([], to: "a/b.txt")
    #expect(try Files.read(path, limit: 100) == [])
    #expect(confined.find("a") == .other)
    #expect(throws: FileError.self) { try confined.write([], to: "a") }
  }

  @Test(arguments: ["", "/a", "../a", "a/../../b", "a//b", ".", "a/.", "~/a", "a\0b", "a/"])
  func `refuses paths that are none below it`(path: String) throws {
    let folder = try TemporaryFolder(prefix: "qa-agent-test")
    #expect(!ConfinedFolder.isPath(path))
    #expect(ConfinedFolder(folder.path).find(path) == .outside)
    #expect(throws: FileError.self) { try ConfinedFolder(folder.path).write([], to: path) }
  }

  @Test func `follows links inside, and none that lead out`() throws {
    let folder = try TemporaryFolder(prefix: "qa-agent-test")
    let outside = try TemporaryFolder(prefix: "qa-agent-test")
    let confined = ConfinedFolder(folder.path)
    let path = try confined.write(Array("in".utf8), to: "in.txt")
    try Files.writeAtomically(Array("out".utf8), to: outside.path + "/out.txt")
    for (target, link) in [
      ("in.txt", "near"), (outside.path + "/out.txt", "far"), (outside.path, "folder"),
      (outside.path + "/new.txt", "dangling"), ("..", "up"),
    ] {
      #expect(symlink(target, "\(folder.path)/\(link)") == 0)
    }
    #expect(confined.find("near") == .file(path))
    for name in ["far", "folder/out.txt", "folder/none.txt", "dangling", "up/x"] {
      #expect(confined.find(name) == .outside, "\(name)")
      #expect(throws: FileError.self, "\(name)") { try confined.write(Array("x".utf8), to: name) }
    }
    #expect(try Files.read(outside.path + "/out.txt", limit: 100) == Array("out".utf8))
    #expect(!Files.exists(outside.path + "/new.txt") && !Files.exists(outside.path + "/none.txt"))
  }

  @Test func `does not wait for a pipe`() throws {
    let folder = try TemporaryFolder(prefix: "qa-agent-test")
    #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
    #expect(ConfinedFolder(folder.path).find("pipe") == .other)
    #expect(throws: FileError.self) { try ConfinedFolder(folder.path).write([1], to: "pipe") }
  }
}
