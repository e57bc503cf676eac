internal import Configuration
internal import JSONCoding
internal import Scenario
internal import ScenarioFiles

/// `qa-agent list`: what would run, one case a line; the lines can be given back with `--test-list`.
enum ListCommand {
  @Sendable
  static func run(_ options: ListOptions, _ context: CommandContext) async throws -> ExitCode {
    let sources = ScenarioSources.load(
      paths: options.selection.paths, definitions: [:], general: options.general, context)
    context.output.messages.write(
      DiagnosticText(style: context.output.messages.style).lines(sources.diagnostics))
    // One broken file does not hide the others: it is listed as what it is.
    guard !sources.stopsEverything else { return .usage }
    let cases = try options.selection.apply(
      to: sources.scenarios.withBroken, output: sources.configuration.output.value)
    let listing = CaseListing(cases: cases)
    if options.isJSON {
      context.output.results.write(listing.json.prettyText + "\n")
    } else {
      context.output.results.write(listing.text)
      context.output.messages.write(listing.summary + "\n")
    }
    return listing.exitCode
  }
}

/// Cases as `list` and `run --list` print them; `--test-list` reads the same lines.
struct CaseListing {
  /// The cases.
  let cases: [Case]
  /// What is told of each case besides; nil tells nothing.
  var plan: PlanText?

  /// What listing them comes to.
  var exitCode: ExitCode {
    if broken > 0 { return .usage }
    return cases.isEmpty ? .nothingMatched : .success
  }

  /// One line a case: its id, its name and its tags, or that it cannot be read.
  var text: String {
    cases.map { testCase in
      let tags = testCase.scenario.tags.map { " @\($0)" }.joined()
      let error = testCase.unreadable == nil ? "" : " (error: it cannot be read)"
      let lines =
        ["\(testCase.id) › \(testCase.name)\(tags)\(error)"]
        + (plan?.lines(of: testCase) ?? []).map { "    \($0)" }
      return lines.map { TerminalText.neutral($0) + "\n" }.joined()
    }.joined()
  }

  /// `14 cases, at most 560 model calls`.
  var summary: String {
    let wrong =
      broken == 0 ? "" : ", of which \(broken) cannot be read (`qa-agent check` says why)"
    return
      "\(cases.count) \(cases.count == 1 ? "case" : "cases")\(wrong), at most \(modelCalls) model calls"
  }

  /// How many cannot be read.
  private var broken: Int { cases.count { $0.unreadable != nil } }

  /// The same for programs.
  var json: JSON {
    [
      "version": 1, "model_calls": .integer(modelCalls), "cases": .array(cases.map(Self.json)),
    ]
  }

  private var modelCalls: Int { cases.reduce(0) { $0 + Self.modelCalls($1) } }

  /// The most calls over all attempts.
  private static func modelCalls(_ testCase: Case) -> Int {
    guard testCase.unreadable == nil else { return 0 }
    return testCase.scenario.limits.modelCalls * (testCase.scenario.retries + 1)
  }

  private static func json(_ testCase: Case) -> JSON {
    let scenario = testCase.scenario
    let matrix = testCase.matrix.map { ($0.name, JSON.string($0.value)) }
    var fields: JSON = [
      "id": .string(testCase.id), "name": .string(testCase.name),
      "file": .string(scenario.location.file), "line": .integer(scenario.location.line),
      "tags": .array(scenario.tags.map { .string($0) }), "matrix": .object(JSONObject(matrix)),
      "requires": .array(scenario.requires.map { .string($0) }),
      "ocr": .array((scenario.ocr ?? []).map { .string($0) }),
      "retries": .integer(scenario.retries), "model_calls": .integer(modelCalls(testCase)),
    ]
    guard let error = testCase.unreadable, var object = fields.object else { return fields }
    object["error"] = .string(error)
    fields = .object(object)
    return fields
  }
}
