import Pixels
import Props
import Testing
import VNC

/// What `xev` saw of pointer and keyboard.
struct ClientXEvent: Equatable, CustomStringConvertible {
  let kind: String
  /// The modifiers and buttons that were down before it.
  let state: Int
  /// The keysym's name or the button's number; empty for motion.
  let detail: String
  let x: Int
  let y: Int
  let time: Int

  var description: String { "\(kind) \(detail) state \(state) at \(x),\(y)" }

  /// Reads the output of xev, whose events are blocks of lines.
  static func parse(_ text: String) -> [ClientXEvent] {
    text.split(separator: "\n\n").compactMap { block in
      let kinds = ["KeyPress", "KeyRelease", "ButtonPress", "ButtonRelease", "MotionNotify"]
      guard let kind = kinds.first(where: { block.drop { $0 == "\n" }.hasPrefix("\($0) event") })
      else { return nil }
      let root = between("root:(", ")", block).split(separator: ",").compactMap { Int($0) }
      guard root.count == 2 else { return nil }
      let state = Int(between("state 0x", ",", block), radix: 16) ?? 0
      let keysym = between("(keysym ", ")", block).split(separator: " ").last
      let button = kind.hasPrefix("Button") ? between("button ", ",", block) : ""
      return ClientXEvent(
        kind: kind, state: state, detail: keysym.map(String.init) ?? button, x: root[0], y: root[1],
        time: Int(between("time ", ",", block)) ?? 0)
    }
  }

  private static func between(_ start: String, _ end: Character, _ text: Substring) -> String {
    guard let range = text.firstRange(of: start) else { return "" }
    return String(text[range.upperBound...].prefix { $0 != end })
  }
}

/// A desktop whose whole screen is an `xev` window, and a connection with the pointer over it.
struct ClientWatchedDesktop {
  let desktop: ClientDesktop
  let connection: VNCConnection
  private let output: String
  private let size: PixelSize

  init(
    options: VNCOptions = .init(), size: PixelSize = PixelSize(clampingWidth: 640, height: 480)
  ) async throws {
    self.size = size
    desktop = try ClientDesktop(width: size.width, height: size.height)
    output = try desktop.start("xev", "-geometry", "4000x3000+0+0")
    connection = try await desktop.connect(options)
    let path = output
    try #require(try await eventually { clientText(path).contains("Expose event") })
    try await connection.move(to: try point(300, 300))
    try #require(try await eventually { clientText(path).contains("root:(300,300)") })
  }

  func point(_ x: Int, _ y: Int) throws -> ScreenPoint {
    try #require(size.point(x: x, y: y))
  }

  /// The events of these kinds, once there are so many of them; what there is after ten seconds.
  func events(_ kinds: String..., count: Int) async throws -> [ClientXEvent] {
    let path = output
    var events: [ClientXEvent] = []
    _ = try await eventually {
      // The last block may still be on its way, so wait for one that is certainly later.
      events = ClientXEvent.parse(clientText(path)).filter { kinds.contains($0.kind) }
      return events.count >= count
    }
    return events
  }
}
