import CVNCClient
import Pixels

/// The hextile encoding (RFC 6143, 7.7.4).
extension MessageParser {
  mutating func hextile(
    _ rect: PixelRect, _ first: Int, _ input: inout Input, _ canvas: inout Canvas
  ) throws(Violation) -> Event? {
    let columns = (rect.width + 15) / 16
    let count = columns * ((rect.height + 15) / 16)
    var index = first
    while index < count {
      let x = rect.x + index % columns * 16
      let y = rect.y + index / columns * 16
      let place = PixelRect(
        x: x, y: y, width: min(16, rect.maxX - x), height: min(16, rect.maxY - y))
      guard try paintTile(place, &input, &canvas) else { break }
      index += 1
    }
    guard index == count else {
      state = .hextile(rect, tile: index)
      return nil
    }
    canvas.painted(rect)
    return nextRect()
  }

  /// Paints one tile; false when it is not all there yet.
  private mutating func paintTile(
    _ place: PixelRect, _ input: inout Input, _ canvas: inout Canvas
  ) throws(Violation) -> Bool {
    guard let kind = input.peek(0).map(TileKind.init) else { return false }
    if kind.isRaw {
      guard input.has(1 + place.area * 4) else { return false }
      input.drop(1)
      canvas.put(place, from: input.take(place.area * 4))
      return true
    }
    let head = 1 + (kind.hasBackground ? 4 : 0) + (kind.hasForeground ? 4 : 0)
    var pieces = 0
    if kind.hasPieces {
      guard let count = input.peek(head) else { return false }
      pieces = Int(count)
    }
    let body = kind.hasPieces ? 1 + pieces * (kind.isColoured ? 6 : 2) : 0
    guard input.has(head + body) else { return false }
    input.drop(1)
    if kind.hasBackground { background = input.pixel() }
    if kind.hasForeground { foreground = input.pixel() }
    let whole = PixelRect(x: 0, y: 0, width: place.width, height: place.height)
    fill(whole, of: place, background, &canvas)
    if kind.hasPieces { input.drop(1) }
    for _ in 0..<pieces { try paintPiece(isColoured: kind.isColoured, of: place, &input, &canvas) }
    if canvas.notesChanges { canvas.put(place, tile: tile) }
    return true
  }

  private mutating func paintPiece(
    isColoured: Bool, of place: PixelRect, _ input: inout Input, _ canvas: inout Canvas
  ) throws(Violation) {
    let colour = isColoured ? input.pixel() : foreground
    let corner = input.byte() ?? 0
    let sides = input.byte() ?? 0
    let piece = PixelRect(
      x: Int(corner >> 4), y: Int(corner & 15), width: Int(sides >> 4) + 1,
      height: Int(sides & 15) + 1)
    guard piece.maxX <= place.width, piece.maxY <= place.height else {
      throw Violation(message: "it painted outside of a tile")
    }
    fill(piece, of: place, colour, &canvas)
  }

  /// Fills a part of a tile: aside, so that the whole tile is compared with what was there, or at once where
  /// nothing was.
  private mutating func fill(
    _ part: PixelRect, of place: PixelRect, _ colour: UInt32, _ canvas: inout Canvas
  ) {
    guard canvas.notesChanges else {
      let rect = PixelRect(
        x: place.x + part.x, y: place.y + part.y, width: part.width, height: part.height)
      return canvas.fill(rect, colour)
    }
    tile.withUnsafeMutableBytes { buffer in
      guard let base = buffer.baseAddress else { return }
      qa_vncclient_fill(
        base.assumingMemoryBound(to: UInt8.self), 64, CInt(part.x), CInt(part.y),
        CInt(part.width), CInt(part.height), colour)
    }
  }
}
