import Pixels

/// Finds text that is so pale that it is no ink: hardly darker or lighter than its ground.
///
/// It is looked for where nothing else is drawn, and drawn stronger; what can be read then is text, and a
/// person may see it or not.
struct PaleText {
  /// From this strength on a pixel is looked at.
  static let faintest: UInt8 = 4
  /// The side of a tile, in pixels.
  private static let tile = 16
  /// The fewest pale pixels of a tile with text.
  private static let fewest = 10
  /// The most places that are looked at, which bounds what a hostile screen costs.
  private static let limit = 24
  /// How much stronger it is drawn.
  private static let gain = 6

  /// Places that may hold pale text, each drawn stronger and taken apart, with the lines in them that are like
  /// text.
  static func places(of frame: Frame, _ map: InkMap) -> [(
    page: Page, box: PixelRect, lines: [InkLine]
  )] {
    let areas = areas(map)
    guard areas.count <= limit else { return [] }
    return areas.compactMap { area in
      let box = frame.size.bounds.intersection(area.insetBy(-tile / 2))
      guard let strong = frame.strengthened(box, by: gain) else { return nil }
      let page = Page(strong, isPart: true)
      let lines = page.lines.filter { isText($0, page.ink, at: box, map) }
      return lines.isEmpty ? nil : (page, box, lines)
    }
  }

  /// Whether a line of a place drawn stronger is like text: some letters of about one height.
  ///
  /// Around such a place there may be letters that are ink anyway, as on a button whose ground has a gradient:
  /// these are known, and not pale.
  private static func isText(
    _ line: InkLine, _ ink: InkComponents, at place: PixelRect, _ map: InkMap
  ) -> Bool {
    guard (5...40).contains(line.letter), line.parent != BusyGround.parent else { return false }
    let tall = line.members.map { ink.components[$0].box }.filter { $0.height * 2 >= line.letter }
    return tall.count { !isInk($0, at: place, map) } >= 3
  }

  /// Whether a piece of a place is far from pale on the screen.
  private static func isInk(_ piece: PixelRect, at place: PixelRect, _ map: InkMap) -> Bool {
    let columns = place.x + piece.x..<place.x + piece.maxX
    return (place.y + piece.y..<place.y + piece.maxY).contains { y in
      columns.contains { map.strength[y * map.size.width + $0].magnitude >= 2 * InkMap.threshold }
    }
  }

  /// What lines drawn stronger are on the screen: those of one row are one place.
  static func rows(of lines: [InkLine], at place: PixelRect) -> [UnreadInk] {
    var rows: [(box: PixelRect, letter: Int)] = []
    for line in lines.sorted(by: { $0.box.x < $1.box.x }) {
      if let row = rows.firstIndex(where: { TextLayout.areInOneRow($0.box, line.box) }) {
        rows[row] = (rows[row].box.union(line.box), min(rows[row].letter, line.letter))
      } else {
        rows.append((line.box, line.letter))
      }
    }
    return rows.map { row in
      let box = PixelRect(
        x: place.x + row.box.x, y: place.y + row.box.y, width: row.box.width,
        height: row.box.height)
      return UnreadInk(
        box: box, cause: .pale,
        signs: UnreadFinder.signs(in: box, letter: row.letter, isOne: false))
    }
  }

  /// The boxes around tiles that touch and have something pale in them, and nothing else.
  private static func areas(_ map: InkMap) -> [PixelRect] {
    let columns = map.size.width / tile
    let rows = map.size.height / tile
    guard columns > 0, rows > 0 else { return [] }
    var isPale = map.strength.withUnsafeBufferPointer { strength in
      (0..<rows * columns).map { index in
        Self.isPale(strength, map.size.width, index % columns * tile, index / columns * tile)
      }
    }
    var areas: [PixelRect] = []
    for index in isPale.indices where isPale[index] {
      var left = [index]
      isPale[index] = false
      var area = PixelRect(
        x: index % columns * tile, y: index / columns * tile, width: 0, height: 0)
      while let next = left.popLast() {
        let (x, y) = (next % columns, next / columns)
        area = area.union(PixelRect(x: x * tile, y: y * tile, width: tile, height: tile))
        for (px, py) in [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)]
        where px >= 0 && px < columns && py >= 0 && py < rows && isPale[py * columns + px] {
          isPale[py * columns + px] = false
          left.append(py * columns + px)
        }
      }
      areas.append(area)
      if areas.count > limit { break }
    }
    return areas
  }

  private static func isPale(
    _ strength: UnsafeBufferPointer<Int8>, _ width: Int, _ left: Int, _ top: Int
  ) -> Bool {
    let bytes = UnsafeRawBufferPointer(strength)
    var count = 0
    for y in top..<top + tile {
      let row = y * width + left
      // Nothing is drawn nearly everywhere.
      if bytes.loadUnaligned(fromByteOffset: row, as: UInt64.self) == 0,
        bytes.loadUnaligned(fromByteOffset: row + 8, as: UInt64.self) == 0
      {
        continue
      }
      for x in 0..<tile {
        let value = strength[row + x].magnitude
        if value >= InkMap.threshold { return false }
        if value >= faintest { count += 1 }
      }
    }
    return count >= fewest
  }
}

extension Frame {
  /// A part of the frame in which everything differs more from the colour of its corner.
  fileprivate func strengthened(_ part: PixelRect, by gain: Int) -> Frame? {
    guard let size = PixelSize(width: part.width, height: part.height) else { return nil }
    let corner = part.y * stride + part.x * 4
    let ground = (0..<4).map { Int(pixels[corner + $0]) }
    var strong = [UInt8](repeating: 0, count: size.area * 4)
    for y in 0..<size.height {
      for x in 0..<size.width {
        let from = (part.y + y) * stride + (part.x + x) * 4
        for channel in 0..<3 {
          let value = ground[channel] + (Int(pixels[from + channel]) - ground[channel]) * gain
          strong[(y * size.width + x) * 4 + channel] = UInt8(clamping: value)
        }
      }
    }
    return Frame(size: size, pixels: strong)
  }
}
