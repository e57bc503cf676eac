import Glibc
import Platform
import Testing

struct FilesTests {
  @Test func `what was written is read, up to the limit`() throws {
    let folder = try scratchFolder()
    let path = "\(folder.path)/file"
    let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0) }
    try Files.writeAtomically(bytes, to: path)
    #expect(try Files.read(path, limit: 700_000) == bytes)
    #expect(throws: FileError.tooLarge(path: path, limit: 699_999)) {
      try Files.read(path, limit: 699_999)
    }
  }

  @Test func `a file is replaced in one step and nothing else is left`() throws {
    let folder = try scratchFolder()
    let path = "\(folder.path)/file"
    try Files.writeAtomically([1], to: path)
    let old = open(path, O_RDONLY)
    defer { close(old) }
    try Files.writeAtomically([2], to: path, mode: 0o600)
    var byte: UInt8 = 0
    #expect(read(old, &byte, 1) == 1)
    #expect(byte == 1)
    #expect(try Files.read(path, limit: 10) == [2])
    #expect(try names(in: folder.path) == ["file"])
  }

  @Test func `an error names the file and leaves nothing behind`() throws {
    let folder = try scratchFolder()
    let error = #expect(throws: FileError.self) {
      try Files.read("\(folder.path)/absent", limit: 10)
    }
    #expect(error?.description == "cannot read \(folder.path)/absent: No such file or directory")
    mkdir("\(folder.path)/taken", 0o700)
    #expect(throws: FileError.self) { try Files.writeAtomically([1], to: "\(folder.path)/taken") }
    #expect(try names(in: folder.path) == ["taken"])
  }

  @Test func `an endless device is refused at the limit`() {
    #expect(throws: FileError.tooLarge(path: "/dev/zero", limit: 1000)) {
      try Files.read("/dev/zero", limit: 1000)
    }
  }

  private func names(in path: String) throws -> [String] {
    let folder = try #require(opendir(path))
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafeBytes(of: entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }
}

struct TemporaryFolderTests {
  @Test func `only its owner may enter it, and it goes with all it holds`() throws {
    let folder = try scratchFolder()
    var status = stat()
    #expect(lstat(folder.path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o700)
    mkdir("\(folder.path)/inner", 0o700)
    try Files.writeAtomically([1], to: "\(folder.path)/inner/file")
    symlink("/etc/passwd", "\(folder.path)/link")
    chmod("\(folder.path)/inner", 0o500)
    folder.remove()
    #expect(lstat(folder.path, &status) != 0)
    #expect(access("/etc/passwd", R_OK) == 0)
  }

  @Test func `what a killed process left is removed, and what is in use or young stays`() throws {
    let folder = try TemporaryFolder(prefix: "qa-agent-abandoned")
    let left = "\(folder.path)-left"
    mkdir(left, 0o700)
    try Files.writeAtomically([1], to: "\(left)/file")
    #expect(TemporaryFolder.removeAbandoned(prefix: "qa-agent-abandoned") == 0)
    #expect(TemporaryFolder.removeAbandoned(prefix: "qa-agent-abandoned", age: .zero) == 1)
    #expect(access(left, F_OK) != 0)
    #expect(access(folder.path, F_OK) == 0)
  }
}
