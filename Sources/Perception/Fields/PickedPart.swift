import Pixels

/// A part of a field's text that is picked out, on a patch that parts the plain ground of the field: the hour of a
/// time, the year of a date.
struct PickedPart {
  private let frame: Frame
  /// The columns of a patch are looked at in these rows.
  private let rows: Range<Int>

  /// - Parameters:
  ///   - frame: the picture.
  ///   - rows: rows of the field, without its edges.
  init?(_ frame: Frame, rows: Range<Int>) {
    let rows = rows.clamped(to: 0..<frame.size.height)
    guard rows.count >= 8 else { return nil }
    self.frame = frame
    self.rows = rows
  }

  /// The columns of the patch that a column is in; nil where it is in none.
  func columns(around x: Int) -> Range<Int>? {
    guard let color = patch(at: x) else { return nil }
    let most = rows.count * 6
    var (left, right) = (x, x + 1)
    while right - left <= most, has(color, left - 1) { left -= 1 }
    while right - left <= most, has(color, right) { right += 1 }
    return (4...most).contains(right - left) ? left..<right : nil
  }

  /// All of a field of which a plain part is known: with the patches beside it, and what is plain behind them.
  func whole(_ part: PixelRect) -> PixelRect {
    guard let ground = PixelColors.commonest(in: part, of: frame) else { return part }
    var (left, right) = (part.x, part.maxX)
    if let patch = columns(around: left - 1), isInside(patch, part) {
      left = patch.lowerBound
      while part.maxX - left < Self.widest, has(ground, left - 1) { left -= 1 }
    }
    if let patch = columns(around: right), isInside(patch, part) {
      right = patch.upperBound
      while right - left < Self.widest, has(ground, right) { right += 1 }
    }
    return PixelRect(x: left, y: part.y, width: right - left, height: part.height)
  }

  private static let widest = 1200

  /// Whether a patch ends where the field does, above and below: a button at its end goes on beside its border.
  private func isInside(_ patch: Range<Int>, _ part: PixelRect) -> Bool {
    let x = (patch.lowerBound + patch.upperBound) / 2
    guard let color = self.patch(at: x) else { return false }
    return [part.y - 1, part.maxY].allSatisfy { y in
      guard (0..<frame.size.height).contains(y) else { return true }
      return Surfaces.distance(PixelColors.pixel(x, y, frame), color) > 24
    }
  }

  /// The strong colour that a column has enough of to be on a patch; nil where it has none.
  private func patch(at x: Int) -> UInt32? {
    guard (0..<frame.size.width).contains(x) else { return nil }
    let strong = rows.map { PixelColors.pixel(x, $0, frame) }
      .filter { PixelColors.saturation($0) >= 40 }
    return strong.first { has($0, x) }
  }

  /// Whether a column has enough of a colour to be of its ground: the stroke of a letter leaves some of it.
  private func has(_ color: UInt32, _ x: Int) -> Bool {
    guard (0..<frame.size.width).contains(x) else { return false }
    let count = rows.count {
      Surfaces.distance(PixelColors.pixel(x, $0, frame), color) <= Surfaces.tolerance
    }
    return count * 5 >= rows.count
  }
}
