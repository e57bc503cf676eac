internal import Glibc

/// A folder that no path leads out of: neither by `..` nor by a link.
///
/// It reads and writes whole files, blocking for as long as the disk takes.
public struct ConfinedFolder: Sendable {
  /// What a path leads to.
  public enum Place: Hashable, Sendable {
    /// A regular file, by its absolute path without links.
    case file(String)
    /// Something else, such as a folder or a pipe.
    case other
    /// Nothing.
    case missing
    /// Out of the folder, by a link.
    case outside
  }

  /// The folder.
  public let path: String

  /// A folder that is there.
  public init(_ path: String) { self.path = path }

  /// Whether a path can be one below a folder: relative, and without `..`.
  public static func isPath(_ relative: String) -> Bool {
    let parts = relative.split(separator: "/", omittingEmptySubsequences: false)
    return !relative.isEmpty && relative.utf8.count <= 1000 && !relative.utf8.contains(0)
      && relative.first != "~"
      && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && $0.utf8.count <= 255 }
  }

  /// What a path below the folder leads to.
  public func find(_ relative: String) -> Place {
    guard Self.isPath(relative), let root = Self.real(path) else { return .outside }
    var place = root
    for part in relative.split(separator: "/") {
      place += "/" + part
      // What a link names counts, also one that leads nowhere.
      guard let real = Self.real(place) else { return Self.isLink(place) ? .outside : .missing }
      guard real == root || real.hasPrefix(root + "/") else { return .outside }
      place = real
    }
    return Self.isRegular(place) ? .file(place) : .other
  }

  /// Writes a file, with all folders above it that are missing; its absolute path.
  ///
  /// - Parameters:
  ///   - append: whether it is written behind what is there.
  ///   - mode: the permissions of a new file, subject to the umask.
  @discardableResult
  public func write(
    _ bytes: [UInt8], to relative: String, append: Bool = false, mode: UInt32 = 0o666
  ) throws(FileError) -> String {
    let descriptor = try open(relative, append: append, mode: mode)
    defer { close(descriptor) }
    let code = Files.writeAll(bytes[...], to: descriptor)
    guard code == 0 else { throw failure("write", relative, code) }
    return (Self.real(path) ?? path) + "/" + relative
  }

  /// Opens a file from folder to folder, so that no link is followed, also one that appears meanwhile.
  private func open(_ relative: String, append: Bool, mode: UInt32) throws(FileError) -> CInt {
    guard Self.isPath(relative) else { throw failure("write", relative, EPERM) }
    let parts = relative.split(separator: "/").map(String.init)
    var folder = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw failure("open the folder of", relative, errno) }
    defer { close(folder) }
    for part in parts.dropLast() {
      if mkdirat(folder, part, 0o777) != 0, errno != EEXIST {
        throw failure("create the folder of", relative, errno)
      }
      let next = openat(folder, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard next >= 0 else { throw failure("open the folder of", relative, errno) }
      close(folder)
      folder = next
    }
    let flags =
      O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | (append ? O_APPEND : O_TRUNC)
    let descriptor = openat(folder, parts.last ?? "", flags, mode)
    guard descriptor >= 0 else { throw failure("write", relative, errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw failure("write", relative, EINVAL)
    }
    return descriptor
  }

  private func failure(_ operation: String, _ relative: String, _ code: CInt) -> FileError {
    .failed(operation: operation, path: relative, SystemError(code: code))
  }

  private static func real(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  private static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}
