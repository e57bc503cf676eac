import Pixels

/// Finds the places where every pixel of a needle that counts is the frame's.
struct ExactSearch {
  /// The most places that are given.
  static let most = 32
  /// The most pixels that are compared; a picture made to be slow is left to the search that forgives.
  private static let budget = 16 << 20

  private let needle: Needle
  private let frame: Frame
  /// The pixel that is rarest on the frame, and where it is in the needle.
  private let anchor: (value: UInt32, x: Int, y: Int)

  init(_ needle: Needle, in frame: Frame) {
    self.needle = needle
    self.frame = frame
    anchor = Self.rarest(needle, on: frame)
  }

  /// The corners of such places, whose whole area is in `region`, which is on the frame; nil when the
  /// search would take too long.
  func corners(in region: PixelRect) -> [(x: Int, y: Int)]? {
    let size = needle.frame.size
    guard region.width >= size.width, region.height >= size.height else { return [] }
    var corners: [(x: Int, y: Int)] = []
    var left = Self.budget
    let columns = region.x + anchor.x...region.maxX - size.width + anchor.x
    frame.pixels.withUnsafeBytes { there in
      needle.frame.pixels.withUnsafeBytes { here in
        for top in region.y...region.maxY - size.height {
          let row = (top + anchor.y) * frame.stride
          forEachAnchor(there, row: row, columns: columns) { x in
            guard left > 0, corners.count < Self.most else { return false }
            if isSame(here, there, x: x - anchor.x, y: top, left: &left) {
              corners.append((x - anchor.x, top))
            }
            return true
          }
          if left <= 0 || corners.count >= Self.most { break }
        }
      }
    }
    return left > 0 ? corners : nil
  }

  /// Calls `found` with each column that holds the anchor, until it says to stop; looks at 16 at once.
  @inline(__always)
  private func forEachAnchor(
    _ there: UnsafeRawBufferPointer, row: Int, columns: ClosedRange<Int>, found: (Int) -> Bool
  ) {
    let wanted = SIMD16<UInt32>(repeating: anchor.value)
    let mask = SIMD16<UInt32>(repeating: 0x00FF_FFFF)
    var x = columns.lowerBound
    while x &+ 15 <= columns.upperBound {
      let pixels = there.loadUnaligned(fromByteOffset: row &+ x &* 4, as: SIMD16<UInt32>.self)
      if any((pixels & mask) .== wanted) {
        for index in 0..<16 where pixels[index] & 0x00FF_FFFF == anchor.value {
          if !found(x &+ index) { return }
        }
      }
      x &+= 16
    }
    while x <= columns.upperBound {
      if PixelComparison.pixel(there, row &+ x &* 4) == anchor.value, !found(x) { return }
      x &+= 1
    }
  }

  private func isSame(
    _ here: UnsafeRawBufferPointer, _ there: UnsafeRawBufferPointer, x: Int, y: Int,
    left: inout Int
  ) -> Bool {
    let size = needle.frame.size
    // The anchor's row first: it is the one most likely to differ.
    for step in 0..<size.height {
      let row = (step + anchor.y) % size.height
      left -= size.width
      let one = row * size.width
      let other = (y + row) * frame.stride + x * 4
      var difference: UInt32 = 0
      if let mask = needle.mask {
        for column in 0..<size.width where mask[one + column] {
          difference |=
            PixelComparison.pixel(here, (one + column) * 4)
            ^ PixelComparison.pixel(there, other + column * 4)
        }
      } else {
        for column in 0..<size.width {
          difference |=
            PixelComparison.pixel(here, (one &+ column) &* 4)
            ^ PixelComparison.pixel(there, other &+ column &* 4)
        }
      }
      if difference != 0 { return false }
    }
    return true
  }

  /// By a sample of the frame, sorted into 4096 drawers by colour.
  private static func rarest(_ needle: Needle, on frame: Frame) -> (value: UInt32, x: Int, y: Int) {
    var drawers = [UInt16](repeating: 0, count: 4096)
    frame.pixels.withUnsafeBytes { bytes in
      // A step that is no multiple of a usual width.
      for index in Swift.stride(from: 0, to: frame.size.area, by: 127) {
        let drawer = Self.drawer(PixelComparison.pixel(bytes, index &* 4))
        if drawers[drawer] < .max { drawers[drawer] &+= 1 }
      }
    }
    let width = needle.frame.size.width
    return needle.frame.pixels.withUnsafeBytes { bytes in
      var best = (value: UInt32(0), x: 0, y: 0)
      var fewest = Int.max
      for index in 0..<needle.frame.size.area where needle.mask?[index] ?? true {
        let value = PixelComparison.pixel(bytes, index &* 4)
        let count = Int(drawers[Self.drawer(value)])
        if count < fewest {
          fewest = count
          best = (value, index % width, index / width)
        }
        if fewest == 0 { break }
      }
      return best
    }
  }

  @inline(__always)
  private static func drawer(_ pixel: UInt32) -> Int {
    Int((pixel &* 0x9E37_79B1) &>> 20)
  }
}
