import Digests
import Glibc
import Platform
import Testing

@testable import Recording

struct BlobStoreTests {
  private let folder: TemporaryFolder
  private let store: BlobStore
  /// From FIPS 180-2, appendix B.1.
  private static let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

  init() throws {
    folder = try TemporaryFolder(prefix: "qa-recording")
    store = BlobStore(path: folder.path + "/blobs")
  }

  @Test func `names bytes by their SHA-256`() throws {
    #expect(try store.write(Array("abc".utf8), as: .text) == Self.abc)
    #expect(access(folder.path + "/blobs/ba/\(Self.abc).txt", R_OK) == 0)
    #expect(
      SHA256(of: []).description
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test func `gives back what it was given, and keeps equal bytes once`() throws {
    let digest = try store.write([1, 2, 3], as: .png)
    #expect(try store.write([1, 2, 3], as: .png) == digest)
    #expect(try store.read(digest) == [1, 2, 3])
    #expect(store.contains(digest))
    #expect(store.containsAny(digest))
    #expect(!store.contains(digest, as: .json))
  }

  @Test func `refuses bytes that were changed`() throws {
    let digest = try store.write([1, 2, 3], as: .png)
    let name = try #require(BlobStore.name(of: digest))
    try Files.writeAtomically([1, 2, 4], to: "\(store.path)/\(name)")
    let error = try #require(throws: RecordingError.self) { try store.read(digest) }
    #expect(error.code == .mismatch)
  }

  @Test func `writes a blob again that was cut`() throws {
    let digest = try store.write([1, 2, 3], as: .png)
    let name = try #require(BlobStore.name(of: digest))
    try Files.writeAtomically([1], to: "\(store.path)/\(name)")
    _ = try store.write([1, 2, 3], as: .png)
    #expect(try store.read(digest) == [1, 2, 3])
  }

  @Test(arguments: [
    "", "..", "../../etc/passwd", "ba/../../x", String(repeating: "A", count: 64),
    String(repeating: "g", count: 64), String(repeating: "0", count: 63) + "/",
  ])
  func `lets no name climb out of its folder`(name: String) throws {
    #expect(BlobStore.name(of: name) == nil)
    let error = try #require(throws: RecordingError.self) { try store.read(name) }
    #expect(error.code == .malformed)
  }

  @Test func `follows no link out of the recording`() throws {
    let outside = try TemporaryFolder(prefix: "qa-recording")
    try Files.writeAtomically(Array("abc".utf8), to: outside.path + "/\(Self.abc).txt")
    mkdir(store.path, 0o755)
    symlink(outside.path, store.path + "/ba")
    #expect(throws: RecordingError.self) { try store.read(Self.abc, as: .text) }
    #expect(!store.contains(Self.abc, as: .text))
  }

  @Test func `says that a blob is missing`() throws {
    let error = try #require(throws: RecordingError.self) { try store.read(Self.abc) }
    #expect(error.code == .missing)
  }
}
