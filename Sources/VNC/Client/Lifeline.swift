import Platform

/// The way to break off a connection from outside, at any moment of its life.
final class Lifeline: Sendable {
  /// Who ended it.
  enum End: Hashable, Sendable {
    case cancelled
    case timedOut
    case closed
  }

  private struct State {
    var socket: Socket?
    var end: End?
    var phase = VNCError.Phase.connect
    var isOpen = false
  }

  private let state = Locked(State())

  /// Why it was broken off, or nil.
  var end: End? { state.withLock { $0.end } }

  /// What the server is to do next.
  var phase: VNCError.Phase { state.withLock { $0.phase } }

  func enter(_ phase: VNCError.Phase) { state.withLock { $0.phase = phase } }

  /// Notes that the connection stands: from here on it is only closed; false when it was broken off.
  func finishOpening() -> Bool {
    state.withLock { state in
      state.isOpen = state.end == nil
      return state.isOpen
    }
  }

  /// Takes hold of the socket in use; one that comes too late is broken off at once.
  func hold(_ socket: Socket) {
    let isOver = state.withLock { state in
      state.socket = socket
      return state.end != nil
    }
    if isOver { socket.breakOff() }
  }

  /// Lets go of the socket: there is nothing left to break off.
  func letGo() { state.withLock { $0.socket = nil } }

  /// Breaks off what is under way.
  ///
  /// The first reason stays. A limit for connecting that comes too late does nothing. Safe on any thread.
  func cut(_ end: End) {
    let socket: Socket? = state.withLock { state in
      if state.isOpen, end != .closed { return nil }
      state.end = state.end ?? end
      return state.socket
    }
    socket?.breakOff()
  }
}
