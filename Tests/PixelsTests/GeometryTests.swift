import FoundationEssentials
import Pixels
import Props
import Testing

struct GeometryTests {
  @Test func `accepts only sizes within the limit`() {
    #expect(PixelSize(width: 1, height: PixelSize.limit) != nil)
    for (width, height) in [(0, 1), (1, 0), (-1, 5), (PixelSize.limit + 1, 1), (.max, .max)] {
      #expect(PixelSize(width: width, height: height) == nil)
      let clamped = PixelSize(clampingWidth: width, height: height)
      #expect(PixelSize(width: clamped.width, height: clamped.height) == clamped)
    }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `intersects and unites as sets of pixels do`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<100 {
      let (a, b) = (rect(&random), rect(&random))
      let (both, either) = (a.intersection(b), a.union(b))
      for y in -6..<12 {
        for x in -6..<12 {
          let (inA, inB) = (a.contains(x: x, y: y), b.contains(x: x, y: y))
          #expect(both.contains(x: x, y: y) == (inA && inB), "seed \(seed): \(a) and \(b)")
          if inA || inB { #expect(either.contains(x: x, y: y), "seed \(seed): \(a) and \(b)") }
        }
      }
      #expect(a.intersects(b) == !both.isEmpty)
      #expect(both == b.intersection(a) || both.isEmpty)
      if !a.isEmpty {
        #expect(a.union(a) == a)
        #expect(a.intersection(a) == a)
        #expect(a.contains(x: a.center.x, y: a.center.y))
      }
      #expect(a.insetBy(-3).insetBy(3) == a)
      #expect((a.area == 0) == a.isEmpty)
    }
  }

  @Test func `shrinks by a margin and grows by a negative one`() {
    let rect = PixelRect(x: 10, y: 10, width: 20, height: 8)
    #expect(rect.insetBy(2) == PixelRect(x: 12, y: 12, width: 16, height: 4))
    #expect(rect.insetBy(-2) == PixelRect(x: 8, y: 8, width: 24, height: 12))
    #expect(rect.insetBy(4).isEmpty)
  }

  @Test func `makes points only on the screen`() throws {
    let screen = try #require(PixelSize(width: 10, height: 5))
    #expect(screen.point(x: 9, y: 4)?.description == "9,4")
    for (x, y) in [(10, 0), (0, 5), (-1, 0), (0, -1), (.max, .max), (.min, 0)] {
      #expect(screen.point(x: x, y: y) == nil)
    }
    #expect(
      screen.center(of: PixelRect(x: 8, y: 0, width: 100, height: 1)) == screen.point(x: 9, y: 0))
    #expect(screen.center(of: PixelRect(x: 10, y: 0, width: 5, height: 5)) == nil)
    #expect(screen.center(of: PixelRect(x: 3, y: 3, width: 0, height: 9)) == nil)
    #expect(screen.center == screen.point(x: 5, y: 2))
  }

  @Test func `decodes what it encoded`() throws {
    let size = PixelSize(clampingWidth: 1280, height: 800)
    let rect = PixelRect(x: -5, y: 0, width: 1 << 20, height: 3)
    #expect(try again(size) == size)
    #expect(try again(rect) == rect)
    #expect(try again(size.center) == size.center)
    let space = ModelSpace(
      unit: .thousandths, order: .yx, sent: size,
      region: PixelRect(x: 1, y: 2, width: 30, height: 4),
      screen: size)
    #expect(try again(space) == space)
  }

  @Test(arguments: [
    #"{"width":0,"height":1}"#, #"{"width":16385,"height":1}"#, #"{"width":-1,"height":-1}"#,
    #"{"width":9223372036854775807,"height":9223372036854775807}"#, #"{"width":1.5,"height":1}"#,
  ])
  func `refuses to decode an impossible size`(text: String) {
    #expect(throws: DecodingError.self) { try decode(PixelSize.self, text) }
  }

  @Test(arguments: [
    #"{"x":9223372036854775807,"y":0,"width":1,"height":1}"#,
    #"{"x":0,"y":-9223372036854775808,"width":1,"height":1}"#,
    #"{"x":0,"y":0,"width":1048577,"height":1}"#, #"{"x":0,"y":0,"width":1,"height":-1048577}"#,
  ])
  func `refuses to decode a rectangle that would overflow`(text: String) {
    #expect(throws: DecodingError.self) { try decode(PixelRect.self, text) }
  }

  @Test(arguments: [#"{"x":-1,"y":0}"#, #"{"x":16384,"y":0}"#, #"{"x":0,"y":9223372036854775807}"#])
  func `refuses to decode a point on no screen`(text: String) {
    #expect(throws: DecodingError.self) { try decode(ScreenPoint.self, text) }
  }

  @Test func `cuts the region of a decoded space to its screen`() throws {
    let text = """
      {"unit":"pixels","order":"xy","sent":{"width":10,"height":10},
       "region":{"x":5,"y":5,"width":1000000,"height":1},"screen":{"width":20,"height":20}}
      """
    let space = try decode(ModelSpace.self, text)
    #expect(space.region == PixelRect(x: 5, y: 5, width: 15, height: 1))
  }

  private func rect(_ random: inout SeededRandom) -> PixelRect {
    PixelRect(
      x: .random(in: -5...5, using: &random), y: .random(in: -5...5, using: &random),
      width: .random(in: -1...6, using: &random), height: .random(in: -1...6, using: &random))
  }

  private func again<Value: Codable>(_ value: Value) throws -> Value {
    try JSONDecoder().decode(Value.self, from: try JSONEncoder().encode(value))
  }

  private func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }
}
