internal import CPCRE2

/// A regular expression from outside, in the syntax of PCRE2, that always ends.
///
/// A pattern sees text as Unicode: `.` is one code point, and `\w` and `\d` know all alphabets. It is
/// compiled once, when it is made. Any number of threads may match with one pattern at once.
public struct Pattern: Sendable, Hashable, CustomStringConvertible {
  /// The longest source, in bytes of UTF-8.
  static let longestSource = 1_000
  /// The longest text that is searched, in bytes of UTF-8.
  public static let longestText = 1 << 20

  /// The expression as it was written.
  public let source: String
  private let compiled: CompiledPattern

  /// Compiles a pattern.
  ///
  /// - Throws: `PatternError` when it is too long or no pattern.
  public init(_ source: String) throws(PatternError) {
    guard source.utf8.count <= Self.longestSource else {
      throw PatternError(
        .tooLong,
        "the pattern has \(source.utf8.count) bytes; at most \(Self.longestSource) are allowed")
    }
    self.source = source
    compiled = try CompiledPattern(source)
  }

  /// The first match in a text, or nil when there is none.
  ///
  /// - Throws: `PatternError` when the text is too long or the search would take too long.
  public func firstMatch(in text: String) throws(PatternError) -> PatternMatch? {
    try compiled.firstMatch(in: text, from: 0)
  }

  /// The matches in a text that do not overlap, from its start; at most `limit` of them.
  ///
  /// All searches together may take a second.
  ///
  /// - Throws: `PatternError` when the text is too long or a search would take too long.
  public func matches(in text: String, limit: Int = 1_000) throws(PatternError) -> [PatternMatch] {
    var found: [PatternMatch] = []
    var offset = 0
    let end = ContinuousClock.now + .seconds(1)
    while found.count < limit, offset <= text.utf8.count,
      let match = try compiled.firstMatch(in: text, from: offset)
    {
      guard ContinuousClock.now < end else {
        throw PatternError(.limit, "the searches took too long")
      }
      found.append(match)
      offset = next(after: match, in: text)
    }
    return found
  }

  /// An empty match is followed by a step of one code point, or the search would stand still.
  private func next(after match: PatternMatch, in text: String) -> Int {
    let end = match.range.upperBound
    let offset = text.utf8.distance(from: text.startIndex, to: end)
    guard match.range.isEmpty else { return offset }
    guard end < text.endIndex else { return offset + 1 }
    return offset + UTF8.width(text.unicodeScalars[end])
  }

  /// The source.
  public var description: String { source }

  /// Equal when the sources are the same bytes.
  public static func == (left: Pattern, right: Pattern) -> Bool {
    left.source.utf8.elementsEqual(right.source.utf8)
  }

  /// Hashes the source.
  public func hash(into hasher: inout Hasher) { hasher.combine(source) }
}

/// What a pattern found.
public struct PatternMatch: Hashable, Sendable {
  /// The whole of it.
  public let text: String
  /// What each group took, from the first on; nil where a group took no part.
  public let groups: [String?]
  /// Where it stands in the text that was searched.
  public let range: Range<String.Index>
}

/// Why a pattern cannot be used, or a search did not end.
public struct PatternError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of failure.
  public enum Code: Hashable, Sendable {
    /// The source is longer than `Pattern.longestSource`.
    case tooLong
    /// The source is no pattern; `offset` says where.
    case syntax
    /// The text is longer than `Pattern.longestText`.
    case textTooLong
    /// The search took more steps or memory than one search may.
    case limit
    /// PCRE2 failed in another way.
    case failed
  }

  /// The kind.
  public let code: Code
  /// What is wrong and with what.
  public let message: String
  /// For a syntax error, the offset in the source, in bytes.
  public let offset: Int?

  init(_ code: Code, _ message: String, offset: Int? = nil) {
    self.code = code
    self.message = message
    self.offset = offset
  }

  /// The message.
  public var description: String { message }
}
