import Pixels
import Props
import Platform
import Testing

@testable import VNC

extension ClientDesktopTests {
  private func keys(_ names: String...) throws -> [Key] { try names.map { try #require(Key($0)) } }

  /// A desktop with a terminal all over the screen whose input goes to a file, and a connection.
  private func terminal(
    _ options: VNCOptions = .init()
  ) async throws -> (desktop: ClientDesktop, connection: VNCConnection, path: String) {
    let desktop = try ClientDesktop()
    let path = desktop.file("typed")
    try desktop.start(
      "xterm", "-u8", "-geometry", "200x80+0+0", "-e", "sh", "-c",
      "stty -echo -icanon -icrnl; exec cat > \(path)")
    let connection = try await desktop.connect(options)
    // The terminal takes keys once its window is there and its program runs.
    let isReady = try await eventually {
      let corner = try await connection.frame().color(x: 630, y: 470)
      return Files.exists(path) && corner.map { $0.red == 255 && $0.blue == 255 } ?? false
    }
    try #require(isReady)
    return (desktop, connection, path)
  }

  @Test func `Caps Lock does not change what is typed`() async throws {
    let (desktop, connection, path) = try await terminal()
    let output = try desktop.start("xdotool", "key", "Caps_Lock", "getmouselocation")
    #expect(try await eventually { clientText(output).contains("x:") })
    try await connection.type("abC 1!")
    #expect(try await eventually { clientText(path) == "abC 1!" })
    await connection.close()
  }

  @Test func `keys and chords arrive as pressed on a keyboard`() async throws {
    let watched = try await ClientWatchedDesktop()
    let connection = watched.connection
    try await connection.press(keys("a"))
    try await connection.press(keys("A"))
    try await connection.press(keys("ctrl", "S"))
    try await connection.press(keys("ctrl", "shift", "t"))
    try await connection.press(keys("shift", "tab"))
    try await connection.press(keys("alt", "f4"))
    try await connection.press(keys("ctrl", "plus"))
    let events = try await watched.events("KeyPress", count: 14)
    let seen = events.map { "\($0.detail)/\($0.state)" }
    #expect(
      seen.filter { !$0.hasPrefix("Shift") && !$0.hasPrefix("Control") && !$0.hasPrefix("Alt") }
        == [
          "a/0", "A/1", "s/4", "T/5", "ISO_Left_Tab/1", "F4/8", "plus/5",
        ])
    await connection.close()
  }

  @Test func `all named keys are keys of a real server`() async throws {
    let watched = try await ClientWatchedDesktop()
    let expected = [
      "enter": "Return", "tab": "Tab", "space": "space", "backspace": "BackSpace",
      "delete": "Delete", "insert": "Insert", "escape": "Escape", "home": "Home", "end": "End",
      "pageup": "Prior", "pagedown": "Next", "up": "Up", "down": "Down", "left": "Left",
      "right": "Right", "menu": "Menu", "print": "Print", "pause": "Pause", "minus": "minus",
      "plus": "plus", "f1": "F1", "f12": "F12", "ctrl": "Control_L", "alt": "Alt_L",
      "meta": "Meta_L", "super": "Super_L",
    ]
    for name in expected.keys.sorted() {
      try await watched.connection.press(keys(name))
    }
    // The server itself presses Shift for the plus sign.
    let events = try await watched.events("KeyPress", count: expected.count + 1)
      .filter { $0.detail != "Shift_L" }
    #expect(Set(events.map(\.detail)) == Set(expected.values))
    await watched.connection.close()
  }

  @Test func `every printable ASCII character arrives`() async throws {
    let (desktop, connection, path) = try await terminal()
    let text = String(decoding: Array<UInt8>(0x20...0x7E), as: UTF8.self) + "\t|\n"
    try await connection.type(text)
    #expect(try await eventually { clientText(path).utf8.count >= text.utf8.count })
    #expect(clientText(path) == text.replacing("\n", with: "\r"))
    await connection.close()
    withExtendedLifetime(desktop) {}
  }

  @Test func `a long text arrives without a gap`() async throws {
    let (desktop, connection, path) = try await terminal()
    let text = (1...250).map { "Line \($0): Pack my box with 5 dozen jugs!" }
      .joined(separator: "\n")
    try await connection.type(text)
    #expect(try await eventually { clientText(path).utf8.count >= text.utf8.count })
    #expect(clientText(path) == text.replacing("\n", with: "\r"))
    await connection.close()
    withExtendedLifetime(desktop) {}
  }

  @Test func `a few characters outside of ASCII arrive, and more are refused before the first`()
    async throws
  {
    let (desktop, connection, path) = try await terminal()
    let text = "éüßøåñçЖ漢→"
    try await connection.type(text)
    #expect(try await eventually { clientText(path).utf8.count >= text.utf8.count })
    let more = await result {
      () async throws(VNCError) in try await connection.type("abc привет, мир")
    }
    #expect(more.code == .unsupportedInput)
    #expect(more.message.contains("clipboard"))
    try await connection.type(text)
    #expect(try await eventually { clientText(path).utf8.count >= 2 * text.utf8.count })
    #expect(clientText(path) == text + text)
    #expect(await connection.spentKeysyms.count == 10)
    await connection.close()
    withExtendedLifetime(desktop) {}
  }

  @Test func `as many characters outside of ASCII as we promise do arrive`() async throws {
    let (desktop, connection, path) = try await terminal()
    let text = "абвгдежзийклмноп"
    #expect(text.count == VNCOptions().keysymBudget)
    try await connection.type(text)
    #expect(try await eventually { clientText(path).utf8.count >= text.utf8.count })
    #expect(clientText(path) == text)
    await connection.close()
    withExtendedLifetime(desktop) {}
  }

  @Test func `any text arrives through the clipboard`() async throws {
    let (desktop, connection, path) = try await terminal()
    let text = "Съешь же ещё этих мягких французских булок, да выпей чаю 漢字かな 🙂"
    let size = await connection.size
    try await connection.move(to: size.center)
    try await connection.type(text, through: .clipboard(paste: keys("shift", "insert")))
    #expect(try await eventually { clientText(path).utf8.count >= text.utf8.count })
    #expect(clientText(path) == text)
    await connection.close()
    withExtendedLifetime(desktop) {}
  }

  @Test func `control characters are refused by name and place`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    let typed = await result { () async throws(VNCError) in try await connection.type("ab\u{1B}c") }
    #expect(typed.code == .unsupportedInput)
    #expect(typed.message.contains("U+001B"))
    #expect(typed.message.contains("character 3"))
    let copied = await result {
      () async throws(VNCError) in try await connection.setClipboard("a\0b")
    }
    #expect(copied.code == .unsupportedInput)
    let nothing = await result { () async throws(VNCError) in try await connection.press([]) }
    #expect(nothing.code == .unsupportedInput)
    await connection.close()
  }

  @Test func `a held key is let go in time`() async throws {
    let watched = try await ClientWatchedDesktop()
    try await watched.connection.hold(keys("shift", "b"), for: .milliseconds(120))
    let events = try await watched.events("KeyPress", "KeyRelease", count: 4)
    #expect(
      events.map { "\($0.kind) \($0.detail)" } == [
        "KeyPress Shift_L", "KeyPress B", "KeyRelease B", "KeyRelease Shift_L",
      ])
    #expect(events[2].time - events[1].time >= 100)
    await watched.connection.close()
  }

  @Test func `a scancode keyboard gets Shift around what needs it`() async throws {
    let watched = try await ClientWatchedDesktop(
      options: VNCOptions(keyboard: .scancodes, typingPause: .milliseconds(1)))
    try await watched.connection.type("aA1!")
    let events = try await watched.events("KeyPress", count: 6)
    #expect(events.map(\.detail) == ["a", "Shift_L", "A", "1", "Shift_L", "exclam"])
    let other = await result { () async throws(VNCError) in try await watched.connection.type("é") }
    #expect(other.code == .unsupportedInput)
    await watched.connection.close()
  }
}
