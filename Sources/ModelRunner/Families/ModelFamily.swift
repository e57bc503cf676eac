public import JSONCoding
public import Pixels

/// How a family of models wants pictures and states coordinates and calls.
public struct ModelFamily: Hashable, Sendable {
  /// The way a model calls tools.
  public enum Dialect: String, Hashable, Sendable, CaseIterable {
    /// By the protocol's own `tools`.
    case native
    /// By one JSON object that a schema describes; for templates without tools.
    case schema
    /// By a line of text, `Action: click(start_box='(x,y)')`, as UI-TARS was trained.
    case actionText
  }

  /// The family's name, for settings and reports.
  public let name: String
  /// What coordinates are counted in.
  public var unit: ModelSpace.Unit
  /// Which coordinate comes first.
  public var order: ModelSpace.Order
  /// The sizes of pictures.
  public var image: ImageRule
  /// How tools are called.
  public var dialect: Dialect
  /// The template's switch for thinking before the answer, such as `enable_thinking`; nil when there is none.
  var thinkingSwitch: String?
  /// Whether it makes several calls in one reply well, and is asked to.
  ///
  /// Of the others some make calls that their engine cannot take apart (llama.cpp).
  public var makesSeveralCalls: Bool

  /// A family.
  public init(
    name: String, unit: ModelSpace.Unit, order: ModelSpace.Order = .xy, image: ImageRule,
    dialect: Dialect = .native, thinkingSwitch: String? = nil, makesSeveralCalls: Bool = false
  ) {
    self.name = name
    self.unit = unit
    self.order = order
    self.image = image
    self.dialect = dialect
    self.thinkingSwitch = thinkingSwitch
    self.makesSeveralCalls = makesSeveralCalls
  }

  /// The size at which to send a picture of a screen, or of a part of it.
  public func sentSize(for screen: PixelSize) -> PixelSize { image.size(for: screen) }

  /// The fields of a request that switch thinking on or off; none where there is no switch.
  public func thinking(_ isOn: Bool) -> JSONObject {
    guard let thinkingSwitch else { return JSONObject() }
    return JSONObject([
      ("chat_template_kwargs", .object(JSONObject([(thinkingSwitch, .bool(isOn))])))
    ])
  }

  /// About how many tokens a picture of a size costs.
  func imageTokens(for size: PixelSize) -> Int {
    if let fixed = image.fixed { return fixed.area > 500_000 ? 256 : 729 }
    // Models without a patch size of their own count about one token for 750 pixels.
    guard image.factor > 1, image.factor < 512 else { return size.area / 750 + 1 }
    let across = (size.width + image.factor - 1) / image.factor
    let down = (size.height + image.factor - 1) / image.factor
    return across * down + 2
  }

  /// The space of coordinates for a picture of a region, sent at the size this family wants.
  ///
  /// - Parameters:
  ///   - screen: the screen's size.
  ///   - region: the part of it that is shown; nil is all of it.
  public func space(for screen: PixelSize, region: PixelRect? = nil) -> ModelSpace {
    let whole = ModelSpace(sent: screen, region: region, screen: screen)
    let part = PixelSize(clampingWidth: whole.region.width, height: whole.region.height)
    return ModelSpace(
      unit: unit, order: order, sent: sentSize(for: part), region: whole.region, screen: screen)
  }

  /// One sentence for the prompt that says how to write coordinates in a space of this family.
  func coordinateRule(in space: ModelSpace) -> String {
    let names =
      space.order == .xy ? "x (across) first, then y (down)" : "y (down) first, then x (across)"
    return switch space.unit {
    case .pixels:
      "Coordinates are pixels of the picture, which is \(space.sent.width) wide and "
        + "\(space.sent.height) high: \(names)."
    case .thousandths:
      "Coordinates are whole numbers from 0 to 1000, in thousandths of the picture's width and "
        + "height: \(names)."
    case .fractions:
      "Coordinates are numbers from 0 to 1, as fractions of the picture's width and height: \(names)."
    }
  }
}
