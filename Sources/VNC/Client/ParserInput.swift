/// The first byte of a hextile tile.
struct TileKind {
  let bits: UInt8

  var isRaw: Bool { bits & 1 != 0 }
  var hasBackground: Bool { bits & 2 != 0 }
  var hasForeground: Bool { bits & 4 != 0 }
  var hasPieces: Bool { bits & 8 != 0 }
  var isColoured: Bool { bits & 16 != 0 }
}

/// Bytes that are there, and how many of them have been used.
struct Input {
  let bytes: UnsafeRawBufferPointer
  private(set) var used = 0

  init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var count: Int { bytes.count - used }

  func has(_ count: Int) -> Bool { self.count >= count }

  func peek(_ offset: Int) -> UInt8? { has(offset + 1) ? bytes[used + offset] : nil }

  mutating func drop(_ count: Int) { used += count }

  mutating func take(_ count: Int) -> UnsafeRawBufferPointer {
    defer { used += count }
    return UnsafeRawBufferPointer(rebasing: bytes[used..<used + count])
  }

  mutating func byte() -> UInt8? {
    guard has(1) else { return nil }
    defer { used += 1 }
    return bytes[used]
  }

  /// Two bytes that are known to be there.
  mutating func number16() -> Int {
    defer { used += 2 }
    return Int(bytes[used]) << 8 | Int(bytes[used + 1])
  }

  /// Four bytes that are known to be there.
  mutating func number32() -> UInt32 {
    defer { used += 4 }
    return UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: used, as: UInt32.self))
  }

  /// A pixel that is known to be there, in our format: little-endian.
  mutating func pixel() -> UInt32 {
    defer { used += 4 }
    return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: used, as: UInt32.self))
  }
}
