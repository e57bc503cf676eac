/// The sizes of pictures that a family of models takes as they are.
///
/// A picture of such a size is neither scaled nor padded by the engine, so coordinates on it mean what
/// they say. Everything else is the engine's affair, and engines differ.
public struct ImageRule: Hashable, Codable, Sendable {
  /// Both sides are multiples of this, 1…4096.
  public let factor: Int
  /// The fewest pixels.
  public let minimumArea: Int
  /// The most pixels, at least 1.
  public let maximumArea: Int
  /// The longest side, 1…16384.
  public let longEdge: Int
  /// The one size there is, for models that bring every picture to it.
  public let fixed: PixelSize?

  /// A rule for any size within limits; numbers out of bounds are brought inside.
  public init(factor: Int, minimumArea: Int = 1, maximumArea: Int, longEdge: Int) {
    self.init(
      factor: factor, minimumArea: minimumArea, maximumArea: maximumArea, longEdge: longEdge,
      fixed: nil)
  }

  /// A rule for one size only.
  public init(fixed: PixelSize) {
    self.init(
      factor: 1, minimumArea: 1, maximumArea: fixed.area,
      longEdge: max(fixed.width, fixed.height), fixed: fixed)
  }

  private init(
    factor: Int, minimumArea: Int, maximumArea: Int, longEdge: Int, fixed: PixelSize?
  ) {
    let largest = PixelSize.limit * PixelSize.limit
    self.factor = min(max(factor, 1), 4096)
    self.minimumArea = min(max(minimumArea, 1), largest)
    self.maximumArea = min(max(maximumArea, 1), largest)
    self.longEdge = min(max(longEdge, 1), PixelSize.limit)
    self.fixed = fixed
  }

  /// Decodes a rule; numbers out of bounds are brought inside.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      factor: try values.decode(Int.self, forKey: .factor),
      minimumArea: try values.decode(Int.self, forKey: .minimumArea),
      maximumArea: try values.decode(Int.self, forKey: .maximumArea),
      longEdge: try values.decode(Int.self, forKey: .longEdge),
      fixed: try values.decodeIfPresent(PixelSize.self, forKey: .fixed))
  }

  /// The size at which to send a picture of a part of the screen.
  ///
  /// The nearest to the part's own size that the rule allows. The sides are rounded each for itself, so
  /// the proportions may change by a few percent; `ModelSpace` takes that into account.
  public func size(for part: PixelSize) -> PixelSize {
    if let fixed { return fixed }
    let (width, height) = (Double(part.width), Double(part.height))
    var scale = min(
      1, Double(longEdge) / max(width, height),
      (Double(maximumArea) / (width * height)).squareRoot())
    let smallest = (Double(minimumArea) / (width * height)).squareRoot()
    // A small picture is enlarged, but never past the long edge.
    if scale < smallest { scale = min(smallest, Double(longEdge) / max(width, height)) }
    var across = steps(width * scale, .toNearestOrAwayFromZero)
    var down = steps(height * scale, .toNearestOrAwayFromZero)
    while across * factor > longEdge, across > 1 { across -= 1 }
    while down * factor > longEdge, down > 1 { down -= 1 }
    shrink(&across, &down, aspect: width / height)
    return PixelSize(clampingWidth: across * factor, height: down * factor)
  }

  private func steps(_ length: Double, _ rule: FloatingPointRoundingRule) -> Int {
    max(Int((length / Double(factor)).rounded(rule)), 1)
  }

  /// Takes steps off the side that has too many for the aspect until the area fits.
  private func shrink(_ across: inout Int, _ down: inout Int, aspect: Double) {
    while across * down * factor * factor > maximumArea, across > 1 || down > 1 {
      let isWider = Double(across) / Double(down) > aspect
      if down == 1 || isWider && across > 1 { across -= 1 } else { down -= 1 }
    }
  }
}
