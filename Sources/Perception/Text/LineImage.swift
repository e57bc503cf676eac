import Pixels

/// What is done to the picture of a line, so that it is read in another way.
enum Shade: Hashable, Sendable, CaseIterable {
  /// Nothing.
  case plain
  /// Every pixel is the mean of those around it.
  case soft
  /// Thin: only what is clearly dark is black, and nothing is grey.
  case thin
  /// Thick: what is only a little dark is black too, and nothing is grey.
  case thick
}

/// The picture of one line, made for the recogniser: black on white, nothing else on it, enlarged.
struct LineImage {
  /// White around the ink, in pixels of the screen.
  static let margin = 10

  /// The line as it is on the screen, black on white; what a picture says hangs on this, its scale and its shade.
  let canvas: GreyImage
  /// What is done to the picture besides.
  let shade: Shade
  /// How many pixels of the picture one pixel of the screen is.
  let scale: Int
  /// Where the picture's corner is on the screen.
  let origin: (x: Int, y: Int)

  /// Draws a line's ink; what other lines have in its box is left out.
  ///
  /// - Parameter attempt: how often the line was read with doubt before; each time it is drawn in another size.
  /// - Parameter shade: what is done to the picture besides.
  init(
    _ line: InkLine, _ ink: InkComponents, _ map: InkMap, attempt: Int = 0, shade: Shade = .plain
  ) {
    let box = line.box.insetBy(-Self.margin)
    var canvas = GreyImage(
      width: box.width, height: box.height,
      pixels: Array(repeating: 255, count: box.width * box.height))
    // A dot that is drawn stronger than it is looks like two, and two are another letter in Arabic.
    let peak = line.isJoined ? line.members.map { ink.components[$0].peak }.max() : nil
    for member in line.members {
      Self.draw(ink.components[member], ink, map, peak, on: &canvas, at: (box.x, box.y))
    }
    // What joins letters looks like a stroke under them; only a second look tells.
    if !line.isJoined || attempt > 0 { canvas.eraseUnderlines(letter: line.letter) }
    scale = Self.scales(line.box.height)[min(attempt, 2)]
    self.canvas = canvas
    self.shade = shade
    origin = (box.x, box.y)
  }

  /// The picture; it is made when it is asked for, since most lines were read before.
  var image: GreyImage { (scale == 1 ? canvas : canvas.enlarged(scale)).shaded(shade) }

  /// How much a line of a height is enlarged when it is first read, and then again and again.
  private static func scales(_ height: Int) -> [Int] {
    switch height {
    case ...10: [3, 4, 2]
    case ...14: [3, 2, 4]
    case ...32: [2, 3, 4]
    default: [1, 2, 3]
    }
  }

  /// Draws a piece so that its strongest pixel is black: faint text reads as well as strong text.
  private static func draw(
    _ piece: InkComponent, _ ink: InkComponents, _ map: InkMap, _ peak: UInt8?,
    on canvas: inout GreyImage, at origin: (x: Int, y: Int)
  ) {
    let gain = 255 * 256 / max(Int(peak ?? piece.peak), 24)
    let sign = piece.isLight ? 1 : -1
    // Without its soft edge above and below, a dot is wider than high, which is two.
    let rows = peak == nil ? 0...0 : -1...1
    for run in ink.runs[piece.runs] {
      for y in rows.map({ Int(run.y) + $0 }) where (0..<map.size.height).contains(y) {
        // One pixel more on each side for the soft edge, which is below the threshold.
        let start = max(Int(run.start) - 1, 0)
        let end = min(Int(run.end) + 1, map.size.width)
        for x in start..<end {
          // What is lighter in dark text, or darker in light text, is a shadow.
          let strength = max(Int(map.strength[y * map.size.width + x]) * sign, 0)
          let value = 255 - min(strength * gain >> 8, 255)
          let at = (y - origin.y) * canvas.width + x - origin.x
          canvas.pixels[at] = min(canvas.pixels[at], UInt8(value))
        }
      }
    }
  }

  /// The box on the screen of a box in the picture.
  func onScreen(_ box: PixelRect) -> PixelRect {
    let left = box.x / scale
    let top = box.y / scale
    return PixelRect(
      x: origin.x + left, y: origin.y + top, width: (box.maxX + scale - 1) / scale - left,
      height: (box.maxY + scale - 1) / scale - top)
  }
}

extension GreyImage {
  /// Erases strokes under the letters, which touch them in small type; what reaches through stays.
  mutating func eraseUnderlines(letter: Int) {
    var rows: [(y: Int, runs: [Range<Int>])] = []
    for y in height / 2..<height {
      let runs = runs(inRow: y).filter { $0.count * 2 >= letter && isUnderline($0, y, letter) }
      // One long stroke makes the short ones beside it underlines too.
      if runs.contains(where: { $0.count * 5 >= letter * 9 }) { rows.append((y, runs)) }
    }
    guard rows.count <= 2 else { return }
    let before = self
    for (y, runs) in rows {
      let (above, below) = ((rows.first?.y ?? y) - 1, (rows.last?.y ?? y) + 1)
      for x in runs.joined()
      where !(before.isInk(x, above) && before.isInk(x, below)) { pixels[y * width + x] = 255 }
    }
  }

  private func isInk(_ x: Int, _ y: Int) -> Bool {
    y >= 0 && y < height && pixels[y * width + x] < 160
  }

  private func runs(inRow y: Int) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var x = 0
    while x < width {
      let start = x
      while x < width, isInk(x, y) { x += 1 }
      if x > start { runs.append(start..<x) }
      x += 1
    }
    return runs
  }

  /// Whether a stroke is thin, and has letters above it for most of its length.
  private func isUnderline(_ run: Range<Int>, _ y: Int, _ letter: Int) -> Bool {
    var (thin, covered) = (0, 0)
    for x in run {
      if !isInk(x, y + 1) || !isInk(x, y + 2) { thin += 1 }
      if (2...max(letter, 2)).contains(where: { isInk(x, y - $0) }) { covered += 1 }
    }
    return thin * 10 >= run.count * 8 && covered * 10 >= run.count * 4
  }

  /// The picture with a shade.
  func shaded(_ shade: Shade) -> GreyImage {
    switch shade {
    case .plain: self
    case .soft: softened()
    case .thin: cut(at: 96)
    case .thick: cut(at: 176)
    }
  }

  /// Black where it is darker than a level, and white elsewhere.
  private func cut(at level: UInt8) -> GreyImage {
    GreyImage(width: width, height: height, pixels: pixels.map { $0 < level ? 0 : 255 })
  }

  private func softened() -> GreyImage {
    var result = self
    for y in 1..<max(height - 1, 1) {
      for x in 1..<max(width - 1, 1) {
        var sum = 0
        for at in [y - 1, y, y + 1] {
          let row = at * width + x
          sum += Int(pixels[row - 1]) + Int(pixels[row]) + Int(pixels[row + 1])
        }
        result.pixels[y * width + x] = UInt8(truncatingIfNeeded: sum / 9)
      }
    }
    return result
  }

  /// The picture enlarged by a whole number, smoothly.
  func enlarged(_ factor: Int) -> GreyImage {
    let (wide, high) = (width * factor, height * factor)
    let columns = (0..<wide).map { Self.weight($0, factor, width) }
    var row = [Int](repeating: 0, count: width)
    let target = [UInt8](unsafeUninitializedCapacity: wide * high) { target, count in
      pixels.withUnsafeBufferPointer { source in
        for y in 0..<high {
          let at = Self.weight(y, factor, height)
          for x in 0..<width {
            row[x] =
              Int(source[at.first * width + x]) * (2 * factor - at.part)
              + Int(source[at.second * width + x]) * at.part
          }
          for x in 0..<wide {
            let across = columns[x]
            let value =
              row[across.first] * (2 * factor - across.part) + row[across.second] * across.part
            target[y * wide + x] = UInt8(truncatingIfNeeded: value / (4 * factor * factor))
          }
        }
      }
      count = wide * high
    }
    return GreyImage(width: wide, height: high, pixels: target)
  }

  /// Between which two source pixels the middle of a target pixel lies, and how near to the second, in
  /// halves of target pixels.
  private static func weight(
    _ index: Int, _ factor: Int, _ count: Int
  ) -> (first: Int, second: Int, part: Int) {
    let middle = 2 * index + 1 - factor
    let first = middle < 0 ? -1 : middle / (2 * factor)
    let part = middle - first * 2 * factor
    return (max(first, 0), min(first + 1, count - 1), part)
  }
}
