internal import Glibc
import Platform

/// A program of a private desktop.
public enum DesktopPart: String, Hashable, Sendable, CaseIterable {
  /// The display server.
  case display
  /// The window manager.
  case windowManager = "window manager"
  /// The application.
  case application
}

/// What the programs of a desktop write: the first bytes in a file, the last lines in memory, and what the
/// application writes also as it is, for questions about it.
final class DesktopLog: Sendable {
  /// How many of the last lines are kept.
  static let recentLimit = 50
  /// How many of the last bytes of the application are kept at most; half of them at least.
  static let writtenLimit = 8 << 20
  /// Where longer lines are broken, in bytes.
  static let lineLimit = 4096

  private struct State {
    var descriptor: CInt = -1
    var room: Int
    var unfinished: [DesktopPart: [UInt8]] = [:]
    var recent: [DesktopPart: [String]] = [:]
    var written: [UInt8] = []
    var isWritingWhole = true
  }

  private let redact: @Sendable (String) -> String
  private let state: Locked<State>

  /// Makes the file at `path` anew, readable for this user only.
  init(
    path: String?, limit: Int, redact: @escaping @Sendable (String) -> String
  ) throws(SystemError) {
    self.redact = redact
    state = Locked(State(room: max(limit, 0)))
    guard let path else { return }
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
    let descriptor = open(path, flags, 0o600)
    guard descriptor >= 0 else { throw SystemError(code: errno) }
    state.withLock { $0.descriptor = descriptor }
  }

  deinit { close() }

  func recent(_ part: DesktopPart) -> [String] { state.withLock { $0.recent[part] ?? [] } }

  /// What the application wrote, unredacted, and whether that is all of it.
  var applicationOutput: (bytes: [UInt8], isWhole: Bool) {
    state.withLock { ($0.written, $0.isWritingWhole) }
  }

  private func keep(written piece: [UInt8]) {
    state.withLock { state in
      if state.written.count + piece.count > Self.writtenLimit {
        state.written.removeFirst(
          min(state.written.count, max(piece.count, Self.writtenLimit / 2)))
        state.isWritingWhole = false
      }
      state.written += piece
    }
  }

  /// Takes a piece of output; an empty one is the end.
  func add(_ part: DesktopPart, _ piece: [UInt8]) {
    if part == .application { keep(written: piece) }
    for line in finishedLines(part, piece) {
      let text = redact(String(decoding: line, as: UTF8.self))
      state.withLock { keep(part, text, &$0) }
    }
  }

  func close() {
    state.withLock { state in
      if state.descriptor >= 0 { Glibc.close(state.descriptor) }
      state.descriptor = -1
    }
  }

  private func finishedLines(_ part: DesktopPart, _ piece: [UInt8]) -> [[UInt8]] {
    state.withLock { state in
      var lines: [[UInt8]] = []
      var line = state.unfinished[part] ?? []
      for byte in piece {
        if byte != 10 { line.append(byte) }
        guard byte == 10 || line.count >= Self.lineLimit else { continue }
        lines.append(line)
        line = []
      }
      if piece.isEmpty, !line.isEmpty {
        lines.append(line)
        line = []
      }
      state.unfinished[part] = line
      return lines
    }
  }

  private func keep(_ part: DesktopPart, _ text: String, _ state: inout State) {
    var recent = state.recent[part] ?? []
    if recent.count == Self.recentLimit { recent.removeFirst() }
    recent.append(text)
    state.recent[part] = recent
    guard state.descriptor >= 0, state.room > 0 else { return }
    var entry = Array("\(part.rawValue): \(text)\n".utf8)
    if entry.count > state.room { entry = Array("The rest of the output was left out.\n".utf8) }
    state.room = entry.count > state.room ? 0 : state.room - entry.count
    // A full disk costs the log, and nothing else.
    _ = entry.withUnsafeBytes { write(state.descriptor, $0.baseAddress, $0.count) }
  }
}
