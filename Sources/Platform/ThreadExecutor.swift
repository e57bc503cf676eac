internal import CSystem
internal import Glibc

/// A serial executor that owns one thread, so that an actor on it may call libraries that block.
///
/// The thread sleeps in one `poll` on its inbox and, when there is one, on a `Source`: a file
/// descriptor whose library wants to be called when bytes arrive.
///
/// An actor that uses it keeps it in a stored property, because the runtime's own reference is unowned:
/// ```swift
/// actor Connection {
///   private let executor = ThreadExecutor(name: "vnc")
///   nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
/// }
/// ```
public final class ThreadExecutor: SerialExecutor, Sendable {
  /// A file descriptor served by the executor's thread between jobs.
  public struct Source: Sendable {
    /// What is polled for reading.
    public let descriptor: CInt
    /// Whether bytes already wait in a buffer that `poll` cannot see.
    public let isPending: @Sendable () -> Bool
    /// Called when there is something to read; false ends the source.
    public let serve: @Sendable () -> Bool

    /// A source; both closures run on the executor's thread.
    public init(
      descriptor: CInt, isPending: @escaping @Sendable () -> Bool,
      serve: @escaping @Sendable () -> Bool
    ) {
      self.descriptor = descriptor
      self.isPending = isPending
      self.serve = serve
    }
  }

  private let inbox: Inbox

  /// Starts the thread; `name` is cut to 15 bytes.
  public init(name: String) {
    inbox = Inbox()
    let context = Unmanaged.passRetained(inbox).toOpaque()
    let failure = qa_thread_start(name, runInbox, context)
    precondition(failure == 0, "cannot start the thread \(name): error \(failure)")
  }

  deinit { inbox.close() }

  /// Hands a job to the thread.
  public func enqueue(_ job: consuming ExecutorJob) {
    inbox.post(UnownedJob(job), asUnownedSerialExecutor())
  }

  /// The reference that an actor gives to the runtime.
  public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    UnownedSerialExecutor(ordinary: self)
  }

  /// Traps when the caller is on another thread.
  public func checkIsolated() {
    precondition(inbox.isCurrentThread, "called outside the thread that owns this actor")
  }

  /// Whether the caller is on the executor's thread.
  public func isIsolatingCurrentContext() -> Bool? { inbox.isCurrentThread }

  /// Sets or removes what the thread serves between jobs; call it on the executor's own actor.
  public func serve(_ source: Source?) { inbox.setSource(source) }
}

/// The thread's side of an executor; the thread holds this, never the executor.
private final class Inbox: Sendable {
  private struct State {
    var jobs: [(job: UnownedJob, executor: UnownedSerialExecutor)] = []
    var source: ThreadExecutor.Source?
    var isClosed = false
    var thread: CInt = 0
  }

  private let state = Locked(State())
  private let wake: CInt

  init() {
    wake = qa_eventfd()
    precondition(wake >= 0, "cannot make an event descriptor: errno \(errno)")
  }

  deinit { Glibc.close(wake) }

  var isCurrentThread: Bool {
    let current = qa_gettid()
    return state.withLock { $0.thread == current }
  }

  func post(_ job: UnownedJob, _ executor: UnownedSerialExecutor) {
    state.withLock { $0.jobs.append((job, executor)) }
    qa_eventfd_signal(wake)
  }

  func setSource(_ source: ThreadExecutor.Source?) {
    state.withLock { $0.source = source }
    qa_eventfd_signal(wake)
  }

  func close() {
    state.withLock { $0.isClosed = true }
    qa_eventfd_signal(wake)
  }

  func run() {
    let thread = qa_gettid()
    state.withLock { $0.thread = thread }
    while true {
      let (jobs, source, isClosed) = state.withLock { state in
        defer { state.jobs.removeAll(keepingCapacity: true) }
        return (state.jobs, state.source, state.isClosed)
      }
      for (job, executor) in jobs { job.runSynchronously(on: executor) }
      if !jobs.isEmpty { continue }
      if isClosed { return }
      wait(serving: source)
    }
  }

  private func wait(serving source: ThreadExecutor.Source?) {
    if let source, source.isPending() { return serve(source) }
    var descriptors = [pollfd(fd: wake, events: Int16(POLLIN), revents: 0)]
    if let source {
      descriptors.append(pollfd(fd: source.descriptor, events: Int16(POLLIN), revents: 0))
    }
    guard poll(&descriptors, nfds_t(descriptors.count), -1) > 0 else { return }
    if descriptors[0].revents != 0 { qa_eventfd_drain(wake) }
    if let source, descriptors[1].revents != 0 { serve(source) }
  }

  private func serve(_ source: ThreadExecutor.Source) {
    guard !source.serve() else { return }
    state.withLock { state in
      // `serve` may itself have put another source in its place.
      if state.source?.descriptor == source.descriptor { state.source = nil }
    }
  }
}

private func runInbox(_ context: UnsafeMutableRawPointer?) {
  guard let context else { return }
  Unmanaged<Inbox>.fromOpaque(context).takeRetainedValue().run()
}
