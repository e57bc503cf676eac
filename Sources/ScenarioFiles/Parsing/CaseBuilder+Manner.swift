internal import Diagnostics
internal import Hands
internal import Scenario
internal import YAML

/// How a button is pressed, a wheel turned or a key held, where that is said.
extension CaseBuilder {
  /// A step that presses at a target, or only goes there.
  func pointing(_ verb: PointerVerb, _ node: YAMLNode) -> Step.Kind? {
    let keys = Vocabulary.manner(of: verb)
    guard let target = target(node, also: keys) else { return nil }
    guard let pairs = node.pairs, pairs.contains(where: { keys.contains($0.name) }) else {
      return .point(verb, target)
    }
    guard
      let fields = Fields(self, node, "“\(verb.rawValue)”", keys: pairs.map(\.name)),
      let manner = manner(fields, keys)
    else { return nil }
    return .point(verb, target, manner)
  }

  /// What of these keys is said; nil when some of it is wrong.
  func manner(_ fields: Fields, _ keys: [String]) -> Manner? {
    let said = keys.filter { fields.node($0) != nil }
    let manner = Manner(
      button: fields.node("button").flatMap { button($0) },
      times: keys.contains("times") ? fields.integer("times", 1...10) : nil,
      with: fields.node("with").flatMap { modifiers($0) },
      hold: keys.contains("hold") ? held(fields) : nil,
      via: keys.contains("via") ? fields.node("via").flatMap { places($0) } : nil)
    let read: [Any?] = [manner.button, manner.times, manner.with, manner.hold, manner.via]
    return read.count { $0 != nil } == said.count ? manner : nil
  }

  /// A time that a button or a key stays down.
  func held(_ fields: Fields) -> Duration? {
    guard let node = fields.node("hold"), let time = fields.duration("hold") else { return nil }
    guard time <= .seconds(60) else {
      fail(node, "“hold” must be at most 60s")
      return nil
    }
    timeouts.append((time, node, source))
    return time
  }

  private func button(_ node: YAMLNode) -> PointerButton? {
    guard let text = literal(node, "“button”") else { return nil }
    if let button = PointerButton(rawValue: text) { return button }
    let names = PointerButton.allCases.map(\.rawValue)
    fail(
      node, "unknown button “\(text)”",
      help: Suggestion.question(for: text, among: names)
        ?? "it is one of: \(names.joined(separator: ", "))")
    return nil
  }

  /// Modifiers: `ctrl`, `ctrl+shift` or a list.
  private func modifiers(_ node: YAMLNode) -> [String]? {
    let nodes = node.elements ?? [node]
    var names: [String] = []
    for node in nodes {
      guard let text = literal(node, "“with”") else { return nil }
      let keys = KeyChord(parsing: text)?.keys ?? [text]
      for key in keys {
        guard KeyChord.modifiers.contains(key), !names.contains(key) else {
          let isTwice = names.contains(key)
          fail(
            node, isTwice ? "“\(key)” is held twice" : "“\(key)” is no key that is held meanwhile",
            help: isTwice
              ? "remove one" : "these are: \(KeyChord.modifiers.joined(separator: ", "))")
          return nil
        }
        names.append(key)
      }
    }
    if names.isEmpty { fail(node, "“with” has no keys") }
    return names.isEmpty ? nil : names
  }

  private func places(_ node: YAMLNode) -> [Target]? {
    guard let elements = list(node, "“via”") else { return nil }
    guard (1...20).contains(elements.count) else {
      fail(node, "“via” must have 1 to 20 targets, not \(elements.count)")
      return nil
    }
    let targets = elements.compactMap { target($0) }
    return targets.count == elements.count ? targets : nil
  }

  /// `press`: chords, or a mapping that says how long they are held.
  func pressing(_ node: YAMLNode) -> Step.Kind? {
    guard node.pairs != nil else { return chords(node).map { .press($0) } }
    guard
      let fields = fields(node, "press", Vocabulary.press, "ctrl+s or {keys: space, hold: 2s}"),
      let keys = fields.required("keys").flatMap({ chords($0) })
    else { return nil }
    guard fields.node("hold") != nil else { return .press(keys) }
    return held(fields).map { .press(keys, .hold($0)) }
  }

  /// `hold` and `release`: keys that go down, or up again.
  func holding(_ node: YAMLNode, _ manner: KeyManner) -> Step.Kind? {
    chords(node).map { .press($0, manner) }
  }
}
