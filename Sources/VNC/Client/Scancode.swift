/// The places of keys on a PC keyboard, for servers that hand them on to a machine.
///
/// What they make of it is up to that machine's own layout; letters and signs are where the US layout
/// has them. Keys with the prefix E0 have the highest bit set (QEMU Extended Key Event).
enum Scancode {
  /// The place of a key; nil when it is on no PC keyboard.
  static func of(_ keysym: UInt32) -> UInt32? {
    if let code = named[keysym] { return code }
    if (0xFFBE...0xFFC7).contains(keysym) { return 0x3B + keysym - 0xFFBE }
    guard let scalar = Unicode.Scalar(keysym), scalar.isASCII else { return nil }
    return characters[USLayout.unshifted(scalar)]
  }

  private static let characters: [Unicode.Scalar: UInt32] = {
    var result: [Unicode.Scalar: UInt32] = [" ": 0x39]
    let rows: [(first: UInt32, keys: String)] = [
      (0x02, "1234567890-="), (0x10, "qwertyuiop[]"), (0x1E, "asdfghjkl;'`"),
      (0x2B, "\\zxcvbnm,./"),
    ]
    for (first, keys) in rows {
      for (index, key) in keys.unicodeScalars.enumerated() { result[key] = first + UInt32(index) }
    }
    return result
  }()

  private static let named: [UInt32: UInt32] = [
    0xFF1B: 0x01, 0xFF08: 0x0E, 0xFF09: 0x0F, 0xFF0D: 0x1C, 0xFFE3: 0x1D, 0xFFE1: 0x2A,
    0xFFE2: 0x36, 0xFFE9: 0x38, 0xFFE7: 0x38, 0xFFE5: 0x3A, 0xFF7F: 0x45, 0xFF14: 0x46,
    0xFFC8: 0x57, 0xFFC9: 0x58, 0xFFE4: 0x9D, 0xFE03: 0xB8, 0xFFEA: 0xB8, 0xFFE8: 0xB8,
    0xFF50: 0xC7, 0xFF52: 0xC8, 0xFF55: 0xC9, 0xFF51: 0xCB, 0xFF53: 0xCD, 0xFF57: 0xCF,
    0xFF54: 0xD0, 0xFF56: 0xD1, 0xFF63: 0xD2, 0xFFFF: 0xD3, 0xFFEB: 0xDB, 0xFFEC: 0xDC,
    0xFF67: 0xDD, 0xFF61: 0xB7, 0xFF13: 0xC6,
  ]
}
