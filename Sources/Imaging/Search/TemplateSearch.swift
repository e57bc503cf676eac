public import Pixels

/// Finds a picture on a screen.
///
/// In this order, and the first that is sure ends it: the same pixels near the old place, a similar picture
/// there, the same pixels anywhere, a similar picture anywhere. The same pixels at one place only are sure
/// whatever else is on the screen; a similar picture only when nothing else is nearly as similar.
public struct TemplateSearch: Sendable {
  /// What counts as found.
  public struct Rule: Hashable, Sendable {
    /// The least score of a picture that is taken, 0…1.
    public var threshold: Double
    /// How much lower the next best score must be, 0…1.
    public var margin: Double
    /// How many pixels around the old place belong to it.
    public var reach: Int
    /// Whether colours count, not brightness alone.
    public var isColor: Bool
    /// The sizes at which the picture may appear; others within a few percent are found with them.
    public var scales: [Double]

    /// Sizes from 0.8 to 1.25 of the picture's own.
    public static let manyScales = [1, 0.95, 1.05, 0.9, 1.1, 0.85, 1.15, 0.8, 1.2, 1.25]

    /// A rule; numbers out of bounds are brought inside.
    public init(
      threshold: Double = 0.9, margin: Double = 0.04, reach: Int = 50, isColor: Bool = true,
      scales: [Double] = [1]
    ) {
      self.threshold = min(max(threshold, 0.3), 1)
      self.margin = min(max(margin, 0), 1)
      self.reach = min(max(reach, 0), PixelSize.limit)
      self.isColor = isColor
      self.scales = scales.filter { (0.25...4).contains($0) }
    }
  }

  /// One place where the picture is, or may be.
  public struct Place: Hashable, Sendable {
    /// Where, inside the frame.
    public let rect: PixelRect
    /// How well it fits, 0…1; 1 for the same pixels.
    public let score: Double
    /// Its size there in proportion to its own.
    public let scale: Double
    /// Whether every pixel that counts is the same.
    let isExact: Bool
  }

  /// What came of a search.
  public enum Outcome: Hashable, Sendable {
    /// It is here and nowhere else.
    case found(Place)
    /// It may be at any of these places, the best first; 32 at most. A single one means that the screen is
    /// so full of similar places that not all could be looked at.
    case ambiguous([Place])
    /// It is not there; the most similar place, if there is one worth a look.
    case absent(best: Place?)
  }

  /// What is looked for.
  public let needle: Needle
  /// What counts as found.
  public let rule: Rule

  /// A search; it can be used again and again.
  public init(_ needle: Needle, rule: Rule = Rule()) {
    self.needle = needle
    self.rule = rule
  }

  /// Looks for the picture on a frame.
  ///
  /// Bounded in memory and time. Takes below a millisecond for the same pixels, and a few for a similar picture
  /// anywhere, for each size; more where much of the screen looks like it, above all for wide, faint pictures that
  /// are mostly empty, whose search has taken up to half a second. `script/bench 31 search` names the worst.
  ///
  /// - Parameters:
  ///   - frame: the screen.
  ///   - region: the part in which all of the picture must be; nil means anywhere.
  ///   - near: where it was seen last; it is looked for around that first.
  public func search(
    _ frame: Frame, in region: PixelRect? = nil, near: PixelRect? = nil
  ) -> Outcome {
    let bounds = frame.size.bounds.intersection(region ?? frame.size.bounds)
    let exact = ExactSearch(needle, in: frame)
    if let near {
      let around = bounds.intersection(near.insetBy(-rule.reach))
      let outcome = search(frame, in: around, exact)
      guard case .absent = outcome else { return outcome }
    }
    return search(frame, in: bounds, exact)
  }

  private func search(_ frame: Frame, in region: PixelRect, _ exact: ExactSearch) -> Outcome {
    let size = needle.frame.size
    let same = (exact.corners(in: region) ?? []).map { corner in
      let rect = PixelRect(x: corner.x, y: corner.y, width: size.width, height: size.height)
      return Place(rect: rect, score: 1, scale: 1, isExact: true)
    }
    if same.count > 1 { return .ambiguous(same) }
    if let only = same.first { return .found(only) }
    return judge(SimilarSearch(needle, rule: rule).places(on: frame, in: region))
  }

  /// The gate: the best is taken only when the next best is clearly worse.
  private func judge(_ search: (places: [Place], isComplete: Bool)) -> Outcome {
    guard let best = search.places.first, best.score >= rule.threshold else {
      return .absent(best: search.places.first)
    }
    let rivals = search.places.filter { $0.score > best.score - rule.margin }
    // What was not looked at fits worse coarsely, which is no proof: then the best has to be nearly the same.
    let isSure = search.isComplete || best.score >= (1 + rule.threshold) / 2
    return rivals.count > 1 || !isSure ? .ambiguous(rivals) : .found(best)
  }
}
