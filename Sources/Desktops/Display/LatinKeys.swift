/// The signs that the keys of a private desktop write beside those of a US keyboard.
///
/// They are on keys that no application of a test listens to, as those of players and of power. Xvnc itself puts a
/// sign that has no key on a free one when it is sent, but has room for 19 in its life, and applications that learn
/// of the new key too late lose the letter. Its free keys stay free.
enum LatinKeys {
  /// A key with two signs: alone, and with Shift.
  struct Pair {
    let plain: Unicode.Scalar
    let shifted: Unicode.Scalar
  }

  /// The keys that are there to be given away.
  private static let places: [UInt8] =
    [98, 99, 100, 101, 102, 109, 121, 122, 123, 124, 126, 128, 130, 131]
    + (136...202).filter { ![149, 154, 168, 178, 183, 184, 197, 202].contains($0) }
    + (208...255).filter { ![217, 219, 222, 230, 248].contains($0) }

  /// What is on them, what is met most first.
  static let pairs: [Pair] =
    pair(lower: 0xE0...0xF6, below: 32) + pair(lower: 0xF8...0xFE, below: 32)
    + [Pair(plain: "ÿ", shifted: "Ÿ"), Pair(plain: "ß", shifted: "ẞ")]
    + pair(beside: [0x101...0x131, 0x133...0x137]) + pair(beside: [0x13A...0x148])
    + pair(beside: [0x14B...0x177]) + pair(beside: [0x17A...0x17E])
    + [Pair(plain: "ș", shifted: "Ș"), Pair(plain: "ț", shifted: "Ț")]
    + pair(signs: "¡¿§¶°ªº²³¹€£¥¢©®«»‹›„“”‚‘’–—…·¨´¸¯¬±×÷µ¤¦¼½¾\u{A0}\u{AD}")

  /// The keysyms of the keys, by the number of the key.
  static let keysyms: [(key: UInt8, plain: UInt32, shifted: UInt32)] = zip(places, pairs).map {
    ($0, keysym($1.plain), keysym($1.shifted))
  }

  /// The signs that have a key.
  static let signs: Set<Unicode.Scalar> = Set(
    zip(places, pairs).flatMap { [$1.plain, $1.shifted] })

  /// As the client names them on the wire.
  private static func keysym(_ scalar: Unicode.Scalar) -> UInt32 {
    scalar.value < 0x100 ? scalar.value : 0x0100_0000 + scalar.value
  }

  private static func pair(lower: ClosedRange<UInt32>, below distance: UInt32) -> [Pair] {
    lower.compactMap { value in
      guard let plain = Unicode.Scalar(value), let shifted = Unicode.Scalar(value - distance) else {
        return nil
      }
      return Pair(plain: plain, shifted: shifted)
    }
  }

  /// Every second sign is the small letter of the one before it.
  private static func pair(beside ranges: [ClosedRange<UInt32>]) -> [Pair] {
    ranges.flatMap { range in
      stride(from: range.lowerBound, through: range.upperBound, by: 2).compactMap { value in
        guard let plain = Unicode.Scalar(value), let shifted = Unicode.Scalar(value - 1) else {
          return nil
        }
        return Pair(plain: plain, shifted: shifted)
      }
    }
  }

  private static func pair(signs: String) -> [Pair] {
    let scalars = Array(signs.unicodeScalars)
    return stride(from: 0, to: scalars.count - 1, by: 2).map {
      Pair(plain: scalars[$0], shifted: scalars[$0 + 1])
    }
  }
}
