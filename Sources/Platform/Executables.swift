internal import CSystem
internal import Glibc

/// The environment variables of a process.
public enum ProcessEnvironment {
  /// What this process was started with; of a name given twice the first counts, as with `getenv`.
  public static var current: [String: String] {
    var variables: [String: String] = [:]
    guard var entry = qa_environment() else { return variables }
    while let text = entry.pointee {
      let line = String(cString: text)
      if let equals = line.utf8.firstIndex(of: UInt8(ascii: "=")) {
        let name = String(line[..<equals])
        if variables[name] == nil {
          variables[name] = String(line[line.utf8.index(after: equals)...])
        }
      }
      entry += 1
    }
    return variables
  }
}

/// Finding programs.
public enum Executables {
  /// What is searched when there is no `PATH`.
  public static let defaultPath = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"

  /// The file that a shell would run for `name`; a name with a slash is looked at where it is.
  ///
  /// `path` lists folders between colons; nil means this process's own `PATH`.
  public static func find(_ name: String, path: String? = nil) -> String? {
    guard !name.isEmpty, !name.utf8.contains(0) else { return nil }
    if name.utf8.contains(UInt8(ascii: "/")) { return isExecutable(name) ? name : nil }
    let folders = path ?? ProcessEnvironment.current["PATH"] ?? defaultPath
    return folders.split(separator: ":", omittingEmptySubsequences: true)
      .map { "\($0)/\(name)" }
      .first(where: isExecutable)
  }

  private static func isExecutable(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    return access(path, X_OK) == 0
  }
}
