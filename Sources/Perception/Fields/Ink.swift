import Pixels

/// The pixels inside of a field that differ from its ground: a value.
struct Ink {
  /// Pixels that touch.
  struct Piece: Hashable {
    var left: Int
    var right: Int
    var top: Int
    var bottom: Int
    var area: Int

    var width: Int { right - left }
    var height: Int { bottom - top }
    var box: PixelRect { PixelRect(x: left, y: top, width: width, height: height) }

    /// Whether both are the same drawing.
    func isLike(_ other: Piece) -> Bool {
      abs(width - other.width) <= 1 && abs(height - other.height) <= 1
        && abs(top - other.top) <= 1 && abs(area - other.area) * 4 <= max(area, other.area)
    }

    /// Whether it may be a dot or an asterisk.
    var isSign: Bool { (3...40).contains(width) && abs(width - height) <= max(1, width / 4) }

    /// Whether it is a filled disc, which no letter is.
    var isDisc: Bool { isSign && area * 10 >= width * height * 6 }
  }

  /// How far from the ground, in a channel, a pixel is ink.
  private static let contrast: UInt32 = 64
  /// The least height of a text cursor, in pixels.
  private static let cursorHeight = 10

  private let box: PixelRect
  private var isInk: [Bool]

  /// The ink in a box that is on the frame.
  init(in box: PixelRect, of frame: Frame, ground: UInt32) {
    self.box = box
    isInk = [Bool](repeating: false, count: box.area)
    for y in 0..<box.height {
      for x in 0..<box.width {
        let pixel = PixelColors.pixel(box.x + x, box.y + y, frame)
        isInk[y * box.width + x] = Surfaces.distance(pixel, ground) > Self.contrast
      }
    }
  }

  /// The pieces, from the left.
  func pieces() -> [Piece] {
    var left = self
    var pieces: [Piece] = []
    for start in isInk.indices where left.isInk[start] {
      let piece = left.take(from: start)
      if piece.area >= 3 { pieces.append(piece) }
    }
    return pieces.sorted { ($0.left, $0.top) < ($1.left, $1.top) }
  }

  /// Takes the text cursor out, which may touch the last letter.
  ///
  /// It is a stroke at the end of the text that reaches above all letters and below the line they stand on, as
  /// no letter does.
  mutating func takeCursor() -> PixelRect? {
    let inked = (0..<box.width).filter { rows(of: $0) != nil }
    guard let last = inked.last, let rows = rows(of: last), rows.count >= Self.cursorHeight,
      rows.allSatisfy({ isInk[$0 * box.width + last] })
    else { return nil }
    var columns = last..<last + 1
    while columns.count < 3, columns.lowerBound > 0, self.rows(of: columns.lowerBound - 1) == rows {
      columns = columns.lowerBound - 1..<columns.upperBound
    }
    // What goes on is the ground of a selection, with letters in it.
    if columns.lowerBound > 0, self.rows(of: columns.lowerBound - 1) == rows { return nil }
    var rest = self
    for y in rows { for x in columns { rest.isInk[y * box.width + x] = false } }
    let letters = rest.pieces()
    var feet: [Int: Int] = [:]
    for letter in letters { feet[letter.bottom - box.y, default: 0] += 1 }
    let line = feet.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 0
    let isLonger = letters.allSatisfy {
      rows.lowerBound <= $0.top - box.y && rows.upperBound >= $0.bottom - box.y
    }
    guard isLonger, rows.upperBound >= line + 2 else { return nil }
    self = rest
    return PixelRect(
      x: box.x + columns.lowerBound, y: box.y + rows.lowerBound, width: columns.count,
      height: rows.count)
  }

  /// From the first to the last row with ink in a column; nil when there is none.
  private func rows(of x: Int) -> Range<Int>? {
    let inked = (0..<box.height).filter { isInk[$0 * box.width + x] }
    guard let first = inked.first, let last = inked.last else { return nil }
    return first..<last + 1
  }

  /// Takes the pixels out that hang together with one.
  private mutating func take(from start: Int) -> Piece {
    let (width, height) = (box.width, box.height)
    var piece = Piece(left: .max, right: 0, top: .max, bottom: 0, area: 0)
    var open = [start]
    isInk[start] = false
    while let at = open.popLast() {
      let (x, y) = (at % width, at / width)
      piece.left = min(piece.left, box.x + x)
      piece.right = max(piece.right, box.x + x + 1)
      piece.top = min(piece.top, box.y + y)
      piece.bottom = max(piece.bottom, box.y + y + 1)
      piece.area += 1
      for nextY in max(y - 1, 0)...min(y + 1, height - 1) {
        for nextX in max(x - 1, 0)...min(x + 1, width - 1) where isInk[nextY * width + nextX] {
          isInk[nextY * width + nextX] = false
          open.append(nextY * width + nextX)
        }
      }
    }
    return piece
  }
}
