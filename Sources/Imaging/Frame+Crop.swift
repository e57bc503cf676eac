public import Pixels

extension Frame {
  /// The part of the frame inside `region`, or nil when no pixel of it is on the frame.
  public func cropped(to region: PixelRect) -> Frame? {
    let part = size.bounds.intersection(region)
    guard !part.isEmpty, let size = PixelSize(width: part.width, height: part.height) else {
      return nil
    }
    if part == self.size.bounds { return self }
    let pixels = [UInt8](unsafeUninitializedCapacity: size.area * 4) { target, count in
      self.pixels.withUnsafeBufferPointer { source in
        for row in 0..<size.height {
          let start = (part.y + row) * stride + part.x * 4
          _ = UnsafeMutableBufferPointer(rebasing: target[(row * size.width * 4)...])
            .initialize(fromContentsOf: source[start..<start + size.width * 4])
        }
      }
      count = size.area * 4
    }
    return Frame(size: size, pixels: pixels, sequence: sequence)
  }

  /// The one colour that every pixel of the frame has, or nil when there is more than one.
  public var solidColor: (red: UInt8, green: UInt8, blue: UInt8)? {
    let isSolid = pixels.withUnsafeBytes { bytes in
      let reference = PixelComparison.pixel(bytes, 0)
      return Swift.stride(from: 4, to: bytes.count, by: 4).allSatisfy { offset in
        !PixelComparison.differ(PixelComparison.pixel(bytes, offset), reference, tolerance: 0)
      }
    }
    return isSolid ? color(x: 0, y: 0) : nil
  }
}
