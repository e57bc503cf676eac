internal import Diagnostics
internal import JSONCoding
internal import Scenario
internal import ScenarioFiles

/// `qa-agent check`: says everything that is wrong with scenarios and configuration, and runs nothing.
enum CheckCommand {
  @Sendable
  static func run(_ options: CheckOptions, _ context: CommandContext) async throws -> ExitCode {
    let sources = ScenarioSources.load(
      paths: options.paths, definitions: [:], general: options.general,
      checksRequirements: true, context)
    let style = context.output.results.style
    context.output.results.write(
      options.isJSON ? json(sources).prettyText + "\n" : text(sources, style))
    if sources.hasErrors { return .usage }
    return sources.scenarios.cases.isEmpty ? .nothingMatched : .success
  }

  private static func text(_ sources: ScenarioSources, _ style: Style) -> String {
    let cases = sources.scenarios.cases
    let files = Set(cases.map(\.scenario.location.file)).count
    let count =
      DiagnosticText.plural(cases.count, "case") + " in " + DiagnosticText.plural(files, "file")
    let wrong = DiagnosticText.count(sources.diagnostics)
    return DiagnosticText(style: style).lines(sources.diagnostics)
      + style.bold(wrong.map { "\($0); \(count)" } ?? "\(count), nothing wrong") + "\n"
  }

  private static func json(_ sources: ScenarioSources) -> JSON {
    let diagnostics = sources.diagnostics
    return [
      "version": 1, "cases": .integer(sources.scenarios.cases.count),
      "errors": .integer(diagnostics.count { $0.severity == .error }),
      "warnings": .integer(diagnostics.count { $0.severity == .warning }),
      "diagnostics": .array(diagnostics.map(json)),
    ]
  }

  private static func json(_ diagnostic: Diagnostic) -> JSON {
    [
      "severity": .string(diagnostic.severity.rawValue), "file": .string(diagnostic.file),
      "line": diagnostic.line.map { .integer($0) } ?? .null,
      "column": diagnostic.column.map { .integer($0) } ?? .null,
      "text": diagnostic.text.map { .string($0) } ?? .null,
      "message": .string(diagnostic.message),
      "suggestion": diagnostic.suggestion.map { .string($0) } ?? .null,
    ]
  }
}

/// `qa-agent schema`: the JSON Schema of scenario files.
enum SchemaCommand {
  @Sendable
  static func run(_ options: SchemaOptions, _ context: CommandContext) async throws -> ExitCode {
    context.output.results.write(ScenarioSchema.text)
    return .success
  }
}
