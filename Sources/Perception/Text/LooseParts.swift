import Pixels

/// Gives lines the pieces of their signs that stand apart: in Korean a part of a sign is below another, in
/// Chinese and Arabic a dot makes another sign.
struct LooseParts {
  private let ink: InkComponents
  private var lines: [InkLine]

  /// The lines with all the pieces of their signs.
  ///
  /// - Parameters:
  ///   - lines: the lines, as they are found for letters of one piece.
  ///   - ink: what is drawn.
  ///   - scripts: what is read.
  static func joined(
    _ lines: [InkLine], _ ink: InkComponents, _ scripts: ScriptTraits
  ) -> [InkLine] {
    guard scripts.hasLooseParts else { return lines }
    var parts = LooseParts(ink: ink, lines: lines)
    if scripts.isStacked { parts.stack() }
    parts.joinRows()
    parts.takeLoosePieces()
    for index in parts.lines.indices {
      parts.lines[index].isJoined = scripts.isJoined
      // Signs are as high as their line, whatever their pieces are.
      if scripts.isStacked {
        parts.lines[index].letter = max(parts.lines[index].letter, parts.lines[index].box.height)
      }
    }
    return parts.lines
  }

  private init(ink: InkComponents, lines: [InkLine]) {
    self.ink = ink
    self.lines = lines
  }

  // MARK: - Lines that are the lower or upper part of another

  private mutating func stack() {
    // The widest first: what is part of another is no wider than it.
    let order = lines.indices.sorted { lines[$0].box.width > lines[$1].box.width }
    for (place, part) in order.enumerated().reversed() {
      let host = order[..<place].filter { isPart(lines[part], of: lines[$0]) }
        .min { Self.gap(lines[part].box, lines[$0].box) < Self.gap(lines[part].box, lines[$1].box) }
      guard let host else { continue }
      lines[host].members += lines[part].members
      lines[host].box = lines[host].box.union(lines[part].box)
      lines[host].letter = max(lines[host].letter, lines[part].letter)
      lines[part].members = []
    }
    lines.removeAll(where: \.members.isEmpty)
  }

  /// Rows of text are further apart than the parts of a sign, and as high as each other.
  private func isPart(_ part: InkLine, of host: InkLine) -> Bool {
    let letter = max(host.letter, part.letter)
    guard part.parent == host.parent, !host.members.isEmpty,
      part.box.x >= host.box.x - letter / 2, part.box.maxX <= host.box.maxX + letter / 2,
      Self.gap(part.box, host.box) <= max(2, letter / 4)
    else { return false }
    let both = part.box.union(host.box)
    let isLow = part.box.height * 10 <= host.box.height * 7 && both.height * 10 <= letter * 16
    let isOneSign =
      both.width * 10 <= both.height * 13
      && part.members.count + host.members.count <= 8
    return isLow || isOneSign
  }

  private static func gap(_ one: PixelRect, _ other: PixelRect) -> Int {
    max(one.y - other.maxY, other.y - one.maxY, 0)
  }

  // MARK: - Lines that go on in another

  /// Joins lines of one row that overlap or nearly touch: their letters differ too much in height and place
  /// to have been seen as neighbours.
  private mutating func joinRows() {
    let order = lines.indices.sorted { lines[$0].box.x < lines[$1].box.x }
    for (place, line) in order.enumerated() {
      let box = lines[line].box
      let before = order[..<place].filter { goesOn(lines[$0], in: lines[line]) }
        .max { lines[$0].box.maxX < lines[$1].box.maxX }
      guard let before else { continue }
      lines[before].members += lines[line].members
      lines[before].box = lines[before].box.union(box)
      lines[before].letter = max(lines[before].letter, lines[line].letter)
      lines[line].members = []
    }
    lines.removeAll(where: \.members.isEmpty)
  }

  private func goesOn(_ line: InkLine, in next: InkLine) -> Bool {
    let letter = max(line.letter, next.letter)
    return line.parent == next.parent && !line.members.isEmpty
      && letter <= 2 * min(line.box.height, next.box.height)
      && TextLayout.areInOneRow(line.box, next.box)
      && next.box.x - line.box.maxX <= letter * 6 / 10
  }

  // MARK: - Pieces that no line has

  /// Takes what lies between, right above or right below the letters of a line, and is no larger than they.
  private mutating func takeLoosePieces() {
    let taken = Set(lines.flatMap(\.members))
    let loose = ink.components.indices.filter { index in
      let piece = ink.components[index]
      return !taken.contains(index) && !piece.isEdge && piece.box.height <= 96
        && piece.box.width <= 96
    }.sorted { ink.components[$0].box.y < ink.components[$1].box.y }
    for line in lines.indices {
      let host = lines[line]
      let reach = max(2, host.letter / 3)
      for index in loose {
        let piece = ink.components[index].box
        if piece.maxY < host.box.y - reach { continue }
        if piece.y > host.box.maxY + reach { break }
        guard ink.components[index].parent == host.parent, piece.x >= host.box.x - 2,
          piece.maxX <= host.box.maxX + 2, piece.y >= host.box.y - reach,
          piece.maxY <= host.box.maxY + reach,
          piece.width <= host.letter * 3 / 2, piece.height <= host.letter
        else { continue }
        lines[line].members.append(index)
        lines[line].box = lines[line].box.union(piece)
      }
      lines[line].members.sort { ink.components[$0].box.x < ink.components[$1].box.x }
    }
  }
}
