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
  /// What stands on the picture and does not belong to what is written there; empty for most.
  public var overlays: [Overlay] = []

  /// Something that is drawn over the picture for a while, such as a text cursor.
  public struct Overlay: Hashable, Sendable {
    /// Where it is.
    public let box: PixelRect
    /// What the box shows without it: `box.area * 4` bytes, B G R X.
    public let under: [UInt8]

    /// An overlay, or nil when the number of bytes does not fit the box.
    public init?(box: PixelRect, under: [UInt8]) {
      guard box.width >= 0, box.height >= 0, under.count == box.area * 4 else { return nil }
      self.box = box
      self.under = under
    }
  }

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

  /// The picture as it is without its overlays; itself, at no cost, when there are none.
  public func withoutOverlays() -> Frame {
    let inside = overlays.filter { size.bounds.intersection($0.box) == $0.box && !$0.box.isEmpty }
    guard !inside.isEmpty else { return self }
    var pixels = pixels
    for overlay in inside {
      let row = overlay.box.width * 4
      for line in 0..<overlay.box.height {
        let target = (overlay.box.y + line) * stride + overlay.box.x * 4
        let source = line * row
        for byte in 0..<row { pixels[target + byte] = overlay.under[source + byte] }
      }
    }
    return Frame(size: size, pixels: pixels, sequence: sequence) ?? self
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
