internal import Configuration
internal import Diagnostics
internal import JSONCoding

/// `qa-agent config show`: each setting with its value, and where it came from.
enum ConfigCommand {
  @Sendable
  static func show(
    _ options: ConfigShowOptions, _ context: CommandContext
  ) async throws -> ExitCode {
    let (configuration, diagnostics) = ScenarioSources.configuration(options.general, context)
    context.output.messages.write(
      DiagnosticText(style: context.output.messages.style).lines(diagnostics))
    let text =
      options.isJSON
      ? json(configuration).prettyText + "\n"
      : text(configuration, withOrigin: options.withOrigin, context.output.results.style)
    context.output.results.write(text)
    return diagnostics.contains { $0.severity == .error } ? .usage : .success
  }

  private static func text(
    _ configuration: Configuration, withOrigin: Bool, _ style: Style
  ) -> String {
    let lines = configuration.lines
    let values = lines.map { TerminalText.neutral($0.value ?? "-") }
    let keyColumn = lines.map { TerminalText.width($0.key) }.max() ?? 0
    let valueColumn = min(values.map(TerminalText.width).max() ?? 0, 50)
    return zip(lines, values).map { line, value in
      let front = line.key.padding(to: keyColumn) + "  "
      guard withOrigin else { return front + value + "\n" }
      let origin = TerminalText.neutral(line.origin.description)
      return front + value.padding(to: valueColumn) + "  " + style.dim(origin) + "\n"
    }.joined()
  }

  private static func json(_ configuration: Configuration) -> JSON {
    let settings = configuration.lines.map { line -> (String, JSON) in
      let value: JSON = line.value.map { .string($0) } ?? .null
      return (line.key, ["value": value, "origin": .string(line.origin.description)])
    }
    return ["version": 1, "settings": .object(JSONObject(settings))]
  }
}
