import Pixels

/// The part of a needle that is looked for in its stead: the one with the most to see.
///
/// Wide fields and rows are mostly empty. Where the small part fits, all of the needle is compared; where the
/// needle fits, its part does nearly as well, because most of the detail is in it.
struct NeedleProbe {
  let needle: Needle
  /// Where in the whole needle it begins.
  let x: Int, y: Int

  private static let width = 96
  private static let height = 40
  /// How much of the detail must be in the part.
  private static let share: Float = 0.7
  /// A step of the search for the best part.
  private static let step = 8

  /// The part, or all of a needle that is small or has its detail everywhere.
  init(_ whole: Needle, channel: Plane.Channel) {
    let size = whole.frame.size
    if size.width > Self.width || size.height > Self.height,
      let place = Self.place(in: whole, channel: channel),
      let part = try? whole.cropped(to: place)
    {
      (needle, x, y) = (part, place.x, place.y)
    } else {
      (needle, x, y) = (whole, 0, 0)
    }
  }

  /// Where the squared distances from the mean add up to the most.
  private static func place(in whole: Needle, channel: Plane.Channel) -> PixelRect? {
    let size = whole.frame.size
    let plane = Plane(whole.frame, part: size.bounds, level: 0, channel: channel)
    let (width, height) = (min(size.width, width), min(size.height, height))
    return PlaneSums(plane).withUnsafe { sums in
      let all = sums(0, 0, size.width, size.height)
      let mean = Float(all.sum) / Float(size.area)
      func detail(_ part: (sum: Int, square: Int), _ count: Int) -> Float {
        Float(part.square) - 2 * mean * Float(part.sum) + mean * mean * Float(count)
      }
      var best: (place: PixelRect, detail: Float)?
      for y in stride(from: 0, through: size.height - height, by: step) {
        for x in stride(from: 0, through: size.width - width, by: step) {
          let here = detail(sums(x, y, width, height), width * height)
          if here > best?.detail ?? -.infinity {
            best = (PixelRect(x: x, y: y, width: width, height: height), here)
          }
        }
      }
      guard let best, best.detail >= share * detail(all, size.area) else { return nil }
      return best.place
    }
  }
}

extension Needle {
  /// A part of it, which must have enough detail by itself.
  fileprivate func cropped(to rect: PixelRect) throws(ImagingError) -> Needle? {
    guard let part = frame.cropped(to: rect) else { return nil }
    let flags = mask.map { mask in
      (rect.y..<rect.maxY).flatMap { y in
        mask[(y * frame.size.width + rect.x)..<(y * frame.size.width + rect.maxX)]
      }
    }
    return try Needle(part, mask: flags)
  }
}
