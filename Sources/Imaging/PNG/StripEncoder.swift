import CISAL
import Pixels

/// Some rows of a picture, deflated by themselves, as one chunk of a PNG.
struct PNGStrip: Sendable {
  /// The whole IDAT chunk; its length is a multiple of 3, so its base64 text does not depend on its place.
  let chunk: [UInt8]
  /// The Adler-32 of the rows as they are before deflating.
  let adler: Adler32
}

/// Makes strips; one for each call of an encoder, never shared.
struct StripEncoder: ~Copyable {
  /// Rows in a strip: few enough that a small change costs little, many enough to deflate well.
  static let rows = 16

  private let encoder: OpaquePointer
  private let width: Int

  /// - Throws: `encoder` without memory.
  init(width: Int) throws(ImagingError) {
    guard let encoder = qa_isal_encoder_new(UInt32(width), UInt32(Self.rows)) else {
      throw ImagingError(.encoder, "no memory to encode a picture \(width) pixels wide")
    }
    self.encoder = encoder
    self.width = width
  }

  deinit { qa_isal_encoder_free(encoder) }

  /// Encodes some rows of a frame.
  func strip(_ frame: Frame, rows: Range<Int>) throws(ImagingError) -> PNGStrip {
    var chunk: UnsafePointer<UInt8>?
    var count = 0
    var adler: UInt32 = 0
    let status = frame.pixels.withUnsafeBufferPointer { pixels in
      guard let start = pixels.baseAddress else { return CInt(-1) }
      return qa_isal_encode_strip(
        encoder, start + rows.lowerBound * frame.stride, UInt32(rows.count), frame.stride, &chunk,
        &count, &adler)
    }
    guard status == 0, let chunk else {
      throw ImagingError(.encoder, "cannot deflate rows \(rows) of a picture of \(frame.size)")
    }
    return PNGStrip(
      chunk: [UInt8](UnsafeBufferPointer(start: chunk, count: count)),
      adler: Adler32(value: adler, count: rows.count * (1 + 3 * width)))
  }

  /// The rows of each strip of a picture of so many rows.
  static func ranges(height: Int) -> [Range<Int>] {
    stride(from: 0, to: height, by: rows).map { $0..<min($0 + rows, height) }
  }

  /// The CRC-32 of a chunk's name and data.
  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { qa_isal_crc32($0, buffer.count) } ?? 0
    }
  }
}
