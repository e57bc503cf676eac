internal import Glibc

/// The few questions about files that loading asks.
enum FileSystem {
  enum Kind { case file, folder, other }

  /// What is at a path, links followed; nil when there is nothing.
  static func kind(of path: String) -> Kind? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// Whether the path itself is a symbolic link.
  static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// The absolute path without links; nil when there is nothing.
  static func realPath(_ path: String) -> String? {
    guard !path.utf8.contains(0), let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// What a folder lists.
  struct Entry {
    /// The name; of one that is no UTF-8, its bytes with `\xFF` for those that are no ASCII.
    let name: String
    /// Whether the name is UTF-8: else nothing can be opened by it.
    let isText: Bool
    /// Whether it is a folder itself, no link to one.
    let isFolder: Bool
  }

  /// What is in a folder, sorted by its bytes; nil when it cannot be read.
  static func entries(of folder: String) -> [Entry]? {
    guard let handle = opendir(folder) else { return nil }
    defer { closedir(handle) }
    var entries: [Entry] = []
    while let entry = readdir(handle) {
      let isFolder = entry.pointee.d_type == UInt8(DT_DIR)
      let found = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { bytes in
          let text = String(validatingCString: bytes)
          return Entry(
            name: text ?? shown(UnsafeBufferPointer(start: bytes, count: strlen(bytes))),
            isText: text != nil, isFolder: isFolder)
        }
      }
      if found.name != ".", found.name != ".." { entries.append(found) }
    }
    return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// Bytes that are no UTF-8, so that two names stay two.
  private static func shown(_ bytes: UnsafeBufferPointer<CChar>) -> String {
    bytes.reduce(into: "") { text, byte in
      let byte = UInt8(bitPattern: byte)
      text +=
        (0x20..<0x7F).contains(byte)
        ? String(UnicodeScalar(byte)) : "\\x" + String(byte, radix: 16, uppercase: true)
    }
  }

  /// The names in a folder, sorted by their bytes; nil when it cannot be read.
  static func names(in folder: String) -> [String]? { entries(of: folder)?.map(\.name) }

  /// The folder of an absolute path.
  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
    return String(path[..<slash])
  }

  /// A name in a folder.
  static func join(_ folder: String, _ name: String) -> String {
    folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// Whether an absolute path is the folder or inside it.
  static func isPath(_ path: String, in folder: String) -> Bool {
    path == folder || path.hasPrefix(folder.hasSuffix("/") ? folder : folder + "/")
  }

  /// The part of an absolute path behind a folder that holds it.
  static func path(_ path: String, relativeTo folder: String) -> String {
    guard isPath(path, in: folder), path != folder else { return path }
    return String(path.dropFirst(folder.count).drop { $0 == "/" })
  }
}

extension FileSystem {
  /// The folder of a path as written; `.` for a bare name.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last part of a path.
  static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }
}
