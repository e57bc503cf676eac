public import Diagnostics
public import Policy
internal import YAML

/// A table of commands and what is to become of them, for an operator's own tests.
public struct PolicyTable: Hashable, Sendable {
  /// A command and its ruling.
  public struct Row: Hashable, Sendable {
    /// What is run, for people.
    public var text: String
    /// The words where it is a list.
    public var words: [String]?
    /// What is to become of it.
    public var decision: Decision
    /// Its line, from 1.
    public var line: Int

    /// What a policy makes of it.
    public func ruling(by policy: Policy) -> Ruling {
      words.map { policy.ruling(forWords: $0) } ?? policy.ruling(forText: text)
    }
  }

  /// The file, as people write it.
  public let file: String
  /// The rows, in order.
  public let rows: [Row]

  /// Reads a table: `allow`, `ask` and `deny`, each with a list of commands.
  ///
  /// - Throws: the first thing that is wrong, with its place.
  public init(_ source: SourceText) throws(Diagnostic) {
    file = source.file
    func failure(_ node: YAMLNode, _ message: String, _ help: String? = nil) -> Diagnostic {
      source.error(line: node.line, column: node.column, text: node.text, message, help: help)
    }
    guard let root = try YAMLParser.parse(source) else {
      throw Diagnostic(file: source.file, message: "the table is empty", suggestion: Self.help)
    }
    guard let pairs = root.pairs else {
      throw failure(root, "a table must be a mapping, not \(root.kindDescription)", Self.help)
    }
    var rows: [Row] = []
    for pair in pairs {
      guard let decision = Decision(rawValue: pair.name) else {
        throw failure(pair.key, "a table has no key “\(pair.name)”", Self.help)
      }
      guard let elements = pair.value.elements else {
        throw failure(
          pair.value, "“\(pair.name)” must be a list of commands, not \(pair.value.kindDescription)"
        )
      }
      for element in elements {
        let words = element.elements?.compactMap(\.text)
        guard let text = element.text ?? words?.joined(separator: " "), !element.isNull,
          words?.count == element.elements?.count
        else {
          throw failure(
            element, "a command must be a text or a list of texts, not \(element.kindDescription)")
        }
        rows.append(Row(text: text, words: words, decision: decision, line: element.line))
      }
    }
    guard !rows.isEmpty else { throw failure(root, "the table has no command", Self.help) }
    self.rows = rows
  }

  private static let help = "write “allow:”, “ask:” and “deny:”, each with a list of commands"
}
