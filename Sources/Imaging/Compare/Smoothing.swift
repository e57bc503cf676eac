import Pixels

/// Tells pixels that only smooth an edge (anti-aliasing).
///
/// After V. Vyšniauskas, "Anti-aliased pixel and intensity slope detector" (2009): such a pixel lies between
/// a darker and a brighter neighbour, and one of these belongs to a surface of one colour in both pictures.
struct Smoothing {
  let size: PixelSize
  let bytes: UnsafeRawBufferPointer

  /// Whether the pixel smooths an edge in this picture, of surfaces that `other` has as well.
  func isEdge(x: Int, y: Int, also other: Smoothing) -> Bool {
    let here = brightness(x, y)
    var same = isAtBorder(x, y) ? 1 : 0
    var darkest = (value: 0, x: x, y: y)
    var brightest = (value: 0, x: x, y: y)
    for ny in max(y - 1, 0)...min(y + 1, size.height - 1) {
      for nx in max(x - 1, 0)...min(x + 1, size.width - 1) where nx != x || ny != y {
        let step = brightness(nx, ny) - here
        if step == 0 { same += 1 }
        if step < darkest.value { darkest = (step, nx, ny) }
        if step > brightest.value { brightest = (step, nx, ny) }
      }
    }
    // More than two equal neighbours: part of a surface. Nothing on one side: an end, not a slope.
    if same > 2 || darkest.value == 0 || brightest.value == 0 { return false }
    return isSurface(darkest.x, darkest.y) && other.isSurface(darkest.x, darkest.y)
      || isSurface(brightest.x, brightest.y) && other.isSurface(brightest.x, brightest.y)
  }

  /// Whether at least three neighbours have this pixel's colour.
  private func isSurface(_ x: Int, _ y: Int) -> Bool {
    let here = pixel(x, y)
    var same = isAtBorder(x, y) ? 1 : 0
    for ny in max(y - 1, 0)...min(y + 1, size.height - 1) {
      for nx in max(x - 1, 0)...min(x + 1, size.width - 1)
      where (nx != x || ny != y) && pixel(nx, ny) == here { same += 1 }
    }
    return same > 2
  }

  private func isAtBorder(_ x: Int, _ y: Int) -> Bool {
    x == 0 || y == 0 || x == size.width - 1 || y == size.height - 1
  }

  private func pixel(_ x: Int, _ y: Int) -> UInt32 {
    PixelComparison.pixel(bytes, (y * size.width + x) * 4)
  }

  private func brightness(_ x: Int, _ y: Int) -> Int {
    let value = Int(pixel(x, y))
    return 299 * (value >> 16) + 587 * (value >> 8 & 0xFF) + 114 * (value & 0xFF)
  }
}
