import Pixels

/// Letters that are too large for the eyes at full size: they are read on a smaller picture of the screen.
///
/// The stem of a letter as high as a hand is itself an area of even colour, and so a surface, and the inside
/// of an `O` another. Shrunk, it is a letter like any other.
enum LargeText {
  /// How many pixels of the screen one of the smaller pictures is, on each side.
  static let factors = [3, 8]
  /// The lowest letters that are looked at in a smaller picture, in its pixels, for each factor.
  private static let lowest = [3: 12, 8: 14]
  /// Below this confidence what was seen is ink that was not read, rather than a word.
  private static let sure = 0.75

  /// A part of a screen, made smaller and taken apart.
  struct Place {
    let page: Page
    let factor: Int
    /// Where it is on the screen.
    let box: PixelRect
    /// Its lines of large letters.
    let lines: [InkLine]

    func onScreen(_ small: PixelRect) -> PixelRect {
      PixelRect(
        x: box.x + small.x * factor, y: box.y + small.y * factor, width: small.width * factor,
        height: small.height * factor)
    }
  }

  /// What was read in one place.
  struct Read {
    /// The number of a line's surface: none.
    fileprivate static let parent: Int32 = -3

    fileprivate var lines: [(line: TextLayout.Line, isWhole: Bool)] = []
    fileprivate var unread: [(ink: UnreadInk, isWhole: Bool)] = []

    /// - Parameter isWhole: whether the full size has all the ink of the line in one line too.
    mutating func add(
      _ line: InkLine, _ words: [RecognisedWord], _ doubts: [RecognisedWord], from place: Place,
      isWhole: Bool
    ) {
      let box = place.onScreen(line.box)
      guard !words.isEmpty, words.allSatisfy({ $0.confidence >= LargeText.sure }) else {
        let ink = UnreadInk(
          box: box, cause: .size, signs: UnreadFinder.signs(in: line, place.page.ink))
        unread.append((ink, isWhole))
        return
      }
      let read = TextLayout.Line(
        words: words.map { $0.placed(place.onScreen) },
        doubts: doubts.map { $0.placed(place.onScreen) }, box: box, parent: Self.parent)
      lines.append((read, isWhole))
    }
  }

  /// Whether all pieces of a large line are in one line of the full size; else that one has lost some of them, an
  /// `O` that is a surface of its own, a bracket, a point.
  static func isWhole(_ line: InkLine, of place: Place, in page: Page) -> Bool {
    let middles = line.members.map { member in
      let box = place.onScreen(place.page.ink.components[member].box)
      return box.insetBy(min(box.width, box.height) / 4)
    }
    return page.lines.contains { other in
      let pieces = other.members.map { page.ink.components[$0].box }
      return middles.allSatisfy { middle in pieces.contains { $0.intersects(middle) } }
    }
  }

  /// The area around everything that may be a large letter; nil when nothing may.
  static func area(_ surfaces: Surfaces, _ ink: InkComponents, width: Int) -> PixelRect? {
    let thick = surfaces.boxes.filter { label, box in
      isLetter(box, area: surfaces.areas[label] ?? 0)
    }.map(\.value)
    let drawn = ink.components.filter { isLetter($0.box, area: $0.area) && !ink.isFrame($0) }
      .map(\.box)
    // What stands beside may be lower, so whole rows are taken.
    guard let first = (thick + drawn).map({ $0.insetBy(-$0.height / 2) }).min(by: { $0.y < $1.y })
    else { return nil }
    let bottom = (thick + drawn).map { $0.maxY + $0.height / 2 }.max() ?? first.maxY
    return PixelRect(x: 0, y: first.y, width: width, height: bottom - first.y)
  }

  /// Higher than other letters, not much wider, and neither solid nor nearly empty.
  private static func isLetter(_ box: PixelRect, area: Int) -> Bool {
    (30...640).contains(box.height) && box.width <= 3 * box.height && box.width * 12 >= box.height
      && area * 100 >= box.area * 14 && (area * 100 <= box.area * 78 || box.width * 3 <= box.height)
  }

  /// The smaller pictures of a frame that have lines of large letters.
  static func pages(of frame: Frame, _ page: Page) -> [Place] {
    guard let area = page.large.map(frame.size.bounds.intersection), !area.isEmpty else {
      return []
    }
    return factors.compactMap { factor in
      guard let small = frame.shrunk(area, by: factor) else { return nil }
      let page = Page(small, isPart: true)
      let lines = page.lines.filter {
        $0.letter >= lowest[factor, default: 12] && $0.parent != BusyGround.parent
      }
      return lines.isEmpty ? nil : Place(page: page, factor: factor, box: area, lines: lines)
    }
  }

  /// Adds what was read in a smaller picture, where the full size did not read it as well.
  static func add(_ read: Read, to lines: inout [TextLayout.Line], _ unread: inout [UnreadInk]) {
    for (line, isWhole) in read.lines
    where !isRead(
      line.box, in: isWhole ? lines : lines.filter { $0.parent == Read.parent },
      as: line.words.map(\.confidence).min() ?? 0) && !holdsText(line.box, in: lines)
      && (isWhole || !isSame(line, as: lines))
    {
      // What was seen inside of the letters is no text.
      lines.removeAll { isInside($0.box, line.box) }
      unread.removeAll { isInside($0.box, line.box) }
      lines.append(line)
    }
    for (place, isWhole) in read.unread
    where !isRead(
      place.box, in: isWhole ? lines : lines.filter { $0.parent == Read.parent }, as: sure)
      && !holdsText(place.box, in: lines) && !unread.contains(where: { $0.box == place.box })
    {
      unread.append(place)
      // What was read of it is a part.
      for index in lines.indices where !isWhole && isInside(lines[index].box, place.box) {
        lines[index].words = lines[index].words.map(\.guessed)
      }
    }
  }

  /// Whether the letters of a large line were read already, as surely as that.
  private static func isRead(
    _ box: PixelRect, in lines: [TextLayout.Line], as confidence: Double
  ) -> Bool {
    let words = lines.flatMap(\.words).filter { word in
      word.box.height * 2 >= box.height
        && box.contains(x: word.box.center.x, y: word.box.center.y)
    }
    let width = words.reduce(0) { $0 + $1.box.width }
    let least = words.map(\.confidence).min() ?? 0
    return width * 10 >= box.width * 6 && least >= min(confidence, TextSearch.doubt)
  }

  /// Whether every word of a large line was read as the same before, so that only an icon is new.
  private static func isSame(_ line: TextLayout.Line, as lines: [TextLayout.Line]) -> Bool {
    let near = lines.filter { $0.box.intersects(line.box) }
    return near.count == 1
      && line.words.map(\.text) == near[0].words.map(\.text)
  }

  /// Whether ordinary words stand in a box: then it is around something, and no letters.
  private static func holdsText(_ box: PixelRect, in lines: [TextLayout.Line]) -> Bool {
    lines.contains { line in
      line.words.contains {
        $0.confidence >= TextSearch.doubt && $0.text.count >= 3 && isInside($0.box, box)
          && $0.box.height * 2 < box.height
      }
    }
  }

  private static func isInside(_ small: PixelRect, _ large: PixelRect) -> Bool {
    small.intersection(large).area * 10 >= small.area * 8
  }
}

extension RecognisedWord {
  /// The same word where it is hardly more than a guess.
  fileprivate var guessed: RecognisedWord {
    var word = self
    word.confidence = min(confidence, 0.4)
    return word
  }
}

extension Frame {
  /// A part of the frame made smaller by a whole number; nil when nothing is left of it.
  fileprivate func shrunk(_ part: PixelRect, by factor: Int) -> Frame? {
    guard let size = PixelSize(width: part.width / factor, height: part.height / factor) else {
      return nil
    }
    let count = factor * factor
    let small = [UInt8](unsafeUninitializedCapacity: size.area * 4) { target, used in
      pixels.withUnsafeBufferPointer { source in
        for y in 0..<size.height {
          for x in 0..<size.width {
            var (blue, green, red) = (0, 0, 0)
            for row in 0..<factor {
              var at = (part.y + y * factor + row) * stride + (part.x + x * factor) * 4
              for _ in 0..<factor {
                blue += Int(source[at])
                green += Int(source[at + 1])
                red += Int(source[at + 2])
                at += 4
              }
            }
            let to = (y * size.width + x) * 4
            target[to] = UInt8(truncatingIfNeeded: blue / count)
            target[to + 1] = UInt8(truncatingIfNeeded: green / count)
            target[to + 2] = UInt8(truncatingIfNeeded: red / count)
            target[to + 3] = 0
          }
        }
      }
      used = size.area * 4
    }
    return Frame(size: size, pixels: small)
  }
}
