internal import Glibc

/// A running command that cannot outlive us.
///
/// The command runs in a session of its own under a keeper process. The command and all of its
/// descendants, also those that detach themselves, end when `terminate` is called, when the last
/// reference to this object goes, and when this process ends in any way, `kill -9` included.
///
/// When the command itself exits while descendants of it live on, `wait` returns and they stay until
/// one of the three happens.
public final class SupervisedProcess: Sendable {
  /// The process id of the command, which also is its session and its process group.
  public let pid: Int32
  /// The program's name, for messages.
  public let name: String
  /// Where to write what the command reads, when its specification says `.pipe`.
  public let standardInput: PipeWriter?
  private let supervision: Supervision

  private init(pid: Int32, name: String, input: PipeWriter?, supervision: Supervision) {
    self.pid = pid
    self.name = name
    self.standardInput = input
    self.supervision = supervision
  }

  deinit { supervision.release() }

  /// Starts a command; when this returns the program is being executed.
  public static func start(
    _ specification: ProcessSpecification
  ) async throws(ProcessError) -> SupervisedProcess {
    let image = try ProcessImage(specification)
    let supervision = Supervision()
    let started = OneShot<Result<ProcessLoop.Started, ProcessError>>()
    let isRunning = Thread.start("process") {
      ProcessLoop.run(image, specification, supervision, started)
    }
    guard isRunning else {
      throw .cannotStart(name: image.name, step: "start a thread", SystemError(code: EAGAIN))
    }
    let process = try await started.waitToTheEnd().get()
    return SupervisedProcess(
      pid: process.pid, name: image.name, input: process.input, supervision: supervision)
  }

  /// How the command ended, or nil while it runs.
  public var exit: ProcessExit? { supervision.exit.value }

  /// How the command and what it handed over to ended, as far as that is known.
  ///
  /// The status of a command that ended badly counts. Of one that exited with 0 and left processes behind,
  /// as a launcher does, theirs counts: the first that is not 0 of those that came to stand alone by its end.
  public var life: ProcessLife {
    let exit = supervision.exit.value
    let isBad = exit.map { !$0.isSuccess } ?? false
    return ProcessLife(
      isRunning: supervision.ended.value == nil,
      exit: isBad ? exit : supervision.heirExit.value ?? exit, endedAt: supervision.endedAt.value)
  }

  /// Waits for the command, not for its descendants; cancelling the task ends the wait.
  public func wait() async throws(CancellationError) -> ProcessExit {
    try await supervision.exit.wait()
  }

  /// Ends the command and all of its descendants: SIGTERM now, SIGKILL after `grace`.
  ///
  /// Returns when nothing of it is left and all of its output was delivered, also in a cancelled
  /// task. False when some process would not die within ten seconds of SIGKILL.
  @discardableResult
  public func terminate(grace: Duration = .seconds(2)) async -> Bool {
    supervision.terminate(grace: grace)
    return await supervision.ended.waitToTheEnd()
  }

  /// Waits until the command and all of its descendants have ended by themselves and all of their
  /// output was delivered; cancelling the task ends the wait.
  public func waitForAll() async throws(CancellationError) {
    _ = try await supervision.ended.wait()
  }
}
