import Pixels

/// Fields that are no boxes of a line or a few: a line under the text alone, and tall areas for text.
enum OpenField {
  /// How far below its label, in heights of the label, the line of a field may be.
  private static let depth = 3

  /// The place above a line that is drawn under a label, as modern forms have it; nil without one.
  ///
  /// The line must be longer than the label, with nothing else above it: the rule under a heading goes on
  /// to the end of the page, and the one under a row of a table has other cells above it.
  static func underlined(_ label: PixelRect, _ frame: Frame, _ text: ScreenText) -> PixelRect? {
    let rows = label.maxY + 2..<min(label.maxY + depth * label.height, frame.size.height - 1)
    guard !rows.isEmpty else { return nil }
    for y in rows {
      guard let rule = rule(at: y, label, frame) else { continue }
      let room = PixelRect(x: rule.x, y: label.y, width: rule.width, height: y - label.y)
      let isFree = text.lines.allSatisfy { line in
        !line.box.intersects(room) || abs(line.box.x - label.x) <= 4
      }
      return isFree ? room : nil
    }
    return nil
  }

  /// A thin level line that begins where a label does.
  private static func rule(at y: Int, _ label: PixelRect, _ frame: Frame) -> PixelRect? {
    let start = label.x + 4
    guard start < frame.size.width, label.x >= 0 else { return nil }
    let color = PixelColors.pixel(start, y, frame)
    guard Surfaces.distance(color, PixelColors.pixel(start, y - 1, frame)) >= 24 else { return nil }
    let isRule = { (x: Int) in Surfaces.distance(PixelColors.pixel(x, y, frame), color) <= 8 }
    var (left, right) = (start, start)
    while left > 0, isRule(left - 1) { left -= 1 }
    while right + 1 < frame.size.width, isRule(right + 1) { right += 1 }
    let width = right - left + 1
    guard label.x - left <= 24, width >= max(100, label.width + 24),
      width * 5 <= frame.size.width * 3
    else { return nil }
    // A thick bar, or the upper edge of a box or a table, is no line.
    let below = min(y + 4, frame.size.height - 1)
    let isThin = [start, left, right].allSatisfy {
      Surfaces.distance(PixelColors.pixel($0, below, frame), color) >= 24
    }
    return isThin ? PixelRect(x: left, y: y, width: width, height: 1) : nil
  }

  /// Areas that are too high for an ordinary field, and hold nothing but text at their left edge.
  static func areas(
    on surfaces: Surfaces, in frame: Frame, _ text: ScreenText
  ) -> [PixelRect] {
    surfaces.boxes.compactMap { number, box -> PixelRect? in
      guard box.height > FieldFinder.heights.upperBound, box.height * 3 <= frame.size.height * 2,
        box.width >= 120, box.width * 10 <= frame.size.width * 9,
        (surfaces.areas[number] ?? 0) * 10 >= box.area * 8, FieldFinder.isPlain(box, in: frame)
      else { return nil }
      let isText = text.lines.allSatisfy { !$0.box.intersects(box) || $0.box.x - box.x <= 24 }
      return isText ? box : nil
    }
  }
}
