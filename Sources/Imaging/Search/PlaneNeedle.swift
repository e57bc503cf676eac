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
  private let values: [UInt8]
  /// 1 where a cell counts; empty when all do.
  private let flags: [UInt8]
  private let count: Int
  private let squares: Int
  /// The whole, then its quarters; only such in which every cell counts.
  private let blocks: [Block]

  private struct Block {
    var x: Int
    var y: Int
    var width: Int
    var height: Int
    var mean: Float
    var deviation: Float
    /// Its part of all cells.
    var share: Float
  }

  /// Variance that is taken for noise, per cell.
  static let noise: Float = 16

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
    let values = flags.map { zip(plane.values, $0).map { $0 &* $1 } } ?? plane.values
    self.values = values
    count = flags?.reduce(0) { $0 + Int($1) } ?? values.count
    guard count >= fewest else { return nil }
    let sum = values.reduce(0) { $0 + Int($1) }
    squares = values.reduce(0) { $0 + Int($1) * Int($1) }
    let mean = Float(sum) / Float(count)
    variance = max(Float(squares) / Float(count) - mean * mean, 0)
    blocks = Self.blocks(plane, isMasked: flags != nil)
  }

  /// Calls `found` for each place on the plane where the needle fits at least so well.
  func scan(_ plane: Plane, least: Float, found: (_ x: Int, _ y: Int, _ fit: Float) -> Void) {
    guard plane.width >= width, plane.height >= height else { return }
    let sums = PlaneSums(plane)
    plane.values.withUnsafeBufferPointer { there in
      values.withUnsafeBufferPointer { here in
        blocks.withUnsafeBufferPointer { blocks in
          sums.withUnsafe { sums in
            for y in 0...plane.height - height {
              for x in 0...plane.width - width {
                if !canFit(x, y, sums, blocks, least: least) { continue }
                let start = y &* plane.width &+ x
                let fit =
                  flags.isEmpty
                  ? fit(here, there, start, plane.width, sums(x, y, width, height))
                  : maskedFit(here, there, start, plane.width)
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
    _ x: Int, _ y: Int, _ sums: PlaneSums.Access, _ blocks: UnsafeBufferPointer<Block>, least: Float
  ) -> Bool {
    guard let whole = blocks.first else { return true }
    let all = Self.moments(sums(x, y, whole.width, whole.height), whole.width &* whole.height)
    let allowed = (1 - least) * (variance + all.variance + Self.noise)
    let apart = whole.mean - all.mean
    let spread = whole.deviation - all.variance.squareRoot()
    if apart * apart + spread * spread > allowed { return false }
    var total: Float = 0
    for index in 1..<max(blocks.count, 1) {
      let block = blocks[index]
      let part = Self.moments(
        sums(x &+ block.x, y &+ block.y, block.width, block.height), block.width &* block.height)
      let apart = block.mean - part.mean
      let spread = block.deviation - part.variance.squareRoot()
      total += block.share * (apart * apart + spread * spread)
      if total > allowed { return false }
    }
    return true
  }

  @inline(__always)
  private static func moments(
    _ sums: (sum: Int, square: Int), _ count: Int
  ) -> (mean: Float, variance: Float) {
    let share = 1 / Float(count)
    let mean = Float(sums.sum) * share
    return (mean, max(Float(sums.square) * share - mean * mean, 0))
  }

  @inline(__always)
  private func fit(
    _ here: UnsafeBufferPointer<UInt8>, _ there: UnsafeBufferPointer<UInt8>, _ start: Int,
    _ stride: Int, _ sums: (sum: Int, square: Int)
  ) -> Float {
    var product = 0
    for row in 0..<height {
      let one = UnsafeBufferPointer(rebasing: here[(row &* width)...].prefix(width))
      let other = UnsafeBufferPointer(rebasing: there[(start &+ row &* stride)...].prefix(width))
      var part: UInt32 = 0
      for x in 0..<width { part &+= UInt32(one[x]) &* UInt32(other[x]) }
      product &+= Int(part)
    }
    return value(sums.sum, sums.square, product)
  }

  private func maskedFit(
    _ here: UnsafeBufferPointer<UInt8>, _ there: UnsafeBufferPointer<UInt8>, _ start: Int,
    _ stride: Int
  ) -> Float {
    var (sum, square, product) = (0, 0, 0)
    flags.withUnsafeBufferPointer { flags in
      for row in 0..<height {
        var parts: (UInt32, UInt32, UInt32) = (0, 0, 0)
        for x in 0..<width {
          let at = row &* width &+ x
          let other = UInt32(there[start &+ row &* stride &+ x]) &* UInt32(flags[at])
          parts.0 &+= other
          parts.1 &+= other &* other
          parts.2 &+= other &* UInt32(here[at])
        }
        sum &+= Int(parts.0)
        square &+= Int(parts.1)
        product &+= Int(parts.2)
      }
    }
    return value(sum, square, product)
  }

  @inline(__always)
  private func value(_ sum: Int, _ square: Int, _ product: Int) -> Float {
    let share = 1 / Float(count)
    let mean = Float(sum) * share
    let there = max(Float(square) * share - mean * mean, 0)
    let difference = Float(squares &+ square &- 2 &* product) * share
    return 1 - difference / (variance + there + Self.noise)
  }

  private static func blocks(_ plane: Plane, isMasked: Bool) -> [Block] {
    if isMasked { return [] }
    let (halfWidth, halfHeight) = (plane.width / 2, plane.height / 2)
    let sums = PlaneSums(plane)
    func block(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> Block? {
      if width == 0 || height == 0 { return nil }
      let moments = sums.withUnsafe { Self.moments($0(x, y, width, height), width * height) }
      return Block(
        x: x, y: y, width: width, height: height, mean: moments.mean,
        deviation: moments.variance.squareRoot(),
        share: Float(width * height) / Float(plane.width * plane.height))
    }
    let (restWidth, restHeight) = (plane.width - halfWidth, plane.height - halfHeight)
    return [
      block(0, 0, plane.width, plane.height), block(0, 0, halfWidth, halfHeight),
      block(halfWidth, 0, restWidth, halfHeight), block(0, halfHeight, halfWidth, restHeight),
      block(halfWidth, halfHeight, restWidth, restHeight),
    ].compactMap(\.self)
  }

  /// A cell counts when all its pixels do.
  private static func flags(_ mask: [Bool], width: Int, side: Int, plane: Plane) -> [UInt8] {
    var flags = [UInt8](repeating: 1, count: plane.width * plane.height)
    for y in 0..<plane.height * side {
      for x in 0..<plane.width * side where !mask[y * width + x] {
        flags[y / side * plane.width + x / side] = 0
      }
    }
    return flags
  }

  private static func blurred(_ flags: [UInt8], width: Int, height: Int) -> [UInt8] {
    guard width > 1, height > 1 else { return flags }
    return (0..<(width - 1) * (height - 1)).map { index in
      let at = index / (width - 1) * width + index % (width - 1)
      return flags[at] & flags[at + 1] & flags[at + width] & flags[at + width + 1]
    }
  }
}
