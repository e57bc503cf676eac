import Diagnostics
import FoundationEssentials
import JSONCoding
import Scenario
import Props
import Testing
import YAML

@testable import ScenarioFiles

/// The top of the repository.
let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path()

func document(_ name: String) throws -> String {
  try String(contentsOfFile: repository + name, encoding: .utf8)
}

/// Whether a file of the repository is this text; with `UPDATE_FILES=1` it is written first.
func isUpToDate(_ name: String, _ text: String) throws -> Bool {
  if ProcessInfo.processInfo.environment["UPDATE_FILES"] == "1" {
    try Data(text.utf8).write(to: URL(filePath: repository + name))
  }
  return try document(name) == text
}

struct SchemaTests {
  private let validator = SchemaValidator(root: ScenarioSchema.json)

  private func isValid(_ text: String) throws -> Bool {
    let node = try #require(try YAMLParser.parse(SourceText(file: "a", text: text)))
    let faults = validator.faults(json(node))
    #expect(!faults.contains { $0.contains("not known to this validator") })
    return faults.isEmpty
  }

  @Test func `is the file in docs, byte for byte`() throws {
    #expect(try isUpToDate("docs/scenario.schema.json", ScenarioSchema.text))
  }

  @Test func `names each definition it refers to, and each it has`() throws {
    let text = ScenarioSchema.text
    let names = try #require(ScenarioSchema.json["$defs"]?.object?.keys)
    for name in names {
      #expect(text.contains("\"#/$defs/\(name)\"") || name == "steps", "\(name)")
    }
    let references = text.split(separator: "\"#/$defs/").dropFirst().map {
      $0.prefix { $0 != "\"" }
    }
    for name in references { #expect(names.contains(String(name)), "\(name)") }
  }

  @Test func `knows the keys that the parser knows`() throws {
    let definitions = try #require(ScenarioSchema.json["$defs"])
    func keys(_ schema: JSON?) -> Set<String> { Set(schema?["properties"]?.object?.keys ?? []) }
    #expect(keys(ScenarioSchema.json) == Set(Vocabulary.scenario))
    #expect(keys(definitions["step"]) == Set(Vocabulary.steps + Vocabulary.common))
    #expect(
      keys(definitions["target"]?["anyOf"]?[1])
        == Set(Vocabulary.targetKinds + Vocabulary.targetQualifiers))
    #expect(keys(definitions["driven"]) == Set(Vocabulary.target))
    #expect(keys(definitions["driven"]?["properties"]?["desktop"]) == Set(Vocabulary.desktop))
    #expect(keys(definitions["sshHost"]) == Set(Vocabulary.sshHost))
    #expect(keys(ScenarioSchema.json["properties"]?["limits"]) == Set(Vocabulary.limits))

    let checks = definitions["check"]?["anyOf"]?.array?.dropFirst().map { keys($0) } ?? []
    #expect(checks == Vocabulary.checks.map { Set($0.keys) })

    let step = definitions["step"]?["properties"]
    func full(_ name: String) -> Set<String> {
      let schema = step?[name]
      let forms = [schema] + (schema?["anyOf"]?.array ?? []).map { $0 }
      return forms.map { keys($0) }.reduce([]) { $0.union($1) }
    }
    #expect(full("drag") == Set(Vocabulary.drag))
    #expect(full("scroll") == Set(Vocabulary.scroll))
    #expect(full("press") == Set(Vocabulary.press))
    #expect(
      full("click")
        == Set(Vocabulary.targetKinds + Vocabulary.targetQualifiers + Vocabulary.click))
    #expect(full("type") == Set(Vocabulary.type))
    #expect(full("wait") == Set(Vocabulary.wait))
    #expect(full("ssh") == Set(Vocabulary.ssh))
    #expect(full("read") == Set(Vocabulary.read))
    #expect(full("tool") == Set(Vocabulary.tool))
    #expect(full("include") == Set(Vocabulary.include))
    #expect(full("group") == Set(Vocabulary.group))
    #expect(full("retry") == Set(Vocabulary.retry))
  }

  /// Files that both the parser and the schema take.
  static let good: [String] = [
    "name: T\nsteps: [{click: OK}]",
    "name: 1\nid: a/b\ndescription: x\ntags: [a, 1]\nsteps: [{act: x}]",
    "name: T\nrequires: [model]\nproperties: {a: 1}\nretries: 2\nmodel: fast\nsteps: [{act: x}]",
    "name: T\nlimits: {time: 1m30s, steps: 1, model_calls: 0, tokens: 5, idle: 2s}\nsteps: [{act: x}]",
    "name: T\nvariables: {n: 3}\nlimits: {steps: '${n}'}\nsteps: [{act: x}]",
    "name: T\nmatrix: {a: [1, b]}\nsetup: []\nteardown: []\nsteps: [{act: x}]",
    "name: T\ntarget: {desktop: {size: 64x64, run: x, wm: y}}\nsteps: [{act: x}]",
    "name: T\ntarget: {vnc: 'h:1', password: '${P}'}\nsteps: [{act: x}]",
    "name: T\ntarget: {demo: a, ssh: {url: ssh://a, identity: b, known_hosts: c}}\nsteps: [{ssh: x}]",
    "name: T\ntarget: {demo: a, ssh: {url: ssh://a, password: '${P}'}}\nsteps: [{ssh: {run: x, exit: 1, stdin: y}}]",
    "name: T\npermissions: {ssh: {allow: [a], deny: [b]}}\nsteps: [{act: x}]",
    "name: T\nsteps: [{click: {text: a, exact: true, nth: 2, near: b, region: top}}]",
    "name: T\nsteps: [{click: {at: [1, 2]}}, {hover: {describe: x, region: [1, 2, 3, 4]}}]",
    "name: T\nsteps: [{drag: {from: a, to: {text: b, left_of: c, right_of: d, above: e, below: f}}}]",
    "name: T\nsteps: [{scroll: down}, {scroll: {direction: up, amount: 1, at: x}}]",
    "name: T\nsteps: [{type: 5}, {type: {text: '', into: x, clear: true, enter: false}}]",
    "name: T\nsteps: [{press: ctrl+s}, {press: [1, Tab]}]",
    "name: T\nsteps: [{wait: 2s}, {wait: {text: a, region: left}}, {wait: {settled: 1s}}, {wait: {time: 1m}}]",
    "name: T\nsteps: [{expect: a}, {expect: {text: a, matches: b, region: top, count: 2}}]",
    "name: T\nsteps: [{expect: {matches: a}}, {expect: {absent: a}}, {expect: {unchanged: a, tolerance: 1%, ignore: [top]}}]",
    "name: T\nsteps: [{expect: {screen: a, votes: 3}}, {expect: {value: a, less_than: 1.5}}]",
    "name: T\nsteps: [{expect: {not: {any: [a, {all: [b]}]}}}]",
    "name: T\nsteps: [{read: {what: a, as: b, matches: c}}, {read: a, as: d}]",
    "name: T\nsteps: [{tool: {server: a, name: b, arguments: {c: [1, ~]}}}]",
    "name: T\nsteps: [{screenshot: a}, {note: b}, {group: {name: a, steps: [{act: x}]}}]",
    "name: T\nsteps: [{click: a, name: b, as: c, timeout: 1s, optional: true, when: a == b, retry: {times: 1, every: 1s}, lane: local}]",
    "name: T\nsecrets: [P]\nsteps: [{act: '${P}'}]",
    "name: T\nends: true\ntarget: {desktop: {run: x}}\nsteps: [{expect: {application: running}}]",
    "name: T\ntarget: {desktop: {run: x, ends: true}}\nsteps: [{expect: {application: ended, exit: 3}}]",
    "name: T\ntarget: {desktop: {run: x}}\nsteps: [{expect: {log: a, never: b, matches: c}}, {expect: {log: {never: b}}}]",
  ]

  @Test(arguments: good)
  func `takes what the parser takes`(text: String) throws {
    #expect(load(text, environment: ["P": "x"]).diagnostics == [])
    #expect(try isValid(text))
  }

  /// Files that both refuse.
  static let bad: [String] = [
    "steps: [{act: x}]", "name: T", "name: T\nsteps: []", "name: T\nsteps: {act: x}", "- act: x",
    "name: T\nnmae: U\nsteps: [{act: x}]", "name: ' '\nsteps: [{act: x}]",
    "name: T\nsteps: [click]", "name: T\nsteps: [{}]", "name: T\nsteps: [{clik: a}]",
    "name: T\nsteps: [{click: a, type: b}]", "name: T\nsteps: [{timeout: 1s}]",
    "name: T\nsteps: [{act: ''}]", "name: T\nsteps: [{act: ~}]", "name: T\nsteps: [{act: [a]}]",
    "name: T\nsteps: [{click: {}}]", "name: T\nsteps: [{click: {text: a, at: [1, 2]}}]",
    "name: T\nsteps: [{click: {text: a, nth: 0}}]", "name: T\nsteps: [{click: {text: a, nth: b}}]",
    "name: T\nsteps: [{click: {text: a, exact: yes}}]",
    "name: T\nsteps: [{click: {text: a, similarity: 0.5}}]",
    "name: T\nsteps: [{click: {at: [1, 2], nth: 1}}]", "name: T\nsteps: [{click: {at: [1]}}]",
    "name: T\nsteps: [{click: {describe: a, near: b}}]",
    "name: T\nsteps: [{click: {text: a, region: midle}}]",
    "name: T\nsteps: [{click: {text: a, region: [1, 2, 3]}}]",
    "name: T\nsteps: [{drag: {from: a}}]", "name: T\nsteps: [{drag: a}]",
    "name: T\nsteps: [{scroll: sideways}]", "name: T\nsteps: [{scroll: {amount: 2}}]",
    "name: T\nsteps: [{type: {into: a}}]", "name: T\nsteps: [{press: []}]",
    "name: T\nsteps: [{wait: Ready}]", "name: T\nsteps: [{wait: 2}]",
    "name: T\nsteps: [{wait: {}}]",
    "name: T\nsteps: [{wait: {settled: 1s, region: top}}]",
    "name: T\nsteps: [{wait: {text: a, absent: b}}]",
    "name: T\nsteps: [{expect: {}}]", "name: T\nsteps: [{expect: {text: a, absent: b}}]",
    "name: T\nsteps: [{expect: {text: a, timeout: 1s}}]",
    "name: T\nsteps: [{expect: {text: a, count: 0}}]",
    "name: T\nsteps: [{expect: {screen: a, votes: 0}}]", "name: T\nsteps: [{expect: {value: a}}]",
    "name: T\nsteps: [{expect: {value: a, equals: b, contains: c}}]",
    "name: T\nsteps: [{expect: {value: a, less_than: b}}]",
    "name: T\nsteps: [{expect: {all: []}}]", "name: T\nsteps: [{expect: {any: a}}]",
    "name: T\nsteps: [{expect: {unchanged: a/b}}]",
    "name: T\nsteps: [{expect: {unchanged: a, tolerance: much}}]",
    "name: T\ntarget: {demo: a, ssh: {url: ssh://a, agent: true}}\nsteps: [{ssh: {exit: 1}}]",
    "name: T\ntarget: {demo: a, ssh: {url: ssh://a, agent: true}}\nsteps: [{ssh: {run: a, exit: 256}}]",
    "name: T\nsteps: [{read: {as: b}}]", "name: T\nsteps: [{read: {what: a, as: 1b}}]",
    "name: T\nsteps: [{tool: {server: a}}]",
    "name: T\nsteps: [{tool: {server: a, name: b, arguments: [1]}}]",
    "name: T\nsteps: [{screenshot: ../a}]", "name: T\nsteps: [{group: {name: a, steps: []}}]",
    "name: T\nsteps: [{include: a.txt}]", "name: T\nsteps: [{include: {with: {a: b}}}]",
    "name: T\nsteps: [{act: x, when: always}]", "name: T\nsteps: [{act: x, retry: 2}]",
    "name: T\nsteps: [{act: x, retry: {every: 1s}}]", "name: T\nsteps: [{act: x, lane: slow}]",
    "name: T\nsteps: [{act: x, timeout: 5}]", "name: T\nsteps: [{act: x, optional: maybe}]",
    "name: T\ntags: a\nsteps: [{act: x}]", "name: T\nretries: -1\nsteps: [{act: x}]",
    "name: T\nlimits: {time: soon}\nsteps: [{act: x}]",
    "name: T\nlimits: {stesp: 1}\nsteps: [{act: x}]",
    "name: T\ntarget: {}\nsteps: [{act: x}]",
    "name: T\ntarget: {demo: a, vnc: b}\nsteps: [{act: x}]",
    "name: T\ntarget: {vnc: a, password: b}\nsteps: [{act: x}]",
    "name: T\ntarget: {desktop: {size: big}}\nsteps: [{act: x}]",
    "name: T\ntarget: {demo: a, ssh: {url: ssh://a}}\nsteps: [{act: x}]",
    "name: T\nmatrix: {a: []}\nsteps: [{act: x}]", "name: T\nmatrix: {}\nsteps: [{act: x}]",
    "name: T\nvariables: {a b: c}\nsteps: [{act: x}]",
    "name: T\nvariables: {a: [b]}\nsteps: [{act: x}]",
    "name: T\nends: maybe\ntarget: {desktop: {run: x}}\nsteps: [{act: x}]",
    "name: T\ntarget: {desktop: {run: x}}\nsteps: [{expect: {application: alive}}]",
    "name: T\ntarget: {desktop: {run: x}}\nsteps: [{expect: {application: running, exit: 0}}]",
    "name: T\ntarget: {desktop: {run: x}}\nsteps: [{expect: {log: {}}}]",
    "name: T\ntarget: {desktop: {run: x}}\nsteps: [{expect: {log: {text: a}, never: b}}]",
    "name: T\nsecrets: [a-b]\nsteps: [{act: x}]", "name: T\npermissions: {}\nsteps: [{act: x}]",
  ]

  @Test(arguments: bad)
  func `refuses what the parser refuses`(text: String) throws {
    #expect(load(text).hasErrors)
    #expect(try !isValid(text))
  }
}

struct DocumentationTests {
  @Test func `names every key of the format`() throws {
    let text = try document("docs/scenario-format.md")
    let keys =
      Vocabulary.scenario + Vocabulary.steps + Vocabulary.common + Vocabulary.targetKinds
      + Vocabulary.targetQualifiers + Vocabulary.checks.flatMap(\.keys) + Vocabulary.target
      + Vocabulary.desktop + Vocabulary.sshHost + Vocabulary.limits + Vocabulary.scroll
      + Vocabulary.drag + Vocabulary.click + Vocabulary.press
      + Vocabulary.type + Vocabulary.wait + Vocabulary.ssh + Vocabulary.run + Vocabulary.file
      + Vocabulary.read + Vocabulary.tool
      + Vocabulary.include + Vocabulary.group + Vocabulary.retry
    for key in Set(keys).sorted() { #expect(text.contains("`\(key)`"), "\(key)") }
    for name in Region.Name.allCases { #expect(text.contains("`\(name.rawValue)`"), "\(name)") }
  }

  @Test func `has a heading for each step and no other`() throws {
    let text = try document("docs/scenario-format.md")
    let part = try #require(text.split(separator: "\n## Steps\n").last)
    let steps = part.split(separator: "\n## ")[0].split(separator: "\n")
    let headed = steps.filter { $0.hasPrefix("### ") }
      .flatMap {
        $0.split(separator: "`").enumerated().filter { $0.offset % 2 == 1 }.map {
          String($0.element)
        }
      }
    #expect(Set(headed) == Set(Vocabulary.steps))
    #expect(headed.count == Vocabulary.steps.count)
  }

  /// The blocks of the reference between lines of three backquotes and a word.
  private func blocks(_ word: String) throws -> [String] {
    try document("docs/scenario-format.md").split(separator: "\n```\(word)\n").dropFirst().map {
      String($0.split(separator: "\n```", maxSplits: 1, omittingEmptySubsequences: false)[0])
    }
  }

  @Test func `shows only scenarios that load`() throws {
    let folder = try TestFolder([
      ".git/HEAD": "", "needles/logo.png": "x", "common/sign-in.yaml": "- click: Sign in\n",
    ])
    let environment = [
      "SHOP_PASSWORD": "x", "VNC_PASSWORD": "x", "SSH_PASSWORD": "x", "SHOP_HOST": "x",
    ]
    let validator = SchemaValidator(root: ScenarioSchema.json)
    let texts = try blocks("yaml")
    #expect(texts.count >= 8)
    for text in texts {
      let isScenario = text.hasPrefix("name:")
      let whole =
        isScenario
        ? text
        : "name: T\ntarget: {demo: a, ssh: {url: ssh://a, agent: true}}\nsteps:\n"
          + text.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
      try folder.write(whole, to: "a.yaml")
      let loaded = folder.load(["a.yaml"], environment: environment)
      #expect(loaded.diagnostics == [], "\(text)")
      let node = try #require(try YAMLParser.parse(SourceText(file: "a", text: whole)))
      #expect(validator.faults(json(node)) == [], "\(text)")
    }
  }

  @Test func `shows only features that load`() throws {
    for text in try blocks("gherkin") {
      let folder = try TestFolder(["a.feature": text, "qa-agent.yaml": ""])
      #expect(folder.load(["a.feature"]).diagnostics == [], "\(text)")
    }
  }
}
