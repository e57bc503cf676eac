/// One picture of the screen: immutable, shared by reference, cheap to pass around.
///
/// Pixels are four bytes in the order blue, green, red, unused, row by row without padding, which is
/// what X servers and QEMU speak natively.
public struct Frame: Sendable {
  /// The size.
  public let size: PixelSize
  /// `size.area * 4` bytes, B G R X.
  public let pixels: [UInt8]
  /// How many updates the screen had seen when this was taken; equal numbers mean equal pixels.
  public let sequence: UInt64

  /// A frame, or nil when the number of bytes does not fit the size.
  public init?(size: PixelSize, pixels: [UInt8], sequence: UInt64 = 0) {
    guard pixels.count == size.area * 4 else { return nil }
    self.size = size
    self.pixels = pixels
    self.sequence = sequence
  }

  /// A frame of one colour.
  public init(
    size: PixelSize, red: UInt8 = 0, green: UInt8 = 0, blue: UInt8 = 0, sequence: UInt64 = 0
  ) {
    self.size = size
    self.pixels = [UInt8](unsafeUninitializedCapacity: size.area * 4) { buffer, count in
      for index in 0..<size.area {
        buffer[index * 4] = blue
        buffer[index * 4 + 1] = green
        buffer[index * 4 + 2] = red
        buffer[index * 4 + 3] = 0
      }
      count = size.area * 4
    }
    self.sequence = sequence
  }

  /// Whether both are the same pixels in the same memory: known at once, without looking at them.
  ///
  /// False for equal pixels in memory of their own.
  public func sharesPixels(with other: Frame) -> Bool {
    size == other.size
      && pixels.withUnsafeBufferPointer { mine in
        other.pixels.withUnsafeBufferPointer { mine.baseAddress == $0.baseAddress }
      }
  }

  /// The number of bytes in one row.
  public var stride: Int { size.width * 4 }

  /// The colour at a point of this frame; nil when it is outside.
  public func color(x: Int, y: Int) -> (red: UInt8, green: UInt8, blue: UInt8)? {
    guard size.bounds.contains(x: x, y: y) else { return nil }
    let offset = y * stride + x * 4
    return (pixels[offset + 2], pixels[offset + 1], pixels[offset])
  }
}
