internal import Diagnostics
internal import Hands
internal import Scenario
internal import YAML

extension CaseBuilder {
  /// What a step is done to: a text, or a mapping that says more.
  ///
  /// - Parameter also: further keys of the mapping, which say how it is done.
  func target(_ node: YAMLNode, also: [String] = []) -> Target? {
    if node.pairs == nil, node.elements == nil {
      return (isLocal ? seenTemplate(node, "a target") : filledTemplate(node, "a target"))
        .map { Target(.text($0)) }
    }
    let keys = Vocabulary.targetKinds + Vocabulary.targetQualifiers + also
    guard let fields = Fields(self, node, "a target", keys: keys, hint: "write a text or a mapping")
    else { return nil }
    guard let key = exactlyOne(of: Vocabulary.targetKinds, in: fields) else { return nil }
    refuseIdleQualifiers(fields, kind: key)
    guard let kind = targetKind(key, fields) else { return nil }
    return Target(
      kind, exact: fields.bool("exact") ?? false, nth: fields.integer("nth", 1...1_000),
      near: targetText(fields, "near"), leftOf: targetText(fields, "left_of"),
      rightOf: targetText(fields, "right_of"), above: targetText(fields, "above"),
      below: targetText(fields, "below"), region: fields.region("region"),
      noun: fields.node("kind").flatMap { noun($0) })
  }

  private func noun(_ node: YAMLNode) -> TargetKind? {
    guard let text = literal(node, "“kind”") else { return nil }
    if let noun = TargetKind(rawValue: text) { return noun }
    let names = TargetKind.allCases.map(\.rawValue)
    fail(
      node, "unknown kind “\(text)” of a target",
      help: Suggestion.question(for: text, among: names)
        ?? "there are: \(names.joined(separator: ", "))")
    return nil
  }

  /// A text of a target, which must be readable unless a model alone looks for it.
  private func targetText(_ fields: Fields, _ key: String) -> Template? {
    isLocal ? fields.seenTemplate(key) : fields.filledTemplate(key)
  }

  private func targetKind(_ key: String, _ fields: Fields) -> Target.Kind? {
    switch key {
    case "text": targetText(fields, "text").map { .text($0) }
    case "image":
      fields.node("image").flatMap { picture($0) }.map { .image($0, likeness(fields)) }
    case "at": fields.node("at").flatMap { point($0) }
    default: fields.filledTemplate("describe").map { .describe($0) }
    }
  }

  /// How like a picture the screen must be.
  func likeness(_ fields: Fields) -> Likeness {
    Likeness(
      fields.share("similarity") ?? Likeness.usual, anySize: fields.bool("any_size") ?? false,
      anyColor: fields.bool("any_color") ?? false)
  }

  /// A qualifier that would be ignored is an error: somebody believes that it does something.
  private func refuseIdleQualifiers(_ fields: Fields, kind: String) {
    let useful: [String] =
      switch kind {
      case "text": Vocabulary.targetQualifiers.filter { !Vocabulary.likeness.contains($0) }
      case "image": Vocabulary.targetQualifiers.filter { $0 != "exact" && $0 != "kind" }
      case "describe": ["region"]
      default: []
      }
    for key in Vocabulary.targetQualifiers where !useful.contains(key) {
      guard let node = fields.node(key) else { continue }
      fail(node, "“\(key)” has no meaning beside “\(kind)”", help: "remove it")
    }
  }

  /// The one key of several that a mapping must have.
  func exactlyOne(of keys: [String], in fields: Fields) -> String? {
    let given = keys.filter { fields.node($0) != nil }
    if given.count == 1 { return given[0] }
    if given.isEmpty, fields.hasUnknownKeys { return nil }
    let list = keys.joined(separator: ", ")
    if given.isEmpty {
      fail(fields.node, "\(fields.what) needs one of the keys: \(list)")
    } else {
      let both = given.map { "“\($0)”" }.joined(separator: " and ")
      fail(
        fields.node, "\(fields.what) has \(both)", help: "only one of them may be given: \(list)")
    }
    return nil
  }

  private func point(_ node: YAMLNode) -> Target.Kind? {
    let numbers = node.elements?.map { integer($0, "a coordinate", 0...16_383) } ?? []
    guard numbers.count == 2 else {
      fail(node, "“at” must be two numbers, not \(node.kindDescription)", help: "write at: [x, y]")
      return nil
    }
    guard let x = numbers[0], let y = numbers[1] else { return nil }
    return .at(x: x, y: y)
  }

  /// `[x, y, width, height]` or the name of a part of the screen.
  func region(_ node: YAMLNode) -> Region? {
    if let elements = node.elements {
      guard elements.count == 4 else {
        fail(
          node, "a region must be four numbers", help: "write [x, y, width, height] or top-right")
        return nil
      }
      let corner = elements.prefix(2).map { integer($0, "a coordinate", 0...16_383) }
      let size = elements.suffix(2).map { integer($0, "a side of a region", 1...16_384) }
      guard let x = corner[0], let y = corner[1], let width = size[0], let height = size[1] else {
        return nil
      }
      return .pixels(x: x, y: y, width: width, height: height)
    }
    guard let text = literal(node, "a region") else { return nil }
    if let name = Region.Name(rawValue: text) { return .named(name) }
    let names = Region.Name.allCases.map(\.rawValue)
    fail(
      node, "unknown region “\(text)”",
      help: Suggestion.question(for: text, among: names)
        ?? "write [x, y, width, height] or one of: \(names.joined(separator: ", "))")
    return nil
  }

  /// The path of a picture under the project root.
  func picture(_ node: YAMLNode) -> String? { projectFile(node, "a picture") }

  /// A file of the project, by its path under the project root.
  ///
  /// - Parameter what: what it is, with its article.
  func projectFile(_ node: YAMLNode, _ what: String) -> String? {
    guard let text = literal(node, what) else { return nil }
    let noun = what.drop { $0 != " " }.dropFirst()
    guard !text.isEmpty else {
      fail(node, "the path of \(what) is empty")
      return nil
    }
    switch workspace.find(text, from: fileStack.last ?? "", in: project) {
    case .found(let path):
      workspace.named.insert(path)
      return project.relative(path)
    case .outside:
      fail(
        node, "the \(noun) “\(text)” is outside the project", help: "keep it under \(project.root)")
    case .missing:
      fail(
        node, "there is no \(noun) “\(text)”",
        help: "its path starts at the scenario's folder or at the project root, \(project.root)")
    }
    return nil
  }
}
