import Imaging
import Pixels
import Testing

@Suite struct ChangedCropsTests {
  private let screen = PixelSize(clampingWidth: 1920, height: 1080)

  @Test func `a change is shown with what is around it`() {
    let crops = ChangedCrops(margin: 10)
    let far = PixelRect(x: 1900, y: 1070, width: 50, height: 50)
    #expect(
      crops.regions(
        around: [far, PixelRect(x: 5, y: 100, width: 20, height: 20)], on: screen) == [
          PixelRect(x: 0, y: 90, width: 35, height: 40),
          PixelRect(x: 1890, y: 1060, width: 30, height: 20),
        ])
  }

  @Test func `nothing changed, nothing is shown`() {
    #expect(ChangedCrops().regions(around: [], on: screen) == [])
    let outside = PixelRect(x: 5000, y: 0, width: 9, height: 9)
    let empty = PixelRect(x: 10, y: 10, width: 0, height: 5)
    #expect(ChangedCrops().regions(around: [outside, empty], on: screen) == [])
  }

  @Test func `too large a change is no crop`() {
    let rect = PixelRect(x: 100, y: 100, width: 100, height: 100)
    #expect(ChangedCrops(area: 10_000, margin: 0).regions(around: [rect], on: screen) == [rect])
    #expect(ChangedCrops(area: 9_999, margin: 0).regions(around: [rect], on: screen) == nil)
  }

  @Test func `what lies close is joined first`() {
    let rects = [(0, 0), (30, 0), (900, 500)].map {
      PixelRect(x: $0.0, y: $0.1, width: 20, height: 20)
    }
    let regions = ChangedCrops(count: 2, margin: 0).regions(around: rects.reversed(), on: screen)
    #expect(regions == [PixelRect(x: 0, y: 0, width: 50, height: 20), rects[2]])
  }

  @Test func `whatever changes, all of it is shown, within bounds and never twice`() throws {
    var random = SeededRandom(seed: 17)
    for round in 0..<60 {
      let crops = ChangedCrops(count: round % 5 + 1, area: 1 << 40, margin: round % 30)
      let damage = (0..<Int.random(in: 0...(round == 0 ? 700 : 40), using: &random)).map { _ in
        PixelRect(
          x: .random(in: -50...1950, using: &random), y: .random(in: -50...1100, using: &random),
          width: .random(in: 0...120, using: &random), height: .random(in: 0...60, using: &random))
      }
      let regions = try #require(crops.regions(around: damage, on: screen))
      #expect(regions.count <= crops.count)
      for (index, region) in regions.enumerated() {
        #expect(screen.bounds.intersection(region) == region)
        #expect(!regions.dropFirst(index + 1).contains { $0.intersects(region) })
      }
      for rect in damage.map({ screen.bounds.intersection($0) }) where !rect.isEmpty {
        #expect(regions.contains { $0.intersection(rect) == rect })
      }
    }
  }
}
