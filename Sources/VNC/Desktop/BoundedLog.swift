internal import Glibc
internal import Platform

/// What programs write: the first mebibyte in a file, and the last lines for messages.
final class BoundedLog: Sendable {
  private struct State {
    var descriptor: CInt
    var room = 1 << 20
    var last: [UInt8] = []
  }

  private let state: Locked<State>

  /// A log in a new file, or only in memory when `path` is nil or cannot be made.
  init(path: String?) {
    var descriptor: CInt = -1
    if let path {
      let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      mkdir(folder.joined(separator: "/"), 0o755)
      descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
    state = Locked(State(descriptor: descriptor))
  }

  deinit { close() }

  /// Adds bytes; what does not fit any more is dropped.
  func append(_ bytes: [UInt8]) {
    state.withLock { state in
      state.last = (state.last + bytes).suffix(2000)
      let kept = bytes.prefix(state.room)
      guard state.descriptor >= 0, !kept.isEmpty else { return }
      state.room -= kept.count
      _ = kept.withUnsafeBytes { write(state.descriptor, $0.baseAddress, $0.count) }
    }
  }

  /// The last three lines that say something, in one.
  var tail: String {
    let bytes = state.withLock { $0.last }
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      .filter { !$0.allSatisfy(\.isWhitespace) }
    return lines.suffix(3).joined(separator: " · ")
  }

  /// Closes the file.
  func close() {
    let descriptor = state.withLock { state in
      defer { state.descriptor = -1 }
      return state.descriptor
    }
    if descriptor >= 0 { Glibc.close(descriptor) }
  }
}
