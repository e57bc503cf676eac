internal import Durations
internal import Diagnostics
internal import Pattern
internal import Scenario
internal import YAML

/// The keys of one mapping, read one by one with what each must be.
///
/// A value that is absent or wrong reads as nil; the wrong one has been reported then.
struct Fields {
  let builder: CaseBuilder
  let node: YAMLNode
  /// What the mapping is, for messages: `a target`.
  let what: String
  /// Whether a key was refused: what seems to be missing may be it, misspelt.
  let hasUnknownKeys: Bool
  private let values: [String: YAMLNode]

  /// Reads a mapping and reports each key that is not one of `keys`; nil when it is no mapping.
  init?(
    _ builder: CaseBuilder, _ node: YAMLNode, _ what: String, keys: [String], hint: String? = nil
  ) {
    guard let pairs = node.pairs else {
      builder.fail(
        node, "\(what) must be a mapping, not \(node.kindDescription)",
        help: hint ?? "its keys are: \(keys.joined(separator: ", "))")
      return nil
    }
    self.builder = builder
    self.node = node
    self.what = what
    values = Dictionary(pairs.map { ($0.name, $0.value) }) { first, _ in first }
    hasUnknownKeys = pairs.contains { !keys.contains($0.name) }
    for pair in pairs where !keys.contains(pair.name) {
      builder.failUnknown(pair.key, in: what, keys: keys)
    }
  }

  /// The value of a key, unread.
  func node(_ key: String) -> YAMLNode? { values[key] }

  /// The value of a key that must be there.
  func required(_ key: String) -> YAMLNode? {
    if values[key] == nil, !hasUnknownKeys {
      builder.fail(node, "\(what) needs the key “\(key)”")
    }
    return values[key]
  }

  func template(_ key: String) -> Template? {
    values[key].flatMap { builder.template($0, name(key)) }
  }

  func filledTemplate(_ key: String) -> Template? {
    values[key].flatMap { builder.filledTemplate($0, name(key)) }
  }

  func literal(_ key: String) -> String? {
    values[key].flatMap { builder.literal($0, name(key)) }
  }

  func bool(_ key: String) -> Bool? {
    values[key].flatMap { builder.bool($0, name(key)) }
  }

  func integer(_ key: String, _ range: ClosedRange<Int>) -> Int? {
    values[key].flatMap { builder.integer($0, name(key), range) }
  }

  func duration(_ key: String, atLeast least: Duration = .milliseconds(1)) -> Duration? {
    values[key].flatMap { builder.duration($0, name(key), atLeast: least) }
  }

  func share(_ key: String) -> Double? {
    values[key].flatMap { builder.share($0, name(key)) }
  }

  func pattern(_ key: String) -> String? {
    values[key].flatMap { builder.pattern($0, name(key)) }
  }

  func region(_ key: String) -> Region? { values[key].flatMap { builder.region($0) } }

  func target(_ key: String) -> Target? { values[key].flatMap { builder.target($0) } }

  /// The elements of a list of texts.
  func literals(_ key: String) -> [String]? {
    values[key].flatMap { node in
      builder.list(node, name(key))?.compactMap { builder.literal($0, "an entry of “\(key)”") }
    }
  }

  private func name(_ key: String) -> String { "“\(key)”" }
}

extension CaseBuilder {
  func failUnknown(_ key: YAMLNode, in what: String, keys: [String]) {
    fail(
      key, "unknown key “\(key.text ?? "")” in \(what)",
      help: Suggestion.question(for: key.text ?? "", among: keys)
        ?? "the keys are: \(keys.joined(separator: ", "))")
  }

  func list(_ node: YAMLNode, _ what: String) -> [YAMLNode]? {
    if node.elements == nil {
      fail(node, "\(what) must be a list, not \(node.kindDescription)", help: "write [a, b]")
    }
    return node.elements
  }

  /// Reads a value that is not any text; `read` gives nil for what it does not take.
  private func typed<Value>(
    _ node: YAMLNode, _ what: String, _ expected: String, mayBeQuoted: Bool = false,
    help: String? = nil, _ read: (String) -> Value?
  ) -> Value? {
    let isTemplate = node.text.map { $0.contains("${") || $0.contains("{{") } ?? false
    var text = mayBeQuoted ? node.text : node.plainText
    if isTemplate {
      text = literal(node, what)
      // What is wrong with the template has been said.
      if text == nil { return nil }
    }
    if let text, !node.isNull, let value = read(text) { return value }
    let shown = isTemplate ? "“\(text ?? "")”" : node.kindDescription
    let isQuoted = node.text != nil && node.plainText == nil && !isTemplate && !mayBeQuoted
    fail(
      node, "\(what) must be \(expected), not \(shown)",
      help: help ?? (isQuoted ? "write it without quotes" : nil))
    return nil
  }

  func bool(_ node: YAMLNode, _ what: String) -> Bool? {
    typed(node, what, "true or false") { text in
      switch text {
      case "true", "True", "TRUE": true
      case "false", "False", "FALSE": false
      default: nil
      }
    }
  }

  func integer(_ node: YAMLNode, _ what: String, _ range: ClosedRange<Int>) -> Int? {
    typed(node, what, "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
      Int(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  func number(_ node: YAMLNode, _ what: String) -> Double? {
    typed(node, what, "a number") { text in
      guard text.utf8.contains(where: { (0x30...0x39).contains($0) }),
        text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }),
        let number = Double(text), number.isFinite
      else { return nil }
      return number
    }
  }

  func duration(
    _ node: YAMLNode, _ what: String, atLeast least: Duration = .milliseconds(1)
  ) -> Duration? {
    let expected = "a time such as 500ms, 30s, 5m or 1h, at least \(Units.text(least))"
    let help = node.integer.map { "a number needs its unit, such as \($0)s" }
    return typed(node, what, expected, mayBeQuoted: true, help: help) { text in
      Units.duration(text).flatMap { $0 >= least ? $0 : nil }
    }
  }

  func share(_ node: YAMLNode, _ what: String) -> Double? {
    typed(node, what, "a share such as 0.1% or 0.95, from 0 to 1", mayBeQuoted: true) {
      Units.share($0)
    }
  }

  func pattern(_ node: YAMLNode, _ what: String) -> String? {
    guard let source = literal(node, what) else { return nil }
    do {
      return try Pattern(source).source
    } catch {
      fail(node, "\(what): \(error.message)")
      return nil
    }
  }
}
