/// The size of a picture or a screen, in pixels.
///
/// Both sides are at least 1 and at most `limit`, also when it is decoded.
public struct PixelSize: Hashable, Codable, Sendable, CustomStringConvertible {
  /// The longest side any part of the program accepts, in pixels.
  public static let limit = 16_384

  /// Pixels across.
  public let width: Int
  /// Pixels down.
  public let height: Int

  /// A size, or nil when a side is not in `1...limit`.
  public init?(width: Int, height: Int) {
    guard (1...Self.limit).contains(width), (1...Self.limit).contains(height) else { return nil }
    self.width = width
    self.height = height
  }

  /// A size whose sides are brought into `1...limit`.
  public init(clampingWidth width: Int, height: Int) {
    self.width = min(max(width, 1), Self.limit)
    self.height = min(max(height, 1), Self.limit)
  }

  /// The number of pixels.
  public var area: Int { width * height }

  /// The whole of it as a rectangle at the origin.
  public var bounds: PixelRect { PixelRect(x: 0, y: 0, width: width, height: height) }

  /// `1280x800`.
  public var description: String { "\(width)x\(height)" }
}

/// A half-open rectangle in pixels; it may be empty, and it may lie outside a screen.
///
/// Its numbers must come from checked sources: arithmetic on them traps on overflow. Decoding is one:
/// it accepts numbers up to `limit` in both directions.
public struct PixelRect: Hashable, Codable, Sendable, CustomStringConvertible {
  /// The left edge.
  public var x: Int
  /// The top edge.
  public var y: Int
  /// Pixels across; negative counts as empty.
  public var width: Int
  /// Pixels down; negative counts as empty.
  public var height: Int

  /// A rectangle from its corner and its sides.
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The first column to the right of it.
  public var maxX: Int { x + width }
  /// The first row below it.
  public var maxY: Int { y + height }
  /// Whether it holds no pixel.
  public var isEmpty: Bool { width <= 0 || height <= 0 }
  /// The number of pixels, 0 when empty.
  public var area: Int { isEmpty ? 0 : width * height }
  /// The middle, rounded down.
  public var center: (x: Int, y: Int) { (x + width / 2, y + height / 2) }

  /// Whether the pixel at `x`, `y` is inside.
  public func contains(x px: Int, y py: Int) -> Bool {
    px >= x && px < maxX && py >= y && py < maxY
  }

  /// The part both share; empty when they share nothing.
  public func intersection(_ other: PixelRect) -> PixelRect {
    let left = max(x, other.x)
    let top = max(y, other.y)
    let right = min(maxX, other.maxX)
    let bottom = min(maxY, other.maxY)
    guard right > left, bottom > top else { return PixelRect(x: left, y: top, width: 0, height: 0) }
    return PixelRect(x: left, y: top, width: right - left, height: bottom - top)
  }

  /// Whether both share a pixel.
  public func intersects(_ other: PixelRect) -> Bool { !intersection(other).isEmpty }

  /// The smallest rectangle around both; an empty one adds nothing.
  public func union(_ other: PixelRect) -> PixelRect {
    if isEmpty { return other }
    if other.isEmpty { return self }
    let left = min(x, other.x)
    let top = min(y, other.y)
    return PixelRect(
      x: left, y: top, width: max(maxX, other.maxX) - left, height: max(maxY, other.maxY) - top)
  }

  /// The rectangle shrunk by `margin` on each side; a negative margin lets it grow.
  public func insetBy(_ margin: Int) -> PixelRect {
    PixelRect(x: x + margin, y: y + margin, width: width - 2 * margin, height: height - 2 * margin)
  }

  /// `10,20 300x40`.
  public var description: String { "\(x),\(y) \(width)x\(height)" }
}

/// A pixel that is known to be on the screen it was made for.
///
/// There is no free initialiser: a point comes from a screen size that contains it, from the middle of
/// what perception found, or from a `ModelSpace`.
public struct ScreenPoint: Hashable, Codable, Sendable, CustomStringConvertible {
  /// Pixels from the left edge.
  public let x: Int
  /// Pixels from the top edge.
  public let y: Int

  fileprivate init(x: Int, y: Int) {
    self.x = x
    self.y = y
  }

  /// `120,48`.
  public var description: String { "\(x),\(y)" }
}

extension PixelSize {
  /// The point at `x`, `y`, or nil when it is outside a screen of this size.
  public func point(x: Int, y: Int) -> ScreenPoint? {
    bounds.contains(x: x, y: y) ? ScreenPoint(x: x, y: y) : nil
  }

  /// The middle of the part of `rect` that is on a screen of this size, or nil when none of it is.
  public func center(of rect: PixelRect) -> ScreenPoint? {
    let visible = bounds.intersection(rect)
    guard !visible.isEmpty else { return nil }
    return ScreenPoint(x: visible.center.x, y: visible.center.y)
  }

  /// The middle of a screen of this size.
  public var center: ScreenPoint { ScreenPoint(x: width / 2, y: height / 2) }
}

// MARK: - Decoding, which is where numbers come from outside

extension PixelSize {
  /// Decodes a size; sides that are not in `1...limit` are an error.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let width = try values.decode(Int.self, forKey: .width)
    let height = try values.decode(Int.self, forKey: .height)
    guard let size = PixelSize(width: width, height: height) else {
      throw DecodingError.outOfBounds("\(width)x\(height) is no picture size", values.codingPath)
    }
    self = size
  }
}

extension PixelRect {
  /// The largest number that is decoded, in both directions.
  public static let limit = 1 << 20

  /// Decodes a rectangle; numbers beyond `limit` are an error.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      x: try values.decode(Int.self, forKey: .x), y: try values.decode(Int.self, forKey: .y),
      width: try values.decode(Int.self, forKey: .width),
      height: try values.decode(Int.self, forKey: .height))
    guard [x, y, width, height].allSatisfy({ $0.magnitude <= Self.limit }) else {
      throw DecodingError.outOfBounds("\(self) is no place on a picture", values.codingPath)
    }
  }
}

extension ScreenPoint {
  /// Decodes a point; one that lies on no screen of any size is an error.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let x = try values.decode(Int.self, forKey: .x)
    let y = try values.decode(Int.self, forKey: .y)
    guard (0..<PixelSize.limit).contains(x), (0..<PixelSize.limit).contains(y) else {
      throw DecodingError.outOfBounds("\(x),\(y) is on no screen", values.codingPath)
    }
    self.init(x: x, y: y)
  }
}

extension DecodingError {
  static func outOfBounds(_ message: String, _ path: [any CodingKey]) -> DecodingError {
    .dataCorrupted(Context(codingPath: path, debugDescription: message))
  }
}
