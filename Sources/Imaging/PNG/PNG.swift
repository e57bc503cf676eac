import CPNG
public import Pixels

/// Lossless pictures: what the model is shown, what a report keeps, what a needle is stored as.
public enum PNG {
  /// The most pixels a picture from outside may have unless the caller says otherwise.
  public static let defaultLimit = 64 << 20

  /// Encodes a frame as an 8-bit RGB PNG.
  ///
  /// Fastest level and no filter: on screens of programs this is both the fastest and close to the
  /// smallest. Takes about 2 ms for 1920x1080 on the caller's thread. `PNGStrips` is for a screen that is
  /// encoded again and again.
  ///
  /// - Throws: `encoder` when there is no memory.
  public static func encode(_ frame: Frame) throws(ImagingError) -> [UInt8] {
    let encoder = try StripEncoder(width: frame.size.width)
    var strips: [PNGStrip] = []
    for rows in StripEncoder.ranges(height: frame.size.height) {
      strips.append(try encoder.strip(frame, rows: rows))
    }
    return PNGFile.join(frame.size, strips)
  }

  /// Reads the size from a PNG's header, without reading the picture.
  ///
  /// - Throws: `malformed` when the bytes do not start like a PNG; `tooLarge` when a side is longer
  ///   than `PixelSize.limit`.
  public static func size(of bytes: [UInt8]) throws(ImagingError) -> PixelSize {
    // Signature, then length and name of the first chunk, which must be IHDR.
    let start: [UInt8] = [
      0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52,
    ]
    guard bytes.count >= 33, bytes.starts(with: start) else {
      throw ImagingError(.malformed, "these \(bytes.count) bytes are no PNG")
    }
    let width = number(bytes, at: 16)
    let height = number(bytes, at: 20)
    guard let size = PixelSize(width: width, height: height) else {
      throw ImagingError(
        width == 0 || height == 0 ? .malformed : .tooLarge,
        "a PNG of \(width)x\(height) pixels; a side may be 1 to \(PixelSize.limit)")
    }
    return size
  }

  /// Reads a PNG of any colour type; transparent pixels are laid over white.
  ///
  /// Safe for hostile bytes: the header is checked against `limit` before memory is taken, and a
  /// damaged or cut picture is an error, never a partial frame.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - limit: the most pixels accepted.
  ///   - sequence: the number the frame gets.
  public static func decode(
    _ bytes: [UInt8], limit: Int = defaultLimit, sequence: UInt64 = 0
  ) throws(ImagingError) -> Frame {
    try decode(bytes, limit: limit, keepsAlpha: false, sequence: sequence)
  }

  /// The same, where a frame's fourth byte may be the opacity.
  static func decode(
    _ bytes: [UInt8], limit: Int, keepsAlpha: Bool, sequence: UInt64 = 0
  ) throws(ImagingError) -> Frame {
    let size = try size(of: bytes)
    guard size.area <= limit else {
      throw ImagingError(.tooLarge, "a PNG of \(size) pixels; at most \(limit) are accepted")
    }
    var message = [CChar](repeating: 0, count: 160)
    var status: CInt = -1
    let pixels = [UInt8](unsafeUninitializedCapacity: size.area * 4) { buffer, count in
      guard let target = buffer.baseAddress else { return }
      buffer.initialize(repeating: 0)
      count = size.area * 4
      status = bytes.withUnsafeBufferPointer { source in
        guard let source = source.baseAddress else { return -1 }
        return qa_png_decode(
          source, bytes.count, UInt32(size.width), UInt32(size.height), keepsAlpha ? 1 : 0,
          target, &message, message.count)
      }
    }
    guard status == 0, let frame = Frame(size: size, pixels: pixels, sequence: sequence) else {
      throw ImagingError(.malformed, "cannot read a PNG of \(size): \(text(message))")
    }
    return frame
  }

  private static func number(_ bytes: [UInt8], at offset: Int) -> Int {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
  }

  private static func text(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
