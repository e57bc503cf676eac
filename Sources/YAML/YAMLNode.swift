public import Diagnostics

/// A piece of a YAML document, with the place it stands at.
///
/// What an alias stands for is in its place, with the position of the original. Merge keys are merged.
public struct YAMLNode: Hashable, Sendable {
  /// What it is.
  public enum Content: Hashable, Sendable {
    /// A text as it was written; only a plain one can be a number, a truth value or nothing.
    case scalar(String, Style)
    /// A list.
    case sequence([YAMLNode])
    /// Keys, which are unique texts, and values, in order.
    case mapping([YAMLPair])
  }

  /// How a scalar was written.
  public enum Style: Hashable, Sendable {
    case plain, singleQuoted, doubleQuoted, literal, folded
  }

  /// What it is.
  public var content: Content
  /// The line of its first character, from 1.
  public var line: Int
  /// The column of its first character, from 1, in code points.
  public var column: Int
  /// The line it ends on.
  public var endLine: Int
  /// The column after its last character.
  public var endColumn: Int

  /// A node.
  public init(_ content: Content, line: Int, column: Int, endLine: Int, endColumn: Int) {
    self.content = content
    self.line = line
    self.column = column
    self.endLine = endLine
    self.endColumn = endColumn
  }
}

/// A key of a mapping and its value.
public struct YAMLPair: Hashable, Sendable {
  /// The key: always a scalar.
  public var key: YAMLNode
  /// The value.
  public var value: YAMLNode

  /// A pair.
  public init(key: YAMLNode, value: YAMLNode) {
    self.key = key
    self.value = value
  }

  /// The key's text.
  public var name: String { key.text ?? "" }
}

extension YAMLNode {
  /// The text of a scalar, whatever its style.
  public var text: String? {
    if case .scalar(let text, _) = content { text } else { nil }
  }

  /// The text of a plain scalar.
  public var plainText: String? {
    if case .scalar(let text, .plain) = content { text } else { nil }
  }

  /// The elements of a list.
  public var elements: [YAMLNode]? {
    if case .sequence(let elements) = content { elements } else { nil }
  }

  /// The pairs of a mapping.
  public var pairs: [YAMLPair]? {
    if case .mapping(let pairs) = content { pairs } else { nil }
  }

  /// The value of a key of a mapping.
  public subscript(key: String) -> YAMLNode? { pairs?.first { $0.name == key }?.value }

  /// Whether nothing is written: an empty plain scalar, `~` or `null`.
  public var isNull: Bool {
    plainText.map { ["", "~", "null", "Null", "NULL"].contains($0) } ?? false
  }

  /// The truth value of a plain `true` or `false`.
  public var bool: Bool? {
    switch plainText {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }

  /// The whole number of a plain scalar in decimal digits.
  public var integer: Int? {
    guard let text = plainText, text.utf8.allSatisfy({ Self.isDecimal($0) }) else { return nil }
    return Int(text)
  }

  /// The number of a plain scalar, finite.
  public var number: Double? {
    guard let text = plainText, text.utf8.contains(where: { (0x30...0x39).contains($0) }),
      text.utf8.allSatisfy({ Self.isDecimal($0) || ".eE".utf8.contains($0) }),
      let value = Double(text), value.isFinite
    else { return nil }
    return value
  }

  private static func isDecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
  }

  /// What it is, in words for a message: `a list`, `a mapping`, `nothing`, `the number 3`.
  public var kindDescription: String {
    switch content {
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .scalar(let text, _):
      if isNull {
        "nothing"
      } else if number != nil {
        "the number \(text)"
      } else if bool != nil {
        "the truth value \(text)"
      } else {
        "the text “\(text.prefix(60))\(text.count > 60 ? "…" : "")”"
      }
    }
  }
}

/// A node together with the text that it stands in.
public struct YAMLFragment: Hashable, Sendable {
  /// The node.
  public var node: YAMLNode
  /// The text.
  public var source: SourceText

  /// A node of a text.
  public init(node: YAMLNode, source: SourceText) {
    self.node = node
    self.source = source
  }
}
