/// The limits of one command.
public struct SSHCommandLimits: Hashable, Sendable {
  /// The whole command.
  public var time: Duration = .seconds(60)
  /// Bytes kept of the beginning of an output, and as many of its end.
  public var kept = 256 << 10
  /// Bytes of both outputs together at which a command is stopped.
  public var output = 8 << 20

  /// The default limits.
  public init() {}
}

/// What came of a command.
public struct SSHCommandResult: Hashable, Sendable {
  /// How it ended.
  public enum Ending: Hashable, Sendable {
    /// With a status; 0 is success.
    case exited(UInt32)
    /// By a signal, such as `KILL`.
    case signalled(String)
    /// The server did not say how: never to be taken for a success.
    case unknown
    /// The time was up; it may still be running.
    case timedOut
    /// It wrote more than the limit; it may still be running.
    case tooMuchOutput
  }

  /// How it ended.
  public let ending: Ending
  /// What it wrote to its standard output.
  public let output: SSHOutput
  /// What it wrote to its standard error.
  public let errors: SSHOutput

  /// What came of it.
  public init(ending: Ending, output: SSHOutput, errors: SSHOutput) {
    self.ending = ending
    self.output = output
    self.errors = errors
  }
}
