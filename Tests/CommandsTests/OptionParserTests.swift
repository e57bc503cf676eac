import Runner
import Testing

@testable import Commands

struct OptionParserTests {
  private func run(_ words: String...) throws -> RunOptions {
    try OptionParser<RunOptions>.parse(words[...], path: ["run"])
  }

  private func message(_ words: String...) -> String? {
    do {
      _ = try OptionParser<RunOptions>.parse(words[...], path: ["run"])
      return nil
    } catch { return error.message }
  }

  @Test func `a flag that was not given leaves nothing behind`() throws {
    #expect(try run() == RunOptions())
    #expect(try run().retries == nil)
  }

  @Test(arguments: [["--workers", "4"], ["--workers=4"], ["-j", "4"], ["-j4"], ["-j=4"]])
  func `a value may be joined, follow, or stand after an equals sign`(words: [String]) throws {
    #expect(try OptionParser<RunOptions>.parse(words[...], path: []).workers == 4)
  }

  @Test func `short switches may be joined, and the last may take a value`() throws {
    let options = try run("-xj2", "-vv")
    #expect(options.maxFailures == 1)
    #expect(options.workers == 2)
    #expect(options.verbosity.level == 2)
  }

  @Test func `words may stand anywhere, and after -- nothing is a flag`() throws {
    let options = try run("a.yaml", "--strict", "b.yaml", "--", "--strict", "-")
    #expect(options.selection.paths == ["a.yaml", "b.yaml", "--strict", "-"])
  }

  @Test func `a value may contain an equals sign, spaces and nothing`() throws {
    let options = try run("-D", "A=b=c", "--define=B=", "-DC=x y", "--grep=a=b")
    #expect(
      options.variables == [
        Definition(name: "A", value: "b=c"), Definition(name: "B", value: ""),
        Definition(name: "C", value: "x y"),
      ])
    #expect(options.selection.grep == "a=b")
  }

  @Test func `the last of two values counts`() throws {
    #expect(try run("--retries", "1", "--retries=2").retries == 2)
  }

  @Test func `every flag of the contract is read`() throws {
    let options = try run(
      "-g", "a", "-G", "b", "--tag", "smoke and not slow", "--shard", "2/4", "-j", "3", "--retries",
      "2", "--fail-on-flaky", "--strict", "--timeout", "10m",
      "--global-timeout", "1h", "-x", "--max-failures", "3", "--last-failed", "--list",
      "--test-list", "cases.txt", "--repeat-each", "5", "--record",
      "retain-on-failure", "--reporter", "dots,github", "--junit", "j.xml", "--html", "h", "-o",
      "out", "--model", "fast", "--max-model-calls", "9", "--target",
      "vnc://host:5901", "-D", "USER=bob", "--pass-with-no-tests", "--color", "never", "-q", "-c",
      "qa.yaml", "-P", "ci", "--dry-run", "scenarios/a.yaml")
    var expected = RunOptions()
    expected.selection = SelectionSettings(
      paths: ["scenarios/a.yaml"], grep: "a", grepInvert: "b", tag: "smoke and not slow",
      testList: "cases.txt", lastFailed: true, shard: Selection.Shard(index: 2, count: 4),
      repeatEach: 5)
    expected.workers = 3
    expected.retries = 2
    expected.failOnFlaky = true
    expected.strict = true
    expected.timeout = .seconds(600)
    expected.globalTimeout = .seconds(3600)
    expected.maxFailures = 3
    expected.list = true
    expected.record = .retainOnFailure
    expected.reporters = [.dots, .github]
    expected.junit = "j.xml"
    expected.html = "h"
    expected.output = "out"
    expected.model = "fast"
    expected.maxModelCalls = 9
    expected.target = "vnc://host:5901"
    expected.variables = [Definition(name: "USER", value: "bob")]
    expected.passWithNoTests = true
    expected.general = GeneralSettings(color: .never, configurationFile: "qa.yaml", profile: "ci")
    expected.verbosity.isQuiet = true
    expected.dryRun = true
    #expect(options == expected)
    #expect(try run("--rerun", "latest", "--no-model").noModel == true)
  }

  @Test(arguments: [
    (["--retires", "1"], "unknown flag --retires; did you mean --retries?"),
    (["--global"], "unknown flag --global; did you mean --global-timeout?"),
    (["-retries"], "unknown flag -r in -retries; did you mean --retries?"),
    (["--zzz"], "unknown flag --zzz"), (["-Z"], "unknown flag -Z"),
    (["-xZ"], "unknown flag -Z in -xZ"),
    (["--retries"], "--retries needs a value: --retries N"),
    (["--retries="], "--retries needs a value: --retries N"),
    (["--grep", ""], "--grep needs a value: --grep RE"), (["-j"], "-j needs a value: -j N"),
    (
      ["--grep", "--list"],
      "--grep needs a value, and '--list' is a flag; a value that starts with - is written --grep=--list"
    ),
    (["--strict=yes"], "--strict takes no value"), (["-x=1"], "-x takes no value"),
    (["--retries", "many"], "--retries: 'many' is not a whole number from 0 to 100"),
    (["--retries", "-1"], "--retries: '-1' is not a whole number from 0 to 100"),
    (
      ["-j", "99999999999999999999"],
      "-j: '99999999999999999999' is not a whole number from 1 to 256"
    ),
    (["--shard", "0/4"], "--shard: '0/4' is not a part such as 1/4; the first part is 1"),
    (
      ["--timeout", "10"],
      "--timeout: '10' is not a time; write it with a unit: 500ms, 30s, 10m, 1h30m, up to 168h"
    ),
    (["--timeout", "0s"], "--timeout: '0s' is out of range; from 1ms to 168h"),
    (
      ["--color", "alwyas"],
      "--color: 'alwyas' is none of auto, always, never; did you mean 'always'?"
    ),
    (
      ["--reporter", "list,"],
      "--reporter: '' is none of list, line, dots, github, json, none"
    ),
    (["--reporter", "list,json"], "--reporter json stands alone"),
    (["-D", "x"], "-D: 'x' is not NAME=VALUE"),
    (["-D", "1x=2"], "-D: '1x' is no name; letters, digits and _ only, not starting with a digit"),
    (["--last-failed", "--rerun", "r"], "--last-failed and --rerun cannot be used together"),
    (["--model", "m", "--no-model"], "--model and --no-model cannot be used together"),
    (["-q", "-v"], "-q and -v cannot be used together"), ([""], "PATH is empty"),
  ])
  func `what is wrong is said with what to do`(words: [String], message: String) {
    do {
      _ = try OptionParser<RunOptions>.parse(words[...], path: ["run"])
      Issue.record("\(words) was accepted")
    } catch { #expect(error == UsageError(message: message, path: ["run"])) }
  }

  @Test func `a word too many and a word too few are errors`() {
    func message<Options: CommandOptions>(_ type: Options.Type, _ words: String...) -> String? {
      do {
        _ = try OptionParser<Options>.parse(words[...], path: [])
        return nil
      } catch { return error.message }
    }
    #expect(message(CompletionOptions.self, "bash", "zsh") == "one word too many: 'zsh'")
    #expect(message(SchemaOptions.self, "x") == "one word too many: 'x'")
    #expect(
      message(ResumeOptions.self) == "RUN is missing: The interrupted run: its folder, or 'latest'")
    #expect(message(ReportOptions.self) == "RUN is missing: Runs or shards; several are merged")
  }

  @Test func `a command to explain stands after --`() throws {
    let options = try OptionParser<PolicyExplainOptions>.parse(
      ["--policy", "p.yaml", "--", "rm", "-rf", "/"], path: [])
    #expect(options.policy == "p.yaml")
    #expect(options.command == ["rm", "-rf", "/"])
    #expect(throws: UsageError(message: "unknown flag -r in -rf; write -- before the command")) {
      try OptionParser<PolicyExplainOptions>.parse(["rm", "-rf"], path: [])
    }
  }

  @Test func `a replay decides again, and nothing else yet`() throws {
    #expect(try OptionParser<ReplayOptions>.parse(["r", "--decide"], path: []).mode == .decide)
    for words in [
      ["r", "--show"], ["r", "--decide", "--live"], ["r", "--speed", "2"],
    ] {
      #expect(throws: UsageError.self) {
        try OptionParser<ReplayOptions>.parse(words[...], path: [])
      }
    }
  }

  @Test(arguments: ["--fail-on-healed", "--ctrf=c.json"])
  func `what a run cannot do yet is refused, not ignored`(word: String) {
    let name = word.prefix { $0 != "=" }
    #expect(message(word) == "\(name) is not in this version (\(Program.version))")
  }

  @Test func `a flag that is planned answers that it is not in this version`() {
    struct Later: CommandOptions {
      static var flags: [OptionSpec<Self>] { [.flag("soon", in: .main, "Later") { _ in }.planned] }
    }
    #expect(throws: UsageError(message: "--soon is not in this version (\(Program.version))")) {
      try OptionParser<Later>.parse(["--soon"], path: [])
    }
  }
}
