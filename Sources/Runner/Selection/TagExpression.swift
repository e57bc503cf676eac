/// Which tags a case must have: `smoke and not (slow or web)`.
public struct TagExpression: Hashable, Sendable {
  /// What is wrong with an expression.
  public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong and where.
    public let description: String
  }

  private indirect enum Node: Hashable, Sendable {
    case tag(String)
    case not(Node)
    case and(Node, Node)
    case or(Node, Node)
  }

  private let root: Node

  /// Reads an expression of tags, `and`, `or`, `not` and parentheses; `and` binds tighter than `or`.
  ///
  /// A tag may be written with or without a leading `@`.
  public init(parsing text: String) throws(Problem) {
    var parser = Parser(words: Self.words(of: text), text: text)
    root = try parser.whole()
  }

  /// Whether a case with these tags is selected.
  func matches(_ tags: [String]) -> Bool { Self.matches(root, Set(tags)) }

  private static func matches(_ node: Node, _ tags: Set<String>) -> Bool {
    switch node {
    case .tag(let tag): tags.contains(tag)
    case .not(let inner): !matches(inner, tags)
    case .and(let left, let right): matches(left, tags) && matches(right, tags)
    case .or(let left, let right): matches(left, tags) || matches(right, tags)
    }
  }

  private static func words(of text: String) -> [String] {
    var words: [String] = []
    var word = ""
    for character in text {
      if character == "(" || character == ")" || character.isWhitespace {
        if !word.isEmpty { words.append(word) }
        word = ""
        if !character.isWhitespace { words.append(String(character)) }
      } else {
        word.append(character)
      }
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  private struct Parser {
    let words: [String]
    let text: String
    var position = 0
    var depth = 0

    init(words: [String], text: String) {
      self.words = words
      self.text = text
    }

    private var current: String? { position < words.count ? words[position] : nil }

    private func problem(_ message: String) -> Problem {
      Problem(description: "the tag expression “\(text)” \(message)")
    }

    mutating func whole() throws(Problem) -> Node {
      let node = try either()
      if let word = current {
        throw problem("has “\(word)” where `and`, `or` or the end is expected")
      }
      return node
    }

    private mutating func either() throws(Problem) -> Node {
      var node = try both()
      while current == "or" {
        position += 1
        node = .or(node, try both())
      }
      return node
    }

    private mutating func both() throws(Problem) -> Node {
      var node = try one()
      while current == "and" {
        position += 1
        node = .and(node, try one())
      }
      return node
    }

    private mutating func one() throws(Problem) -> Node {
      depth += 1
      defer { depth -= 1 }
      guard depth <= 64 else { throw problem("is nested too deep") }
      guard let word = current else { throw problem("ends where a tag is expected") }
      position += 1
      switch word {
      case "not": return .not(try one())
      case "(":
        let node = try either()
        guard current == ")" else { throw problem("lacks a closing parenthesis") }
        position += 1
        return node
      case ")", "and", "or": throw problem("has “\(word)” where a tag is expected")
      default: return .tag(word.hasPrefix("@") ? String(word.dropFirst()) : word)
      }
    }
  }
}
