import Pixels

/// The parts of a PNG file around its strips (PNG specification, RFC 1950, RFC 1951).
///
/// Each part is a multiple of 3 bytes long, so the base64 text of a file is the texts of its parts.
enum PNGFile {
  /// Signature, header, and a chunk with the header of the zlib stream.
  static func head(_ size: PixelSize) -> [UInt8] {
    // 8 bits, RGB, deflate, the usual filters, not interlaced.
    let header = bytes(UInt32(size.width)) + bytes(UInt32(size.height)) + [8, 2, 0, 0, 0]
    // A window of 32 KiB, fastest level; then two empty blocks for the length.
    let stream: [UInt8] = [0x78, 0x01] + emptyBlock + emptyBlock
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", header) + chunk("IDAT", stream)
  }

  /// The end of the zlib stream and of the file.
  static func tail(_ adler: Adler32) -> [UInt8] {
    chunk("IDAT", [1, 0, 0, 0xFF, 0xFF] + bytes(adler.value)) + chunk("IEND", [])
  }

  /// The file of all strips of a picture.
  static func join(_ size: PixelSize, _ strips: [PNGStrip]) -> [UInt8] {
    var adler = Adler32()
    var file = head(size)
    file.reserveCapacity(strips.reduce(128) { $0 + $1.chunk.count })
    for strip in strips {
      file.append(contentsOf: strip.chunk)
      adler.append(strip.adler)
    }
    file.append(contentsOf: tail(adler))
    return file
  }

  private static let emptyBlock: [UInt8] = [0, 0, 0, 0xFF, 0xFF]

  private static func chunk(_ name: StaticString, _ data: [UInt8]) -> [UInt8] {
    let body = name.withUTF8Buffer { Array($0) } + data
    return bytes(UInt32(data.count)) + body + bytes(StripEncoder.crc32(body))
  }

  private static func bytes(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
