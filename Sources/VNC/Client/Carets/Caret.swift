import Pixels

/// A text cursor on the screen, or what may be one.
struct Caret: Sendable {
  let stroke: Stroke
  /// What its box shows without it, row by row, without the unused byte.
  var under: [UInt32]
  var isShown: Bool
  /// How often it came or went while nothing beside it changed.
  var turns: Int
  /// Whether it can be nothing else.
  var isSure = false
  /// The first update that can have shown it.
  var since: UInt64
  /// Whether a letter is seen in it, in the colours exchanged.
  var isInverse = false

  /// How it lies on a picture.
  var overlay: Frame.Overlay? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(under.count * 4)
    for color in under {
      bytes += [
        UInt8(color & 0xFF), UInt8(color >> 8 & 0xFF), UInt8(color >> 16 & 0xFF), 0,
      ]
    }
    return Frame.Overlay(box: stroke.box, under: bytes)
  }

  /// Whether pixels of its box show it and nothing else.
  func isAll(of pixels: [UInt8]) -> Bool {
    let whole = PixelRect(x: 0, y: 0, width: stroke.box.width, height: stroke.box.height)
    guard pixels.count == whole.area * 4 else { return false }
    return ChangedArea.colors(pixels, whole, whole.width).allSatisfy { $0 == stroke.color }
  }
}

/// What one update changed where text cursors may be.
struct CaretUpdate {
  let sequence: UInt64
  private(set) var areas: [ChangedArea] = []
  /// The strokes that were there and are there no more, and those that are there now.
  private(set) var gone: [Stroke] = []
  private(set) var came: [Stroke] = []

  init(sequence: UInt64) { self.sequence = sequence }

  /// Adds an area and the strokes in it that count.
  mutating func add(_ area: ChangedArea, where counts: (Stroke) -> Bool = { _ in true }) {
    areas.append(area)
    gone += area.strokes(.before).filter(counts)
    came += area.strokes(.after).filter(counts)
  }

  /// The area that tells of a box.
  func area(around box: PixelRect) -> ChangedArea? {
    areas.first { $0.covers(box) && $0.core.intersects(box) }
  }

  /// Whether nothing close to a box has changed but what is in it.
  func isLone(_ box: PixelRect) -> Bool {
    let near = PixelRect(x: box.x - 4, y: box.y - 1, width: box.width + 8, height: box.height + 2)
    return areas.allSatisfy { $0.changes(in: near, beside: [box]) == nil }
  }

  /// What has changed in the line of text that a stroke is in, beside it and others.
  func line(of stroke: Stroke, without others: [Stroke]) -> PixelRect? {
    let boxes = [stroke.box] + others.map(\.box)
    let parts = areas.compactMap { area in
      area.changes(
        in: PixelRect(
          x: area.core.x, y: stroke.box.y - 2, width: area.core.width, height: stroke.box.height + 4
        ), beside: boxes)
    }
    return parts.first.map { parts.dropFirst().reduce($0) { $0.union($1) } }
  }

  /// What is below a stroke that came: what was there before where nothing else changed, else the ground.
  func under(_ stroke: Stroke, isPure: Bool) -> [UInt32]? {
    guard let area = area(around: stroke.box) else { return nil }
    if isPure { return area.colors(of: stroke.box, .before) }
    return Array(repeating: area.ground(around: stroke.box, .after), count: stroke.box.area)
  }

  /// What is below a cursor that shows letters in the colours exchanged, as blocks and those of some toolkits
  /// do; nil when there is none.
  func inverse(_ stroke: Stroke) -> [UInt32]? {
    guard let area = area(around: stroke.box), area.covers(stroke.box) else { return nil }
    let colors = area.colors(of: stroke.box, .after)
    let ground = area.ground(around: stroke.box, .after)
    let count = colors.count { $0 == stroke.color }
    guard count * 100 >= colors.count * 45, ground != stroke.color else { return nil }
    guard Self.rim(of: stroke, colors).allSatisfy({ $0 == stroke.color }) else { return nil }
    if stroke.kind == .hair, !area.ends(stroke, .after) { return nil }
    if isLone(stroke.box) { return area.colors(of: stroke.box, .before) }
    return colors.map { Self.exchanged($0, stroke.color, ground) }
  }

  /// The part of a cursor that no letter reaches: the corners of a block, the ends of a hair.
  private static func rim(of stroke: Stroke, _ colors: [UInt32]) -> [UInt32] {
    let (width, count) = (stroke.box.width, colors.count)
    if stroke.kind == .hair { return Array(colors.prefix(width * 2) + colors.suffix(width)) }
    return [colors[0], colors[width - 1], colors[count - width], colors[count - 1]]
  }

  /// A colour as far from the one as it was from the other.
  private static func exchanged(_ color: UInt32, _ one: UInt32, _ other: UInt32) -> UInt32 {
    var result: UInt32 = 0
    for shift: UInt32 in [0, 8, 16] {
      let channel = { (color: UInt32) in Int(color >> shift & 0xFF) }
      let value = channel(one) + channel(other) - channel(color)
      result |= UInt32(min(max(value, 0), 255)) << shift
    }
    return result
  }
}
