internal import Durations
internal import Diagnostics
internal import YAML

/// Reads the keys of `qa-agent.yaml` and of its profiles.
final class ConfigurationFile {
  /// A value that a file sets.
  struct Entry {
    var text: String
    var list: [String] = []
    var line: Int
  }

  /// What one mapping sets: the file's own, or a profile's.
  struct Layer {
    var values: [String: Entry] = [:]
    var servers: [String: MCPServer] = [:]
    var target: YAMLFragment?
  }

  private let source: SourceText
  private(set) var errors: [Diagnostic] = []
  private(set) var profiles: [String: Layer] = [:]
  private(set) var base = Layer()

  init(_ source: SourceText) {
    self.source = source
    do {
      guard let root = try YAMLParser.parse(source) else { return }
      base = layer(root, isProfile: false)
    } catch {
      errors.append(Self.withoutSecrets(error))
    }
  }

  /// Records an error.
  private func fail(
    _ node: YAMLNode, _ message: String, help: String? = nil, isSecret: Bool = false
  ) {
    let error = source.error(
      line: node.line, column: node.column, text: isSecret ? nil : node.text, message, help: help)
    errors.append(Self.withoutSecrets(error, isSecret: isSecret))
  }

  /// Without the source line, where somebody may have put a key into the file after all.
  private static func withoutSecrets(_ error: Diagnostic, isSecret: Bool = false) -> Diagnostic {
    var error = error
    let line = error.sourceLine?.lowercased() ?? ""
    let words = ["api", "key", "password", "secret", "token", "endpoint"]
    if isSecret || words.contains(where: { line.contains($0) }) { error.sourceLine = nil }
    return error
  }

  private func layer(_ node: YAMLNode, isProfile: Bool) -> Layer {
    var layer = Layer()
    guard let pairs = node.pairs else {
      if !node.isNull {
        fail(node, "the configuration must be a mapping, not \(node.kindDescription)")
      }
      return layer
    }
    for pair in pairs {
      switch pair.name {
      case "models": models(pair.value, into: &layer)
      case "mcp": servers(pair.value, into: &layer)
      case "target":
        guard mapping(pair.value, "“target”") != nil else { continue }
        layer.target = YAMLFragment(node: pair.value, source: source)
      case "profiles" where !isProfile: readProfiles(pair.value)
      default: read(pair, under: "", from: Setting.all, into: &layer)
      }
    }
    return layer
  }

  private func readProfiles(_ node: YAMLNode) {
    guard let pairs = mapping(node, "“profiles”") else { return }
    for pair in pairs { profiles[pair.name] = layer(pair.value, isProfile: true) }
  }

  private func mapping(_ node: YAMLNode, _ what: String) -> [YAMLPair]? {
    if node.pairs == nil { fail(node, "\(what) must be a mapping, not \(node.kindDescription)") }
    return node.pairs
  }

  /// Any role may be named; the built-in ones have variables too.
  private func models(_ node: YAMLNode, into layer: inout Layer) {
    for role in mapping(node, "“models”") ?? [] {
      guard isName(role.name) else {
        fail(role.key, "“\(role.name)” is no name for a role", help: "letters, digits and “_”")
        continue
      }
      let settings = Setting.role(role.name)
      for pair in mapping(role.value, "the role “\(role.name)”") ?? [] {
        read(pair, under: "models.\(role.name).", from: settings, into: &layer)
      }
    }
  }

  /// Reads a key, or the keys below it.
  private func read(
    _ pair: YAMLPair, under prefix: String, from settings: [Setting], into layer: inout Layer
  ) {
    let key = prefix + pair.name
    if let setting = settings.first(where: { $0.key == key }) {
      if let entry = entry(pair.value, setting) { layer.values[key] = entry }
    } else if settings.contains(where: { $0.key.hasPrefix(key + ".") }) {
      for below in mapping(pair.value, "“\(key)”") ?? [] {
        read(below, under: key + ".", from: settings, into: &layer)
      }
    } else {
      failUnknown(pair.key, under: prefix, settings)
    }
  }

  private func failUnknown(_ key: YAMLNode, under prefix: String, _ settings: [Setting]) {
    var names = Set(
      settings.filter { $0.key.hasPrefix(prefix) }
        .compactMap { $0.key.dropFirst(prefix.count).split(separator: ".").first.map(String.init) })
    if prefix.isEmpty { names.formUnion(["mcp", "models", "profiles", "target"]) }
    let word = key.text ?? ""
    fail(
      key, "unknown key “\(word)”\(prefix.isEmpty ? "" : " in “\(prefix.dropLast())”")",
      help: Suggestion.question(for: word, among: names.sorted())
        ?? "the keys are: \(names.sorted().joined(separator: ", "))")
  }

  private func entry(_ node: YAMLNode, _ setting: Setting) -> Entry? {
    if setting.kind == .list {
      return texts(node, "“\(setting.key)”").map { Entry(text: "", list: $0, line: node.line) }
    }
    if setting.kind == .names, node.elements != nil {
      guard let names = texts(node, "“\(setting.key)”") else { return nil }
      return read(names.joined(separator: ", "), node, setting)
    }
    guard let text = node.text, !node.isNull else {
      fail(node, "“\(setting.key)” must have a value, not \(node.kindDescription)")
      return nil
    }
    if setting.kind == .secret { return reference(text, node, setting) }
    return read(text, node, setting)
  }

  private func read(_ text: String, _ node: YAMLNode, _ setting: Setting) -> Entry? {
    do {
      return Entry(text: try SettingReader.read(text, as: setting), line: node.line)
    } catch {
      fail(node, error.message, help: error.help)
      return nil
    }
  }

  /// The name in `${NAME}`: a file is committed, so the value itself must not stand in it.
  private func reference(_ text: String, _ node: YAMLNode, _ setting: Setting) -> Entry? {
    let name = text.dropFirst(2).dropLast()
    guard text.hasPrefix("${"), text.hasSuffix("}"), isName(String(name)) else {
      fail(
        node, "“\(setting.key)” must be ${NAME}, not the key itself",
        help: "set NAME in the environment or in .env", isSecret: true)
      return nil
    }
    return Entry(text: String(name), line: node.line)
  }

  private func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 64
      && name.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
        default: false
        }
      }
  }

  private func texts(_ node: YAMLNode, _ what: String) -> [String]? {
    guard let elements = node.elements else {
      fail(node, "\(what) must be a list, not \(node.kindDescription)", help: "write [a, b]")
      return nil
    }
    return elements.compactMap { element in
      guard let text = element.text, !element.isNull, !text.isEmpty else {
        fail(element, "an entry of \(what) must be a text, not \(element.kindDescription)")
        return nil
      }
      return text
    }
  }
}

extension ConfigurationFile {
  private static let serverKeys = ["command", "allow", "environment", "timeout"]

  private func servers(_ node: YAMLNode, into layer: inout Layer) {
    for pair in mapping(node, "“mcp”") ?? [] {
      guard isName(pair.name.filter { $0 != "-" }) else {
        fail(
          pair.key, "“\(pair.name)” is no name for a server", help: "letters, digits, “_” and “-”")
        continue
      }
      layer.servers[pair.name] = server(pair)
    }
  }

  private func server(_ pair: YAMLPair) -> MCPServer? {
    guard let pairs = mapping(pair.value, "the server “\(pair.name)”") else { return nil }
    for key in pairs where !Self.serverKeys.contains(key.name) {
      fail(
        key.key, "unknown key “\(key.name)” in the server “\(pair.name)”",
        help: Suggestion.question(for: key.name, among: Self.serverKeys)
          ?? "the keys are: \(Self.serverKeys.joined(separator: ", "))")
    }
    func list(_ key: String) -> [String] {
      pair.value[key].flatMap { texts($0, "“\(key)”") } ?? []
    }
    let command = list("command")
    if command.isEmpty, pair.value["command"]?.elements?.isEmpty ?? true {
      let place = pair.value["command"] ?? pair.key
      if place.text == nil || place == pair.key {
        fail(
          place, "the server “\(pair.name)” needs a command",
          help: "write command: [PROGRAM, ARGUMENT]")
      }
    }
    return MCPServer(
      name: pair.name, command: command, allow: list("allow"), environment: environment(pair),
      timeout: timeout(pair))
  }

  private func environment(_ pair: YAMLPair) -> [String] {
    guard let node = pair.value["environment"] else { return [] }
    let names = texts(node, "“environment”") ?? []
    if names.contains(where: { !isName($0) }) {
      fail(
        node, "“environment” must be a list of names of variables", help: "without their values",
        isSecret: true)
    }
    return names
  }

  private func timeout(_ pair: YAMLPair) -> Duration {
    guard let node = pair.value["timeout"] else { return .seconds(30) }
    guard let text = node.text, let duration = Units.duration(text), duration >= .seconds(1) else {
      fail(node, "“timeout” must be a time such as 30s, not \(node.kindDescription)")
      return .seconds(30)
    }
    return duration
  }
}
