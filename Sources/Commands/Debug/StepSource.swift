internal import Platform
internal import Scenario

/// The text of a step as it stands in its file.
enum StepSource {
  /// The lines of the step at a place, without the indentation; nil where they cannot be read.
  static func text(at location: SourceLocation) -> String? {
    guard let bytes = try? Files.read(location.file, limit: 4 << 20) else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(location.line - 1) else { return nil }
    let first = lines[location.line - 1]
    let indent = first.prefix { $0 == " " }.count
    guard first.dropFirst(indent).hasPrefix("-") else { return nil }
    let rest = lines[location.line...].prefix { line in
      line.prefix { $0 == " " }.count > indent && line.contains { $0 != " " }
    }
    return ([first] + rest).map { String($0.dropFirst(indent)) }.joined(separator: "\n") + "\n"
  }
}
