internal import Glibc

extension SourceText {
  /// Reads a regular file.
  ///
  /// The bytes are read once, never more than `largestSize`; a pipe or a device is refused unread.
  ///
  /// - Parameters:
  ///   - path: where the file is.
  ///   - file: the name for diagnostics; nil means the path.
  /// - Throws: a diagnostic that says why the file cannot be read.
  public static func read(_ path: String, as file: String? = nil) throws(Diagnostic) -> SourceText {
    let name = file ?? path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw unreadable(name, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(name, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw Diagnostic(file: name, message: "not a regular file")
    }
    return try SourceText(file: name, bytes: content(of: descriptor, named: name))
  }

  private static func content(
    of descriptor: CInt, named name: String
  ) throws(Diagnostic) -> ArraySlice<UInt8> {
    var buffer = [UInt8](repeating: 0, count: largestSize + 1)
    var filled = 0
    while filled < buffer.count {
      let count = buffer.withUnsafeMutableBytes { bytes in
        Glibc.read(descriptor, bytes.baseAddress?.advanced(by: filled), bytes.count - filled)
      }
      if count == 0 { break }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw unreadable(name, errno) }
      filled += count
    }
    return buffer[..<filled]
  }

  private static func unreadable(_ name: String, _ code: CInt) -> Diagnostic {
    switch code {
    case ENOENT, ENOTDIR: Diagnostic(code: .noSuchPath, file: name, message: "no such file")
    case EACCES, EPERM: Diagnostic(file: name, message: "no permission to read the file")
    case EISDIR: Diagnostic(file: name, message: "not a regular file")
    case ELOOP: Diagnostic(file: name, message: "too many symbolic links")
    default: Diagnostic(file: name, message: "the file cannot be read (error \(code))")
    }
  }
}
