internal import Glibc

/// An open file; it is closed when the value dies.
struct Descriptor: ~Copyable {
  let number: CInt

  /// Opens a path, or a name inside an open folder.
  init(
    _ path: String, in folder: CInt = AT_FDCWD, _ flags: CInt, mode: mode_t = 0o644,
    failure: RecordingError.Code, _ message: @autoclosure () -> String
  ) throws(RecordingError) {
    var number: CInt
    repeat {
      number = openat(folder, path, flags | O_CLOEXEC, mode)
    } while number < 0 && errno == EINTR
    guard number >= 0 else { throw .system(failure, message()) }
    self.number = number
  }

  deinit { close(number) }

  /// The size of the regular file; nil when it is anything else.
  var regularSize: Int? {
    var status = stat()
    guard fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// Writes all the bytes; a regular file takes them in one call.
  func write(_ bytes: [UInt8]) -> CInt {
    var offset = 0
    while offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return count == 0 ? ENOSPC : errno }
      offset += count
    }
    return 0
  }

  /// Reads up to so many bytes; nil when the system refuses, empty at the end.
  func read(upTo limit: Int) -> [UInt8]? {
    var count = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
      repeat {
        count = Glibc.read(number, buffer.baseAddress, limit)
      } while count < 0 && errno == EINTR
      filled = max(0, count)
    }
    return count < 0 ? nil : bytes
  }

  /// Reads all of a regular file of at most `limit` bytes; `name` is what messages call it.
  borrowing func readAll(named name: String, limit: Int) throws(RecordingError) -> [UInt8] {
    guard let size = regularSize else {
      throw RecordingError(.malformed, "\(name) is not a regular file")
    }
    guard size <= limit else {
      throw RecordingError(.tooLarge, "\(name) has \(size) bytes; at most \(limit) are read")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    while bytes.count <= limit {
      guard let part = read(upTo: 1 << 18) else {
        throw .system(.unreadable, "cannot read \(name)")
      }
      if part.isEmpty { return bytes }
      bytes += part
    }
    throw RecordingError(.tooLarge, "\(name) grew beyond \(limit) bytes while it was read")
  }
}
