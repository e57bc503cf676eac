internal import Digests
internal import Glibc
internal import Pixels

/// Digests of the pixels of frames that follow each other: what did not change is not read again.
struct FrameIdentity: Sendable {
  /// Rows that have a digest together.
  private static let rows = 16

  private var last: Frame?
  private var strips: [SHA256] = []

  /// A digest of all pixels of a frame and of its size, in lower-case hexadecimal: the same for the same picture,
  /// whether or not it is kept.
  mutating func digest(of frame: Frame) -> String {
    let isComparable = last?.size == frame.size && last?.stride == frame.stride
    strips = (0..<(frame.size.height + Self.rows - 1) / Self.rows).map { number in
      let range = Self.range(number, of: frame)
      if isComparable, let last, Self.areEqual(last.pixels, frame.pixels, in: range) {
        return strips[number]
      }
      return SHA256(of: Array(frame.pixels[range]))
    }
    last = frame
    return SHA256(of: strips.flatMap(\.bytes) + Array(frame.size.description.utf8)).description
  }

  private static func range(_ strip: Int, of frame: Frame) -> Range<Int> {
    let end = min((strip + 1) * rows, frame.size.height)
    return strip * rows * frame.stride..<min(end * frame.stride, frame.pixels.count)
  }

  private static func areEqual(_ left: [UInt8], _ right: [UInt8], in range: Range<Int>) -> Bool {
    left.withUnsafeBytes { left in
      right.withUnsafeBytes { right in
        guard let left = left.baseAddress, let right = right.baseAddress else { return true }
        return memcmp(left + range.lowerBound, right + range.lowerBound, range.count) == 0
      }
    }
  }
}
