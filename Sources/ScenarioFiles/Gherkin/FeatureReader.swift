internal import Diagnostics
internal import PlainSteps
internal import Scenario
internal import YAML

/// Turns a `.feature` file into cases.
struct FeatureReader {
  let source: SourceText
  let file: ScenarioFile
  let workspace: Workspace

  /// The keys that the header `# qa-agent: …` may have.
  static let headerKeys = Vocabulary.scenario.filter {
    !["name", "id", "language", "matrix", "setup", "steps", "teardown"].contains($0)
  }

  /// One case to be made.
  struct Planned {
    /// Its id and its name, whether it can be made or not.
    let id: String
    let name: String
    let line: Int
    /// Makes it; what is wrong is in the log.
    let make: () -> Case
  }

  /// The cases of the feature that are wanted.
  func plan() -> [Planned] {
    let before = workspace.log.errorsMet
    var parser = GherkinParser(source: source, log: workspace.log)
    guard let feature = parser.document() else { return [] }
    if feature.scenarios.isEmpty {
      workspace.log.add(
        Diagnostic(
          severity: .warning, file: source.file, message: "the feature has no scenarios"))
    }
    let header = header(feature.headers)
    let count = feature.scenarios.reduce(0) {
      $0 + max($1.examples.reduce(0) { $0 + $1.rows.count }, 1)
    }
    guard count <= ScenarioBounds.mostFiles else {
      workspace.log.add(
        Diagnostic(file: source.file, message: "more than \(ScenarioBounds.mostFiles) cases"))
      return []
    }
    // What is wrong with the file as a whole is wrong with all of it.
    guard workspace.log.errorsMet == before else { return [] }
    let rows = feature.scenarios.enumerated().flatMap { place, outline in
      self.rows(of: outline).map { row in
        (place: place, row: row, id: Self.id(self.id(outline, at: place), row))
      }
    }
    return zip(rows, Self.numbers(rows.map(\.id))).compactMap { item, number in
      let outline = feature.scenarios[item.place]
      guard isWanted(item.row, of: outline) else { return nil }
      return Planned(
        id: number > 1 ? "\(item.id)-\(number)" : item.id, name: outline.name.text,
        line: item.row.line ?? outline.name.line
      ) {
        var made = testCase(outline, at: item.place, item.row, in: feature, header: header)
        if number > 1 {
          made.id += "-\(number)"
          made.name += " (\(number))"
          if item.row.pairs.isEmpty { made.scenario.id = made.id }
        }
        return made
      }
    }
  }

  /// What tells equal ids apart: 1 for the first, and then a number that makes no other id of the feature.
  private static func numbers(_ ids: [String]) -> [Int] {
    var taken = Set(ids)
    var seen: Set<String> = []
    return ids.map { id in
      guard !seen.insert(id).inserted else { return 1 }
      var number = 2
      while !taken.insert("\(id)-\(number)").inserted { number += 1 }
      return number
    }
  }

  private static func id(_ id: String, _ row: Values) -> String {
    guard !row.pairs.isEmpty else { return id }
    let suffix = row.pairs.map { "\($0.name)=\(idPart($0.value))" }.joined(separator: ",")
    return "\(id)[\(suffix)]"
  }

  /// The headers as one mapping; each is YAML on one line.
  private func header(_ texts: [Gherkin.Text]) -> YAMLNode? {
    var pairs: [YAMLPair] = []
    for text in texts {
      // The padding gives every node the place it has in the file.
      let padding =
        String(repeating: "\n", count: text.line - 1)
        + String(repeating: " ", count: text.column - 1)
      do {
        let node = try YAMLParser.parse(SourceText(file: source.file, text: padding + text.text))
        if let more = node?.pairs {
          pairs += more
        } else {
          fail(
            text, "the header must be a mapping",
            help: "write # qa-agent: {target: {demo: sign-in}}")
        }
      } catch {
        workspace.log.add(shown(error))
      }
    }
    for (index, pair) in pairs.enumerated()
    where pairs[..<index].contains(where: { $0.name == pair.name }) {
      workspace.log.add(
        source.error(
          line: pair.key.line, column: pair.key.column, text: pair.name,
          "the key “\(pair.name)” is already in another header"))
    }
    guard let first = texts.first, !pairs.isEmpty else { return nil }
    return YAMLNode(
      .mapping(pairs), line: first.line, column: first.column, endLine: first.line,
      endColumn: first.column + first.text.unicodeScalars.count)
  }

  /// The same error with the line of the file, not of the padded text.
  private func shown(_ error: Diagnostic) -> Diagnostic {
    var error = error
    error.sourceLine = error.line.flatMap { source.line($0) }
    return error
  }

  private func warn(_ text: Gherkin.Text, _ message: String, help: String? = nil) {
    var warning = source.error(
      line: text.line, column: text.column, text: text.text, message, help: help)
    warning.severity = .warning
    workspace.log.add(warning)
  }

  private func fail(_ text: Gherkin.Text, _ message: String, help: String? = nil) {
    workspace.log.add(
      source.error(
        line: text.line, column: text.column, text: text.text, message, help: help))
  }
}

extension FeatureReader {
  /// The values that one row of the examples gives to the placeholders.
  private struct Values {
    var pairs: [(name: String, value: String)] = []
    var tags: [String] = []
    var line: Int?
  }

  /// The rows of the examples of a scenario; a scenario without examples is one row without values.
  private func rows(of outline: Gherkin.Outline) -> [Values] {
    if !outline.hasSteps { warn(outline.name, "the scenario has no steps, and is skipped") }
    let rows = outline.examples.flatMap { examples in
      examples.rows.map { row in
        Values(
          pairs: zip(examples.columns, row.cells).map { ($0, $1) }, tags: examples.tags,
          line: row.line)
      }
    }
    guard rows.isEmpty else { return rows }
    if outline.isTemplate || !outline.examples.isEmpty {
      warn(outline.name, "the scenario outline has no examples", help: "add Examples: and a table")
    }
    return outline.examples.isEmpty ? [Values()] : []
  }

  /// With `file.feature:12`, only what stands on line 12: a scenario, or one row of its examples.
  private func isWanted(_ row: Values, of outline: Gherkin.Outline) -> Bool {
    guard !file.lines.isEmpty else { return true }
    if let line = row.line, file.lines.contains(line) { return true }
    let rows = Set(outline.examples.flatMap { $0.rows.map(\.line) })
    let isRowNamed = file.lines.contains { rows.contains($0) }
    return !isRowNamed && file.lines.contains { outline.lines.contains($0) }
  }

  private func testCase(
    _ outline: Gherkin.Outline, at position: Int, _ values: Values, in feature: Gherkin,
    header: YAMLNode?
  ) -> Case {
    let builder = CaseBuilder(
      workspace: workspace, project: workspace.project(of: FileSystem.parent(of: file.path)),
      source: source, path: file.path)
    let fields = header.flatMap {
      Fields(builder, $0, "the header of a feature", keys: Self.headerKeys)
    }
    builder.define(fields, combination: [])
    if let fields { builder.readSecrets(fields) }
    var head = builder.head(fields)
    head.tags += outline.tags + values.tags
    head.properties += properties(outline, feature)
    head.description = description(outline, feature) ?? head.description
    builder.language = feature.language
    builder.languageCode = feature.language ?? "en"
    builder.readLanguages(of: fields?.node("ocr"), ownTarget: fields?.node("target"))
    // A scenario without steps has none of a background either: there is nothing to prepare.
    let lines = outline.hasSteps ? feature.background + outline.steps : []
    let steps = lines.compactMap { step($0, values, builder) }

    let name = filled(outline.name.text, values)
    let place = YAMLNode(
      .mapping([]), line: values.line ?? outline.name.line, column: outline.name.column,
      endLine: outline.name.line, endColumn: outline.name.column)
    let scenario = builder.scenario(
      head, name: name.isEmpty ? feature.name : name, id: id(outline, at: position),
      steps: ([], steps, []), at: place)
    return CaseBuilder.testCase(
      scenario, values.pairs.map { Case.MatrixValue(name: $0.name, value: Self.idPart($0.value)) })
  }

  private func id(_ outline: Gherkin.Outline, at position: Int) -> String {
    let slug = Self.slug(outline.name.text)
    guard slug.isEmpty else { return "\(file.id)/\(slug)" }
    return "\(file.id)/scenario-\(position + 1)"
  }

  /// Letters and digits in lower case, with one `-` for whatever is between them.
  static func slug(_ text: String) -> String {
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-").prefix(120)
      .description
  }

  /// A value as it may stand in an id.
  private static func idPart(_ value: String) -> String {
    String(value.prefix(100).map { $0 == "[" || $0 == "]" || $0.isNewline ? "_" : $0 })
  }

  private func properties(_ outline: Gherkin.Outline, _ feature: Gherkin) -> [Scenario.Property] {
    [("feature", feature.name), ("rule", outline.rule ?? "")].filter { !$1.isEmpty }.map {
      Scenario.Property(name: $0, value: $1)
    }
  }

  private func description(_ outline: Gherkin.Outline, _ feature: Gherkin) -> String? {
    let lines = feature.description + outline.description
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  private func step(_ line: Gherkin.Line, _ values: Values, _ builder: CaseBuilder) -> Step? {
    let text = filled(line.text.text, values)
    warnOfMisspelt(line, values)
    let whole = ([text] + line.argument.map { filled($0, values, inRow: line.isTable) }).joined(
      separator: "\n")
    let place = line.text
    let node = YAMLNode(
      .scalar(whole, .plain), line: place.line, column: place.column,
      endLine: place.line + line.argument.count,
      endColumn: place.column + place.text.unicodeScalars.count)
    guard let template = builder.fill(whole, at: node) else { return nil }
    let sentence = String(template.description.prefix { !$0.isNewline })
    let isCheck =
      line.isOutcome && PlainStepParser.moves(of: sentence, language: builder.language) == nil
    if !isCheck { builder.refuseUnreadableTexts(of: template, at: node) }
    return Step(
      isCheck ? .expect(.screen(template, votes: 1)) : .act(template),
      language: isCheck ? nil : builder.language,
      location: SourceLocation(file: source.file, line: place.line, column: place.column),
      text: line.source)
  }

  /// A text with the placeholders `<name>` filled in.
  private func filled(_ text: String, _ values: Values, inRow: Bool = false) -> String {
    guard !values.pairs.isEmpty, text.contains("<") else { return text }
    var result = ""
    var rest = text[...]
    while let start = rest.firstIndex(of: "<") {
      result += rest[..<start]
      rest = rest[start...]
      guard let value = values.pairs.first(where: { rest.hasPrefix("<\($0.name)>") }) else {
        result.append(rest.removeFirst())
        continue
      }
      result += inRow ? Self.cell(value.value) : value.value
      rest = rest.dropFirst(value.name.count + 2)
    }
    return result + rest
  }

  /// A value as it stands in a row of a table.
  private static func cell(_ value: String) -> String {
    value.reduce(into: "") { cell, sign in
      cell += sign == "|" || sign == "\\" ? "\\\(sign)" : sign == "\n" ? "\\n" : "\(sign)"
    }
  }

  /// `<usr>` beside a column `user` may be a slip; `<b>` beside none like it is text.
  private func warnOfMisspelt(_ line: Gherkin.Line, _ values: Values) {
    let names = values.pairs.map(\.name)
    for part in line.text.text.split(separator: "<").dropFirst(
      line.text.text.hasPrefix("<") ? 0 : 1)
    {
      guard let end = part.firstIndex(of: ">") else { continue }
      let name = String(part[..<end])
      guard !names.contains(name), let help = Suggestion.question(for: name, among: names) else {
        continue
      }
      warn(line.text, "the examples have no column “\(name)”", help: help)
    }
  }
}
