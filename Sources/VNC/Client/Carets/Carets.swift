import Pixels

/// Follows text cursors by what changes on the screen: a value without a clock.
///
/// A text cursor gives itself away in two ways. It blinks: a small stroke comes and goes in one place while
/// nothing beside it changes. And it moves: a stroke goes where it was and comes, exactly alike, behind what
/// was typed, in one update. How a cursor looks is remembered, so that from then on it is known at once wherever
/// it appears in that line; and one that has stopped blinking is known until its pixels change.
struct Carets: Sendable {
  /// A larger change is no typed text; only what is known already is looked for in it.
  private static let largest = 1 << 17
  /// How often something must come or go by itself to be a text cursor.
  private static let enoughTurns = 2
  private static let limit = 8

  /// What is followed, the latest first.
  private(set) var carets: [Caret] = []
  private var discoveries: [Caret] = []
  private var size = PixelSize(clampingWidth: 1, height: 1)

  /// What stands on the picture now, for sure.
  var overlays: [Frame.Overlay] {
    carets.filter { $0.isShown && $0.isSure }.compactMap(\.overlay)
  }

  /// The text cursors that have become known since the last call; older pictures may show them.
  mutating func takeDiscoveries() -> [Caret] {
    defer { discoveries = [] }
    return discoveries
  }

  /// Takes in an update.
  ///
  /// - Parameters:
  ///   - rects: where it has changed the picture.
  ///   - former: the pixels of a rectangle before it, B G R X; nil when they are not known.
  ///   - pixels: the picture after it.
  mutating func changed(
    _ rects: [PixelRect], of size: PixelSize, sequence: UInt64, former: (PixelRect) -> [UInt8]?,
    pixels: [UInt8]
  ) {
    if size != self.size {
      self.size = size
      carets = []
    }
    var update = CaretUpdate(sequence: sequence)
    for rect in rects {
      if rect.area <= Self.largest {
        guard let area = ChangedArea(rect, on: size, former, pixels) else { continue }
        // The part of a block above the letter in it is flat, too.
        let hasOther = carets.contains { $0.isSure && $0.stroke.kind != .flat }
        update.add(area) { $0.kind != .flat || !hasOther }
        continue
      }
      for band in bands(in: rect) {
        guard let area = ChangedArea(band, on: size, former, pixels) else { continue }
        update.add(area) { stroke in carets.contains { $0.stroke.isLike(stroke) } }
      }
    }
    guard !update.areas.isEmpty else { return }
    for index in carets.indices { follow(index, update) }
    for stroke in update.came.sorted(by: { $0.box.height > $1.box.height }) { meet(stroke, update) }
    for stroke in update.gone { miss(stroke, update) }
    invert(update)
    carets.removeLast(max(carets.count - Self.limit, 0))
  }

  /// The rows of what is followed, in a change that is too large to be looked through.
  private func bands(in rect: PixelRect) -> [PixelRect] {
    var bands: [PixelRect] = []
    for box in carets.map(\.stroke.box) {
      let band = PixelRect(x: rect.x, y: box.y, width: rect.width, height: box.height)
        .intersection(rect)
      if !band.isEmpty, !bands.contains(where: { $0.intersects(band) }) { bands.append(band) }
    }
    return bands
  }

  // MARK: - What is followed

  private mutating func follow(_ index: Int, _ update: CaretUpdate) {
    let stroke = carets[index].stroke
    guard let area = update.area(around: stroke.box) else { return }
    if carets[index].isInverse {
      // It is looked for anew.
      guard area.changes(in: stroke.box, beside: []) != nil else { return }
      carets[index].isInverse = false
      carets[index].isShown = false
      return
    }
    let isShown = area.shows(stroke, .after)
    let isLone = update.isLone(stroke.box)
    switch (carets[index].isShown, isShown) {
    case (true, false):
      carets[index].isShown = false
      if isLone {
        carets[index].under = area.colors(of: stroke.box, .after)
        turned(index)
      }
    case (false, true):
      guard area.changes(in: stroke.box, beside: []) != nil else { return }
      carets[index].isShown = true
      carets[index].under = update.under(stroke, isPure: isLone) ?? carets[index].under
      if isLone { turned(index) }
    case (true, true):
      // What was below it may have changed with what is beside it.
      if !isLone { carets[index].under = update.under(stroke, isPure: false) ?? [] }
    case (false, false): break
    }
  }

  private mutating func turned(_ index: Int) {
    carets[index].turns += 1
    if carets[index].turns >= Self.enoughTurns { discover(index) }
  }

  private mutating func discover(_ index: Int) {
    guard !carets[index].isSure else { return }
    carets[index].isSure = true
    discoveries.append(carets[index])
  }

  // MARK: - What is new

  /// Takes in a stroke that came.
  private mutating func meet(_ stroke: Stroke, _ update: CaretUpdate) {
    if carets.contains(where: { $0.stroke == stroke }) { return }
    let isOnly = !update.came.contains { $0 != stroke && $0.isLike(stroke) }
    let origin = update.gone.first { $0 != stroke && $0.isLike(stroke) }
    let rest = update.line(of: stroke, without: origin.map { [$0] } ?? [])
    let isAlone = update.isLone(stroke.box)
    var caret = Caret(
      stroke: stroke, under: update.under(stroke, isPure: rest == nil || isAlone) ?? [],
      isShown: true, turns: isAlone ? 1 : 0, since: update.sequence)
    let isSure = isOnly && isSure(stroke, from: origin, rest: rest, isAlone: isAlone)
    guard isSure || isAlone || origin != nil else { return }
    // Of one drawing there is one at a time: it was unsure where it is not any more.
    carets.removeAll { !$0.isShown && !$0.isSure && $0.stroke.isLike(stroke) && isSure }
    if isSure { caret.turns = Self.enoughTurns }
    carets.insert(caret, at: 0)
    if isSure {
      discover(0)
      if let origin { discover(origin, update) }
    }
  }

  /// Whether a stroke that came must be a text cursor.
  ///
  /// - Parameters:
  ///   - origin: the same drawing that went in this update.
  ///   - rest: what else has changed in its line.
  private func isSure(_ stroke: Stroke, from origin: Stroke?, rest: PixelRect?, isAlone: Bool)
    -> Bool
  {
    let alike = carets.filter { $0.stroke.isLike(stroke) }
    let isSameLine = { (other: Stroke) in other.box.y == stroke.box.y }
    if alike.contains(where: { $0.isSure && (isAlone || origin != nil || isSameLine($0.stroke)) }) {
      return true
    }
    // It came by itself to where text was typed then.
    if alike.contains(where: { $0.turns > 0 && !$0.isShown && isSameLine($0.stroke) }) {
      return true
    }
    guard let origin else { return false }
    guard let rest else { return true }
    guard isSameLine(origin) else { return false }
    switch stroke.kind {
    case .hair: return stroke.box.y <= rest.y && stroke.box.maxY > rest.maxY
    case .block: return stroke.box.y <= rest.y && stroke.box.maxY >= rest.maxY
    case .flat: return stroke.box.maxY >= rest.maxY
    case nil: return false
    }
  }

  /// Where one that moved was before, for the pictures that showed it there.
  private mutating func discover(_ origin: Stroke, _ update: CaretUpdate) {
    guard !carets.contains(where: { $0.stroke == origin && $0.isSure }),
      let area = update.area(around: origin.box)
    else { return }
    let ground = area.ground(around: origin.box, .before)
    discoveries.append(
      Caret(
        stroke: origin, under: Array(repeating: ground, count: origin.box.area), isShown: false,
        turns: 1, isSure: true, since: 0))
  }

  /// Takes in a stroke that went by itself: the first that is seen of one that has been there for long.
  private mutating func miss(_ stroke: Stroke, _ update: CaretUpdate) {
    guard !carets.contains(where: { $0.stroke == stroke }), update.isLone(stroke.box),
      let area = update.area(around: stroke.box)
    else { return }
    carets.insert(
      Caret(
        stroke: stroke, under: area.colors(of: stroke.box, .after), isShown: false, turns: 1,
        since: 0), at: 0)
  }

  // MARK: - Cursors with letters in them

  /// Finds a known cursor again where it has moved onto a letter and shows it in the colours exchanged.
  private mutating func invert(_ update: CaretUpdate) {
    guard let known = carets.first(where: \.isSure)?.stroke,
      !carets.contains(where: { $0.isShown && $0.stroke.isLike(known) })
    else { return }
    for area in update.areas {
      for box in places(of: known, in: area.core) {
        let stroke = Stroke(box: box, color: known.color)
        guard area.changes(in: box, beside: []) != nil, let under = update.inverse(stroke) else {
          continue
        }
        carets.removeAll { $0.stroke == stroke }
        carets.insert(
          Caret(
            stroke: stroke, under: under, isShown: true, turns: Self.enoughTurns, isSure: true,
            since: update.sequence, isInverse: true), at: 0)
        return
      }
    }
  }

  /// Where a known cursor may be in a part of the screen: a block in the cells of its grid, a hair anywhere in the
  /// lines that it has been in.
  private func places(of known: Stroke, in part: PixelRect) -> [PixelRect] {
    let (width, height) = (known.box.width, known.box.height)
    var rows: Set<Int> = []
    switch known.kind {
    case .block: rows = Set(Self.steps(in: part.y..<part.maxY, through: known.box.y, by: height))
    case .hair: rows = Set(carets.filter { $0.stroke.isLike(known) }.map(\.stroke.box.y))
    case .flat, nil: break
    }
    let columns =
      known.kind == .block
      ? Self.steps(in: part.x..<part.maxX, through: known.box.x, by: width)
      : Array(part.x..<max(part.maxX - width + 1, part.x))
    return rows.sorted().flatMap { y in
      columns.map { PixelRect(x: $0, y: y, width: width, height: height) }
    }.filter { part.intersection($0) == $0 }
  }

  /// The numbers of a range that are whole steps away from one.
  private static func steps(in range: Range<Int>, through one: Int, by step: Int) -> [Int] {
    let first = range.lowerBound + ((one - range.lowerBound) % step + step) % step
    return Array(stride(from: first, to: range.upperBound, by: step))
  }
}
