import Pixels

/// Which lines are one value: the lines of a cell.
///
/// A cell is a surface of its own with nothing but these lines. Where no borders are drawn, it is the lines
/// right below each other of which only one has a label beside it.
struct ValueCells {
  /// The most lines of one value.
  static let most = 12

  private let text: ScreenText
  private let paragraphs: Paragraphs
  private let boxes: [PixelRect]

  init(_ text: ScreenText, _ frame: Frame?) {
    self.text = text
    paragraphs = Paragraphs(text)
    boxes = frame.map { Array(Surfaces($0).boxes.values) } ?? []
  }

  /// All texts of the screen, each with its lines.
  var all: [[Int]] {
    var seen: Set<Int> = []
    return text.lines.indices.compactMap { index in
      guard !seen.contains(index) else { return nil }
      let lines = cell(of: index, apartFrom: nil) ?? paragraphs.lines(around: index, over: .sure)
      seen.formUnion(lines)
      return lines
    }
  }

  /// The lines that a sentence goes on in.
  func wrapped(after line: Int) -> [Int] {
    paragraphs.lines(around: line, over: .sure).filter { $0 > line }
  }

  /// The nearest text right of a label, in its row.
  func right(of label: PixelRect) -> [Int]? {
    let near = text.lines.indices.filter { index in
      let box = text.lines[index].box
      let gap = box.x - label.maxX
      return gap >= 0 && gap <= FieldFinder.reach
        && abs(box.center.y - label.center.y) * 2 <= 3 * max(label.height, box.height)
    }
    let cells = near.map { self.lines(around: $0, label) }.filter { isBeside($0, label) }
    return cells.min { (text.box(of: $0).x, $0[0]) < (text.box(of: $1).x, $1[0]) }
  }

  /// The text that begins below a label.
  func below(_ label: PixelRect, from line: Int) -> [Int] {
    let lines = paragraphs.lines(around: line)
    if let cell = cell(of: line, apartFrom: label), Set(cell).isSubset(of: lines) { return cell }
    return paragraphs.lines(around: line, over: .sure).filter { $0 >= line }
  }

  /// Whether a text is in the row of a label: one of its lines is, or its middle when it is higher.
  private func isBeside(_ lines: [Int], _ label: PixelRect) -> Bool {
    if lines.contains(where: { TextLayout.areInOneRow(text.lines[$0].box, label) }) { return true }
    let box = text.box(of: lines)
    return abs(box.center.y - label.center.y) * 2 <= label.height
  }

  private func lines(around line: Int, _ label: PixelRect) -> [Int] {
    if let cell = cell(of: line, apartFrom: label) { return cell }
    var lines = [line]
    while lines.count < Self.most, let last = lines.last,
      let next = neighbour(of: last, isBelow: true), isOwn(next, label)
    { lines.append(next) }
    // A label in the middle of its row has lines above it as well.
    var grown = lines
    while grown.count < Self.most, let first = grown.first,
      let next = neighbour(of: first, isBelow: false), isOwn(next, label)
    { grown.insert(next, at: 0) }
    let middle = text.box(of: grown).center.y
    return abs(middle - label.center.y) * 2 <= label.height ? grown : lines
  }

  /// The line right above or below one, that may be of the same text.
  private func neighbour(of line: Int, isBelow: Bool) -> Int? {
    let here = text.lines[line]
    guard !here.isAmount else { return nil }
    return text.lines.indices.first { index in
      let other = text.lines[index]
      let gap = isBelow ? other.box.y - here.box.maxY : here.box.y - other.box.maxY
      return index != line && !other.isAmount && gap >= -2
        && gap * 10 <= 7 * max(here.box.height, other.box.height)
        && (abs(other.box.x - here.box.x) <= 3
          || abs(other.box.center.x - here.box.center.x) <= 3
          || abs(other.box.maxX - here.box.maxX) <= 3)
    }
  }

  /// Whether a line has no other label than the one that is asked for.
  private func isOwn(_ line: Int, _ label: PixelRect) -> Bool {
    let box = text.lines[line].box
    return !text.lines.contains { other in
      other.box.maxX <= box.x && TextLayout.areInOneRow(other.box, box)
        && !other.box.intersects(label)
    }
  }

  /// The lines of the smallest surface around a line, where they are below each other and nothing else is
  /// in it; nil when there is no such surface.
  private func cell(of line: Int, apartFrom label: PixelRect?) -> [Int]? {
    let box = text.lines[line].box
    let around = boxes.filter { $0.intersection(box) == box }.min { $0.area < $1.area }
    guard let around, label.map({ !around.intersects($0) }) ?? true else { return nil }
    let lines = text.lines.indices.filter { around.intersects(text.lines[$0].box) }
    guard lines.count <= Self.most,
      zip(lines, lines.dropFirst()).allSatisfy({ one, other in
        let (one, other) = (text.lines[one].box, text.lines[other].box)
        return !TextLayout.areInOneRow(one, other)
          && (other.y - one.maxY) * 5 <= 6 * max(one.height, other.height)
      })
    else { return nil }
    return lines
  }
}

extension TextLine {
  /// Whether it says an amount and nothing else, which does not go on in another line.
  fileprivate var isAmount: Bool {
    let signs = text.filter { !$0.isWhitespace }
    let digits = signs.count(where: \.isNumber)
    return digits > 0 && digits * 2 >= signs.count
  }
}
