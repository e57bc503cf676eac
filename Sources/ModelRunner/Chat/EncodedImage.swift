internal import FoundationEssentials
public import Pixels

/// A picture as a PNG or JPEG file, with its base64 form made once.
///
/// Keep the value and send it again: the engine recognises a picture by the bytes of its file, so an
/// encoding made twice costs its prompt cache.
public struct EncodedImage: Hashable, Sendable {
  /// The file formats that every engine reads.
  public enum Format: String, Hashable, Sendable {
    /// Portable Network Graphics.
    case png = "image/png"
    /// JPEG.
    case jpeg = "image/jpeg"
  }

  /// The file.
  public let bytes: [UInt8]
  /// The format, known from the file's first bytes.
  public let format: Format
  /// The base64 text of the file, in parts.
  let base64: [[UInt8]]
  /// What stands for the picture where only its name is written; never sent.
  public let name: String

  /// A picture from a file's bytes; nil when they are neither PNG nor JPEG.
  public init?(_ bytes: [UInt8]) { self.init(bytes, base64Parts: []) }

  /// A picture from a file's bytes and their base64 text in parts, where somebody has made that already.
  ///
  /// A text of another length than the file's is not used. Nil for bytes that are neither PNG nor JPEG.
  public init?(_ bytes: [UInt8], base64Parts parts: [[UInt8]], name: String = "") {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      format = .png
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      format = .jpeg
    } else {
      return nil
    }
    self.bytes = bytes
    self.name = name
    let length = parts.reduce(0) { $0 + $1.count }
    base64 =
      length == (bytes.count + 2) / 3 * 4 ? parts : [[UInt8](Data(bytes).base64EncodedData())]
  }

  /// The length of the base64 text.
  var base64Count: Int { base64.reduce(0) { $0 + $1.count } }

  /// The picture's size, as the file's own header gives it; nil when the header is broken.
  public var size: PixelSize? {
    switch format {
    case .png: Self.pngSize(bytes)
    case .jpeg: Self.jpegSize(bytes)
    }
  }

  /// The media type, `image/png` or `image/jpeg`.
  var mime: String { format.rawValue }

  /// Equal when the files are.
  public static func == (left: EncodedImage, right: EncodedImage) -> Bool {
    left.bytes == right.bytes
  }

  /// Hashes the file.
  public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

extension EncodedImage {
  /// The header chunk comes first in every PNG: length, `IHDR`, width, height.
  private static func pngSize(_ bytes: [UInt8]) -> PixelSize? {
    guard bytes.count >= 24 else { return nil }
    func number(_ offset: Int) -> Int { bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
    return PixelSize(width: number(16), height: number(20))
  }

  /// Walks the segments to the first frame header (SOF0…SOF15 without DHT, JPG and DAC).
  private static func jpegSize(_ bytes: [UInt8]) -> PixelSize? {
    var offset = 2
    while offset + 9 < bytes.count, bytes[offset] == 0xFF {
      let marker = bytes[offset + 1]
      let length = Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3])
      if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
        return PixelSize(
          width: Int(bytes[offset + 7]) << 8 | Int(bytes[offset + 8]),
          height: Int(bytes[offset + 5]) << 8 | Int(bytes[offset + 6]))
      }
      guard length >= 2 else { return nil }
      offset += 2 + length
    }
    return nil
  }
}
