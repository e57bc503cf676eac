import Pixels

/// A piece of ink that hangs together: a letter, some letters that touch, an icon.
struct InkComponent: Sendable {
  /// Where it is.
  var box: PixelRect
  /// How many pixels are drawn.
  var area: Int
  /// The largest strength, 0…127.
  var peak: UInt8
  /// Whether it is lighter than its surface.
  var isLight: Bool
  /// The component of the surface that it is drawn on.
  var parent: Int32
  /// Whether most of it lies between two surfaces, like the border of a button.
  var isEdge: Bool
  /// Its stretches of pixels, as a range of `InkComponents.runs`.
  var runs: Range<Int>
}

/// The pieces of ink on a screen.
struct InkComponents {
  /// A stretch of drawn pixels in a row.
  struct Run {
    var y: Int32
    var start: Int32
    var end: Int32
    var label: Int32
  }

  /// The stretches, those of one component next to each other and from the top down.
  private(set) var runs: [Run] = []
  /// The components, from the top down.
  private(set) var components: [InkComponent] = []

  /// Collects the ink of a map; pieces that touch at a corner are one.
  init(_ map: InkMap) {
    map.strength.withUnsafeBufferPointer { strength in
      scan(strength, map.size)
      group(strength, map)
    }
  }

  private mutating func scan(_ strength: UnsafeBufferPointer<Int8>, _ size: PixelSize) {
    var above = 0..<0
    for y in 0..<size.height {
      let first = runs.count
      var x = 0
      let row = y * size.width
      while x < size.width {
        if strength[row + x].magnitude < InkMap.threshold {
          x += 1
          continue
        }
        let start = x
        while x < size.width, strength[row + x].magnitude >= InkMap.threshold { x += 1 }
        runs.append(
          Run(y: Int32(y), start: Int32(start), end: Int32(x), label: Int32(runs.count)))
      }
      join(above, first..<runs.count)
      above = first..<runs.count
    }
  }

  private mutating func join(_ above: Range<Int>, _ here: Range<Int>) {
    var one = above.lowerBound
    var other = here.lowerBound
    while one < above.upperBound, other < here.upperBound {
      if runs[one].start <= runs[other].end, runs[other].start <= runs[one].end {
        let (first, second) = (root(one), root(other))
        if first != second { runs[max(first, second)].label = Int32(min(first, second)) }
      }
      if runs[one].end <= runs[other].end { one += 1 } else { other += 1 }
    }
  }

  private mutating func root(_ index: Int) -> Int {
    var index = index
    while Int(runs[index].label) != index {
      runs[index].label = runs[Int(runs[index].label)].label
      index = Int(runs[index].label)
    }
    return index
  }

  /// Numbers the components and sorts the runs by them.
  private mutating func group(_ strength: UnsafeBufferPointer<Int8>, _ map: InkMap) {
    var counts: [Int] = []
    for index in runs.indices {
      let label = Int(runs[index].label)
      if label == index {
        runs[index].label = Int32(counts.count)
        counts.append(1)
      } else {
        runs[index].label = runs[label].label
        counts[Int(runs[index].label)] += 1
      }
    }
    var starts = [0]
    for count in counts { starts.append((starts.last ?? 0) + count) }
    var next = starts
    var sorted = runs
    for run in runs {
      sorted[next[Int(run.label)]] = run
      next[Int(run.label)] += 1
    }
    runs = sorted
    components = counts.indices.map { component(starts[$0]..<starts[$0 + 1], strength, map) }
  }

  private func component(
    _ range: Range<Int>, _ strength: UnsafeBufferPointer<Int8>, _ map: InkMap
  ) -> InkComponent {
    var (left, right) = (Int.max, Int.min)
    var (area, peak, light, edge) = (0, UInt8(0), 0, 0)
    var parent = (label: Int32(-1), votes: 0)
    for run in runs[range] {
      left = min(left, Int(run.start))
      right = max(right, Int(run.end))
      area += Int(run.end - run.start)
      let row = Int(run.y) * map.size.width
      for x in Int(run.start)..<Int(run.end) {
        peak = max(peak, strength[row + x].magnitude)
        light += Int(strength[row + x])
      }
      let surface = map.parent[row + Int(run.start)]
      edge += Int(surface & 1)
      // The surface around most of its runs, by the majority vote that needs one counter.
      if surface >> 1 == parent.label {
        parent.votes += 1
      } else if parent.votes == 0 {
        parent = (surface >> 1, 1)
      } else {
        parent.votes -= 1
      }
    }
    let (top, bottom) = (Int(runs[range.lowerBound].y), Int(runs[range.upperBound - 1].y) + 1)
    return InkComponent(
      box: PixelRect(x: left, y: top, width: right - left, height: bottom - top), area: area,
      peak: peak, isLight: light > 0, parent: parent.label, isEdge: edge * 10 >= range.count * 7,
      runs: range)
  }

  /// Whether a piece is the outline of a box, with or without rounded corners, or a solid one: a check
  /// box, but small letters are not told from one.
  func isBox(_ piece: InkComponent) -> Bool {
    let box = piece.box
    guard box.width >= 5, box.height >= 7 else { return false }
    var (left, right, top, bottom) = (0, 0, 0, 0)
    for run in runs[piece.runs] {
      if run.start == box.x { left += 1 }
      if run.end == box.maxX { right += 1 }
      if run.y == box.y { top += Int(run.end - run.start) }
      if run.y == box.maxY - 1 { bottom += Int(run.end - run.start) }
    }
    return left * 100 >= box.height * 62 && right * 100 >= box.height * 62
      && top * 100 >= box.width * 62 && bottom * 100 >= box.width * 62
  }

  /// Whether a piece is a wide rectangle that is not filled with letters: its upper and its lower edge are
  /// each one long stroke.
  func isFrame(_ piece: InkComponent) -> Bool {
    let box = piece.box
    guard box.width * 2 >= box.height * 5 else { return false }
    var (top, bottom) = (0, 0)
    for run in runs[piece.runs] {
      let length = Int(run.end - run.start)
      if Int(run.y) < box.y + 3 { top = max(top, length) }
      if Int(run.y) >= box.maxY - 3 { bottom = max(bottom, length) }
    }
    guard min(top, bottom) * 10 >= box.width * 8 else { return false }
    // The serifs of letters that touch are as long, but their stems stand between.
    let middle = box.y + box.height / 2
    return runs[piece.runs].count { Int($0.y) == middle } <= 3
  }

  /// Whether a piece is as wide as high and closed all round: a radio button, but also the letter O.
  func isRound(_ piece: InkComponent) -> Bool {
    let box = piece.box
    guard abs(box.width - box.height) <= 1 else { return false }
    var rows: [(start: Int, end: Int)] = []
    for run in runs[piece.runs] {
      if rows.count <= Int(run.y) - box.y {
        rows.append((Int(run.start), Int(run.end)))
      } else {
        rows[rows.count - 1].start = min(rows[rows.count - 1].start, Int(run.start))
        rows[rows.count - 1].end = max(rows[rows.count - 1].end, Int(run.end))
      }
    }
    return rows.enumerated().allSatisfy { index, row in
      // The circle that fills the box, give or take a pixel and a half.
      let middle = Double(box.height) / 2
      let y = Double(index) + 0.5 - middle
      let half = max(middle * middle - y * y, 0).squareRoot()
      let start = Double(row.start - box.x) - (middle - half)
      let end = Double(row.end - box.x) - (middle + half)
      return abs(start) <= 1.6 && abs(end) <= 1.6
    }
  }
}
