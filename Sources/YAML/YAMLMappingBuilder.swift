internal import Diagnostics

/// Collects the pairs of a mapping: keys are unique texts, and `<<` brings in other mappings.
struct YAMLMappingBuilder {
  let source: SourceText
  /// How many pairs a merge key brought in.
  private(set) var mergedCount = 0
  private var pairs: [YAMLPair] = []
  private var names: [String: YAMLNode] = [:]
  private var merges: [YAMLNode] = []

  init(source: SourceText) { self.source = source }

  mutating func append(key: YAMLNode, value: YAMLNode) throws(Diagnostic) {
    guard let name = key.text else {
      throw error(at: key, "a key must be a text, not \(key.kindDescription)")
    }
    if let first = names[name] {
      throw source.error(
        line: key.line, column: key.column, text: name,
        "the key “\(name)” is already on line \(first.line)",
        help: "remove one of the two, or make it a list")
    }
    names[name] = key
    if key.plainText == "<<" {
      merges = try mappings(toMerge: value)
    } else {
      pairs.append(YAMLPair(key: key, value: value))
    }
  }

  private func mappings(toMerge value: YAMLNode) throws(Diagnostic) -> [YAMLNode] {
    let nodes = value.elements ?? [value]
    for node in nodes where node.pairs == nil {
      throw error(at: node, "`<<` takes a mapping or a list of mappings")
    }
    return nodes
  }

  private func error(at node: YAMLNode, _ message: String) -> Diagnostic {
    source.error(line: node.line, column: node.column, text: node.text, message)
  }

  /// The pairs with what is merged behind them; a key's own value, then the first mapping's, wins.
  mutating func merged() throws(Diagnostic) -> [YAMLPair] {
    for pair in merges.flatMap({ $0.pairs ?? [] }) where names[pair.name] == nil {
      names[pair.name] = pair.key
      pairs.append(pair)
      mergedCount += 2
    }
    return pairs
  }
}
