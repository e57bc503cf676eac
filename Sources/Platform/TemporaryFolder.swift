internal import CSystem
internal import Glibc

/// A folder that only this user may enter, for as long as its owner lives.
///
/// It is locked while it is in use, so that a later run can tell a folder that is needed from one
/// whose owner was killed, and remove the latter.
public final class TemporaryFolder: Sendable {
  /// Where it is: an absolute path without symbolic surprises of ours.
  public let path: String
  private let lock: Locked<CInt>

  /// Makes a folder named `prefix-…` in `TMPDIR`, or in `/tmp` when that is not set or its path is so
  /// long that the path of a unix socket inside would not fit the 108 bytes the kernel gives it.
  public init(prefix: String) throws(FileError) {
    var template = Array("\(Self.parent)/\(prefix)-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw .failed(operation: "create", path: "\(Self.parent)/\(prefix)-…", .last)
    }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    let descriptor = qa_lock_directory(path)
    guard descriptor >= 0 else {
      throw .failed(operation: "lock", path: path, SystemError(code: -descriptor))
    }
    lock = Locked(descriptor)
  }

  deinit { remove() }

  /// Removes the folder and everything in it; later calls do nothing.
  public func remove() {
    let descriptor = lock.withLock { descriptor in
      defer { descriptor = -1 }
      return descriptor
    }
    guard descriptor >= 0 else { return }
    qa_remove_tree(path)
    close(descriptor)
  }

  /// Removes the folders with this prefix that a killed process left behind; how many they were.
  ///
  /// One that has just been made may not be locked yet, so younger ones than `age` stay.
  @discardableResult
  public static func removeAbandoned(prefix: String, age: Duration = .seconds(60)) -> Int {
    guard let folder = opendir(parent) else { return 0 }
    defer { closedir(folder) }
    var removed = 0
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasPrefix("\(prefix)-"), isAbandoned("\(parent)/\(name)", age) {
        removed += qa_remove_tree("\(parent)/\(name)") == 0 ? 1 : 0
      }
    }
    return removed
  }

  private static func isAbandoned(_ path: String, _ age: Duration) -> Bool {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_uid == getuid() else { return false }
    guard Duration.seconds(time(nil) - status.st_ctim.tv_sec) >= age else { return false }
    let descriptor = qa_lock_directory(path)
    guard descriptor >= 0 else { return false }
    close(descriptor)
    return true
  }

  private static var parent: String {
    guard let path = ProcessEnvironment.current["TMPDIR"], path.hasPrefix("/"),
      path.utf8.count <= 64
    else { return "/tmp" }
    return path
  }
}
