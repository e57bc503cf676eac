import Testing

@testable import Commands

struct ProgramTests {
  private struct Options: GeneralOptions {
    var general = GeneralSettings()
    var count: Int?
    var paths: [String] = []

    static var words: [PositionalSpec<Self>] {
      [.word(.path("PATH"), .any, "What to read") { $0.paths.append($1) }]
    }

    static var flags: [OptionSpec<Self>] {
      [
        .value("count", "n", as: .number(1...9), in: .main, "How often") { $0.count = $1 },
        .flag("hidden", in: .main, "Not yet") { _ in }.planned,
      ] + generalFlags
    }
  }

  private struct Broken: Error {}

  private static func tree() -> CommandTree {
    CommandTree(
      summary: "a program for tests", examples: [Example("say x", "says it")],
      commands: [
        Command(
          "say", "Say what was given", group: .running,
          examples: [Example("say -n 2 a", "twice")], options: Options.self
        ) { options, context in
          context.output.results.write(
            context.output.results.style.red("\(options.paths)") + "\n")
          return .failed
        },
        Command("later", "Do it later", group: .running, options: Options.self, run: nil),
        Command(
          "group", "Look after things", group: .environment, default: "list",
          subcommands: [
            Command("list", "List things", group: .environment, options: Options.self) {
              _, context in
              context.output.results.write("things\n")
              return .success
            },
            Command("drop", "Drop things", group: .environment, options: Options.self) { _, _ in
              throw CommandError(message: "nothing to drop", code: .nothingMatched)
            },
            Command("burn", "Burn things", group: .environment, options: Options.self) { _, _ in
              throw Broken()
            },
            Command("soon", "Not yet", group: .environment, options: Options.self, run: nil),
          ]),
        Command(
          "policy", "Look at rules", group: .environment,
          subcommands: [
            Command("check", "Check them", group: .environment, options: Options.self) { _, _ in
              .success
            }
          ]),
      ])
  }

  private func run(_ words: String...) async -> Ran {
    let captured = Captured()
    let code = await Program.run(words, environment: [:], tree: Self.tree()) {
      captured.output(color: $0)
    }
    return Ran(code: code, results: captured.resultText, messages: captured.messageText)
  }

  @Test func `a command runs with its options and says its code`() async {
    let ran = await run("say", "--color=always", "a", "b")
    #expect(ran.code == .failed)
    #expect(ran.results == "\u{1B}[31m[\"a\", \"b\"]\u{1B}[0m\n")
    #expect(ran.messages.isEmpty)
  }

  @Test func `a group without a name does its default`() async {
    #expect(await run("group").results == "things\n")
    #expect(await run("group", "-n", "2").results == "things\n")
    #expect(await run("group", "list").results == "things\n")
  }

  @Test func `the overview lists what this version can do`() async {
    let expected = """
      qa-agent: a program for tests

      Usage: qa-agent COMMAND [flags]

      Examples:
        qa-agent say x  says it

      Run scenarios:
        say  Say what was given

      This machine and its settings:
        group   Look after things
        policy  Look at rules

      More:
        help COMMAND   Explain a command and its flags
        --version, -V  Print the version

      """
    for words in [["--help"], ["-h"], ["help"], ["help", "--help"]] {
      let captured = Captured()
      let code = await Program.run(words, environment: [:], tree: Self.tree()) { _ in
        captured.output()
      }
      #expect(code == .success)
      #expect(captured.resultText == expected)
    }
    let nothing = await run()
    #expect(nothing.code == .usage)
    #expect(nothing.results.isEmpty)
    #expect(nothing.messages == expected)
  }

  @Test func `help of a command comes from its table`() async {
    let expected = """
      Say what was given

      Usage: qa-agent say [flags] [PATH…]

      Examples:
        qa-agent say -n 2 a  twice

      What it reads:
        PATH  What to read

      Options:
        -n, --count N  How often

      General:
        -c, --config FILE              Read this configuration, not qa-agent.yaml
        -P, --profile NAME             Use this profile of the configuration
            --color auto|always|never  Colour the output
        -h, --help                     Print this text

      """
    #expect(await run("say", "--help").results == expected)
    #expect(await run("help", "say").results == expected)
    #expect(await run("say", "-n", "nonsense", "-h").results == expected)
  }

  @Test func `help of a group lists the commands below it`() async {
    let expected = """
      Look after things

      Usage: qa-agent group [COMMAND] [flags]

      Commands:
        list  List things (the default)
        drop  Drop things
        burn  Burn things

      """
    #expect(await run("group", "--help").results == expected)
    #expect(await run("help", "group").results == expected)
    #expect(await run("help", "group", "drop").results.hasPrefix("Drop things\n"))
  }

  @Test(arguments: [
    (["later"], "qa-agent: 'later' is not in this version (0.1.0)"),
    (["later", "--help"], "qa-agent: 'later' is not in this version (0.1.0)"),
    (["help", "later"], "qa-agent: 'later' is not in this version (0.1.0)"),
    (["group", "soon"], "qa-agent: 'group soon' is not in this version (0.1.0)"),
    (["say", "--hidden"], "qa-agent say: --hidden is not in this version (0.1.0)"),
    (["sya"], "qa-agent: unknown command 'sya'; did you mean 'say'?"),
    (["group", "lits"], "qa-agent group: unknown command 'lits'; did you mean 'list'?"),
    (["help", "say", "more"], "qa-agent say: 'more' is no command"),
    (["policy"], "qa-agent policy: one of these is missing: check"),
    (["-v", "say"], "qa-agent: -v stands before the command; flags come after it"),
    (["say", "--conut", "2"], "qa-agent say: unknown flag --conut; did you mean --count?"),
  ])
  func `a usage error says one line, where to read more, and 2`(
    words: [String], line: String
  ) async {
    let captured = Captured()
    let code = await Program.run(words, environment: [:], tree: Self.tree()) { _ in
      captured.output()
    }
    #expect(code == .usage)
    #expect(captured.resultText.isEmpty)
    let name = line.prefix { $0 != ":" }
    #expect(captured.messageText == "\(line)\nWhat can be said: \(name) --help\n")
  }

  @Test func `after -- a word is no call for help`() async {
    #expect(await run("say", "--", "--help").results == "[\"--help\"]\n")
  }

  @Test func `an error of a command is told in its words, with its code`() async {
    let ran = await run("group", "drop")
    #expect(ran.code == .nothingMatched)
    #expect(ran.messages == "qa-agent group drop: nothing to drop\n")
  }

  @Test func `an error that nobody expected is our own`() async {
    let ran = await run("group", "burn")
    #expect(ran.code == .internalError)
    #expect(ran.messages.hasPrefix("qa-agent group burn: internal error: Broken()\n"))
  }

  @Test func `the exit codes are those of the contract`() {
    #expect(ExitCode.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5, 129, 130, 143])
  }

  @Test func `the version is one line`() async {
    let ran = await runProgram("--version")
    #expect(ran.code == .success)
    #expect(ran.results == "qa-agent \(Program.version)\n")
    #expect(await runProgram("-V").results == ran.results)
  }

  @Test func `results that cannot be written are an error, unless there is a verdict to tell`()
    async
  {
    func code(_ words: [String], errno: Int32) async -> (ExitCode, String) {
      let captured = Captured()
      let full = TextStream(isTerminal: false, style: Style(isColored: false)) { _ in
        WriteFailure(code: errno)
      }
      let output = Output(results: full, messages: captured.output().messages) { 80 }
      let code = await Program.run(words, environment: [:], tree: Self.tree()) { _ in output }
      return (code, captured.messageText)
    }
    let full = await code(["group"], errno: 28)
    #expect(full.0 == .internalError)
    #expect(full.1 == "qa-agent: cannot write the output: No space left on device\n")
    #expect(await code(["say"], errno: 28).0 == .failed)
    #expect(await code(["group"], errno: 32) == (.success, ""))
  }
}
