import JSONCoding
import Platform
import Props
import Testing

@testable import Commands

/// A folder with scenarios and a configuration, and commands that work on it.
private final class Project {
  let folder: TestFolder

  init(_ files: [String: String]) throws {
    folder = try TestFolder(["qa-agent.yaml": "{}\n"].merging(files) { $1 })
  }

  /// Runs a command on the folder; `DIR` stands for it in words and in what was written.
  func run(_ words: String..., environment: [String: String] = [:]) async -> Ran {
    let captured = Captured()
    let folder = folder.path
    let words = words.map { $0.replacing("DIR", with: folder) }
    let code = await Program.run(
      words + ["-c", "\(folder)/qa-agent.yaml"], environment: environment
    ) { captured.output(color: $0) }
    return Ran(
      code: code, results: captured.resultText.replacing(folder, with: "DIR"),
      messages: captured.messageText.replacing(folder, with: "DIR"))
  }
}

private let signIn = """
  name: Sign in
  tags: [smoke, auth]
  target: { demo: sign-in }
  matrix: { lang: [en, de] }
  limits: { model_calls: 5 }
  retries: 1
  steps:
    - click: Sign in
    - expect: Welcome
  """

private let buy = """
  name: Buy something
  tags: [shop]
  target: { demo: sign-in }
  limits: { model_calls: 7 }
  steps:
    - expect: Order
  """

struct ScenarioCommandTests {
  @Test func `check says that nothing is wrong`() async throws {
    let project = try Project(["sign-in.yaml": signIn, "buy.yaml": buy])
    let ran = await project.run("check", "DIR")
    #expect(ran.code == .success)
    #expect(ran.results == "3 cases in 2 files, nothing wrong\n")
    #expect(ran.messages.isEmpty)
  }

  @Test func `check says each error with its place, the line and what to do`() async throws {
    let project = try Project([
      "buy.yaml":
        "name: Buy\ntarget: { demo: sign-in }\nsteps:\n  - clik: Buy\n  - expect: ${USR}\n"
    ])
    let ran = await project.run("check", "DIR")
    #expect(ran.code == .usage)
    #expect(ran.results.hasPrefix("DIR/buy.yaml:4:5: error: "))
    #expect(ran.results.contains("\n    - clik: Buy\n"))
    #expect(ran.results.contains("DIR/buy.yaml:5:"))
    #expect(ran.results.contains("did you mean “click”?"))
    #expect(ran.results.hasSuffix("2 errors; 0 cases in 0 files\n"))
  }

  @Test func `check names errors of the configuration too`() async throws {
    let project = try Project(["buy.yaml": buy, "qa-agent.yaml": "wrokers: 2\n"])
    let ran = await project.run("check", "DIR")
    #expect(ran.code == .usage)
    #expect(ran.results.hasPrefix("DIR/qa-agent.yaml:1:1: error: "))
    #expect(ran.results.contains("did you mean “workers”?"))
  }

  @Test func `check can be read by a program`() async throws {
    let project = try Project(["buy.yaml": "name: Buy\nsteps:\n  - clik: Buy\n"])
    let ran = await project.run("check", "--json", "DIR")
    #expect(ran.code == .usage)
    let json = try JSON(parsing: ran.results)
    #expect(json["version"]?.integer == 1)
    #expect(json["errors"]?.integer == 1)
    let first = json["diagnostics"]?[0]
    #expect(first?["file"]?.string == "DIR/buy.yaml")
    #expect(first?["line"]?.integer == 3)
    #expect(first?["column"]?.integer == 5)
    #expect(first?["suggestion"]?.string == "did you mean “click”?")
  }

  @Test func `a folder without scenarios is code 4, a path that is not there is code 2`()
    async throws
  {
    let project = try Project([:])
    #expect(await project.run("check", "DIR").code == .nothingMatched)
    #expect(await project.run("check", "DIR/nothing").code == .usage)
    #expect(await project.run("list", "DIR").code == .nothingMatched)
    #expect(await project.run("list", "DIR/nothing").code == .usage)
  }

  @Test func `list prints a line for each case, and what it may cost`() async throws {
    let project = try Project(["sign-in.yaml": signIn, "buy.yaml": buy])
    let ran = await project.run("list", "DIR")
    #expect(ran.code == .success)
    #expect(
      ran.results == """
        buy › Buy something @shop
        sign-in[lang=en] › Sign in [lang=en] @smoke @auth
        sign-in[lang=de] › Sign in [lang=de] @smoke @auth

        """)
    #expect(ran.messages == "3 cases, at most 27 model calls\n")
  }

  @Test func `list can be read by a program`() async throws {
    let project = try Project(["sign-in.yaml": signIn])
    let ran = await project.run("list", "DIR", "--json")
    #expect(ran.messages.isEmpty)
    let json = try JSON(parsing: ran.results)
    #expect(json["model_calls"]?.integer == 20)
    let last = json["cases"]?[1]
    #expect(last?["id"]?.string == "sign-in[lang=de]")
    #expect(last?["matrix"]?["lang"]?.string == "de")
    #expect(last?["tags"]?.array?.compactMap(\.string) == ["smoke", "auth"])
    #expect(last?["model_calls"]?.integer == 10)
  }

  @Test(arguments: [
    (["--grep", "^buy"], ["buy"]),
    (["--grep-invert", "Buy"], ["sign-in[lang=en]", "sign-in[lang=de]"]),
    (["--tag", "shop or (smoke and not auth)"], ["buy"]),
    (["--grep", "@auth", "--shard", "2/2"], ["sign-in[lang=de]"]),
    (["--repeat-each", "2", "-g", "buy"], ["buy", "buy#2"]),
  ])
  func `list selects as run does`(words: [String], ids: [String]) async throws {
    let project = try Project(["sign-in.yaml": signIn, "buy.yaml": buy])
    let folder = project.folder.path
    let captured = Captured()
    let code = await Program.run(
      ["list", folder, "-c", "\(folder)/qa-agent.yaml"] + words, environment: [:]
    ) { captured.output(color: $0) }
    #expect(code == .success)
    let found = captured.resultText.split(separator: "\n").map { line in
      String(line.prefix { $0 != " " })
    }
    #expect(found == ids)
  }

  @Test func `what matches nothing is code 4, and what is no selection is code 2`() async throws {
    let project = try Project(["buy.yaml": buy])
    #expect(await project.run("list", "DIR", "--grep", "nobody").code == .nothingMatched)
    let pattern = await project.run("list", "DIR", "--grep", "(")
    #expect(pattern.code == .usage)
    #expect(pattern.messages.hasPrefix("qa-agent list: --grep: "))
    #expect(await project.run("list", "DIR", "--tag", "and").code == .usage)
    #expect(await project.run("list", "DIR", "--rerun", "nobody").code == .usage)
  }

  @Test func `what list prints can be given back`() async throws {
    let project = try Project(["sign-in.yaml": signIn, "buy.yaml": buy])
    let listed = await project.run("list", "DIR").results
    try project.folder.write("# all\n\n" + listed.replacing("›", with: ">"), to: "cases.txt")
    #expect(await project.run("list", "DIR", "--test-list", "DIR/cases.txt").results == listed)
    try project.folder.write("buy\r\nsing-in[lang=en]\r\n", to: "cases.txt")
    let wrong = await project.run("list", "DIR", "--test-list", "DIR/cases.txt")
    #expect(wrong.code == .usage)
    #expect(
      wrong.messages
        == "qa-agent list: DIR/cases.txt:2: no case “sing-in[lang=en]”; did you mean “sign-in[lang=en]”?\n"
    )
  }

  @Test func `a line names the scenario it stands in`() async throws {
    let feature = """
      Feature: Shop
        Scenario: One
          Then the screen shows "a"
        Scenario: Two
          Then the screen shows "b"
      """
    let project = try Project(["shop.feature": feature, "buy.yaml": buy])
    let ran = await project.run("list", "DIR/shop.feature:5", "DIR/buy.yaml")
    #expect(ran.results.contains("› Two"))
    #expect(!ran.results.contains("› One"))
    #expect(ran.results.contains("buy › "))
  }

  @Test func `config show prints each setting, and with --origin where it came from`() async throws
  {
    let project = try Project(["qa-agent.yaml": "workers: 3\n"])
    let environment = ["QA_AGENT_RETRIES": "2", "QA_AGENT_MODEL_API_KEY": "hunter2"]
    let plain = await project.run("config", environment: environment)
    #expect(plain.code == .success)
    #expect(
      plain.results.split(separator: "\n").contains {
        $0.hasPrefix("workers ") && $0.hasSuffix(" 3")
      })
    let ran = await project.run("config", "show", "--origin", environment: environment)
    let lines = ran.results.split(separator: "\n").map {
      $0.split(separator: " ", maxSplits: 2).map { $0.drop { $0 == " " } }
    }
    #expect(lines.contains(["workers", "3", "DIR/qa-agent.yaml:1"]))
    #expect(lines.contains(["retries", "2", "QA_AGENT_RETRIES"]))
    #expect(lines.contains(["strict", "false", "built in"]))
    #expect(!ran.results.contains("hunter2"))
    let json = try JSON(parsing: await project.run("config", "show", "--json").results)
    #expect(json["settings"]?["workers"]?["value"]?.string == "3")
    let wrong = try Project(["qa-agent.yaml": "workers: many\n"])
    let refused = await wrong.run("config", "show")
    #expect(refused.code == .usage)
    #expect(refused.messages.hasPrefix("DIR/qa-agent.yaml:1:10: error: "))
  }

  @Test func `schema prints a schema`() async throws {
    let ran = await runProgram("schema")
    #expect(ran.code == .success)
    #expect(try JSON(parsing: ran.results)["$schema"]?.string?.contains("json-schema.org") == true)
  }
}

/// The page about the command line names what there is, and nothing else.
struct CommandLinePageTests {
  private static func page() throws -> String {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return String(
      decoding: try Files.read("/\(root)/docs/command-line.md", limit: 1 << 20), as: UTF8.self)
  }

  private static var flags: [OptionDescription] {
    func below(_ commands: [Command]) -> [OptionDescription] {
      commands.filter(\.isBuilt).flatMap {
        $0.table.flags.filter(\.isBuilt) + below($0.subcommands)
      }
    }
    return below(CommandTree.all.commands)
  }

  @Test func `every command, flag and exit code of this version is on the page`() throws {
    let page = try Self.page()
    for command in CommandTree.all.builtCommands {
      #expect(page.contains("`qa-agent \(command.name)"))
    }
    for flag in Self.flags { #expect(page.contains("--\(flag.long)"), "--\(flag.long)") }
    for code in ExitCode.allCases { #expect(page.contains("| \(code.rawValue) | ")) }
    for reporter in ReporterChoice.allCases { #expect(page.contains("| `\(reporter.rawValue)` |")) }
  }

  @Test func `every flag on the page is one of this version`() throws {
    let known = Set(Self.flags.map(\.long) + ["help", "version", "name"])
    let names = try Self.page().split(separator: "--").dropFirst().map { part in
      String(part.prefix { $0 == "-" || ("a"..."z").contains($0) })
    }
    for name in names where !name.isEmpty && !name.hasPrefix("-") {
      #expect(known.contains(name), "--\(name)")
    }
  }
}
