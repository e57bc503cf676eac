internal import Durations

/// What came of a command on a host.
public struct CommandResult: Hashable, Codable, Sendable {
  /// How it ended.
  public enum Ending: Hashable, Codable, Sendable {
    /// With a status; 0 is success.
    case exited(Int)
    /// By a signal, such as `KILL`.
    case signalled(String)
    /// The host did not say how: never to be taken for a success.
    case unknown
    /// It was still running when its time was up, and may still be.
    case timedOut(Duration)
    /// It wrote more than is taken in, and may still be running.
    case tooMuchOutput
    /// It was started, and runs on while the case goes on.
    case started
  }

  /// How it ended.
  public var ending: Ending
  /// What it wrote to its standard output; beginning and end where it was much.
  public var stdout: String
  /// What it wrote to its standard error, likewise.
  public var stderr: String
  /// How many bytes of both were left out.
  public var dropped: Int
  /// Whether all that was kept of the output is UTF-8.
  public var isText: Bool
  /// How long it took.
  public var time: Duration

  /// What came of a command.
  public init(
    ending: Ending, stdout: String = "", stderr: String = "", dropped: Int = 0,
    isText: Bool = true, time: Duration = .zero
  ) {
    self.ending = ending
    self.stdout = stdout
    self.stderr = stderr
    self.dropped = dropped
    self.isText = isText
    self.time = time
  }

  /// Whether the output is known to the last byte.
  public var isWhole: Bool { dropped == 0 && isText }

  /// The standard output without its last line break.
  public var value: String {
    var text = stdout
    if text.last?.isNewline == true { text.removeLast() }
    return text
  }

  /// The status; nil where it ended otherwise, or nobody knows how.
  public var status: Int? { if case .exited(let status) = ending { status } else { nil } }
}

extension CommandResult.Ending {
  /// How it ended, as the end of a sentence about it.
  public var words: String {
    switch self {
    case .exited(let status): "exited with \(status)"
    case .signalled(let signal): "was ended by the signal \(signal)"
    case .unknown: "ended, and the host does not say how"
    case .timedOut(let limit): "was still running after \(limit.brief)"
    case .tooMuchOutput: "wrote too much, and was left"
    case .started: "was started"
    }
  }

  /// Whether it is known to be over, and how.
  public var isKnown: Bool {
    switch self {
    case .exited, .signalled, .started: true
    case .unknown, .timedOut, .tooMuchOutput: false
    }
  }
}
