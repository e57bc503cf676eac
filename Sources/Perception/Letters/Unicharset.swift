import Glibc

/// Reads which signs a file of Tesseract's data knows, without loading the rest of it.
///
/// A `.traineddata` file starts with the number of its parts (32 bits) and where each of them begins (64
/// bits each, -1 where there is none). The part of signs is text: their number on the first line, then
/// one line for each, the sign before the first space.
enum Unicharset {
  /// The number of the part that holds the signs of the line recogniser.
  private static let part = 21
  /// The largest part that is read, and the most signs, in bytes and in signs: Chinese has 260 KB and 4,000.
  static let longest = 4 << 20
  static let most = 100_000
  private static let mostParts = 64

  /// The signs that a file knows; nil when it is no such file, or is damaged.
  static func signs(in path: String) -> Set<Character>? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    guard let head = bytes(of: file, at: 0, count: 4) else { return nil }
    let count = Int(number(head[...]))
    guard (part + 1...mostParts).contains(count),
      let table = bytes(of: file, at: 4, count: count * 8)
    else { return nil }
    let starts = (0..<count).map { Int64(bitPattern: number(table[($0 * 8)..<($0 * 8 + 8)])) }
    let size = Int64(lseek(file, 0, SEEK_END))
    let start = starts[part]
    let end = starts.filter { $0 > start }.min() ?? size
    guard start >= 0, end > start, end <= size, end - start <= Int64(longest),
      let text = bytes(of: file, at: start, count: Int(end - start))
    else { return nil }
    return signs(in: text)
  }

  /// The signs in the text of the part; nil when it does not have as many as it says.
  static func signs(in text: [UInt8]) -> Set<Character>? {
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard let first = lines.first, let count = Int(String(decoding: first, as: UTF8.self)),
      (1...most).contains(count), lines.count > count
    else { return nil }
    var signs: Set<Character> = []
    for line in lines[1...count] {
      guard let word = line.split(separator: UInt8(ascii: " "), maxSplits: 1).first else {
        return nil
      }
      let sign = String(decoding: word, as: UTF8.self)
      // What is longer is the name of a sign without a shape: `NULL` is a space.
      if sign.count == 1, let sign = sign.first { signs.insert(sign) }
    }
    return signs.isEmpty ? nil : signs
  }

  private static func bytes(of file: CInt, at offset: Int64, count: Int) -> [UInt8]? {
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count, let start = buffer.baseAddress {
        let got = pread(file, start + filled, count - filled, off_t(offset) + off_t(filled))
        if got < 0, errno == EINTR { continue }
        guard got > 0 else { return }
        filled += got
      }
    }
    return bytes.count == count ? bytes : nil
  }

  /// A little-endian number.
  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
