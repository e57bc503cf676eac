internal import Glibc

/// Files that are either whole or not there.
public enum AtomicFile {
  /// Writes the bytes to a file beside `path`, brings them to the disk and renames the file to `path`.
  ///
  /// Blocks; a reader sees the old file or the new one, never a part.
  public static func write(_ bytes: [UInt8], to path: String) throws(RecordingError) {
    let temporary = "\(path).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).tmp"
    do throws(RecordingError) {
      let file = try Descriptor(
        temporary, O_WRONLY | O_CREAT | O_EXCL, failure: .unwritable, "cannot write \(path)")
      let number = file.write(bytes)
      guard number == 0 else { throw .system(.unwritable, "cannot write \(path)", number) }
      guard fsync(file.number) == 0, rename(temporary, path) == 0 else {
        throw .system(.unwritable, "cannot write \(path)")
      }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Makes a folder and those above it; one that is there is fine.
  public static func makeFolder(_ path: String) throws(RecordingError) {
    if mkdir(path, 0o755) == 0 { return }
    if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try makeFolder(String(path[..<slash]))
      if mkdir(path, 0o755) == 0 { return }
    }
    let number = errno
    var status = stat()
    let isThere = number == EEXIST && stat(path, &status) == 0
    if isThere, status.st_mode & S_IFMT == S_IFDIR { return }
    throw .system(
      .unwritable, "cannot make the folder \(path)", isThere ? ENOTDIR : number)
  }

  /// Reads a regular file of at most `limit` bytes.
  ///
  /// Blocks; follows no symbolic link.
  public static func read(_ path: String, limit: Int) throws(RecordingError) -> [UInt8] {
    let file = try Descriptor(
      path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, failure: .unreadable, "cannot read \(path)")
    return try read(file, named: path, limit: limit)
  }

  /// Reads all of an open regular file.
  static func read(
    _ file: borrowing Descriptor, named path: String, limit: Int
  ) throws(RecordingError) -> [UInt8] {
    guard let size = file.regularSize else {
      throw RecordingError(.malformed, "\(path) is not a regular file")
    }
    guard size <= limit else {
      throw RecordingError(.tooLarge, "\(path) has \(size) bytes; at most \(limit) are read")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    while bytes.count <= limit {
      guard let part = file.read(upTo: 1 << 18) else {
        throw .system(.unreadable, "cannot read \(path)")
      }
      if part.isEmpty { return bytes }
      bytes += part
    }
    throw RecordingError(.tooLarge, "\(path) grew beyond \(limit) bytes while it was read")
  }
}
