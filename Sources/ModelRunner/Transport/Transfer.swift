internal import Platform

/// One exchange as both sides see it: curl's thread fills it, the caller's task empties it.
///
/// The conversation: the caller waits for the head, then takes the body in pieces. Curl's thread stops
/// reading from the socket while `bufferLimit` bytes wait, so a slow caller slows the server. Whoever
/// ends it first wins: a result, a failure or a cancellation is set once and stays.
final class Transfer: Sendable {
  /// How many bytes may wait for the caller before the socket is left alone.
  static let bufferLimit = 256 << 10

  /// What the caller sees.
  enum End: Sendable {
    case complete
    case failed(HTTPFailure)
  }

  private struct State {
    var head: HTTPHead?
    var buffer: [UInt8] = []
    var isPaused = false
    var isDraining = false
    var end: End?
    var headWaiter: CheckedContinuation<Result<HTTPHead, HTTPFailure>, Never>?
    var bodyWaiter: CheckedContinuation<Result<[UInt8]?, HTTPFailure>, Never>?

    /// Whether the end is a cancellation, after which nothing is delivered.
    var isCancelled: Bool {
      if case .failed(.cancelled) = end { true } else { false }
    }
  }

  let request: HTTPRequest
  private let state = Locked(State())

  init(_ request: HTTPRequest) { self.request = request }

  /// Whether it ended, for whatever reason.
  var isEnded: Bool { state.withLock { $0.end != nil } }

  /// Whether the caller wants no more of the body than needed to keep the connection.
  var isDraining: Bool { state.withLock { $0.isDraining } }

  /// Whether curl was told to stop reading.
  var isPaused: Bool { state.withLock { $0.isPaused } }

  // MARK: - Curl's thread

  /// The answer's head is complete.
  func receive(_ head: HTTPHead) {
    let waiter = state.withLock { state in
      state.head = head
      defer { state.headWaiter = nil }
      return state.headWaiter
    }
    waiter?.resume(returning: .success(head))
  }

  /// What to do with a piece of the body.
  enum Reception { case taken, paused, refused }

  /// Takes a piece of the body, unless too much waits already.
  func receive(_ bytes: UnsafeBufferPointer<UInt8>) -> Reception {
    let (reception, delivery) = state.withLock { state -> (Reception, (() -> Void)?) in
      guard state.end == nil else { return (.refused, nil) }
      if state.isDraining { return (.taken, nil) }
      if !state.buffer.isEmpty, state.buffer.count + bytes.count > Self.bufferLimit {
        state.isPaused = true
        return (.paused, nil)
      }
      guard let waiter = state.bodyWaiter else {
        state.buffer.append(contentsOf: bytes)
        return (.taken, nil)
      }
      state.bodyWaiter = nil
      let piece = Array(bytes)
      return (.taken, { waiter.resume(returning: .success(piece)) })
    }
    delivery?()
    return reception
  }

  /// Takes back the pause; true when there was one and the caller made room.
  func takePause() -> Bool {
    state.withLock { state in
      guard state.isPaused, state.buffer.isEmpty || state.isDraining else { return false }
      state.isPaused = false
      return true
    }
  }

  /// Ends it; only the first end counts.
  func finish(_ end: End) {
    let resume = state.withLock { state -> (() -> Void)? in
      guard state.end == nil else { return nil }
      state.end = end
      let (headWaiter, bodyWaiter) = (state.headWaiter, state.bodyWaiter)
      state.headWaiter = nil
      state.bodyWaiter = nil
      let failure: HTTPFailure? = if case .failed(let failure) = end { failure } else { nil }
      return {
        headWaiter?.resume(
          returning: .failure(failure ?? .closedBeforeAnswer("the server sent no answer")))
        bodyWaiter?.resume(returning: failure.map { .failure($0) } ?? .success(nil))
      }
    }
    resume?()
  }

  // MARK: - The caller's task

  /// Waits for the head.
  func head() async -> Result<HTTPHead, HTTPFailure> {
    await withCheckedContinuation { continuation in
      let known = state.withLock { state -> Result<HTTPHead, HTTPFailure>? in
        if let head = state.head { return .success(head) }
        switch state.end {
        case .failed(let failure): return .failure(failure)
        case .complete: return .failure(.closedBeforeAnswer("the server sent no answer"))
        case nil:
          state.headWaiter = continuation
          return nil
        }
      }
      if let known { continuation.resume(returning: known) }
    }
  }

  /// Waits for the next piece of the body; nil at its end.
  ///
  /// What arrived before a failure comes first.
  func piece() async -> Result<[UInt8]?, HTTPFailure> {
    await withCheckedContinuation { continuation in
      let known = state.withLock { state -> Result<[UInt8]?, HTTPFailure>? in
        if !state.buffer.isEmpty, !state.isCancelled {
          defer { state.buffer = [] }
          return .success(state.buffer)
        }
        switch state.end {
        case .failed(let failure): return .failure(failure)
        case .complete: return .success(nil)
        case nil:
          state.bodyWaiter = continuation
          return nil
        }
      }
      if let known { continuation.resume(returning: known) }
    }
  }

  /// Throws away what is still to come.
  func drain() {
    state.withLock { state in
      state.isDraining = true
      state.buffer = []
    }
  }
}
