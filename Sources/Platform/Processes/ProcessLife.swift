/// What is known of a command and all of its descendants.
public struct ProcessLife: Hashable, Sendable {
  /// Whether something of it is left.
  public var isRunning: Bool
  /// How it ended; while something of it is left, how the command did, or what it handed over to.
  public var exit: ProcessExit?
  /// When it ended badly, or when the last of it ended; nil while neither is so.
  public var endedAt: ContinuousClock.Instant?

  /// What is known.
  public init(
    isRunning: Bool, exit: ProcessExit? = nil, endedAt: ContinuousClock.Instant? = nil
  ) {
    self.isRunning = isRunning
    self.exit = exit
    self.endedAt = endedAt
  }
}
