internal import CSystem
internal import Glibc

extension Files {
  /// Whether something is there that we may see.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Deletes a file.
  public static func remove(_ path: String) throws(FileError) {
    guard unlink(path) == 0 else { throw .failed(operation: "delete", path: path, .last) }
  }

  /// Deletes a folder with all that is in it, and follows no link; whether all of it is gone.
  public static func removeTree(_ path: String) -> Bool { qa_remove_tree(path) == 0 }

  /// Makes the folder that a file will stand in, with all above it that are missing.
  public static func makeFolder(of path: String) throws(FileError) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    try makeFolder(parts.joined(separator: "/"))
  }

  /// Makes a folder, with all above it that are missing.
  public static func makeFolder(_ path: String) throws(FileError) {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      made += "/" + part
      guard mkdir(made, 0o777) != 0, errno != EEXIST, errno != EROFS || access(made, F_OK) != 0
      else { continue }
      throw .failed(operation: "create the folder", path: made, .last)
    }
  }
}
