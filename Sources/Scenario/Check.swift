/// Something that holds or does not hold.
public indirect enum Check: Hashable, Codable, Sendable {
  /// A text is on the screen.
  case text(TextCheck)
  /// A text is not on the settled screen.
  case absent(Template, region: Region?)
  /// A text was on the screen at some moment of a span, however short.
  case seen(Template, region: Region?, during: Span)
  /// A text was on the screen at no moment of a span, nor while the screen was watched on.
  case never(Template, region: Region?, during: Span, watching: Duration)
  /// A picture is on the screen.
  case image(path: String, Likeness, region: Region?)
  /// The screen equals a stored baseline.
  case unchanged(Baseline)
  /// A statement that the judge says is true.
  case screen(Template, votes: Int)
  /// A command on the SSH host says so.
  case ssh(SSHCheck)
  /// A file says so.
  case file(FileCheck)
  /// The application runs, or has ended.
  case application(ApplicationCheck)
  /// What the application wrote says so.
  case log(LogCheck)
  /// A value compares so.
  case value(Template, Comparison)
  /// The opposite.
  case not(Check)
  /// All of them.
  case all([Check])
  /// At least one of them.
  case any([Check])

  /// How far back a check looks.
  public enum Span: String, Hashable, Codable, Sendable, CaseIterable {
    /// Since the last step that acted on the screen began to act.
    case step
    /// Since the attempt began.
    case `case`
  }

  /// A text on the screen.
  public struct TextCheck: Hashable, Codable, Sendable {
    /// The text to find; nil when only `matches` says what.
    public var text: Template?
    /// A pattern that the text in the region matches.
    public var matches: String?
    /// Where to look.
    public var region: Region?
    /// How often it is there; nil means at least once.
    public var count: Int?
    /// How long it must stay there without a gap.
    public var stays: Duration?
    /// Whether nothing but white space is forgiven; nil is no, and in older recordings.
    public var exact: Bool?

    /// A text check.
    public init(
      text: Template?, matches: String? = nil, region: Region? = nil, count: Int? = nil,
      stays: Duration? = nil, exact: Bool? = nil
    ) {
      self.text = text
      self.matches = matches
      self.region = region
      self.count = count
      self.stays = stays
      self.exact = exact
    }
  }

  /// A stored picture that the screen must equal.
  public struct Baseline: Hashable, Codable, Sendable {
    /// The name it is stored under.
    public var name: String
    /// The share of pixels that may differ, 0…1.
    public var tolerance: Double
    /// Parts that are not compared.
    public var ignore: [Region]

    /// A baseline.
    public init(name: String, tolerance: Double = 0, ignore: [Region] = []) {
      self.name = name
      self.tolerance = tolerance
      self.ignore = ignore
    }
  }

  /// A command's exit status and output.
  public struct SSHCheck: Hashable, Codable, Sendable {
    /// The command line, as the login shell of the host reads it; of an argument list, its words for people.
    public var command: Template
    /// The exit status.
    public var exit: Int
    /// The whole standard output, without its last line break.
    public var stdout: Template?
    /// A pattern that the standard output matches.
    public var matches: String?
    /// A text that the standard output does not hold.
    public var never: Template?
    /// The program and its arguments, each passed on as it is; nil where the shell reads the line.
    public var arguments: [Template]?
    /// What it reads on standard input.
    public var input: Template?
    /// Variables of its environment, by name.
    public var environment: [String: Template]?
    /// The host by its name among the target's `hosts`; nil is the target's `ssh`.
    public var host: String?
    /// How long it may take; nil leaves that to who runs it.
    public var limit: Duration?
    /// Where it runs; nil is a host.
    public var place: SSHCommand.Place?

    /// A check of a command.
    public init(
      command: Template, exit: Int = 0, stdout: Template? = nil, matches: String? = nil,
      never: Template? = nil, arguments: [Template]? = nil, input: Template? = nil,
      environment: [String: Template]? = nil, host: String? = nil, limit: Duration? = nil,
      place: SSHCommand.Place? = nil
    ) {
      self.command = command
      self.exit = exit
      self.stdout = stdout
      self.matches = matches
      self.never = never
      self.arguments = arguments
      self.input = input
      self.environment = environment
      self.host = host
      self.limit = limit
      self.place = place
    }

    /// What is run.
    public var run: SSHCommand {
      SSHCommand(
        run: command, arguments: arguments, exit: exit, input: input, environment: environment,
        host: host, limit: limit, place: place)
    }
  }

  /// What is to be true of the application that the runner started.
  public enum ApplicationCheck: Hashable, Codable, Sendable {
    /// Something of it is left.
    case running
    /// Nothing of it is left; `exit` is its status, nil any end at all.
    case ended(exit: Int?)
  }

  /// What the application wrote, as text, upper and lower case told apart.
  public struct LogCheck: Hashable, Codable, Sendable {
    /// A text that is in it.
    public var text: Template?
    /// A pattern that one of its lines matches.
    public var matches: String?
    /// A text that is not in it.
    public var never: Template?

    /// A check of the output; without anything it says nothing.
    public init(text: Template? = nil, matches: String? = nil, never: Template? = nil) {
      self.text = text
      self.matches = matches
      self.never = never
    }
  }

  /// How a value compares.
  public enum Comparison: Hashable, Codable, Sendable {
    case equals(Template)
    case notEquals(Template)
    case matches(String)
    case contains(Template)
    case lessThan(Double)
    case greaterThan(Double)
  }
}
