internal import Pixels

/// Whether what is about to be pressed still looks as it did when that was decided.
enum PatchComparison {
  /// The share of pixels that may differ.
  static let tolerance = 0.02

  /// Whether the patch shows the same thing on both frames.
  ///
  /// A text cursor that blinks in it does not count: differences in a strip of at most three columns.
  static func isSame(_ patch: PixelRect, _ old: Frame, _ new: Frame) -> Bool {
    guard old.size == new.size else { return false }
    if old.sequence == new.sequence { return true }
    let visible = old.size.bounds.intersection(patch)
    guard !visible.isEmpty else { return false }
    var differing = 0
    var left = Int.max
    var right = Int.min
    for y in visible.y..<visible.maxY {
      for x in visible.x..<visible.maxX where differs(old, new, x, y) {
        differing += 1
        left = min(left, x)
        right = max(right, x)
      }
    }
    if differing == 0 || right - left < 3 { return true }
    return Double(differing) <= tolerance * Double(visible.area)
  }

  private static func differs(_ old: Frame, _ new: Frame, _ x: Int, _ y: Int) -> Bool {
    let offset = y * old.stride + x * 4
    return old.pixels[offset] != new.pixels[offset]
      || old.pixels[offset + 1] != new.pixels[offset + 1]
      || old.pixels[offset + 2] != new.pixels[offset + 2]
  }
}
