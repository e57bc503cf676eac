import Glibc
import Testing

/// A folder that is removed when the test ends.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    let template = Array("/tmp/qa-reports-XXXXXX".utf8CString)
    let made = template.withUnsafeBufferPointer { buffer -> String? in
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: buffer.count)
      defer { copy.deallocate() }
      for (index, byte) in buffer.enumerated() { copy[index] = byte }
      return mkdtemp(copy).map { String(cString: $0) }
    }
    path = try #require(made)
  }

  deinit { Self.remove(path) }

  static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR, let folder = opendir(path) else {
      unlink(path)
      return
    }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    closedir(folder)
    for name in names where name != "." && name != ".." { remove("\(path)/\(name)") }
    rmdir(path)
  }
}
