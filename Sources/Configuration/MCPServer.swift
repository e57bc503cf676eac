/// A tool server that the runner starts and talks to over its standard input and output.
public struct MCPServer: Hashable, Sendable {
  /// The name that `tool:` steps use.
  public var name: String
  /// The program and its arguments; no shell reads them.
  public var command: [String]
  /// The tools that may be called; no other is.
  public var allow: [String]
  /// The environment variables that it gets, by name.
  public var environment: [String]
  /// The limit of one call.
  public var timeout: Duration

  /// A server.
  public init(
    name: String, command: [String], allow: [String] = [], environment: [String] = [],
    timeout: Duration = .seconds(30)
  ) {
    self.name = name
    self.command = command
    self.allow = allow
    self.environment = environment
    self.timeout = timeout
  }
}
