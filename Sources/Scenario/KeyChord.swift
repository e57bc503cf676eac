/// Keys pressed together: modifiers and one key, such as `ctrl+shift+s`.
public struct KeyChord: Hashable, Codable, Sendable, CustomStringConvertible {
  /// The keys by their canonical names, in the order they go down.
  public let keys: [String]

  /// A chord of canonical names.
  public init(keys: [String]) { self.keys = keys }

  /// `ctrl+shift+s`.
  public var description: String { keys.joined(separator: "+") }
}

extension KeyChord {
  /// The canonical names of the modifiers.
  public static let modifiers = ["ctrl", "shift", "alt", "altgr", "meta", "super"]

  /// The canonical names of the keys that are no single character.
  public static let namedKeys: [String] =
    [
      "enter", "tab", "space", "backspace", "delete", "insert", "escape", "home", "end", "pageup",
      "pagedown", "up", "down", "left", "right", "menu", "print", "pause", "capslock", "numlock",
      "scrolllock", "minus", "plus",
    ] + (1...24).map { "f\($0)" } + keypad

  /// The canonical names of the keys of the number pad, which applications tell from the others.
  public static let keypad: [String] =
    (0...9).map { "kp_\($0)" }
    + [
      "enter", "add", "subtract", "multiply", "divide", "decimal", "separator", "equal", "home",
      "end",
      "pageup", "pagedown", "up", "down", "left", "right", "begin", "insert", "delete",
    ].map { "kp_\($0)" }

  /// Other spellings, in lower case, of the names above.
  public static let aliases: [String: String] = [
    "control": "ctrl", "control_l": "ctrl", "ctl": "ctrl", "ctrl_l": "ctrl", "shift_l": "shift",
    "alt_l": "alt", "option": "alt", "alt_gr": "altgr", "iso_level3_shift": "altgr",
    "cmd": "super", "command": "super", "win": "super", "windows": "super", "super_l": "super",
    "return": "enter", "kp_plus": "kp_add", "kp_minus": "kp_subtract", "kp_prior": "kp_pageup",
    "kp_next": "kp_pagedown", "numpad_enter": "kp_enter", "esc": "escape", "del": "delete",
    "ins": "insert",
    "bksp": "backspace", "back_space": "backspace", "spacebar": "space", "page_up": "pageup",
    "pgup": "pageup", "prior": "pageup", "page_down": "pagedown", "pgdn": "pagedown",
    "pgdown": "pagedown", "next": "pagedown", "arrowup": "up", "arrowdown": "down",
    "arrowleft": "left", "arrowright": "right", "printscreen": "print", "print_screen": "print",
    "caps_lock": "capslock", "num_lock": "numlock", "scroll_lock": "scrolllock", "-": "minus",
  ]

  /// Reads `ctrl+s`, `Ctrl+Shift+Tab`, `F5`, `é` or `ctrl++`; nil when a name is unknown or none is given.
  ///
  /// A name is a modifier, a named key, one of their other spellings (in any case), or one character.
  public init?(parsing text: String) {
    var rest = text[...]
    var keys: [String] = []
    while !rest.isEmpty {
      // A plus sign right after a separator is itself the key: `ctrl++`.
      let name: Substring
      if rest.first == "+" {
        name = "+"
        rest = rest.dropFirst()
      } else {
        name = rest.prefix { $0 != "+" }
        rest = rest.dropFirst(name.count)
      }
      guard let key = Self.canonical(String(name)) else { return nil }
      keys.append(key)
      guard let separator = rest.first else { break }
      guard separator == "+", rest.count > 1 else { return nil }
      rest = rest.dropFirst()
    }
    guard !keys.isEmpty, keys.count <= 8 else { return nil }
    // `Ctrl+S` means the key, not the capital letter, which would need Shift.
    self.keys = keys.count == 1 ? keys : keys.map { $0.count == 1 ? $0.lowercased() : $0 }
  }

  /// The canonical name of a key; nil when there is no such key.
  public static func canonical(_ name: String) -> String? {
    if name == "+" { return "plus" }
    let lower = name.lowercased()
    if let alias = aliases[lower] { return alias }
    if modifiers.contains(lower) || namedKeys.contains(lower) { return lower }
    return name.count == 1 ? name : nil
  }
}
