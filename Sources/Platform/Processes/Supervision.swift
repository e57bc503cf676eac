internal import CSystem
internal import Glibc

/// What a process's owner and the thread that looks after it share.
final class Supervision: Sendable {
  /// How the command ended.
  let exit = OneShot<ProcessExit>()
  /// How what it left behind ended, when it exited with 0 and that did not end well.
  let heirExit = OneShot<ProcessExit>()
  /// That nothing of it is left, or that what is left would not die.
  let ended = OneShot<Bool>()
  /// When it was heard that it ended badly, or else that nothing of it is left.
  let endedAt = OneShot<ContinuousClock.Instant>()
  private let control = Locked<CInt>(-1)

  /// Takes our end of the keeper's socket.
  func attach(_ descriptor: CInt) { control.withLock { $0 = descriptor } }

  func terminate(grace: Duration) {
    control.withLock { control in
      if control >= 0 { qa_keeper_terminate(control, grace.wholeMilliseconds) }
    }
  }

  /// Tells the keeper that nobody is interested any longer; its reports still arrive.
  func release() {
    control.withLock { control in
      if control >= 0 { shutdown(control, CInt(SHUT_WR)) }
    }
  }

  func detach() {
    control.withLock { control in
      if control >= 0 { close(control) }
      control = -1
    }
  }
}
