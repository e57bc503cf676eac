public import Hands

/// One step: what to do and the keys that every step may carry.
public struct Step: Hashable, Codable, Sendable {
  /// What to do.
  public var kind: Kind
  /// The step's own name, if it has one.
  public var name: String?
  /// The name under which its result is kept.
  public var resultName: String?
  /// The limit of this step; the default depends on its kind.
  public var timeout: Duration?
  /// Whether its failure leaves the case going.
  public var isOptional: Bool
  /// Runs only when this holds.
  public var condition: Condition?
  /// Attempts after the first, for this step alone.
  public var retry: Retry?
  /// Which lane may do it.
  public var lane: Lane
  /// The code of the language of its `act` line; nil is English.
  public var language: String?
  /// How long the screen must be quiet after each of its actions; nil is the default window.
  public var settle: Duration?
  /// Where it stands.
  public var location: SourceLocation
  /// The step as its file says it, on one line; variables and secrets stand there by name.
  public var text: String

  /// A step.
  public init(
    _ kind: Kind, name: String? = nil, resultName: String? = nil, timeout: Duration? = nil,
    isOptional: Bool = false, condition: Condition? = nil, retry: Retry? = nil, lane: Lane = .auto,
    language: String? = nil, settle: Duration? = nil, location: SourceLocation, text: String = ""
  ) {
    self.kind = kind
    self.name = name
    self.resultName = resultName
    self.timeout = timeout
    self.isOptional = isOptional
    self.condition = condition
    self.retry = retry
    self.lane = lane
    self.language = language
    self.settle = settle
    self.location = location
    self.text = text
  }

  /// The vocabulary.
  public indirect enum Kind: Hashable, Codable, Sendable {
    /// Reach a goal.
    case act(Template)
    /// Press a pointer button on a target, or only go there.
    case point(PointerVerb, Target, Manner? = nil)
    /// Drag from one target to another.
    case drag(from: Target, to: Target, manner: Manner? = nil)
    /// Turn the wheel.
    case scroll(ScrollDirection, notches: Int, at: Target?, manner: Manner? = nil)
    /// Type text.
    case type(Typing)
    /// Press chords one after another.
    case press([KeyChord], KeyManner? = nil)
    /// Wait.
    case wait(Wait)
    /// Check.
    case expect(Check)
    /// A command on the SSH host.
    case ssh(SSHCommand)
    /// Take a value off the screen.
    case read(Reading)
    /// A tool of a configured MCP server.
    case tool(ToolCall)
    /// Keep a named picture.
    case screenshot(String)
    /// Steps shown together; an `include` becomes one.
    case group(name: String, steps: [Step])
    /// A line in the report.
    case note(Template)
  }

  /// Which lane may do a step.
  public enum Lane: String, Hashable, Codable, Sendable, CaseIterable {
    /// The local engine first, then the model.
    case auto
    /// The local engine only.
    case local
    /// The model only.
    case model
  }

  /// How often a step is tried again.
  public struct Retry: Hashable, Codable, Sendable {
    /// Attempts after the first.
    public var times: Int
    /// The pause between attempts.
    public var every: Duration

    /// A retry rule.
    public init(times: Int, every: Duration = .seconds(1)) {
      self.times = times
      self.every = every
    }
  }

  /// `when:`: two sides and how they compare.
  public struct Condition: Hashable, Codable, Sendable {
    /// How two texts compare.
    public enum Comparison: String, Hashable, Codable, Sendable, CaseIterable {
      case equal = "=="
      case notEqual = "!="
    }

    /// The left side.
    public var left: Template
    /// How.
    public var comparison: Comparison
    /// The right side.
    public var right: Template

    /// A condition.
    public init(left: Template, comparison: Comparison, right: Template) {
      self.left = left
      self.comparison = comparison
      self.right = right
    }
  }
}

/// What a pointer step does at its target.
public enum PointerVerb: String, Hashable, Codable, Sendable, CaseIterable {
  case click
  case doubleClick = "double_click"
  case rightClick = "right_click"
  case middleClick = "middle_click"
  case hover
}

/// Text to type, and where.
public struct Typing: Hashable, Codable, Sendable {
  /// The text.
  public var text: Template
  /// The target that is clicked first.
  public var into: Target?
  /// Whether what is there is removed first.
  public var clear: Bool
  /// Whether Return follows.
  public var enter: Bool
  /// Whether the field must show the text, before Return if that follows.
  public var isShown: Bool
  /// Whether it is pasted from the clipboard; nil is as it goes best.
  public var isPasted: Bool?

  /// Text to type.
  public init(
    text: Template, into: Target? = nil, clear: Bool = false, enter: Bool = false,
    isShown: Bool = false, isPasted: Bool? = nil
  ) {
    self.text = text
    self.into = into
    self.clear = clear
    self.enter = enter
    self.isShown = isShown
    self.isPasted = isPasted
  }

  /// Reads one; recordings from before there was `shown` do not have it.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      text: try values.decode(Template.self, forKey: .text),
      into: try values.decodeIfPresent(Target.self, forKey: .into),
      clear: try values.decode(Bool.self, forKey: .clear),
      enter: try values.decode(Bool.self, forKey: .enter),
      isShown: try values.decodeIfPresent(Bool.self, forKey: .isShown) ?? false,
      isPasted: try values.decodeIfPresent(Bool.self, forKey: .isPasted))
  }
}

/// What a wait waits for.
public enum Wait: Hashable, Codable, Sendable {
  /// A time.
  case time(Duration)
  /// A text on the screen.
  case text(Template, region: Region?)
  /// A text gone from the screen.
  case absent(Template, region: Region?)
  /// A screen that has been quiet for so long.
  case settled(Duration)
}

/// A value to take off the screen.
public struct Reading: Hashable, Codable, Sendable {
  /// What it is, in words; a label beside it helps the local engine.
  public var what: Template
  /// Where to look.
  public var region: Region?
  /// A pattern that the value matches; its first group, if it has one, is the value.
  public var matches: String?
  /// Which of several values in reading order, from 1.
  public var nth: Int?
  /// The value nearest to this text.
  public var near: Template?

  /// A value to read.
  public init(
    what: Template, region: Region? = nil, matches: String? = nil, nth: Int? = nil,
    near: Template? = nil
  ) {
    self.what = what
    self.region = region
    self.matches = matches
    self.nth = nth
    self.near = near
  }
}

/// A call of a tool of an MCP server.
public struct ToolCall: Hashable, Codable, Sendable {
  /// The configured server.
  public var server: String
  /// The tool.
  public var name: String
  /// Its arguments as the text of a JSON object, in whose strings results stand as `{{ order.value }}`.
  ///
  /// A result is filled in after the JSON was read, so that it cannot change its structure. Secrets are
  /// never in it.
  public var arguments: String

  /// A call.
  public init(server: String, name: String, arguments: String = "{}") {
    self.server = server
    self.name = name
    self.arguments = arguments
  }
}
