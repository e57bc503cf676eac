import Pixels

/// The flat areas of a screen: windows, panels, buttons, fields, selections.
///
/// A run is a stretch of a row whose neighbouring pixels are nearly equal; runs that touch with nearly
/// equal colours are one component, so that a gradient is one too. A component is a surface when it is
/// thick somewhere, or when it fills a rectangle: glyphs are neither.
struct Surfaces {
  /// A stretch of a row of one colour.
  struct Run {
    var start: Int32
    var end: Int32
    /// The component, while they are joined: an index of a run; afterwards the component's number.
    var label: Int32
    /// The columns that have been this component for `depth` rows.
    var coreStart: Int32
    var coreEnd: Int32
    var depth: Int32
  }

  /// How far two touching pixels of one row of a surface may be apart in a channel.
  static let tolerance: UInt32 = 3
  /// The same for two rows: title bars are often shaded from the top down.
  static let rowTolerance: UInt32 = 6
  /// A component that holds a square of this side is a surface.
  static let thick: Int32 = 12

  /// All runs, row by row.
  private(set) var runs: [Run] = []
  /// For each row the index of its first run, and the number of runs at the end.
  private(set) var rows: [Int] = [0]
  /// Whether a component is a surface.
  private(set) var isSurface: [Bool] = []
  /// The boxes around the surfaces, by component.
  private(set) var boxes: [Int32: PixelRect] = [:]
  /// How many pixels each surface has, by component.
  private(set) var areas: [Int32: Int] = [:]

  /// Finds the surfaces of a frame; about 6 ms for 1280x800.
  init(_ frame: Frame) {
    frame.pixels.withUnsafeBytes { pixels in
      runs.reserveCapacity(frame.size.area / 16)
      for y in 0..<frame.size.height {
        scan(row: y, pixels, frame.size.width)
        rows.append(runs.count)
        if y > 0 { join(row: y, pixels, frame.stride) }
      }
    }
    let count = number()
    classify(count: count, height: frame.size.height)
    dropCounters(of: frame)
  }

  /// Whether two pixels could be neighbours on one surface.
  @inline(__always)
  static func areClose(_ a: UInt32, _ b: UInt32) -> Bool {
    if (a ^ b) & 0xFF_FFFF == 0 { return true }
    return distance(a, b) <= tolerance
  }

  /// The largest difference of a channel of two pixels.
  @inline(__always)
  static func distance(_ a: UInt32, _ b: UInt32) -> UInt32 {
    let blue = abs(Int32(a & 0xFF) - Int32(b & 0xFF))
    let green = abs(Int32(a >> 8 & 0xFF) - Int32(b >> 8 & 0xFF))
    let red = abs(Int32(a >> 16 & 0xFF) - Int32(b >> 16 & 0xFF))
    return UInt32(max(blue, green, red))
  }

  private mutating func scan(row y: Int, _ pixels: UnsafeRawBufferPointer, _ width: Int) {
    let row = y * width * 4
    var start = 0
    var last = pixels.loadUnaligned(fromByteOffset: row, as: UInt32.self)
    for x in 1..<max(width, 1) {
      let pixel = pixels.loadUnaligned(fromByteOffset: row + x * 4, as: UInt32.self)
      if !Self.areClose(pixel, last) {
        append(start, x)
        start = x
      }
      last = pixel
    }
    append(start, width)
  }

  private mutating func append(_ start: Int, _ end: Int) {
    runs.append(
      Run(
        start: Int32(start), end: Int32(end), label: Int32(runs.count), coreStart: Int32(start),
        coreEnd: Int32(end), depth: 1))
  }

  /// Joins the runs of a row with those above that touch them.
  private mutating func join(row y: Int, _ pixels: UnsafeRawBufferPointer, _ stride: Int) {
    runs.withUnsafeMutableBufferPointer { runs in
      var above = rows[y - 1]
      var here = rows[y]
      while above < rows[y], here < rows[y + 1] {
        let start = max(runs[above].start, runs[here].start)
        let end = min(runs[above].end, runs[here].end)
        if start < end {
          let at = y * stride + Int(start) * 4
          let pixel = pixels.loadUnaligned(fromByteOffset: at, as: UInt32.self)
          let over = pixels.loadUnaligned(fromByteOffset: at - stride, as: UInt32.self)
          if pixel == over || Self.distance(pixel, over) <= Self.rowTolerance {
            Self.unite(runs, above, here)
          }
        }
        if runs[above].end <= runs[here].end { above += 1 } else { here += 1 }
      }
    }
  }

  private static func unite(_ runs: UnsafeMutableBufferPointer<Run>, _ above: Int, _ here: Int) {
    let (one, other) = (root(runs, above), root(runs, here))
    if one != other { runs[max(one, other)].label = Int32(min(one, other)) }
    let start = max(runs[above].coreStart, runs[here].start)
    let end = min(runs[above].coreEnd, runs[here].end)
    if end - start >= thick, runs[above].depth >= runs[here].depth {
      runs[here].coreStart = start
      runs[here].coreEnd = end
      runs[here].depth = runs[above].depth + 1
    }
  }

  private static func root(_ runs: UnsafeMutableBufferPointer<Run>, _ index: Int) -> Int {
    var index = index
    while Int(runs[index].label) != index {
      runs[index].label = runs[Int(runs[index].label)].label
      index = Int(runs[index].label)
    }
    return index
  }

  /// Gives the components numbers from 0 and returns how many there are.
  private mutating func number() -> Int {
    runs.withUnsafeMutableBufferPointer { runs in
      var count: Int32 = 0
      // A root is always before its members, so its number is known when they come.
      for index in runs.indices {
        let label = Int(runs[index].label)
        if label == index {
          runs[index].label = count
          count += 1
        } else {
          runs[index].label = runs[label].label
        }
      }
      return Int(count)
    }
  }

  private mutating func classify(count: Int, height: Int) {
    var shapes = [Shape](repeating: Shape(), count: count)
    shapes.withUnsafeMutableBufferPointer { shapes in
      for y in 0..<height {
        for run in runs[rows[y]..<rows[y + 1]] { shapes[Int(run.label)].add(run, y: Int32(y)) }
      }
      for y in 0..<height {
        for run in runs[rows[y]..<rows[y + 1]] { shapes[Int(run.label)].addEdge(run, y: Int32(y)) }
      }
    }
    isSurface = shapes.map(\.isSurface)
    for index in shapes.indices where isSurface[index] {
      boxes[Int32(index)] = shapes[index].box
      areas[Int32(index)] = Int(shapes[index].area)
    }
  }
}

extension Surfaces {
  /// Takes the insides of large round letters for what they are: a piece of the ground, and no surface.
  private mutating func dropCounters(of frame: Frame) {
    for (label, box) in boxes
    where Self.isRound(box, area: areas[label] ?? 0) && isGround(box, frame) {
      isSurface[Int(label)] = false
      boxes[label] = nil
      areas[label] = nil
    }
  }

  /// As round as the inside of an o, from letters of some 36 pixels on.
  private static func isRound(_ box: PixelRect, area: Int) -> Bool {
    (16...110).contains(box.height) && (8...110).contains(box.width)
      && box.width * 5 <= box.height * 6 && (60...93).contains(area * 100 / box.area)
  }

  /// Whether the colour inside comes again on all four sides, behind a stroke.
  private func isGround(_ box: PixelRect, _ frame: Frame) -> Bool {
    let (x, y) = (box.center.x, box.center.y)
    guard let inside = frame.pixel(x, y) else { return false }
    let reach = 3...max(box.height / 2, 10)
    let sides = [
      (-1, 0, x - box.x), (1, 0, box.maxX - 1 - x), (0, -1, y - box.y), (0, 1, box.maxY - 1 - y),
    ]
    return sides.allSatisfy { across, down, inner in
      reach.contains { step in
        frame.pixel(x + across * (inner + step), y + down * (inner + step))
          .map { Self.distance($0, inside) <= Self.rowTolerance } == true
      }
    }
  }
}

extension Frame {
  fileprivate func pixel(_ x: Int, _ y: Int) -> UInt32? {
    guard size.bounds.contains(x: x, y: y) else { return nil }
    return pixels.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: y * stride + x * 4, as: UInt32.self)
    }
  }
}

/// What tells a surface from a glyph.
private struct Shape {
  var left = Int32.max
  var right = Int32.min
  var top = Int32.max
  var bottom = Int32.min
  var area: Int32 = 0
  var isThick = false
  // The longest run near the upper and the lower edge, and how many rows reach the sides.
  var upper: Int32 = 0
  var lower: Int32 = 0
  var leftRows: Int32 = 0
  var rightRows: Int32 = 0

  mutating func add(_ run: Surfaces.Run, y: Int32) {
    left = min(left, run.start)
    right = max(right, run.end)
    top = min(top, y)
    bottom = max(bottom, y + 1)
    area &+= run.end - run.start
    if run.depth >= Surfaces.thick, run.end - run.start >= Surfaces.thick { isThick = true }
  }

  mutating func addEdge(_ run: Surfaces.Run, y: Int32) {
    if isThick { return }
    let length = run.end - run.start
    if y < top + 3 { upper = max(upper, length) }
    if y >= bottom - 3 { lower = max(lower, length) }
    // Three pixels for rounded corners.
    if run.start <= left + 3 { leftRows += 1 }
    if run.end >= right - 3 { rightRows += 1 }
  }

  var box: PixelRect {
    PixelRect(x: Int(left), y: Int(top), width: Int(right - left), height: Int(bottom - top))
  }

  var isSurface: Bool {
    if isThick { return true }
    let (width, height) = (right - left, bottom - top)
    guard width >= 12, height >= 11, area * 5 >= width * height * 2 else { return false }
    // A pill, whose ends are half circles, reaches its sides in fewer rows.
    let isPill = width >= height * 2 && area * 2 >= width * height
    let share: Int32 = isPill ? 12 : 15
    let isFramed =
      min(upper, lower) * 20 >= width * share && min(leftRows, rightRows) * 20 >= height * share
    return isFramed && (width * 10 >= height * 13 || area * 5 >= width * height * 4)
  }
}
