import Configuration
import Diagnostics
import FoundationEssentials
import Testing

/// The top of the repository.
let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path()

func document(_ name: String) throws -> String {
  try String(contentsOfFile: repository + name, encoding: .utf8)
}

/// Whether a file of the repository is this text; with `UPDATE_FILES=1` it is written first.
func isUpToDate(_ name: String, _ text: String) throws -> Bool {
  if ProcessInfo.processInfo.environment["UPDATE_FILES"] == "1" {
    try Data(text.utf8).write(to: URL(filePath: repository + name))
  }
  return try document(name) == text
}

/// A folder with files, gone at the end.
final class Folder {
  let path: String

  init(_ files: [String: String] = [:]) throws {
    let base = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
    path = base.appending(path: "qa-configuration-\(UUID())").path()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, text) in files {
      let url = URL(filePath: path).appending(path: name)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func load(
    from directory: String = "", file: String? = nil, profile: String? = nil,
    environment: [String: String] = [:], flags: [(String, String, String)] = []
  ) -> (configuration: Configuration, diagnostics: [Diagnostic]) {
    ConfigurationLoader(
      directory: directory.isEmpty ? path : "\(path)/\(directory)",
      file: file.map { "\(path)/\($0)" }, profile: profile, environment: environment,
      overrides: flags.map { ConfigurationLoader.Override(key: $0.0, text: $0.1, flag: $0.2) }
    ).load()
  }
}

/// What a file of just this text configures.
func load(
  _ text: String, profile: String? = nil, environment: [String: String] = [:]
) throws -> (configuration: Configuration, diagnostics: [Diagnostic]) {
  try Folder(["qa-agent.yaml": text]).load(profile: profile, environment: environment)
}
