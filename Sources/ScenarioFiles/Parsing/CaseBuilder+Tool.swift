internal import Diagnostics
internal import JSONCoding
internal import Scenario
internal import YAML

extension CaseBuilder {
  func toolCall(_ node: YAMLNode) -> ToolCall? {
    refuseCommonKeys(in: node, of: "tool", except: Vocabulary.tool)
    guard
      let fields = Fields(
        self, node, "“tool”", keys: Vocabulary.tool + Vocabulary.common,
        hint: "write tool: {server: browser, name: navigate, arguments: {…}}")
    else { return nil }
    let server = fields.required("server") == nil ? nil : fields.literal("server")
    let name = fields.required("name") == nil ? nil : fields.literal("name")
    guard let server, let name else { return nil }
    if let known = workspace.defaults.toolServers, !known.contains(server),
      let node = fields.node("server")
    {
      fail(
        node, "unknown MCP server “\(server)”",
        help: Suggestion.question(for: server, among: known) ?? "configure it under mcp:")
    }
    guard let arguments = fields.node("arguments") else {
      return ToolCall(server: server, name: name)
    }
    guard arguments.pairs != nil else {
      fail(arguments, "“arguments” must be a mapping, not \(arguments.kindDescription)")
      return nil
    }
    return ToolCall(server: server, name: name, arguments: json(arguments).text)
  }

  /// The same value in JSON; a plain scalar is what YAML 1.2 says it is.
  private func json(_ node: YAMLNode) -> JSON {
    switch node.content {
    case .sequence(let elements): .array(elements.map { json($0) })
    case .mapping(let pairs):
      .object(JSONObject(pairs.map { ($0.name, json($0.value)) }))
    case .scalar(let text, _):
      if node.isNull {
        .null
      } else if let bool = node.bool {
        .bool(bool)
      } else if let integer = node.integer {
        .integer(integer)
      } else if let number = node.number {
        .number(number)
      } else {
        .string(argument(text, at: node))
      }
    }
  }

  /// A text with its variables; a result stays as `{{ path }}`, and a secret is refused.
  private func argument(_ text: String, at node: YAMLNode) -> String {
    guard let template = fill(text, at: node) else { return "" }
    if let secret = template.secrets.first {
      fail(
        node, "the secret “\(secret)” cannot be given to a tool",
        help: "pass it to the server through its environment")
    }
    return template.description
  }
}
