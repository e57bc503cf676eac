/// A key press as an application understands it.
struct DemoKey: Hashable, Sendable {
  enum Symbol: Hashable, Sendable {
    case character(Character)
    case backspace, delete, left, right, home, end, tab, enter, escape
  }

  let symbol: Symbol
  var isShift = false
  var isControl = false
}

/// Turns the keysyms of the RFB protocol into key presses.
struct DemoKeyboard: Hashable, Sendable {
  private var held: Set<UInt32> = []

  private static let shift: Set<UInt32> = [0xFFE1, 0xFFE2]
  private static let control: Set<UInt32> = [0xFFE3, 0xFFE4]
  // Meta, alt, super and hyper: what is pressed with them is no text.
  private static let others: Set<UInt32> = [
    0xFFE7, 0xFFE8, 0xFFE9, 0xFFEA, 0xFFEB, 0xFFEC, 0xFFED, 0xFFEE,
  ]

  /// The key press that a key event means, or nil for releases, modifiers and unknown keys.
  mutating func handle(keysym: UInt32, isDown: Bool) -> DemoKey? {
    if Self.shift.union(Self.control).union(Self.others).contains(keysym) {
      if isDown { held.insert(keysym) } else { held.remove(keysym) }
      return nil
    }
    guard isDown, held.isDisjoint(with: Self.others), let symbol = Self.symbol(keysym) else {
      return nil
    }
    return DemoKey(
      symbol: symbol, isShift: !held.isDisjoint(with: Self.shift) || keysym == 0xFE20,
      isControl: !held.isDisjoint(with: Self.control))
  }

  /// Forgets what is held, for when the one who pressed it is gone.
  mutating func releaseAll() { held = [] }

  /// From X11's `keysymdef.h`: printable Latin-1 is itself, other Unicode has 0x01000000 added.
  private static func symbol(_ keysym: UInt32) -> DemoKey.Symbol? {
    switch keysym {
    case 0x20...0x7E, 0xA0...0xFF: Unicode.Scalar(keysym).map { .character(Character($0)) }
    case 0x0100_0100...0x0110_FFFF:
      Unicode.Scalar(keysym - 0x0100_0000).map { .character(Character($0)) }
    case 0xFFAA...0xFFAF, 0xFFB0...0xFFB9, 0xFFBD:
      Unicode.Scalar(keysym - 0xFF80).map { .character(Character($0)) }
    case 0xFF08: .backspace
    case 0xFF09, 0xFF89, 0xFE20: .tab
    case 0xFF0D, 0xFF8D: .enter
    case 0xFF1B: .escape
    case 0xFF50, 0xFF95: .home
    case 0xFF51, 0xFF96: .left
    case 0xFF53, 0xFF98: .right
    case 0xFF57, 0xFF9C: .end
    case 0xFFFF, 0xFF9F: .delete
    default: nil
    }
  }
}
