/// How a model states coordinates, and what picture of which part of the screen it was shown.
///
/// The only way from a model's numbers to a `ScreenPoint`.
public struct ModelSpace: Hashable, Codable, Sendable {
  /// What a model's numbers are counted in.
  public enum Unit: String, Hashable, Codable, Sendable, CaseIterable {
    /// Pixels of the picture that was sent.
    case pixels
    /// Thousandths of the picture's side, 0…1000.
    case thousandths
    /// Fractions of the picture's side, 0…1.
    case fractions
  }

  /// Which number comes first.
  public enum Order: String, Hashable, Codable, Sendable, CaseIterable {
    /// Across, then down.
    case xy
    /// Down, then across.
    case yx
  }

  /// Why a pair of numbers is no point on the screen.
  public enum Rejection: Error, Hashable, Codable, Sendable {
    /// A number is NaN or infinite.
    case notFinite
    /// The numbers lie more than one percent outside of the space, which spans these two sides.
    case outside(width: Double, height: Double)
  }

  /// What the numbers are counted in.
  public let unit: Unit
  /// Which number comes first.
  public let order: Order
  /// The size of the picture that was sent.
  public let sent: PixelSize
  /// The part of the screen that the picture shows, inside `screen`.
  public let region: PixelRect
  /// The size of the screen.
  public let screen: PixelSize

  /// A space; `region` is cut to the screen, and an empty one means the whole screen.
  public init(
    unit: Unit = .pixels, order: Order = .xy, sent: PixelSize, region: PixelRect? = nil,
    screen: PixelSize
  ) {
    self.unit = unit
    self.order = order
    self.sent = sent
    let visible = screen.bounds.intersection(region ?? screen.bounds)
    self.region = visible.isEmpty ? screen.bounds : visible
    self.screen = screen
  }

  /// The two sides of the space in the model's own unit.
  public var extent: (width: Double, height: Double) {
    switch unit {
    case .pixels: (Double(sent.width), Double(sent.height))
    case .thousandths: (1000, 1000)
    case .fractions: (1, 1)
    }
  }

  /// The point that a model means by two numbers, in the order it writes them.
  ///
  /// Numbers up to one percent outside are brought to the edge; others are rejected.
  public func point(_ first: Double, _ second: Double) throws(Rejection) -> ScreenPoint {
    guard first.isFinite, second.isFinite else { throw .notFinite }
    let (across, down) = order == .xy ? (first, second) : (second, first)
    let extent = self.extent
    guard
      (-0.01 * extent.width...1.01 * extent.width).contains(across),
      (-0.01 * extent.height...1.01 * extent.height).contains(down)
    else { throw .outside(width: extent.width, height: extent.height) }
    let x = pixel(across, of: extent.width, start: region.x, length: region.width)
    let y = pixel(down, of: extent.height, start: region.y, length: region.height)
    guard let point = screen.point(x: x, y: y) else {
      throw .outside(width: extent.width, height: extent.height)
    }
    return point
  }

  /// Whether two numbers may be counted as this space counts: inside of it, and no fractions where it counts
  /// otherwise.
  public func mayMean(_ first: Double, _ second: Double) -> Bool {
    let (across, down) = order == .xy ? (first, second) : (second, first)
    return (0...extent.width).contains(across) && (0...extent.height).contains(down)
      && !countsDifferently([first, second])
  }

  /// Whether numbers are fractions of a side where this space counts otherwise.
  ///
  /// Whole numbers are a corner, whoever counts.
  public func countsDifferently(_ numbers: [Double]) -> Bool {
    unit != .fractions && !numbers.isEmpty && numbers.allSatisfy { (0...1).contains($0) }
      && numbers.contains { $0 != $0.rounded() }
  }

  /// The model's numbers, in the order it writes them, for the middle of a pixel: the way back.
  public func numbers(for point: ScreenPoint) -> (first: Double, second: Double) {
    let extent = self.extent
    let across = (Double(point.x - region.x) + 0.5) / Double(region.width) * extent.width
    let down = (Double(point.y - region.y) + 0.5) / Double(region.height) * extent.height
    return order == .xy ? (across, down) : (down, across)
  }

  /// The pixel that holds a position on a side, brought inside it.
  ///
  /// Multiplies first: a quotient that was rounded down would put whole numbers one pixel too low.
  private func pixel(_ position: Double, of extent: Double, start: Int, length: Int) -> Int {
    let offset = (position * Double(length) / extent).rounded(.down)
    return start + Int(min(max(offset, 0), Double(length - 1)))
  }
}

extension ModelSpace {
  /// Decodes a space; its region is cut to the screen again.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      unit: try values.decode(Unit.self, forKey: .unit),
      order: try values.decode(Order.self, forKey: .order),
      sent: try values.decode(PixelSize.self, forKey: .sent),
      region: try values.decode(PixelRect.self, forKey: .region),
      screen: try values.decode(PixelSize.self, forKey: .screen))
  }
}
