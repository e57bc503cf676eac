import Pixels
import Testing

@testable import Imaging

@Suite struct FrameComparisonTests {
  private let size = PixelSize(clampingWidth: 300, height: 200)

  @Test func `equal frames have no changed region`() throws {
    let frame = try pattern(width: 300, height: 200)
    let comparison = FrameComparison(frame, Canvas(frame).frame)
    #expect(comparison.isEqual && comparison.regions.isEmpty)
    #expect(comparison.changedShare == 0 && comparison.comparedPixels == 60_000)
    #expect(FrameComparison.areEqual(frame, Canvas(frame).frame))
    #expect(try !FrameComparison.areEqual(frame, changed(frame, at: (299, 199), by: 1)))
  }

  @Test func `a change is boxed tightly and two far changes stay two`() throws {
    let frame = try pattern(width: 300, height: 200)
    var other = try changed(frame, at: (5, 6), by: 1)
    other = try changed(other, at: (9, 12), by: 1)
    other = try changed(other, at: (299, 199), by: 1)
    let comparison = FrameComparison(frame, other)
    #expect(
      comparison.regions == [
        PixelRect(x: 5, y: 6, width: 5, height: 7), PixelRect(x: 299, y: 199, width: 1, height: 1),
      ])
    #expect(comparison.changedPixels == 3)
  }

  @Test func `changes in neighbouring tiles are one region`() throws {
    let frame = Frame(size: size)
    var other = try changed(frame, at: (31, 31), by: 9)
    other = try changed(other, at: (32, 32), by: 9)
    let regions = FrameComparison(frame, other).regions
    #expect(regions == [PixelRect(x: 31, y: 31, width: 2, height: 2)])
  }

  @Test func `regions never overlap and hold every changed pixel`() throws {
    let frame = Frame(size: size)
    var random = SeededRandom(seed: 7)
    for _ in 0..<40 {
      var other = frame
      var points: [(Int, Int)] = []
      for _ in 0..<Int.random(in: 1...30, using: &random) {
        let point = (
          Int.random(in: 0..<300, using: &random), Int.random(in: 0..<200, using: &random)
        )
        points.append(point)
        other = try changed(other, at: point, by: 1)
      }
      let regions = FrameComparison(frame, other).regions
      for point in points {
        #expect(regions.filter { $0.contains(x: point.0, y: point.1) }.count == 1)
      }
    }
  }

  @Test func `a tolerance forgives each channel alone`() throws {
    let frame = Frame(size: size)
    for channel in 0..<3 {
      var pixels = frame.pixels
      pixels[4000 + channel] = 4
      let other = try #require(Frame(size: size, pixels: pixels))
      #expect(FrameComparison(frame, other, rule: ComparisonRule(tolerance: 4)).isEqual)
      #expect(FrameComparison(other, frame, rule: ComparisonRule(tolerance: 3)).changedPixels == 1)
    }
  }

  @Test func `the unused byte never counts`() throws {
    let frame = Frame(size: size)
    var pixels = frame.pixels
    pixels[3] = 255
    let dirty = try #require(Frame(size: size, pixels: pixels))
    #expect(FrameComparison(frame, dirty).isEqual)
  }

  @Test func `an ignored part does not count, not even in the share`() throws {
    let frame = Frame(size: size)
    var other = try changed(frame, at: (100, 100), by: 4)
    other = try changed(other, at: (200, 100), by: 4)
    let rule = ComparisonRule(ignoring: [
      PixelRect(x: -50, y: 100, width: 151, height: 1),
      PixelRect(x: 0, y: 100, width: 50, height: 1),
    ])
    let comparison = FrameComparison(frame, other, rule: rule)
    #expect(comparison.changedPixels == 1)
    #expect(comparison.comparedPixels == 60_000 - 101)
    #expect(comparison.regions == [PixelRect(x: 200, y: 100, width: 1, height: 1)])
    #expect(FrameComparison(frame, other).changedShare == 2.0 / 60_000)
  }

  @Test func `when everything is ignored nothing is equal`() {
    let frame = Frame(size: size)
    let rule = ComparisonRule(ignoring: [size.bounds.insetBy(-9)])
    let comparison = FrameComparison(frame, frame, rule: rule)
    #expect(!comparison.isEqual)
    #expect(comparison.changedShare == 1)
  }

  @Test func `frames of different sizes differ everywhere`() throws {
    let small = try pattern(width: 3, height: 3)
    let frame = Frame(size: size)
    let comparison = FrameComparison(small, frame)
    #expect(comparison.sizesDiffer && !comparison.isEqual)
    #expect(comparison.regions == [frame.size.bounds])
    #expect(comparison.changedShare == 1)
    #expect(FrameComparison.picture(small, frame).size == frame.size)
  }

  @Test func `a smoothed edge may move within its pixels`() {
    let rule = ComparisonRule(tolerance: 8, forgivesSmoothing: true)
    let comparison = FrameComparison(disc(radius: 50), disc(radius: 50.4), rule: rule)
    #expect(FrameComparison(disc(radius: 50), disc(radius: 50.4)).changedPixels > 100)
    #expect(comparison.isEqual)
    #expect(comparison.smoothedPixels > 100)
    #expect(comparison.regions.isEmpty)
  }

  @Test func `another shape is no smoothing`() throws {
    let rule = ComparisonRule(tolerance: 8, forgivesSmoothing: true)
    let grown = FrameComparison(disc(radius: 50), disc(radius: 52), rule: rule)
    #expect(grown.changedPixels > 100)
    var canvas = Canvas(disc(radius: 50))
    canvas.fill(PixelRect(x: 140, y: 90, width: 3, height: 3), red: 200, green: 200, blue: 200)
    let dot = FrameComparison(disc(radius: 50), canvas.frame, rule: rule)
    #expect(dot.changedPixels == 9)
    canvas = Canvas(Frame(size: size, red: 255, green: 255, blue: 255))
    let blank = canvas.frame
    canvas.fill(PixelRect(x: 20, y: 20, width: 1, height: 12), red: 0, green: 0, blue: 0)
    #expect(FrameComparison(blank, canvas.frame, rule: rule).changedPixels == 12)
  }

  @Test func `a line of one pixel between surfaces smooths, one of two is a line`() {
    let rule = ComparisonRule(forgivesSmoothing: true)
    for (width, changed) in [(1, 0), (2, 400)] {
      let (before, after) = (border(width: width, level: 90), border(width: width, level: 150))
      let comparison = FrameComparison(before, after, rule: rule)
      #expect(comparison.changedPixels == changed)
      #expect(comparison.smoothedPixels == width * 200 - changed)
    }
  }

  @Test func `a line with teeth is a shape, not smoothing`() {
    func comb(_ level: UInt8) -> Frame {
      var canvas = Canvas(border(width: 1, level: level))
      for y in stride(from: 0, to: 200, by: 2) {
        canvas.set(x: 101, y: y, red: level, green: level, blue: level)
      }
      return canvas.frame
    }
    let rule = ComparisonRule(forgivesSmoothing: true)
    #expect(FrameComparison(comb(90), comb(150), rule: rule).changedPixels == 300)
  }

  /// Black on the left, white on the right, a grey border between them.
  private func border(width: Int, level: UInt8) -> Frame {
    var canvas = Canvas(Frame(size: size))
    canvas.fill(
      PixelRect(x: 100, y: 0, width: 200, height: 200), red: 255, green: 255, blue: 255)
    canvas.fill(
      PixelRect(x: 100, y: 0, width: width, height: 200), red: level, green: level, blue: level)
    return canvas.frame
  }

  @Test func `the picture marks what differs, what is forgiven and what is ignored`() {
    let (before, after) = (disc(radius: 50), Canvas(disc(radius: 50.4)))
    var canvas = after
    canvas.fill(PixelRect(x: 150, y: 100, width: 4, height: 4), red: 0, green: 0, blue: 0)
    let rule = ComparisonRule(
      tolerance: 8, forgivesSmoothing: true, ignoring: [PixelRect(x: 0, y: 0, width: 9, height: 9)])
    let picture = FrameComparison.picture(before, canvas.frame, rule: rule)
    var counts: [String: Int] = [:]
    for y in 0..<200 {
      for x in 0..<300 {
        guard let color = picture.color(x: x, y: y) else { continue }
        switch color {
        case (230, 0, 0): counts["changed", default: 0] += 1
        case (230, 200, 0): counts["smoothed", default: 0] += 1
        case (_, _, 255) where color.red < 200: counts["ignored", default: 0] += 1
        default: #expect(color.red == color.green && color.green == color.blue)
        }
      }
    }
    let comparison = FrameComparison(before, canvas.frame, rule: rule)
    #expect(counts["changed"] == comparison.changedPixels)
    #expect(counts["changed"] == 16)
    #expect(counts["smoothed"] == comparison.smoothedPixels)
    #expect(counts["ignored"] == 81)
  }

  /// A dark disc on white whose edge is as grey as the part of each pixel it covers.
  private func disc(radius: Double) -> Frame {
    var canvas = Canvas(Frame(size: size, red: 255, green: 255, blue: 255))
    for y in 0..<200 {
      for x in 0..<300 {
        let (dx, dy) = (Double(x) - 150.2, Double(y) - 100.3)
        let cover = min(max(radius - (dx * dx + dy * dy).squareRoot() + 0.5, 0), 1)
        let level = UInt8(255 - 225 * cover)
        canvas.set(x: x, y: y, red: level, green: level, blue: level)
      }
    }
    return canvas.frame
  }
}
