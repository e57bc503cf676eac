import FoundationEssentials
import Pixels
import Props
import Testing

struct ImageRuleTests {
  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func `keeps to its own limits`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<200 {
      let rule = ImageRule(
        factor: [1, 14, 16, 28, 32].randomElement(using: &random) ?? 1,
        maximumArea: .random(in: 10_000...4_000_000, using: &random),
        longEdge: .random(in: 64...4000, using: &random))
      let screen = PixelSize(
        clampingWidth: .random(in: 64...4000, using: &random),
        height: .random(in: 64...4000, using: &random))
      let size = rule.size(for: screen)
      #expect(size.width % rule.factor == 0 && size.height % rule.factor == 0, "seed \(seed)")
      #expect(size.area <= rule.maximumArea, "seed \(seed): \(rule) \(screen) \(size)")
      #expect(max(size.width, size.height) <= rule.longEdge, "seed \(seed): \(rule) \(screen)")
      #expect(
        size.width <= screen.width + rule.factor / 2, "seed \(seed): \(rule) \(screen) \(size)")
      #expect(size.height <= screen.height + rule.factor / 2, "seed \(seed): \(rule) \(screen)")
    }
  }

  @Test func `sends a screen that fits as it is`() {
    let rule = ImageRule(factor: 1, maximumArea: 1_300_000, longEdge: 1568)
    let screen = PixelSize(clampingWidth: 1280, height: 800)
    #expect(rule.size(for: screen) == screen)
    #expect(rule.size(for: PixelSize(clampingWidth: 3840, height: 2160)).width == 1520)
    #expect(ImageRule(fixed: screen).size(for: PixelSize(clampingWidth: 7, height: 7)) == screen)
  }

  @Test func `enlarges a small part, but not past the long edge`() {
    let rule = ImageRule(factor: 28, minimumArea: 200_000, maximumArea: 1_000_000, longEdge: 1000)
    #expect(rule.size(for: PixelSize(clampingWidth: 100, height: 100)).area >= 190_000)
    #expect(rule.size(for: PixelSize(clampingWidth: 1000, height: 10)).width <= 1000)
  }

  @Test(
    arguments: [
      (0, 0, 0), (-1, -1, -1), (.max, .max, .max), (.min, .min, .min), (28, .max, 1), (1, 1, .max),
    ] as [(Int, Int, Int)])
  func `stands any numbers, also decoded ones`(factor: Int, area: Int, edge: Int) throws {
    let rule = ImageRule(factor: factor, minimumArea: area, maximumArea: area, longEdge: edge)
    let text = """
      {"factor":\(factor),"minimumArea":\(area),"maximumArea":\(area),"longEdge":\(edge)}
      """
    let decoded = try JSONDecoder().decode(ImageRule.self, from: Data(text.utf8))
    #expect(decoded == rule)
    for (width, height) in [
      (1, 1), (1, PixelSize.limit), (PixelSize.limit, PixelSize.limit), (640, 480),
    ] {
      let size = rule.size(for: PixelSize(clampingWidth: width, height: height))
      #expect(size.width >= 1 && size.height >= 1)
    }
  }
}
