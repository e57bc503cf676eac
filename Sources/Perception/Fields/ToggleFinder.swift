public import Pixels

/// A check box, a radio button or a switch.
public struct Toggle: Hashable, Sendable {
  /// Where it is.
  public let box: PixelRect
  /// Whether it is switched on; nil when that cannot be told.
  public let isOn: Bool?
  /// Whether it is half ticked, as a box for several others is: neither on nor off.
  public var isHalf = false
}

/// Finds the check box, the radio button or the switch that belongs to a label, and whether it is on.
///
/// What is drawn beside the label is taken as a whole: it is a box or a ring of about the height of a
/// line, or a switch, which is twice as wide as high and may stand at the other end of the label's row.
public enum ToggleFinder {
  /// The sides of a check box or a radio button, in pixels.
  static let sides = 9...44
  /// How far from its label one may be, in pixels.
  static let reach = 28
  /// How far from its label a switch may be, in pixels; on large screens with large type it is further.
  static let switchReach = 640

  /// The toggle of a label: left of it, or right of it where there is none on the left, or that one is clearly nearer.
  ///
  /// In a row from right to left the one on the left is the next label's.
  /// Takes less than 1 ms on the caller's thread.
  ///
  /// - Parameters:
  ///   - label: the box of the label's text.
  ///   - frame: the screen.
  public static func toggle(for label: PixelRect, in frame: Frame) -> Toggle? {
    guard label.intersects(frame.size.bounds),
      let page = PixelColors.commonest(in: label.insetBy(-3), of: frame)
    else { return nil }
    let room = max(reach, label.height * 3 / 2)
    let side = sides.upperBound + room
    let rows = (y: label.center.y - sides.upperBound, height: 2 * sides.upperBound)
    let left = PixelRect(x: label.x - side, y: rows.y, width: side - 1, height: rows.height)
    let right = PixelRect(x: label.maxX + 1, y: rows.y, width: side - 1, height: rows.height)
    let found = [left, right].compactMap { part -> (map: DrawnMap, box: PixelRect)? in
      let map = DrawnMap(part, frame, page)
      guard let box = map.nearest(to: label), isToggle(box, label, room), map.isOutline(box),
        isEven(box, in: frame)
      else { return nil }
      return (map, box)
    }
    guard let first = found.first, let last = found.last else {
      return switchBeside(label, page, in: frame)
    }
    let (near, far) = (gap(last.box, label), gap(first.box, label))
    let (map, box) = near * 3 <= far * 2 && near + 4 <= far ? last : first
    if HalfTick.isIn(box, isRound: !map.isBoxed(box), page, frame) {
      return Toggle(box: box, isOn: nil, isHalf: true)
    }
    return Toggle(box: box, isOn: isOn(box, page, in: frame))
  }

  private static func isToggle(_ box: PixelRect, _ label: PixelRect, _ room: Int) -> Bool {
    guard sides.contains(box.width), sides.contains(box.height),
      abs(box.width - box.height) * 10 <= max(box.width, box.height)
    else { return false }
    // As high as a letter or more, or it is one.
    return box.height * 10 >= label.height * 7 && box.height <= label.height * 3
      && isLevel(box, label) && (2...room).contains(gap(box, label))
  }

  /// Whether the inside has two colours, its own and that of a tick or a dot: an icon has more.
  private static func isEven(_ box: PixelRect, in frame: Frame) -> Bool {
    let inside = box.insetBy(max(box.width / 5, 2))
    guard let main = PixelColors.commonest(in: inside, of: frame) else { return false }
    var others: [UInt32: Int] = [:]
    var even = 0
    for y in inside.y..<inside.maxY {
      for x in inside.x..<inside.maxX {
        let color = PixelColors.pixel(x, y, frame)
        if Surfaces.distance(color, main) < 40 { even += 1 } else { others[color, default: 0] += 1 }
      }
    }
    if let mark = others.max(by: { ($0.value, $0.key) < ($1.value, $1.key) })?.key {
      even += others.reduce(0) { $0 + (Surfaces.distance($1.key, mark) < 40 ? $1.value : 0) }
    }
    return even * 100 >= inside.area * 60
  }

  private static func isLevel(_ box: PixelRect, _ label: PixelRect) -> Bool {
    abs(box.center.y - label.center.y) * 2 <= max(box.height, label.height)
  }

  private static func gap(_ box: PixelRect, _ label: PixelRect) -> Int {
    max(label.x - box.maxX, box.x - label.maxX)
  }

  // MARK: - State

  /// On when something is drawn inside, or when the inside has a strong colour.
  private static func isOn(_ box: PixelRect, _ page: UInt32, in frame: Frame) -> Bool? {
    let inside = box.insetBy(max(box.width * 3 / 10, 3))
    guard !inside.isEmpty, let main = PixelColors.commonest(in: inside, of: frame) else {
      return nil
    }
    var drawn = 0
    for y in inside.y..<inside.maxY {
      for x in inside.x..<inside.maxX
      where Surfaces.distance(PixelColors.pixel(x, y, frame), main) >= 56 { drawn += 1 }
    }
    if drawn * 12 >= inside.area { return true }
    if PixelColors.saturation(main) >= 60, Surfaces.distance(main, page) >= 60 { return true }
    let (here, around) = (PixelColors.lightness(main), PixelColors.lightness(page))
    if abs(here - around) < 64 || here > around && around >= 128 { return false }
    return here < around && around >= 128 ? true : nil
  }

  // MARK: - Switches

  /// The switch in the label's row, right of it; what stands between is none.
  private static func switchBeside(
    _ label: PixelRect, _ page: UInt32, in frame: Frame
  ) -> Toggle? {
    let half = max(label.height * 2, 16)
    let part = PixelRect(
      x: label.maxX + 4, y: label.center.y - half,
      width: max(switchReach, label.height * 48), height: half * 2)
    let map = DrawnMap(part, frame, page)
    guard let box = map.nearest(to: label), (12...64).contains(box.height),
      box.width * 10 >= box.height * 15, box.width * 10 <= box.height * 26, isLevel(box, label),
      map.isOutline(box)
    else { return nil }
    return isSwitchOn(box, in: frame).map { Toggle(box: box, isOn: $0) }
  }

  /// Whether the knob is on the right; nil when there is no knob, as on a button.
  private static func isSwitchOn(_ box: PixelRect, in frame: Frame) -> Bool? {
    let size = max(box.height / 3, 2)
    let y = box.center.y - size / 2
    let ends = [box.x + box.height / 2, box.maxX - box.height / 2].map {
      PixelRect(x: $0 - size / 2, y: y, width: size, height: size)
    }
    let colors = ends.compactMap { PixelColors.commonest(in: $0, of: frame) }
    guard colors.count == 2, Surfaces.distance(colors[0], colors[1]) >= 8,
      zip(ends, colors).allSatisfy({ isFlat($0, $1, frame) })
    else { return nil }
    let strong = colors.map(PixelColors.saturation)
    if max(strong[0], strong[1]) >= 60 { return strong[0] > strong[1] }
    // Without a colour the knob is the lighter end.
    return PixelColors.lightness(colors[1]) > PixelColors.lightness(colors[0])
  }

  /// Whether nothing is written in a box.
  private static func isFlat(_ box: PixelRect, _ color: UInt32, _ frame: Frame) -> Bool {
    var other = 0
    for y in box.y..<box.maxY {
      for x in box.x..<box.maxX
      where Surfaces.distance(PixelColors.pixel(x, y, frame), color) >= 40 { other += 1 }
    }
    return other * 8 <= box.area
  }
}

/// Which pixels of a part of a frame are not the colour of the page.
struct DrawnMap {
  /// From this difference of a channel on a pixel is drawn.
  static let contrast: UInt32 = 8
  /// Pieces that are this near to each other are one thing.
  static let nearness = 2

  private let part: PixelRect
  private var isDrawn: [Bool]

  init(_ part: PixelRect, _ frame: Frame, _ page: UInt32) {
    self.part = frame.size.bounds.intersection(part)
    isDrawn = []
    guard !self.part.isEmpty else { return }
    isDrawn.reserveCapacity(self.part.area)
    for y in self.part.y..<self.part.maxY {
      for x in self.part.x..<self.part.maxX {
        isDrawn.append(
          Surfaces.distance(PixelColors.pixel(x, y, frame), page) >= Self.contrast)
      }
    }
  }

  private func isDrawn(_ x: Int, _ y: Int) -> Bool {
    part.contains(x: x, y: y) && isDrawn[(y - part.y) * part.width + x - part.x]
  }

  /// The box of what is drawn nearest to a label in the label's rows, with all that hangs together with it.
  func nearest(to label: PixelRect) -> PixelRect? {
    guard !part.isEmpty else { return nil }
    let columns = Array(part.x..<part.maxX)
    let rows = max(label.y, part.y)..<max(min(label.maxY, part.maxY), max(label.y, part.y))
    let ordered = part.x < label.x ? columns.reversed() : columns
    for x in ordered {
      guard let y = rows.first(where: { isDrawn(x, $0) }) else { continue }
      return box(from: (x, y))
    }
    return nil
  }

  /// The box around everything that is reached from a pixel in steps of `nearness`; nil when it goes on
  /// beyond the part that is known.
  private func box(from start: (x: Int, y: Int)) -> PixelRect? {
    var seen = [Bool](repeating: false, count: part.area)
    var open = [start]
    var box = PixelRect(x: start.x, y: start.y, width: 1, height: 1)
    seen[(start.y - part.y) * part.width + start.x - part.x] = true
    while let here = open.popLast() {
      box = box.union(PixelRect(x: here.x, y: here.y, width: 1, height: 1))
      for dy in -Self.nearness...Self.nearness {
        for dx in -Self.nearness...Self.nearness where isDrawn(here.x + dx, here.y + dy) {
          let index = (here.y + dy - part.y) * part.width + here.x + dx - part.x
          if seen[index] { continue }
          seen[index] = true
          open.append((here.x + dx, here.y + dy))
        }
      }
    }
    let isCut = box.y == part.y || box.maxY == part.maxY || box.x == part.x || box.maxX == part.maxX
    return isCut ? nil : box
  }

  /// Whether what is drawn in a box goes all round: along its sides, or along the oval inside of it.
  func isOutline(_ box: PixelRect) -> Bool { isBoxed(box) || isRound(box) }

  /// Whether what is drawn in a box goes along its sides.
  func isBoxed(_ box: PixelRect) -> Bool {
    let columns = box.x..<box.maxX
    let rows = box.y..<box.maxY
    // Rounded corners and a shadow: three pixels deep.
    let depth = 0..<min(3, box.width, box.height)
    let sides = [
      (columns.count { x in depth.contains { isDrawn(x, box.y + $0) } }, columns.count),
      (columns.count { x in depth.contains { isDrawn(x, box.maxY - 1 - $0) } }, columns.count),
      (rows.count { y in depth.contains { isDrawn(box.x + $0, y) } }, rows.count),
      (rows.count { y in depth.contains { isDrawn(box.maxX - 1 - $0, y) } }, rows.count),
    ]
    return sides.allSatisfy { $0.0 * 100 >= $0.1 * 84 }
  }

  /// Half circles at both ends, as far apart as the box is wider than high.
  private func isRound(_ box: PixelRect) -> Bool {
    let radius = Double(box.height) / 2
    let reach = max(Double(box.width) - 2 * radius, 0)
    var hits = 0
    let count = 32
    for step in 0..<count {
      let angle = Double(step) / Double(count) * 2 * Double.pi
      let (across, down) = (Circle.cosine(angle), Circle.cosine(angle - Double.pi / 2))
      let middle = Double(box.x) + radius + (across > 0 ? reach : 0)
      let isThere = [0.5, 1.5, 2.5].contains { depth in
        let x = middle + across * (radius - depth)
        let y = Double(box.y) + radius + down * (radius - depth)
        return isDrawn(Int(x.rounded(.down)), Int(y.rounded(.down)))
      }
      if isThere { hits += 1 }
    }
    let corners = [
      (box.x, box.y), (box.maxX - 1, box.y), (box.x, box.maxY - 1), (box.maxX - 1, box.maxY - 1),
    ].count { isDrawn($0.0, $0.1) }
    return hits * 100 >= count * 84 && corners == 0
  }
}
