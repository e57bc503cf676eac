import JSONCoding
import Languages
import Platform
import Props
import Scenario
import Testing

@testable import ScenarioFiles

/// Our reading of `.feature` files beside that of the official parser, on files of our own.
@Suite(.timeLimit(.minutes(5))) struct GherkinOfficialTests {
  private static let root = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
  private static let folder = root + "/fixtures/gherkin"

  /// What a test compares of one case: its name, its tags, and each step with its argument.
  struct Read: Hashable, CustomStringConvertible {
    var name: String
    var tags: [String]
    var steps: [String]
    var description: String { "\(name) \(tags) \(steps)" }
  }

  private static func expected() throws -> [String: [Read]] {
    let json = try JSON(parsing: try Files.read(folder + "/expected.json", limit: 1 << 20))
    return try parsed(json)
  }

  private static func parsed(_ json: JSON) throws -> [String: [Read]] {
    Dictionary(
      uniqueKeysWithValues: try #require(json.object).pairs.map { file, pickles in
        (file, (pickles.array ?? []).map(read))
      })
  }

  private static func read(_ pickle: JSON) -> Read {
    Read(
      name: pickle["name"]?.string ?? "",
      tags: (pickle["tags"]?.array ?? []).compactMap { $0["name"]?.string ?? $0.string }
        .map { String($0.dropFirst()) },
      steps: (pickle["steps"]?.array ?? []).map { step in
        let text = step["text"]?.string ?? ""
        switch step["argument"] {
        case .string(let content)?: return "\(text)\n\(content)"
        case .array(let rows)?: return "\(text)\n\(rows.map(\.text).joined(separator: "\n"))"
        default: return text
        }
      })
  }

  private static func ours(_ testCase: Case, unnamed: String) -> Read {
    Read(
      // A scenario without a name is called as its feature.
      name: testCase.scenario.name == unnamed ? "" : testCase.scenario.name,
      tags: testCase.scenario.tags, steps: testCase.scenario.steps.map(text))
  }

  private static func text(_ step: Step) -> String {
    let template: Template
    switch step.kind {
    case .act(let line): template = line
    case .expect(.screen(let line, _)): template = line
    default: return "\(step.kind)"
    }
    let lines = template.description.split(separator: "\n", omittingEmptySubsequences: false)
    let isTable = lines.count > 1 && lines.dropFirst().allSatisfy { $0.hasPrefix("|") }
    guard isTable, let first = lines.first else { return template.description }
    let rows = lines.dropFirst().map { row in
      JSON.array(GherkinParser.cells(String(row)).map { .string($0) }).text
    }
    return ([String(first)] + rows).joined(separator: "\n")
  }

  @Test func `every file is read as the official parser reads it`() throws {
    let expected = try Self.expected()
    #expect(expected.count >= 11)
    for (file, pickles) in expected.sorted(by: { $0.key < $1.key }) {
      let text = String(
        decoding: try Files.read(Self.folder + "/" + file, limit: 1 << 20), as: UTF8.self)
      let folder = try TestFolder(["s/\(file)": text, "s/qa-agent.yaml": ""])
      let loaded = folder.load(["s"])
      #expect(!loaded.hasErrors, "\(file): \(loaded.diagnostics)")
      let ours = loaded.cases.map { Self.ours($0, unnamed: "Names") }
      #expect(ours == pickles, "\(file)")
      #expect(Set(loaded.cases.map(\.id)).count == loaded.cases.count, "\(file)")
      let names = loaded.cases.map { "\($0.scenario.location.file) \($0.name)" }
      #expect(Set(names).count == names.count, "\(file): \(names)")
    }
  }

  @Test func `each dialect begins its lines with each of its words`() throws {
    #expect(GherkinDialect.codes.count >= 75)
    for code in GherkinDialect.codes {
      let dialect = try #require(GherkinDialect.named(code))
      func words(_ keyword: Language.Keyword) -> [GherkinDialect.Word] {
        dialect.words.filter { $0.keyword == keyword }
      }
      let scenario = try #require(words(.scenario).first?.text)
      var lines = ["# language: \(code)", "\(try #require(words(.feature).first?.text)): F"]
      for word in words(.scenario) { lines += ["\(word.text): S", "* x"] }
      for word in words(.outline) + words(.rule) {
        lines +=
          word.keyword == .rule ? ["\(word.text): R", "\(scenario): S"] : ["\(word.text): S"]
        lines += ["* x"]
        let examples = word.keyword == .outline ? words(.examples) : []
        for word in examples { lines += ["\(word.text):", "| x |", "| 1 |"] }
      }
      lines.append("\(scenario): S")
      let steps = dialect.words.filter(\.keyword.beginsStep)
      for word in steps { lines.append("\(word.text)\(word.needsSpace ? " " : "")one") }
      let folder = try TestFolder([
        "s/a.feature": lines.joined(separator: "\n"), "s/qa-agent.yaml": "",
      ])
      let loaded = folder.load(["s"])
      #expect(!loaded.hasErrors, "\(code): \(loaded.diagnostics.prefix(3))")
      #expect(loaded.cases.last?.scenario.steps.count == steps.count, "\(code)")
    }
  }

  private static let script = root + "/script/gherkin-reference"

  private static func reference(_ arguments: [String]) async throws -> JSON {
    let output = try await runCommand(
      ProcessSpecification("/usr/bin/env", ["python3", script] + arguments), timeout: .seconds(60))
    return try JSON(parsing: output.text)
  }

  /// Whether PyPI's `gherkin-official` can be asked here.
  private static let isInstalled: Bool = {
    let path = ProcessEnvironment.current["PYTHONPATH"] ?? ""
    let places = path.split(separator: ":").map(String.init)
    return places.contains { Files.exists($0 + "/gherkin/parser.py") }
  }()

  @Test(
    .enabled(
      if: isInstalled, "pip install gherkin-official, and name its folder in PYTHONPATH"))
  func `what is expected is what the official parser says`() async throws {
    let expected = try Self.expected()
    let files = expected.keys.sorted().map { Self.folder + "/" + $0 }
    #expect(try Self.parsed(try await Self.reference(files)) == expected)
    let dialects = try #require(try await Self.reference(["--dialects"]).object)
    #expect(Set(dialects.keys) == Set(GherkinDialect.codes))
    let keys: [(Language.Keyword, String)] = [
      (.feature, "feature"), (.rule, "rule"), (.background, "background"), (.scenario, "scenario"),
      (.outline, "scenarioOutline"), (.examples, "examples"), (.given, "given"), (.when, "when"),
      (.then, "then"), (.and, "and"), (.but, "but"),
    ]
    for (code, words) in dialects.pairs {
      let dialect = try #require(GherkinDialect.named(code))
      for (keyword, key) in keys {
        for word in (words[key]?.array ?? []).compactMap(\.string) where word != "* " {
          let text = keyword.beginsStep && word.hasSuffix(" ") ? String(word.dropLast()) : word
          #expect(
            dialect.words.contains {
              $0.text == text && $0.keyword.beginsStep == keyword.beginsStep
            },
            "\(code): \(key): \(word)")
        }
      }
    }
  }
}
