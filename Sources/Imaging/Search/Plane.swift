import Pixels

/// One value for each cell of a picture: how bright it is, or one of its colours.
struct Plane {
  /// What is taken of a pixel, in 256ths.
  struct Channel: Hashable {
    var red: UInt64
    var green: UInt64
    var blue: UInt64

    static let brightness = Channel(red: 77, green: 150, blue: 29)
    static let single = [
      Channel(red: 256, green: 0, blue: 0), Channel(red: 0, green: 256, blue: 0),
      Channel(red: 0, green: 0, blue: 256),
    ]
  }

  let width: Int
  let height: Int
  /// 0…255 each.
  private(set) var values: [Int16]

  /// The cells of a part of a frame; a cell has a side of 1, 2, 4 or 8 pixels (level 0…3), and what does not
  /// fill one at the right and at the bottom is left out.
  init(_ frame: Frame, part: PixelRect, level: Int, channel: Channel) {
    let side = 1 << level
    width = part.width / side
    height = part.height / side
    values = [Int16](repeating: 0, count: width * height)
    let (width, height) = (self.width, self.height)
    frame.pixels.withUnsafeBytes { source in
      values.withUnsafeMutableBufferPointer { target in
        for y in 0..<height {
          for x in 0..<width {
            let corner = (part.y &+ y &* side) &* frame.stride &+ (part.x &+ x &* side) &* 4
            target[y &* width &+ x] = Self.value(
              source, at: corner, stride: frame.stride, level: level, channel: channel)
          }
        }
      }
    }
  }

  /// The mean of a cell; two pixels are added at once, each channel in 16 bits.
  @inline(__always)
  private static func value(
    _ source: UnsafeRawBufferPointer, at corner: Int, stride: Int, level: Int, channel: Channel
  ) -> Int16 {
    var blueRed: UInt64 = 0
    var green: UInt64 = 0
    if level == 0 {
      let pixel = UInt64(source.loadUnaligned(fromByteOffset: corner, as: UInt32.self))
      blueRed = pixel & 0x00FF_00FF
      green = pixel &>> 8 & 0xFF
    } else {
      var row = corner
      for _ in 0..<1 << level {
        for pair in 0..<1 << (level - 1) {
          let pixels = source.loadUnaligned(fromByteOffset: row &+ pair &* 8, as: UInt64.self)
          blueRed &+= pixels & 0x00FF_00FF_00FF_00FF
          green &+= pixels &>> 8 & 0x0000_00FF_0000_00FF
        }
        row &+= stride
      }
    }
    let blue = (blueRed & 0xFFFF) &+ (blueRed &>> 32 & 0xFFFF)
    let red = (blueRed &>> 16 & 0xFFFF) &+ (blueRed &>> 48)
    green = (green & 0xFFFF) &+ (green &>> 32)
    let total = red &* channel.red &+ green &* channel.green &+ blue &* channel.blue
    let shift = UInt64(8 &+ 2 &* level)
    return Int16(truncatingIfNeeded: (total &+ 1 &<< (shift &- 1)) &>> shift)
  }

  private init(width: Int, height: Int, values: [Int16]) {
    self.width = width
    self.height = height
    self.values = values
  }

  /// Each cell with its right and lower neighbours: so a cell depends less on where the grid begins.
  func blurred() -> Plane {
    let (width, height) = (width - 1, height - 1)
    guard width > 0, height > 0 else { return self }
    let blurred = [Int16](unsafeUninitializedCapacity: width * height) { target, count in
      values.withUnsafeBufferPointer { source in
        for y in 0..<height {
          let upper = UnsafeBufferPointer(rebasing: source[(y * (width + 1))...])
          let lower = UnsafeBufferPointer(rebasing: source[((y + 1) * (width + 1))...])
          let row = UnsafeMutableBufferPointer(rebasing: target[(y * width)...])
          for x in 0..<width {
            row[x] = (upper[x] &+ upper[x &+ 1] &+ lower[x] &+ lower[x &+ 1] &+ 2) &>> 2
          }
        }
      }
      count = width * height
    }
    return Plane(width: width, height: height, values: blurred)
  }
}

/// Sums over any rectangle of a plane, and of the squares, in the time of four look-ups.
struct PlaneSums {
  private let stride: Int
  private let sums: [Int]
  private let squares: [Int]

  init(_ plane: Plane) {
    let stride = plane.width + 1
    let count = stride * (plane.height + 1)
    var sums = [Int](repeating: 0, count: count)
    var squares = [Int](repeating: 0, count: count)
    sums.withUnsafeMutableBufferPointer { sums in
      squares.withUnsafeMutableBufferPointer { squares in
        plane.values.withUnsafeBufferPointer { values in
          for y in 0..<plane.height {
            var (sum, square) = (0, 0)
            for x in 0..<plane.width {
              let value = Int(values[y &* plane.width &+ x])
              sum &+= value
              square &+= value &* value
              let at = (y &+ 1) &* stride &+ x &+ 1
              sums[at] = sums[at &- stride] &+ sum
              squares[at] = squares[at &- stride] &+ square
            }
          }
        }
      }
    }
    self.stride = stride
    self.sums = sums
    self.squares = squares
  }

  /// Gives access without checks; rectangles must lie on the plane.
  func withUnsafe<Result>(_ body: (Access) -> Result) -> Result {
    sums.withUnsafeBufferPointer { sums in
      squares.withUnsafeBufferPointer { squares in
        body(Access(stride: stride, sums: sums, squares: squares))
      }
    }
  }

  struct Access {
    let stride: Int
    let sums: UnsafeBufferPointer<Int>
    let squares: UnsafeBufferPointer<Int>

    @inline(__always)
    func callAsFunction(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> (sum: Int, square: Int)
    {
      let upper = y &* stride &+ x
      let lower = upper &+ height &* stride
      return (
        sums[lower &+ width] &- sums[lower] &- sums[upper &+ width] &+ sums[upper],
        squares[lower &+ width] &- squares[lower] &- squares[upper &+ width] &+ squares[upper]
      )
    }
  }
}
