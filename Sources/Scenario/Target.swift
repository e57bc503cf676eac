public import Hands

/// What a step is done to.
public struct Target: Hashable, Codable, Sendable, CustomStringConvertible {
  /// How it is named.
  public enum Kind: Hashable, Codable, Sendable {
    /// Text seen on the screen.
    case text(Template)
    /// A picture, by its path under the project root.
    case image(String, Likeness)
    /// A place in pixels.
    case at(x: Int, y: Int)
    /// Words for the model.
    case describe(Template)
  }

  /// How it is named.
  public var kind: Kind
  /// Whether the text must be exactly this, case and all.
  public var exact: Bool
  /// Which of several hits in reading order, from 1.
  public var nth: Int?
  /// The hit nearest to this text.
  public var near: Template?
  /// The hits left of this text.
  public var leftOf: Template?
  /// The hits right of this text.
  public var rightOf: Template?
  /// The hits above this text.
  public var above: Template?
  /// The hits below this text.
  public var below: Template?
  /// The hits inside this part of the screen.
  public var region: Region?
  /// What kind of thing it is; nil when that is not said.
  public var noun: TargetKind?

  /// A target.
  public init(
    _ kind: Kind, exact: Bool = false, nth: Int? = nil, near: Template? = nil,
    leftOf: Template? = nil, rightOf: Template? = nil, above: Template? = nil,
    below: Template? = nil, region: Region? = nil, noun: TargetKind? = nil
  ) {
    self.kind = kind
    self.exact = exact
    self.nth = nth
    self.near = near
    self.leftOf = leftOf
    self.rightOf = rightOf
    self.above = above
    self.below = below
    self.region = region
    self.noun = noun
  }

  /// The target in words: the text in quotes, the picture's path, the place or the description.
  public var description: String {
    switch kind {
    case .text(let text): "“\(text)”"
    case .image(let path, _): "the picture \(path)"
    case .at(let x, let y): "the point \(x),\(y)"
    case .describe(let words): "\(words)"
    }
  }
}

/// A part of the screen.
public enum Region: Hashable, Codable, Sendable {
  /// Pixels: left, top, across, down.
  case pixels(x: Int, y: Int, width: Int, height: Int)
  /// A named part.
  case named(Name)

  /// The named parts: thirds of the screen in both directions, and its halves.
  public enum Name: String, Hashable, Codable, Sendable, CaseIterable {
    case topLeft = "top-left"
    case top
    case topRight = "top-right"
    case left
    case center
    case right
    case bottomLeft = "bottom-left"
    case bottom
    case bottomRight = "bottom-right"
    case topHalf = "top-half"
    case bottomHalf = "bottom-half"
    case leftHalf = "left-half"
    case rightHalf = "right-half"
  }
}
