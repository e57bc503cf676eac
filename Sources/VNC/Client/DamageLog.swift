import Pixels

/// When and where the screen changed, for as far back as there is room.
struct DamageLog: Sendable {
  /// One update that changed pixels.
  struct Entry: Hashable, Sendable {
    let sequence: UInt64
    let rects: [PixelRect]
    /// Since the connection was made.
    let time: Duration
  }

  private let capacity: Int
  private var ring: [Entry] = []
  private var oldest = 0

  init(capacity: Int = 512) {
    self.capacity = max(capacity, 1)
    ring.reserveCapacity(self.capacity)
  }

  mutating func append(_ entry: Entry) {
    guard ring.count == capacity else { return ring.append(entry) }
    ring[oldest] = entry
    oldest = (oldest + 1) % capacity
  }

  /// The entries after a sequence number, the oldest first; nil when some of them are forgotten.
  func entries(after sequence: UInt64) -> [Entry]? {
    let all = ring[oldest...] + ring[..<oldest]
    guard let first = all.first else { return [] }
    guard first.sequence <= sequence || first.sequence - sequence == 1 else { return nil }
    return all.filter { $0.sequence > sequence }
  }

  /// What is remembered of the time since `time`, the oldest first.
  func entries(since time: Duration) -> [Entry] {
    (ring[oldest...] + ring[..<oldest]).filter { $0.time >= time }
  }
}
