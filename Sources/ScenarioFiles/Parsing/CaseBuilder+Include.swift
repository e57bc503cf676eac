internal import Scenario
internal import YAML

extension CaseBuilder {
  /// The steps of another file, as a group.
  func include(_ node: YAMLNode) -> Step.Kind? {
    guard let (file, with) = includeParts(node), let text = literal(file, "“file”"),
      let path = includePath(text, at: file), mayInclude(path, at: file)
    else { return nil }
    let scope = Scope(parent: self.scope)
    define(with, in: scope)
    // An error in that file has been reported there.
    guard let tree = workspace.tree(path, shown: workspace.shown(path)) else { return nil }
    return within(tree.source) {
      let outer = (self.scope, language)
      self.scope = scope
      fileStack.append(path)
      defer {
        fileStack.removeLast()
        (self.scope, language) = outer
      }
      return included(tree.node, defaultName: text)
    }
  }

  private func includeParts(_ node: YAMLNode) -> (file: YAMLNode, with: YAMLNode?)? {
    if node.pairs == nil { return (node, nil) }
    refuseCommonKeys(in: node, of: "include", except: Vocabulary.include)
    let keys = Vocabulary.include + Vocabulary.common
    guard let fields = Fields(self, node, "“include”", keys: keys),
      let file = fields.required("file")
    else { return nil }
    return (file, fields.node("with"))
  }

  private func includePath(_ text: String, at node: YAMLNode) -> String? {
    guard [".yaml", ".yml"].contains(where: text.lowercased().hasSuffix) else {
      fail(node, "“\(text)” is no YAML file", help: "only .yaml and .yml files can be included")
      return nil
    }
    switch workspace.find(text, from: fileStack.last ?? "", in: project) {
    case .found(let path): return path
    case .outside:
      fail(node, "“\(text)” is outside the project", help: "keep it under \(project.root)")
    case .missing:
      fail(
        node, "there is no file “\(text)”",
        help: "its path starts at this file's folder or at the project root, \(project.root)")
    }
    return nil
  }

  private func mayInclude(_ path: String, at node: YAMLNode) -> Bool {
    workspace.included.insert(path)
    if let start = fileStack.firstIndex(of: path) {
      let circle = (fileStack[start...] + [path]).map { project.relative($0) }
      fail(node, "the file includes itself: \(circle.joined(separator: " → "))")
      return false
    }
    guard fileStack.count <= ScenarioBounds.deepestInclude else {
      fail(node, "includes are nested deeper than \(ScenarioBounds.deepestInclude)")
      return false
    }
    return true
  }

  /// The variables of `with`, filled in where the include stands.
  private func define(_ with: YAMLNode?, in scope: Scope) {
    guard let with else { return }
    guard let pairs = with.pairs else {
      return fail(with, "“with” must be a mapping, not \(with.kindDescription)")
    }
    for pair in pairs where isVariableName(pair.key) {
      let value = template(pair.value, "the variable “\(pair.name)”")
      scope.define(pair.name, as: .value(value ?? Template(pair.name)))
    }
  }

  func isVariableName(_ key: YAMLNode) -> Bool {
    let name = key.text ?? ""
    if NameRule.isVariable(name) { return true }
    fail(
      key, "“\(name)” is no name for a variable",
      help: "letters, digits, “_”, “-” and “.”, a letter first, at most 64")
    return false
  }

  /// The content of an included file: a list of steps, or a mapping with `steps`.
  private func included(_ root: YAMLNode, defaultName: String) -> Step.Kind? {
    if root.elements != nil { return .group(name: defaultName, steps: steps(root, "the file")) }
    guard let fields = Fields(self, root, "an included file", keys: Vocabulary.scenario) else {
      return nil
    }
    for key in ["setup", "teardown", "matrix"] {
      guard let node = fields.node(key) else { continue }
      fail(node, "an included file cannot have “\(key)”", help: "move its steps to “steps”")
    }
    readSecrets(fields)
    readLanguage(fields)
    for pair in fields.node("variables")?.pairs ?? [] where isVariableName(pair.key) {
      // What the including file says wins.
      guard scope.owner(of: pair.name) == nil else { continue }
      scope.define(pair.name, as: .unread(pair.value, source))
    }
    guard let list = fields.required("steps") else { return nil }
    let name = fields.literal("name") ?? defaultName
    return .group(name: name, steps: steps(list, "“steps”"))
  }
}
