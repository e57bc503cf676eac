import JSONCoding
import Pattern
import YAML

/// As much of JSON Schema (draft 2020-12) as the scenario schema uses; an unknown keyword is a fault.
struct SchemaValidator {
  let root: JSON

  /// What does not hold, with the path of the value.
  func faults(_ value: JSON) -> [String] { faults(value, root, "") }

  private func faults(_ value: JSON, _ schema: JSON, _ path: String) -> [String] {
    guard let schema = schema.object else { return ["\(path): no schema"] }
    return schema.pairs.flatMap { pair in fault(value, pair.key, pair.value, schema, path) }
  }

  private func fault(
    _ value: JSON, _ keyword: String, _ rule: JSON, _ schema: JSONObject, _ path: String
  ) -> [String] {
    switch keyword {
    case "$schema", "$defs", "title", "description", "default", "then": return []
    case "$ref": return faults(value, resolve(rule), path)
    case "if":
      guard faults(value, rule, path).isEmpty, let then = schema["then"] else { return [] }
      return faults(value, then, path)
    case "allOf": return (rule.array ?? []).flatMap { faults(value, $0, path) }
    case "anyOf": return matches(value, rule, path) >= 1 ? [] : ["\(path): none of anyOf"]
    case "oneOf": return matches(value, rule, path) == 1 ? [] : ["\(path): not one of oneOf"]
    case "not": return faults(value, rule, path).isEmpty ? ["\(path): not"] : []
    case "type": return hasType(value, rule) ? [] : ["\(path): type \(rule.text)"]
    case "enum": return (rule.array ?? []).contains(value) ? [] : ["\(path): enum"]
    default: return fault(ofValue: value, keyword, rule, schema, path)
    }
  }

  private func fault(
    ofValue value: JSON, _ keyword: String, _ rule: JSON, _ schema: JSONObject, _ path: String
  ) -> [String] {
    func check(_ holds: Bool?) -> [String] { holds ?? true ? [] : ["\(path): \(keyword)"] }
    switch keyword {
    case "pattern": return check(value.string.map { isMatch(rule, $0) })
    case "maxLength":
      return check(value.string.map { $0.unicodeScalars.count <= rule.integer ?? 0 })
    case "minimum": return check(value.double.map { $0 >= rule.double ?? 0 })
    case "maximum": return check(value.double.map { $0 <= rule.double ?? 0 })
    case "minItems": return check(value.array.map { $0.count >= rule.integer ?? 0 })
    case "maxItems": return check(value.array.map { $0.count <= rule.integer ?? 0 })
    case "minProperties": return check(value.object.map { $0.pairs.count >= rule.integer ?? 0 })
    case "required":
      return check(
        value.object.map { object in
          (rule.array ?? []).allSatisfy { $0.string.map { object[$0] != nil } ?? false }
        })
    case "items":
      return (value.array ?? []).enumerated().flatMap { faults($1, rule, "\(path)/\($0)") }
    case "properties":
      return (value.object?.pairs ?? []).flatMap { pair in
        rule[pair.key].map { faults(pair.value, $0, "\(path)/\(pair.key)") } ?? []
      }
    case "additionalProperties":
      return (value.object?.pairs ?? []).filter { schema["properties"]?[$0.key] == nil }.flatMap {
        rule == false ? ["\(path)/\($0.key): unknown"] : faults($0.value, rule, "\(path)/\($0.key)")
      }
    case "propertyNames":
      return (value.object?.keys ?? []).flatMap { faults(.string($0), rule, "\(path)/\($0)") }
    default: return ["\(path): the keyword \(keyword) is not known to this validator"]
    }
  }

  private func resolve(_ reference: JSON) -> JSON {
    let name = reference.string?.split(separator: "/").last.map(String.init) ?? ""
    return root["$defs"]?[name] ?? .null
  }

  private func matches(_ value: JSON, _ rule: JSON, _ path: String) -> Int {
    (rule.array ?? []).filter { faults(value, $0, path).isEmpty }.count
  }

  private func isMatch(_ pattern: JSON, _ text: String) -> Bool {
    (try? Pattern(pattern.string ?? "(").firstMatch(in: text)) != nil
  }

  private func hasType(_ value: JSON, _ rule: JSON) -> Bool {
    (rule.array ?? [rule]).contains { name in
      switch (name.string, value) {
      case ("string", .string), ("boolean", .bool), ("array", .array), ("object", .object): true
      case ("integer", _): value.integer != nil
      case ("number", _): value.double != nil
      default: false
      }
    }
  }
}

/// A YAML text as an editor sees it.
func json(_ node: YAMLNode) -> JSON {
  switch node.content {
  case .sequence(let elements): .array(elements.map { json($0) })
  case .mapping(let pairs): .object(JSONObject(pairs.map { ($0.name, json($0.value)) }))
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
      .string(text)
    }
  }
}
