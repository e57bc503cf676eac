import Pixels

/// Finds places that look like a needle: coarsely everywhere, then finer around what is left.
struct SimilarSearch {
  typealias Place = TemplateSearch.Place

  /// A place that may be worth a closer look.
  private struct Candidate {
    var x: Int
    var y: Int
    var fit: Float
    var scale: Int
  }

  /// The needle at one size.
  private struct Variant {
    let needle: Needle
    /// What is looked for in its stead, until all of it is scored.
    let probe: NeedleProbe
    let scale: Double
    let level: Int
    let coarse: PlaneNeedle
    /// For the levels below it, and for the level itself when that is 0.
    let finer: [PlaneNeedle?]

    init(
      _ needle: Needle, _ probe: NeedleProbe, scale: Double, level: Int, coarse: PlaneNeedle,
      channel: Plane.Channel
    ) {
      self.needle = needle
      self.probe = probe
      self.scale = scale
      self.level = level
      self.coarse = coarse
      finer = (0..<max(level, 1)).map {
        PlaneNeedle(probe.needle, level: $0, channel: channel, isBlurred: false)
      }
    }

    /// Where the probe can be when all of the needle is in a region.
    func room(for region: PixelRect) -> PixelRect {
      let (whole, part) = (needle.frame.size, probe.needle.frame.size)
      return PixelRect(
        x: region.x + probe.x, y: region.y + probe.y,
        width: region.width - whole.width + part.width,
        height: region.height - whole.height + part.height)
    }
  }

  /// The most candidates that are looked at closely, for all sizes.
  private static let most = 400
  /// The most places that are given.
  private static let mostPlaces = 32
  private let rule: TemplateSearch.Rule
  private let original: Needle
  private let channel: Plane.Channel

  init(_ needle: Needle, rule: TemplateSearch.Rule) {
    self.rule = rule
    original = needle
    channel = Self.channel(needle, isColor: rule.isColor)
  }

  /// The places in a region of the frame, the best first.
  ///
  /// `isComplete` is false when there were more places worth a closer look than were looked at.
  func places(on frame: Frame, in region: PixelRect) -> (places: [Place], isComplete: Bool) {
    let variants = rule.scales.compactMap { variant(scale: $0) }
    var candidates: [Candidate] = []
    var isComplete = true
    for index in variants.indices {
      let found = coarse(variants[index], index: index, frame, region)
      candidates += found.kept
      isComplete = isComplete && found.isComplete
    }
    var places: [Place] = []
    var sure: [Place] = []
    for candidate in candidates {
      let variant = variants[candidate.scale]
      guard let place = refine(candidate, variant, frame, region) else { continue }
      places.append(place)
      // So many that no better place could outdo: it is ambiguous, and more are not given.
      if place.score > 1 - rule.margin { sure = Self.apart(sure + [place]) }
      if sure.count == Self.mostPlaces { break }
    }
    if rule.scales.count > 1 {
      places = Self.apart(places).prefix(4).map { rescale($0, frame, region) }
    }
    return (Array(Self.apart(places).prefix(Self.mostPlaces)), isComplete)
  }

  private func variant(scale: Double) -> Variant? {
    let size = original.frame.size
    var needle = original
    if scale != 1 {
      let target = PixelSize(
        clampingWidth: Int((Double(size.width) * scale).rounded()),
        height: Int((Double(size.height) * scale).rounded()))
      guard let resized = original.resized(to: target) else { return nil }
      needle = resized
    }
    // The coarsest cells at which enough of them count and enough of the detail is left.
    let probe = NeedleProbe(needle, channel: channel)
    let full = PlaneNeedle(probe.needle, level: 0, channel: channel, isBlurred: false)
    let start = probe.needle.frame.size.area > 8192 ? 3 : 2
    for level in stride(from: start, through: 1, by: -1) {
      guard
        let coarse = PlaneNeedle(
          probe.needle, level: level, channel: channel, isBlurred: true, fewest: 24),
        coarse.variance > max((full?.variance ?? 0) / 60, 12)
      else { continue }
      return Variant(
        needle, probe, scale: scale, level: level, coarse: coarse, channel: channel)
    }
    return full.map {
      Variant(needle, probe, scale: scale, level: 0, coarse: $0, channel: channel)
    }
  }

  /// The best places of the coarse plane, in pixels of the frame.
  private func coarse(
    _ variant: Variant, index: Int, _ frame: Frame, _ region: PixelRect
  ) -> (kept: [Candidate], isComplete: Bool) {
    let side = 1 << variant.level
    let region = variant.room(for: region)
    guard !region.isEmpty else { return ([], true) }
    var plane = Plane(frame, part: region, level: variant.level, channel: channel)
    if variant.level > 0 { plane = plane.blurred() }
    var found: [Candidate] = []
    // As for a closer look at the same level.
    let least = Float(max(rule.threshold - (variant.level == 0 ? 0.2 : 0.45), 0.25))
    variant.coarse.scan(plane, least: least) { x, y, fit in
      found.append(
        Candidate(x: region.x + x * side, y: region.y + y * side, fit: fit, scale: index))
    }
    return thinned(found, variant)
  }

  /// The best of each neighbourhood, then the best of all.
  private func thinned(
    _ found: [Candidate], _ variant: Variant
  ) -> (kept: [Candidate], isComplete: Bool) {
    let size = variant.probe.needle.frame.size
    // Not further apart than a closer look reaches, or what repeats itself hides its neighbours.
    let near = (x: min(max(size.width / 4, 3), 6), y: min(max(size.height / 4, 3), 6))
    let most = Self.most / max(rule.scales.count, 1)
    var kept: [Candidate] = []
    for candidate in found.sorted(by: { $0.fit > $1.fit }) {
      if kept.count == most { return (kept, false) }
      if kept.contains(where: {
        abs($0.x - candidate.x) < near.x && abs($0.y - candidate.y) < near.y
      }) {
        continue
      }
      kept.append(candidate)
    }
    return (kept, true)
  }

  /// Finds the exact place of a candidate, level by level, and scores it by all its pixels.
  private func refine(
    _ candidate: Candidate, _ variant: Variant, _ frame: Frame, _ region: PixelRect
  ) -> Place? {
    let room = variant.room(for: region)
    var corner = (x: candidate.x, y: candidate.y)
    for level in variant.finer.indices.reversed() {
      guard let needle = variant.finer[level] else { continue }
      let reach = level == variant.level ? 1 : 2 << level
      let least = Float(rule.threshold - (level == 0 ? 0.2 : 0.45))
      guard let better = settle(corner, needle, variant, level, reach, least, frame, room)
      else { return nil }
      corner = better
    }
    corner = (corner.x - variant.probe.x, corner.y - variant.probe.y)
    return place(variant.needle, corner, scale: variant.scale, frame)
  }

  /// The best corner within `reach` pixels, in steps of the level's cells.
  private func settle(
    _ corner: (x: Int, y: Int), _ needle: PlaneNeedle, _ variant: Variant, _ level: Int,
    _ reach: Int, _ least: Float, _ frame: Frame, _ region: PixelRect
  ) -> (x: Int, y: Int)? {
    let size = variant.probe.needle.frame.size
    let side = 1 << level
    // Whole cells to the left and above, so that the corner itself lies on the grid.
    let left = corner.x - min(reach, corner.x - region.x) / side * side
    let top = corner.y - min(reach, corner.y - region.y) / side * side
    let part = PixelRect(
      x: left, y: top, width: min(corner.x + reach + size.width, region.maxX) - left,
      height: min(corner.y + reach + size.height, region.maxY) - top)
    let plane = Plane(frame, part: part, level: level, channel: channel)
    guard let best = needle.best(plane, least: least) else { return nil }
    return (left + best.x * side, top + best.y * side)
  }

  private func place(
    _ needle: Needle, _ corner: (x: Int, y: Int), scale: Double, _ frame: Frame
  ) -> Place? {
    let size = needle.frame.size
    let rect = PixelRect(x: corner.x, y: corner.y, width: size.width, height: size.height)
    guard frame.size.bounds.intersection(rect) == rect else { return nil }
    let score = PixelFit(isColor: rule.isColor).score(needle, in: frame, x: corner.x, y: corner.y)
    return Place(rect: rect, score: score, scale: scale, isExact: false)
  }

  /// Tries sizes a little smaller and larger than that of the coarse search.
  private func rescale(_ place: Place, _ frame: Frame, _ region: PixelRect) -> Place {
    var best = place
    for step in [-0.025, -0.0125, 0.0125, 0.025] {
      guard let variant = variant(scale: place.scale + step) else { continue }
      let shift = (place.rect.width - variant.needle.frame.size.width) / 2
      let drop = (place.rect.height - variant.needle.frame.size.height) / 2
      let start = Candidate(
        x: max(place.rect.x + shift, region.x) + variant.probe.x,
        y: max(place.rect.y + drop, region.y) + variant.probe.y, fit: 0, scale: 0)
      if let other = refine(start, variant, frame, region), other.score > best.score {
        best = other
      }
    }
    return best
  }

  /// The best first, without those that are a better one a few pixels aside.
  ///
  /// No more than that: a picture that fits as well a little further on has no sure place.
  private static func apart(_ places: [Place]) -> [Place] {
    var kept: [Place] = []
    for place in places.sorted(by: { $0.score > $1.score }) {
      let isKnown = kept.contains { other in
        let (one, two) = (other.rect.center, place.rect.center)
        return abs(one.x - two.x) <= 3 && abs(one.y - two.y) <= 3
      }
      if !isKnown { kept.append(place) }
    }
    return kept
  }

  /// Brightness, or the one colour in which there is far more to see.
  private static func channel(_ needle: Needle, isColor: Bool) -> Plane.Channel {
    func variance(_ channel: Plane.Channel) -> Float {
      PlaneNeedle(needle, level: 0, channel: channel, isBlurred: false)?.variance ?? 0
    }
    guard isColor else { return .brightness }
    let best = Plane.Channel.single.max { variance($0) < variance($1) } ?? .brightness
    return variance(best) > 4 * variance(.brightness) ? best : .brightness
  }
}
