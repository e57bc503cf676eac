import Pixels

/// The mark of a box that stands for several others of which only some are on: a dash, a square that leaves a
/// margin, a grey ground, or a tick on a ground of dots.
enum HalfTick {
  /// Whether the mark of a box is such a one.
  ///
  /// - Parameter isRound: whether it is a ring, in which a dot is what a square is not: on.
  static func isIn(_ box: PixelRect, isRound: Bool, _ page: UInt32, _ frame: Frame) -> Bool {
    if !isRound, isGrey(box, page, frame) || isDotted(box, frame) { return true }
    let inside = box.insetBy(max(box.width / 7, 2))
    // Along its edge, because a wide mark may have more pixels than a shaded ground has of any one colour.
    let edge = PixelRect(x: inside.x, y: inside.y, width: inside.width, height: 1)
    guard inside.width >= 5, let ground = PixelColors.commonest(in: edge, of: frame) else {
      return false
    }
    guard let mark = mark(in: inside, ground, frame), mark.fill >= 80 else { return false }
    let (width, height) = (mark.box.width, mark.box.height)
    let isMiddle =
      abs(mark.box.center.y - inside.center.y) * 6 <= inside.height
      && abs(mark.box.center.x - inside.center.x) * 6 <= inside.width
    guard isMiddle else { return false }
    let isDash = width * 10 >= inside.width * 5 && height * 2 <= width
    let isSquare =
      !isRound && abs(width - height) <= 1 && width * 10 >= inside.width * 4
      && width + 2 <= inside.width
    return isDash || isSquare
  }

  /// Whether the middle of a box is grey, with nothing drawn on it, though the page is light.
  private static func isGrey(_ box: PixelRect, _ page: UInt32, _ frame: Frame) -> Bool {
    let inside = box.insetBy(max(box.width * 3 / 10, 3))
    guard let main = PixelColors.commonest(in: inside, of: frame) else { return false }
    let (here, around) = (PixelColors.lightness(main), PixelColors.lightness(page))
    guard around >= 128, around - here >= 64, PixelColors.saturation(main) < 60 else {
      return false
    }
    return mark(in: inside, main, frame) == nil
  }

  /// Whether the ground changes from pixel to pixel between two shades, which is how old styles draw grey.
  private static func isDotted(_ box: PixelRect, _ frame: Frame) -> Bool {
    let inside = box.insetBy(max(box.width / 7, 2))
    guard let ground = PixelColors.commonest(in: inside, of: frame) else { return false }
    var (pairs, changes) = (0, 0)
    for y in inside.y..<inside.maxY {
      for x in inside.x..<inside.maxX - 1 {
        let (one, other) = (PixelColors.pixel(x, y, frame), PixelColors.pixel(x + 1, y, frame))
        guard Surfaces.distance(one, ground) < 40, Surfaces.distance(other, ground) < 40 else {
          continue
        }
        pairs += 1
        if Surfaces.distance(one, other) >= 8 { changes += 1 }
      }
    }
    return pairs >= 12 && changes * 10 >= pairs * 6
  }

  /// The box around what is drawn on a ground, and how much of it is drawn, in percent.
  private static func mark(
    in inside: PixelRect, _ ground: UInt32, _ frame: Frame
  ) -> (box: PixelRect, fill: Int)? {
    var box = PixelRect(x: 0, y: 0, width: 0, height: 0)
    var count = 0
    for y in inside.y..<inside.maxY {
      for x in inside.x..<inside.maxX
      where Surfaces.distance(PixelColors.pixel(x, y, frame), ground) >= 56 {
        box = box.union(PixelRect(x: x, y: y, width: 1, height: 1))
        count += 1
      }
    }
    return count == 0 ? nil : (box, count * 100 / box.area)
  }
}
