import Glibc
public import Pixels

/// Encodes one screen again and again, each time only the strips of rows that changed.
///
/// Keeps the last frame and its encoded strips, with their base64 text if that is wanted: about as much memory
/// as the frame and two of its files. One of these for each screen and size that is sent; it is a value, and a copy
/// goes on by itself.
public struct PNGStrips: Sendable {
  private struct Strip: Sendable {
    let strip: PNGStrip
    let base64: [UInt8]
  }

  private let makesText: Bool
  private var frame: Frame?
  private var strips: [Strip] = []
  private var picture: PNGPicture?

  /// An encoder that has seen nothing.
  ///
  /// - Parameter makesText: whether the base64 text of its pictures is wanted; without, they have none.
  public init(makesText: Bool = true) { self.makesText = makesText }

  /// Encodes a frame as an 8-bit RGB PNG.
  ///
  /// The file depends on the pixels alone, not on what was encoded before. A frame that shares its memory
  /// with the last one, as frames of one update do, costs nothing; without damage, the comparison of equal
  /// frames in other memory costs about 0.2 ms for 1920x1080.
  ///
  /// - Parameters:
  ///   - frame: the frame.
  ///   - damage: rectangles that hold every pixel in which it differs from the last frame; nil compares
  ///     all of it. Rectangles that leave out a change make a picture that is wrong there.
  /// - Throws: `encoder` when there is no memory.
  public mutating func encode(
    _ frame: Frame, damage: [PixelRect]? = nil
  ) throws(ImagingError) -> PNGPicture {
    if let picture, let last = self.frame, last.sharesPixels(with: frame) { return picture }
    let ranges = StripEncoder.ranges(height: frame.size.height)
    let changed = changedStrips(ranges, of: frame, damage: damage)
    if changed.isEmpty, let picture {
      self.frame = frame
      return picture
    }
    var next = self.frame?.size == frame.size ? strips : []
    let encoder = try StripEncoder(width: frame.size.width)
    for index in changed {
      let strip = try encoder.strip(frame, x: 0, rows: ranges[index])
      var base64: [UInt8] = []
      if makesText { Base64.append(strip.chunk, to: &base64) }
      let made = Strip(strip: strip, base64: base64)
      if index < next.count { next[index] = made } else { next.append(made) }
    }
    let made = PNGPicture(
      size: frame.size, strips: next.map(\.strip),
      texts: makesText ? next.map(\.base64) : nil, encodedStrips: changed.count)
    self.frame = frame
    strips = next
    picture = made.unchanged
    return made
  }

  /// The strips whose pixels are not those of the last frame; all when there is none to compare with.
  private func changedStrips(
    _ ranges: [Range<Int>], of frame: Frame, damage: [PixelRect]?
  ) -> [Int] {
    guard let last = self.frame, last.size == frame.size else { return Array(ranges.indices) }
    let bounds = frame.size.bounds
    let suspects: [Int]
    if let damage {
      let visible = damage.map { bounds.intersection($0) }.filter { !$0.isEmpty }
      suspects = ranges.indices.filter { index in
        visible.contains { $0.y < ranges[index].upperBound && ranges[index].lowerBound < $0.maxY }
      }
    } else {
      suspects = Array(ranges.indices)
    }
    if suspects.isEmpty { return [] }
    return last.pixels.withUnsafeBytes { old in
      frame.pixels.withUnsafeBytes { new in
        guard let old = old.baseAddress, let new = new.baseAddress else { return suspects }
        return suspects.filter { index in
          let start = ranges[index].lowerBound * frame.stride
          return memcmp(old + start, new + start, ranges[index].count * frame.stride) != 0
        }
      }
    }
  }
}

/// A picture as a PNG file, with its base64 text in parts that are made once.
public struct PNGPicture: Sendable {
  /// The size.
  public let size: PixelSize
  /// The file.
  public let bytes: [UInt8]
  /// How many strips had to be encoded for it; 0 when the picture before was the same.
  public private(set) var encodedStrips: Int
  /// How many strips it has.
  public let stripCount: Int
  /// The file's base64 text (RFC 4648, one line) in parts, which pictures share as far as they are the same;
  /// empty when the encoder was told to make none.
  public let base64Parts: [[UInt8]]

  init(size: PixelSize, strips: [PNGStrip], texts: [[UInt8]]?, encodedStrips: Int) {
    self.size = size
    self.encodedStrips = encodedStrips
    stripCount = strips.count
    bytes = PNGFile.join(size, strips)
    guard let texts else {
      base64Parts = []
      return
    }
    var head: [UInt8] = []
    Base64.append(PNGFile.head(size), to: &head)
    // The last chunks: 9 bytes of data, none, and 12 around each.
    var tail: [UInt8] = []
    Base64.append(Array(bytes.suffix(33)), to: &tail)
    base64Parts = [head] + texts + [tail]
  }

  /// The same picture, of which nothing had to be encoded.
  var unchanged: PNGPicture {
    var copy = self
    copy.encodedStrips = 0
    return copy
  }

  /// The length of the file's base64 text.
  public var base64Count: Int { bytes.count / 3 * 4 }

  /// Appends the file's base64 text to a request that is being put together.
  ///
  /// Copies what is kept; nothing is encoded.
  public func appendBase64(to output: inout [UInt8]) {
    for text in base64Parts { output.append(contentsOf: text) }
  }
}
