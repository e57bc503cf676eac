/// Why the screen could not be read.
public struct PerceptionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds.
  public enum Code: String, Hashable, Sendable, CaseIterable {
    /// The recogniser's data for a language is not on this machine.
    case languageMissing
    /// The recogniser could not be started.
    case unavailable
    /// The region asked for is not on the frame.
    case outside
    /// The task was cancelled.
    case cancelled
    /// The time allowed was over.
    case deadline
  }

  /// The kind.
  public let code: Code
  /// What happened, and what to do when that is known.
  public let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
