internal import Digests
internal import Glibc

/// Bytes kept under the name of their SHA-256: `blobs/4f/4f2a….png`.
///
/// Its functions block; a running session reaches them through its `Journal`.
public struct BlobStore: Sendable {
  /// What bytes are.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A picture.
    case png
    /// JSON text.
    case json
    /// Plain text.
    case text = "txt"

    /// Whether a redactor understands it.
    var isText: Bool { self != .png }
  }

  /// The biggest blob that is kept or read, in bytes.
  public static let limit = 64 << 20

  /// The folder.
  public let path: String

  /// A store in a folder, which need not be there yet.
  public init(path: String) { self.path = path }

  /// The path of a blob below the store's folder; nil when the name is no digest.
  public static func name(of digest: String, kind: Kind = .png) -> String? {
    guard SHA256.isDigest(digest) else { return nil }
    return "\(digest.prefix(2))/\(digest).\(kind.rawValue)"
  }

  /// Keeps some bytes and returns their digest; bytes that are kept already are not written again.
  public func write(_ bytes: [UInt8], as kind: Kind) throws(RecordingError) -> String {
    guard bytes.count <= Self.limit else {
      throw RecordingError(
        .tooLarge, "a blob of \(bytes.count) bytes is not kept; at most \(Self.limit) are")
    }
    let digest = SHA256(of: bytes).description
    let folder = "\(path)/\(digest.prefix(2))"
    let file = "\(folder)/\(digest).\(kind.rawValue)"
    var status = stat()
    if lstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      Int(status.st_size) == bytes.count
    {
      return digest
    }
    try RunFolder.makeFolder(folder)
    try put(bytes, at: file)
    return digest
  }

  /// Puts a whole file in place, so that a blob is never there in part.
  ///
  /// It is not brought to the disk: a picture that a power cut took is found out by its digest, and waiting for it would slow every step.
  private func put(_ bytes: [UInt8], at path: String) throws(RecordingError) {
    let temporary = "\(path).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).tmp"
    do throws(RecordingError) {
      let file = try Descriptor(
        temporary, O_WRONLY | O_CREAT | O_EXCL, failure: .unwritable, "cannot write \(path)")
      let number = file.write(bytes)
      guard number == 0 else { throw .system(.unwritable, "cannot write \(path)", number) }
      guard rename(temporary, path) == 0 else {
        throw .system(.unwritable, "cannot write \(path)")
      }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Reads a blob and checks that its bytes are those its name promises.
  public func read(_ digest: String, as kind: Kind = .png) throws(RecordingError) -> [UInt8] {
    let file = try open(digest, kind)
    let bytes = try file.readAll(named: "the blob \(digest)", limit: Self.limit)
    guard SHA256(of: bytes).description == digest else {
      throw RecordingError(
        .mismatch, "the blob \(digest) was changed: its bytes have another SHA-256")
    }
    return bytes
  }

  /// Whether a blob is there; its bytes are not looked at.
  public func contains(_ digest: String, as kind: Kind = .png) -> Bool {
    do {
      return try open(digest, kind).regularSize != nil
    } catch {
      return false
    }
  }

  /// Whether a blob of any kind is there.
  func containsAny(_ digest: String) -> Bool {
    Kind.allCases.contains { contains(digest, as: $0) }
  }

  /// Opens a blob one folder at a time, so that no link in the recording leads out of it.
  private func open(_ digest: String, _ kind: Kind) throws(RecordingError) -> Descriptor {
    guard SHA256.isDigest(digest) else {
      throw RecordingError(
        .malformed, "“\(digest.prefix(80))” is no blob: a blob is named by 64 hexadecimal digits")
    }
    let message = "cannot read the blob \(digest)"
    let folderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
    let root = try Descriptor(path, folderFlags, failure: .unreadable, message)
    let folder = try Descriptor(
      String(digest.prefix(2)), in: root.number, folderFlags, failure: .unreadable, message)
    return try Descriptor(
      "\(digest).\(kind.rawValue)", in: folder.number, O_RDONLY | O_NOFOLLOW | O_NONBLOCK,
      failure: .unreadable, message)
  }
}
