internal import CSystem
internal import Glibc

/// Why a file could not be read or written.
public enum FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kernel refused `operation` ("read", "write", …) on `path`.
  case failed(operation: String, path: String, SystemError)
  /// The file at `path` holds more than `limit` bytes.
  case tooLarge(path: String, limit: Int)

  /// One sentence for a person.
  public var description: String {
    switch self {
    case .failed(let operation, let path, let reason): "cannot \(operation) \(path): \(reason)"
    case .tooLarge(let path, let limit): "\(path) is larger than the \(limit) bytes allowed for it"
    }
  }
}

/// Reads and writes whole files, blocking for as long as the disk takes.
public enum Files {
  /// The bytes of a file of at most `limit` bytes; a pipe or a device is read to its end the same way.
  public static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    let descriptor = qa_open_read(path)
    guard descriptor >= 0 else { throw failure("read", path, -descriptor) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    while true {
      let (chunk, code) = readChunk(descriptor, upTo: min(1 << 18, limit - bytes.count + 1))
      guard code == 0 else { throw failure("read", path, code) }
      guard !chunk.isEmpty else { return bytes }
      bytes += chunk
      guard bytes.count <= limit else { throw .tooLarge(path: path, limit: limit) }
    }
  }

  /// Puts a file in place in one step; `mode` is subject to the umask.
  ///
  /// Whoever opens `path` sees the old bytes or all of the new ones, also after a power cut.
  public static func writeAtomically(
    _ bytes: [UInt8], to path: String, mode: UInt32 = 0o666
  ) throws(FileError) {
    let folder = folder(of: path)
    let temporary = "\(path).\(String(UInt64.random(in: .min ... .max), radix: 36)).tmp"
    let descriptor = qa_open_new(temporary, mode)
    guard descriptor >= 0 else { throw failure("create", temporary, -descriptor) }
    var code = writeAll(bytes[...], to: descriptor)
    if code == 0, fsync(descriptor) != 0 { code = errno }
    if close(descriptor) != 0, code == 0 { code = errno }
    if code == 0, rename(temporary, path) != 0 { code = errno }
    if code == 0 { code = synchronize(folder) }
    guard code == 0 else {
      unlink(temporary)
      throw failure("write", path, code)
    }
  }

  /// One read of at most `count` bytes; no bytes at the end, and an errno value when it failed.
  static func readChunk(_ descriptor: CInt, upTo count: Int) -> (bytes: [UInt8], code: CInt) {
    var code: CInt = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: max(count, 1)) { buffer, used in
      var length = -1
      repeat {
        length = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      } while length < 0
        && errno == EINTR
      if length < 0 { code = errno }
      used = max(length, 0)
    }
    return (bytes, code)
  }

  /// Writes all of it, waiting as needed; 0 or an errno value.
  static func writeAll(_ bytes: ArraySlice<UInt8>, to descriptor: CInt) -> CInt {
    bytes.withUnsafeBytes { buffer in
      var offset = 0
      while offset < buffer.count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[offset...])
        let length = write(descriptor, rest.baseAddress, rest.count)
        if length < 0, errno != EINTR { return errno }
        offset += max(length, 0)
      }
      return 0
    }
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func synchronize(_ folder: String) -> CInt {
    let descriptor = qa_open_read(folder)
    guard descriptor >= 0 else { return -descriptor }
    defer { close(descriptor) }
    // Some file systems cannot do this for a folder; the file itself is safe by then.
    return fsync(descriptor) == 0 || errno == EINVAL ? 0 : errno
  }

  private static func failure(_ operation: String, _ path: String, _ code: CInt) -> FileError {
    .failed(operation: operation, path: path, SystemError(code: code))
  }
}
