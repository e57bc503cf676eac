internal import Durations
internal import Diagnostics
internal import Hands
internal import Scenario
internal import YAML

extension CaseBuilder {
  /// What a step does, from its key and the value of it.
  func kind(_ key: String, _ node: YAMLNode) -> Step.Kind? {
    if Vocabulary.screenSteps.contains(key) { noteScreen(node) }
    if let verb = PointerVerb(rawValue: key) { return pointing(verb, node) }
    switch key {
    case "act":
      guard let line = filledTemplate(node, "“act”") else { return nil }
      if isLocal { refuseUnreadableTexts(of: line, at: node) }
      return .act(line)
    case "drag": return drag(node)
    case "scroll": return scroll(node)
    case "type": return typing(node).map { .type($0) }
    case "press": return pressing(node)
    case "hold": return holding(node, .down)
    case "release": return holding(node, .up)
    case "wait":
      let wait = wait(node)
      if case .time? = wait {} else { noteScreen(node) }
      return wait.map { .wait($0) }
    case "expect": return check(node).map { .expect($0) }
    case "ssh": return command(node).map { .ssh($0) }
    case "file": return fileDeed(node).map { .ssh($0) }
    case "run": return ownCommand(node).map { .ssh($0) }
    case "read": return reading(node).map { .read($0) }
    case "tool": return toolCall(node).map { .tool($0) }
    case "screenshot": return label(node, "a picture").map { .screenshot($0) }
    case "include": return include(node)
    case "group": return group(node)
    case "note": return template(node, "“note”").map { .note($0) }
    default: return nil
    }
  }

  func fields(_ node: YAMLNode, _ step: String, _ keys: [String], _ hint: String) -> Fields? {
    refuseCommonKeys(in: node, of: step, except: keys)
    return Fields(
      self, node, "“\(step)”", keys: keys + Vocabulary.common, hint: "write \(step): \(hint)")
  }

  private func drag(_ node: YAMLNode) -> Step.Kind? {
    guard let fields = fields(node, "drag", Vocabulary.drag, "{from: Card A, to: Done}") else {
      return nil
    }
    let from = fields.required("from").flatMap { target($0) }
    let to = fields.required("to").flatMap { target($0) }
    guard let from, let to else { return nil }
    let keys = Vocabulary.drag.filter { $0 != "from" && $0 != "to" }
    guard keys.contains(where: { fields.node($0) != nil }) else {
      return .drag(from: from, to: to)
    }
    return manner(fields, keys).map { .drag(from: from, to: to, manner: $0) }
  }

  private func scroll(_ node: YAMLNode) -> Step.Kind? {
    if node.pairs == nil {
      return direction(node).map { .scroll($0, notches: 3, at: nil) }
    }
    guard let fields = fields(node, "scroll", Vocabulary.scroll, "down") else { return nil }
    guard let direction = fields.required("direction").flatMap({ direction($0) }) else {
      return nil
    }
    let manner = fields.node("with") == nil ? nil : manner(fields, ["with"])
    if fields.node("with") != nil, manner == nil { return nil }
    return .scroll(
      direction, notches: fields.integer("amount", 1...100) ?? 3, at: fields.target("at"),
      manner: manner)
  }

  private func direction(_ node: YAMLNode) -> ScrollDirection? {
    guard let text = literal(node, "the direction") else { return nil }
    if let direction = ScrollDirection(rawValue: text) { return direction }
    let names = ScrollDirection.allCases.map(\.rawValue)
    fail(
      node, "unknown direction “\(text)”",
      help: Suggestion.question(for: text, among: names)
        ?? "it is one of: \(names.joined(separator: ", "))")
    return nil
  }

  private func typing(_ node: YAMLNode) -> Typing? {
    if node.pairs == nil { return template(node, "“type”").map { Typing(text: $0) } }
    guard let fields = fields(node, "type", Vocabulary.type, "{text: alice, into: User name}"),
      fields.required("text") != nil, let text = fields.template("text")
    else { return nil }
    let isShown = fields.bool("shown") ?? false
    if isShown, let fault = Self.faultOfShown(text, hasField: fields.node("into") != nil) {
      fail(fields.node("shown") ?? node, "“shown” \(fault.what)", help: fault.help)
      return nil
    }
    if isShown { refuseUnreadable(text, at: fields.node("text") ?? node) }
    return Typing(
      text: text, into: fields.target("into"), clear: fields.bool("clear") ?? false,
      enter: fields.bool("enter") ?? false, isShown: isShown, isPasted: fields.bool("paste"))
  }

  /// Why a text cannot be looked for in its field; nil when it can.
  private static func faultOfShown(
    _ text: Template, hasField: Bool
  ) -> (what: String, help: String)? {
    guard hasField else {
      return ("needs the field that must show the text", "add the key into: with its label")
    }
    if text.isEmpty { return ("has no text to look for", "leave it out") }
    let isOneLine = text.segments.allSatisfy { segment in
      guard case .literal(let text) = segment else { return true }
      return text.unicodeScalars.allSatisfy { $0.value >= 0x20 }
    }
    return isOneLine
      ? nil : ("is for a text of one line", "check a longer one with expect: and a part of it")
  }

  func chords(_ node: YAMLNode) -> [KeyChord]? {
    let nodes = node.elements ?? [node]
    if nodes.isEmpty { fail(node, "the step has no keys", help: "write ctrl+s or [Tab, Enter]") }
    let chords = nodes.compactMap { chord($0) }
    return chords.count == nodes.count && !chords.isEmpty ? chords : nil
  }

  private func chord(_ node: YAMLNode) -> KeyChord? {
    guard let text = literal(node, "a key") else { return nil }
    if let chord = KeyChord(parsing: text) { return chord }
    let names = KeyChord.namedKeys + KeyChord.modifiers
    let unknown = text.split(separator: "+").map(String.init).first {
      KeyChord.canonical($0) == nil
    }
    fail(
      node, "unknown key “\(unknown ?? text)”",
      help: unknown.flatMap { Suggestion.question(for: $0, among: names) }
        ?? "write one key or a chord such as ctrl+s; type: writes text")
    return nil
  }

  private func wait(_ node: YAMLNode) -> Wait? {
    if node.pairs == nil {
      let isText =
        node.text != nil && !node.isNull && node.integer == nil
        && Units.duration(node.text ?? "") == nil && node.text?.contains("${") != true
      if isText {
        fail(
          node, "“wait” must be a time such as 2s, not \(node.kindDescription)",
          help: "for a text write wait: {text: \(node.text ?? "")}")
        return nil
      }
      return pause(node)
    }
    guard let fields = fields(node, "wait", Vocabulary.wait, "2s or {text: Ready}"),
      let key = exactlyOne(of: Vocabulary.wait.filter { $0 != "region" }, in: fields)
    else { return nil }
    if let region = fields.node("region"), key == "time" || key == "settled" {
      fail(region, "“region” has no meaning beside “\(key)”", help: "remove it")
    }
    switch key {
    case "time": return fields.node("time").flatMap { pause($0) }
    case "settled": return fields.duration("settled").map { .settled($0) }
    case "text":
      return fields.seenTemplate("text").map { .text($0, region: fields.region("region")) }
    default:
      return fields.seenTemplate("absent").map { .absent($0, region: fields.region("region")) }
    }
  }

  /// A time that must fit into the limit of the case.
  private func pause(_ node: YAMLNode) -> Wait? {
    guard let time = duration(node, "“wait”") else { return nil }
    timeouts.append((time, node, source))
    return .time(time)
  }

  private func reading(_ node: YAMLNode) -> Reading? {
    if node.pairs == nil {
      return (isLocal ? seenTemplate(node, "“read”") : filledTemplate(node, "“read”"))
        .map { Reading(what: $0) }
    }
    guard let fields = fields(node, "read", Vocabulary.read, "{what: order number, as: order}"),
      fields.required("what") != nil,
      let what = isLocal ? fields.seenTemplate("what") : fields.filledTemplate("what")
    else { return nil }
    return Reading(
      what: what, region: fields.region("region"), matches: fields.seenPattern("matches"),
      nth: fields.integer("nth", 1...1_000),
      near: isLocal ? fields.seenTemplate("near") : fields.filledTemplate("near"))
  }

  private func group(_ node: YAMLNode) -> Step.Kind? {
    guard let fields = fields(node, "group", Vocabulary.group, "{name: Check out, steps: […]}")
    else { return nil }
    let name = fields.required("name") == nil ? nil : fields.literal("name")
    let list = fields.required("steps")
    if list?.elements?.isEmpty == true, let list { fail(list, "the group has no steps") }
    let steps = list.map { self.steps($0, "“steps”") } ?? []
    return name.map { .group(name: $0, steps: steps) }
  }
}
