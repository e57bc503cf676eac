import Pixels
import Props
import Testing

struct ModelSpaceTests {
  private static let sizes: [PixelSize] = [
    (640, 480), (800, 600), (1024, 768), (1280, 800), (1366, 768), (1920, 1080), (2560, 1440),
    (3840, 2160),
  ].map { PixelSize(clampingWidth: $0.0, height: $0.1) }

  @Test(arguments: sizes, ModelSpace.Unit.allCases)
  func `comes back to the same pixel`(screen: PixelSize, unit: ModelSpace.Unit) throws {
    var random = SeededRandom(seed: UInt64(screen.width))
    for order in ModelSpace.Order.allCases {
      for region in regions(of: screen) {
        let sent = PixelSize(
          clampingWidth: .random(in: 64...2000, using: &random),
          height: .random(in: 64...2000, using: &random))
        let space = ModelSpace(unit: unit, order: order, sent: sent, region: region, screen: screen)
        for _ in 0..<200 {
          let point = try #require(
            screen.point(
              x: .random(in: region.x..<region.maxX, using: &random),
              y: .random(in: region.y..<region.maxY, using: &random)))
          let (first, second) = space.numbers(for: point)
          #expect(try space.point(first, second) == point, "\(space) \(first) \(second)")
        }
      }
    }
  }

  @Test(arguments: sizes)
  func `takes whole pixel numbers as they are when the picture is not scaled`(screen: PixelSize)
    throws
  {
    let space = ModelSpace(sent: screen, screen: screen)
    for x in 0..<screen.width { #expect(try space.point(Double(x), 0).x == x) }
    for y in 0..<screen.height { #expect(try space.point(0, Double(y)).y == y) }
  }

  @Test(arguments: sizes)
  func `misses by half a step of the model's unit at most`(screen: PixelSize) throws {
    for unit in [ModelSpace.Unit.pixels, .thousandths] {
      let sent = PixelSize(clampingWidth: screen.width * 3 / 4, height: screen.height * 3 / 4)
      let space = ModelSpace(unit: unit, sent: sent, screen: screen)
      for x in stride(from: 0, to: screen.width, by: 7) {
        let point = try #require(screen.point(x: x, y: x * (screen.height - 1) / screen.width))
        let (across, down) = space.numbers(for: point)
        let back = try space.point(across.rounded(), down.rounded())
        let step = Double(screen.width) / space.extent.width
        #expect(Double(abs(back.x - x)) <= step / 2 + 0.5, "\(unit) \(x)")
      }
    }
  }

  @Test func `reads numbers in the order the model writes them`() throws {
    let screen = PixelSize(clampingWidth: 1000, height: 500)
    let downFirst = ModelSpace(unit: .thousandths, order: .yx, sent: screen, screen: screen)
    #expect(try downFirst.point(100, 900) == screen.point(x: 900, y: 50))
    let fractions = ModelSpace(unit: .fractions, sent: screen, screen: screen)
    #expect(try fractions.point(0.5, 0.999) == screen.point(x: 500, y: 499))
  }

  @Test func `brings a near miss to the edge and refuses a far one`() throws {
    let screen = PixelSize(clampingWidth: 1000, height: 500)
    let space = ModelSpace(sent: screen, screen: screen)
    #expect(try space.point(1000, 500) == screen.point(x: 999, y: 499))
    #expect(try space.point(1009, 504) == screen.point(x: 999, y: 499))
    #expect(try space.point(-9, -4) == screen.point(x: 0, y: 0))
    #expect(try space.point(-0.0, -0.0) == screen.point(x: 0, y: 0))
    for (x, y) in [(1011, 0), (0, 506), (-11, 0), (0, -6), (1e300, 0), (0, -1e300), (60_000, 5)]
      as [(Double, Double)]
    {
      #expect(throws: ModelSpace.Rejection.outside(width: 1000, height: 500)) {
        try space.point(x, y)
      }
    }
    for (x, y) in [(.nan, 0), (0, .infinity), (-.infinity, .nan)] as [(Double, Double)] {
      #expect(throws: ModelSpace.Rejection.notFinite) { try space.point(x, y) }
    }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `never leaves its region`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<200 {
      let screen = PixelSize(
        clampingWidth: .random(in: 1...4000, using: &random),
        height: .random(in: 1...4000, using: &random))
      let region = PixelRect(
        x: .random(in: -100...4000, using: &random), y: .random(in: -100...4000, using: &random),
        width: .random(in: -5...4000, using: &random),
        height: .random(in: -5...4000, using: &random))
      let space = ModelSpace(
        unit: .fractions, sent: PixelSize(clampingWidth: 1, height: 1), region: region,
        screen: screen)
      let point = try space.point(
        .random(in: -0.01...1.01, using: &random), .random(in: -0.01...1.01, using: &random))
      #expect(space.region.contains(x: point.x, y: point.y), "seed \(seed): \(space) \(point)")
      #expect(screen.bounds.intersection(space.region) == space.region)
    }
  }

  private func regions(of screen: PixelSize) -> [PixelRect] {
    [
      screen.bounds, PixelRect(x: 13, y: 7, width: 301, height: 203),
      PixelRect(x: screen.width - 97, y: screen.height - 89, width: 97, height: 89),
      PixelRect(x: 5, y: 5, width: 1, height: 1),
    ]
  }
}
