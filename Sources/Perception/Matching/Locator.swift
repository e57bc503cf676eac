public import Hands
public import Pixels

/// A text to find on a screen, and what tells it from others like it.
public struct TargetQuery: Hashable, Sendable {
  /// The text.
  public var text: String
  /// Whether case, spaces and punctuation count and nothing may look alike.
  public var exact: Bool
  /// Which of several hits in reading order, from 1.
  public var nth: Int?
  /// The hit nearest to this text.
  public var near: String?
  /// Hits left of this text.
  public var leftOf: String?
  /// Hits right of this text.
  public var rightOf: String?
  /// Hits above this text.
  public var above: String?
  /// Hits below this text.
  public var below: String?
  /// Hits whose middle is inside this part of the screen.
  public var region: PixelRect?
  /// What kind of thing it is, where that is said; it is told from a frame, so without one it says nothing.
  public var kind: TargetKind?

  /// A query.
  public init(
    text: String, exact: Bool = false, nth: Int? = nil, near: String? = nil,
    leftOf: String? = nil, rightOf: String? = nil, above: String? = nil, below: String? = nil,
    region: PixelRect? = nil, kind: TargetKind? = nil
  ) {
    self.text = text
    self.exact = exact
    self.nth = nth
    self.near = near
    self.leftOf = leftOf
    self.rightOf = rightOf
    self.above = above
    self.below = below
    self.region = region
    self.kind = kind
  }

  /// Whether nothing but the text, and the region, says which one is meant.
  var isPlain: Bool {
    nth == nil && [near, leftOf, rightOf, above, below].allSatisfy { $0 == nil }
  }
}

/// What came of looking for a target.
public enum Location: Hashable, Sendable {
  /// It is here, and nowhere else: where it is pressed, and what stands there.
  case found(TextHit)
  /// It is not on the screen; these texts are most like it.
  case missing(closest: [String])
  /// The text that `near`, `leftOf` or another relation names is not on the screen.
  case anchorMissing(text: String, closest: [String])
  /// The text is there, but not as the target says.
  case unfit(Unfit, hits: [TextHit])
  /// It is there more than once, in reading order.
  case ambiguous([TextHit])

  /// What of a target does not fit to a text that is there.
  public enum Unfit: Hashable, Sendable {
    /// It is outside of the region.
    case region
    /// It is on another side of a text.
    case side(Side, of: String)
    /// It is on the right side of each text, but not of all of them.
    case sides
    /// It is there less often.
    case number(Int)
    /// It belongs to nothing of this kind.
    case kind(TargetKind)
  }

  /// A side of a text.
  public enum Side: String, Hashable, Sendable, CaseIterable {
    case left = "left of"
    case right = "right of"
    case above, below
  }
}

/// Finds the one place that a target means, or says why there is none.
///
/// From all hits on the screen it keeps, in this order:
/// 1. those inside `region`;
/// 2. those left of, right of, above or below the texts named. A hit in the same row (for left and
///    right) or column (for above and below) as the anchor is preferred to one that is not;
/// 3. those that match about as well as the best one;
/// 4. those that are of the kind that is asked for; else whole labels, if any is left: a button that says
///    just this is preferred to a sentence with it;
/// 5. the one nearest to `near`;
/// 6. the `nth` in reading order.
///
/// What is left must be one. Nothing is guessed: two equal hits are `ambiguous`, and so are a hit and a place
/// that may say the same, as far as it could be read.
public enum Locator {
  /// Finds a target by its text alone.
  ///
  /// - Parameters:
  ///   - query: the target.
  ///   - text: what is written on the screen.
  ///   - screen: the size of the screen.
  public static func locate(
    _ query: TargetQuery, in text: ScreenText, screen: PixelSize
  ) -> Location {
    locate(query, in: text, screen, nil)
  }

  /// Finds a target by its text and by what is drawn around it.
  ///
  /// Takes some milliseconds more than without a frame, on the caller's thread.
  ///
  /// - Parameters:
  ///   - query: the target.
  ///   - text: what is written on the frame.
  ///   - frame: the screen.
  public static func locate(
    _ query: TargetQuery, in text: ScreenText, on frame: Frame
  ) -> Location {
    let controls = Controls(frame, text)
    let location = locate(query, in: text, frame.size, controls)
    guard case .found(let hit) = location else { return location }
    return .found(
      TextHit(
        box: controls.box(of: hit, as: query.kind), text: hit.text, score: hit.score,
        isWholeLabel: hit.isWholeLabel, caveat: hit.caveat))
  }

  /// Finds the label of a target: of a field or a checkbox not the thing itself, but what stands beside it.
  public static func label(
    _ query: TargetQuery, in text: ScreenText, on frame: Frame
  ) -> Location {
    locate(query, in: text, frame.size, Controls(frame, text))
  }

  private static func locate(
    _ query: TargetQuery, in text: ScreenText, _ screen: PixelSize, _ controls: Controls?
  ) -> Location {
    let region = screen.bounds.intersection(query.region ?? screen.bounds)
    let all = refined(
      TextSearch.candidates(for: query.text, in: text, exact: query.exact, region: nil), text)
    let hits = all.filter { region.contains(x: $0.box.center.x, y: $0.box.center.y) }
    if hits.isEmpty, !all.isEmpty { return .unfit(.region, hits: TextSearch.best(among: all)) }
    let location = choose(among: hits, query, in: text, controls)
    guard case .found(let hit) = location, query.isPlain else { return location }
    var others = NearMisses(text: text, query: query.text).places(beside: hit).filter {
      region.contains(x: $0.box.center.x, y: $0.box.center.y)
    }
    if let controls, query.kind != nil { others = controls.narrowed(others, to: query.kind) }
    return others.isEmpty ? location : .ambiguous([hit] + others)
  }

  /// The one hit that a query means, of hits that were found in whatever way.
  public static func choose(
    among hits: [TextHit], _ query: TargetQuery, in text: ScreenText
  ) -> Location {
    choose(among: hits, query, in: text, nil)
  }

  private static func choose(
    among all: [TextHit], _ query: TargetQuery, in text: ScreenText, _ controls: Controls?
  ) -> Location {
    var relations: [Relation] = []
    for (anchor, side) in sides(of: query) {
      switch anchorBoxes(anchor, query, text) {
      case .failure(let missing): return missing.location
      case .success(let boxes):
        relations.append(Relation(side: side, text: anchor, anchors: boxes))
      }
    }
    var hits = keep(all, relations)
    if hits.isEmpty, !all.isEmpty {
      return .unfit(unfit(all, relations), hits: TextSearch.best(among: all))
    }
    let best = TextSearch.best(among: hits)
    hits = kept(of: best, query.kind, controls)
    if hits.isEmpty, let kind = query.kind, !best.isEmpty {
      return .unfit(.kind(kind), hits: best)
    }
    if let near = query.near {
      switch anchorBoxes(near, query, text) {
      case .failure(let missing): return missing.location
      case .success(let boxes): hits = nearest(hits, to: boxes)
      }
    }
    return pick(hits, query, text)
  }

  /// Those of a kind, or whole labels if any is.
  private static func kept(
    of hits: [TextHit], _ kind: TargetKind?, _ controls: Controls?
  ) -> [TextHit] {
    if let controls { return controls.narrowed(hits, to: kind) }
    let whole = hits.filter(\.isWholeLabel)
    return whole.isEmpty ? hits : whole
  }

  private static func pick(_ hits: [TextHit], _ query: TargetQuery, _ text: ScreenText) -> Location
  {
    guard let first = hits.first else {
      return .missing(closest: TextSearch.closest(to: query.text, in: text))
    }
    if let nth = query.nth {
      guard hits.indices.contains(nth - 1) else { return .unfit(.number(hits.count), hits: hits) }
      return .found(hits[nth - 1])
    }
    return hits.count == 1 ? .found(first) : .ambiguous(hits)
  }

  /// Hits of which one is a whole label where it is all of a text, however many lines that has; a part of a
  /// sentence is none, and neither is what stands in quotation marks.
  private static func refined(_ hits: [TextHit], _ text: ScreenText) -> [TextHit] {
    guard !hits.isEmpty else { return hits }
    let paragraphs = Paragraphs(text)
    return hits.map { hit in
      let isWhole = isWhole(hit, text, paragraphs)
      return isWhole == hit.isWholeLabel
        ? hit
        : TextHit(
          box: hit.box, text: hit.text, score: hit.score, isWholeLabel: isWhole, caveat: hit.caveat)
    }
  }

  private static func isWhole(
    _ hit: TextHit, _ text: ScreenText, _ paragraphs: Paragraphs
  ) -> Bool {
    let lines = text.lines.indices.filter { text.lines[$0].box.intersects(hit.box) }
    guard let first = lines.first(where: { hit.text.hasPrefix(text.lines[$0].text) }) ?? lines.first
    else { return hit.isWholeLabel }
    let all = paragraphs.lines(around: first).map { text.lines[$0].text }.joined(separator: " ")
    // Of a text without spaces a part has the words of all of it.
    let isPart = hit.box.width * 10 < text.lines[first].box.width * 8
    guard hit.isWholeLabel || hit.text == all && !isPart else { return false }
    if hit.text != all, paragraphs.isPart(first) { return false }
    if paragraphs.row(of: first).count > 1 { return false }
    return !QuotationMarks.surround(hit.text, in: all)
  }

  /// The text that a hit is only a part of, on one line; nil when it is a label of its own.
  public static func sentence(around hit: TextHit, in text: ScreenText) -> String? {
    guard !hit.isWholeLabel,
      let line = text.lines.firstIndex(where: {
        $0.box.contains(x: hit.box.center.x, y: hit.box.center.y)
      }) ?? text.lines.firstIndex(where: { $0.box.intersects(hit.box) })
    else { return nil }
    return Paragraphs(text).sentence(around: line)
  }

  // MARK: - Relations

  private typealias Side = Location.Side

  private struct Relation {
    let side: Side
    let text: String
    let anchors: [PixelRect]
  }

  private struct AnchorMissing: Error {
    let location: Location
  }

  private static func sides(of query: TargetQuery) -> [(String, Side)] {
    [
      (query.leftOf, Side.left), (query.rightOf, .right), (query.above, .above),
      (query.below, .below),
    ].compactMap { text, side in text.map { ($0, side) } }
  }

  private static func anchorBoxes(
    _ anchor: String, _ query: TargetQuery, _ text: ScreenText
  ) -> Result<[PixelRect], AnchorMissing> {
    var hits = TextSearch.hits(for: anchor, in: text, exact: query.exact)
    if hits.contains(where: \.isWholeLabel) { hits = hits.filter(\.isWholeLabel) }
    guard !hits.isEmpty else {
      let closest = TextSearch.closest(to: anchor, in: text)
      return .failure(AnchorMissing(location: .anchorMissing(text: anchor, closest: closest)))
    }
    return .success(hits.map(\.box))
  }

  /// The hits on the right side of everything, and of those the ones in line with most anchors.
  private static func keep(_ hits: [TextHit], _ relations: [Relation]) -> [TextHit] {
    let rated = hits.compactMap { hit -> (hit: TextHit, aligned: Int)? in
      var aligned = 0
      for relation in relations {
        let beyond = relation.anchors.filter { isBeyond(hit.box, relation.side, $0) }
        if beyond.isEmpty { return nil }
        if beyond.contains(where: { isAligned(hit.box, relation.side, $0) }) { aligned += 1 }
      }
      return (hit, aligned)
    }
    let most = rated.map(\.aligned).max()
    return rated.filter { $0.aligned == most }.map(\.hit)
  }

  /// What keeps all of some hits away.
  private static func unfit(_ hits: [TextHit], _ relations: [Relation]) -> Location.Unfit {
    let idle = relations.first { relation in
      !hits.contains { hit in relation.anchors.contains { isBeyond(hit.box, relation.side, $0) } }
    }
    return idle.map { .side($0.side, of: $0.text) } ?? .sides
  }

  private static func isBeyond(_ box: PixelRect, _ side: Side, _ anchor: PixelRect) -> Bool {
    switch side {
    case .left: box.maxX <= anchor.x + anchor.width / 4
    case .right: box.x >= anchor.maxX - anchor.width / 4
    case .above: box.maxY <= anchor.y + anchor.height / 4
    case .below: box.y >= anchor.maxY - anchor.height / 4
    }
  }

  private static func isAligned(_ box: PixelRect, _ side: Side, _ anchor: PixelRect) -> Bool {
    switch side {
    case .left, .right: max(box.y, anchor.y) < min(box.maxY, anchor.maxY)
    case .above, .below: max(box.x, anchor.x) < min(box.maxX, anchor.maxX)
    }
  }

  /// The hits that are nearest to an anchor; several only when they are equally near.
  private static func nearest(_ hits: [TextHit], to anchors: [PixelRect]) -> [TextHit] {
    let distances = hits.map { hit in anchors.map { distance(hit.box, $0) }.min() ?? .max }
    guard let least = distances.min() else { return [] }
    return zip(hits, distances).filter { $1 == least }.map(\.0)
  }

  /// The square of the gap between two boxes, and of the way between their middles when they touch.
  static func distance(_ one: PixelRect, _ other: PixelRect) -> Int {
    let across = max(other.x - one.maxX, one.x - other.maxX, 0)
    let down = max(other.y - one.maxY, one.y - other.maxY, 0)
    return across * across + down * down
  }
}
