import FoundationEssentials
import Pixels
import Testing

@testable import Imaging

@Suite struct PNGStripsTests {
  @Test(arguments: [
    (1, 1), (1, 40), (40, 1), (2, 16), (3, 15), (5, 17), (61, 43), (1023, 33), (3840, 2160),
    (16_384, 2), (1, 16_384),
  ])
  func `a picture of any size is read back exactly`(width: Int, height: Int) throws {
    let frame = try pattern(width: width, height: height)
    var strips = PNGStrips()
    let picture = try strips.encode(frame)
    #expect(picture.stripCount == (height + 15) / 16)
    #expect(try PNG.decode(picture.bytes).pixels == frame.pixels)
    #expect(try PNG.encode(frame) == picture.bytes)
  }

  @Test func `whatever changes, the file is the one a fresh encoder makes`() throws {
    var random = SeededRandom(seed: 11)
    var canvas = Canvas(Frame(size: PixelSize(clampingWidth: 127, height: 115), red: 200))
    var strips = PNGStrips()
    _ = try strips.encode(canvas.frame)
    for _ in 0..<60 {
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        let rect = PixelRect(
          x: .random(in: -5...120, using: &random), y: .random(in: -5...110, using: &random),
          width: .random(in: 0...60, using: &random), height: .random(in: 0...40, using: &random))
        canvas.fillNoise(rect, using: &random)
      }
      let picture = try strips.encode(canvas.frame)
      #expect(try picture.bytes == PNG.encode(canvas.frame))
      #expect(try PNG.decode(picture.bytes).pixels == canvas.frame.pixels)
      expectTexts(of: picture)
    }
  }

  @Test func `noise, which does not deflate, is read back exactly`() throws {
    var random = SeededRandom(seed: 5)
    var canvas = Canvas(Frame(size: PixelSize(clampingWidth: 700, height: 90)))
    canvas.fillNoise(canvas.frame.size.bounds, using: &random)
    #expect(try PNG.decode(PNG.encode(canvas.frame)).pixels == canvas.frame.pixels)
  }

  @Test func `only strips that changed are encoded again`() throws {
    var canvas = Canvas(try pattern(width: 50, height: 100))
    var strips = PNGStrips()
    #expect(try strips.encode(canvas.frame).encodedStrips == 7)
    #expect(try strips.encode(canvas.frame).encodedStrips == 0)
    canvas.set(x: 3, y: 40, red: 1, green: 2, blue: 3)
    #expect(try strips.encode(canvas.frame).encodedStrips == 1)
    canvas.set(x: 3, y: 15, red: 1, green: 2, blue: 3)
    canvas.set(x: 3, y: 16, red: 1, green: 2, blue: 3)
    #expect(try strips.encode(canvas.frame).encodedStrips == 2)
  }

  @Test func `an encoder without text makes the same files`() throws {
    var canvas = Canvas(try pattern(width: 50, height: 100))
    var strips = PNGStrips(makesText: false)
    for x in 0..<3 {
      let picture = try strips.encode(canvas.frame)
      #expect(try picture.bytes == PNG.encode(canvas.frame))
      #expect(picture.base64Parts.isEmpty)
      #expect(picture.stripCount == 7)
      canvas.set(x: x, y: 40, red: 1, green: 2, blue: 3)
    }
  }

  @Test func `frames of the same memory are the same picture`() throws {
    let frame = try pattern(width: 50, height: 100)
    let later = try #require(Frame(size: frame.size, pixels: frame.pixels, sequence: 9))
    #expect(frame.sharesPixels(with: later))
    var copy = Canvas(frame)
    copy.set(x: 0, y: 0, red: 1, green: 2, blue: 3)
    #expect(!frame.sharesPixels(with: copy.frame))
    var strips = PNGStrips()
    let first = try strips.encode(frame)
    let same = try strips.encode(later)
    #expect(same.encodedStrips == 0)
    #expect(same.base64Parts == first.base64Parts)
  }

  @Test func `equal pixels in other memory encode nothing`() throws {
    let frame = try pattern(width: 50, height: 100)
    var strips = PNGStrips()
    let first = try strips.encode(frame)
    let same = try strips.encode(Canvas(frame).frame)
    #expect(same.encodedStrips == 0)
    #expect(same.bytes == first.bytes)
  }

  @Test func `a frame of another size starts afresh`() throws {
    var strips = PNGStrips()
    _ = try strips.encode(try pattern(width: 50, height: 100))
    let frame = try pattern(width: 50, height: 60)
    let picture = try strips.encode(frame)
    #expect(picture.size == frame.size)
    #expect(try picture.bytes == PNG.encode(frame))
  }

  @Test func `a copy goes on by itself`() throws {
    var canvas = Canvas(try pattern(width: 20, height: 40))
    var strips = PNGStrips()
    _ = try strips.encode(canvas.frame)
    var copy = strips
    let before = canvas.frame
    canvas.set(x: 1, y: 1, red: 9, green: 9, blue: 9)
    _ = try copy.encode(canvas.frame)
    #expect(try strips.encode(before).encodedStrips == 0)
    #expect(try PNG.decode(copy.encode(canvas.frame).bytes).pixels == canvas.frame.pixels)
  }

  /// libpng forgives a wrong checksum of the pixels; other readers do not.
  @Test func `the checksum at the end is that of the rows`() throws {
    let frame = try pattern(width: 301, height: 77)
    let file = try PNG.encode(frame)
    var low = 1
    var high = 0
    func add(_ byte: UInt8) {
      low = (low + Int(byte)) % 65_521
      high = (high + low) % 65_521
    }
    for y in 0..<77 {
      add(0)
      for x in 0..<301 {
        let at = (y * 301 + x) * 4
        add(frame.pixels[at + 2])
        add(frame.pixels[at + 1])
        add(frame.pixels[at])
      }
    }
    let stated = file[(file.count - 20)..<(file.count - 16)].reduce(0) { $0 << 8 | Int($1) }
    #expect(stated == high << 16 | low)
  }

  private func expectTexts(of picture: PNGPicture) {
    let text = Array(picture.base64Parts.joined())
    #expect(text == Array(Data(picture.bytes).base64EncodedString().utf8))
  }
}
