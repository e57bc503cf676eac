/// Where something stands in a file; line and column count from 1.
public struct SourceLocation: Hashable, Codable, Sendable, CustomStringConvertible {
  /// The path as the user would write it.
  public var file: String
  /// The line.
  public var line: Int
  /// The column, in characters.
  public var column: Int

  /// A place in a file.
  public init(file: String, line: Int, column: Int = 1) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// `scenarios/a.yaml:3:7`.
  public var description: String { "\(file):\(line):\(column)" }
}

/// One case to run: a scenario with one combination of its matrix, every `${…}` filled in.
public struct Case: Hashable, Codable, Sendable {
  /// Unique in a run and the same from run to run: the scenario's id, and `[lang=en]` for a matrix.
  public var id: String
  /// The scenario's name with the matrix values.
  public var name: String
  /// The scenario it came from, without its matrix.
  public var scenario: Scenario
  /// The matrix values of this case, in the order of the file.
  public var matrix: [MatrixValue]
  /// Why what should have been a case cannot be read: its place and what is wrong; nil where it can.
  ///
  /// It is never run, and has its verdict all the same.
  public var unreadable: String?

  /// A case.
  public init(id: String, name: String, scenario: Scenario, matrix: [MatrixValue] = []) {
    self.id = id
    self.name = name
    self.scenario = scenario
    self.matrix = matrix
  }

  /// What should have been a case.
  public init(
    id: String, name: String, unreadable: String, at location: SourceLocation, in root: String
  ) {
    self.init(
      id: id, name: name,
      scenario: Scenario(
        name: name, id: id, target: TargetSpec(screen: .desktop(TargetSpec.Desktop())), steps: [],
        location: location, root: root))
    self.unreadable = unreadable
  }

  /// One axis of the matrix with the value it has in a case.
  public struct MatrixValue: Hashable, Codable, Sendable {
    /// The axis.
    public var name: String
    /// Its value.
    public var value: String

    /// An axis and its value.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }
}

/// What a scenario file says, with variables filled in and includes in place.
public struct Scenario: Hashable, Codable, Sendable {
  /// The name people read.
  public var name: String
  /// The stable id: given, or the path under the scenario root without its extension.
  public var id: String
  /// Free text for the report.
  public var description: String?
  /// Tags to select by.
  public var tags: [String]
  /// What must be there: `model`, `ssh`, `xvnc`, `chromium` or any command's name.
  public var requires: [String]
  /// Properties carried into the reports, in order.
  public var properties: [Property]
  /// What is driven.
  public var target: TargetSpec
  /// The languages that its screen is read in, as the text recogniser names them; nil in recordings from
  /// before there was a choice.
  public var ocr: [String]?
  /// Whether numbers have a comma before the fraction, by its language; nil is no, and in older recordings.
  public var hasDecimalComma: Bool?
  /// The named model role.
  public var modelRole: String
  /// The limits of one attempt.
  public var limits: Limits
  /// Attempts after the first.
  public var retries: Int
  /// What a model may run on hosts.
  public var permissions: Permissions
  /// The names of its secrets.
  public var secrets: [String]
  /// Steps whose failure is an error, not a failure of the product.
  public var setup: [Step]
  /// The steps.
  public var steps: [Step]
  /// Steps that always run.
  public var teardown: [Step]
  /// Whether the application may end before the scenario does, in any way; nil is no.
  public var ends: Bool?
  /// Where the file starts.
  public var location: SourceLocation
  /// The folder that relative paths in it start from: the project root.
  public var root: String

  /// A scenario; everything has the default that the format gives it.
  public init(
    name: String, id: String, description: String? = nil, tags: [String] = [],
    requires: [String] = [], properties: [Property] = [], target: TargetSpec,
    ocr: [String]? = nil, hasDecimalComma: Bool? = nil, modelRole: String = "default",
    limits: Limits = Limits(),
    retries: Int = 0,
    permissions: Permissions = Permissions(), secrets: [String] = [], setup: [Step] = [],
    steps: [Step], teardown: [Step] = [], ends: Bool? = nil, location: SourceLocation, root: String
  ) {
    self.name = name
    self.id = id
    self.description = description
    self.tags = tags
    self.requires = requires
    self.properties = properties
    self.target = target
    self.ocr = ocr
    self.hasDecimalComma = hasDecimalComma
    self.modelRole = modelRole
    self.limits = limits
    self.retries = retries
    self.permissions = permissions
    self.secrets = secrets
    self.setup = setup
    self.steps = steps
    self.teardown = teardown
    self.ends = ends
    self.location = location
    self.root = root
  }

  /// A name and a value for the reports.
  public struct Property: Hashable, Codable, Sendable {
    /// The name.
    public var name: String
    /// The value.
    public var value: String

    /// A property.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }
}

/// The limits of one attempt; nil means the configuration's or the built-in one.
public struct Limits: Hashable, Codable, Sendable {
  /// The whole attempt.
  public var time: Duration
  /// Actions of all kinds.
  public var steps: Int
  /// Calls to a model.
  public var modelCalls: Int
  /// Tokens to and from models.
  public var tokens: Int
  /// How long nothing at all may happen.
  public var idle: Duration

  /// Limits with the format's defaults.
  public init(
    time: Duration = .seconds(300), steps: Int = 60, modelCalls: Int = 40, tokens: Int = 200_000,
    idle: Duration = .seconds(30)
  ) {
    self.time = time
    self.steps = steps
    self.modelCalls = modelCalls
    self.tokens = tokens
    self.idle = idle
  }
}

/// What a model may run on hosts: patterns of commands, out of what the operator permits.
public struct Permissions: Hashable, Codable, Sendable {
  /// Patterns that allow a command.
  public var allow: [String]
  /// Patterns that forbid a command; they win.
  public var deny: [String]
  /// Whether a model may write command lines, and not only name a program with its arguments; nil is no.
  public var shell: Bool?

  /// Permissions; without any, no command is allowed.
  public init(allow: [String] = [], deny: [String] = [], shell: Bool? = nil) {
    self.allow = allow
    self.deny = deny
    self.shell = shell
  }
}

/// What is driven, and where its shell is.
public struct TargetSpec: Hashable, Codable, Sendable {
  /// The three kinds of screen.
  public enum Screen: Hashable, Codable, Sendable {
    /// A private X desktop that the runner starts and removes.
    case desktop(Desktop)
    /// Any VNC server, reached from this machine or through something of the target.
    case vnc(
      address: Template, password: Template?, protection: VNCProtection = VNCProtection(),
      via: Via? = nil)
    /// An embedded demo screen, by name.
    case demo(String)
    /// No screen at all: only hosts are worked on.
    case nothing
  }

  /// What the way to a VNC server leads through.
  public enum Via: String, Hashable, Codable, Sendable, CaseIterable {
    /// The target's SSH host: the address is looked up and connected to there.
    case ssh
  }

  /// How a connection to a VNC server is protected.
  public struct VNCProtection: Hashable, Codable, Sendable {
    /// The security types that are accepted, the best first; empty leaves it to the rest.
    public var accepted: [String]
    /// The file of the authorities that the server's certificate must lead to, under the project root.
    public var caFile: String?
    /// The SHA-256 of the server's certificate: 64 hexadecimal digits, with or without colons.
    public var fingerprint: String?
    /// The user name, for the Plain types.
    public var user: Template?

    /// Protection; without anything, a VNC password if there is one.
    public init(
      accepted: [String] = [], caFile: String? = nil, fingerprint: String? = nil,
      user: Template? = nil
    ) {
      self.accepted = accepted
      self.caFile = caFile
      self.fingerprint = fingerprint
      self.user = user
    }
  }

  /// The screen.
  public var screen: Screen
  /// The SSH host, if there is one.
  public var ssh: SSHHost?
  /// Further hosts, by name.
  public var hosts: [String: SSHHost]?
  /// The commands on the SSH host that type and read in place of keys and eyes, if there are any.
  public var typing: HostTyping?

  /// A target.
  public init(
    screen: Screen, ssh: SSHHost? = nil, hosts: [String: SSHHost]? = nil, typing: HostTyping? = nil
  ) {
    self.screen = screen
    self.ssh = ssh
    self.hosts = hosts
    self.typing = typing
  }

  /// The host of a name; nil is the one that has none.
  public func host(_ name: String?) -> SSHHost? {
    guard let name else { return ssh }
    return hosts?[name]
  }

  /// A private X desktop.
  public struct Desktop: Hashable, Codable, Sendable {
    /// Pixels across, 64…8192.
    public var width: Int
    /// Pixels down, 64…8192.
    public var height: Int
    /// The command line started on it, run by `/bin/sh -c` in the project root.
    public var run: Template?
    /// The window manager's command, if any.
    public var windowManager: String?
    /// Variables of the application's environment, by name.
    public var environment: [String: Template]?

    /// A desktop with the format's defaults.
    public init(
      width: Int = 1280, height: Int = 800, run: Template? = nil, windowManager: String? = nil,
      environment: [String: Template]? = nil
    ) {
      self.width = width
      self.height = height
      self.run = run
      self.windowManager = windowManager
      self.environment = environment
    }
  }

  /// An SSH host and how to prove who we are to it.
  public struct SSHHost: Hashable, Codable, Sendable {
    /// `ssh://user@host:port`.
    public var url: Template
    /// The path of a private key.
    public var identity: String?
    /// The password.
    public var password: Template?
    /// Whether an agent is asked.
    public var usesAgent: Bool
    /// The file of known host keys.
    public var knownHosts: String
    /// The path of a client configuration of OpenSSH in which the host is looked up; nil is none.
    public var config: String?

    /// A host.
    public init(
      url: Template, identity: String? = nil, password: Template? = nil, usesAgent: Bool = false,
      knownHosts: String = SSHHost.usualKnownHosts, config: String? = nil
    ) {
      self.url = url
      self.identity = identity
      self.password = password
      self.usesAgent = usesAgent
      self.knownHosts = knownHosts
      self.config = config
    }

    /// The file of known host keys where none is named.
    public static let usualKnownHosts = "~/.ssh/known_hosts"
  }
}
