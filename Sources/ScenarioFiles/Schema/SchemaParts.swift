internal import JSONCoding

/// The pieces that the schema is built from.
enum SchemaParts {
  typealias Property = (name: String, value: JSON)

  /// An object with just these keys.
  static func object(
    _ description: String?, required: [String] = [], _ properties: [Property]
  ) -> JSON {
    var result = JSONObject()
    if let description { result["description"] = .string(description) }
    result["type"] = "object"
    result["properties"] = .object(JSONObject(properties.map { ($0.name, $0.value) }))
    if !required.isEmpty { result["required"] = strings(required) }
    result["additionalProperties"] = false
    return .object(result)
  }

  /// An object with any keys, whose values are all alike.
  static func map(_ description: String, names: String? = nil, _ value: JSON) -> JSON {
    var result = JSONObject()
    result["description"] = .string(description)
    result["type"] = "object"
    if let names { result["propertyNames"] = ["pattern": .string(names)] }
    result["additionalProperties"] = value
    return .object(result)
  }

  static func list(_ description: String?, _ items: JSON, least: Int? = nil) -> JSON {
    var result = JSONObject()
    if let description { result["description"] = .string(description) }
    result["type"] = "array"
    result["items"] = items
    if let least { result["minItems"] = .integer(least) }
    return .object(result)
  }

  static func object(required: [String] = [], _ properties: [Property]) -> JSON {
    object(nil, required: required, properties)
  }

  static func list(_ items: JSON, least: Int? = nil) -> JSON { list(nil, items, least: least) }

  static func anyOf(_ choices: [JSON]) -> JSON { anyOf(nil, choices) }

  static func strings(_ values: [String]) -> JSON { .array(values.map { .string($0) }) }

  /// A line for the shell of a host, or a program and its arguments.
  static var commandLine: JSON {
    anyOf(
      "The command line, or a list of a program and its arguments.",
      [reference("filledText"), list(reference("text"), least: 1)])
  }

  /// What every command on a host may have.
  static var commandParts: [Property] {
    [
      ("stdin", reference("text", "What it reads.")),
      ("env", environment),
      ("host", reference("filledText", "Which of the target's hosts; default: its ssh.")),
    ]
  }

  /// Variables of the environment of what is started.
  static var environment: JSON {
    map("Variables of its environment.", names: "^[A-Za-z_][A-Za-z0-9_]{0,63}$", reference("text"))
  }

  static func reference(_ name: String) -> JSON { ["$ref": .string("#/$defs/\(name)")] }

  /// A reference with a description beside it.
  static func reference(_ name: String, _ description: String) -> JSON {
    ["description": .string(description), "$ref": .string("#/$defs/\(name)")]
  }

  static func anyOf(_ description: String?, _ choices: [JSON]) -> JSON {
    var result = JSONObject()
    if let description { result["description"] = .string(description) }
    result["anyOf"] = .array(choices)
    return .object(result)
  }

  /// Exactly one of these keys must be there.
  static func exactlyOne(of keys: [String]) -> JSON {
    .array(keys.map { ["required": strings([$0])] })
  }

  static func integer(_ range: ClosedRange<Int>, default value: Int? = nil, _ description: String)
    -> JSON
  {
    var number = JSONObject()
    number["type"] = "integer"
    number["minimum"] = .integer(range.lowerBound)
    number["maximum"] = .integer(range.upperBound)
    return withDefault(
      value.map { .integer($0) }, anyOf(description, [.object(number), reference("variable")]))
  }

  static func boolean(_ description: String) -> JSON {
    withDefault(false, anyOf(description, [["type": "boolean"], reference("variable")]))
  }

  static func duration(default value: String? = nil, _ description: String) -> JSON {
    withDefault(value.map { .string($0) }, reference("duration", description))
  }

  static func choice(_ values: [String], default value: String? = nil, _ description: String)
    -> JSON
  {
    withDefault(
      value.map { .string($0) },
      anyOf(description, [["enum": strings(values)], reference("variable")]))
  }

  static func withDefault(_ value: JSON?, _ schema: JSON) -> JSON {
    guard let value, var object = schema.object else { return schema }
    object["default"] = value
    return .object(object)
  }

  static func adding(_ pairs: [Property], to schema: JSON) -> JSON {
    guard var object = schema.object else { return schema }
    for pair in pairs { object[pair.name] = pair.value }
    return .object(object)
  }
}
