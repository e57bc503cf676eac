import Pixels

/// What stands inside of a field and is not its text: a value.
///
/// A looking glass, a calendar, a cross that clears it, an eye, the arrows of a number. Such a drawing has a place
/// of its own at an end of the field, about as wide as the field is high. At the right it is far from the text; at
/// the left it is larger than the letters, above and below.
struct Ornaments {
  /// The pieces of the text, from the left.
  private(set) var text: [Ink.Piece]
  /// The pieces of the rest.
  private(set) var ornaments: [Ink.Piece] = []
  /// All there is beside drawings at the right, where it may be a drawing at the left or a short text.
  private(set) var lone: [Ink.Piece] = []
  /// The pieces of a handle that an area for text is made larger by: no letter stands there.
  private(set) var grip: [Ink.Piece] = []

  /// Parts the pieces in a box, which come from the left.
  init(_ pieces: [Ink.Piece], in box: PixelRect) {
    text = pieces
    if box.height > FieldPicture.tallestLine * 2 / 3 { takeGrip(box) }
    // Of several at the right the last is taken first.
    for _ in 0..<3 { takeRight(box) }
    takeLeft(box)
  }

  private mutating func takeGrip(_ box: PixelRect) {
    let corner = PixelRect(
      x: box.maxX - Self.gripSize, y: box.maxY - Self.gripSize, width: Self.gripSize,
      height: Self.gripSize)
    let group = text.filter { corner.intersection($0.box) == $0.box }
    // It reaches into the corner; a text, also one set at the right, keeps away from the edges.
    guard let area = Self.bounds(group), box.maxX - area.maxX <= 4, box.maxY - area.maxY <= 4,
      !text.contains(where: {
        $0.right > area.x - Self.gripSize && $0.bottom > area.y && !group.contains($0)
      })
    else { return }
    text.removeAll(where: group.contains)
    grip = group
  }

  /// The sides of the corner that a handle stands in, in pixels.
  private static let gripSize = 18

  private mutating func takeRight(_ box: PixelRect) {
    var end = ornaments.map(\.left).min() ?? box.maxX
    if end > box.maxX - box.height / 3 { end = box.maxX }
    let start = end - box.height * 3 / 2
    guard let first = text.firstIndex(where: { $0.left >= start }) else { return }
    let group = Array(text[first...])
    let left = text[..<first].map(\.right).max()
    guard Self.isDrawing(group, in: box) else { return }
    // Without any text it may be the text itself, set at the right.
    if let left, group[0].left - left < box.height * 4 / 5 { return }
    if left == nil, !Self.isCentered(group, from: end - box.height, box) { return }
    text.removeSubrange(first...)
    ornaments += group
  }

  private mutating func takeLeft(_ box: PixelRect) {
    guard let first = text.first else { return }
    let slot = box.x + box.height * 5 / 4
    let group = Array(text.prefix { $0.right <= slot && $0.left - first.left <= box.height })
    let rest = text.dropFirst(group.count)
    guard Self.isDrawing(group, in: box) else { return }
    guard let next = rest.first else {
      guard Self.isCentered(group, from: box.x, box) else { return }
      lone = text
      text = []
      return
    }
    let (top, bottom) = (group.map(\.top).min() ?? 0, group.map(\.bottom).max() ?? 0)
    var feet: [Int: Int] = [:]
    for letter in rest { feet[letter.bottom, default: 0] += 1 }
    let line = feet.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? bottom
    guard top < (rest.map(\.top).min() ?? top), bottom >= line + 2,
      next.left - (group.map(\.right).max() ?? 0) >= 3
    else { return }
    text = Array(rest)
    ornaments += group
  }

  /// Whether pieces are as large as a drawing in a field, and in the middle of its height.
  private static func isDrawing(_ group: [Ink.Piece], in box: PixelRect) -> Bool {
    guard (1...6).contains(group.count), let area = bounds(group) else { return false }
    // The two arrows of a number nearly reach from edge to edge.
    let most = group.count == 2 ? box.height - 1 : box.height * 9 / 10
    return area.height * 4 >= box.height && area.height <= most
      && area.width * 5 >= box.height && area.width <= box.height
      && abs(area.center.y - box.center.y) <= box.height / 6 + 1
  }

  private static func isCentered(_ group: [Ink.Piece], from x: Int, _ box: PixelRect) -> Bool {
    guard let area = bounds(group) else { return false }
    return abs(area.center.x - (x + box.height / 2)) <= box.height / 5 + 1
  }

  private static func bounds(_ group: [Ink.Piece]) -> PixelRect? {
    guard let first = group.first else { return nil }
    return group.dropFirst().reduce(first.box) { $0.union($1.box) }
  }
}
