public import Pixels

/// Finds the input field that belongs to a label, by the edges around it.
///
/// A field is a box of text-field proportions with one colour inside along its borders, right of the
/// label on its line or right below it; the nearer of the two is taken.
public enum FieldFinder {
  /// How far right of its label a field may be, in pixels.
  static let reachAcross = 400
  /// How far below its label a field may be, in pixels.
  static let reachDown = 32
  /// The heights of fields, in pixels.
  static let heights = 16...72
  /// The narrowest field, in pixels.
  static let narrowest = 40

  /// The field of a label; nil when there is none that is plain to see.
  ///
  /// - Parameters:
  ///   - label: where the label's text is.
  ///   - frame: the screen.
  public static func field(for label: PixelRect, in frame: Frame) -> PixelRect? {
    let surface = Surface(frame: frame)
    let right = fieldRight(of: label, surface)
    let below = fieldBelow(label, surface)
    guard let right else { return below }
    guard let below else { return right }
    return below.y - label.maxY < right.x - label.maxX ? below : right
  }

  /// Walks right along the middle of the label, from edge to edge, until one opens a box.
  private static func fieldRight(of label: PixelRect, _ surface: Surface) -> PixelRect? {
    let y = label.center.y
    var x = label.maxX + 3
    let end = label.maxX + reachAcross
    for _ in 0..<24 {
      guard x < end, let ground = surface.color(x, y),
        let gap = surface.distance(from: x, y, .right, leaving: ground, limit: end - x)
      else { return nil }
      if let box = box(openedAtLeft: x + gap, y, surface) { return box }
      x += gap + 1
    }
    return nil
  }

  /// Walks down from the label's left part until an edge opens a box.
  private static func fieldBelow(_ label: PixelRect, _ surface: Surface) -> PixelRect? {
    for inset in [6, 12, 2] {
      let x = label.x + inset
      var y = label.maxY + 2
      let end = label.maxY + reachDown
      for _ in 0..<6 {
        guard y < end, let ground = surface.color(x, y),
          let gap = surface.distance(from: x, y, .down, leaving: ground, limit: end - y)
        else { break }
        if let box = box(openedAtTop: x, y + gap, surface) { return box }
        y += gap + 1
      }
    }
    return nil
  }

  /// The box whose left border is at a place on its middle line.
  private static func box(openedAtLeft x: Int, _ y: Int, _ surface: Surface) -> PixelRect? {
    for border in [3, 5, 1] {
      let inside = x + border
      guard let fill = surface.color(inside, y),
        let up = surface.distance(from: inside, y, .up, leaving: fill, limit: heights.upperBound),
        let down = surface.distance(
          from: inside, y, .down, leaving: fill, limit: heights.upperBound)
      else { continue }
      let (top, bottom) = (y - up, y + down)
      if let box = box(left: x, top: top, bottom: bottom, inside, fill, surface) { return box }
    }
    return nil
  }

  /// The box whose top border is at a place above its text.
  private static func box(openedAtTop x: Int, _ y: Int, _ surface: Surface) -> PixelRect? {
    for border in [3, 5, 1] {
      let inside = y + border
      guard let fill = surface.color(x, inside),
        let toLeft = surface.distance(from: x, inside, .left, leaving: fill, limit: reachAcross)
      else { continue }
      let left = x - toLeft
      let column = left + border
      guard
        let down = surface.distance(
          from: column, inside, .down, leaving: fill, limit: heights.upperBound)
      else { continue }
      if let box = box(left: left, top: y, bottom: inside + down, column, fill, surface) {
        return box
      }
    }
    return nil
  }

  /// The box between three known borders, when the fourth is where two rows agree that it is.
  private static func box(
    left: Int, top: Int, bottom: Int, _ inside: Int, _ fill: Color, _ surface: Surface
  ) -> PixelRect? {
    guard heights.contains(bottom - top) else { return nil }
    let widest = surface.frame.size.width
    guard
      let high = surface.distance(
        from: inside, top + 4, .right, leaving: fill, limit: widest),
      let low = surface.distance(
        from: inside, bottom - 4, .right, leaving: fill, limit: widest)
    else { return nil }
    let width = inside + min(high, low) - left
    guard abs(high - low) <= 8, width >= narrowest, width >= bottom - top else { return nil }
    return PixelRect(x: left, y: top, width: width, height: bottom - top)
  }
}
