internal import JSONCoding
internal import Pixels

/// Checks a value against the part of JSON Schema that tools use, and puts types right where only one
/// reading is possible.
///
/// Known: `type`, `properties`, `required`, `additionalProperties: false`, `items`, `minItems`,
/// `maxItems`, `enum`, `const`, `minimum`, `maximum`, `minLength`, `maxLength`, `anyOf`, `oneOf`.
/// What is not known is not checked.
struct SchemaCheck {
  /// Where and why a value does not fit.
  struct Misfit: Error, Hashable {
    let path: String
    let problem: String
  }

  private(set) var repairs: Set<DecodedCall.Repair> = []
  private let order: ModelSpace.Order

  /// - Parameter order: which coordinate a list has first where both are written by name.
  init(order: ModelSpace.Order = .xy) { self.order = order }

  /// The value, its types put right.
  mutating func check(
    _ value: JSON, against schema: JSON, path: String = "", depth: Int = 0
  ) throws(Misfit) -> JSON {
    guard depth < 16 else { throw Misfit(path: path, problem: "is nested too deep") }
    if let choices = schema["anyOf"]?.array ?? schema["oneOf"]?.array {
      return try any(value, of: choices, path: path, depth: depth)
    }
    let value = try typed(place(value, schema: schema), schema: schema, path: path)
    if let allowed = schema["enum"]?.array, !allowed.contains(value) {
      let list = allowed.prefix(20).map(\.text).joined(separator: ", ")
      throw Misfit(path: path, problem: "is \(shown(value)) and must be one of \(list)")
    }
    if let constant = schema["const"], constant != value {
      throw Misfit(path: path, problem: "is \(shown(value)) and must be \(constant.text)")
    }
    switch value {
    case .object(let object):
      return try properties(object, schema: schema, path: path, depth: depth)
    case .array(let items): return try elements(items, schema: schema, path: path, depth: depth)
    case .integer, .number: try range(value, schema: schema, path: path)
    case .string(let text): try length(text, schema: schema, path: path)
    case .null, .bool: break
    }
    return value
  }

  private mutating func any(
    _ value: JSON, of choices: [JSON], path: String, depth: Int
  ) throws(Misfit) -> JSON {
    var first: Misfit?
    for choice in choices {
      var attempt = self
      do {
        let result = try attempt.check(value, against: choice, path: path, depth: depth + 1)
        self = attempt
        return result
      } catch {
        first = first ?? error
      }
    }
    throw first ?? Misfit(path: path, problem: "fits no allowed form")
  }

  /// A place in the form that the schema has for it.
  private mutating func place(_ value: JSON, schema: JSON) -> JSON {
    guard let (place, repairs) = PlaceForm(schema)?.read(value, order: order) else { return value }
    self.repairs.formUnion(repairs)
    return place
  }

  // MARK: - Types

  private mutating func typed(
    _ value: JSON, schema: JSON, path: String
  ) throws(Misfit) -> JSON {
    let names =
      schema["type"]?.string.map { [$0] } ?? (schema["type"]?.array ?? []).compactMap(\.string)
    guard !names.isEmpty, !names.contains(where: { value.isOfType($0) ?? true }) else {
      return names.contains("integer") && !names.contains("number")
        ? value.integer.map { .integer($0) } ?? value : value
    }
    for name in names {
      if let (repaired, repair) = Self.coerce(value, to: name) {
        repairs.insert(repair)
        return repaired
      }
    }
    throw Misfit(
      path: path, problem: "is \(shown(value)) and must be \(names.joined(separator: " or "))")
  }

  private static func coerce(_ value: JSON, to name: String) -> (JSON, DecodedCall.Repair)? {
    switch (value, name) {
    case (.string(let text), "integer"):
      Int(text.trimmedSpaces).map { (.integer($0), .stringified) }
    case (.string(let text), "number"): number(text.trimmedSpaces).map { ($0, .stringified) }
    case (.string("true"), "boolean"), (.string("True"), "boolean"): (.bool(true), .stringified)
    case (.string("false"), "boolean"), (.string("False"), "boolean"): (.bool(false), .stringified)
    case (.string(let text), "array"), (.string(let text), "object"): nested(text, name)
    case (.integer(let number), "string"): (.string(String(number)), .unquoted)
    default: nil
    }
  }

  private static func number(_ text: String) -> JSON? {
    guard let value = try? JSON(parsing: text), value.double != nil else { return nil }
    return value
  }

  private static func nested(_ text: String, _ name: String) -> (JSON, DecodedCall.Repair)? {
    guard let value = try? JSON(parsing: text), value.isOfType(name) ?? true else { return nil }
    return (value, .doubleEncoded)
  }

  // MARK: - Contents

  private mutating func properties(
    _ object: JSONObject, schema: JSON, path: String, depth: Int
  ) throws(Misfit) -> JSON {
    // Objects are searched from their start, so their size has to be bounded.
    guard object.pairs.count <= 1000 else {
      throw Misfit(path: path, problem: "has more than 1000 members")
    }
    let known = schema["properties"]?.object ?? JSONObject()
    let required = (schema["required"]?.array ?? []).compactMap(\.string)
    let object = gathered(object, known: known)
    var result = JSONObject()
    for (key, value) in object.pairs {
      let inner = path.isEmpty ? key.excerpt(60) : "\(path).\(key.excerpt(60))"
      guard let rule = known[key] else {
        guard schema["additionalProperties"] != .bool(false) else {
          throw Misfit(path: inner, problem: "is not known")
        }
        result[key] = value
        continue
      }
      if value.isNull, !required.contains(key), !Self.allowsNull(rule) {
        repairs.insert(.null)
      } else {
        result[key] = try check(value, against: rule, path: inner, depth: depth + 1)
      }
    }
    if let missing = required.first(where: { result[$0] == nil }) {
      throw Misfit(path: path.isEmpty ? missing : "\(path).\(missing)", problem: "is missing")
    }
    return .object(result)
  }

  /// The object with `x` and `y` as the one place that it may have, where neither is known by itself.
  private mutating func gathered(_ object: JSONObject, known: JSONObject) -> JSONObject {
    guard known["x"] == nil, known["y"] == nil, let x = object["x"], let y = object["y"],
      let rule = known["coordinate"], object["coordinate"] == nil,
      let form = PlaceForm(rule), let (place, _) = form.read(["x": x, "y": y], order: order)
    else { return object }
    repairs.insert(.place)
    var gathered = object
    gathered["x"] = nil
    gathered["y"] = nil
    gathered["coordinate"] = place
    return gathered
  }

  private static func allowsNull(_ rule: JSON) -> Bool {
    rule["type"]?.string == "null" || rule["type"]?.array?.contains("null") == true
      || rule["type"] == nil
  }

  private mutating func elements(
    _ items: [JSON], schema: JSON, path: String, depth: Int
  ) throws(Misfit) -> JSON {
    let least = schema["minItems"]?.integer ?? 0
    let most = schema["maxItems"]?.integer ?? Int.max
    guard items.count >= least, items.count <= most else {
      let wanted = least == most ? "\(least)" : "\(least)…\(most == Int.max ? "" : String(most))"
      throw Misfit(path: path, problem: "has \(items.count) elements and must have \(wanted)")
    }
    guard let rule = schema["items"], rule.object != nil else { return .array(items) }
    var result: [JSON] = []
    for (index, item) in items.enumerated() {
      result.append(try check(item, against: rule, path: "\(path)[\(index)]", depth: depth + 1))
    }
    return .array(result)
  }

  private func range(_ value: JSON, schema: JSON, path: String) throws(Misfit) {
    guard let number = value.double else { return }
    if let least = schema["minimum"]?.double, number < least {
      throw Misfit(
        path: path, problem: "is \(value.text) and must be at least \(JSON.number(least).text)")
    }
    if let most = schema["maximum"]?.double, number > most {
      throw Misfit(
        path: path, problem: "is \(value.text) and must be at most \(JSON.number(most).text)")
    }
  }

  private func length(_ text: String, schema: JSON, path: String) throws(Misfit) {
    let count = text.unicodeScalars.count
    if let least = schema["minLength"]?.integer, count < least {
      throw Misfit(path: path, problem: "has \(count) characters and must have at least \(least)")
    }
    if let most = schema["maxLength"]?.integer, count > most {
      throw Misfit(path: path, problem: "has \(count) characters and must have at most \(most)")
    }
  }

  private func shown(_ value: JSON) -> String { value.text.excerpt(60) }
}
