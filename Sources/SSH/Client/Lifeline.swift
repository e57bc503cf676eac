internal import Platform

/// The way to break off a session from outside, at any moment of its life.
final class Lifeline: Sendable {
  private struct State {
    var socket: Socket?
    var isCut = false
  }

  private let state = Locked(State())

  /// Whether it was broken off.
  var isCut: Bool { state.withLock { $0.isCut } }

  /// Takes hold of the socket in use; one that comes too late is broken off at once.
  func hold(_ socket: Socket) {
    let isOver = state.withLock { state in
      state.socket = socket
      return state.isCut
    }
    if isOver { socket.breakOff() }
  }

  /// Lets go of the socket: there is nothing left to break off.
  func letGo() { state.withLock { $0.socket = nil } }

  /// Breaks off what is under way.
  func cut() {
    let socket = state.withLock { state in
      state.isCut = true
      return state.socket
    }
    socket?.breakOff()
  }
}
