public import Diagnostics

/// Reads YAML within limits: what comes from outside must neither take long nor take much.
public enum YAMLParser {
  /// How deep lists and mappings may be nested.
  static let deepestNesting = 32
  /// How many nodes a file may hold after its aliases are filled in.
  static let mostNodes = 10_000
  /// How many aliases a file may hold.
  static let mostAliases = 100

  /// Reads the one document of a text; nil when nothing is in it but comments.
  ///
  /// Strict: keys are unique and texts, there is one document, and only the tags of YAML itself
  /// (`!!str` and its like) are known.
  ///
  /// - Throws: a diagnostic with the place of the first error.
  public static func parse(_ source: SourceText) throws(Diagnostic) -> YAMLNode? {
    guard source.text.utf8.count <= SourceText.largestSize else {
      throw Diagnostic(
        file: source.file, message: "the text is larger than \(SourceText.largestSize / 1024) KiB")
    }
    var composer = YAMLComposer(source: source)
    return try composer.document()
  }
}

/// Builds the tree from events.
struct YAMLComposer {
  let source: SourceText
  private let events: YAMLEventReader
  private var anchors: [String: Measured] = [:]
  private var nodeCount = 0
  private var aliasCount = 0

  /// A node, how many nodes it is with all below it, and how deep it goes.
  private struct Measured {
    var node: YAMLNode
    var count: Int
    var height: Int
  }

  init(source: SourceText) {
    self.source = source
    events = YAMLEventReader(source: source)
  }

  mutating func document() throws(Diagnostic) -> YAMLNode? {
    while true {
      let event = try events.next()
      switch event.kind {
      case .documentStart:
        let root = try node(from: try events.next(), depth: 1).node
        try end()
        return root
      case .streamEnd: return nil
      case .other, .sequenceEnd, .mappingEnd: continue
      case .alias, .scalar, .sequenceStart, .mappingStart:
        throw error(at: event, "unexpected content")
      }
    }
  }

  private mutating func end() throws(Diagnostic) {
    while true {
      let event = try events.next()
      if event.kind == .streamEnd { return }
      if event.kind == .documentStart {
        throw error(at: event, "a second document", help: "put it into a file of its own")
      }
    }
  }

  private func error(
    at event: YAMLEvent, text: String? = nil, _ message: String, help: String? = nil
  ) -> Diagnostic {
    source.error(
      line: event.start.line, column: event.start.column, text: text, message, help: help)
  }

  private mutating func node(from event: YAMLEvent, depth: Int) throws(Diagnostic) -> Measured {
    guard depth <= YAMLParser.deepestNesting else {
      throw error(at: event, "nested deeper than \(YAMLParser.deepestNesting)")
    }
    if case .alias(let name) = event.kind { return try alias(name, at: event, depth: depth) }
    try count(1, at: event)
    try checkTag(of: event)
    let measured: Measured
    switch event.kind {
    case .scalar(let text, let style):
      measured = Measured(
        node: YAMLNode(.scalar(text, style), from: event.start, to: event.end), count: 1, height: 1)
    case .sequenceStart: measured = try sequence(from: event, depth: depth)
    case .mappingStart: measured = try mapping(from: event, depth: depth)
    case .alias, .documentStart, .streamEnd, .sequenceEnd, .mappingEnd, .other:
      throw error(at: event, "a value is missing")
    }
    if let anchor = event.anchor { anchors[anchor] = measured }
    return measured
  }

  private mutating func count(_ more: Int, at event: YAMLEvent) throws(Diagnostic) {
    nodeCount += more
    guard nodeCount <= YAMLParser.mostNodes else {
      throw error(at: event, "more than \(YAMLParser.mostNodes) values, with aliases filled in")
    }
  }

  private func checkTag(of event: YAMLEvent) throws(Diagnostic) {
    guard let tag = event.tag else { return }
    let core = "tag:yaml.org,2002:"
    let known = ["str", "int", "float", "bool", "null", "seq", "map"].map { core + $0 }
    guard tag == "!" || known.contains(tag) else {
      throw error(at: event, text: tag, "unknown tag “\(tag)”", help: "remove the tag")
    }
  }

  private mutating func alias(
    _ name: String, at event: YAMLEvent, depth: Int
  ) throws(Diagnostic) -> Measured {
    aliasCount += 1
    guard aliasCount <= YAMLParser.mostAliases else {
      throw error(at: event, text: "*\(name)", "more than \(YAMLParser.mostAliases) aliases")
    }
    guard let target = anchors[name] else {
      throw error(
        at: event, text: "*\(name)", "no anchor “&\(name)” stands before this alias",
        help: Suggestion.question(for: name, among: anchors.keys.sorted()))
    }
    guard depth + target.height - 1 <= YAMLParser.deepestNesting else {
      throw error(
        at: event, text: "*\(name)", "nested deeper than \(YAMLParser.deepestNesting)")
    }
    try count(target.count, at: event)
    return target
  }

  private mutating func sequence(
    from start: YAMLEvent, depth: Int
  ) throws(Diagnostic) -> Measured {
    var elements: [YAMLNode] = []
    var (count, height) = (1, 1)
    while true {
      let event = try events.next()
      if event.kind == .sequenceEnd {
        let node = YAMLNode(.sequence(elements), from: start.start, to: event.end)
        return Measured(node: node, count: count, height: height)
      }
      let element = try node(from: event, depth: depth + 1)
      elements.append(element.node)
      count += element.count
      height = max(height, element.height + 1)
    }
  }

  private mutating func mapping(
    from start: YAMLEvent, depth: Int
  ) throws(Diagnostic) -> Measured {
    var mapping = YAMLMappingBuilder(source: source)
    var (count, height) = (1, 1)
    while true {
      let event = try events.next()
      if event.kind == .mappingEnd {
        let pairs = try mapping.merged()
        let node = YAMLNode(.mapping(pairs), from: start.start, to: event.end)
        // Merged pairs were counted where their alias stands; copies of them count again.
        try self.count(mapping.mergedCount, at: start)
        return Measured(node: node, count: count + mapping.mergedCount, height: height)
      }
      let key = try node(from: event, depth: depth + 1)
      let value = try node(from: try events.next(), depth: depth + 1)
      try mapping.append(key: key.node, value: value.node)
      count += key.count + value.count
      height = max(height, value.height + 1)
    }
  }
}

extension YAMLNode {
  init(_ content: Content, from start: YAMLEvent.Mark, to end: YAMLEvent.Mark) {
    self.init(
      content, line: start.line, column: start.column, endLine: end.line, endColumn: end.column)
  }
}
