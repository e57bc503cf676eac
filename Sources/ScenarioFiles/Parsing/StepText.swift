internal import YAML

extension YAMLPair {
  /// A step as one line of its file: `click: {text: OK, nth: 2}`; a group shows its name only.
  var stepText: String {
    if name == "group" { return "group: \(value["name"]?.text ?? "")" }
    let line = "\(name): \(value.flowText)"
    return line.count > 200 ? line.prefix(199) + "…" : line
  }
}

extension YAMLNode {
  /// The node in YAML's flow style, on one line.
  fileprivate var flowText: String {
    switch content {
    case .scalar(let text, let style):
      Self.scalarText(text.split(whereSeparator: \.isNewline).joined(separator: " "), style)
    case .sequence(let elements): "[\(elements.map(\.flowText).joined(separator: ", "))]"
    case .mapping(let pairs):
      "{\(pairs.map { "\($0.name): \($0.value.flowText)" }.joined(separator: ", "))}"
    }
  }

  private static func scalarText(_ text: String, _ style: Style) -> String {
    switch style {
    case .singleQuoted: "'\(text)'"
    case .doubleQuoted: "\"\(text)\""
    case .plain, .literal, .folded: text
    }
  }
}
