import Diagnostics
import Scenario
import ScenarioFiles
import Props
import Testing

/// The language of `act` lines.
@Suite struct LanguageTests {
  private func languages(_ files: [String: String]) throws -> [String?] {
    let folder = try TestFolder(files)
    let loaded = folder.load(["s/a.yaml"])
    #expect(loaded.diagnostics == [])
    func flat(_ steps: [Step]) -> [Step] {
      steps.flatMap { step -> [Step] in
        if case .group(_, let steps) = step.kind { flat(steps) } else { [step] }
      }
    }
    return flat(loaded.cases.first?.scenario.steps ?? []).map(\.language)
  }

  @Test func `is English unless the scenario says another`() throws {
    let head = "name: A\ntarget: {demo: sign-in}\n"
    let steps = "steps:\n  - act: x\n  - click: y\n"
    #expect(try languages(["s/a.yaml": head + steps]) == [nil, nil])
    #expect(try languages(["s/a.yaml": head + "language: en\n" + steps]) == [nil, nil])
    #expect(try languages(["s/a.yaml": head + "language: de\n" + steps]) == ["de", nil])
    let variable = "variables: {l: de}\nlanguage: ${l}\n"
    #expect(try languages(["s/a.yaml": head + variable + steps]) == ["de", nil])
  }

  @Test func `an included file goes on in it, or names its own`() throws {
    let found = try languages([
      "s/a.yaml": """
      name: A
      target: {demo: sign-in}
      language: de
      steps:
        - include: list.yaml
        - include: english.yaml
        - act: x
      """, "s/list.yaml": "- act: y", "s/english.yaml": "language: en\nsteps: [{act: z}]",
      "qa-agent.yaml": "",
    ])
    #expect(found == ["de", nil, "de"])
  }

  @Test func `one that is not there is told with those that are`() throws {
    let near = load("name: A\nlanguage: ed\nsteps: [{act: x}]").diagnostics
    #expect(near.first?.message == "there is no language “ed”" && near.first?.line == 2)
    let far = load("name: A\nlanguage: klingon\nsteps: [{act: x}]").diagnostics
    #expect(far.first?.suggestion == "there are: de, en")
  }
}
