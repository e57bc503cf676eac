public import Pixels
public import Scenario

/// Everything that is fixed before an attempt begins: the first input of the machine.
public struct SessionPlan: Hashable, Codable, Sendable {
  /// The case.
  public var testCase: Case
  /// Which attempt this is, from 1.
  public var attempt: Int
  /// What the model lane can do; nil when there is none, with `modelReason` saying why.
  public var model: ModelProfile?
  /// Why there is no model.
  public var modelReason: String
  /// Whether unchecked passes fail.
  public var isStrict: Bool
  /// Default limit of a check or of the search for a target.
  public var patience: Duration
  /// Whether a person is asked before each step and each action.
  public var isSupervised: Bool

  /// A plan.
  public init(
    testCase: Case, attempt: Int = 1, model: ModelProfile? = nil, modelReason: String = "",
    isStrict: Bool = false, patience: Duration = .seconds(10), isSupervised: Bool = false
  ) {
    self.testCase = testCase
    self.attempt = attempt
    self.model = model
    self.modelReason = modelReason
    self.isStrict = isStrict
    self.patience = patience
    self.isSupervised = isSupervised
  }
}

/// What the machine must know of a model to read its answers.
public struct ModelProfile: Hashable, Codable, Sendable {
  /// What its coordinates are counted in.
  public var unit: ModelSpace.Unit
  /// Which number comes first.
  public var order: ModelSpace.Order
  /// The size of the pictures it is sent, for each screen size: the same rule as the sender's.
  public var imageRule: ImageRule

  /// A profile.
  public init(
    unit: ModelSpace.Unit = .pixels, order: ModelSpace.Order = .xy,
    imageRule: ImageRule = ImageRule()
  ) {
    self.unit = unit
    self.order = order
    self.imageRule = imageRule
  }
}

/// How big a picture may be that a model is sent.
public struct ImageRule: Hashable, Codable, Sendable {
  /// Both sides are multiples of this.
  public var factor: Int
  /// The most pixels.
  public var maximumArea: Int
  /// The longest side.
  public var maximumSide: Int

  /// A rule; the defaults leave a 1280×800 screen as it is.
  public init(factor: Int = 1, maximumArea: Int = 1_300_000, maximumSide: Int = 1568) {
    self.factor = max(1, factor)
    self.maximumArea = max(1, maximumArea)
    self.maximumSide = max(1, maximumSide)
  }

  /// The size at which a screen is sent: as big as the rule allows, never bigger than the screen but for
  /// rounding to the factor, in the screen's proportions.
  public func sentSize(for screen: PixelSize) -> PixelSize {
    let area = (Double(maximumArea) / Double(screen.area)).squareRoot()
    let side = Double(maximumSide) / Double(max(screen.width, screen.height))
    let scale = min(1, area, side)
    return PixelSize(
      clampingWidth: rounded(screen.width, scale), height: rounded(screen.height, scale))
  }

  private func rounded(_ length: Int, _ scale: Double) -> Int {
    let units = Double(length) * scale / Double(factor)
    let whole = scale < 1 ? units.rounded(.down) : units.rounded()
    return max(1, Int(whole)) * factor
  }
}
