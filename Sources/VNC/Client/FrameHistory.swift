import Pixels

/// What the screen showed lately, as pictures whose equal tiles are shared.
///
/// At most one picture is kept for each slot of 40 ms, the last one in it: what was on the screen for 80 ms
/// is never missed, and a lively screen does not push the rest out. The oldest pictures go when the tiles
/// exceed the limit.
///
/// The tiles of the first picture are windows into it, and with them all of it is held; up to one picture is
/// so held beyond the limit.
struct FrameHistory: Sendable {
  /// A picture and when it appeared, on the connection's clock.
  struct Moment: Sendable {
    let sequence: UInt64
    let time: Duration
    let size: PixelSize
    /// What differs from the moment before, in whole tiles; nil is all.
    let changes: [PixelRect]?
    /// What of it is no part of what is written there, as far as it is known by now.
    fileprivate(set) var overlays: [Frame.Overlay] = []
    fileprivate let tiles: [Tile]

    /// The picture.
    var frame: Frame? {
      var pixels = [UInt8](repeating: 0, count: size.area * 4)
      for (rect, tile) in zip(FrameHistory.grid(size), tiles) {
        tile.paint(rect, into: &pixels, across: size.width)
      }
      var frame = Frame(size: size, pixels: pixels, sequence: sequence)
      frame?.overlays = overlays
      return frame
    }

    /// A part of the picture, row by row; nil when it is not inside.
    func pixels(in rect: PixelRect) -> [UInt8]? {
      guard !rect.isEmpty, size.bounds.intersection(rect) == rect else { return nil }
      let side = FrameHistory.side
      let across = (size.width + side - 1) / side
      var pixels: [UInt8] = []
      pixels.reserveCapacity(rect.area * 4)
      for y in rect.y..<rect.maxY {
        for column in rect.x / side...(rect.maxX - 1) / side {
          let left = max(rect.x, column * side)
          let right = min(rect.maxX, (column + 1) * side)
          pixels += tiles[y / side * across + column]
            .row(y % side, from: left - column * side, count: right - left)
        }
      }
      return pixels
    }
  }

  /// The side of a tile in pixels.
  static let side = 64
  private static let slot = Duration.milliseconds(40)

  private(set) var moments: [Moment] = []
  /// The last update whose picture was dropped to save memory; 0 when none was.
  private(set) var dropped: UInt64 = 0
  /// The bytes of all tiles.
  private(set) var bytes = 0
  private let limit: Int

  /// An empty history that keeps at most so many bytes of tiles, but always the last picture.
  init(limit: Int) { self.limit = limit }

  /// Keeps a picture.
  ///
  /// - Parameter changes: where it may differ from the one before.
  mutating func append(
    _ size: PixelSize, _ pixels: [UInt8], changes: [PixelRect], overlays: [Frame.Overlay] = [],
    sequence: UInt64, time: Duration
  ) {
    let last = moments.last
    let isSuccessor = last?.size == size
    var tiles: [Tile] = []
    var changed: [PixelRect] = []
    // Whoever connects waits for the first picture, so that it is shared and not copied.
    let isFirst = moments.isEmpty
    for (index, rect) in Self.grid(size).enumerated() {
      if isFirst {
        tiles.append(Tile(windowAt: rect, of: pixels, across: size.width))
        changed.append(rect)
      } else if isSuccessor, let last, !changes.contains(where: { $0.intersects(rect) }) {
        tiles.append(last.tiles[index])
      } else {
        tiles.append(Tile(rect, of: pixels, across: size.width))
        changed.append(rect)
      }
    }
    let moment = Moment(
      sequence: sequence, time: time, size: size, changes: isSuccessor ? changed : nil,
      overlays: overlays, tiles: tiles)
    bytes += changed.reduce(0) { $0 + $1.area * 4 }
    guard let last, Self.isSameSlot(last.time, time) else {
      moments.append(moment)
      return dropOldest()
    }
    replaceLast(with: moment, beside: last)
    dropOldest()
  }

  /// The pictures after an update, oldest first; the last one is always among them.
  func moments(since sequence: UInt64) -> [Moment] {
    let first = moments.firstIndex { $0.sequence > sequence } ?? max(moments.count - 1, 0)
    return Array(moments[min(first, moments.count)...])
  }

  /// Lays over the pictures since an update what has become known of them only now, where they show it.
  ///
  /// - Parameter isShown: whether these pixels of the overlay's box show it.
  mutating func lay(
    _ overlay: Frame.Overlay, since sequence: UInt64, where isShown: ([UInt8]) -> Bool
  ) {
    for index in moments.indices.reversed() {
      guard moments[index].sequence >= sequence else { return }
      guard !moments[index].overlays.contains(where: { $0.box == overlay.box }),
        let pixels = moments[index].pixels(in: overlay.box), isShown(pixels)
      else { continue }
      moments[index].overlays.append(overlay)
    }
  }

  /// Whether no picture after an update was dropped.
  func isWhole(since sequence: UInt64) -> Bool { dropped <= sequence }

  private static func isSameSlot(_ one: Duration, _ other: Duration) -> Bool {
    Int64(one / slot) == Int64(other / slot)
  }

  /// The picture of the slot is the last one in it; its changes are those of both.
  private mutating func replaceLast(with moment: Moment, beside last: Moment) {
    let before = moments.dropLast().last
    var changes: [PixelRect]?
    if let mine = moment.changes, let its = last.changes {
      changes = its + mine.filter { !its.contains($0) }
    }
    bytes -= Self.ownBytes(of: last, beside: before, moment)
    moments[moments.count - 1] = Moment(
      sequence: moment.sequence, time: last.time, size: moment.size, changes: changes,
      overlays: moment.overlays, tiles: moment.tiles)
  }

  /// The bytes of a moment's tiles that its neighbours in time do not share.
  private static func ownBytes(of moment: Moment, beside neighbours: Moment?...) -> Int {
    var bytes = 0
    for (index, rect) in grid(moment.size).enumerated() {
      let isShared = neighbours.contains { neighbour in
        neighbour?.size == moment.size && neighbour?.tiles[index] === moment.tiles[index]
      }
      if !isShared { bytes += rect.area * 4 }
    }
    return bytes
  }

  private mutating func dropOldest() {
    var count = 0
    while bytes > limit, moments.count - count > 1 {
      bytes -= Self.ownBytes(of: moments[count], beside: moments[count + 1])
      dropped = moments[count].sequence
      count += 1
    }
    moments.removeFirst(count)
  }

  /// The tiles of a screen, row by row.
  fileprivate static func grid(_ size: PixelSize) -> [PixelRect] {
    stride(from: 0, to: size.height, by: side).flatMap { y in
      stride(from: 0, to: size.width, by: side).map { x in
        PixelRect(
          x: x, y: y, width: min(side, size.width - x), height: min(side, size.height - y))
      }
    }
  }
}

/// The pixels of a tile, shared by all pictures that show it.
private final class Tile: Sendable {
  private let pixels: [UInt8]
  /// Where its first pixel is, and how far it is from row to row.
  private let start: Int
  private let stride: Int

  /// A copy of a part of a picture.
  init(_ rect: PixelRect, of source: [UInt8], across: Int) {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(rect.area * 4)
    for line in rect.y..<rect.maxY {
      let start = (line * across + rect.x) * 4
      pixels += source[start..<start + rect.width * 4]
    }
    self.pixels = pixels
    start = 0
    stride = rect.width * 4
  }

  /// A part of a picture, which is kept as a whole.
  init(windowAt rect: PixelRect, of source: [UInt8], across: Int) {
    pixels = source
    start = (rect.y * across + rect.x) * 4
    stride = across * 4
  }

  /// So many pixels of a row.
  func row(_ y: Int, from x: Int, count: Int) -> ArraySlice<UInt8> {
    let first = start + y * stride + x * 4
    return pixels[first..<first + count * 4]
  }

  func paint(_ rect: PixelRect, into target: inout [UInt8], across: Int) {
    let row = rect.width * 4
    target.withUnsafeMutableBytes { target in
      pixels.withUnsafeBytes { source in
        for line in 0..<rect.height {
          let to = ((rect.y + line) * across + rect.x) * 4
          let from = start + line * stride
          UnsafeMutableRawBufferPointer(rebasing: target[to..<to + row])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[from..<from + row]))
        }
      }
    }
  }
}
