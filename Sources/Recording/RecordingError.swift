internal import Glibc

/// Why something of a recording could not be written or read.
public struct RecordingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds.
  public enum Code: String, Hashable, Sendable, CaseIterable {
    /// A file or folder could not be written.
    case unwritable
    /// A file or folder could not be read.
    case unreadable
    /// It is not there.
    case missing
    /// Somebody else is writing it.
    case busy
    /// It is not what its format says.
    case malformed
    /// A newer version wrote it.
    case tooNew
    /// It is bigger than this program reads.
    case tooLarge
    /// Its bytes are not those its name promises.
    case mismatch
    /// Several things fit.
    case ambiguous
  }

  /// The kind.
  public let code: Code
  /// What, why, and what to do: one or two sentences for the user.
  public let message: String

  /// An error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }

  /// An error whose message ends with what the system says of `number`.
  static func system(_ code: Code, _ message: String, _ number: CInt = errno) -> RecordingError {
    RecordingError(
      number == ENOENT && code == .unreadable ? .missing : code,
      "\(message): \(String(cString: strerror(number)))")
  }
}
