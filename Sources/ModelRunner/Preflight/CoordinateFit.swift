public import Pixels

/// Finds out in which space a model answers, from places that are known.
public struct CoordinateFit: Hashable, Sendable {
  /// A place on the picture and what the model said about it.
  public struct Sample: Hashable, Sendable {
    /// The place, in pixels of the picture that was sent.
    public let x: Int
    /// The same, down.
    public let y: Int
    /// The model's numbers, in the order it wrote them.
    public let first: Double
    /// The second of them.
    public let second: Double

    /// A sample.
    public init(x: Int, y: Int, first: Double, second: Double) {
      self.x = x
      self.y = y
      self.first = first
      self.second = second
    }
  }

  /// A space and how far off the answers are in it.
  public struct Hypothesis: Hashable, Sendable {
    /// What the numbers are counted in.
    public let unit: ModelSpace.Unit
    /// Which number comes first.
    public let order: ModelSpace.Order
    /// The middle error, as a share of the picture's diagonal.
    public let error: Double
  }

  /// All spaces, the best first.
  let ranking: [Hypothesis]

  /// The largest error that is still a hit, as a share of the diagonal.
  public static let tolerance = 0.03

  /// Fits samples from pictures of one size; nil when there are fewer than three.
  public init?(_ samples: [Sample], picture: PixelSize) {
    guard samples.count >= 3 else { return nil }
    var ranking: [Hypothesis] = []
    for unit in ModelSpace.Unit.allCases {
      for order in ModelSpace.Order.allCases {
        let space = ModelSpace(unit: unit, order: order, sent: picture, screen: picture)
        let errors = samples.map { Self.error($0, in: space) }.sorted()
        ranking.append(Hypothesis(unit: unit, order: order, error: errors[errors.count / 2]))
      }
    }
    self.ranking = ranking.sorted { $0.error < $1.error }
  }

  /// The space that the model answers in; nil when none fits, or two fit alike.
  public var best: Hypothesis? {
    guard let first = ranking.first, first.error <= Self.tolerance,
      ranking.count < 2 || ranking[1].error > 2 * max(first.error, 0.005)
    else { return nil }
    return first
  }

  /// How far off a sample is, in diagonals; a place outside counts as a whole diagonal.
  private static func error(_ sample: Sample, in space: ModelSpace) -> Double {
    guard let point = try? space.point(sample.first, sample.second) else { return 1 }
    let (across, down) = (Double(point.x - sample.x), Double(point.y - sample.y))
    let (width, height) = (Double(space.screen.width), Double(space.screen.height))
    return ((across * across + down * down) / (width * width + height * height)).squareRoot()
  }
}
