import Pixels

/// A line of text before it is read: the pieces of ink that it is made of.
struct InkLine: Sendable {
  /// The box around its ink.
  var box: PixelRect
  /// The indices of its pieces in `InkComponents.components`.
  var members: [Int]
  /// The surface that it is written on.
  var parent: Int32
  /// The height of its highest letter.
  var letter: Int
  /// Whether a stroke joins its letters, so that one under them is part of them.
  var isJoined = false
}

/// Groups ink into lines of text.
///
/// Pieces on the same surface, side by side and with less than one letter height between them, are one
/// line; so a button, a cell of a table and an entry of a menu are each a line of their own.
struct LineFinder {
  /// Heights of what can be a letter, in pixels.
  static let heights = 5...96
  /// The most lines that are looked at, which bounds the time that a hostile screen can cost.
  static let limit = 1200
  /// The most lines on photographs, where much looks like a letter.
  static let busyLimit = 150
  /// The most buttons with a lone sign on them.
  static let signLimit = 64

  private let ink: InkComponents
  private let surfaces: [Int32: PixelRect]
  private var scripts = ScriptTraits.plain
  /// The dots of dotted rules.
  private let rules: Set<PixelRect>
  private var components: [InkComponent] { ink.components }
  private var lines: [InkLine] = []
  /// The piece that was added last to each line.
  private var ends: [PixelRect] = []

  /// What was found on a screen.
  struct Found {
    /// The lines of text, in no particular order.
    var lines: [InkLine]
    /// Lone pieces that are no letters, such as icons.
    var icons: [InkLine]
    /// Small pieces that belong to no line, by their numbers.
    var left: [Int]
    /// The lines beyond the limits.
    var beyond: [InkLine]
  }

  /// The lines on a screen, and what is like one.
  ///
  /// - Parameters:
  ///   - ink: what is drawn.
  ///   - surfaces: the boxes around the surfaces, by component.
  ///   - scripts: what is read.
  static func lines(
    in ink: InkComponents, on surfaces: [Int32: PixelRect], _ scripts: ScriptTraits = .plain
  ) -> Found {
    var finder = LineFinder(ink: ink, surfaces: surfaces)
    finder.scripts = scripts
    finder.group()
    finder.dropCursors()
    finder.dropToggles()
    finder.attachLargeDots()
    let left = finder.attachSmallPieces()
    finder.dropUnderlines()
    finder.joinAtMarks()
    finder.splitHeads()
    finder.dropWaves()
    let text = finder.lines.filter(finder.isText)
    let clear = text.filter { $0.parent != BusyGround.parent }
    let busy = text.filter { $0.parent == BusyGround.parent }
      .sorted { $0.members.count > $1.members.count }
    let signs = finder.signs(among: left)
    let read = Set(signs.flatMap(\.members))
    return Found(
      lines: clear.prefix(limit) + busy.prefix(busyLimit) + signs,
      icons: finder.lines.filter { !finder.isText($0) }, left: left.filter { !read.contains($0) },
      beyond: Array(clear.dropFirst(limit)))
  }

  private init(ink: InkComponents, surfaces: [Int32: PixelRect]) {
    self.ink = ink
    self.surfaces = surfaces
    rules = DottedRules.dots(among: ink.components.map(\.box))
  }

  /// Whether a piece can be a letter, or some letters that touch.
  private func isLetter(_ piece: InkComponent) -> Bool {
    let box = piece.box
    guard Self.heights.contains(box.height), box.width <= box.height * 60 else { return false }
    // The side of a button or a field, whose upper and lower border were wiped as rules.
    if piece.isEdge, box.height >= 14, box.width <= 12, !isStroke(piece) { return false }
    // Hollow and large: an outline that was not straight enough for a rule.
    if box.width >= 28, box.height >= 18, piece.area * 7 < box.area { return false }
    return !ink.isFrame(piece)
  }

  /// Whether a piece is a solid upright stroke, as thick for its height as an l: borders are thinner.
  private func isStroke(_ piece: InkComponent) -> Bool {
    let box = piece.box
    return box.width >= 3 && box.height <= box.width * 8 && piece.area * 10 >= box.area * 7
  }

  /// Whether a piece can be a dot, a comma, a dash or an accent.
  private func isSmall(_ piece: InkComponent) -> Bool {
    piece.box.height < Self.heights.lowerBound && piece.box.width <= 24 && !piece.isEdge
      && !rules.contains(piece.box) || isBar(piece)
  }

  /// Whether a piece can be a dash of large letters: a solid bar, thicker or longer than small pieces are.
  private func isBar(_ piece: InkComponent) -> Bool {
    let box = piece.box
    return box.height <= 16 && (5...64).contains(box.width) && box.width > box.height
      && (box.width > 24 || box.height >= Self.heights.lowerBound) && !piece.isEdge
      && piece.area * 10 >= box.area * 8 && ink.isFrame(piece)
  }

  /// Whether a bar is as a dash is beside the letters of a line.
  private func isDash(_ box: PixelRect, in line: Int) -> Bool {
    let (letter, other) = (lines[line].letter, lines[line].box)
    return letter >= 24 && box.height * 5 <= letter && box.width * 4 <= letter * 5
      && box.y >= other.y && box.maxY <= other.maxY
  }

  // MARK: - Letters into lines

  private mutating func group() {
    let letters = components.indices.filter { isLetter(components[$0]) }
      .sorted { components[$0].box.x < components[$1].box.x }
    // Lines that may still grow, by bands of 16 rows, so that a screen full of text stays cheap.
    var bands: [Int: [Int]] = [:]
    for letter in letters {
      let piece = components[letter]
      if let line = bestLine(for: piece, bands) {
        extend(line, with: letter, &bands)
      } else {
        lines.append(
          InkLine(box: piece.box, members: [letter], parent: piece.parent, letter: piece.box.height)
        )
        ends.append(piece.box)
        enter(lines.count - 1, piece.box, &bands)
      }
    }
  }

  private func bestLine(for piece: InkComponent, _ bands: [Int: [Int]]) -> Int? {
    var best: (line: Int, overlap: Int)?
    for band in piece.box.y >> 4...(piece.box.maxY - 1) >> 4 {
      for line in bands[band] ?? [] {
        guard let overlap = overlap(piece, line) else { continue }
        if best.map({ overlap > $0.overlap || overlap == $0.overlap && line > $0.line }) ?? true {
          best = (line, overlap)
        }
      }
    }
    return best?.line
  }

  /// The rows that a piece shares with the end of a line it belongs to; nil when it does not.
  private func overlap(_ piece: InkComponent, _ line: Int) -> Int? {
    guard piece.parent == lines[line].parent else { return nil }
    // The last piece counts, not the whole line: an icon in front must not make the line high.
    let (here, end) = (piece.box, ends[line])
    if isMark(here, beside: line) { return here.height }
    let shared = min(here.maxY, end.maxY) - max(here.y, end.y)
    let (low, high) = (min(here.height, end.height), max(here.height, end.height))
    guard shared * 2 >= low, high * 5 <= low * 13 else { return nil }
    // What lies inside a wide piece is in a frame; what lies inside a narrow one is the middle of an @.
    guard end.width * 2 <= end.height * 5 || here.x >= end.maxX - here.width else { return nil }
    guard here.x - lines[line].box.maxX <= max(high, lines[line].letter) + 1 else { return nil }
    return shared
  }

  /// Whether a piece is a comma or a quotation mark behind the last letter of a line.
  private func isMark(_ box: PixelRect, beside line: Int) -> Bool {
    let (end, letter) = (ends[line], lines[line].letter)
    guard letter >= 10, box.height * 5 <= letter * 3, box.width * 2 <= letter,
      end.height * 5 > letter * 2, (-2...letter / 2).contains(box.x - end.maxX)
    else { return false }
    let isComma =
      box.y >= end.center.y && box.y <= end.maxY + 1 && box.maxY <= end.maxY + box.height
    let isQuote = box.maxY <= end.center.y + 1 && box.y >= end.maxY - letter * 3 / 2
    return isComma || isQuote
  }

  private mutating func extend(_ line: Int, with piece: Int, _ bands: inout [Int: [Int]]) {
    let isMark = isMark(components[piece].box, beside: line)
    lines[line].box = lines[line].box.union(components[piece].box)
    lines[line].members.append(piece)
    lines[line].letter = max(lines[line].letter, components[piece].box.height)
    if !isMark { ends[line] = components[piece].box }
    enter(line, components[piece].box, &bands)
  }

  private func enter(_ line: Int, _ box: PixelRect, _ bands: inout [Int: [Int]]) {
    for band in box.y >> 4...(box.maxY - 1) >> 4 {
      if bands[band]?.last == line { continue }
      if bands[band]?.contains(line) == true { continue }
      // A line that ended far to the left gets no more letters.
      bands[band]?.removeAll { box.x - lines[$0].box.maxX > 2 * Self.heights.upperBound }
      bands[band, default: []].append(line)
    }
  }

  // MARK: - Text cursors

  /// Takes text cursors out of lines: a solid block at the end, which the stem of a bold i is too, or a
  /// stroke as thin as a hair that reaches below the letters, which an l does not.
  private mutating func dropCursors() {
    for line in lines.indices {
      var members = lines[line].members
      if let last = members.last, isBlock(components[last]), !hasDot(components[last]) {
        members.removeLast()
      }
      if let caret = members.firstIndex(where: { isHair(components[$0]) }),
        isCaret(members[caret], among: members)
      {
        members.remove(at: caret)
      }
      guard members.count < lines[line].members.count else { continue }
      if members.isEmpty {
        lines[line].members = []
      } else {
        lines[line] = part(members, of: lines[line])
      }
    }
    lines.removeAll(where: \.members.isEmpty)
  }

  private func isHair(_ piece: InkComponent) -> Bool {
    piece.box.width <= 2 && piece.box.height >= 14
  }

  /// A lone hair is a caret in an empty field.
  private func isCaret(_ hair: Int, among members: [Int]) -> Bool {
    let bottoms = members.filter { $0 != hair }.map { components[$0].box.maxY }.sorted()
    guard !bottoms.isEmpty else { return true }
    // Upright strokes are parts of signs in Korean, and a letter in Arabic.
    if scripts.hasLooseParts { return false }
    return components[hair].box.maxY >= bottoms[bottoms.count / 2] + 2
  }

  private func isBlock(_ piece: InkComponent) -> Bool {
    let box = piece.box
    return box.width >= 5 && box.height >= 10 && box.height * 10 < box.width * 24
      && piece.area * 20 >= box.area * 19
  }

  private func hasDot(_ stem: InkComponent) -> Bool {
    components.contains { piece in
      let (dot, box) = (piece.box, stem.box)
      guard dot.height * 2 <= box.height, (0...box.height / 2).contains(box.y - dot.maxY) else {
        return false
      }
      return abs(dot.center.x - box.center.x) <= max(1, box.width / 3)
    }
  }

  // MARK: - Radio buttons and check boxes

  /// Takes radio buttons and check boxes out of lines: each begins a line of its own behind it.
  private mutating func dropToggles() {
    for line in lines.indices {
      let members = lines[line].members
      var labels: [[Int]] = [[]]
      var toggle = PixelRect(x: 0, y: 0, width: 0, height: 0)
      for (index, member) in members.enumerated() {
        // The dot or the tick inside of it goes with it.
        if toggle.intersection(components[member].box) == components[member].box { continue }
        if isApart(components[member], from: members[..<index]),
          isToggle(components[member], before: members[(index + 1)...])
            || scripts.isRightToLeft && isToggle(components[member], after: members[..<index])
        {
          labels.append([])
          toggle = components[member].box
        } else {
          labels[labels.count - 1].append(member)
        }
      }
      guard labels.count > 1 else { continue }
      let parts = labels.filter { !$0.isEmpty }.map { part($0, of: lines[line]) }
      guard let first = parts.first else { continue }
      lines[line] = first
      lines += parts.dropFirst()
    }
  }

  private func part(_ members: [Int], of line: InkLine) -> InkLine {
    let boxes = members.map { components[$0].box }
    return InkLine(
      box: boxes.dropFirst().reduce(boxes[0]) { $0.union($1) }, members: members,
      parent: line.parent, letter: boxes.map(\.height).max() ?? line.letter)
  }

  /// Round or a box, clearly higher than the letters that follow, and with a gap behind it.
  private func isToggle(_ piece: InkComponent, before rest: ArraySlice<Int>) -> Bool {
    guard isRoundOrSquare(piece) else { return false }
    let behind = rest.lazy.map { components[$0].box }.filter { $0.x >= piece.box.maxX }.prefix(3)
    guard let next = behind.first else { return false }
    let height = behind.map(\.height).max() ?? 0
    // Signs of many pieces are as high as a box.
    return piece.box.height * 100 >= height * (scripts.isStacked ? 95 : 112)
      && (next.x - piece.box.maxX) * 4 >= piece.box.height
  }

  /// Whether there is room before a piece: what stands right behind a letter is one.
  private func isApart(_ piece: InkComponent, from before: ArraySlice<Int>) -> Bool {
    let end = before.map { components[$0].box.maxX }.max() ?? 0
    return before.isEmpty || (piece.box.x - end) * 4 >= piece.box.height
  }

  /// Whether a piece has the outline of a toggle; a `g` and an `8` are boxes too, but narrow ones.
  private func isRoundOrSquare(_ piece: InkComponent) -> Bool {
    let box = piece.box
    guard box.height >= 11 else { return false }
    return ink.isRound(piece) || abs(box.width - box.height) * 4 <= box.height && ink.isBox(piece)
  }

  /// The same for lines that run from right to left.
  private func isToggle(_ piece: InkComponent, after rest: ArraySlice<Int>) -> Bool {
    guard isRoundOrSquare(piece) else { return false }
    let before = rest.map { components[$0].box }.filter { $0.maxX <= piece.box.x }.suffix(3)
    guard let next = before.last else { return false }
    let height = before.map(\.height).max() ?? 0
    return piece.box.height * 100 >= height * 95
      && (piece.box.x - next.maxX) * 4 >= piece.box.height
  }

  // MARK: - Dots, commas and accents

  /// Gives the dots of large letters to their line: they are as high as a small letter is.
  private mutating func attachLargeDots() {
    let dots = lines.indices.filter { line in
      let members = lines[line].members
      return members.count <= 3 && lines[line].letter <= 16
        && members.allSatisfy { components[$0].box.width <= 16 }
    }.sorted { lines[$0].box.x < lines[$1].box.x }
    let hosts = lines.indices.filter { lines[$0].letter >= 18 }
    guard !dots.isEmpty, !hosts.isEmpty, dots.count * hosts.count <= 1 << 20 else { return }
    for dot in dots {
      let (box, parent) = (lines[dot].box, lines[dot].parent)
      let near = hosts.filter { host in
        lines[host].parent == parent && lines[host].letter * 10 >= lines[dot].letter * 26
      }.min { cost(box, $0) < cost(box, $1) }
      guard let near, cost(box, near) < Int.max else { continue }
      lines[near].members += lines[dot].members
      lines[near].box = lines[near].box.union(box)
      lines[dot].members = []
    }
    lines.removeAll(where: \.members.isEmpty)
  }

  /// Gives dots, commas and dashes to the lines they are near to, and returns those that are left.
  private mutating func attachSmallPieces() -> [Int] {
    var left: [Int] = []
    var bands: [Int: [Int]] = [:]
    for line in lines.indices {
      let reach = lines[line].box.height
      for band in (lines[line].box.y - reach) >> 4...(lines[line].box.maxY + reach) >> 4 {
        bands[band, default: []].append(line)
      }
    }
    let small = components.indices.filter { isSmall(components[$0]) }
      .sorted { components[$0].box.x < components[$1].box.x }
    for piece in small {
      let box = components[piece].box
      let near = (bands[box.center.y >> 4] ?? [])
        .filter { line in
          lines[line].parent == components[piece].parent
            && (!isBar(components[piece]) || isDash(box, in: line))
        }
        .min { cost(box, $0) < cost(box, $1) }
      guard let near, cost(box, near) < Int.max else {
        left.append(piece)
        continue
      }
      lines[near].members.append(piece)
      lines[near].box = lines[near].box.union(box)
    }
    return left
  }

  /// Makes a line of its own of a lone piece far in front of a text, such as a bullet or an icon.
  ///
  /// Read together, it spoils the first word.
  private mutating func splitHeads() {
    for line in lines.indices where lines[line].members.count > 2 {
      let members = lines[line].members.sorted { components[$0].box.x < components[$1].box.x }
      let (head, next) = (components[members[0]].box, components[members[1]].box)
      guard (next.x - head.maxX) * 10 >= max(lines[line].letter, 9) * 7 else { continue }
      lines.append(part([members[0]], of: lines[line]))
      lines[line] = part(Array(members.dropFirst()), of: lines[line])
    }
  }

  /// Joins what only a colon, a point or a dash lies between, which were no letters when lines were made.
  private mutating func joinAtMarks() {
    let ink = ink
    join { Self.continues($0, after: $1, ink) }
  }

  /// Joins the words of a terminal, where a space is as wide as a letter and its neighbours may be thin.
  static func joined(
    _ lines: [InkLine], _ ink: InkComponents, pitches: [Int32: Double]
  ) -> [InkLine] {
    guard !pitches.isEmpty else { return lines }
    var finder = LineFinder(ink: ink, surfaces: [:])
    finder.lines = lines
    finder.join { here, there in
      guard here.parent == there.parent, let pitch = pitches[here.parent],
        TextLayout.areInOneRow(here.box, there.box)
      else { return false }
      let gap = here.box.x - there.box.maxX
      return gap >= 0 && Double(gap) < pitch * 2
    }
    return finder.lines
  }

  private mutating func join(where belongs: (_ here: InkLine, _ there: InkLine) -> Bool) {
    let order = lines.indices.sorted { lines[$0].box.x < lines[$1].box.x }
    // By bands of rows, like above.
    var bands: [Int: [Int]] = [:]
    for line in order {
      let box = lines[line].box
      let band = box.center.y >> 4
      let before = (band - 1...band + 1).flatMap { bands[$0] ?? [] }
        .filter { belongs(lines[line], lines[$0]) }.max { lines[$0].box.maxX < lines[$1].box.maxX }
      if let before {
        lines[before].members += lines[line].members
        lines[before].box = lines[before].box.union(box)
        lines[before].letter = max(lines[before].letter, lines[line].letter)
        lines[line].members = []
      } else {
        bands[band, default: []].append(line)
      }
    }
    lines.removeAll(where: \.members.isEmpty)
  }

  private static func continues(
    _ here: InkLine, after there: InkLine, _ ink: InkComponents
  ) -> Bool {
    let letter = max(here.letter, there.letter)
    guard here.parent == there.parent, letter <= 2 * min(here.letter, there.letter),
      TextLayout.areInOneRow(here.box, there.box),
      (0...letter + 1).contains(here.box.x - there.box.maxX)
    else { return false }
    let isMark = { (box: PixelRect) in
      box.height < heights.lowerBound && box.width <= letter
    }
    let last = there.members.map { ink.components[$0].box }.max { $0.maxX < $1.maxX }
    let first = here.members.map { ink.components[$0].box }.min { $0.x < $1.x }
    return last.map(isMark) == true || first.map(isMark) == true
  }

  /// Takes the strokes under letters out of lines: links and accelerators have them.
  ///
  /// An underscore has no letter above it.
  private mutating func dropUnderlines() {
    for line in lines.indices {
      let boxes = lines[line].members.map { components[$0].box }
      let letters = boxes.filter { $0.height >= Self.heights.lowerBound }
      let under = Set(
        boxes.filter { isUnderline($0, of: letters, height: lines[line].letter) })
      // The part under a space has no letter above it.
      let members = zip(lines[line].members, boxes).filter { _, box in
        !under.contains {
          $0 == box || $0.y == box.y && $0.height == box.height && box.width >= box.height * 2
        }
      }.map(\.0)
      guard !members.isEmpty, members.count < lines[line].members.count else { continue }
      lines[line] = part(members, of: lines[line])
    }
  }

  private func isUnderline(_ box: PixelRect, of letters: [PixelRect], height: Int) -> Bool {
    guard box.height * 8 <= max(height, 16), box.width >= box.height * 3 else { return false }
    // The lowest stroke of a sign is no wider than the sign.
    if scripts.isStacked, box.width < height * 2 { return false }
    let bottoms = letters.map(\.maxY).sorted()
    guard !bottoms.isEmpty, box.y >= bottoms[bottoms.count / 2] else { return false }
    let covered = letters.reduce(0) { sum, letter in
      let isAbove = letter.maxY <= box.maxY + height / 3 && letter.y < box.y
      return sum + (isAbove ? max(min(letter.maxX, box.maxX) - max(letter.x, box.x), 0) : 0)
    }
    return covered * 2 >= box.width
  }

  /// Takes waves under letters out: what is low, right under a line and no longer than it, and in one piece
  /// for much of its length.
  private mutating func dropWaves() {
    let low = lines.indices.filter { lines[$0].box.height <= 7 }
    guard !low.isEmpty, low.count * lines.count <= 1 << 20 else { return }
    let hosts = lines.filter { $0.letter >= 9 }
    let isUnder = { (box: PixelRect, host: InkLine) in
      (-host.letter / 2...4).contains(box.y - host.box.maxY) && box.x >= host.box.x - 4
        && box.maxX <= host.box.maxX + 4 && box.y >= host.box.center.y
    }
    let waves = low.filter { line in
      let isLong = lines[line].members.contains {
        components[$0].box.width * 2 >= components[$0].box.height * 7
      }
      return isLong && hosts.contains { isUnder(lines[line].box, $0) }
    }.map { lines[$0].box }
    guard !waves.isEmpty else { return }
    // Its parts between letters that reach below the line are shorter.
    lines.removeAll { line in
      line.box.height <= 7
        && waves.contains { abs($0.y - line.box.y) <= 1 && abs($0.maxY - line.box.maxY) <= 1 }
        && hosts.contains { isUnder(line.box, $0) }
    }
  }

  /// Lines of small pieces alone: the minus, the point or the equals sign that is all a button says.
  private func signs(among pieces: [Int]) -> [InkLine] {
    var lines: [Int32: InkLine] = [:]
    for piece in pieces where components[piece].peak >= 40 {
      let (box, parent) = (components[piece].box, components[piece].parent)
      guard let button = surfaces[parent], (14...160).contains(button.width),
        (14...80).contains(button.height), box.width >= 2, box.height >= 1,
        abs(button.center.x - box.center.x) <= 6
      else { continue }
      if let line = lines[parent] {
        lines[parent]?.box = line.box.union(box)
        lines[parent]?.members.append(piece)
      } else {
        lines[parent] = InkLine(box: box, members: [piece], parent: parent, letter: box.height)
      }
    }
    return lines.values.filter { $0.members.count <= 3 && $0.box.height <= 16 }
      .sorted { ($0.box.y, $0.box.x) < ($1.box.y, $1.box.x) }.prefix(Self.signLimit).map { $0 }
  }

  /// How far a small piece is from a line: `Int.max` when it is too far.
  private func cost(_ box: PixelRect, _ line: Int) -> Int {
    let other = lines[line].box
    let across = max(other.x - box.maxX, box.x - other.maxX, 0)
    let down = max(other.y - box.maxY, box.y - other.maxY, 0)
    guard across <= max(other.height * 3 / 4, 4), down <= max(other.height / 3, 3) else {
      return Int.max
    }
    return across + down * 3
  }

  // MARK: - What is text

  private func isText(_ line: InkLine) -> Bool {
    let letters = line.members.filter { isLetter(components[$0]) }
    guard letters.contains(where: { components[$0].peak >= 20 }) else { return false }
    // The rounded corner of a button.
    if line.letter < 9, letters.count == 1, components[letters[0]].isEdge { return false }
    // One compact square piece larger than a letter is an icon.
    if letters.count == 1, let only = letters.first {
      let piece = components[only]
      if piece.box.height >= 12, ink.isBox(piece) { return false }
      return !(piece.box.height > 26 && piece.area * 10 > piece.box.area * 7)
    }
    return true
  }
}
