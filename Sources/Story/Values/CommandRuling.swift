public import Policy

/// What became of a command that a model wanted to run on a host, before it ran.
public struct CommandRuling: Hashable, Codable, Sendable {
  /// The command: as it runs where it was understood, else as the model wrote it.
  public var command: String
  /// The host by its name; nil is the target's own.
  public var host: String?
  /// Why the model wants it, in its own words.
  public var thought: String
  /// What the policy says.
  public var decision: Decision
  /// The rule that decided, by its id; nil where none did.
  public var rule: String?
  /// Why, in one sentence.
  public var reason: String

  /// A ruling.
  public init(
    command: String, host: String? = nil, thought: String = "", decision: Decision,
    rule: String? = nil, reason: String
  ) {
    self.command = command
    self.host = host
    self.thought = thought
    self.decision = decision
    self.rule = rule
    self.reason = reason
  }
}

/// A tool that a model may call.
public enum ToolName: String, Hashable, Codable, Sendable, CaseIterable {
  /// Pointer, keyboard and looks.
  case computer
  /// A program with its arguments on a host.
  case run
  /// A command line on a host.
  case shell
}
