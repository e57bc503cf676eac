internal import JSONCoding
internal import Scenario
internal import YAML

/// `qa-agent check`: says everything that is wrong with scenarios and configuration, and runs nothing.
enum CheckCommand {
  @Sendable
  static func run(_ options: CheckOptions, _ context: CommandContext) async throws -> ExitCode {
    let loaded = ScenarioSource(environment: context.environment).load(options.paths)
    let text = options.isJSON ? json(loaded).prettyText + "\n" : text(loaded, context)
    context.output.results.write(text)
    if loaded.hasErrors { return .usage }
    return loaded.isEmpty ? .nothingMatched : .success
  }

  private static func text(_ loaded: LoadedScenarios, _ context: CommandContext) -> String {
    let style = context.output.results.style
    let files = Set(loaded.cases.map(\.scenario.location.file)).count
    let count = "\(plural(loaded.cases.count, "case")) in \(plural(files, "file"))"
    let wrong = DiagnosticText.count(loaded.diagnostics)
    return DiagnosticText(style: style).lines(loaded.diagnostics)
      + style.bold(wrong.map { "\($0); \(count)" } ?? "\(count), nothing wrong") + "\n"
  }

  private static func plural(_ count: Int, _ word: String) -> String {
    "\(count) \(word)\(count == 1 ? "" : "s")"
  }

  private static func json(_ loaded: LoadedScenarios) -> JSON {
    [
      "version": 1, "cases": .integer(loaded.cases.count),
      "errors": .integer(loaded.diagnostics.count { $0.severity == .error }),
      "warnings": .integer(loaded.diagnostics.count { $0.severity == .warning }),
      "diagnostics": .array(loaded.diagnostics.map(json)),
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
