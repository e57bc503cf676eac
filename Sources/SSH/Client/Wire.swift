/// Reads numbers and strings as SSH writes them (RFC 4251, 5).
struct WireReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: some Collection<UInt8>) { rest = Array(bytes)[...] }

  /// The next bytes; nil when there are not as many.
  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  /// The next number of 32 bits.
  mutating func number() -> UInt32? { take(4)?.reduce(0) { $0 << 8 | UInt32($1) } }

  /// The next string: its length, then its bytes.
  mutating func string() -> ArraySlice<UInt8>? { number().flatMap { take(Int($0)) } }
}

/// Writes numbers and strings as SSH reads them (RFC 4251, 5).
struct WireWriter {
  private(set) var bytes: [UInt8] = []

  /// Adds a number of 32 bits.
  mutating func number(_ value: UInt32) {
    for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
  }

  /// Adds a string: its length, then its bytes.
  mutating func string(_ text: some Collection<UInt8>) {
    number(UInt32(clamping: text.count))
    bytes += text
  }
}
