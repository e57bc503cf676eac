import Pixels

/// A rectangle of one colour that is drawn at once and may be a text cursor.
struct Stroke: Hashable, Sendable {
  /// How text cursors look.
  enum Kind: Hashable, Sendable {
    /// A thin upright line between two letters.
    case hair
    /// A box of the size of a letter.
    case block
    /// A thin line below a letter.
    case flat
  }

  let box: PixelRect
  let color: UInt32

  /// Heights of an upright cursor, and of the line of text it stands in, in pixels.
  static let heights = 8...160
  static let hairWidths = 1...4
  static let cellWidths = 5...60

  /// What it can be; nil when it has not the shape of a text cursor.
  var kind: Kind? {
    let (width, height) = (box.width, box.height)
    if Self.hairWidths.contains(width), Self.heights.contains(height), height >= width * 4 {
      return .hair
    }
    if Self.cellWidths.contains(width), Self.heights.contains(height),
      height * 10 >= width * 11, height <= width * 4
    {
      return .block
    }
    if Self.cellWidths.contains(width), Self.hairWidths.contains(height), width >= height * 2 {
      return .flat
    }
    return nil
  }

  /// Whether both are the same drawing, at different places or not.
  func isLike(_ other: Stroke) -> Bool {
    color == other.color && box.width == other.box.width && box.height == other.box.height
  }
}

extension ChangedArea {
  /// The strokes of one of the two pictures that are not, or not there, in the other.
  func strokes(_ side: Side) -> [Stroke] {
    (boxes(side, isUpright: true) + boxes(side, isUpright: false)).filter { stroke in
      stroke.kind != nil && ground(around: stroke.box, side) != stroke.color
    }
  }

  /// Whether a picture shows a stroke: all of it in its colour, and ending where it ends.
  func shows(_ stroke: Stroke, _ side: Side) -> Bool {
    guard covers(stroke.box) else { return false }
    return colors(of: stroke.box, side).allSatisfy { $0 == stroke.color } && ends(stroke, side)
  }

  /// Whether a stroke's colour does not go on beside it.
  func ends(_ stroke: Stroke, _ side: Side) -> Bool {
    let box = stroke.box
    let columns = box.x..<box.maxX
    let rows = box.y..<box.maxY
    let share = { (points: [(Int, Int)]) in
      points.filter { self.isColor(stroke.color, $0.0, $0.1, side) }.count * 5 <= points.count * 4
    }
    return share(columns.map { ($0, box.y - 1) }) && share(columns.map { ($0, box.maxY) })
      && share(rows.map { (box.x - 1, $0) }) && share(rows.map { (box.maxX, $0) })
  }

  private func isColor(_ color: UInt32, _ x: Int, _ y: Int, _ side: Side) -> Bool {
    box.contains(x: x, y: y) && self.color(x, y, side) == color
  }

  /// Boxes of one colour, put together from runs of columns, or of rows, that start and end alike.
  private func boxes(_ side: Side, isUpright: Bool) -> [Stroke] {
    struct Run: Hashable {
      let start: Int
      let end: Int
      let color: UInt32
    }
    let lanes = isUpright ? core.x..<core.maxX : core.y..<core.maxY
    let along = isUpright ? box.y..<box.maxY : box.x..<box.maxX
    let lengths = isUpright ? Stroke.heights : Stroke.cellWidths
    let at = { (lane: Int, step: Int) in isUpright ? (x: lane, y: step) : (x: step, y: lane) }
    var open: [Run: Int] = [:]
    var strokes: [Stroke] = []
    let finish = { (run: Run, first: Int, end: Int) in
      let box =
        isUpright
        ? PixelRect(x: first, y: run.start, width: end - first, height: run.end - run.start)
        : PixelRect(x: run.start, y: first, width: run.end - run.start, height: end - first)
      // A flat box is what the upright ones leave over.
      let stroke = Stroke(box: box, color: run.color)
      guard let kind = stroke.kind, isUpright == (kind != .flat), self.shows(stroke, side) else {
        return
      }
      strokes.append(stroke)
    }
    for lane in lanes {
      var runs: Set<Run> = []
      var start = along.lowerBound
      var changed = 0
      var color = self.color(at(lane, start).x, at(lane, start).y, side)
      for step in along.lowerBound...along.upperBound {
        let isEnd = step == along.upperBound
        let next = isEnd ? color : self.color(at(lane, step).x, at(lane, step).y, side)
        if isEnd || next != color {
          if lengths.contains(step - start), changed * 5 >= (step - start) * 3 {
            runs.insert(Run(start: start, end: step, color: color))
          }
          if isEnd { break }
          (start, color, changed) = (step, next, 0)
        }
        if hasChanged(at(lane, step).x, at(lane, step).y) { changed += 1 }
      }
      for (run, first) in open where !runs.contains(run) {
        finish(run, first, lane)
        open[run] = nil
      }
      for run in runs where open[run] == nil { open[run] = lane }
    }
    for (run, first) in open { finish(run, first, lanes.upperBound) }
    return strokes
  }
}
