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
  ///
  /// - Parameters:
  ///   - region: the part to look at; nil means all of it.
  ///   - tolerance: how far each channel of a pixel may be from the first pixel's, 0…255.
  public func solidColor(
    in region: PixelRect? = nil, tolerance: UInt8 = 0
  ) -> (red: UInt8, green: UInt8, blue: UInt8)? {
    let part = size.bounds.intersection(region ?? size.bounds)
    guard !part.isEmpty, let first = color(x: part.x, y: part.y) else { return nil }
    let isSolid = pixels.withUnsafeBytes { bytes in
      let reference = PixelComparison.pixel(bytes, part.y * stride + part.x * 4)
      for y in part.y..<part.maxY {
        let row = y * stride
        for x in part.x..<part.maxX
        where PixelComparison.differ(
          PixelComparison.pixel(bytes, row + x * 4), reference, tolerance: Int(tolerance))
        {
          return false
        }
      }
      return true
    }
    return isSolid ? first : nil
  }
}
