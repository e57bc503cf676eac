/// What a command has written: the first bytes and the last ones, however many there were.
public struct SSHOutput: Hashable, Sendable {
  /// The first bytes.
  public private(set) var head: [UInt8] = []
  /// How many bytes came in all.
  public private(set) var total = 0
  /// The last bytes behind the head, in a ring.
  private var ring: [UInt8] = []
  private var oldest = 0
  private let limit: Int

  /// Keeps `limit` bytes of the beginning, and as many of the end.
  public init(limit: Int) { self.limit = max(limit, 1) }

  /// Whether bytes between head and tail were dropped.
  public var isTruncated: Bool { total > head.count + ring.count }

  /// The last bytes behind the head.
  public var tail: [UInt8] { Array(ring[oldest...] + ring[..<oldest]) }

  /// All bytes that were kept, in order.
  public var bytes: [UInt8] { head + tail }

  /// Takes in what came next.
  public mutating func append(_ more: [UInt8]) {
    more.withUnsafeBytes { append($0) }
  }

  mutating func append(_ more: UnsafeRawBufferPointer) {
    total += more.count
    let first = min(limit - head.count, more.count)
    head += more.prefix(first)
    var rest = UnsafeRawBufferPointer(rebasing: more[first...])
    rest = UnsafeRawBufferPointer(rebasing: rest.suffix(limit))
    let room = min(limit - ring.count, rest.count)
    ring += rest.prefix(room)
    for byte in rest.dropFirst(room) {
      ring[oldest] = byte
      oldest = (oldest + 1) % limit
    }
  }
}
