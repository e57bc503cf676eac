internal import Platform

/// A folder with files, gone at the end.
public final class TestFolder: Sendable {
  private let folder: TemporaryFolder

  /// A folder with these texts in files, by their paths in it.
  public init(_ files: [String: String] = [:]) throws {
    folder = try TemporaryFolder(prefix: "qa-test")
    for (name, text) in files { try write(text, to: name) }
  }

  /// Where it is.
  public var path: String { folder.path }

  /// The path of a file in it.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file, and the folders that it lies in; its path.
  @discardableResult
  public func write(_ text: String, to name: String) throws -> String {
    try Files.makeFolder(of: file(name))
    try Files.writeAtomically(Array(text.utf8), to: file(name))
    return file(name)
  }
}
