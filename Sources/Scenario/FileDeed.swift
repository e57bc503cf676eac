/// What is done with a file in the case's own folder; paths are relative to it.
public enum FileDeed: Hashable, Codable, Sendable {
  /// It holds this text, and nothing else.
  case write(path: Template, text: Template)
  /// It holds this text behind what it held.
  case append(path: Template, text: Template)
  /// It holds what a file of the project holds, by its path under the project root.
  case copy(source: String, path: Template)

  /// The path of the file.
  public var path: Template {
    switch self {
    case .write(let path, _), .append(let path, _), .copy(_, let path): path
    }
  }

  /// The deed in words.
  public var words: Template {
    switch self {
    case .write(let path, _): Template([.literal("write the file ")] + path.segments)
    case .append(let path, _): Template([.literal("append to the file ")] + path.segments)
    case .copy(let source, let path):
      Template([.literal("copy \(source) to the file ")] + path.segments)
    }
  }
}

extension Check {
  /// What is to be true of a file; without anything else, that it is there.
  public struct FileCheck: Hashable, Codable, Sendable {
    /// Its path in the case's own folder, or under the project root.
    public var path: Template
    /// Whether it is looked for in the project; nil is no.
    public var isInProject: Bool?
    /// Whether it is there; nil is yes.
    public var exists: Bool?
    /// A text that is in it.
    public var text: Template?
    /// Its whole text, without its last line break.
    public var equals: Template?
    /// A pattern that its text matches.
    public var matches: String?
    /// A text that is not in it.
    public var never: Template?
    /// The SHA-256 of its bytes: 64 hexadecimal digits.
    public var sha256: String?

    /// A check of a file.
    public init(
      path: Template, isInProject: Bool? = nil, exists: Bool? = nil, text: Template? = nil,
      equals: Template? = nil, matches: String? = nil, never: Template? = nil,
      sha256: String? = nil
    ) {
      self.path = path
      self.isInProject = isInProject
      self.exists = exists
      self.text = text
      self.equals = equals
      self.matches = matches
      self.never = never
      self.sha256 = sha256
    }
  }
}
