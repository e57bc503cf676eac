import Pixels

/// Changed pixels collected in tiles: a tight box in each.
struct ChangeGrid {
  /// The side of a tile, in pixels.
  static let tile = 32

  private let columns: Int
  private let rows: Int
  private var boxes: [PixelRect]

  init(size: PixelSize) {
    columns = (size.width + Self.tile - 1) / Self.tile
    rows = (size.height + Self.tile - 1) / Self.tile
    boxes = Array(repeating: PixelRect(x: 0, y: 0, width: 0, height: 0), count: columns * rows)
  }

  mutating func add(x: Int, y: Int) {
    let index = y / Self.tile * columns + x / Self.tile
    let box = boxes[index]
    if box.isEmpty {
      boxes[index] = PixelRect(x: x, y: y, width: 1, height: 1)
    } else if !box.contains(x: x, y: y) {
      boxes[index] = box.union(PixelRect(x: x, y: y, width: 1, height: 1))
    }
  }

  /// Joins neighbouring tiles, then rectangles that overlap, until none do.
  mutating func regions() -> [PixelRect] {
    var found: [PixelRect] = []
    for index in boxes.indices where !boxes[index].isEmpty { found.append(takeGroup(from: index)) }
    var joined: [PixelRect] = []
    for var region in found {
      while let other = joined.firstIndex(where: { $0.intersects(region) }) {
        region = region.union(joined.remove(at: other))
      }
      joined.append(region)
    }
    return joined.sorted { ($0.y, $0.x) < ($1.y, $1.x) }
  }

  private mutating func takeGroup(from start: Int) -> PixelRect {
    var around = PixelRect(x: 0, y: 0, width: 0, height: 0)
    var waiting = [start]
    while let index = waiting.popLast() {
      if boxes[index].isEmpty { continue }
      around = around.union(boxes[index])
      boxes[index] = PixelRect(x: 0, y: 0, width: 0, height: 0)
      let (row, column) = (index / columns, index % columns)
      for y in max(row - 1, 0)...min(row + 1, rows - 1) {
        for x in max(column - 1, 0)...min(column + 1, columns - 1) {
          waiting.append(y * columns + x)
        }
      }
    }
    return around
  }
}
