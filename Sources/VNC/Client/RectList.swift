import Pixels

/// A short list of rectangles that covers everything put into it, and as little else as it can.
struct RectList: Hashable, Sendable {
  /// Rectangles closer than this become one.
  static let reach = 8
  let limit: Int
  private(set) var rects: [PixelRect] = []

  /// A list that never holds more than `limit` rectangles, at least one.
  init(limit: Int = 16) { self.limit = max(limit, 1) }

  mutating func add(_ rect: PixelRect) {
    guard !rect.isEmpty else { return }
    var merged = rect
    // Growing may bring others within reach, so start over until nothing touches.
    while let index = rects.firstIndex(where: { $0.insetBy(-Self.reach).intersects(merged) }) {
      merged = merged.union(rects.remove(at: index))
    }
    if rects.count == limit {
      let index = rects.indices.min { waste(rects[$0], merged) < waste(rects[$1], merged) } ?? 0
      return add(merged.union(rects.remove(at: index)))
    }
    rects.append(merged)
  }

  private func waste(_ one: PixelRect, _ other: PixelRect) -> Int {
    one.union(other).area - one.area - other.area
  }
}
