import Pixels

/// What is drawn on the surfaces: for each pixel how far it is from its surface's colour.
///
/// Light text on a dark button and dark text on a white page look the same here, which is the point.
struct InkMap {
  /// From this strength on a pixel counts as drawn.
  static let threshold: UInt8 = 14
  /// A straight stroke that is longer than this and thin is a rule, not a part of a letter.
  static let ruleLength = 32
  /// From this length on a stroke under letters may be an underline.
  static let underlineLength = 22
  /// What is thicker than this is no rule.
  static let ruleThickness = 3

  /// The size of the screen.
  let size: PixelSize
  /// 0 on a surface; elsewhere half of the largest difference of a channel to the surface around,
  /// positive where the pixel is lighter.
  private(set) var strength: [Int8]
  /// Where something is drawn: twice the component of the surface around, and 1 more where the surfaces
  /// left and right of it are two.
  private(set) var parent: [Int32]
  /// Where strokes went through letters, which were taken out.
  private(set) var strokes: [PixelRect] = []

  /// Measures a frame; about 4 ms for 1280x800.
  ///
  /// - Parameter scripts: what is read: where a stroke joins the letters, none under them is wiped.
  init(_ frame: Frame, _ surfaces: Surfaces, _ scripts: ScriptTraits = .plain) {
    size = frame.size
    strength = Array(repeating: 0, count: size.area)
    parent = Array(repeating: -1, count: size.area)
    let width = size.width
    strength.withUnsafeMutableBufferPointer { strength in
      parent.withUnsafeMutableBufferPointer { parent in
        frame.pixels.withUnsafeBytes { pixels in
          for y in 0..<frame.size.height {
            let row = Row(
              pixels: pixels, offset: y * width, runs: surfaces.runs,
              range: surfaces.rows[y]..<surfaces.rows[y + 1], isSurface: surfaces.isSurface)
            row.measure(strength, parent)
          }
        }
      }
    }
    let ground = BusyGround(surfaces, size: size)
    if !ground.isEmpty {
      strength.withUnsafeMutableBufferPointer { strength in
        parent.withUnsafeMutableBufferPointer { ground.measure(frame, strength, $0) }
      }
    }
    removeRules(withUnderlines: !scripts.isJoined)
  }

  /// One row of the screen, which fills what lies between its surfaces.
  private struct Row {
    let pixels: UnsafeRawBufferPointer
    let offset: Int
    let runs: [Surfaces.Run]
    let range: Range<Int>
    let isSurface: [Bool]

    func measure(
      _ strength: UnsafeMutableBufferPointer<Int8>, _ parent: UnsafeMutableBufferPointer<Int32>
    ) {
      var before: Int?
      var index = range.lowerBound
      while index < range.upperBound {
        if isSurface[Int(runs[index].label)] {
          before = index
          index += 1
          continue
        }
        let first = index
        while index < range.upperBound, !isSurface[Int(runs[index].label)] { index += 1 }
        let after = index < range.upperBound ? index : nil
        fill(first..<index, before, after, strength, parent)
      }
    }

    private func fill(
      _ group: Range<Int>, _ before: Int?, _ after: Int?,
      _ strength: UnsafeMutableBufferPointer<Int8>, _ parent: UnsafeMutableBufferPointer<Int32>
    ) {
      guard let one = before ?? after, let other = after ?? before else { return }
      let left = pixel(Int(before == nil ? runs[one].start : runs[one].end - 1))
      let right = pixel(Int(after == nil ? runs[other].end - 1 : runs[other].start))
      let (leftLabel, rightLabel) = (runs[one].label, runs[other].label)
      let isEdge: Int32 = leftLabel == rightLabel ? 0 : 1
      for x in Int(runs[group.lowerBound].start)..<Int(runs[group.upperBound - 1].end) {
        let here = pixel(x)
        let toLeft = Surfaces.distance(here, left)
        let toRight = Surfaces.distance(here, right)
        let isLeft = toLeft <= toRight
        let half = Int8(truncatingIfNeeded: min(toLeft, toRight) / 2)
        strength[offset + x] = isLighter(here, isLeft ? left : right) ? half : -half
        parent[offset + x] = (isLeft ? leftLabel : rightLabel) * 2 + isEdge
      }
    }

    @inline(__always)
    private func isLighter(_ pixel: UInt32, _ surface: UInt32) -> Bool {
      // Green counts twice: near enough to how light a colour looks.
      let one = (pixel & 0xFF) + (pixel >> 7 & 0x1FE) + (pixel >> 16 & 0xFF)
      let other = (surface & 0xFF) + (surface >> 7 & 0x1FE) + (surface >> 16 & 0xFF)
      return one > other
    }

    @inline(__always)
    private func pixel(_ x: Int) -> UInt32 {
      pixels.loadUnaligned(fromByteOffset: (offset + x) * 4, as: UInt32.self)
    }
  }

  // MARK: - Rules

  /// Wipes the borders of fields and tables, underlines and separators.
  private mutating func removeRules(withUnderlines: Bool) {
    let (width, height) = (size.width, size.height)
    var found: [PixelRect] = []
    strength.withUnsafeMutableBufferPointer { strength in
      let grid = Grid(width: width, height: height, strength: strength)
      let runs = grid.runs(atLeast: Strokes.shortest)
      // Where a stroke joins the letters of a script, one through them is no other.
      if withUnderlines {
        found = Strokes(width: width, height: height, strength: strength).remove(among: runs)
      }
      let level = runs.filter { run in
        run.width >= InkMap.ruleLength && grid.isThin(run)
          && !found.contains { $0.insetBy(-1).intersection(run).width * 2 >= run.width }
      }
      let under = withUnderlines ? grid.underlines(beside: level) : []
      let rules = level + under + grid.verticalRules()
      let crossings = grid.crossings(rules)
      for rule in rules {
        for y in rule.y..<rule.maxY {
          for x in rule.x..<rule.maxX { strength[y * width + x] = 0 }
        }
      }
      for (index, value) in crossings { strength[index] = value }
    }
    strokes = found
  }

  private struct Grid {
    let width: Int
    let height: Int
    let strength: UnsafeMutableBufferPointer<Int8>

    @inline(__always)
    func isInk(_ x: Int, _ y: Int) -> Bool {
      strength[y * width + x].magnitude >= InkMap.threshold
    }

    /// Stretches of ink in a row that are at least so long.
    func runs(atLeast length: Int) -> [PixelRect] {
      var runs: [PixelRect] = []
      for y in 0..<height {
        var x = 0
        while x < width {
          guard isInk(x, y) else {
            x += 1
            continue
          }
          let start = x
          while x < width, isInk(x, y) { x += 1 }
          if x - start >= length {
            runs.append(PixelRect(x: start, y: y, width: x - start, height: 1))
          }
        }
      }
      return runs
    }

    func verticalRules() -> [PixelRect] {
      var rules: [PixelRect] = []
      var lengths = [Int](repeating: 0, count: width)
      for y in 0...height {
        for x in 0..<width {
          if y < height, isInk(x, y) {
            lengths[x] += 1
            continue
          }
          if lengths[x] >= InkMap.ruleLength {
            let rule = PixelRect(x: x, y: y - lengths[x], width: 1, height: lengths[x])
            if isThin(rule) { rules.append(rule) }
          }
          lengths[x] = 0
        }
      }
      return rules
    }

    /// The short parts of an underline that leaves room for the letters that reach below it.
    func underlines(beside rules: [PixelRect]) -> [PixelRect] {
      var found = longUnderlines()
      for rule in rules + found {
        for step in [-1, 1] {
          var x = step < 0 ? rule.x - 1 : rule.maxX
          while let part = stroke(from: x, rule.y, step), isUnderText(part) || goesOn(part, rule) {
            found.append(part)
            x = step < 0 ? part.x - 1 : part.maxX
          }
        }
      }
      return found
    }

    /// Whether a stroke is a part of an underline of which another part is known.
    ///
    /// It is as strong as that, and alone in its columns, as under a space between two words. An underscore is
    /// seldom just as strong and as low.
    private func goesOn(_ part: PixelRect, _ rule: PixelRect) -> Bool {
      let middles = [part, rule].map { Int(strength[$0.y * width + $0.x + $0.width / 2]) }
      guard rule.width >= InkMap.underlineLength, abs(middles[0] - middles[1]) <= 4 else {
        return false
      }
      let rows = (1...2).allSatisfy { step in
        let (one, other) = (part.y + step, part.y - step)
        return [one, other].allSatisfy { y in
          guard (0..<height).contains(y) else { return true }
          return isInk(part.x + part.width / 2, y) == isInk(rule.x + rule.width / 2, y)
        }
      }
      return rows
    }

    /// Underlines that touch the letters above them, which rules must not.
    private func longUnderlines() -> [PixelRect] {
      var found: [PixelRect] = []
      for y in 4..<max(height, 4) {
        var x = 0
        while x < width {
          guard isInk(x, y) else {
            x += 1
            continue
          }
          let start = x
          while x < width, isInk(x, y) { x += 1 }
          let part = PixelRect(x: start, y: y, width: x - start, height: 1)
          if part.width >= InkMap.underlineLength, part.width < 1000, isUnderText(part) {
            found.append(part)
          }
        }
      }
      return found
    }

    /// The next stroke in a row, to the left (-1) or to the right (1), if it is near, short and thin.
    private func stroke(from start: Int, _ y: Int, _ step: Int) -> PixelRect? {
      var x = start
      while abs(x - start) <= 16 {
        while abs(x - start) <= 16, (0..<width).contains(x), !isInk(x, y) { x += step }
        guard (0..<width).contains(x), isInk(x, y) else { return nil }
        let first = x
        while (0..<width).contains(x), isInk(x, y), abs(x - first) < InkMap.ruleLength { x += step }
        // What is narrower is the stem of a letter that reaches through.
        if abs(x - first) >= 5 {
          return PixelRect(x: min(first, x + 1), y: y, width: abs(x - first), height: 1)
        }
      }
      return nil
    }

    /// Whether a stroke is thin, and there is ink over most of it, with a gap between here and there.
    private func isUnderText(_ part: PixelRect) -> Bool {
      var (thin, free, under) = (0, 0, 0)
      for x in part.x..<part.maxX {
        if part.y + 2 >= height || !isInk(x, part.y + 1) || !isInk(x, part.y + 2) { thin += 1 }
        if part.y < 2 || !isInk(x, part.y - 1) || !isInk(x, part.y - 2) { free += 1 }
        if (3...16).contains(where: { part.y - $0 >= 0 && isInk(x, part.y - $0) }) { under += 1 }
      }
      return thin * 10 >= part.width * 9 && free * 10 >= part.width * 4 && under * 2 >= part.width
    }

    /// What an underline must not take from the letters that reach through it: the pixels of level rules
    /// with ink above and below that is no rule itself.
    func crossings(_ rules: [PixelRect]) -> [(index: Int, value: Int8)] {
      var isRule: Set<Int> = []
      for rule in rules {
        for y in rule.y..<rule.maxY {
          for x in rule.x..<rule.maxX { isRule.insert(y * width + x) }
        }
      }
      var kept: [(index: Int, value: Int8)] = []
      for rule in rules where rule.height == 1 {
        for x in rule.x..<rule.maxX
        where reaches(x, rule.y, -1, isRule) && reaches(x, rule.y, 1, isRule) {
          kept.append((rule.y * width + x, strength[rule.y * width + x]))
        }
      }
      return kept
    }

    /// Whether there is ink that is no rule right above (-1) or below (1) the rule at a pixel.
    private func reaches(_ x: Int, _ y: Int, _ step: Int, _ isRule: Set<Int>) -> Bool {
      for distance in 1...InkMap.ruleThickness + 1 {
        let next = y + step * distance
        guard (0..<height).contains(next) else { return false }
        if !isRule.contains(next * width + x) { return isInk(x, next) }
      }
      return false
    }

    /// Whether most of a stroke has nothing beside it: looked at in eight places.
    func isThin(_ rule: PixelRect) -> Bool {
      let isAcross = rule.height == 1
      let length = isAcross ? rule.width : rule.height
      var thin = 0
      for sample in 0..<8 {
        let at = length * (sample * 2 + 1) / 16
        let thickness =
          isAcross
          ? extent(rule.x + at, rule.y, 0, 1) : extent(rule.x, rule.y + at, 1, 0)
        if thickness <= InkMap.ruleThickness { thin += 1 }
      }
      return thin >= 6
    }

    /// How thick the ink is at a pixel in one direction, up to one more than a rule may be.
    private func extent(_ x: Int, _ y: Int, _ dx: Int, _ dy: Int) -> Int {
      var count = 1
      for direction in [-1, 1] {
        var step = 1
        while step <= InkMap.ruleThickness {
          let (px, py) = (x + dx * step * direction, y + dy * step * direction)
          guard px >= 0, py >= 0, px < width, py < height, isInk(px, py) else { break }
          count += 1
          step += 1
        }
      }
      return count
    }
  }
}
