import Imaging
import Pixels

/// A picture that tests paint on.
struct Canvas {
  let size: PixelSize
  var pixels: [UInt8]

  init(_ frame: Frame) {
    size = frame.size
    pixels = frame.pixels
    // A copy that shares nothing with the frame.
    pixels[0] = frame.pixels[0]
  }

  var frame: Frame { Frame(size: size, pixels: pixels) ?? Frame(size: size) }

  mutating func set(x: Int, y: Int, red: UInt8, green: UInt8, blue: UInt8) {
    guard size.bounds.contains(x: x, y: y) else { return }
    let at = (y * size.width + x) * 4
    pixels[at] = blue
    pixels[at + 1] = green
    pixels[at + 2] = red
  }

  mutating func fill(_ rect: PixelRect, red: UInt8, green: UInt8, blue: UInt8) {
    forEach(in: rect) { canvas, x, y in
      canvas.set(x: x, y: y, red: red, green: green, blue: blue)
    }
  }

  mutating func fillNoise(_ rect: PixelRect, using random: inout SeededRandom) {
    let part = size.bounds.intersection(rect)
    for y in part.y..<max(part.maxY, part.y) {
      for x in part.x..<max(part.maxX, part.x) {
        let value = random.next()
        set(
          x: x, y: y, red: UInt8(truncatingIfNeeded: value >> 8),
          green: UInt8(truncatingIfNeeded: value >> 16),
          blue: UInt8(truncatingIfNeeded: value >> 24))
      }
    }
  }

  /// A column of black and white, each so many rows high.
  mutating func fillStripes(x: Int, period: Int) {
    for y in 0..<size.height {
      let level: UInt8 = y / max(period, 1) % 2 == 0 ? 0 : 255
      set(x: x, y: y, red: level, green: level, blue: level)
    }
  }

  /// Puts another picture at a place.
  mutating func paste(_ other: Frame, x left: Int, y top: Int) {
    for y in 0..<other.size.height {
      for x in 0..<other.size.width {
        guard let color = other.color(x: x, y: y) else { continue }
        set(x: left + x, y: top + y, red: color.red, green: color.green, blue: color.blue)
      }
    }
  }

  private mutating func forEach(in rect: PixelRect, _ body: (inout Canvas, Int, Int) -> Void) {
    let part = size.bounds.intersection(rect)
    if part.isEmpty { return }
    for y in part.y..<part.maxY { for x in part.x..<part.maxX { body(&self, x, y) } }
  }
}

/// Numbers that look like chance and are the same each time.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}
