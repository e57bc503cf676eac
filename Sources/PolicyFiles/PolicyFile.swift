public import Diagnostics
internal import Durations
public import Policy
internal import YAML

extension Policy {
  /// Reads the file of an operator.
  ///
  /// - Throws: everything that is wrong with it; a policy with a mistake permits nothing and is none.
  public init(_ source: SourceText) throws(PolicyErrors) {
    var reader = PolicyFile(source: source)
    let policy = reader.policy()
    guard reader.errors.isEmpty else { throw PolicyErrors(diagnostics: reader.errors) }
    self = policy
  }
}

/// What is wrong with a policy file.
public struct PolicyErrors: Error, Hashable, Sendable {
  /// Each with its place.
  public var diagnostics: [Diagnostic]

  /// Errors.
  public init(diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}

/// Reads `qa-agent.policy.yaml`.
struct PolicyFile {
  let source: SourceText
  var errors: [Diagnostic] = []
  private var ids: [String: Int] = [:]

  init(source: SourceText) { self.source = source }

  mutating func policy() -> Policy {
    var policy = Policy()
    policy.file = source.file
    let root: YAMLNode?
    do throws(Diagnostic) {
      root = try YAMLParser.parse(source)
    } catch {
      errors.append(error)
      return policy
    }
    guard let root else {
      errors.append(
        Diagnostic(
          file: source.file, message: "the policy is empty",
          suggestion: "begin it with “version: 1”"))
      return policy
    }
    let keys = ["version", "target", "defaults", "deny", "ask", "allow", "limits"]
    guard let fields = fields(root, "a policy", keys) else { return policy }
    readVersion(root, fields)
    if let node = fields["target"] {
      policy.target = word(node, "“target”", Policy.Target.self) ?? .persistent
    }
    if let node = fields["defaults"] { policy.defaults = defaults(node, policy.target) }
    for decision in [Decision.deny, .ask, .allow] {
      guard let node = fields[decision.rawValue] else { continue }
      policy.rules += rules(node, decision)
    }
    if let node = fields["limits"] { policy.limits = limits(node) }
    return policy
  }

  private mutating func readVersion(_ root: YAMLNode, _ fields: [String: YAMLNode]) {
    guard let version = fields["version"] else {
      return fail(root, "a policy needs a version", help: "write “version: 1”")
    }
    if version.integer != 1 {
      fail(
        version, "the version must be 1, not \(version.kindDescription)", help: "write “version: 1”"
      )
    }
  }

  private mutating func defaults(
    _ node: YAMLNode, _ target: Policy.Target
  ) -> [CommandClass: Decision] {
    var defaults: [CommandClass: Decision] = [:]
    let names = CommandClass.allCases.map(\.rawValue)
    for (name, value) in fields(node, "“defaults”", names) ?? [:] {
      guard let commandClass = CommandClass(rawValue: name),
        let decision = word(value, "the default of “\(name)”", Decision.self)
      else { continue }
      let loosest = Policy.loosest(commandClass, target)
      if decision < loosest {
        fail(
          value,
          "the default of “\(name)” cannot be looser than “\(loosest.rawValue)” on a \(target.rawValue) target",
          help: "permit single commands with rules under “allow”")
      }
      defaults[commandClass] = decision
    }
    return defaults
  }

  private mutating func limits(_ node: YAMLNode) -> Policy.Limits {
    var limits = Policy.Limits()
    let fields = fields(node, "“limits”", ["timeout", "output", "commands"]) ?? [:]
    if let value = fields["timeout"] {
      limits.timeout = value.text.flatMap { Units.duration($0) }
      if limits.timeout.map({ $0 < .milliseconds(100) }) ?? true {
        fail(value, "“timeout” must be a time such as 60s, not \(value.kindDescription)")
      }
    }
    if let value = fields["output"] {
      limits.output = value.text.flatMap(Self.bytes)
      if limits.output == nil {
        fail(
          value,
          "“output” must be a size such as 64KiB or 1MiB, at most 8MiB, not \(value.kindDescription)"
        )
      }
    }
    if let value = fields["commands"] {
      limits.commands = value.integer.flatMap { (1...10_000).contains($0) ? $0 : nil }
      if limits.commands == nil {
        fail(value, "“commands” must be a number from 1 to 10000, not \(value.kindDescription)")
      }
    }
    return limits
  }

  private static func bytes(_ text: String) -> Int? {
    let units = [("KiB", 1 << 10), ("MiB", 1 << 20), ("B", 1)]
    guard let (unit, scale) = units.first(where: { text.hasSuffix($0.0) }),
      let number = Int(text.dropLast(unit.count)), (1...(8 << 20)).contains(number),
      number * scale <= 8 << 20
    else { return nil }
    return number * scale
  }
}

// MARK: - Rules

extension PolicyFile {
  private static let mostRules = 500

  private mutating func rules(_ node: YAMLNode, _ decision: Decision) -> [PolicyRule] {
    guard let elements = node.elements else {
      fail(node, "“\(decision.rawValue)” must be a list of rules, not \(node.kindDescription)")
      return []
    }
    if elements.count > Self.mostRules {
      fail(node, "\(elements.count) rules are more than \(Self.mostRules)")
    }
    return elements.compactMap { rule($0, decision) }
  }

  private mutating func rule(_ node: YAMLNode, _ decision: Decision) -> PolicyRule? {
    var keys = ["id", "because", "match", "no_match", "command", "class"]
    keys += decision == .allow ? ["accepts", "writes"] : ["any_word"]
    guard let fields = fields(node, "a rule", keys), let id = id(node, fields),
      let subject = subject(node, fields)
    else { return nil }
    let rule = PolicyRule(
      id: id, decision: decision, file: source.file, line: node.line, subject: subject,
      because: fields["because"].flatMap { text($0, "“because”") },
      accepts: fields["accepts"].map { classes($0, "“accepts”") } ?? [],
      writes: fields["writes"].map { globs($0, "“writes”") } ?? [])
    guard isSafe(rule, node) else { return nil }
    tryExamples(of: rule, fields)
    return rule
  }

  private mutating func id(_ node: YAMLNode, _ fields: [String: YAMLNode]) -> String? {
    guard let field = fields["id"] else {
      fail(node, "a rule needs an id", help: "write “id: a-short-name”; rulings name it")
      return nil
    }
    guard let id = text(field, "“id”") else { return nil }
    let isName =
      id.utf8.count <= 64
      && id.unicodeScalars.allSatisfy { scalar in
        scalar == "-" || scalar == "_" || ("a"..."z").contains(scalar)
          || ("0"..."9").contains(scalar)
      }
    guard isName else {
      fail(field, "“\(id)” is no id", help: "an id has small letters, digits, - and _")
      return nil
    }
    if let line = ids[id] {
      fail(field, "a second rule “\(id)”; the first is on line \(line)", help: "give it another id")
      return nil
    }
    ids[id] = node.line
    return id
  }

  private mutating func subject(
    _ node: YAMLNode, _ fields: [String: YAMLNode]
  ) -> PolicyRule.Subject? {
    let given = ["command", "any_word", "class"].filter { fields[$0] != nil }
    guard given.count == 1, let value = fields[given[0]] else {
      fail(
        node, given.isEmpty ? "a rule must say what it looks at" : "a rule looks at one thing",
        help: "give it one of “command”, “any_word” (not under “allow”) and “class”")
      return nil
    }
    switch given[0] {
    case "command": return command(value).map { .command($0) }
    case "any_word":
      let globs = globs(value, "“any_word”")
      return globs.isEmpty ? nil : .anyWord(globs)
    default:
      let classes = classes(value, "“class”")
      return classes.isEmpty ? nil : .classes(classes)
    }
  }

  private mutating func command(_ node: YAMLNode) -> CommandPattern? {
    do throws(CommandPattern.Fault) {
      if let elements = node.elements {
        return try CommandPattern(words: elements.compactMap { text($0, "a word of “command”") })
      }
      guard let text = text(node, "“command”") else { return nil }
      return try CommandPattern(text)
    } catch {
      fail(node, error.message)
      return nil
    }
  }

  /// What a rule that permits must not leave open.
  private mutating func isSafe(_ rule: PolicyRule, _ node: YAMLNode) -> Bool {
    guard rule.decision == .allow, case .command(let pattern) = rule.subject else { return true }
    guard case .one(let program)? = pattern.words.first, program.isLiteral else {
      fail(
        node, "the rule “\(rule.id)” permits any program",
        help: "write the program's name without wildcards, or permit a class")
      return false
    }
    return true
  }

  private mutating func tryExamples(of rule: PolicyRule, _ fields: [String: YAMLNode]) {
    for (key, isWanted) in [("match", true), ("no_match", false)] {
      guard let node = fields[key] else { continue }
      for example in list(node, "“\(key)”") {
        guard let text = text(example, "an example") else { continue }
        guard rule.fits(text) != isWanted else { continue }
        fail(
          example,
          "the rule “\(rule.id)” \(isWanted ? "does not fit" : "fits") its example “\(text)”",
          help: "mend the rule, or move the example to “\(isWanted ? "no_match" : "match")”")
      }
    }
  }
}

// MARK: - Nodes

extension PolicyFile {
  private mutating func fail(_ node: YAMLNode, _ message: String, help: String? = nil) {
    errors.append(
      source.error(line: node.line, column: node.column, text: node.text, message, help: help))
  }

  private mutating func fields(
    _ node: YAMLNode, _ what: String, _ keys: [String]
  ) -> [String: YAMLNode]? {
    guard let pairs = node.pairs else {
      fail(node, "\(what) must be a mapping, not \(node.kindDescription)")
      return nil
    }
    var fields: [String: YAMLNode] = [:]
    for pair in pairs {
      if keys.contains(pair.name) {
        fields[pair.name] = pair.value
      } else {
        fail(
          pair.key, "\(what) has no key “\(pair.name)”",
          help: Suggestion.question(for: pair.name, among: keys)
            ?? "the keys are \(keys.joined(separator: ", "))")
      }
    }
    return fields
  }

  private mutating func text(_ node: YAMLNode, _ what: String) -> String? {
    guard let text = node.text, !node.isNull, !text.allSatisfy(\.isWhitespace) else {
      fail(node, "\(what) must be a text, not \(node.kindDescription)")
      return nil
    }
    return text
  }

  private mutating func list(_ node: YAMLNode, _ what: String) -> [YAMLNode] {
    guard let elements = node.elements, !elements.isEmpty else {
      fail(
        node,
        "\(what) must be a list, not \(node.elements == nil ? node.kindDescription : "an empty one")"
      )
      return []
    }
    return elements
  }

  private mutating func word<Value: RawRepresentable & CaseIterable>(
    _ node: YAMLNode, _ what: String, _ type: Value.Type
  ) -> Value? where Value.RawValue == String {
    if let value = node.text.flatMap(Value.init(rawValue:)) { return value }
    let names = Value.allCases.map(\.rawValue)
    fail(
      node, "\(what) must be one of \(names.joined(separator: ", ")), not \(node.kindDescription)",
      help: node.text.flatMap { Suggestion.question(for: $0, among: names) })
    return nil
  }

  /// One class or several.
  private mutating func classes(_ node: YAMLNode, _ what: String) -> [CommandClass] {
    let nodes = node.elements == nil ? [node] : list(node, what)
    return nodes.compactMap { word($0, what, CommandClass.self) }
  }

  private mutating func globs(_ node: YAMLNode, _ what: String) -> [Glob] {
    list(node, what).compactMap { element in
      guard let text = text(element, "an entry of \(what)") else { return nil }
      let fault = text.unicodeScalars.lazy.compactMap { Signs.fault(of: $0) }.first
      if text.contains(where: { "[]{}".contains($0) }) || fault != nil {
        fail(element, "“\(text)” is no pattern of a word", help: "only * and ? are wildcards")
        return nil
      }
      if Glob(text).tokens.allSatisfy({ $0 == .many }) {
        fail(element, "“\(text)” fits everything", help: "say which words are meant")
        return nil
      }
      return Glob(text)
    }
  }
}
