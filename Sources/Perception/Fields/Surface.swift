internal import Pixels

/// Looks along rows and columns of a frame for where a colour ends.
struct Surface {
  /// How far apart two colours may be, in each channel, and still count as one.
  static let tolerance = 20

  let frame: Frame

  /// A direction of looking.
  enum Direction {
    case left, right, up, down

    var step: (x: Int, y: Int) {
      switch self {
      case .left: (-1, 0)
      case .right: (1, 0)
      case .up: (0, -1)
      case .down: (0, 1)
      }
    }
  }

  /// The colour at a place; nil outside of the frame.
  func color(_ x: Int, _ y: Int) -> Color? {
    guard let color = frame.color(x: x, y: y) else { return nil }
    return Color(red: Int(color.red), green: Int(color.green), blue: Int(color.blue))
  }

  /// How many steps it takes from a place until the colour is another one; nil when none is within `limit`.
  func distance(
    from x: Int, _ y: Int, _ direction: Direction, leaving color: Color, limit: Int
  ) -> Int? {
    let step = direction.step
    for count in 0...max(0, limit) {
      guard let here = self.color(x + step.x * count, y + step.y * count) else { return nil }
      if !here.isLike(color) { return count }
    }
    return nil
  }
}

/// A colour, by its channels 0…255.
struct Color: Hashable {
  let red: Int
  let green: Int
  let blue: Int

  /// Whether two colours are as good as one.
  func isLike(_ other: Color, tolerance: Int = Surface.tolerance) -> Bool {
    abs(red - other.red) <= tolerance && abs(green - other.green) <= tolerance
      && abs(blue - other.blue) <= tolerance
  }

  /// The difference between its strongest and its weakest channel: 0 is grey.
  var saturation: Int { max(red, green, blue) - min(red, green, blue) }
}
