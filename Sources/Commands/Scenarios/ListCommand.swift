internal import JSONCoding
internal import Scenario

/// `qa-agent list`: what would run, one case a line; the lines can be given back with `--test-list`.
enum ListCommand {
  @Sendable
  static func run(_ options: ListOptions, _ context: CommandContext) async throws -> ExitCode {
    let source = ScenarioSource(environment: context.environment)
    let loaded = try source.cases(options.selection.paths, style: context.output.messages.style)
    let cases = try options.selection.apply(to: loaded, output: "reports")
    let listing = CaseListing(cases: cases)
    let style = context.output.results.style
    context.output.results.write(
      options.isJSON ? listing.json.prettyText + "\n" : listing.text(style: style))
    if !options.isJSON { context.output.messages.write(listing.summary + "\n") }
    return cases.isEmpty ? .nothingMatched : .success
  }
}

/// Cases as `list` prints them.
struct CaseListing {
  /// The cases.
  let cases: [Case]

  /// One line a case: id, name, tags, and the most model calls it may make.
  func text(style: Style) -> String {
    let ids = cases.map { TerminalText.neutral($0.id) }
    let names = cases.map { TerminalText.neutral($0.name) }
    let idColumn = ids.map(TerminalText.width).max() ?? 0
    let nameColumn = min(names.map(TerminalText.width).max() ?? 0, 60)
    var text = ""
    for (index, testCase) in cases.enumerated() {
      let tags = testCase.scenario.tags.map { "@" + TerminalText.neutral($0) }.joined(
        separator: " ")
      text += "\(ids[index].padding(to: idColumn))  \(names[index].padding(to: nameColumn))"
      text += "  \(style.dim("≤ \(Self.modelCalls(testCase)) model calls"))"
      text += tags.isEmpty ? "\n" : "  \(style.cyan(tags))\n"
    }
    return text
  }

  /// `14 cases, at most 560 model calls`.
  var summary: String {
    "\(cases.count) \(cases.count == 1 ? "case" : "cases"), at most \(modelCalls) model calls"
  }

  /// The same for programs.
  var json: JSON {
    [
      "version": 1, "model_calls": .integer(modelCalls), "cases": .array(cases.map(Self.json)),
    ]
  }

  private var modelCalls: Int { cases.reduce(0) { $0 + Self.modelCalls($1) } }

  /// The most calls over all attempts.
  private static func modelCalls(_ testCase: Case) -> Int {
    testCase.scenario.limits.modelCalls * (testCase.scenario.retries + 1)
  }

  private static func json(_ testCase: Case) -> JSON {
    let scenario = testCase.scenario
    let matrix = testCase.matrix.map { ($0.name, JSON.string($0.value)) }
    return [
      "id": .string(testCase.id), "name": .string(testCase.name),
      "file": .string(scenario.location.file), "line": .integer(scenario.location.line),
      "tags": .array(scenario.tags.map { .string($0) }), "matrix": .object(JSONObject(matrix)),
      "requires": .array(scenario.requires.map { .string($0) }),
      "retries": .integer(scenario.retries), "model_calls": .integer(modelCalls(testCase)),
    ]
  }
}
