internal import Durations
internal import CCurl
internal import Platform

/// What other threads ask of curl's thread.
final class CurlMailbox: Sendable {
  enum Command: Sendable {
    /// Begin a transfer.
    case start(Transfer)
    /// Something changed in a running one.
    case look
  }

  private struct State {
    var commands: [Command] = []
    var isClosed = false
    // The bit pattern of the multi handle: a raw pointer is not Sendable, and 0 says that there is none.
    var multi: UInt = 0
  }

  private let state = Locked(State())

  func post(_ command: Command) {
    let refused = state.withLock { state in
      guard !state.isClosed else { return true }
      state.commands.append(command)
      Self.wake(state)
      return false
    }
    if refused, case .start(let transfer) = command { transfer.finish(.failed(.cancelled)) }
  }

  /// Ends a transfer for its caller now and for curl as soon as its thread wakes.
  func cancel(_ transfer: Transfer) {
    guard !transfer.isEnded else { return }
    transfer.finish(.failed(.cancelled))
    post(.look)
  }

  func close() {
    state.withLock { state in
      state.isClosed = true
      Self.wake(state)
    }
  }

  // MARK: - Curl's thread

  /// Takes the commands; nil when the transport is gone.
  func take() -> [Command]? {
    state.withLock { state in
      defer { state.commands = [] }
      return state.isClosed ? nil : state.commands
    }
  }

  /// Starts that were posted and never taken.
  func leftOver() -> [Transfer] {
    state.withLock { state in
      defer { state.commands = [] }
      return state.commands.compactMap {
        if case .start(let transfer) = $0 { transfer } else { nil }
      }
    }
  }

  func setMulti(_ multi: UnsafeMutableRawPointer?) {
    state.withLock { $0.multi = UInt(bitPattern: multi) }
  }

  /// Under the lock, so that the handle cannot go away in between; it never blocks.
  private static func wake(_ state: State) {
    if let multi = UnsafeMutableRawPointer(bitPattern: state.multi) { curl_multi_wakeup(multi) }
  }
}

/// Curl's thread: everything that touches a curl handle runs here.
actor CurlLoop {
  private let executor = ThreadExecutor(name: "qa-http")
  private let mailbox: CurlMailbox
  private var running: [UnsafeMutableRawPointer: CurlTransfer] = [:]

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(mailbox: CurlMailbox) { self.mailbox = mailbox }

  /// Drives all transfers until the mailbox is closed.
  ///
  /// It occupies the thread: that is what it is for.
  func run() {
    guard globalState, let multi = curl_multi_init() else {
      return refuseAll()
    }
    qa_curl_multi_set_long(multi, CURLMOPT_PIPELINING, 0)
    qa_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 16)
    mailbox.setMulti(multi)
    while let commands = mailbox.take() {
      for case .start(let transfer) in commands { start(transfer, on: multi) }
      unpause()
      var active: CInt = 0
      curl_multi_perform(multi, &active)
      collect(multi)
      expire(multi)
      curl_multi_poll(multi, nil, 0, patience(), nil)
    }
    mailbox.setMulti(nil)
    for handle in Array(running.keys) { end(handle, on: multi, .failed(.cancelled)) }
    for transfer in mailbox.leftOver() { transfer.finish(.failed(.cancelled)) }
    curl_multi_cleanup(multi)
  }

  private func refuseAll() {
    mailbox.close()
    for transfer in mailbox.leftOver() {
      transfer.finish(.failed(.unusable("libcurl could not be started")))
    }
  }

  private func start(_ transfer: Transfer, on multi: UnsafeMutableRawPointer) {
    guard !transfer.isEnded else { return }
    guard let curl = CurlTransfer(transfer) else {
      return transfer.finish(.failed(.unusable("libcurl refused the request")))
    }
    guard curl_multi_add_handle(multi, curl.handle) == CURLM_OK else {
      return transfer.finish(.failed(.unusable("libcurl refused the transfer")))
    }
    running[curl.handle] = curl
  }

  private func unpause() {
    for curl in running.values where curl.transfer.takePause() {
      curl.unpause()
    }
  }

  private func collect(_ multi: UnsafeMutableRawPointer) {
    var handle: UnsafeMutableRawPointer?
    var code = CURLE_OK
    while qa_curl_next_finished(multi, &handle, &code) != 0 {
      guard let finished = handle, let curl = running[finished] else { continue }
      end(finished, on: multi, curl.end(code))
    }
  }

  private func expire(_ multi: UnsafeMutableRawPointer) {
    let now = ContinuousClock.now
    for (handle, curl) in running {
      if curl.transfer.isEnded {
        end(handle, on: multi, .failed(.cancelled))
      } else if let phase = curl.expired(at: now) {
        end(handle, on: multi, .failed(.timeout(phase)))
      }
    }
  }

  /// Removing a handle that is not finished closes its connection.
  private func end(
    _ handle: UnsafeMutableRawPointer, on multi: UnsafeMutableRawPointer, _ end: Transfer.End
  ) {
    guard let curl = running.removeValue(forKey: handle) else { return }
    curl_multi_remove_handle(multi, handle)
    curl.transfer.finish(end)
  }

  /// Milliseconds until the next deadline, at most a minute.
  private func patience() -> CInt {
    let now = ContinuousClock.now
    let wait = running.values.map { now.duration(to: $0.nextDeadline) }.min() ?? .seconds(60)
    return CInt(clamping: min(max(wait.milliseconds + 1, 0), 60_000))
  }
}

/// Set up once for the whole process, before any handle is made.
private let globalState = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
