internal import Perception
internal import Scenario
internal import YAML

/// Loads scenarios the same way for every command.
struct ScenarioSource {
  /// The environment variables.
  let environment: [String: String]
  /// What `-D` set.
  var variables: [Definition] = []

  /// Everything that the paths hold, with everything that is wrong.
  func load(_ paths: [String]) -> LoadedScenarios {
    let parser = PlainStepParser()
    let variables = Dictionary(variables.map { ($0.name, $0.value) }) { $1 }
    let loader = ScenarioLoader(
      environment: environment, variables: variables,
      isPlainStep: { parser.parse($0) != nil })
    return loader.load(paths)
  }

  /// The cases that the paths hold; an error that shows all that is wrong, or that nothing is there.
  func cases(_ paths: [String], style: Style) throws(CommandError) -> LoadedScenarios {
    let loaded = load(paths)
    guard !loaded.hasErrors else {
      let text = DiagnosticText(style: style).lines(loaded.diagnostics)
      throw CommandError(message: "nothing was run\n" + text.dropLast())
    }
    return loaded
  }
}

/// How diagnostics look to a person.
struct DiagnosticText {
  /// How the lines look.
  let style: Style

  /// One paragraph for each.
  func lines(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.map { paragraph($0) + "\n" }.joined()
  }

  /// `2 errors and 1 warning`; nil when there is neither.
  static func count(_ diagnostics: [Diagnostic]) -> String? {
    let errors = diagnostics.count { $0.severity == .error }
    let parts = [plural(errors, "error"), plural(diagnostics.count - errors, "warning")]
      .compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: " and ")
  }

  private static func plural(_ count: Int, _ word: String) -> String? {
    count == 0 ? nil : "\(count) \(word)\(count == 1 ? "" : "s")"
  }

  private func paragraph(_ diagnostic: Diagnostic) -> String {
    let lines = diagnostic.rendered.split(separator: "\n", omittingEmptySubsequences: false)
    let rest = lines.dropFirst().map { "  " + $0 }
    let head = String(lines[0])
    let colored = diagnostic.severity == .error ? style.red(head) : style.yellow(head)
    return ([colored] + rest).joined(separator: "\n")
  }
}
