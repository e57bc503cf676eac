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

@Suite struct ZoomTests {
  private let frame = Frame(size: PixelSize(clampingWidth: 200, height: 120))

  @Test(arguments: [(200, 120), (31, 17), (400, 240), (93, 51), (1344, 768)])
  func `every point that is shown large enough comes back from its pixel`(
    width: Int, height: Int
  ) throws {
    let region = PixelRect(x: 40, y: 30, width: 31, height: 17)
    let zoom = try Zoom(frame, region: region, to: PixelSize(clampingWidth: width, height: height))
    for y in region.y..<region.maxY {
      for x in region.x..<region.maxX {
        let point = try #require(frame.size.point(x: x, y: y))
        let pixel = try #require(zoom.pixel(of: point))
        #expect(zoom.screenPoint(x: pixel.x, y: pixel.y) == point)
        for unit in ModelSpace.Unit.allCases {
          for order in ModelSpace.Order.allCases {
            let space = zoom.space(unit: unit, order: order)
            let numbers = space.numbers(for: point)
            #expect(try space.point(numbers.first, numbers.second) == point)
          }
        }
      }
    }
    #expect(zoom.pixel(of: try #require(frame.size.point(x: 39, y: 30))) == nil)
    #expect(zoom.screenPoint(x: width, y: 0) == nil)
    #expect(zoom.screenPoint(x: -1, y: 0) == nil)
  }

  @Test func `a picture made smaller leads into the part of the screen it shows`() throws {
    let region = PixelRect(x: 50, y: 20, width: 100, height: 90)
    let zoom = try Zoom(frame, region: region, to: PixelSize(clampingWidth: 33, height: 7))
    for y in 0..<7 {
      for x in 0..<33 {
        let point = try #require(zoom.screenPoint(x: x, y: y))
        #expect(region.contains(x: point.x, y: point.y))
        let back = try #require(zoom.pixel(of: point))
        #expect(back == (x, y))
      }
    }
  }

  @Test func `a part is enlarged by a whole number and keeps its pixels`() throws {
    let screen = try pattern(width: 200, height: 120)
    let zoom = try Zoom(screen, region: PixelRect(x: 170, y: 100, width: 60, height: 60))
    #expect(zoom.region == PixelRect(x: 170, y: 100, width: 30, height: 20))
    #expect(zoom.picture.size == PixelSize(width: 180, height: 120))
    for y in 0..<120 {
      for x in 0..<180 {
        let point = try #require(zoom.screenPoint(x: x, y: y))
        let (one, other) = (zoom.picture.color(x: x, y: y), screen.color(x: point.x, y: point.y))
        #expect(one?.red == other?.red && one?.green == other?.green && one?.blue == other?.blue)
      }
    }
    let speck = try Zoom(screen, region: PixelRect(x: 0, y: 0, width: 1, height: 1))
    #expect(speck.picture.size == PixelSize(width: 8, height: 8))
    #expect(try Zoom(screen, region: screen.size.bounds).picture.pixels == screen.pixels)
  }

  @Test func `a part outside of the screen is refused by name`() {
    let error = #expect(throws: ImagingError.self) {
      try Zoom(frame, region: PixelRect(x: 200, y: 0, width: 5, height: 5))
    }
    #expect(error?.description == "the region 200,0 5x5 is not on a picture of 200x120")
  }
}
