import Pixels

/// Puts lines that were read into reading order and finds the blocks they form.
enum TextLayout {
  /// A line that was read.
  struct Line {
    var words: [RecognisedWord]
    var doubts: [RecognisedWord]
    var box: PixelRect
    var parent: Int32
  }

  /// The text of a screen from its lines.
  static func text(of lines: [Line], unread: [UnreadInk] = []) -> ScreenText {
    let ordered = inReadingOrder(lines)
    let blocks = blocks(of: ordered)
    var words: [TextWord] = []
    var doubts: [TextWord] = []
    for (index, line) in ordered.enumerated() {
      let placed = { (word: RecognisedWord) in
        TextWord(
          text: word.text, box: word.box, confidence: word.confidence, line: index,
          block: blocks[index])
      }
      words += line.words.map(placed)
      doubts += line.doubts.map(placed)
    }
    return ScreenText(words: words, doubts: doubts, unread: unread)
  }

  /// Rows from the top; a line is in a row when it shares half of its height with the row's first line.
  private static func inReadingOrder(_ lines: [Line]) -> [Line] {
    let sorted = lines.sorted {
      ($0.box.center.y, $0.box.x, $0.box.y) < ($1.box.center.y, $1.box.x, $1.box.y)
    }
    var rows: [[Line]] = []
    for line in sorted {
      if let first = rows.last?.first, areInOneRow(first.box, line.box) {
        rows[rows.count - 1].append(line)
      } else {
        rows.append([line])
      }
    }
    return rows.flatMap { $0.sorted { ($0.box.x, $0.box.y) < ($1.box.x, $1.box.y) } }
  }

  /// Whether two boxes share at least half of the lower one's height.
  static func areInOneRow(_ one: PixelRect, _ other: PixelRect) -> Bool {
    let shared = min(one.maxY, other.maxY) - max(one.y, other.y)
    return shared * 2 >= min(one.height, other.height)
  }

  /// A number of a block for each line: a line follows one right above it with the same left edge, the
  /// same middle or the same right edge, about the same height, and on the same surface.
  private static func blocks(of lines: [Line]) -> [Int] {
    var blocks: [Int] = []
    var count = 0
    for (index, line) in lines.enumerated() {
      // Only lines near by can be right above; 64 lines back is several rows of any screen.
      let above = (max(0, index - 64)..<index).last { follows(line, lines[$0]) }
      if let above {
        blocks.append(blocks[above])
      } else {
        blocks.append(count)
        count += 1
      }
    }
    return blocks
  }

  private static func follows(_ line: Line, _ above: Line) -> Bool {
    let (one, other) = (above.box, line.box)
    let height = max(one.height, other.height)
    let gap = other.y - one.maxY
    guard above.parent == line.parent, gap >= -2, gap <= height,
      height <= 2 * min(one.height, other.height)
    else { return false }
    let isLeft = abs(one.x - other.x) <= height
    let isMiddle = abs(one.center.x - other.center.x) <= 3
    return isLeft || isMiddle || abs(one.maxX - other.maxX) <= 3
  }
}
