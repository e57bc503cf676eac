import Pixels

/// Finds ink that looks like text and was not read.
enum UnreadFinder {
  /// The most places that are told, so that a hostile screen costs no more.
  static let limit = 400
  /// Below this confidence a word says nothing of what is there.
  private static let nothing = 0.5

  /// How many signs a line could be: letters are between a quarter and one and a half times as wide as the
  /// highest one is high.
  static func signs(in line: InkLine, _ ink: InkComponents) -> ClosedRange<Int> {
    let boxes = line.members.map { ink.components[$0].box }.filter { $0.height * 3 >= line.letter }
    return signs(in: line.box, letter: line.letter, isOne: boxes.count < 2)
  }

  /// The same by a box and the height of a letter; one compact piece is a sign, or two that touch.
  static func signs(in box: PixelRect, letter: Int, isOne: Bool) -> ClosedRange<Int> {
    let letter = max(letter, 2)
    if isOne, box.width * 5 <= box.height * 4 { return 1...1 }
    if isOne, box.width * 5 <= box.height * 8 { return 1...2 }
    let fewest = max(box.width * 2 / (letter * 3), 1)
    return fewest...max(box.width * 5 / (letter * 2), fewest)
  }

  // MARK: - What is in no line

  /// What the line finder left over.
  static func unread(in found: LineFinder.Found, _ ink: InkComponents) -> [UnreadInk] {
    let icons = found.icons.filter { isSymbol($0, ink) }.map {
      UnreadInk(box: $0.box, cause: .symbol, signs: signs(in: $0, ink))
    }
    let beyond = found.beyond.map {
      UnreadInk(box: $0.box, cause: .tooMuch, signs: signs(in: $0, ink))
    }
    return Array((icons + small(found.left, ink) + beyond).prefix(limit))
  }

  /// A lone piece of the size of a letter that is neither a check box nor a border.
  private static func isSymbol(_ line: InkLine, _ ink: InkComponents) -> Bool {
    guard line.members.count == 1, line.parent != BusyGround.parent else { return false }
    let piece = ink.components[line.members[0]]
    return piece.peak >= 24 && !piece.isEdge && !ink.isBox(piece) && piece.box.height <= 48
      && piece.box.width <= 2 * piece.box.height
  }

  /// Rows of pieces that are too small for letters, and lone ones.
  private static func small(_ left: [Int], _ ink: InkComponents) -> [UnreadInk] {
    let pieces = left.map { ink.components[$0] }
      .filter { $0.peak >= 24 && $0.parent != BusyGround.parent }
      .sorted { ($0.box.x, $0.box.y) < ($1.box.x, $1.box.y) }
    guard pieces.count <= 4000 else { return [] }
    var rows: [[InkComponent]] = []
    var bands: [Int: [Int]] = [:]
    for piece in pieces {
      let band = piece.box.center.y / 4
      let near = (band - 1...band + 1).flatMap { bands[$0] ?? [] }.first { row in
        guard let last = rows[row].last else { return false }
        return last.parent == piece.parent && abs(last.box.center.y - piece.box.center.y) <= 2
          && (0...6).contains(piece.box.x - last.box.maxX)
      }
      if let near {
        rows[near].append(piece)
      } else {
        rows.append([piece])
        bands[band, default: []].append(rows.count - 1)
      }
    }
    return rows.compactMap(unread)
  }

  private static func unread(_ row: [InkComponent]) -> UnreadInk? {
    let boxes = row.map(\.box)
    let box = boxes.dropFirst().reduce(boxes[0]) { $0.union($1) }
    let heights = boxes.map(\.height)
    // Dashes and dots that are all alike are a rule or the handle of something.
    let isRule = Set(boxes.map(\.width)).count == 1 && Set(heights).count == 1
    // A tiny word may be of few pieces, or of one where its letters touch.
    let isWord =
      row.count >= 4 || row.count > 1 && boxes.allSatisfy { min($0.width, $0.height) >= 3 }
      || isJoined(row[0])
    if isWord, !isRule || row.count == 1, box.height >= 3, box.height <= 8 {
      return UnreadInk(
        box: box, cause: .size, signs: signs(in: box, letter: box.height, isOne: false))
    }
    guard row.count == 1, box.width >= 3, box.height >= 3 else { return nil }
    return UnreadInk(box: box, cause: .symbol, signs: 1...1)
  }

  /// Whether a piece may be a small word whose letters touch: some letters long, neither solid nor hollow.
  private static func isJoined(_ piece: InkComponent) -> Bool {
    let box = piece.box
    return (4...8).contains(box.height) && box.width * 2 >= box.height * 5
      && box.width <= 12 * box.height && (30...85).contains(piece.area * 100 / max(box.area, 1))
  }

  // MARK: - What is in a line

  /// Whether pieces are all alike and as wide as high: the dots of a secret, the handle of something.
  private static func isMask(_ line: InkLine, _ ink: InkComponents) -> Bool {
    let boxes = line.members.map { ink.components[$0].box }
    guard boxes.count >= 3 else { return false }
    return boxes.allSatisfy {
      abs($0.width - boxes[0].width) <= 1 && abs($0.height - boxes[0].height) <= 1
        && abs($0.width - $0.height) <= 1
    }
  }

  /// What was not read of a line.
  ///
  /// A word that the recogniser hardly believes itself, or reads as something else in another size, stays;
  /// but it says nothing of what is there: so looks a script that it does not know, or a text upside down.
  static func unread(
    of line: InkLine, _ words: [RecognisedWord], _ doubts: [RecognisedWord], _ page: Page
  ) -> [UnreadInk] {
    let ink = page.ink
    if isMask(line, ink) { return [] }
    let isStruck = !page.strokes(through: line).isEmpty
    guard !words.isEmpty else {
      let isFaint = !line.members.contains { ink.components[$0].peak >= 20 }
      if isFaint { return [] }
      let cause: UnreadInk.Cause =
        isStruck ? .struck : line.members.count < 3 ? .symbol : .unknown
      return [UnreadInk(box: line.box, cause: cause, signs: signs(in: line, ink))]
    }
    let bad = words.filter { word in
      word.confidence < nothing
        && !doubts.contains { $0.text == word.text && $0.confidence >= nothing }
    }
    guard let first = bad.first else { return symbols(words) }
    let box = bad.dropFirst().reduce(first.box) { $0.union($1.box) }
    return [
      UnreadInk(
        box: box, cause: isStruck ? .struck : .unknown,
        signs: signs(in: box, letter: line.letter, isOne: line.members.count < 2))
    ] + symbols(words)
  }

  /// The words of one letter that may be a sign which the recogniser does not know.
  private static func symbols(_ words: [RecognisedWord]) -> [UnreadInk] {
    words.filter {
      $0.text.count == 1 && $0.confidence < TextSearch.doubt - 0.04
        && $0.confidence >= nothing && $0.box.width <= 2 * $0.box.height
    }.map { UnreadInk(box: $0.box, cause: .symbol, signs: 1...1) }
  }
}
