internal import JSONCoding

/// A call in a JSON object, in any of the shapes that models use.
struct CallShape {
  let name: String
  /// An object, or a string that holds one.
  let arguments: JSON
  let repairs: Set<DecodedCall.Repair>

  private static let argumentKeys = ["arguments", "args", "parameters", "input", "params"]

  /// Reads a call; nil when the object has none of the shapes, or more than one of them.
  ///
  /// The shapes, with N a name and A an object:
  /// `{"name":N,"arguments":A}`, `{"function":{…}}`, `{"tool":N,…}`, `{"action":N,"args":A}`,
  /// `{"action":N, …arguments}`, `{"type":N, …arguments}` and `{N:A}` when N is a known tool.
  init?(_ value: JSON, tools: Set<String>) {
    guard let object = value.object else { return nil }
    if let inner = object["function"], inner.object != nil {
      guard let shape = CallShape(inner, tools: tools) else { return nil }
      self = shape
      return
    }
    let names = ["name", "action", "tool", "tool_name", "function"].filter {
      object[$0]?.string != nil
    }
    if names.isEmpty {
      guard let shape = Self.byTool(object, tools) else { return nil }
      self = shape
      return
    }
    guard let key = names.first, let name = object[key]?.string,
      let arguments = Self.arguments(object, nameKey: key)
    else { return nil }
    self.name = name
    self.arguments = arguments
    repairs = []
  }

  private init(name: String, arguments: JSON, repairs: Set<DecodedCall.Repair>) {
    self.name = name
    self.arguments = arguments
    self.repairs = repairs
  }

  /// The arguments under their key, or all that is left beside the name.
  private static func arguments(_ object: JSONObject, nameKey: String) -> JSON? {
    let keys = argumentKeys.filter { object[$0] != nil }
    guard keys.count <= 1 else { return nil }
    if let key = keys.first, let arguments = object[key] {
      return arguments.object != nil || arguments.string != nil || arguments.isNull
        ? arguments : nil
    }
    var rest = object
    for key in [nameKey, "id", "type"] where key == nameKey || nameKey == "name" { rest[key] = nil }
    return .object(rest)
  }

  /// Shapes that are calls only because a tool of that name was offered.
  private static func byTool(_ object: JSONObject, _ tools: Set<String>) -> CallShape? {
    if let name = object["type"]?.string, tools.contains(name) {
      guard let arguments = arguments(object, nameKey: "type") else { return nil }
      return CallShape(name: name, arguments: arguments, repairs: [.key])
    }
    guard object.pairs.count == 1, let (name, arguments) = object.pairs.first,
      tools.contains(name), arguments.object != nil
    else { return nil }
    return CallShape(name: name, arguments: arguments, repairs: [.key])
  }
}
