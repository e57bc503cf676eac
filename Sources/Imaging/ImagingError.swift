/// Why a picture could not be made or read.
public struct ImagingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds.
  public enum Code: String, Hashable, Sendable, CaseIterable {
    /// The bytes are no PNG, or a damaged one.
    case malformed
    /// The picture is larger than was allowed.
    case tooLarge
    /// The picture has too little detail to be found.
    case featureless
    /// The encoder gave up.
    case encoder
  }

  /// The kind.
  public let code: Code
  /// What happened, with the value at fault.
  public let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
