import Pixels
import Testing

struct PixelFrameTests {
  @Test func `takes as many bytes as its size needs and no others`() {
    let size = PixelSize(clampingWidth: 3, height: 2)
    #expect(Frame(size: size, pixels: [UInt8](repeating: 0, count: 24)) != nil)
    #expect(Frame(size: size, pixels: [UInt8](repeating: 0, count: 23)) == nil)
    #expect(Frame(size: size, pixels: []) == nil)
  }

  @Test func `knows the colour of each pixel and of none outside`() throws {
    let frame = Frame(size: PixelSize(clampingWidth: 3, height: 2), red: 1, green: 2, blue: 3)
    let color = try #require(frame.color(x: 2, y: 1))
    #expect(color == (1, 2, 3))
    #expect(frame.pixels.prefix(4) == [3, 2, 1, 0])
    #expect(frame.stride == 12)
    for (x, y) in [(3, 0), (0, 2), (-1, 0), (0, -1), (.max, .max)] {
      #expect(frame.color(x: x, y: y) == nil)
    }
  }
}
