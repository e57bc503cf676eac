import Pixels

/// Finds strokes through letters: what is struck out is joined by them to one piece that nothing can read.
///
/// A stroke keeps to the same rows and the same strength wherever no letter touches it, reaches beyond the
/// letters on both sides, and goes through the middle of two or more that are not alike. So a table's
/// rule, the bars of `TEFT` or `ff`, a plus or a dash is none.
struct Strokes {
  /// The shortest stroke, in pixels.
  static let shortest = 12
  /// The longest; what is longer goes through no text.
  private static let longest = 1600
  /// The thickest.
  private static let thickest = 8
  /// How far a letter is followed above and below a stroke.
  private static let reach = 100

  let width: Int
  let height: Int
  let strength: UnsafeMutableBufferPointer<Int8>

  /// What is in one column of a stroke: the rows of ink that hang together with it.
  private struct Column {
    var top: Int
    var bottom: Int
    var count: Int { bottom - top + 1 }
  }

  /// Takes the strokes out and tells where they were.
  ///
  /// - Parameter runs: stretches of ink in a row, at least `shortest` long, from the top down.
  func remove(among runs: [PixelRect]) -> [PixelRect] {
    var found: [PixelRect] = []
    for run in runs where run.width <= Self.longest {
      // The other rows of one that was found.
      if found.contains(where: { $0.insetBy(-1).intersection(run).width * 2 >= run.width }) {
        continue
      }
      if let stroke = stroke(run) { found.append(stroke) }
    }
    for stroke in found { wipe(stroke) }
    return found
  }

  @inline(__always)
  private func isInk(_ x: Int, _ y: Int) -> Bool {
    strength[y * width + x].magnitude >= InkMap.threshold
  }

  private func column(_ x: Int, _ y: Int) -> Column {
    var (top, bottom) = (y, y)
    while top > 0, y - top < Self.reach, isInk(x, top - 1) { top -= 1 }
    while bottom + 1 < height, bottom - y < Self.reach, isInk(x, bottom + 1) { bottom += 1 }
    return Column(top: top, bottom: bottom)
  }

  /// The stroke that a stretch of a row is a part of; nil when it is none.
  private func stroke(_ run: PixelRect) -> PixelRect? {
    guard quickly(run) else { return nil }
    let columns = (run.x..<run.maxX).map { column($0, run.y) }
    let counts = columns.map(\.count).sorted()
    let thickness = counts[counts.count / 8]
    guard thickness <= Self.thickest, thickness * 6 <= run.width else { return nil }
    let thin = columns.filter { $0.count <= thickness + 1 }
    guard thin.count * 100 >= run.width * 18, thin.count * 100 <= run.width * 90,
      columns[0].count <= thickness + 1, columns[columns.count - 1].count <= thickness + 1,
      let top = usual(thin.map(\.top)), let bottom = usual(thin.map(\.bottom)),
      isEven(run, columns, thickness)
    else { return nil }
    let letters = letters(columns, thickness)
    guard letters.count >= 2, Set(letters).count >= 2,
      letters.filter({ $0.above > 0 }).count >= 2, letters.filter({ $0.below > 0 }).count >= 2,
      isInTheMiddle(columns, thickness, top, bottom, run.width)
    else { return nil }
    return PixelRect(x: run.x, y: top, width: run.width, height: bottom - top + 1)
  }

  /// Looks at a few columns, since nearly all stretches are no strokes.
  private func quickly(_ run: PixelRect) -> Bool {
    let isFree = { (x: Int) in
      (run.y < Self.thickest || !isInk(x, run.y - Self.thickest))
        && (run.y + Self.thickest >= height || !isInk(x, run.y + Self.thickest))
    }
    return isFree(run.x) && isFree(run.maxX - 1)
  }

  /// The value that at least three of four have, or nil.
  private func usual(_ values: [Int]) -> Int? {
    let value = values.sorted()[values.count / 2]
    return values.filter { abs($0 - value) <= 1 }.count * 4 >= values.count * 3 ? value : nil
  }

  /// Whether a stroke is as strong in one place as in another.
  private func isEven(_ run: PixelRect, _ columns: [Column], _ thickness: Int) -> Bool {
    var peaks: [Int] = []
    for (index, column) in columns.enumerated() where column.count <= thickness + 1 {
      let peak = (column.top...column.bottom).map {
        Int(strength[$0 * width + run.x + index].magnitude)
      }.max()
      peaks.append(peak ?? 0)
    }
    let middle = peaks.sorted()[peaks.count / 2]
    return peaks.filter { abs($0 - middle) <= 14 }.count * 5 >= peaks.count * 4
  }

  /// A letter that a stroke goes through: how far it reaches above and below, and how wide it is there.
  private struct Letter: Hashable {
    var above = 0
    var below = 0
    var width = 0
  }

  private func letters(_ columns: [Column], _ thickness: Int) -> [Letter] {
    var letters: [Letter] = []
    var isIn = false
    let thin = columns.filter { $0.count <= thickness + 1 }
    let (top, bottom) = (thin.map(\.top).min() ?? 0, thin.map(\.bottom).max() ?? 0)
    for column in columns {
      guard column.count > thickness + 1 else {
        isIn = false
        continue
      }
      if !isIn { letters.append(Letter()) }
      isIn = true
      letters[letters.count - 1].above = max(letters[letters.count - 1].above, top - column.top)
      letters[letters.count - 1].below = max(
        letters[letters.count - 1].below, column.bottom - bottom)
      letters[letters.count - 1].width += 1
    }
    return letters
  }

  /// The bars of an `f` and a `t` are high in the letter, an underline is below it.
  private func isInTheMiddle(
    _ columns: [Column], _ thickness: Int, _ top: Int, _ bottom: Int, _ length: Int
  ) -> Bool {
    let thick = columns.filter { $0.count > thickness + 1 }
    let highest = thick.map(\.top).min() ?? top
    // Descenders must not pull the middle down.
    let bottoms = thick.map(\.bottom).sorted()
    let lowest = bottoms[min(bottoms.count * 3 / 4, bottoms.count - 1)]
    let reach = lowest - highest + 1
    guard reach >= 5, reach < Self.reach, length * 2 >= reach * 3 else { return false }
    let above = (top + bottom) / 2 - highest
    return above * 100 >= reach * 36 && above * 100 <= reach * 84
  }

  // MARK: - Taking it out

  /// Wipes a stroke, and closes the letters that it went through.
  private func wipe(_ stroke: PixelRect) {
    let rows = stroke.y..<stroke.maxY
    for x in stroke.x..<stroke.maxX {
      let above = ink(x, stroke.y - 1)
      let below = ink(x, stroke.maxY)
      for y in rows {
        guard let above, let below else {
          strength[y * width + x] = 0
          continue
        }
        let part = y - stroke.y + 1
        let value = (above * (stroke.height + 1 - part) + below * part) / (stroke.height + 1)
        strength[y * width + x] = Int8(clamping: value)
      }
    }
    // The soft edges of the stroke itself.
    for y in [stroke.y - 1, stroke.maxY] where (0..<height).contains(y) {
      for x in stroke.x..<stroke.maxX where !isInk(x, y) { strength[y * width + x] = 0 }
    }
  }

  /// How strong a letter is at a pixel beside a stroke, or right beside that; nil where there is none.
  private func ink(_ x: Int, _ y: Int) -> Int? {
    guard (0..<height).contains(y) else { return nil }
    if isInk(x, y) { return Int(strength[y * width + x]) }
    for next in [x - 1, x + 1] where (0..<width).contains(next) && isInk(next, y) {
      return Int(strength[y * width + next]) / 2
    }
    return nil
  }
}
