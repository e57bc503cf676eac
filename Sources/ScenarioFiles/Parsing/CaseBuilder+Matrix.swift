internal import Scenario
internal import YAML

extension CaseBuilder {
  /// The combinations of a matrix, the last axis changing fastest.
  func combinations(_ node: YAMLNode) -> [Combination] {
    guard let pairs = node.pairs, !pairs.isEmpty else {
      fail(node, "“matrix” must be a mapping of lists, not \(node.kindDescription)")
      return [[]]
    }
    var combinations: [Combination] = [[]]
    for pair in pairs where isVariableName(pair.key) {
      let values = axis(pair)
      guard combinations.count * values.count <= ScenarioBounds.mostCases else {
        fail(node, "the matrix has more than \(ScenarioBounds.mostCases) combinations")
        return [[]]
      }
      combinations = combinations.flatMap { combination in
        values.map { combination + [Case.MatrixValue(name: pair.name, value: $0)] }
      }
    }
    return combinations
  }

  /// The values of one axis; `-D` puts its one value in their place.
  private func axis(_ pair: YAMLPair) -> [String] {
    guard let elements = list(pair.value, "the axis “\(pair.name)”"), !elements.isEmpty else {
      if pair.value.elements != nil { fail(pair.value, "the axis “\(pair.name)” has no values") }
      return [""]
    }
    var values: [String] = []
    for element in elements {
      guard let text = element.text, !element.isNull else {
        fail(element, "a value of a matrix must be a text, not \(element.kindDescription)")
        continue
      }
      if text.contains("${") { fail(element, "a value of a matrix cannot hold a variable") }
      if values.contains(text) { fail(element, "“\(text)” is there twice") }
      if !isMatrixValue(text) {
        fail(
          element, "“\(text)” cannot be part of an id",
          help: "no brackets, no line breaks, at most 100 characters")
      }
      values.append(text)
    }
    if let fixed = workspace.definitions[pair.name] { return [fixed] }
    return values.isEmpty ? [""] : values
  }

  private func isMatrixValue(_ text: String) -> Bool {
    text.count <= 100
      && !text.unicodeScalars.contains {
        $0 == "[" || $0 == "]" || $0.value < 0x20 || $0.value == 0x7F
      }
  }
}
