internal import Diagnostics
internal import Scenario
internal import YAML

extension CaseBuilder {
  /// The text of a scalar with its variables filled in; nil after an error.
  func template(_ node: YAMLNode, _ what: String) -> Template? {
    guard let text = scalarText(node, what) else { return nil }
    return fill(text, at: node)
  }

  /// The same for a text that must be whole before the case runs: no secret and no result in it.
  func literal(_ node: YAMLNode, _ what: String) -> String? {
    guard let template = template(node, what) else { return nil }
    guard let text = template.literal else {
      let held = template.secrets.isEmpty ? "the result of a step" : "a secret"
      fail(
        node, "\(what) cannot hold \(held)",
        help: "secrets and results are known only while the case runs; use a variable here")
      return nil
    }
    return text
  }

  /// A text of which something must be left after its variables are filled in.
  func filledTemplate(_ node: YAMLNode, _ what: String) -> Template? {
    guard let template = template(node, what) else { return nil }
    let isBlank =
      template.literal.map { $0.allSatisfy(\.isWhitespace) } ?? false
    if isBlank {
      fail(node, "\(what) is empty")
      return nil
    }
    return template
  }

  private func scalarText(_ node: YAMLNode, _ what: String) -> String? {
    guard let text = node.text, !node.isNull else {
      let help =
        node.isNull && node.text?.isEmpty == false ? "put it in quotes if it is meant as text" : nil
      fail(node, "\(what) must be a text, not \(node.kindDescription)", help: help)
      return nil
    }
    return text
  }

  /// Fills in the variables of a text; nil after an error.
  func fill(_ text: String, at node: YAMLNode) -> Template? {
    var segments: [Template.Segment] = []
    var isWhole = true
    for piece in TemplateScanner.pieces(of: text) {
      switch piece {
      case .literal(let text): segments.append(.literal(text))
      case .variable(let name, let fallback, let token):
        guard let value = value(of: name, fallback: fallback, token: token, at: node) else {
          isWhole = false
          continue
        }
        segments += checked(value.segments, token: token, at: node)
      case .result(let path, let token):
        segments += checked([.result(path)], token: token, at: node)
      case .broken(let token, let problem):
        fail(node, at: token, problem)
        isWhole = false
      }
    }
    guard isWhole, isShort(segments, at: node) else { return nil }
    return Template(segments)
  }

  /// A text may name a variable many times, and that variable another: growth has a limit.
  private func isShort(_ segments: [Template.Segment], at node: YAMLNode) -> Bool {
    let length = segments.reduce(0) { sum, segment in
      guard case .literal(let text) = segment else { return sum + 16 }
      return sum + text.utf8.count
    }
    guard length > ScenarioBounds.longestText else { return true }
    fail(node, "longer than \(ScenarioBounds.longestText / 1024) KiB with its variables filled in")
    return false
  }

  /// While a variable is read, nothing is known of when it will be used; its results are checked there.
  private func checked(
    _ segments: [Template.Segment], token: String, at node: YAMLNode
  ) -> [Template.Segment] {
    guard !isReadingVariable else { return segments }
    return segments.map { segment in
      guard case .result(let path) = segment else { return segment }
      return .result(resultPath(path, token: token, at: node))
    }
  }

  private var isReadingVariable: Bool { !scope.open.isEmpty }

  /// The full path of a result that an earlier step has: `order` becomes `order.value`.
  private func resultPath(_ path: String, token: String, at node: YAMLNode) -> String {
    let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
    guard let fields = results[parts[0]] else {
      fail(
        node, at: token, "no earlier step is named “\(parts[0])”",
        help: Suggestion.question(for: parts[0], among: results.keys.sorted())
          ?? "name the step whose result it is with `as: \(parts[0])`")
      return path
    }
    guard parts.count == 2 else { return "\(path).\(fields.main)" }
    if fields.hasJSON,
      parts[1] == "json" || parts[1].hasPrefix("json.")
        || parts[1].hasPrefix("json[")
    {
      return path
    }
    if let all = fields.all, !all.contains(parts[1]) {
      fail(
        node, at: token, "the result “\(parts[0])” has no “\(parts[1])”",
        help: Suggestion.question(for: parts[1], among: all)
          ?? "it has: \(all.joined(separator: ", "))")
    }
    return path
  }
}

extension CaseBuilder {
  /// What `${name}` stands for: a secret, a variable, the environment, or the fallback.
  private func value(
    of name: String, fallback: String?, token: String, at node: YAMLNode
  ) -> Template? {
    if secrets.contains(name) {
      if let fallback, workspace.environment[name] == nil { return Template(fallback) }
      return Template([.secret(name)])
    }
    if let owner = scope.owner(of: name) {
      return variable(name, of: owner, token: token, at: node)
    }
    if let value = workspace.environment[name], fallback == nil || !value.isEmpty {
      guard NameRule.looksSecret(name) else { return Template(value) }
      secrets.append(name)
      return Template([.secret(name)])
    }
    if let fallback { return Template(fallback) }
    let known = scope.names + secrets
    fail(
      node, at: token, "unknown variable “\(name)”",
      help: Suggestion.question(for: name, among: known)
        ?? Suggestion.question(for: name, among: workspace.environment.keys.sorted())
        ?? "define it under `variables:`, in the environment, or write ${\(name):-default}")
    return nil
  }

  private func variable(
    _ name: String, of owner: Scope, token: String, at node: YAMLNode
  ) -> Template? {
    switch owner[name] {
    case nil: return nil
    case .value(let template): return template
    case .unread(let definition, let file):
      if owner.open.contains(name) {
        let circle = (owner.open.drop { $0 != name } + [name]).joined(separator: " → ")
        fail(node, at: token, "the variable “\(name)” holds itself: \(circle)")
        return nil
      }
      let filled = readVariable(name, definition, in: file, owner: owner)
      // After an error the name stands in for the value, so that the error is told once.
      let value = filled ?? Template(name)
      owner.define(name, as: .value(value))
      return value
    }
  }

  private func readVariable(
    _ name: String, _ node: YAMLNode, in file: SourceText, owner: Scope
  ) -> Template? {
    let inner = scope
    scope = owner
    owner.begin(name)
    defer {
      owner.end()
      scope = inner
    }
    return within(file) { template(node, "the variable “\(name)”") }
  }
}

extension Template {
  /// The text, when nothing but text is in it.
  var literal: String? {
    var text = ""
    for segment in segments {
      guard case .literal(let piece) = segment else { return nil }
      text += piece
    }
    return text
  }
}
