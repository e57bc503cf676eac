import Pixels
import Platform
import Props
import Testing

@testable import VNC

// Keys that keep a state, and those of the number pad.
extension ClientDesktopTests {
  /// A terminal that keeps what is typed.
  private struct Terminal {
    let desktop: ClientDesktop
    let connection: VNCConnection
    let path: String

    init() async throws {
      desktop = try ClientDesktop()
      let path = desktop.file("typed")
      self.path = path
      try desktop.start(
        "xterm", "-u8", "-geometry", "200x80+0+0", "-e", "sh", "-c",
        "stty -echo -icanon -icrnl; exec cat > \(path)")
      let connection = try await desktop.connect()
      self.connection = connection
      let isReady = try await eventually {
        let corner = try await connection.frame().color(x: 630, y: 470)
        return Files.exists(path) && corner.map { $0.red == 255 && $0.blue == 255 } ?? false
      }
      try #require(isReady)
    }

    /// What was typed after some text.
    func typed(after start: String, count: Int) async throws -> String {
      let path = path
      _ = try await eventually { clientText(path).count >= start.count + count }
      return String(clientText(path).dropFirst(start.count))
    }

    /// Presses Caps Lock as somebody else would.
    func pressCapsElsewhere() throws {
      try desktop.start("xdotool", "key", "Caps_Lock")
    }
  }

  @Test func `Caps Lock that somebody left on is undone before a text`() async throws {
    let terminal = try await Terminal()
    let start = clientText(terminal.path)
    try terminal.pressCapsElsewhere()
    let connection = terminal.connection
    try #require(try await eventually { await connection.parser.isCapsOn == true })
    try await connection.type("Hello World zoë")
    #expect(try await terminal.typed(after: start, count: 15) == "Hello World zoë")
    #expect(try await eventually { await connection.parser.isCapsOn == false })
    await connection.close()
  }

  @Test func `Caps Lock that is pressed turns letters round until it is pressed again`()
    async throws
  {
    let terminal = try await Terminal()
    let start = clientText(terminal.path)
    let caps = [try #require(Key("capslock"))]
    try await terminal.connection.press(caps)
    try await terminal.connection.type("ab Cd 1é")
    try await terminal.connection.press(caps)
    try await terminal.connection.type("ef Gh")
    #expect(try await terminal.typed(after: start, count: 13) == "AB cD 1Éef Gh")
    await terminal.connection.close()
  }

  @Test func `keys of the number pad arrive as such`() async throws {
    let watched = try await ClientWatchedDesktop()
    let names: KeyValuePairs = [
      "kp_enter": "KP_Enter", "kp_add": "KP_Add", "kp_subtract": "KP_Subtract",
      "kp_multiply": "KP_Multiply", "kp_divide": "KP_Divide", "kp_decimal": "KP_Decimal",
      "kp_equal": "KP_Equal", "kp_0": "KP_0", "kp_5": "KP_5", "kp_9": "KP_9", "kp_home": "KP_Home",
      "kp_up": "KP_Up", "kp_pagedown": "KP_Next", "kp_begin": "KP_Begin", "kp_delete": "KP_Delete",
    ]
    for (name, keysym) in names {
      try await watched.connection.press([try #require(Key(name))])
      let events = try await watched.events("KeyRelease", count: 1)
      _ = try await eventually {
        try await watched.events("KeyPress", count: 1).contains { $0.detail == keysym }
      }
      #expect(!events.isEmpty)
    }
    let seen = Set(try await watched.events("KeyPress", count: names.count).map(\.detail))
    let wanted = Set(names.map(\.value))
    #expect(seen.isSuperset(of: wanted), "\(wanted.subtracting(seen))")
    #expect(!seen.contains("Return"))
    await watched.connection.close()
  }
}
