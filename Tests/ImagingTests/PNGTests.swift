import FoundationEssentials
import Imaging
import Pixels
import Testing

@Suite struct PNGTests {
  @Test func `a frame survives encoding and decoding`() throws {
    let frame = try pattern(width: 61, height: 43)
    let decoded = try PNG.decode(try PNG.encode(frame), sequence: 7)
    #expect(decoded.size == frame.size)
    #expect(decoded.pixels == frame.pixels)
    #expect(decoded.sequence == 7)
  }

  @Test func `the unused byte of a pixel never reaches the picture`() throws {
    let size = try #require(PixelSize(width: 2, height: 1))
    let dirty = try #require(Frame(size: size, pixels: [1, 2, 3, 99, 4, 5, 6, 98]))
    let clean = try #require(Frame(size: size, pixels: [1, 2, 3, 0, 4, 5, 6, 0]))
    #expect(try PNG.encode(dirty) == PNG.encode(clean))
  }

  @Test(arguments: [
    // Four colours of two bits; red, green, blue are the first three.
    (
      "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABAgMAAABmjvwnAAAACVBMVEX/AAAA/wAAAP8tSs2KAAAACklEQVR42mOQ"
        + "AAAAGgAZgACOuwAAAABJRU5ErkJggg==",
      [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0] as [UInt8]
    ),
    // Opaque red, transparent, half transparent black.
    (
      "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABCAYAAAAb4BS0AAAAE0lEQVR42mP4z8Dwn5GJmQEIGgAVoAKFPfgYwQAAAABJ"
        + "RU5ErkJggg==",
      [0, 0, 255, 0, 255, 255, 255, 0, 127, 127, 127, 0]
    ),
    // Grey of sixteen bits: half and full.
    (
      "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAAAAACB2fwVAAAADUlEQVR42mNoYPj/HwAFAgJ/yQDWdQAAAABJRU5ErkJg"
        + "gg==",
      [128, 128, 128, 0, 255, 255, 255, 0]
    ),
    // Interlaced.
    (
      "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAGK06rlAAAAF0lEQVR4nGNgZGJmYGFlY2Dn4OTi5gEAAZYAT5C0q3AA"
        + "AAAASUVORK5CYII=",
      [3, 2, 1, 0, 6, 5, 4, 0, 9, 8, 7, 0, 12, 11, 10, 0]
    ),
  ])
  func `every kind of PNG becomes the same kind of frame`(
    text: String, pixels: [UInt8]
  ) throws {
    let file = try #require(Data(base64Encoded: text))
    #expect(try PNG.decode([UInt8](file)).pixels == pixels)
  }

  @Test func `bytes that are no PNG are refused`() {
    #expect(throws: ImagingError.self) { try PNG.decode([]) }
    #expect(throws: ImagingError.self) { try PNG.decode(Array("GIF89a".utf8)) }
    #expect(throws: ImagingError.self) { try PNG.decode([UInt8](repeating: 0x89, count: 64)) }
  }

  @Test func `a picture cut short anywhere is an error and never a partial frame`() throws {
    let file = try PNG.encode(try pattern(width: 40, height: 40))
    for length in stride(from: 0, to: file.count, by: 97) {
      let error = #expect(throws: ImagingError.self) {
        try PNG.decode(Array(file.prefix(length)))
      }
      #expect(error?.code == .malformed)
    }
  }

  @Test func `a damaged picture is an error`() throws {
    var file = try PNG.encode(try pattern(width: 40, height: 40))
    file[file.count / 2] ^= 0x55
    #expect(throws: ImagingError.self) { try PNG.decode(file) }
  }

  @Test func `a header that promises too much is refused before memory is taken`() throws {
    var file = try PNG.encode(try pattern(width: 4, height: 4))
    file.replaceSubrange(16..<24, with: [0, 0, 0x40, 0, 0, 0, 0x40, 0])
    let large = #expect(throws: ImagingError.self) { try PNG.decode(file) }
    #expect(large?.code == .tooLarge)
    file.replaceSubrange(16..<20, with: [0x7F, 0xFF, 0xFF, 0xFF])
    let huge = #expect(throws: ImagingError.self) { try PNG.decode(file) }
    #expect(huge?.code == .tooLarge)
    file.replaceSubrange(16..<20, with: [0, 0, 0, 0])
    let empty = #expect(throws: ImagingError.self) { try PNG.decode(file) }
    #expect(empty?.code == .malformed)
  }

  @Test func `the limit on pixels is the caller's`() throws {
    let file = try PNG.encode(try pattern(width: 10, height: 10))
    let error = #expect(throws: ImagingError.self) { try PNG.decode(file, limit: 99) }
    #expect(error?.description == "a PNG of 10x10 pixels; at most 99 are accepted")
    #expect(try PNG.decode(file, limit: 100).size.area == 100)
  }
}

/// A frame in which every pixel is different from its neighbours.
func pattern(width: Int, height: Int) throws -> Frame {
  let size = try #require(PixelSize(width: width, height: height))
  var pixels: [UInt8] = []
  for index in 0..<size.area {
    pixels += [
      UInt8(truncatingIfNeeded: index &* 7), UInt8(truncatingIfNeeded: index &* 13),
      UInt8(truncatingIfNeeded: index / width &* 31), 0,
    ]
  }
  return try #require(Frame(size: size, pixels: pixels))
}
