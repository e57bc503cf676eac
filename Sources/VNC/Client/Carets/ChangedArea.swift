import Pixels

/// A part of the screen before and after an update, with a margin of what did not change around it.
struct ChangedArea {
  /// How wide the margin is, in pixels; what changed in one update and is closer is in one rectangle.
  static let margin = 6

  /// What may have changed.
  let core: PixelRect
  /// What is known: the core with the margin, as far as there is a screen.
  let box: PixelRect
  private let screen: PixelRect
  /// Colours, row by row, without the unused byte.
  private let before: [UInt32]
  private let after: [UInt32]

  /// Which of the two pictures is meant.
  enum Side { case before, after }

  /// An area, or nil when the former picture does not cover it.
  ///
  /// - Parameters:
  ///   - former: the pixels of a rectangle before the update, B G R X; nil when they are not known.
  ///   - pixels: the whole picture after it.
  init?(
    _ rect: PixelRect, on size: PixelSize, _ former: (PixelRect) -> [UInt8]?, _ pixels: [UInt8]
  ) {
    core = rect.intersection(size.bounds)
    screen = size.bounds
    box = core.insetBy(-Self.margin).intersection(size.bounds)
    guard !core.isEmpty, let old = former(box), old.count == box.area * 4 else { return nil }
    before = Self.colors(
      old, PixelRect(x: 0, y: 0, width: box.width, height: box.height), box.width)
    after = Self.colors(pixels, box, size.width)
  }

  static func colors(_ pixels: [UInt8], _ box: PixelRect, _ across: Int) -> [UInt32] {
    var colors: [UInt32] = []
    colors.reserveCapacity(box.area)
    pixels.withUnsafeBytes { bytes in
      for y in box.y..<box.maxY {
        for x in box.x..<box.maxX {
          let at = (y * across + x) * 4
          colors.append(bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self) & 0xFF_FFFF)
        }
      }
    }
    return colors
  }

  private func index(_ x: Int, _ y: Int) -> Int { (y - box.y) * box.width + x - box.x }

  /// The colour at a point of the area.
  func color(_ x: Int, _ y: Int, _ side: Side) -> UInt32 {
    side == .before ? before[index(x, y)] : after[index(x, y)]
  }

  /// Whether a pixel of the area has changed.
  func hasChanged(_ x: Int, _ y: Int) -> Bool { before[index(x, y)] != after[index(x, y)] }

  /// Whether a box with a rim of a pixel is in the area, or as much of the rim as there is screen.
  func covers(_ rect: PixelRect) -> Bool {
    let rim = rect.insetBy(-1).intersection(screen)
    return !rect.isEmpty && box.intersection(rim) == rim
  }

  /// The colours of a box of the area.
  func colors(of rect: PixelRect, _ side: Side) -> [UInt32] {
    var colors: [UInt32] = []
    colors.reserveCapacity(rect.area)
    for y in rect.y..<rect.maxY {
      for x in rect.x..<rect.maxX { colors.append(color(x, y, side)) }
    }
    return colors
  }

  /// The colour that most of the pixels right and left of a box have: what is written on.
  func ground(around rect: PixelRect, _ side: Side) -> UInt32 {
    var counts: [UInt32: Int] = [:]
    for y in max(rect.y, box.y)..<min(rect.maxY, box.maxY) {
      for x in box.intersection(rect.insetBy(-Self.margin)).x..<rect.x {
        counts[color(x, y, side), default: 0] += 1
      }
      for x in rect.maxX..<max(box.intersection(rect.insetBy(-Self.margin)).maxX, rect.maxX) {
        counts[color(x, y, side), default: 0] += 1
      }
    }
    return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0
  }

  /// The box around what has changed in a part of the area but outside of some boxes; nil when nothing has.
  func changes(in part: PixelRect, beside boxes: [PixelRect]) -> PixelRect? {
    let part = part.intersection(core)
    var (left, right, top, bottom) = (Int.max, Int.min, Int.max, Int.min)
    for y in part.y..<part.maxY {
      for x in part.x..<part.maxX where hasChanged(x, y) {
        if boxes.contains(where: { $0.contains(x: x, y: y) }) { continue }
        (left, right) = (min(left, x), max(right, x + 1))
        (top, bottom) = (min(top, y), max(bottom, y + 1))
      }
    }
    guard right > left else { return nil }
    return PixelRect(x: left, y: top, width: right - left, height: bottom - top)
  }
}
