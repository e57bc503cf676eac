public import JSONCoding

/// Holds JSON against a JSON Schema (2020-12), as far as its keywords are known here; one that is not is a problem.
public struct SchemaValidator: Sendable {
  private let document: JSON

  /// A validator.
  public init(_ document: JSON) { self.document = document }

  /// What is wrong with a value, with its place; empty when nothing is.
  ///
  /// - Parameter reference: the part of the schema that it is held against: `#/$defs/Note`.
  public func problems(of value: JSON, as reference: String = "#") -> [String] {
    var problems: [String] = []
    check(value, ["$ref": .string(reference)], "", &problems)
    return problems
  }

  private func check(_ value: JSON, _ schema: JSON, _ place: String, _ problems: inout [String]) {
    guard let keywords = schema.object else {
      problems.append("\(place): the schema is no object")
      return
    }
    for (keyword, rule) in keywords.pairs {
      check(value, keyword, rule, in: schema, place, &problems)
    }
  }

  private func check(
    _ value: JSON, _ keyword: String, _ rule: JSON, in schema: JSON, _ place: String,
    _ problems: inout [String]
  ) {
    func demand(_ holds: Bool, _ words: @autoclosure () -> String) {
      if !holds { problems.append("\(place): \(words())") }
    }
    switch keyword {
    case "$schema", "title", "description", "$defs": break
    case "$ref":
      guard let target = target(rule.string ?? "") else {
        return demand(false, "the schema has no \(rule.text)")
      }
      check(value, target, place, &problems)
    case "type":
      demand(value.isOfType(rule.string ?? "") == true, "\(value.excerpt) is no \(rule.text)")
    case "const": demand(value == rule, "\(value.excerpt) is not \(rule.text)")
    case "enum":
      demand(rule.array?.contains(value) == true, "\(value.excerpt) is none of \(rule.text)")
    case "minimum":
      demand(
        (value.double ?? 0) >= (rule.double ?? 0), "\(value.excerpt) is less than \(rule.text)")
    case "minItems":
      demand((value.array?.count ?? 0) >= (rule.integer ?? 0), "it has too few elements")
    case "maxItems":
      demand((value.array?.count ?? 0) <= (rule.integer ?? 0), "it has too many elements")
    case "minProperties":
      demand((value.object?.pairs.count ?? 0) >= (rule.integer ?? 0), "it has too few fields")
    case "maxProperties":
      demand((value.object?.pairs.count ?? 0) <= (rule.integer ?? 0), "it has too many fields")
    case "required":
      for name in (rule.array ?? []).compactMap(\.string) where value.object != nil {
        demand(value[name] != nil, "it has no “\(name)”")
      }
    case "properties":
      for (name, schema) in rule.object?.pairs ?? [] {
        if let field = value[name] { check(field, schema, "\(place)/\(name)", &problems) }
      }
    case "additionalProperties":
      for (name, field) in value.object?.pairs ?? [] where schema["properties"]?[name] == nil {
        if rule == false {
          demand(false, "“\(name)” is not named by the schema")
        } else {
          check(field, rule, "\(place)/\(name)", &problems)
        }
      }
    case "prefixItems":
      for (index, (element, schema)) in zip(value.array ?? [], rule.array ?? []).enumerated() {
        check(element, schema, "\(place)/\(index)", &problems)
      }
    case "items":
      for (index, element) in (value.array ?? []).enumerated() {
        check(element, rule, "\(place)/\(index)", &problems)
      }
    case "oneOf":
      let fitting = (rule.array ?? []).count { schema in
        var found: [String] = []
        check(value, schema, place, &found)
        return found.isEmpty
      }
      demand(fitting == 1, "it fits \(fitting) of \(rule.array?.count ?? 0) shapes")
    default: demand(false, "the keyword \(keyword) is not known")
    }
  }

  /// `#`, or a path such as `#/$defs/Note`.
  private func target(_ reference: String) -> JSON? {
    guard reference.hasPrefix("#") else { return nil }
    return reference.dropFirst().split(separator: "/").reduce(document) { value, name in
      value?[String(name)]
    }
  }
}

extension JSON {
  fileprivate var excerpt: String {
    let text = self.text
    return text.count > 80 ? text.prefix(80) + "…" : text
  }
}
