import Pixels

/// A needle on one plane, and how well it fits at a place of another.
///
/// A fit is 1 less the squared differences in proportion to the variances of both: 1 for equal pixels, about 0
/// for unrelated ones, at most 0 on a surface without detail.
struct PlaneNeedle {
  let width: Int
  let height: Int
  /// How much its values vary, per cell.
  let variance: Float

  /// 0 where a cell does not count.
  private let values: [Int16]
  /// All bits where a cell counts, none elsewhere; empty when all do.
  private let flags: [Int16]
  private let count: Int
  private let squares: Int
  /// The rows, that with the most detail first: there a wrong place shows soonest.
  private let order: [Int]
  /// The whole, then its parts; only such in which every cell counts.
  private let blocks: [Block]

  private struct Block {
    var x: Int
    var y: Int
    var width: Int
    var height: Int
    var mean: Float
    var deviation: Float
    /// 1 in proportion to its cells.
    var inverse: Float
    /// Its part of all cells.
    var share: Float
  }

  /// Variance that is taken for noise, per cell; cells of more pixels have less.
  private let noise: Float

  /// The needle in cells of a level; nil when fewer than `fewest` of them count.
  init?(_ needle: Needle, level: Int, channel: Plane.Channel, isBlurred: Bool, fewest: Int = 1) {
    let whole = needle.frame.size.bounds
    var plane = Plane(needle.frame, part: whole, level: level, channel: channel)
    var flags = needle.mask.map {
      Self.flags($0, width: whole.width, side: 1 << level, plane: plane)
    }
    if isBlurred {
      flags = flags.map { Self.blurred($0, width: plane.width, height: plane.height) }
      plane = plane.blurred()
    }
    guard plane.width > 0, plane.height > 0 else { return nil }
    width = plane.width
    height = plane.height
    self.flags = flags ?? []
    noise = level == 0 ? 64 : 16
    let values = flags.map { zip(plane.values, $0).map { $0 & $1 } } ?? plane.values
    self.values = values
    count = flags?.reduce(0) { $0 - Int($1) } ?? values.count
    guard count >= fewest else { return nil }
    let sum = values.reduce(0) { $0 + Int($1) }
    squares = values.reduce(0) { $0 + Int($1) * Int($1) }
    let mean = Float(sum) / Float(count)
    let middle = Int(mean)
    let width = plane.width
    let detail = (0..<plane.height).map { row in
      values[row * width..<(row + 1) * width].reduce(0) {
        $0 + (Int($1) - middle) * (Int($1) - middle)
      }
    }
    order = detail.indices.sorted { detail[$0] > detail[$1] }
    variance = max(Float(squares) / Float(count) - mean * mean, 0)
    blocks = Self.blocks(plane, isMasked: flags != nil)
  }

  /// Calls `found` for each place on the plane where the needle fits at least so well.
  func scan(_ plane: Plane, least: Float, found: (_ x: Int, _ y: Int, _ fit: Float) -> Void) {
    guard plane.width >= width, plane.height >= height else { return }
    let sums = PlaneSums(plane)
    plane.values.withUnsafeBufferPointer { values in
      self.values.withUnsafeBufferPointer { here in
        blocks.withUnsafeBufferPointer { blocks in
          sums.withUnsafe { sums in
            for y in 0...plane.height - height {
              for x in 0...plane.width - width {
                let start = y &* plane.width &+ x
                let fit: Float
                if flags.isEmpty {
                  let all = sums(x, y, width, height)
                  let there = Self.moments(all, 1 / Float(count)).variance
                  guard canFit(x, y, sums, blocks, there: there, least: least) else { continue }
                  fit = self.fit(
                    here, there: values, start, plane.width, variance: there, least: least)
                } else {
                  fit = maskedFit(here, values, start, plane.width)
                }
                if fit >= least { found(x, y, fit) }
              }
            }
          }
        }
      }
    }
  }

  /// The place where it fits best, or nil when it does nowhere fit so well.
  func best(_ plane: Plane, least: Float) -> (x: Int, y: Int, fit: Float)? {
    var best: (x: Int, y: Int, fit: Float)?
    scan(plane, least: least) { x, y, fit in
      if fit > best?.fit ?? -.infinity { best = (x, y, fit) }
    }
    return best
  }

  /// Whether means and variances allow such a fit.
  ///
  /// Squared differences are at least what the means are apart, squared, and what the deviations are apart,
  /// squared; this holds for the whole and for each part of it.
  @inline(__always)
  private func canFit(
    _ x: Int, _ y: Int, _ sums: PlaneSums.Access, _ blocks: UnsafeBufferPointer<Block>,
    there: Float, least: Float
  ) -> Bool {
    let allowed = (1 - least) * (variance + there + noise)
    var total: Float = 0
    for index in blocks.indices {
      let block = blocks[index]
      let part = Self.moments(
        sums(x &+ block.x, y &+ block.y, block.width, block.height), block.inverse)
      let apart = block.mean - part.mean
      let spread = block.deviation - part.variance.squareRoot()
      let least = apart * apart + spread * spread
      // The first block is the whole.
      if index == 0, least > allowed { return false }
      if index > 0 { total += block.share * least }
      if total > allowed { return false }
    }
    return true
  }

  @inline(__always)
  private static func moments(
    _ sums: (sum: Int, square: Int), _ inverse: Float
  ) -> (mean: Float, variance: Float) {
    let mean = Float(sums.sum) * inverse
    return (mean, max(Float(sums.square) * inverse - mean * mean, 0))
  }

  @inline(__always)
  private func fit(
    _ here: UnsafeBufferPointer<Int16>, there: UnsafeBufferPointer<Int16>, _ start: Int,
    _ stride: Int, variance other: Float, least: Float
  ) -> Float {
    let varied = (variance + other + noise) * Float(count)
    let allowed = Int(((1 - least) * varied).rounded(.up))
    var difference = 0
    for row in order {
      let one = UnsafeBufferPointer(rebasing: here[(row &* width)...].prefix(width))
      let other = UnsafeBufferPointer(rebasing: there[(start &+ row &* stride)...].prefix(width))
      // Of 16 bits by 16 bits, because there is one instruction that multiplies and adds eight of them.
      var part: Int32 = 0
      for x in 0..<width {
        let apart = one[x] &- other[x]
        part &+= Int32(apart) &* Int32(apart)
      }
      difference &+= Int(part)
      if difference > allowed { return -.infinity }
    }
    return 1 - Float(difference) / varied
  }

  private func maskedFit(
    _ here: UnsafeBufferPointer<Int16>, _ there: UnsafeBufferPointer<Int16>, _ start: Int,
    _ stride: Int
  ) -> Float {
    var (sum, square, product) = (0, 0, 0)
    flags.withUnsafeBufferPointer { flags in
      for row in 0..<height {
        let one = UnsafeBufferPointer(rebasing: here[(row &* width)...].prefix(width))
        let other = UnsafeBufferPointer(rebasing: there[(start &+ row &* stride)...].prefix(width))
        let counts = UnsafeBufferPointer(rebasing: flags[(row &* width)...].prefix(width))
        var parts: (Int32, Int32, Int32) = (0, 0, 0)
        for x in 0..<width {
          let value = other[x] & counts[x]
          parts.0 &+= Int32(value)
          parts.1 &+= Int32(value) &* Int32(value)
          parts.2 &+= Int32(value) &* Int32(one[x])
        }
        sum &+= Int(parts.0)
        square &+= Int(parts.1)
        product &+= Int(parts.2)
      }
    }
    let there = Self.moments((sum, square), 1 / Float(count)).variance
    let difference = Float(squares &+ square &- 2 &* product) / Float(count)
    return 1 - difference / (variance + there + noise)
  }

  private static func blocks(_ plane: Plane, isMasked: Bool) -> [Block] {
    if isMasked { return [] }
    let sums = PlaneSums(plane)
    func block(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> Block {
      let inverse = 1 / Float(width * height)
      let moments = sums.withUnsafe { Self.moments($0(x, y, width, height), inverse) }
      return Block(
        x: x, y: y, width: width, height: height, mean: moments.mean,
        deviation: moments.variance.squareRoot(), inverse: inverse,
        share: Float(width * height) / Float(plane.width * plane.height))
    }
    var blocks = [block(0, 0, plane.width, plane.height)]
    let across = min(max(plane.width / 4, 1), 2)
    let down = min(max(plane.height / 3, 1), 4)
    for row in 0..<down {
      let top = row * plane.height / down
      for column in 0..<across {
        let left = column * plane.width / across
        blocks.append(
          block(
            left, top, (column + 1) * plane.width / across - left,
            (row + 1) * plane.height / down - top))
      }
    }
    return blocks
  }

  /// A cell counts when all its pixels do.
  private static func flags(_ mask: [Bool], width: Int, side: Int, plane: Plane) -> [Int16] {
    var flags = [Int16](repeating: -1, count: plane.width * plane.height)
    for y in 0..<plane.height * side {
      for x in 0..<plane.width * side where !mask[y * width + x] {
        flags[y / side * plane.width + x / side] = 0
      }
    }
    return flags
  }

  private static func blurred(_ flags: [Int16], width: Int, height: Int) -> [Int16] {
    guard width > 1, height > 1 else { return flags }
    return (0..<(width - 1) * (height - 1)).map { index in
      let at = index / (width - 1) * width + index % (width - 1)
      return flags[at] & flags[at + 1] & flags[at + width] & flags[at + width + 1]
    }
  }
}
