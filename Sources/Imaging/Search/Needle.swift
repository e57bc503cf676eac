public import Pixels

/// A small picture to look for on a screen, with the pixels of it that count.
public struct Needle: Sendable {
  /// The picture.
  public let frame: Frame
  /// Whether each pixel counts, row by row; nil when all do.
  public let mask: [Bool]?

  /// The shortest side, in pixels.
  static let shortestSide = 6
  /// How many places with a step in colour a picture needs, across and down each.
  static let fewestSteps = 6
  /// How far a channel of neighbouring pixels must be apart for a step.
  static let smallestStep = 16

  /// A picture to look for.
  ///
  /// - Parameters:
  ///   - frame: the picture, at least 6 pixels wide and high.
  ///   - mask: whether each pixel counts, row by row; nil when all do.
  /// - Throws: `featureless` when the picture is too small, or when so little in it changes, across or
  ///   down, that it looks the same a few pixels aside; `malformed` when the mask has another size.
  public init(_ frame: Frame, mask: [Bool]? = nil) throws(ImagingError) {
    if let mask, mask.count != frame.size.area {
      throw ImagingError(
        .malformed, "a mask of \(mask.count) pixels for a picture of \(frame.size)")
    }
    self.frame = frame
    self.mask = mask?.contains(false) == true ? mask : nil
    guard min(frame.size.width, frame.size.height) >= Self.shortestSide else {
      throw ImagingError(
        .featureless,
        "the picture to look for is \(frame.size); take one of at least \(Self.shortestSide) pixels each way"
      )
    }
    let steps = self.steps()
    if min(steps.across, steps.down) < Self.fewestSteps {
      throw ImagingError(
        .featureless,
        "the picture to look for (\(frame.size)) has too little detail to be found: "
          + "\(steps.across) changes of colour across, \(steps.down) down; take in something around it"
      )
    }
  }

  /// A picture from a PNG file; what is less than half opaque does not count.
  ///
  /// - Throws: as `PNG.decode`, and as the other initialiser.
  public init(png bytes: [UInt8], limit: Int = PNG.defaultLimit) throws(ImagingError) {
    let picture = try PNG.decode(bytes, limit: limit, keepsAlpha: true)
    let mask = (0..<picture.size.area).map { picture.pixels[$0 * 4 + 3] >= 128 }
    try self.init(picture, mask: mask)
  }

  /// The same picture at another size; nil when it loses its detail.
  func resized(to size: PixelSize) -> Needle? {
    var scaled: [Bool]?
    if let mask {
      let levels = mask.flatMap { $0 ? [255, 255, 255, 0] : [0, 0, 0, 0] as [UInt8] }
      guard let picture = Frame(size: frame.size, pixels: levels) else { return nil }
      let grey = Scaler.areaAverage(picture, to: size)
      scaled = (0..<size.area).map { grey.pixels[$0 * 4] >= 250 }
    }
    return try? Needle(Scaler.areaAverage(frame, to: size), mask: scaled)
  }

  private func counts(_ index: Int) -> Bool { mask?[index] ?? true }

  private func steps() -> (across: Int, down: Int) {
    var (across, down) = (0, 0)
    let width = frame.size.width
    for y in 0..<frame.size.height {
      for x in 0..<width {
        let here = y * width + x
        if !counts(here) { continue }
        if x > 0, counts(here - 1), isStep(here, here - 1) { across += 1 }
        if y > 0, counts(here - width), isStep(here, here - width) { down += 1 }
      }
    }
    return (across, down)
  }

  private func isStep(_ one: Int, _ other: Int) -> Bool {
    (0..<3).contains { channel in
      let step = Int(frame.pixels[one * 4 + channel]) - Int(frame.pixels[other * 4 + channel])
      return abs(step) >= Self.smallestStep
    }
  }
}
