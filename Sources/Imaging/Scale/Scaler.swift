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
      plan.fill(target, rows: 0..<size.height, from: frame)
      count = size.area * 4
    }
    return Frame(size: size, pixels: pixels, sequence: frame.sequence) ?? frame
  }
}

/// Scales one screen again and again, each time only the rows that changed.
///
/// What comes out goes into `PNGStrips` with the damage that comes with it.
public struct ScaledScreen: Sendable {
  /// The size of what comes out.
  public let size: PixelSize
  private var plan: ScalingPlan?
  private var last: Frame?

  /// A scaler that has seen nothing.
  public init(size: PixelSize) { self.size = size }

  /// The frame at the other size, as `Scaler.areaAverage` makes it, and the damage there.
  ///
  /// - Parameters:
  ///   - frame: the frame.
  ///   - damage: rectangles that hold every pixel in which it differs from the last frame; nil scales all
  ///     of it and gives no damage back.
  public mutating func scale(
    _ frame: Frame, damage: [PixelRect]? = nil
  ) -> (frame: Frame, damage: [PixelRect]?) {
    let known = plan.flatMap { $0.source == frame.size ? $0 : nil }
    let plan = known ?? ScalingPlan(from: frame.size, to: size)
    self.plan = plan
    guard let damage, known != nil, let last, size != frame.size else {
      let whole = Scaler.areaAverage(frame, to: size)
      self.last = whole
      return (whole, size == frame.size ? damage : nil)
    }
    let touched = damage.map { plan.touched(by: $0) }.filter { !$0.isEmpty }
    var pixels = last.pixels
    if !touched.isEmpty {
      pixels.withUnsafeMutableBufferPointer { target in
        for rows in Self.rows(of: touched) { plan.fill(target, rows: rows, from: frame) }
      }
    }
    let next = Frame(size: size, pixels: pixels, sequence: frame.sequence) ?? last
    self.last = next
    return (next, touched)
  }

  /// The rows that rectangles cover, none twice.
  private static func rows(of rects: [PixelRect]) -> [Range<Int>] {
    var joined: [Range<Int>] = []
    for rect in rects.sorted(by: { $0.y < $1.y }) {
      if let last = joined.last, last.upperBound >= rect.y {
        joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, rect.maxY)
      } else {
        joined.append(rect.y..<rect.maxY)
      }
    }
    return joined
  }
}
