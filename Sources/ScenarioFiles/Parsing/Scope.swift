internal import Diagnostics
internal import Scenario
internal import YAML

/// The variables that a text may name, and the scope around them.
final class Scope {
  /// What a name stands for.
  enum Definition {
    /// A text that is filled in already.
    case value(Template)
    /// A text of a file; it is filled in, in this scope, when it is first named.
    case unread(YAMLNode, SourceText)
  }

  let parent: Scope?
  private var definitions: [String: Definition] = [:]
  /// The names that are being filled in right now: to name one of them again would never end.
  private(set) var open: [String] = []

  init(parent: Scope? = nil) { self.parent = parent }

  subscript(name: String) -> Definition? { definitions[name] }

  func define(_ name: String, as definition: Definition) { definitions[name] = definition }

  func begin(_ name: String) { open.append(name) }
  func end() { open.removeLast() }

  /// The nearest scope that knows a name.
  func owner(of name: String) -> Scope? {
    definitions[name] != nil ? self : parent?.owner(of: name)
  }

  /// All names, sorted.
  var names: [String] { (Array(definitions.keys) + (parent?.names ?? [])).sorted() }
}
