public import Pixels

/// A checkbox or a radio button.
public struct Toggle: Hashable, Sendable {
  /// Its box.
  public let box: PixelRect
  /// Whether it is on; nil where that cannot be told.
  public let isOn: Bool?

  /// A toggle.
  public init(box: PixelRect, isOn: Bool?) {
    self.box = box
    self.isOn = isOn
  }
}

/// Finds the checkbox or the radio button that belongs to a label, and its state.
public enum ToggleFinder {
  /// The sides of the box, in pixels.
  static let sides = 9...30

  /// The toggle left of a label, else the one right of it; nil when there is none that is plain to see.
  ///
  /// - Parameters:
  ///   - label: where the label's text is.
  ///   - frame: the screen.
  public static func toggle(for label: PixelRect, in frame: Frame) -> Toggle? {
    let surface = Surface(frame: frame)
    let y = label.center.y
    let places = [(label.x - 3, Surface.Direction.left), (label.maxX + 3, .right)]
    for (x, direction) in places {
      guard let box = box(from: x, y, direction, surface) else { continue }
      return Toggle(box: box, isOn: isOn(box, surface))
    }
    return nil
  }

  /// Walks away from the label to the first thing there, and takes it if it is a small square.
  private static func box(
    from x: Int, _ y: Int, _ direction: Surface.Direction, _ surface: Surface
  ) -> PixelRect? {
    guard let ground = surface.color(x, y),
      let gap = surface.distance(from: x, y, direction, leaving: ground, limit: 40)
    else { return nil }
    let edge = x + direction.step.x * gap
    var box = PixelRect(x: edge, y: y, width: 1, height: 1)
    // Grows the box until a ring of the ground's colour is around it.
    for _ in 0..<(sides.upperBound * 2) {
      guard let grown = grow(box, ground, surface) else { break }
      box = grown
      if box.width > sides.upperBound || box.height > sides.upperBound { return nil }
    }
    guard sides.contains(box.width), sides.contains(box.height),
      abs(box.width - box.height) <= max(3, box.width / 4)
    else { return nil }
    return box
  }

  private static func grow(
    _ box: PixelRect, _ ground: Color, _ surface: Surface
  ) -> PixelRect? {
    func isInk(_ x: Int, _ y: Int) -> Bool {
      surface.color(x, y).map { !$0.isLike(ground, tolerance: 12) } ?? false
    }
    var grown = box
    let rows = box.y..<box.maxY
    let columns = box.x..<box.maxX
    if rows.contains(where: { isInk(box.x - 1, $0) }) {
      grown.x -= 1
      grown.width += 1
    }
    if rows.contains(where: { isInk(box.maxX, $0) }) { grown.width += 1 }
    if columns.contains(where: { isInk($0, box.y - 1) }) {
      grown.y -= 1
      grown.height += 1
    }
    if columns.contains(where: { isInk($0, box.maxY) }) { grown.height += 1 }
    return grown == box ? nil : grown
  }

  /// On when there is a mark inside, or when the inside is filled with a strong colour.
  private static func isOn(_ box: PixelRect, _ surface: Surface) -> Bool? {
    let margin = max(2, box.width / 4)
    let inner = box.insetBy(margin)
    guard !inner.isEmpty else { return nil }
    var counts: [Color: Int] = [:]
    for y in inner.y..<inner.maxY {
      for x in inner.x..<inner.maxX {
        guard let color = surface.color(x, y) else { return nil }
        counts[color, default: 0] += 1
      }
    }
    guard let main = counts.max(by: { ($0.value, $1.key.red) < ($1.value, $0.key.red) })?.key else {
      return nil
    }
    if main.saturation > 60 { return true }
    let marked = counts.filter { !$0.key.isLike(main, tolerance: 48) }.values.reduce(0, +)
    return Double(marked) > 0.06 * Double(inner.area)
  }
}
