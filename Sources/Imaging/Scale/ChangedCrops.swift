public import Pixels

/// Which parts of a screen to show after something changed, each at full resolution.
public struct ChangedCrops: Hashable, Sendable {
  /// The most parts.
  public var count: Int
  /// The most pixels of all parts together.
  public var area: Int
  /// What is shown around a change, in pixels.
  public var margin: Int

  /// A choice; numbers out of bounds are brought inside.
  public init(count: Int = 4, area: Int = 400_000, margin: Int = 16) {
    self.count = min(max(count, 1), 64)
    self.area = max(area, 1)
    self.margin = min(max(margin, 0), 1024)
  }

  /// The parts around all damage, in reading order; none share a pixel.
  ///
  /// Parts are joined while there are too many, those first that add the fewest pixels. Nil when they have
  /// more than `area` pixels then: the whole screen says it better. Empty without damage on the screen.
  ///
  /// - Parameters:
  ///   - damage: what changed; the order does not matter.
  ///   - screen: the size of the screen.
  public func regions(around damage: [PixelRect], on screen: PixelSize) -> [PixelRect]? {
    var parts: [PixelRect] = []
    for rect in damage {
      let visible = screen.bounds.intersection(rect)
      if visible.isEmpty { continue }
      Self.add(screen.bounds.intersection(visible.insetBy(-margin)), to: &parts)
      // So many that the way they are joined no longer matters; keeps the time bounded.
      if parts.count > 64 { Self.joinCheapest(&parts) }
    }
    while parts.count > count { Self.joinCheapest(&parts) }
    guard parts.reduce(0, { $0 + $1.area }) <= area else { return nil }
    return parts.sorted { ($0.y, $0.x) < ($1.y, $1.x) }
  }

  /// Adds a part; what it shares a pixel with becomes one with it.
  private static func add(_ rect: PixelRect, to parts: inout [PixelRect]) {
    var rect = rect
    while let index = parts.firstIndex(where: { $0.intersects(rect) }) {
      rect = rect.union(parts.remove(at: index))
    }
    parts.append(rect)
  }

  private static func joinCheapest(_ parts: inout [PixelRect]) {
    var best = (one: 0, other: 1, cost: Int.max)
    for one in parts.indices {
      for other in parts.indices.dropFirst(one + 1) {
        let cost = parts[one].union(parts[other]).area - parts[one].area - parts[other].area
        if cost < best.cost { best = (one, other, cost) }
      }
    }
    guard best.cost < .max else { return }
    let joined = parts[best.one].union(parts[best.other])
    parts.remove(at: best.other)
    parts.remove(at: best.one)
    add(joined, to: &parts)
  }
}
