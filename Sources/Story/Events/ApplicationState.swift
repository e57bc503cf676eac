internal import Scenario

/// What is known of the application under test, where the runner itself started it.
public struct ApplicationState: Hashable, Codable, Sendable {
  /// How a program ended.
  public enum End: Hashable, Codable, Sendable {
    /// By itself, with a status.
    case exited(Int)
    /// By a signal.
    case signaled(Int)

    /// Whether it exited with 0.
    public var isGood: Bool { self == .exited(0) }

    /// How it ended, in words: `by signal 11 (SIGSEGV)`, `with status 3`.
    public var words: String {
      switch self {
      case .exited(let status):
        // A shell that has seen its command end by a signal says so.
        "with status \(status)"
          + (status > 128 ? Self.name(of: status - 128).map { ", as after \($0)" } ?? "" : "")
      case .signaled(let number):
        "by signal \(number)" + (Self.name(of: number).map { " (\($0))" } ?? "")
      }
    }

    /// The name of a signal on Linux, if it is one that ends programs.
    private static func name(of signal: Int) -> String? {
      let names = [
        1: "HUP", 2: "INT", 3: "QUIT", 4: "ILL", 5: "TRAP", 6: "ABRT", 7: "BUS", 8: "FPE",
        9: "KILL", 11: "SEGV", 13: "PIPE", 14: "ALRM", 15: "TERM", 24: "XCPU", 25: "XFSZ",
        31: "SYS",
      ]
      return names[signal].map { "SIG\($0)" }
    }
  }

  /// Whether a process of it is left.
  public var isRunning: Bool
  /// How it ended; while a process of it is left, how its command ended, if it did.
  public var end: End?
  /// How long ago it ended.
  public var ago: Duration
  /// The last lines that it wrote, secrets as names.
  public var lastLines: [String]
  /// Whether it is stopped, as by SIGSTOP, and answers nothing; nil is no.
  public var isStopped: Bool?

  /// A state.
  public init(
    isRunning: Bool, end: End?, ago: Duration = .zero, lastLines: [String] = [],
    isStopped: Bool? = nil
  ) {
    self.isStopped = isStopped
    self.isRunning = isRunning
    self.end = end
    self.ago = ago
    self.lastLines = lastLines
  }

  /// Whether both say the same, however long ago it was.
  public func isSame(as other: ApplicationState) -> Bool {
    isRunning == other.isRunning && end == other.end && isStopped == other.isStopped
  }
}

/// What an application wrote in one attempt.
public struct ApplicationOutput: Hashable, Codable, Sendable {
  /// The file that holds it, relative to the folder of the run; nil when there is none.
  public var file: String?
  /// The last lines, secrets as names.
  public var lines: [String]
  /// How it ended; nil when it ran until the attempt was over.
  public var end: ApplicationState.End?

  /// What it wrote.
  public init(file: String?, lines: [String], end: ApplicationState.End? = nil) {
    self.file = file
    self.lines = lines
    self.end = end
  }
}
