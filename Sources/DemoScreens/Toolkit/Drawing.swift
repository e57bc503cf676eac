import Pixels

/// A colour with an opacity, each part 0…255.
struct Ink: Hashable, Sendable {
  let red, green, blue: UInt8
  let opacity: UInt8

  /// A colour as written on the web, `0xRRGGBB`.
  init(_ hex: UInt32, opacity: UInt8 = 255) {
    red = UInt8(truncatingIfNeeded: hex >> 16)
    green = UInt8(truncatingIfNeeded: hex >> 8)
    blue = UInt8(truncatingIfNeeded: hex)
    self.opacity = opacity
  }
}

/// One thing that is drawn, at pixels of the screen.
enum Shape: Hashable, Sendable {
  /// A filled rectangle with round corners.
  case fill(PixelRect, Ink, radius: Int)
  /// A line of `width` pixels along the inside of a rectangle with round corners.
  case outline(PixelRect, Ink, radius: Int, width: Int)
  /// What a rectangle with round corners throws on the ground, `blur` pixels wide.
  case shadow(PixelRect, Ink, radius: Int, blur: Int)
  /// A line of text in `box`, which is as high as the style's line; what is outside `clip` is not
  /// drawn.
  case text(String, TextStyle, Ink, box: PixelRect, clip: PixelRect)
  /// A tick mark that fills a box.
  case tick(PixelRect, Ink)

  /// All pixels that it can touch.
  var bounds: PixelRect {
    switch self {
    case .fill(let rect, _, _), .outline(let rect, _, _, _), .tick(let rect, _): rect
    case .shadow(let rect, _, _, let blur): rect.insetBy(-blur)
    // Slanted letters may stick out of the box by a little.
    case .text(_, _, _, let box, let clip): box.insetBy(-3).intersection(clip)
    }
  }
}

/// A whole screen as shapes, the first one lowest.
struct Drawing: Hashable, Sendable {
  let size: PixelSize
  let background: Ink
  var shapes: [Shape] = []

  /// Every line of text in it.
  var text: [String] {
    shapes.compactMap { shape in
      guard case .text(let text, _, _, _, _) = shape else { return nil }
      return text
    }
  }

  /// What must be drawn again on a screen that shows `former`.
  func damage(since former: Drawing) -> PixelRect {
    guard size == former.size, background == former.background else { return size.bounds }
    guard shapes != former.shapes else { return PixelRect(x: 0, y: 0, width: 0, height: 0) }
    let changed = Set(shapes).symmetricDifference(former.shapes)
    // The same shapes in another order overlap in another way.
    guard !changed.isEmpty else { return size.bounds }
    return changed.reduce(PixelRect(x: 0, y: 0, width: 0, height: 0)) { $0.union($1.bounds) }
      .intersection(size.bounds)
  }
}
