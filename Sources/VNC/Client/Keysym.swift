/// The X keysyms that RFB names keys by (X11/keysymdef.h).
public enum Keysym {
  static let shift: UInt32 = 0xFFE1
  static let altGr: UInt32 = 0xFE03
  static let tab: UInt32 = 0xFF09
  static let enter: UInt32 = 0xFF0D
  static let capsLock: UInt32 = 0xFFE5
  static let numLock: UInt32 = 0xFF7F

  /// Every modifier, left and right, for letting go of what somebody else may have left pressed.
  static let allModifiers: [UInt32] = [
    0xFFE1, 0xFFE2, 0xFFE3, 0xFFE4, 0xFFE7, 0xFFE8, 0xFFE9, 0xFFEA, 0xFFEB, 0xFFEC, 0xFE03,
  ]

  static let modifiers: [String: UInt32] = [
    "ctrl": 0xFFE3, "shift": 0xFFE1, "alt": 0xFFE9, "altgr": altGr, "meta": 0xFFE7,
    "super": 0xFFEB,
  ]

  private static let keypad: [String: UInt32] = [
    "kp_enter": 0xFF8D, "kp_home": 0xFF95, "kp_left": 0xFF96, "kp_up": 0xFF97, "kp_right": 0xFF98,
    "kp_down": 0xFF99, "kp_pageup": 0xFF9A, "kp_pagedown": 0xFF9B, "kp_end": 0xFF9C,
    "kp_begin": 0xFF9D, "kp_insert": 0xFF9E, "kp_delete": 0xFF9F, "kp_equal": 0xFFBD,
    "kp_multiply": 0xFFAA, "kp_add": 0xFFAB, "kp_separator": 0xFFAC, "kp_subtract": 0xFFAD,
    "kp_decimal": 0xFFAE, "kp_divide": 0xFFAF,
  ].merging((0...9).map { ("kp_\($0)", 0xFFB0 + UInt32($0)) }) { old, _ in old }

  private static let keys: [String: UInt32] = [
    "enter": enter, "tab": tab, "space": 0x20, "backspace": 0xFF08, "delete": 0xFFFF,
    "insert": 0xFF63, "escape": 0xFF1B, "home": 0xFF50, "end": 0xFF57, "pageup": 0xFF55,
    "pagedown": 0xFF56, "up": 0xFF52, "down": 0xFF54, "left": 0xFF51, "right": 0xFF53,
    "menu": 0xFF67, "print": 0xFF61, "pause": 0xFF13, "capslock": 0xFFE5, "numlock": 0xFF7F,
    "scrolllock": 0xFF14, "minus": 0x2D, "plus": 0x2B,
  ]

  /// The keysym of a key by its canonical name: a modifier, a named key, or one character.
  ///
  /// Nil for any other name, and for a character that no key stands for.
  public static func named(_ canonicalName: String) -> UInt32? {
    if let keysym = modifiers[canonicalName] ?? keys[canonicalName] ?? keypad[canonicalName] {
      return keysym
    }
    if let keysym = functionKey(canonicalName) { return keysym }
    let scalars = canonicalName.unicodeScalars
    guard let scalar = scalars.first, scalars.count == 1 else { return nil }
    return of(scalar)
  }

  /// The keysym of a character; nil for control characters.
  ///
  /// Latin-1 is its own keysym, everything else is 0x01000000 plus the code point.
  static func of(_ scalar: Unicode.Scalar) -> UInt32? {
    switch scalar.value {
    case 0x20...0x7E, 0xA0...0xFF: scalar.value
    case 0x100...: 0x0100_0000 + scalar.value
    default: nil
    }
  }

  /// Whether it is a digit of the number pad.
  static func isPadDigit(_ keysym: UInt32) -> Bool { (0xFFB0...0xFFB9).contains(keysym) }

  /// Whether a keysym is a character outside ASCII, which a keyboard map may have no place for.
  static func isForeign(_ keysym: UInt32) -> Bool {
    (0xA0...0xFF).contains(keysym) || keysym >= 0x0100_0000
  }

  /// ASCII that some layouts have on dead keys only (the circumflex on German ones, the tilde on
  /// Scandinavian ones), so that a server takes it into its map like a character outside ASCII.
  static let doubtful: Set<UInt32> = [0x22, 0x27, 0x5E, 0x60, 0x7E]

  private static func functionKey(_ name: String) -> UInt32? {
    guard name.hasPrefix("f"), name.utf8.count <= 3, let number = UInt32(name.dropFirst()),
      (1...24).contains(number), name == "f\(number)"
    else { return nil }
    return 0xFFBE + number - 1
  }
}

/// A key that can be pressed.
public struct Key: Hashable, Sendable, CustomStringConvertible {
  /// The canonical name it was made from.
  public let name: String
  /// Its keysym.
  public let keysym: UInt32

  /// The key of a canonical name; nil when there is none.
  public init?(_ canonicalName: String) {
    guard let keysym = Keysym.named(canonicalName) else { return nil }
    name = canonicalName
    self.keysym = keysym
  }

  static let capsLock = Key(name: "capslock", keysym: Keysym.capsLock)

  private init(name: String, keysym: UInt32) {
    self.name = name
    self.keysym = keysym
  }

  /// Whether it is held while others are pressed.
  var isModifier: Bool { Keysym.modifiers[name] != nil }

  /// The name.
  public var description: String { name }
}
