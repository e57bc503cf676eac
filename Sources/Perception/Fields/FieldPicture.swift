import Pixels

/// The pieces of ink inside of a field, to tell the signs of a password from letters.
///
/// They are all alike and stand at even distances. A value.
struct FieldPicture {
  /// What the ink is.
  enum Mask: Hashable {
    /// There is no ink.
    case nothing
    /// Signs in place of letters; nil when some may be out of sight.
    case signs(Int?)
    /// Something else.
    case other
  }

  /// From this height on, in pixels, a field may be a view of several lines.
  static let tallestLine = 64

  let box: PixelRect
  let ground: UInt32
  /// What belongs to the text; all there is where nothing else would be left.
  let pieces: [Ink.Piece]
  /// All there is, also what seems to be an icon.
  let all: [Ink.Piece]
  /// The icons, arrows and buttons beside the text.
  private let ornaments: [PixelRect]
  /// Whether all there is stands where icons stand; it may be a lone letter all the same.
  let isOrnamentOnly: Bool
  /// The text cursor, where there is one behind the text.
  private let cursor: PixelRect?

  /// Takes the inside of a field apart.
  init(_ frame: Frame, _ box: PixelRect) {
    let inside = frame.size.bounds.intersection(
      PixelRect(x: box.x + 2, y: box.y + 2, width: box.width - 4, height: box.height - 4))
    self.box = inside
    guard !inside.isEmpty, let ground = PixelColors.commonest(in: inside, of: frame) else {
      ground = 0
      pieces = []
      all = []
      ornaments = []
      isOrnamentOnly = false
      cursor = nil
      return
    }
    self.ground = ground
    var ink = Ink(in: inside, of: frame, ground: ground)
    cursor = ink.takeCursor()
    all = ink.pieces()
    let parts = Ornaments(all, in: inside)
    let rest = parts.lone.isEmpty ? parts.ornaments : parts.lone
    pieces = parts.text.isEmpty ? rest : parts.text
    let isTaken = !parts.text.isEmpty || !parts.lone.isEmpty
    ornaments = (isTaken ? parts.ornaments.map(\.box) : []) + parts.grip.map(\.box)
    isOrnamentOnly = parts.text.isEmpty && !rest.isEmpty
  }

  /// The inside on ground of its own colour and nothing else, so that neither a border nor the text cursor is
  /// read as a letter; and where on that it is.
  func alone(in frame: Frame) -> (picture: Frame, place: PixelRect)? {
    let margin = 8
    guard !box.isEmpty,
      let size = PixelSize(width: box.width + 2 * margin, height: box.height + 2 * margin)
    else { return nil }
    let blank = [ground, ground >> 8, ground >> 16].map { UInt8(truncatingIfNeeded: $0) } + [0]
    var pixels: [UInt8] = []
    pixels.reserveCapacity(size.area * 4)
    for _ in 0..<size.area { pixels += blank }
    for y in 0..<box.height {
      let source = (box.y + y) * frame.stride + box.x * 4
      let target = ((y + margin) * size.width + margin) * 4
      pixels.replaceSubrange(
        target..<target + box.width * 4, with: frame.pixels[source..<source + box.width * 4])
    }
    // The edges of a drawing are paler than its ink.
    for place in ornaments.map({ $0.insetBy(-1).intersection(box) }) + (cursor.map { [$0] } ?? []) {
      for y in place.y..<place.maxY {
        for x in place.x..<place.maxX {
          let at = ((y - box.y + margin) * size.width + x - box.x + margin) * 4
          pixels.replaceSubrange(at..<at + 4, with: blank)
        }
      }
    }
    for patch in patches(in: frame) {
      paint(patch, of: frame, on: &pixels, width: size.width, margin: margin)
    }
    let place = PixelRect(x: margin, y: margin, width: box.width, height: box.height)
    return Frame(size: size, pixels: pixels, sequence: frame.sequence).map { ($0, place) }
  }

  /// Draws a part that is picked out as the rest is, dark on the ground of the field: no letter is lost at its edges.
  private func paint(
    _ patch: Ink.Piece, of frame: Frame, on pixels: inout [UInt8], width: Int, margin: Int
  ) {
    let area = patch.box.intersection(box)
    guard let color = PixelColors.commonest(in: area, of: frame) else { return }
    let ink: UInt32 = PixelColors.contrast(ground, 0) > 4.5 ? 0 : 0xFFFFFF
    var far: UInt32 = 1
    for y in area.y..<area.maxY {
      for x in area.x..<area.maxX {
        far = max(far, Surfaces.distance(PixelColors.pixel(x, y, frame), color))
      }
    }
    for y in area.y..<area.maxY {
      let row = (area.x..<area.maxX).filter {
        Surfaces.distance(PixelColors.pixel($0, y, frame), color) <= Surfaces.tolerance
      }
      // Beside the first and the last column of the patch its corners are round.
      guard let first = row.first, let last = row.last else { continue }
      for x in area.x..<area.maxX {
        let isPatch = x >= first && x <= last
        let share =
          isPatch ? Surfaces.distance(PixelColors.pixel(x, y, frame), color) * 256 / far : 0
        let at = ((y - box.y + margin) * width + x - box.x + margin) * 4
        for channel in 0..<3 {
          let shift = UInt32(channel * 8)
          let (from, to) = ((ground >> shift) & 0xFF, (ink >> shift) & 0xFF)
          pixels[at + channel] = UInt8(
            truncatingIfNeeded: (from * (256 - share) + to * share) / 256)
        }
      }
    }
  }

  /// What the ink is.
  var mask: Mask {
    let ink = pieces
    guard let first = ink.first else { return .nothing }
    guard first.isSign, !isOrnamentOnly else { return .other }
    let run = Self.run(in: ink)
    guard run.count >= 3 || run.allSatisfy(\.isDisc), let last = run.last else { return .other }
    let pitch = run.count > 1 ? run[1].left - run[0].left : last.width * 2
    let rest = ink.dropFirst(run.count)
    if let next = rest.first {
      // An icon stands apart from the signs; what follows them closely makes them letters.
      guard next.left - last.right >= 2 * pitch else { return .other }
    }
    let end = rest.first?.left ?? box.maxX
    return .signs(end - last.right < 2 * pitch ? nil : run.count)
  }

  /// The pieces from the first one on that are like it, at even distances.
  private static func run(in ink: [Ink.Piece]) -> [Ink.Piece] {
    guard let first = ink.first else { return [] }
    var run = [first]
    for piece in ink.dropFirst() where piece.isLike(first) {
      let step = piece.left - run[run.count - 1].left
      let pitch = run.count > 1 ? run[1].left - run[0].left : step
      guard abs(step - pitch) <= 1, step <= first.width * 3 else { break }
      run.append(piece)
    }
    return ink.starts(with: run) ? run : [first]
  }
}
