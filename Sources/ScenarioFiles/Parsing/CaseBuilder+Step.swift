internal import Diagnostics
internal import Scenario
internal import YAML

extension CaseBuilder {
  /// The steps of a list.
  func steps(_ node: YAMLNode, _ what: String) -> [Step] {
    guard let elements = list(node, what) else { return [] }
    return elements.compactMap { step($0) }
  }

  /// One step: a mapping with exactly one key of the vocabulary and any of the common ones.
  func step(_ node: YAMLNode) -> Step? {
    guard mayAddStep(at: node) else { return nil }
    guard let pairs = node.pairs else {
      failBare(node)
      return nil
    }
    for pair in pairs where !isKnown(pair.name) { failUnknownStep(pair.key) }
    let found = pairs.filter { Vocabulary.steps.contains($0.name) }
    guard let pair = found.first, found.count == 1 else {
      failCount(node, found)
      return nil
    }
    let fields = Fields(self, node, "the step", keys: pairs.map(\.name))
    return fields.flatMap { step(pair, $0) }
  }

  private func mayAddStep(at node: YAMLNode) -> Bool {
    stepCount += 1
    if stepCount == ScenarioBounds.mostSteps + 1 {
      fail(node, "more than \(ScenarioBounds.mostSteps) steps in one case, includes counted")
    }
    return stepCount <= ScenarioBounds.mostSteps
  }

  private func isKnown(_ key: String) -> Bool {
    Vocabulary.steps.contains(key) || Vocabulary.common.contains(key)
  }

  private func failUnknownStep(_ key: YAMLNode) {
    let word = key.text ?? ""
    fail(
      key, "unknown step “\(word)”",
      help: Suggestion.question(for: word, among: Vocabulary.steps + Vocabulary.common)
        ?? "a step is one of: \(Vocabulary.steps.joined(separator: ", "))")
  }

  private func failCount(_ node: YAMLNode, _ found: [YAMLPair]) {
    if let second = found.dropFirst().first {
      fail(
        second.key, "a second action, “\(second.name)”, beside “\(found[0].name)”",
        help: "write it as a step of its own: - \(second.name): …")
    } else if node.pairs?.allSatisfy({ isKnown($0.name) }) ?? true {
      fail(
        node, "the step says nothing to do",
        help: "a step is one of: \(Vocabulary.steps.joined(separator: ", "))")
    }
  }

  private func failBare(_ node: YAMLNode) {
    let word = node.text?.split(separator: " ").first.map(String.init) ?? ""
    let rest = node.text?.dropFirst(word.count).drop { $0 == " " } ?? ""
    let help =
      if Vocabulary.steps.contains(word) {
        "write - \(word): \(rest.isEmpty ? "…" : String(rest))"
      } else if node.text != nil, !node.isNull {
        "write - act: \(node.text ?? "")"
      } else {
        "write - click: Sign in"
      }
    fail(node, "a step must be a key and its value, not \(node.kindDescription)", help: help)
  }

  private func step(_ pair: YAMLPair, _ fields: Fields) -> Step? {
    // `as` is known to later steps only, so the step itself is read first.
    let lane = lane(fields) ?? .auto
    // Steps of a group say for themselves who does them.
    let outer = isLocal
    isLocal = lane != .model
    let kind = self.kind(pair.name, pair.value)
    isLocal = outer
    let condition = fields.node("when").flatMap { self.condition($0) }
    let name = self.resultName(pair, fields)
    guard let kind else { return nil }
    return Step(
      kind, name: fields.node("name").flatMap { literal($0, "“name”") }, resultName: name,
      timeout: self.timeout(fields), isOptional: fields.bool("optional") ?? false,
      condition: condition,
      retry: fields.node("retry").flatMap { self.retry($0) }, lane: lane,
      language: pair.name == "act" ? language : nil,
      settle: watch(fields, "settle"),
      location: location(of: pair.key), text: pair.stepText)
  }

  private func timeout(_ fields: Fields) -> Duration? {
    guard let node = fields.node("timeout"), let timeout = fields.duration("timeout") else {
      return nil
    }
    timeouts.append((timeout, node, source))
    return timeout
  }

  private func lane(_ fields: Fields) -> Step.Lane? {
    guard let node = fields.node("lane"), let text = literal(node, "“lane”") else { return nil }
    if let lane = Step.Lane(rawValue: text) { return lane }
    let names = Step.Lane.allCases.map(\.rawValue)
    fail(
      node, "unknown lane “\(text)”",
      help: Suggestion.question(for: text, among: names)
        ?? "it is one of: \(names.joined(separator: ", "))")
    return nil
  }

  private func retry(_ node: YAMLNode) -> Step.Retry? {
    guard let fields = Fields(self, node, "a retry", keys: Vocabulary.retry),
      fields.required("times") != nil, let times = fields.integer("times", 1...100)
    else { return nil }
    return Step.Retry(times: times, every: fields.duration("every") ?? .seconds(1))
  }

  /// `as:` of the step, or of a `read` that has it inside, and what the result holds.
  private func resultName(_ pair: YAMLPair, _ fields: Fields) -> String? {
    var node = fields.node("as")
    if pair.name == "read", let inner = pair.value["as"] {
      if let outer = node { fail(outer, "the step has “as” twice", help: "remove one of them") }
      node = inner
    }
    guard let node else {
      if pair.name == "read" {
        fail(pair.key, "what is read needs a name", help: "add as: NAME")
      }
      return nil
    }
    guard let name = literal(node, "“as”") else { return nil }
    guard NameRule.isResult(name) else {
      fail(
        node, "“\(name)” is no name for a result",
        help: "letters, digits, “_” and “-”, a letter first, at most 64")
      return nil
    }
    results[name] = Self.resultFields(of: pair.name)
    return name
  }

  /// What the result of a step holds.
  static func resultFields(of step: String) -> ResultFields {
    // Every step has these, whatever it does.
    let usual = ["status", "reason", "seconds"]
    return switch step {
    case "read": ResultFields(main: "value", all: ["value"] + usual)
    case "ssh", "run":
      ResultFields(main: "stdout", all: ["stdout", "stderr", "exit"] + usual, hasJSON: true)
    case "file": ResultFields(main: "path", all: ["path"] + usual)
    case "tool": ResultFields(main: "text", all: nil)
    case "group", "include": ResultFields(main: "status", all: ["status", "reason"])
    default: ResultFields(main: "status", all: usual)
    }
  }

  /// `"{{ a.b }} == text"`: two sides with `==` or `!=` between them, each in quotes or not.
  private func condition(_ node: YAMLNode) -> Step.Condition? {
    guard let text = node.text, !node.isNull else {
      fail(node, "“when” must be a comparison, not \(node.kindDescription)")
      return nil
    }
    for comparison in Step.Condition.Comparison.allCases {
      guard let mark = text[...].range(of: comparison.rawValue) else { continue }
      guard let left = fill(Self.side(text[..<mark.lowerBound]), at: node),
        let right = fill(Self.side(text[mark.upperBound...]), at: node)
      else { return nil }
      return Step.Condition(left: left, comparison: comparison, right: right)
    }
    fail(
      node, "“when” must compare two texts with == or !=",
      help: #"write when: "{{ order.value }} == 12""#)
    return nil
  }

  private static func side(_ text: Substring) -> String {
    let trimmed = text.trimmed
    guard trimmed.count >= 2, let quote = trimmed.first, quote == "'" || quote == "\"",
      trimmed.last == quote
    else { return String(trimmed) }
    return String(trimmed.dropFirst().dropLast())
  }
}

extension Substring {
  /// Without white space at both ends.
  var trimmed: Substring {
    let start = drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return start[...last]
  }
}
