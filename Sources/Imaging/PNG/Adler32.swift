/// The checksum of a zlib stream (RFC 1950), of parts that are summed by themselves and joined.
struct Adler32: Hashable, Sendable {
  /// The checksum.
  private(set) var value: UInt32
  /// How many bytes it covers.
  private(set) var count: Int

  /// The checksum of nothing.
  init() { self.init(value: 1, count: 0) }

  init(value: UInt32, count: Int) {
    self.value = value
    self.count = count
  }

  /// The checksum of these bytes and then the others.
  ///
  /// Low half: one and the sum of the bytes. High half: the sum of all values that the low half took,
  /// so the second part adds its own, and what the first part's low half lifts each of its steps by.
  mutating func append(_ next: Adler32) {
    let modulus = 65_521
    let (low, high) = (Int(value & 0xFFFF), Int(value >> 16))
    let (nextLow, nextHigh) = (Int(next.value & 0xFFFF), Int(next.value >> 16))
    let lift = (low + modulus - 1) % modulus
    let sum = (lift + nextLow) % modulus
    let steps = (high + nextHigh + next.count % modulus * lift) % modulus
    value = UInt32(steps) << 16 | UInt32(sum)
    count += next.count
  }
}
