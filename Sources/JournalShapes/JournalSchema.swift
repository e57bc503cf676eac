public import JSONCoding
internal import Platform

/// What `docs/journal.schema.json` says of the lines of a journal.
public struct JournalSchema: Sendable {
  private let document: JSON
  private let validator: SchemaValidator

  /// The schema of this checkout.
  public init() throws {
    let root = #filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/" + $1 }
    let text = try Files.read(root + "/docs/journal.schema.json", limit: 4 << 20)
    self.init(try JSON(parsing: text))
  }

  /// A schema that is not that of this checkout.
  public init(_ document: JSON) {
    self.document = document
    validator = SchemaValidator(document)
  }

  /// What is wrong with a line; empty when nothing is.
  public func problems(ofLine line: JSON) -> [String] {
    guard let type = line["type"]?.string,
      document["$defs"]?["line:\(type)"] != nil
    else { return ["no line has the type \(line["type"]?.text ?? "that is missing")"] }
    return validator.problems(of: line, as: "#/$defs/line:\(type)")
  }

  /// The types of lines that there are.
  public var types: [String] {
    (document["oneOf"]?.array ?? []).compactMap {
      $0["$ref"]?.string.map { String($0.dropFirst("#/$defs/line:".count)) }
    }
  }

  /// The cases, and the fields of structures and cases, that a value has and the schema does not name; also those
  /// that hold nothing and are not written.
  public func unnamed(in value: Any) -> Set<String> {
    var names: Set<String> = []
    collect(value, into: &names)
    return names
  }

  /// Types with an encoding of their own.
  private static let own: Set<String> = ["Duration", "ReadAccount", "ReadAccount.Place"]

  private func collect(_ value: Any, into names: inout Set<String>) {
    let mirror = Mirror(reflecting: value)
    // `Story.SessionEvent` is defined as `SessionEvent`.
    let name = String(reflecting: mirror.subjectType).split(separator: ".").dropFirst()
      .joined(separator: ".")
    let definition = Self.own.contains(name) ? nil : document["$defs"]?[name]
    switch mirror.displayStyle {
    case .struct:
      guard let definition else { return }
      for child in mirror.children {
        check(child.label ?? "", of: definition, name, into: &names)
        collect(child.value, into: &names)
      }
    case .enum:
      guard let definition else { return }
      collect(caseOf: value, mirror, definition, name, into: &names)
    case .optional, .collection, .tuple, .set, .dictionary:
      for child in mirror.children { collect(child.value, into: &names) }
    default: break
    }
  }

  private func collect(
    caseOf value: Any, _ mirror: Mirror, _ definition: JSON, _ name: String,
    into names: inout Set<String>
  ) {
    guard definition["enum"] == nil else { return }
    let title = mirror.children.first?.label ?? "\(value)"
    check(title, of: definition, name, into: &names)
    guard let payload = mirror.children.first?.value,
      let fields = definition["properties"]?[title]
    else { return }
    let parts = Mirror(reflecting: payload)
    if parts.displayStyle == .tuple {
      for (index, child) in parts.children.enumerated() {
        let label = child.label.flatMap { $0.hasPrefix(".") ? nil : $0 } ?? "_\(index)"
        check(label, of: fields, "\(name).\(title)", into: &names)
        collect(child.value, into: &names)
      }
    } else {
      check("_0", of: fields, "\(name).\(title)", into: &names)
      collect(payload, into: &names)
    }
  }

  private func check(
    _ field: String, of definition: JSON, _ name: String, into names: inout Set<String>
  ) {
    if definition["properties"]?[field] == nil { names.insert("\(name).\(field)") }
  }
}
