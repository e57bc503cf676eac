import Hands
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
      ] + (1...24).map { "f\($0)" } + (0...9).map { "kp_\($0)" }
      + [
        "enter", "add", "subtract", "multiply", "divide", "decimal", "separator", "equal", "home",
        "end", "pageup", "pagedown", "up", "down", "left", "right", "begin", "insert", "delete",
      ].map { "kp_\($0)" }
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
    let plan = try TypingPlan(text: "a\nb\r\nc\rd\te", keys: TypingPlan.Keys())
    #expect(
      plan.strokes.map(\.keysym) == [
        0x61, 0xFF0D, 0x62, 0xFF0D, 0x63, 0xFF0D, 0x64, 0xFF09, 0x65,
      ])
    #expect(plan.foreign.isEmpty)
  }

  @Test func `characters outside of ASCII are counted`() throws {
    let plan = try TypingPlan(text: "aéеé\u{FF41}", keys: TypingPlan.Keys())
    #expect(plan.foreign == [0xE9, 0x0100_0435, 0x0100_FF41])
  }

  @Test func `capitals get Shift everywhere, signs only by scancode`() throws {
    let text = "aA1!"
    let keysyms = try TypingPlan(text: text, keys: TypingPlan.Keys())
    #expect(keysyms.strokes.map(\.holdsShift) == [false, true, false, false])
    let scancodes = try TypingPlan(text: text, keys: TypingPlan.Keys(keyboard: .scancodes))
    #expect(scancodes.strokes.map(\.holdsShift) == [false, true, false, true])
  }

  @Test func `refuses what no key stands for`() {
    #expect(throws: TypingPlan.Refusal.controlCharacter(code: 7, place: 2)) {
      try TypingPlan(text: "a\u{7}", keys: TypingPlan.Keys())
    }
    #expect(throws: TypingPlan.Refusal.noKey(place: 3)) {
      try TypingPlan(text: "abé", keys: TypingPlan.Keys(keyboard: .scancodes))
    }
  }

  @Test func `pastes the lines that keys cannot type, and never a Return or a Tab`() throws {
    let keys = TypingPlan.Keys(spent: [0xE9], budget: 3)
    let plan = try TypingPlan(text: "aé\tжук и\n漢\r\nb", keys: keys, canPaste: true)
    let strokes = { (keysyms: [UInt32]) in
      TypingPlan.Part.keys(keysyms.map { TypingPlan.Stroke(keysym: $0) })
    }
    #expect(
      plan.parts == [
        strokes([0x61, 0xE9, 0xFF09]), .paste("жук и"), strokes([0xFF0D]), .paste("漢"),
        strokes([0xFF0D, 0x62]),
      ])
    #expect(plan.pasted == 6)
    #expect(plan.foreign == [0xE9])
    #expect(throws: TypingPlan.Refusal.tooManyCharacters(new: 5, left: 2)) {
      try TypingPlan(text: "жук и漢", keys: keys)
    }
  }

  @Test func `a profile says which keys make a character, and which character has none`() throws {
    let slash = [TypingPlan.Stroke(keysym: 0x37, holdsShift: true)]
    let profile = TypingProfile(
      keyboard: .scancodes, pause: .milliseconds(7), strokes: ["/": slash], missing: ["^"],
      paste: ["ctrl", "v"].compactMap { Key($0) })
    let keys = TypingPlan.Keys(keyboard: .scancodes, profile: profile)
    #expect(try TypingPlan(text: "/", keys: keys).strokes == slash)
    #expect(throws: TypingPlan.Refusal.noKey(place: 2)) { try TypingPlan(text: "a^", keys: keys) }
    #expect(try TypingPlan(text: "^", keys: keys, canPaste: true).parts == [.paste("^")])
    #expect(TypingProfile(text: profile.text) == profile)
    #expect(profile.text == "keys=scancodes pause=7000 paste=ctrl+v missing=5e 2f=sx37")
  }

  @Test(
    arguments: [
      "", "keys=keysyms", "pause=1", "keys=x pause=1", "keys=keysyms pause=-1",
      "keys=keysyms pause=99999999999999999999", "keys=keysyms pause=1 paste=",
      "keys=keysyms pause=1 paste=nokey",
      "keys=keysyms pause=1 missing=d800", "keys=keysyms pause=1 2f=",
      "keys=keysyms pause=1 2f=qx37",
      "keys=keysyms pause=1 2f=x", "keys=keysyms pause=1 word",
    ])
  func `refuses a profile that it did not write`(text: String) {
    #expect(TypingProfile(text: text) == nil)
  }

  @Test func `reads the text that a server provides, and nothing else`() {
    let stored = { (bytes: [UInt8]) in ExtendedClipboard.storedZlib(bytes) }
    #expect(ExtendedClipboard.text(in: stored([0, 0, 0, 5, 0x61, 13, 10, 0x62, 0])) == "a\nb")
    #expect(ExtendedClipboard.text(in: stored([0, 0, 0, 9, 0x61, 0])) == nil)
    #expect(ExtendedClipboard.text(in: stored([0, 0])) == nil)
    #expect(ExtendedClipboard.text(in: stored([0, 0, 0, 2, 0xFF, 0])) == nil)
    #expect(ExtendedClipboard.text(in: [1, 2, 3]) == nil)
    #expect(ExtendedClipboard.text(in: []) == nil)
    let long = stored([0, 0, 0, 200] + [UInt8](repeating: 0x61, count: 200))
    #expect(ExtendedClipboard.text(in: long, limit: 100) == nil)
    #expect(ExtendedClipboard.text(in: long)?.utf8.count == 200)
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
