import FoundationEssentials
import Imaging
import Pixels
import Testing

@Suite struct CropTests {
  @Test func `a crop holds the pixels of its region`() throws {
    let frame = try pattern(width: 20, height: 10)
    let crop = try #require(frame.cropped(to: PixelRect(x: 15, y: 8, width: 99, height: 99)))
    #expect(crop.size == PixelSize(width: 5, height: 2))
    for y in 0..<2 {
      for x in 0..<5 {
        let (one, other) = (crop.color(x: x, y: y), frame.color(x: 15 + x, y: 8 + y))
        #expect(one?.red == other?.red && one?.green == other?.green && one?.blue == other?.blue)
      }
    }
  }

  @Test func `a crop outside the frame is nothing`() throws {
    let frame = try pattern(width: 20, height: 10)
    #expect(frame.cropped(to: PixelRect(x: 20, y: 0, width: 5, height: 5)) == nil)
    #expect(frame.cropped(to: PixelRect(x: 0, y: 0, width: 0, height: 5)) == nil)
  }

  @Test func `one colour is told from two`() throws {
    let size = try #require(PixelSize(width: 30, height: 20))
    let blank = Frame(size: size, red: 10, green: 20, blue: 30)
    let color = try #require(blank.solidColor)
    #expect(color == (10, 20, 30))
    let dotted = try changed(blank, at: (29, 19), by: 3)
    #expect(dotted.solidColor == nil)
  }
}

@Suite struct ScalerTests {
  @Test func `a target pixel is the mean of what it covers`() throws {
    var random = SeededRandom(seed: 3)
    var canvas = Canvas(try pattern(width: 97, height: 255))
    canvas.fillNoise(PixelRect(x: 30, y: 0, width: 30, height: 255), using: &random)
    for x in 60..<97 { canvas.fillStripes(x: x, period: x - 57) }
    let frame = canvas.frame
    for size in [(70, 181), (97, 20), (13, 55), (1, 1), (96, 254), (200, 300), (40, 128)] {
      let target = try #require(PixelSize(width: size.0, height: size.1))
      let scaled = Scaler.areaAverage(frame, to: target)
      #expect(scaled.size == target)
      for y in 0..<target.height {
        for x in 0..<target.width {
          for channel in 0..<3 {
            let expected = mean(of: frame, x: x, y: y, in: target, channel: channel)
            let value = Double(scaled.pixels[(y * target.width + x) * 4 + channel])
            #expect(abs(expected.rounded() - value) <= 1, "\(size) \(x),\(y)")
          }
        }
      }
    }
  }

  @Test func `every row counts when hundreds become one`() throws {
    var canvas = Canvas(Frame(size: PixelSize(clampingWidth: 60, height: 1000)))
    for x in 0..<60 { canvas.fillStripes(x: x, period: x + 1) }
    let target = PixelSize(clampingWidth: 60, height: 3)
    let scaled = Scaler.areaAverage(canvas.frame, to: target)
    for y in 0..<3 {
      for x in 0..<60 {
        let expected = mean(of: canvas.frame, x: x, y: y, in: target, channel: 0)
        #expect(abs(expected.rounded() - Double(scaled.pixels[(y * 60 + x) * 4])) <= 1)
      }
    }
  }

  @Test func `white stays white and the same size stays the same frame`() throws {
    let size = try #require(PixelSize(width: 1920, height: 1080))
    let target = try #require(PixelSize(width: 1280, height: 720))
    let white = Frame(size: size, red: 255, green: 255, blue: 255, sequence: 5)
    let scaled = Scaler.areaAverage(white, to: target)
    let color = try #require(scaled.solidColor)
    #expect(color == (255, 255, 255))
    #expect(scaled.sequence == 5)
    let frame = try pattern(width: 9, height: 9)
    #expect(Scaler.areaAverage(frame, to: frame.size).pixels == frame.pixels)
  }

  /// The mean by the definition, in floating point.
  private func mean(of frame: Frame, x: Int, y: Int, in size: PixelSize, channel: Int) -> Double {
    let across = Double(frame.size.width) / Double(size.width)
    let down = Double(frame.size.height) / Double(size.height)
    let (left, right) = (Double(x) * across, Double(x + 1) * across)
    let (top, bottom) = (Double(y) * down, Double(y + 1) * down)
    var total = 0.0
    for row in Int(top)..<min(Int(bottom.rounded(.up)), frame.size.height) {
      for column in Int(left)..<min(Int(right.rounded(.up)), frame.size.width) {
        let width = min(right, Double(column + 1)) - max(left, Double(column))
        let height = min(bottom, Double(row + 1)) - max(top, Double(row))
        let value = frame.pixels[(row * frame.size.width + column) * 4 + channel]
        total += max(width, 0) * max(height, 0) * Double(value)
      }
    }
    return total / (across * down)
  }
}

/// The frame with one pixel's channels raised.
func changed(_ frame: Frame, at point: (x: Int, y: Int), by amount: UInt8) throws -> Frame {
  var pixels = frame.pixels
  let offset = point.y * frame.stride + point.x * 4
  for channel in 0..<3 { pixels[offset + channel] &+= amount }
  return try #require(Frame(size: frame.size, pixels: pixels))
}
