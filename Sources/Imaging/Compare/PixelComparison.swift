/// How two pixels compare; the fourth byte never counts.
enum PixelComparison {
  /// The pixel at a byte offset as one number, its unused byte cleared.
  @inline(__always)
  static func pixel(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
    bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self) & 0x00FF_FFFF
  }

  /// Whether a channel of two pixels is more than `tolerance` apart.
  @inline(__always)
  static func differ(_ a: UInt32, _ b: UInt32, tolerance: Int) -> Bool {
    if a == b { return false }
    if tolerance == 0 { return true }
    return isFar(a, b, 0, tolerance) || isFar(a, b, 8, tolerance) || isFar(a, b, 16, tolerance)
  }

  @inline(__always)
  private static func isFar(_ a: UInt32, _ b: UInt32, _ shift: UInt32, _ tolerance: Int) -> Bool {
    abs(Int(a >> shift & 0xFF) - Int(b >> shift & 0xFF)) > tolerance
  }
}
