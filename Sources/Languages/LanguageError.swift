/// What is wrong with a language file, and where.
public struct LanguageError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file.
  public let file: String
  /// The line, from 1; nil when it is about the whole file.
  public let line: Int?
  /// What is wrong and what to do.
  public let message: String

  /// `de.language:12: …`.
  public var description: String { "\(file)\(line.map { ":\($0)" } ?? ""): \(message)" }
}
