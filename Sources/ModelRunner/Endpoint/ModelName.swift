/// A model's name as a user writes it, comparable with the names a model runner lists.
public struct ModelName: Hashable, Sendable, CustomStringConvertible {
  /// The name as it was written.
  public let text: String
  /// The name in full: organisation, lower-case repository, tag; an id or digest stays what it is.
  public let canonical: String

  /// A name; nil when it is empty, longer than 512 bytes or has a space or control character in it.
  public init?(_ text: String) {
    let trimmed = text.trimmedSpaces
    guard !trimmed.isEmpty, trimmed.utf8.count <= 512,
      !trimmed.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F })
    else { return nil }
    self.text = trimmed
    canonical = Self.canonical(trimmed)
  }

  /// Two names are equal when they mean the same model.
  public static func == (left: ModelName, right: ModelName) -> Bool {
    left.canonical == right.canonical
  }

  /// Hashes what equality compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(canonical) }

  /// The name as it was written.
  public var description: String { text }

  /// The rules of Docker Model Runner's `normalizeModelName`, and the registry's prefix taken off.
  private static func canonical(_ name: String) -> String {
    var rest = name[...]
    for prefix in ["docker.io/", "index.docker.io/"] where rest.hasPrefix(prefix) {
      rest = rest.dropFirst(prefix.count)
    }
    if isIdentifier(rest) { return rest.lowercased() }
    var path = rest
    var tag: Substring = "latest"
    if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
      path = rest[..<colon]
      tag = rest[rest.index(after: colon)...]
    }
    var repository = path.lowercased()
    if repository.hasPrefix("hf.co/") { repository = "huggingface.co/" + repository.dropFirst(6) }
    if !repository.contains("/") { repository = "ai/" + repository }
    return "\(repository):\(tag.isEmpty ? "latest" : tag)"
  }

  private static func isIdentifier(_ name: Substring) -> Bool {
    let hex = name.hasPrefix("sha256:") ? name.dropFirst(7) : name
    return (hex.utf8.count == 64 || hex.utf8.count == 12 && hex.contains(where: \.isNumber))
      && hex.allSatisfy { $0.isASCII && $0.isHexDigit }
  }
}
