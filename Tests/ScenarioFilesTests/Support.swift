import Diagnostics
import Scenario
import ScenarioFiles
import Props
import Testing

extension TestFolder {
  func load(
    _ names: [String] = ["."], environment: [String: String] = [:],
    variables: [String: String] = [:], defaults: ScenarioDefaults = ScenarioDefaults()
  ) -> LoadedScenarios {
    let loader = ScenarioLoader(
      environment: environment, variables: variables, defaults: defaults)
    return loader.load(names.map { $0 == "." ? path : "\(path)/\($0)" })
  }
}

/// Loads one scenario of just these lines.
func load(
  _ text: String, environment: [String: String] = [:], variables: [String: String] = [:],
  defaults: ScenarioDefaults = ScenarioDefaults()
) -> LoadedScenarios {
  ScenarioLoader(environment: environment, variables: variables, defaults: defaults)
    .load(text: text, as: "/tmp/a.yaml")
}

/// The case that a text makes.
func testCase(
  _ text: String, environment: [String: String] = [:], variables: [String: String] = [:]
) throws -> Case {
  let loaded = load(text, environment: environment, variables: variables)
  #expect(loaded.diagnostics.filter { $0.severity == .error } == [])
  return try #require(loaded.cases.first)
}

/// What the one step does that stands in this YAML, written without `- `.
func step(_ yaml: String, environment: [String: String] = [:]) throws -> Step {
  let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
  let text = lines.enumerated().map { ($0 == 0 ? "  - " : "    ") + $1 }.joined(separator: "\n")
  let scenario = try testCase(
    """
    name: Test
    target: {desktop: {run: ./app}, ssh: {url: ssh://a@b, agent: true}}
    steps:
    \(text)
    """, environment: environment
  ).scenario
  return try #require(scenario.steps.first)
}

/// The errors of the one step that stands in this YAML.
func errors(inStep yaml: String) -> [Diagnostic] {
  let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
  let text = lines.enumerated().map { ($0 == 0 ? "  - " : "    ") + $1 }.joined(separator: "\n")
  return load(
    """
    name: Test
    target: {desktop: {run: ./app}, ssh: {url: ssh://a@b, agent: true}}
    steps:
    \(text)
    """
  ).diagnostics
}
