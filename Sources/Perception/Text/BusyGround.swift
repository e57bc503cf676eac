import Pixels

/// The parts of a screen that have no surfaces: photographs, wallpapers, videos.
///
/// There, what is much lighter or darker than the mean of its surroundings counts as drawn.
struct BusyGround {
  /// The side of a tile, in pixels.
  static let tile = 32
  /// How far around a pixel the mean is taken.
  static let radius = 14
  /// How far from the mean a pixel must be, in steps of 255.
  static let contrast = 52
  /// What stands for the surface there; twice this is what `InkMap.parent` holds.
  static let parent: Int32 = -2

  private let size: PixelSize
  private let columns: Int
  private let isBusy: [Bool]

  /// Looks for tiles that are mostly no surface.
  init(_ surfaces: Surfaces, size: PixelSize) {
    self.size = size
    columns = (size.width + Self.tile - 1) / Self.tile
    let rows = (size.height + Self.tile - 1) / Self.tile
    var counts = [Int](repeating: 0, count: columns * rows)
    for y in 0..<size.height {
      for run in surfaces.runs[surfaces.rows[y]..<surfaces.rows[y + 1]]
      where !surfaces.isSurface[Int(run.label)] {
        var start = Int(run.start)
        while start < Int(run.end) {
          let end = min(Int(run.end), (start / Self.tile + 1) * Self.tile)
          counts[y / Self.tile * columns + start / Self.tile] += end - start
          start = end
        }
      }
    }
    let full = counts.map { $0 * 10 >= Self.tile * Self.tile * 7 }
    let wide = columns
    // A single tile is an icon; a ground has neighbours.
    isBusy = full.indices.map { index in
      guard full[index] else { return false }
      let (x, y) = (index % wide, index / wide)
      var neighbours = 0
      for (dx, dy) in [(-1, 0), (1, 0), (0, -1), (0, 1)] {
        let (px, py) = (x + dx, y + dy)
        if px >= 0, px < wide, py >= 0, py < rows, full[py * wide + px] { neighbours += 1 }
      }
      return neighbours >= 2
    }
  }

  /// Whether there is no such part.
  var isEmpty: Bool { !isBusy.contains(true) }

  /// Fills the tiles with what stands out of them.
  func measure(
    _ frame: Frame, _ strength: UnsafeMutableBufferPointer<Int8>,
    _ parent: UnsafeMutableBufferPointer<Int32>
  ) {
    let grey = Self.grey(frame)
    let sums = Self.sums(grey, size)
    let wide = size.width + 1
    for y in 0..<size.height {
      let top = max(y - Self.radius, 0)
      let bottom = min(y + Self.radius + 1, size.height)
      for x in 0..<size.width where isBusy[y / Self.tile * columns + x / Self.tile] {
        let left = max(x - Self.radius, 0)
        let right = min(x + Self.radius + 1, size.width)
        let sum =
          Int(sums[bottom * wide + right]) - Int(sums[top * wide + right])
          - Int(sums[bottom * wide + left]) + Int(sums[top * wide + left])
        let here = y * size.width + x
        let distance = Int(grey[here]) - sum / ((bottom - top) * (right - left))
        strength[here] = abs(distance) < Self.contrast ? 0 : Int8(clamping: distance / 2)
        parent[here] = Self.parent * 2
      }
    }
  }

  private static func grey(_ frame: Frame) -> [UInt8] {
    frame.pixels.withUnsafeBufferPointer { pixels in
      (0..<frame.size.area).map { index in
        let at = index * 4
        let sum =
          Int(pixels[at]) * 29 + Int(pixels[at + 1]) * 150 + Int(pixels[at + 2]) * 77
        return UInt8(truncatingIfNeeded: sum >> 8)
      }
    }
  }

  /// The sum of everything above and left of each corner; 255 times the largest screen fits 64 bits.
  private static func sums(_ grey: [UInt8], _ size: PixelSize) -> [Int64] {
    let wide = size.width + 1
    var sums = [Int64](repeating: 0, count: wide * (size.height + 1))
    for y in 0..<size.height {
      var row: Int64 = 0
      for x in 0..<size.width {
        row += Int64(grey[y * size.width + x])
        sums[(y + 1) * wide + x + 1] = sums[y * wide + x + 1] + row
      }
    }
    return sums
  }
}
