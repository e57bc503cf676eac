public import Pixels

/// A part of a screen at another size, and the way from it back to the screen.
public struct Zoom: Sendable {
  /// The part of the screen that it shows.
  public let region: PixelRect
  /// The size of the screen.
  public let screen: PixelSize
  /// The picture.
  public let picture: Frame

  /// Shows a part of a screen.
  ///
  /// - Parameters:
  ///   - frame: the screen.
  ///   - region: the part, cut to the screen.
  ///   - size: the size of the picture; nil enlarges the part by a whole number so that it fits into the
  ///     screen's size, at least once and at most 8 times.
  /// - Throws: `outside` when no pixel of `region` is on the frame.
  public init(
    _ frame: Frame, region: PixelRect, to size: PixelSize? = nil
  ) throws(ImagingError) {
    guard let part = frame.cropped(to: region) else {
      throw ImagingError(
        .outside, "the region \(region) is not on a picture of \(frame.size)")
    }
    self.region = frame.size.bounds.intersection(region)
    screen = frame.size
    picture = Scaler.areaAverage(part, to: size ?? Self.enlarged(part.size, within: frame.size))
  }

  /// The point of the screen that a pixel of the picture shows; nil when it is not on the picture.
  public func screenPoint(x: Int, y: Int) -> ScreenPoint? {
    guard picture.size.bounds.contains(x: x, y: y) else { return nil }
    // The middle of the pixel, doubled to stay in whole numbers.
    return screen.point(
      x: region.x + (2 * x + 1) * region.width / (2 * picture.size.width),
      y: region.y + (2 * y + 1) * region.height / (2 * picture.size.height))
  }

  /// The pixel of the picture that shows the middle of a point; nil when the picture does not show it.
  public func pixel(of point: ScreenPoint) -> (x: Int, y: Int)? {
    guard region.contains(x: point.x, y: point.y) else { return nil }
    return (
      (2 * (point.x - region.x) + 1) * picture.size.width / (2 * region.width),
      (2 * (point.y - region.y) + 1) * picture.size.height / (2 * region.height)
    )
  }

  /// How a model states coordinates on this picture.
  public func space(unit: ModelSpace.Unit, order: ModelSpace.Order) -> ModelSpace {
    ModelSpace(unit: unit, order: order, sent: picture.size, region: region, screen: screen)
  }

  private static func enlarged(_ part: PixelSize, within screen: PixelSize) -> PixelSize {
    let factor = min(max(min(screen.width / part.width, screen.height / part.height), 1), 8)
    return PixelSize(clampingWidth: part.width * factor, height: part.height * factor)
  }
}
