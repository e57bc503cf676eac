/// Where a value came from.
public enum Origin: Hashable, Sendable, CustomStringConvertible {
  case builtIn
  /// A variable that Docker sets, such as `LLM_URL`.
  case docker(variable: String)
  /// The project file.
  case file(String, line: Int)
  /// A profile of the project file.
  case profile(String, file: String, line: Int)
  /// A variable of `.env`.
  case dotEnv(variable: String, file: String)
  /// A variable of the environment.
  case environment(variable: String)
  /// A flag.
  case flag(String)

  /// Whether the value wins over what a scenario says.
  var outranksScenario: Bool {
    switch self {
    case .dotEnv, .environment, .flag: true
    case .builtIn, .docker, .file, .profile: false
    }
  }

  /// Whether somebody set it.
  public var isConfigured: Bool { self != .builtIn }

  /// `qa-agent.yaml:3`, `QA_AGENT_MODEL`, `--workers`, `built in`.
  public var description: String {
    switch self {
    case .builtIn: "built in"
    case .docker(let variable), .environment(let variable): variable
    case .file(let file, let line): "\(file):\(line)"
    case .profile(let name, let file, let line): "profile \(name) (\(file):\(line))"
    case .dotEnv(let variable, let file): "\(variable) (\(file))"
    case .flag(let flag): flag
    }
  }
}

/// A value and where it came from.
public struct Configured<Value: Hashable & Sendable>: Hashable, Sendable {
  /// The value.
  public var value: Value
  /// Where it came from.
  public var origin: Origin

  /// A value from somewhere.
  public init(_ value: Value, from origin: Origin) {
    self.value = value
    self.origin = origin
  }

  /// The value if it wins over what a scenario says.
  public var overriding: Value? { origin.outranksScenario ? value : nil }
}

/// A text that is never printed: only who asks for it by name gets it.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// The variable it came from.
  public let name: String
  private let value: String

  /// A secret from a variable.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// The text itself; it must go nowhere but to the server that asks for it.
  public func reveal() -> String { value }

  /// `‹OPENAI_API_KEY›`.
  public var description: String { "‹\(name)›" }
  /// The same.
  public var debugDescription: String { description }
  /// The name alone, so that no dump of a value around it shows the text.
  public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
