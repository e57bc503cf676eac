import Pixels

/// How well a needle fits at one place, by all its pixels: the score that is given.
///
/// As `PlaneNeedle`, over red, green and blue together or over brightness. In blocks of about 8 pixels too:
/// where one block differs wholly, the score is at most one half, however large the rest is, because a letter
/// or a tick is what tells one picture from a similar one.
struct PixelFit {
  private struct Sums {
    var count = 0
    var difference = 0
    var needle = (sum: SIMD4<Int>(), squares: 0)
    var there = (sum: SIMD4<Int>(), squares: 0)

    mutating func add(_ other: Sums) {
      count += other.count
      difference += other.difference
      needle = (needle.sum &+ other.needle.sum, needle.squares + other.needle.squares)
      there = (there.sum &+ other.there.sum, there.squares + other.there.squares)
    }

    /// 1 less the squared differences in proportion to what both vary, and to noise.
    func fit(noise: Double) -> Double {
      if count == 0 { return 1 }
      let varied = Self.variation(needle, count) + Self.variation(there, count)
      return 1 - Double(difference) / (varied + noise * Double(count))
    }

    private static func variation(_ part: (sum: SIMD4<Int>, squares: Int), _ count: Int) -> Double {
      let square = (0..<3).reduce(0.0) { $0 + Double(part.sum[$1]) * Double(part.sum[$1]) }
      return max(Double(part.squares) - square / Double(count), 0)
    }
  }

  private static let side = 8
  let isColor: Bool

  /// The score of a needle whose corner is at `x`, `y`, where all of it must be on the frame; 0…1.
  func score(_ needle: Needle, in frame: Frame, x: Int, y: Int) -> Double {
    let size = needle.frame.size
    // As many blocks as are at least about as large as wanted.
    let (across, down) = (max(size.width / Self.side, 1), max(size.height / Self.side, 1))
    var whole = Sums()
    var weakest = 1.0
    for row in 0..<down {
      let top = row * size.height / down
      let bottom = (row + 1) * size.height / down
      for column in 0..<across {
        let left = column * size.width / across
        let right = (column + 1) * size.width / across
        let part = PixelRect(x: left, y: top, width: right - left, height: bottom - top)
        let sums = sum(needle, frame, x: x, y: y, part: part)
        whole.add(sums)
        // A few pixels at the rim of a mask say little.
        if sums.count * 8 >= part.area { weakest = min(weakest, sums.fit(noise: 2700)) }
      }
    }
    return min(max(min(whole.fit(noise: 300), 0.5 + 0.5 * weakest), 0), 1)
  }

  private func sum(
    _ needle: Needle, _ frame: Frame, x: Int, y: Int, part: PixelRect
  ) -> Sums {
    var sums = Sums()
    let width = needle.frame.size.width
    needle.frame.pixels.withUnsafeBytes { here in
      frame.pixels.withUnsafeBytes { there in
        for row in part.y..<part.maxY {
          for column in part.x..<part.maxX {
            let index = row &* width &+ column
            if let mask = needle.mask, !mask[index] { continue }
            let one = channels(PixelComparison.pixel(here, index &* 4))
            let at = (y &+ row) &* frame.stride &+ (x &+ column) &* 4
            let other = channels(PixelComparison.pixel(there, at))
            let apart = one &- other
            sums.count &+= 1
            sums.difference &+= Int((apart &* apart).wrappedSum())
            sums.needle.squares &+= Int((one &* one).wrappedSum())
            sums.there.squares &+= Int((other &* other).wrappedSum())
            sums.needle.sum &+= SIMD4(truncatingIfNeeded: one)
            sums.there.sum &+= SIMD4(truncatingIfNeeded: other)
          }
        }
      }
    }
    return sums
  }

  @inline(__always)
  private func channels(_ pixel: UInt32) -> SIMD4<Int32> {
    let blue = Int32(truncatingIfNeeded: pixel & 0xFF)
    let green = Int32(truncatingIfNeeded: pixel &>> 8 & 0xFF)
    let red = Int32(truncatingIfNeeded: pixel &>> 16)
    if isColor { return SIMD4(blue, green, red, 0) }
    return SIMD4(repeating: (77 &* red &+ 150 &* green &+ 29 &* blue) &>> 8)
      .replacing(with: 0, where: SIMDMask(arrayLiteral: false, false, false, true))
  }
}
