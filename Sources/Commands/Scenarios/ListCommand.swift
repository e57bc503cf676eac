internal import Configuration
internal import JSONCoding
internal import Scenario

/// `qa-agent list`: what would run, one case a line; the lines can be given back with `--test-list`.
enum ListCommand {
  @Sendable
  static func run(_ options: ListOptions, _ context: CommandContext) async throws -> ExitCode {
    let sources = ScenarioSources.load(
      paths: options.selection.paths, definitions: [:], general: options.general, context)
    context.output.messages.write(
      DiagnosticText(style: context.output.messages.style).lines(sources.diagnostics))
    guard !sources.hasErrors else { return .usage }
    let cases = try options.selection.apply(
      to: sources.scenarios, output: sources.configuration.output.value)
    let listing = CaseListing(cases: cases)
    if options.isJSON {
      context.output.results.write(listing.json.prettyText + "\n")
    } else {
      context.output.results.write(listing.text)
      context.output.messages.write(listing.summary + "\n")
    }
    return cases.isEmpty ? .nothingMatched : .success
  }
}

/// Cases as `list` and `run --list` print them; `--test-list` reads the same lines.
struct CaseListing {
  /// The cases.
  let cases: [Case]

  /// One line a case: its id, its name and its tags.
  var text: String {
    cases.map { testCase in
      let tags = testCase.scenario.tags.map { " @\($0)" }.joined()
      return TerminalText.neutral("\(testCase.id) › \(testCase.name)\(tags)") + "\n"
    }.joined()
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
      "ocr": .array((scenario.ocr ?? []).map { .string($0) }),
      "retries": .integer(scenario.retries), "model_calls": .integer(modelCalls(testCase)),
    ]
  }
}
