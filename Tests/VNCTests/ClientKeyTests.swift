import Testing

@testable import VNC

/// The names of keys, the making of texts and chords, and the words of the library.
struct ClientKeyTests {
  /// The canonical names of the scenario format.
  private var names: [String] {
    ["ctrl", "shift", "alt", "altgr", "meta", "super"]
      + [
        "enter", "tab", "space", "backspace", "delete", "insert", "escape", "home", "end", "pageup",
        "pagedown", "up", "down", "left", "right", "menu", "print", "pause", "capslock", "numlock",
        "scrolllock", "minus", "plus",
      ] + (1...24).map { "f\($0)" }
  }

  @Test func `knows every canonical name, and no two are the same key`() {
    let keysyms = names.compactMap(Keysym.named)
    #expect(keysyms.count == names.count)
    #expect(Set(keysyms).count == names.count)
  }

  @Test(
    arguments: [
      ("a", 0x61), ("A", 0x41), ("ß", 0xDF), ("Ж", 0x0100_0416), ("漢", 0x0100_6F22),
      ("🙂", 0x0101_F642), (" ", 0x20), ("+", 0x2B), ("f1", 0xFFBE), ("f24", 0xFFD5),
      ("altgr", 0xFE03), ("é", 0xE9),
    ] as [(String, UInt32)])
  func `knows the keysym of a key`(name: String, keysym: UInt32) {
    #expect(Keysym.named(name) == keysym)
  }

  @Test(arguments: ["", "f0", "f25", "f01", "f+1", "Enter", "ab", "\n", "\u{7F}", "\u{85}", "👨‍👩‍👧"])
  func `knows no other key`(name: String) {
    #expect(Keysym.named(name) == nil)
    #expect(Key(name) == nil)
  }

  private func chord(_ names: String...) -> [UInt32] {
    TypingPlan.chord(names.compactMap { Key($0) })
  }

  @Test func `a chord sends what a keyboard would send`() {
    #expect(chord("ctrl", "s") == [0xFFE3, 0x73])
    #expect(chord("ctrl", "S") == [0xFFE3, 0x73])
    #expect(chord("ctrl", "shift", "s") == [0xFFE3, 0xFFE1, 0x53])
    #expect(chord("shift", "1") == [0xFFE1, 0x21])
    #expect(chord("S") == [0xFFE1, 0x53])
    #expect(chord("s") == [0x73])
    #expect(chord("f5") == [0xFFC2])
    #expect(chord("ctrl", "minus") == [0xFFE3, 0x2D])
  }

  @Test func `line ends are one Return however they are written`() throws {
    let plan = try TypingPlan(text: "a\nb\r\nc\rd\te", keyboard: .keysyms)
    #expect(
      plan.strokes.map(\.keysym) == [
        0x61, 0xFF0D, 0x62, 0xFF0D, 0x63, 0xFF0D, 0x64, 0xFF09, 0x65,
      ])
    #expect(plan.foreign.isEmpty)
  }

  @Test func `characters outside of ASCII are counted`() throws {
    let plan = try TypingPlan(text: "aéеé\u{FF41}", keyboard: .keysyms)
    #expect(plan.foreign == [0xE9, 0x0100_0435, 0x0100_FF41])
  }

  @Test func `capitals get Shift everywhere, signs only by scancode`() throws {
    let text = "aA1!"
    let keysyms = try TypingPlan(text: text, keyboard: .keysyms)
    #expect(keysyms.strokes.map(\.holdsShift) == [false, true, false, false])
    let scancodes = try TypingPlan(text: text, keyboard: .scancodes)
    #expect(scancodes.strokes.map(\.holdsShift) == [false, true, false, true])
  }

  @Test func `refuses what no key stands for`() {
    #expect(throws: TypingPlan.Refusal.controlCharacter(code: 7, place: 2)) {
      try TypingPlan(text: "a\u{7}", keyboard: .keysyms)
    }
    #expect(throws: TypingPlan.Refusal.noKey(place: 3)) {
      try TypingPlan(text: "abé", keyboard: .scancodes)
    }
  }

  @Test func `held things are let go in reverse`() {
    var held = HeldInput()
    held.press(.key(1))
    held.press(.button(.left))
    held.press(.button(.right))
    held.press(.key(1))
    #expect(held.items.count == 3)
    #expect(held.buttonMask == 5)
    held.release(.button(.left))
    #expect(held.buttonMask == 4)
    #expect(held.items == [.key(1), .button(.right)])
  }

  @Test func `stores a text as zlib does`() {
    // The checksum is the one zlib's own documentation would give: Adler-32 of "abc".
    let stream = ExtendedClipboard.storedZlib(Array("abc".utf8))
    #expect(
      stream == [0x78, 1, 1, 3, 0, 252, 255, 97, 98, 99, 0x02, 0x4D, 0x01, 0x27])
    let long = ExtendedClipboard.storedZlib([UInt8](repeating: 1, count: 70_000))
    #expect(long.count == 2 + 5 + 65_535 + 5 + 4_465 + 4)
    #expect(long[2] == 0)
    #expect(ExtendedClipboard.storedZlib([]).count == 11)
  }

  private func explain(_ log: String, security: UInt32 = 0, password: Bool = false) -> VNCError.Code
  {
    Handshake.explain(
      log: log, security: security, wantedPassword: false, hasPassword: password
    ).code
  }

  @Test func `understands the library's words`() {
    #expect(
      explain("VNC connection failed: Authentication failure", security: 2)
        == .authenticationFailed)
    #expect(explain("VNC connection failed: Too many security failures") == .authenticationFailed)
    #expect(explain("VNC authentication failed", security: 2) == .authenticationFailed)
    #expect(explain("VNC connection failed: no") == .refused)
    #expect(
      explain("Unknown authentication scheme from VNC server: 19, 2") == .passwordRequired)
    #expect(
      explain("Unknown authentication scheme from VNC server: 19, 2", password: true)
        == .unsupportedSecurity)
    #expect(
      explain("Unknown authentication scheme from VNC server: 1", password: true)
        == .unsupportedSecurity)
    #expect(explain("Not a valid VNC server (HTTP/1.1 400)") == .protocolViolation)
    #expect(explain("VNC server closed connection") == .closed)
    #expect(explain("") == .protocolViolation)
  }
}
