/// What to start, and where its three standard streams go.
///
/// It prints as the program's name alone, because arguments and variables may hold secrets.
public struct ProcessSpecification: Sendable, CustomStringConvertible, CustomReflectable {
  /// What a process reads.
  public enum Input: Sendable {
    /// Nothing.
    case null
    /// A file.
    case file(String)
    /// These bytes, then the end.
    case bytes([UInt8])
    /// What is written to `SupervisedProcess.standardInput`.
    case pipe
  }

  /// Where a process writes.
  public enum Output: Sendable {
    /// Nowhere.
    case null
    /// Into a file, made with mode 0600 when absent; without `append` what it held is cut.
    case file(String, append: Bool)
    /// To this closure: each piece as it comes, of at most 64 KiB, then one empty array at the end.
    ///
    /// It runs on the thread that looks after the process; while it works the process may have to
    /// wait for room to write, and nobody hears of the process's end.
    case sink(@Sendable ([UInt8]) -> Void)
  }

  /// The program: a path with a slash, or a name that is looked up in the `PATH` of `environment`.
  public var executable: String
  /// The arguments, without the program's name.
  public var arguments: [String]
  /// All of its environment variables.
  public var environment: [String: String]
  /// Where it runs; nil means where we are.
  public var workingDirectory: String?
  /// What it reads.
  public var standardInput: Input = .null
  /// Where it writes.
  public var standardOutput: Output = .null
  /// Where it writes errors and warnings.
  public var standardError: Output = .null
  /// Whether errors and warnings go where the output goes, in order; `standardError` is not used then.
  public var mergesErrorIntoOutput = false
  /// How long its processes have between SIGTERM and SIGKILL when this process ends.
  public var grace: Duration = .seconds(2)

  /// A program that reads and writes nothing.
  public init(
    _ executable: String, _ arguments: [String] = [],
    environment: [String: String] = ProcessEnvironment.current, workingDirectory: String? = nil
  ) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.workingDirectory = workingDirectory
  }

  /// The program's name.
  public var description: String { executable }
  /// Nothing: see `description`.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// How a process ended.
public enum ProcessExit: Hashable, Sendable, CustomStringConvertible {
  /// By itself, with this status, 0…255.
  case exited(Int32)
  /// By a signal with this number.
  case signaled(Int32)

  /// Whether it exited with status 0.
  public var isSuccess: Bool { self == .exited(0) }

  /// `exit status 3`, `signal 9`.
  public var description: String {
    switch self {
    case .exited(let status): "exit status \(status)"
    case .signaled(let number): "signal \(number)"
    }
  }
}

/// Why a process could not be started or used.
public enum ProcessError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No folder of the `PATH` that was searched has such a program.
  case notFound(name: String, path: String)
  /// A part of the specification cannot be given to a process.
  case invalid(name: String, reason: String)
  /// A file for a standard stream cannot be opened.
  case cannotOpen(path: String, SystemError)
  /// The kernel refused a part of the start ("execute", "enter /nowhere", …).
  case cannotStart(name: String, step: String, SystemError)
  /// It took longer than `limit`, and was ended.
  case timedOut(name: String, limit: Duration)
  /// It no longer reads what is written to it.
  case inputClosed(name: String)

  /// One sentence for a person.
  public var description: String {
    switch self {
    case .notFound(let name, let path): "there is no program \(name) in \(path)"
    case .invalid(let name, let reason): "cannot start \(name): \(reason)"
    case .cannotOpen(let path, let reason): "cannot open \(path): \(reason)"
    case .cannotStart(let name, let step, let reason): "cannot start \(name): \(step): \(reason)"
    case .timedOut(let name, let limit): "\(name) took longer than \(limit) and was ended"
    case .inputClosed(let name): "\(name) has closed its input"
    }
  }
}
