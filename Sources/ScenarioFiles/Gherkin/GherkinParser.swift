internal import Diagnostics
internal import Languages
internal import YAML

/// Reads Gherkin line by line.
struct GherkinParser {
  /// What the lines belong to right now.
  private enum Place {
    case start, feature, rule, background, scenario, examples
  }

  private let source: SourceText
  private let log: DiagnosticLog
  private let lines: [Substring]
  private var feature = Gherkin()
  private var place = Place.start
  private var tags: [String] = []
  private var tagsLine: Int?
  private var rule: String?
  private var ruleTags: [String] = []
  private var ruleBackground: [Gherkin.Line] = []
  /// Whether the last step that was no `And` said what must be true.
  private var isOutcome = false
  private var number = 0
  /// Whether the background or scenario of this place has a step.
  private var hasSteps = false
  private var keywords = GherkinKeywords(.named("en"))

  init(source: SourceText, log: DiagnosticLog) {
    self.source = source
    self.log = log
    lines = source.lines
  }

  /// The feature; nil when there is none.
  mutating func document() -> Gherkin? {
    while number < lines.count {
      number += 1
      read(String(lines[number - 1].trimmed))
    }
    if !tags.isEmpty { fail("tags with nothing after them") }
    guard place != .start else {
      log.add(
        Diagnostic(
          severity: .warning, file: source.file, message: "no feature in this file",
          suggestion: "start it with \(keywords.first(.feature)): NAME"))
      return nil
    }
    return feature
  }

  private var column: Int {
    lines[number - 1].unicodeScalars.prefix { $0.properties.isWhitespace }.count + 1
  }

  private func warn(_ message: String) {
    let text = String(lines[number - 1].trimmed)
    var warning = source.error(line: number, column: column, text: text, message)
    warning.severity = .warning
    log.add(warning)
  }

  private func fail(_ message: String, help: String? = nil) {
    let text = String(lines[number - 1].trimmed)
    log.add(source.error(line: number, column: column, text: text, message, help: help))
  }

  private mutating func read(_ line: String) {
    if line.isEmpty { return }
    if line.hasPrefix("#") { return comment(line) }
    if line.hasPrefix("@") { return readTags(line) }
    if let found = keywords.header(line), begins(found.keyword) { return header(found, line) }
    if takesSteps, let found = keywords.step(line) { return step(found, line) }
    // Before the first step, or the table of examples, all else describes.
    if isDescribing { return describe(line) }
    if line.hasPrefix("|") { return tableRow(line) }
    if line.hasPrefix("\"\"\"") || line.hasPrefix("```") { return text(line) }
    other(line)
  }

  /// Whether a step may stand here.
  private var takesSteps: Bool {
    switch place {
    case .background, .scenario: true
    case .start, .feature, .rule, .examples: false
    }
  }

  /// Whether what stands here may be free text: nothing of the section has come yet.
  private var isDescribing: Bool {
    switch place {
    case .feature, .rule: true
    case .background, .scenario: !hasSteps
    case .examples:
      feature.scenarios.last?.examples.last?.columns.isEmpty == true
        && !lines[number - 1].trimmed.hasPrefix("|")
    case .start: false
    }
  }

  /// Whether a header of this kind begins something here; elsewhere it is a line like any other.
  private func begins(_ keyword: Language.Keyword) -> Bool {
    switch keyword {
    // A second feature is a mistake, but for a line of a text that happens to look like one.
    case .feature: place == .start || !isDescribing
    case .examples: ![.feature, .rule].contains(place) && !(place == .background && isDescribing)
    case .background: [.start, .feature, .rule].contains(place) || !isDescribing
    case .rule, .scenario, .outline: true
    case .given, .when, .then, .and, .but: false
    }
  }
}

extension GherkinParser {
  private mutating func comment(_ line: String) {
    let text = line.dropFirst().trimmed
    if text.hasPrefix("qa-agent:") {
      let rest = text.dropFirst("qa-agent:".count)
      let before = lines[number - 1].unicodeScalars.count - rest.unicodeScalars.count
      let trailing = lines[number - 1].reversed().prefix { $0.isWhitespace }.count
      guard place == .start else { return fail("this comment must stand before the feature") }
      feature.headers.append(
        Gherkin.Text(text: String(rest), line: number, column: before - trailing + 1))
    } else if text.hasPrefix("language:") {
      language(String(text.dropFirst("language:".count).trimmed))
    }
  }

  /// `# language: de`, also with a country behind it: `de-AT`; further below it is a comment like any other.
  private mutating func language(_ name: String) {
    guard place == .start else { return }
    guard let dialect = GherkinDialect.named(name) else {
      return fail("there is no language “\(name)”", help: LanguageHelp.text(forDialect: name))
    }
    keywords = GherkinKeywords(dialect)
    feature.language = dialect.language == "en" ? nil : dialect.language
  }

  private mutating func readTags(_ line: String) {
    tagsLine = tagsLine ?? number
    for word in line.split(whereSeparator: \.isWhitespace) {
      if word.hasPrefix("#") { break }
      guard word.hasPrefix("@"), word.count > 1 else {
        return fail("“\(word)” is no tag", help: "write @\(word)")
      }
      tags += word.split(separator: "@").map(String.init)
    }
  }

  private mutating func takeTags() -> [String] {
    defer { (tags, tagsLine) = ([], nil) }
    return tags
  }

  private mutating func header(_ found: GherkinKeywords.Found, _ line: String) {
    isOutcome = false
    hasSteps = false
    if place == .start, found.keyword != .feature { fail("“\(found.name)” before the feature") }
    switch found.keyword {
    case .feature:
      if place != .start { fail("a second feature", help: "put it into a file of its own") }
      feature.name = found.rest
      feature.tags = takeTags()
      place = .feature
    case .rule:
      (rule, ruleTags, ruleBackground) = (found.rest, takeTags(), [])
      place = .rule
    case .background:
      if ![.feature, .rule].contains(place) {
        fail("a background must stand once, before the scenarios")
      }
      place = .background
    case .examples: examples()
    case .scenario, .outline: scenario(found.rest, isTemplate: found.keyword == .outline)
    case .given, .when, .then, .and, .but: break
    }
  }

  private mutating func scenario(_ name: String, isTemplate: Bool) {
    let start = tagsLine ?? number
    feature.scenarios.append(
      Gherkin.Outline(
        name: Gherkin.Text(text: name, line: number, column: column),
        tags: feature.tags + ruleTags + takeTags(), rule: rule, isTemplate: isTemplate,
        steps: ruleBackground, lines: start...number))
    place = .scenario
  }

  private mutating func examples() {
    let tags = takeTags()
    guard let last = feature.scenarios.indices.last, place == .scenario || place == .examples else {
      return fail("examples without a scenario outline")
    }
    feature.scenarios[last].examples.append(Gherkin.Examples(tags: tags, line: number))
    place = .examples
    extend()
  }

  /// The lines of a scenario end at the last one that belongs to it.
  private mutating func extend() {
    guard let last = feature.scenarios.indices.last else { return }
    let start = feature.scenarios[last].lines.lowerBound
    feature.scenarios[last].lines = start...number
  }
}

extension GherkinParser {
  private mutating func step(_ found: GherkinKeywords.Found, _ line: String) {
    switch found.keyword {
    case .given, .when: isOutcome = false
    case .then: isOutcome = true
    default: break
    }
    let text = found.rest
    guard !text.isEmpty else { return warn("“\(found.name)” says nothing") }
    hasSteps = true
    let skipped = line.unicodeScalars.count - text.unicodeScalars.count
    let step = Gherkin.Line(
      isOutcome: isOutcome,
      text: Gherkin.Text(text: text, line: number, column: column + skipped), source: line)
    change { $0.append(step) }
  }

  /// Changes the steps that the line belongs to.
  private mutating func change(_ body: (inout [Gherkin.Line]) -> Void) {
    switch place {
    case .background where rule == nil: body(&feature.background)
    case .background: body(&ruleBackground)
    case .scenario:
      guard let last = feature.scenarios.indices.last else { return }
      body(&feature.scenarios[last].steps)
      feature.scenarios[last].hasSteps = true
      extend()
    case .start, .feature, .rule, .examples: fail("a step outside a scenario")
    }
  }

  private mutating func tableRow(_ line: String) {
    let cells = Self.cells(line)
    guard !cells.isEmpty else { return fail("a row of a table must end with |") }
    guard place == .examples else { return addToLastStep([Self.row(line)], isTable: true) }
    guard let last = feature.scenarios.indices.last,
      let table = feature.scenarios[last].examples.indices.last
    else { return }
    var examples = feature.scenarios[last].examples[table]
    if examples.columns.isEmpty {
      if Set(cells).count < cells.count { warn("a column of the examples is there twice") }
      examples.columns = cells
    } else {
      if cells.count != examples.columns.count {
        fail("the row has \(cells.count) cells, the table \(examples.columns.count) columns")
      }
      examples.rows.append(Gherkin.Row(cells: cells, line: number))
    }
    feature.scenarios[last].examples[table] = examples
    extend()
  }

  /// A row without what stands behind its last bar, which says nothing.
  private static func row(_ line: String) -> String {
    var end = line.startIndex
    var isEscaped = false
    for index in line.indices {
      if !isEscaped, line[index] == "|" { end = line.index(after: index) }
      isEscaped = !isEscaped && line[index] == "\\"
    }
    return String(line[..<end])
  }

  /// The cells of a row; `\|`, `\\` and `\n` are escapes.
  ///
  /// What stands behind the last bar is no cell.
  static func cells(_ line: String) -> [String] {
    var cells: [String] = []
    var cell = ""
    var isEscaped = false
    for character in line.dropFirst() {
      if isEscaped {
        cell +=
          character == "n" ? "\n" : "|\\".contains(character) ? "\(character)" : "\\\(character)"
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "|" {
        cells.append(String(cell[...].trimmed))
        cell = ""
      } else {
        cell.append(character)
      }
    }
    return cells
  }

  private mutating func addToLastStep(_ lines: [String], isTable: Bool = false) {
    var isAdded = false
    if place == .scenario || place == .background {
      change { steps in
        guard let last = steps.indices.last else { return }
        steps[last].argument += lines
        steps[last].isTable = isTable
        isAdded = true
      }
    }
    if !isAdded { fail("a table or a text without a step before it") }
  }

  /// A text between `"""` or three backquotes, without the indent of its first mark.
  private mutating func text(_ line: String) {
    let mark = String(line.prefix(3))
    let (start, indent) = (number, column - 1)
    var content: [String] = []
    while number < lines.count {
      number += 1
      let line = lines[number - 1]
      if line.trimmed.hasPrefix(mark) { return addToLastStep(content) }
      let spaces = line.prefix { $0 == " " || $0 == "\t" }.count
      let shown = String(line.dropFirst(min(spaces, indent)))
      content.append(shown.replacingMarks(of: mark))
    }
    number = start
    fail("the text that starts here has no end", help: "end it with \(mark)")
    number = lines.count
  }

  /// Takes a line of free text; of a feature and its scenarios it is kept.
  private mutating func describe(_ line: String) {
    switch place {
    case .feature: feature.description.append(line)
    case .scenario:
      guard let last = feature.scenarios.indices.last else { return }
      feature.scenarios[last].description.append(line)
      extend()
    case .rule, .background, .examples, .start: break
    }
  }

  private mutating func other(_ line: String) {
    let word = String(line.prefix { !$0.isWhitespace && $0 != ":" })
    fail(
      "a line that starts with no keyword",
      help: Suggestion.question(for: word, among: keywords.all)
        ?? "a step starts with \(keywords.stepNames.joined(separator: ", ")) or *")
  }
}

extension String {
  /// The same with `\"\"\"` as the mark that it stands for.
  fileprivate func replacingMarks(of mark: String) -> String {
    let escaped = mark.map { "\\\($0)" }.joined()
    guard contains(escaped) else { return self }
    var result = ""
    var rest = self[...]
    while let first = rest.first {
      if rest.hasPrefix(escaped) {
        result += mark
        rest = rest.dropFirst(escaped.count)
      } else {
        result.append(first)
        rest = rest.dropFirst()
      }
    }
    return result
  }
}
