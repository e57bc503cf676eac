internal import CSystem
internal import Glibc

/// The end of a pipe that a process reads, on a thread of its own.
public actor PipeWriter {
  private let executor = ThreadExecutor(name: "pipe")
  private let name: String
  private let wake: CInt
  private var descriptor: CInt

  /// The thread that writes.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  init(descriptor: CInt, name: String) {
    self.descriptor = descriptor
    self.name = name
    wake = qa_eventfd()
  }

  deinit {
    if descriptor >= 0 { Glibc.close(descriptor) }
    Glibc.close(wake)
  }

  /// Writes all bytes, waiting while the process does not read.
  ///
  /// A cancelled write closes the pipe, because nobody could know how much of it was read.
  ///
  /// - Throws: `ProcessError.inputClosed`, `CancellationError`.
  public nonisolated func write(_ bytes: [UInt8]) async throws {
    try await withTaskCancellationHandler {
      try await push(bytes[...])
    } onCancel: {
      qa_eventfd_signal(wake)
    }
  }

  /// Lets the process see the end of its input.
  public func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  private func push(_ bytes: ArraySlice<UInt8>) throws {
    var rest = bytes
    while !rest.isEmpty {
      if Task.isCancelled {
        close()
        throw CancellationError()
      }
      let length = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if length > 0 {
        rest = rest.dropFirst(length)
      } else if length < 0, errno != EAGAIN, errno != EINTR {
        close()
        throw ProcessError.inputClosed(name: name)
      } else {
        waitForRoom()
      }
    }
  }

  private func waitForRoom() {
    var polled = [
      pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0),
      pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
    ]
    poll(&polled, 2, -1)
    if polled[1].revents != 0 { qa_eventfd_drain(wake) }
  }
}
