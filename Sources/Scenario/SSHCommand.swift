/// A command on an SSH host, or on the machine that runs the case.
///
/// A secret is never part of its line, which every user of the host can read: it goes over the input, or into
/// the environment, which is handed over by the input as well.
public struct SSHCommand: Hashable, Codable, Sendable {
  /// The command line, as the login shell of the host reads it; of an argument list, its words for people.
  public var run: Template
  /// The program and its arguments, each passed on as it is; nil where the shell reads the line.
  public var arguments: [Template]?
  /// The exit status that is a success.
  public var exit: Int
  /// What it reads on standard input.
  public var input: Template?
  /// Variables of its environment, by name.
  public var environment: [String: Template]?
  /// Where it runs; nil is a host.
  public var place: Place?
  /// Whether it runs on while the case goes on, and ends with it, on the runner's machine alone; nil is no.
  public var isBackground: Bool?
  /// What is done with a file in place of running anything, on the runner's machine alone; nil is nothing.
  public var file: FileDeed?
  /// The host by its name among the target's `hosts`; nil is the target's `ssh`.
  public var host: String?
  /// How long it may take; nil leaves that to who runs it.
  public var limit: Duration?
  /// How many bytes of output are taken in; nil leaves that to who runs it.
  public var largestOutput: Int?

  /// A place that is no host.
  public enum Place: String, Hashable, Codable, Sendable {
    /// The machine that runs the case, in the case's own folder and with its environment.
    case runner
  }

  /// A command.
  public init(
    run: Template, arguments: [Template]? = nil, exit: Int = 0, input: Template? = nil,
    environment: [String: Template]? = nil, host: String? = nil, limit: Duration? = nil,
    largestOutput: Int? = nil,
    place: Place? = nil, isBackground: Bool? = nil, file: FileDeed? = nil
  ) {
    self.run = run
    self.arguments = arguments
    self.exit = exit
    self.input = input
    self.environment = environment
    self.host = host
    self.limit = limit
    self.largestOutput = largestOutput
    self.place = place
    self.isBackground = isBackground
    self.file = file
  }

  /// All texts of it.
  public var texts: [Template] {
    (arguments ?? [run]) + (input.map { [$0] } ?? [])
      + (environment ?? [:]).sorted { $0.key < $1.key }.map(\.value)
  }
}
