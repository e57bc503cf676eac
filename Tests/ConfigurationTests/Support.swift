import Configuration
import Diagnostics
import FoundationEssentials
import Props
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

extension TestFolder {
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
  try TestFolder(["qa-agent.yaml": text]).load(profile: profile, environment: environment)
}
