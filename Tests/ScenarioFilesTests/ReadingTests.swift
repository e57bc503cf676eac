import Diagnostics
import Scenario
import ScenarioFiles
import Props
import Testing
import YAML

/// The languages that a screen is read in, and texts that cannot be read in them.
@Suite struct ReadingTests {
  /// Eyes that know `eng` and `deu`; `eng` has ASCII alone, and a plain step is a text in quotes.
  private static let rules = ReadingRules(
    usual: { code in
      code == "de"
        ? .init(["deu"], remark: .init(message: "German is only guessed", help: "install it"))
        : .init(["eng"])
    },
    faultOfLanguage: { name in
      ["eng", "deu", "rus"].contains(name)
        ? nil : .init(message: "no data for \(name)", help: "install \(name)")
    },
    faultOfText: { text, languages in
      let isKnown = { (sign: Character) in
        sign.isASCII || languages.contains("deu") && "äöüÄÖÜß".contains(sign)
      }
      return text.allSatisfy(isKnown)
        ? nil : .init(message: "“\(text)” is unreadable in \(languages)", help: "add one")
    })

  private func loaded(
    _ text: String, ocr: [String] = [], target: String? = nil, environment: [String: String] = [:]
  ) throws -> LoadedScenarios {
    var defaults = ScenarioDefaults()
    defaults.reading = Self.rules
    defaults.ocr = ocr
    if let target {
      let source = SourceText(file: "qa-agent.yaml", text: target)
      defaults.target = YAMLFragment(
        node: try #require(try YAMLParser.parse(source)), source: source)
    }
    return load(text, environment: environment, defaults: defaults)
  }

  private func languages(
    _ head: String, ocr: [String] = [], target: String? = nil, environment: [String: String] = [:]
  ) throws -> [String]? {
    let loaded = try loaded(
      "name: A\n\(head)\nsteps: [{click: OK}]", ocr: ocr, target: target, environment: environment)
    #expect(loaded.diagnostics.filter { $0.severity == .error } == [])
    return loaded.cases.first?.scenario.ocr
  }

  // MARK: - Which languages

  @Test func `what is nearer to the screen says the languages`() throws {
    #expect(try languages("") == ["eng"])
    #expect(try languages("", ocr: ["rus"]) == ["rus"])
    #expect(try languages("ocr: [deu, eng]", ocr: ["rus"]) == ["deu", "eng"])
    #expect(try languages("ocr: deu\ntarget: {demo: sign-in, ocr: [rus]}") == ["rus"])
    #expect(try languages("", ocr: ["rus"], target: "{demo: sign-in, ocr: deu}") == ["deu"])
    #expect(try languages("ocr: eng", target: "{demo: sign-in, ocr: deu}") == ["eng"])
    let own = "target: {demo: sign-in}"
    #expect(try languages(own, ocr: ["rus"], target: "{demo: a, ocr: deu}") == ["rus"])
  }

  @Test func `without a word the language of the steps says it`() throws {
    #expect(try languages("language: de") == ["deu"])
    #expect(try languages("language: de", ocr: ["rus"]) == ["rus"])
    let warned = try loaded("name: A\nlanguage: de\nsteps: [{click: OK}]")
    #expect(
      warned.diagnostics.map(\.description) == ["/tmp/a.yaml:2:11: warning: German is only guessed"]
    )
  }

  @Test(arguments: ["eng, deu", "eng+deu", "eng deu"])
  func `a variable may hold one language or several`(value: String) throws {
    let environment = ["LANG_DATA": value]
    #expect(try languages("ocr: ${LANG_DATA}", environment: environment) == ["eng", "deu"])
    #expect(
      try languages("ocr: [\"${LANG_DATA}\", deu]", environment: environment) == ["eng", "deu"])
    #expect(
      try languages("target: {demo: a, ocr: \"${LANG_DATA}\"}", environment: environment)
        == ["eng", "deu"])
  }

  @Test func `one that is not there is refused where it stands`() throws {
    let found = try loaded("name: A\nocr: [eng, tlh]\nsteps: [{click: Größe}]").diagnostics
    #expect(found.map(\.description) == ["/tmp/a.yaml:2:12: error: no data for tlh"])
    #expect(found.first?.suggestion == "install tlh")
  }

  @Test(arguments: ["ocr: []", "ocr: ''", "ocr: {a: b}", "ocr:"])
  func `to name none is an error`(line: String) throws {
    #expect(try loaded("name: A\n\(line)\nsteps: [{click: OK}]").hasErrors)
  }

  // MARK: - Which texts

  @Test(arguments: [
    "click: Größe", "hover: {text: OK, near: Größe}", "click: {text: OK, right_of: Größe}",
    "drag: {from: OK, to: Größe}", "type: {text: x, into: Größe}", "expect: Größe",
    "type: {text: Größe, into: Name, shown: true}", "expect: {absent: Größe}",
    "expect: {seen: Größe}", "expect: {never: Größe}", "expect: {not: {text: Größe}}",
    "expect: {all: [OK, {any: [{absent: Größe}]}]}", "expect: {text: Größe, count: 2}",
    "expect: {matches: 'Größe: \\d+'}", "wait: {text: Größe}", "wait: {absent: Größe}",
    "scroll: {direction: down, at: Größe}", "read: {what: Größe, as: size}",
    "act: click \"Größe\"", "click: \"${label}\"", "group: {name: g, steps: [{click: Größe}]}",
    "expect: \"{{ size.value }} Größe\"",
  ])
  func `a text that cannot be read is refused where it stands`(step: String) throws {
    let text =
      "name: A\nvariables: {label: Größe}\nsteps:\n  - read: {what: x, as: size}\n  - \(step)"
    let found = try loaded(text).diagnostics
    #expect(found.count == 1, "\(found)")
    #expect(found.first?.line == 5 && found.first?.message.contains("is unreadable") == true)
    let german = text.replacing("steps:", with: "ocr: deu\nsteps:", maxReplacements: 1)
    #expect(try loaded(german).diagnostics == [])
  }

  @Test func `what was read off the screen is held against what can be read`() throws {
    for comparison in ["equals: Größe", "not_equals: Größe", "matches: 'Größe'"] {
      let step = "  - expect: {value: \"{{ size }}\", \(comparison)}"
      let text = "name: A\nsteps:\n  - read: {what: x, as: size}\n\(step)"
      #expect(try loaded(text).diagnostics.map(\.line) == [4])
      #expect(try loaded(text.replacing("\"{{ size }}\"", with: "b")).diagnostics == [])
    }
  }

  @Test(arguments: [
    "type: Größe", "type: {text: Größe, into: Name}", "note: Größe", "act: find the Größe",
    "expect: {screen: The Größe is right}", "click: {describe: the Größe}",
    "{click: Größe, lane: model}", "{act: 'click \"Größe\"', lane: model}",
    "expect: {matches: '[A-Za-zäöü]+'}", "{click: OK, name: Größe}",
    "expect: {value: Größe, equals: Größe}",
  ])
  func `what nobody reads may have any letters`(step: String) throws {
    #expect(try loaded("name: A\nsteps:\n  - \(step)").diagnostics == [])
  }

  @Test func `nothing is said of a secret before the run`() throws {
    let found = try loaded(
      "name: A\nsecrets: [KEY]\nsteps:\n  - expect: \"${KEY}\"\n  - act: click \"${KEY}\"",
      environment: ["KEY": "Größe"])
    #expect(found.diagnostics == [])
  }

  @Test func `a feature is held to the same`() throws {
    let folder = try TestFolder([
      "a.feature": """
      # qa-agent: {target: {demo: sign-in}, ocr: [eng]}
      Feature: F
        Scenario: S
          When I click "Größe"
      """
    ])
    var defaults = ScenarioDefaults()
    defaults.reading = Self.rules
    let found = folder.load(["a.feature"], defaults: defaults).diagnostics
    #expect(found.map(\.line) == [4])
  }
}
