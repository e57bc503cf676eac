extension CommandTree {
  /// The commands of `qa-agent`.
  static let all: CommandTree = .init(
    summary: "runs test scenarios on a real screen, and records everything",
    examples: [],
    commands: [
      run, debug, resume, replay, show, report, runs, initialise, list, check, look, record, schema,
      doctor,
      calibrate, models, policy, config, completion,
    ])

  // MARK: Run scenarios

  private static let run: Command = .init(
    "run", "Run scenarios", group: .running,
    examples: [
      Example("run", "everything in scenarios/"),
      Example("run scenarios/sign-in.yaml", "one scenario"),
      Example("run --tag 'smoke and not slow' -j 4 --retries 1", "a part, four at once"),
      Example("run --last-failed", "what failed last time"),
    ],
    options: RunOptions.self, run: RunCommand.run)

  private static let debug: Command = .init(
    "debug", "Go through a scenario step by step", group: .running,
    examples: [Example("debug scenarios/sign-in.yaml:12", "stop at the step on line 12")],
    options: DebugOptions.self, run: DebugCommands.debug)

  private static let resume: Command = .init(
    "resume", "Finish an interrupted run from its journal", group: .running,
    examples: [Example("resume latest", "keep what is finished, run the rest")],
    options: ResumeOptions.self, run: ResumeCommand.run)

  private static let replay: Command = .init(
    "replay", "Replay a recorded session", group: .running,
    examples: [
      Example("replay latest --decide", "decide again from the same inputs; say what differs")
    ],
    options: ReplayOptions.self, run: ReplayCommand.run)

  // MARK: Look at results

  private static let show: Command = .init(
    "show", "Print what happened in a run, a case or a step", group: .results,
    examples: [Example("show latest/sign-in --json", "one case, for a program")],
    options: ShowOptions.self, run: ShowCommand.run)

  private static let report: Command = .init(
    "report", "Write the reports again from recordings", group: .results,
    examples: [Example("report shard-1 shard-2 -o reports/all", "merge two shards")],
    options: ReportOptions.self, run: ReportCommand.run)

  private static let runs: Command = .init(
    "runs", "List, keep, remove or move recorded runs", group: .results, default: "list",
    subcommands: [
      Command(
        "list", "List recorded runs", group: .results, options: RunsOptions.self,
        run: RunsCommand.list),
      Command(
        "remove", "Remove runs", group: .results,
        examples: [Example("runs remove 4f2a", "the run whose id ends so")],
        options: NamedRunsOptions.self, run: RunsCommand.remove),
      Command(
        "keep", "Protect runs from being removed", group: .results,
        options: KeepOptions.self, run: RunsCommand.keep),
      Command(
        "export", "Write a run to one file", group: .results, options: ExportOptions.self, run: nil),
      Command(
        "import", "Read a run from such a file", group: .results, options: ImportOptions.self,
        run: nil),
    ])

  // MARK: Write scenarios

  private static let initialise: Command = .init(
    "init", "Begin a project: a scenario that runs, settings, a CI file", group: .writing,
    examples: [Example("init my-tests", "in a folder of its own; no file is overwritten")],
    options: InitOptions.self, run: InitCommand.run)

  private static let list: Command = .init(
    "list", "Print what would run", group: .writing,
    examples: [Example("list --tag smoke --json", "cases with a tag, for a program")],
    options: ListOptions.self, run: ListCommand.run)

  private static let check: Command = .init(
    "check", "Check scenarios and configuration without running anything", group: .writing,
    examples: [Example("check scenarios/checkout", "every error with its place and a suggestion")],
    options: CheckOptions.self, run: CheckCommand.run)

  private static let look: Command = .init(
    "look", "Print what is seen on a screen, and how a step would name it", group: .writing,
    examples: [
      Example("look --target vnc://host:5901", "each text, field and box with its step"),
      Example("look shot.png --html look.html", "a page to click on"),
      Example("look shot.png --crop 100,50,24,24 -o bin.png", "a picture to look for"),
    ],
    options: LookOptions.self, run: LookCommand.run)

  private static let record: Command = .init(
    "record", "Write down as a scenario what a tester does", group: .writing,
    examples: [
      Example("record --target vnc://host:5901 -o new.yaml", "through a tester's own viewer")
    ],
    options: RecordOptions.self, run: nil)

  private static let schema: Command = .init(
    "schema", "Print the JSON Schema of scenario files", group: .writing,
    options: SchemaOptions.self, run: SchemaCommand.run)

  // MARK: This machine and its settings

  private static let doctor: Command = .init(
    "doctor", "Check this machine, its targets and the model endpoint", group: .environment,
    options: DoctorOptions.self, run: nil)

  private static let calibrate: Command = .init(
    "calibrate", "Find out how texts are typed on a VNC server, and keep it for later runs",
    group: .environment,
    examples: [
      Example("calibrate --target vnc://host:1 --into Name", "by what the field Name shows"),
      Example("calibrate scenarios/lab.yaml --forget", "delete what is kept for its target"),
    ],
    options: CalibrateOptions.self, run: CalibrateCommand.run)

  private static let models: Command = .init(
    "models", "Look after the models of the endpoint", group: .environment, default: "list",
    subcommands: [
      Command(
        "list", "List models", group: .environment, options: ModelsOptions.self,
        run: ModelsCommand.list),
      Command(
        "pull", "Download models", group: .environment, options: ModelsOptions.self,
        run: ModelsCommand.pull),
      Command(
        "check", "Find out whether models see, where they point, and how fast they are",
        group: .environment, options: ModelsOptions.self, run: ModelsCommand.check),
      Command(
        "unload", "Free the memory of models", group: .environment, options: ModelsOptions.self,
        run: ModelsCommand.unload),
    ])

  private static let policy: Command = .init(
    "policy", "Look at the permissions in force", group: .environment,
    subcommands: [
      Command(
        "check", "Print the permissions of a scenario", group: .environment,
        examples: [Example("policy check scenarios/shop.yaml", "what may run on its hosts")],
        options: PolicyCheckOptions.self, run: PolicyCommand.check),
      Command(
        "explain", "Show how one command is decided, rule by rule", group: .environment,
        examples: [
          Example("policy explain -- rm -rf /tmp/x", "a program and its arguments"),
          Example("policy explain -- 'df -h | sort'", "a text, as a shell reads it"),
        ],
        options: PolicyExplainOptions.self, run: PolicyCommand.explain),
      Command(
        "test", "Hold a table of commands against the policy", group: .environment,
        examples: [
          Example("policy test commands.yaml", "exit code 1 where one is decided otherwise")
        ],
        options: PolicyTestOptions.self, run: PolicyCommand.test),
    ])

  private static let config: Command = .init(
    "config", "Look at the configuration", group: .environment, default: "show",
    subcommands: [
      Command(
        "show", "Print each setting", group: .environment,
        examples: [Example("config show --origin", "with where it came from")],
        options: ConfigShowOptions.self, run: ConfigCommand.show)
    ])

  private static let completion: Command = .init(
    "completion", "Print a completion script for a shell", group: .environment,
    examples: [
      Example("completion bash > ~/.local/share/bash-completion/completions/qa-agent", "bash"),
      Example("completion zsh > ~/.zfunc/_qa-agent", "zsh, with ~/.zfunc in fpath"),
      Example("completion fish > ~/.config/fish/completions/qa-agent.fish", "fish"),
    ],
    options: CompletionOptions.self
  ) { options, context in
    context.output.results.write(CompletionScript(tree: .all).text(for: options.shell))
    return .success
  }
}
