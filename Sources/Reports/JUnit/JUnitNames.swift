internal import Scenario

/// The names of cases in a JUnit file: unique with their class, and the same from run to run.
struct JUnitNames {
  private var names: [String: String] = [:]

  init(_ cases: [CaseReport]) {
    var seen: [String: Int] = [:]
    for item in cases { seen[Self.key(item, item.name), default: 0] += 1 }
    var used: Set<String> = []
    for item in cases {
      let isUnique = seen[Self.key(item, item.name)] == 1
      var name = isUnique ? item.name : "\(item.name) (\(item.id))"
      while !used.insert(Self.key(item, name)).inserted { name += " (\(item.id))" }
      names[item.id] = name
    }
  }

  func name(of item: CaseReport) -> String {
    let name = names[item.id] ?? item.name
    return name.isEmpty ? item.id : name
  }

  private static func key(_ item: CaseReport, _ name: String) -> String {
    className(of: item) + "\n" + name
  }

  /// The scenario file as a dotted name, which readers split into packages and a class.
  ///
  /// It is a function of the path alone, and of two paths it is never the same: otherwise a part of a run
  /// would call its cases otherwise than the whole. A dot of a name stands raised.
  static func className(of item: CaseReport) -> String {
    let file = item.location?.file ?? item.id
    let parts = file.split(separator: "/").filter { $0 != "." && $0 != ".." }.map(String.init)
    guard let last = parts.last else { return "qa-agent" }
    let stem = last.hasSuffix(".yaml") ? String(last.dropLast(5)) : last
    return (parts.dropLast() + [stem]).map { $0.replacing(".", with: "·") }.joined(separator: ".")
  }
}
