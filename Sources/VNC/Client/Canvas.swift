import CVNCClient
import Pixels

/// The picture that updates are painted on: what it shows, what of it has been painted yet, and what
/// changed since it was last asked.
///
/// Every rectangle must lie inside; `MessageParser` sees to that, and a wrong one is ignored here.
struct Canvas: Sendable {
  let size: PixelSize
  private(set) var pixels: [UInt8]
  private(set) var changes = RectList()
  /// Whether it is looked for what changes; of a first picture all is new, whatever it shows.
  var notesChanges: Bool
  /// What has not been painted since the canvas was made or `expectAll` was called.
  private(set) var missing: [PixelRect]

  /// How many pieces what is missing may fall into; a server that paints so oddly is not waited for.
  private static let missingLimit = 512

  /// A black canvas of which nothing has been painted.
  init(size: PixelSize, notesChanges: Bool = true) {
    self.size = size
    self.notesChanges = notesChanges
    pixels = [UInt8](repeating: 0, count: size.area * 4)
    missing = [size.bounds]
  }

  /// Whether all of it has been painted.
  var isComplete: Bool { missing.isEmpty }

  /// Starts to wait for all of it to be painted anew.
  mutating func expectAll() { missing = [size.bounds] }

  /// What has changed since the last call.
  mutating func takeChanges() -> [PixelRect] {
    defer { changes = RectList() }
    return changes.rects
  }

  /// Paints a block of pixels that follow each other in `source`.
  mutating func put(_ rect: PixelRect, from source: UnsafeRawBufferPointer) {
    guard let base = source.baseAddress, source.count >= rect.area * 4, isInside(rect) else {
      return
    }
    put(rect, from: base.assumingMemoryBound(to: UInt8.self), stride: rect.width * 4)
  }

  /// Paints a block from a tile of sixteen pixels a row.
  mutating func put(_ rect: PixelRect, tile: [UInt32]) {
    guard rect.width <= 16, rect.height <= 16, tile.count >= 256, isInside(rect) else { return }
    tile.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      put(rect, from: base.assumingMemoryBound(to: UInt8.self), stride: 64)
    }
  }

  /// Paints a block of one colour, while changes are not noted.
  mutating func fill(_ rect: PixelRect, _ colour: UInt32) {
    guard !notesChanges, isInside(rect) else { return }
    let rowBytes = size.width * 4
    pixels.withUnsafeMutableBufferPointer { buffer in
      guard let frame = buffer.baseAddress else { return }
      qa_vncclient_fill(
        frame, rowBytes, CInt(rect.x), CInt(rect.y), CInt(rect.width), CInt(rect.height), colour)
    }
  }

  /// Paints a block that is already on the canvas at another place.
  mutating func copy(fromX: Int, y fromY: Int, to rect: PixelRect) {
    let source = PixelRect(x: fromX, y: fromY, width: rect.width, height: rect.height)
    guard isInside(source), isInside(rect) else { return }
    var block: [UInt8] = []
    block.reserveCapacity(rect.area * 4)
    for line in source.y..<source.maxY {
      let start = (line * size.width + source.x) * 4
      block += pixels[start..<start + source.width * 4]
    }
    block.withUnsafeBytes { put(rect, from: $0) }
  }

  /// Notes that a rectangle has been painted, whatever it shows.
  mutating func painted(_ rect: PixelRect) {
    guard !missing.isEmpty else { return }
    missing = missing.flatMap { $0.subtracting(rect) }
    if missing.count > Self.missingLimit {
      missing = [missing.reduce(missing[0]) { $0.union($1) }]
    }
  }

  private func isInside(_ rect: PixelRect) -> Bool {
    !rect.isEmpty && size.bounds.intersection(rect) == rect
  }

  private mutating func put(_ rect: PixelRect, from source: UnsafePointer<UInt8>, stride: Int) {
    let rowBytes = size.width * 4
    guard notesChanges else {
      pixels.withUnsafeMutableBufferPointer { buffer in
        guard let frame = buffer.baseAddress else { return }
        qa_vncclient_paint(
          frame, rowBytes, source, stride, CInt(rect.x), CInt(rect.y), CInt(rect.width),
          CInt(rect.height))
      }
      return
    }
    // Looking first keeps the array shared with those who took the frame while nothing changes.
    let differs = pixels.withUnsafeBufferPointer { buffer in
      guard let frame = buffer.baseAddress else { return false }
      return qa_vncclient_differs(
        frame, rowBytes, source, stride, CInt(rect.x), CInt(rect.y), CInt(rect.width),
        CInt(rect.height))
    }
    guard differs else { return }
    var box = qa_vncclient_box()
    pixels.withUnsafeMutableBufferPointer { buffer in
      guard let frame = buffer.baseAddress else { return }
      qa_vncclient_put(
        frame, rowBytes, source, stride, CInt(rect.x), CInt(rect.y), CInt(rect.width),
        CInt(rect.height), &box)
    }
    guard box.right > box.left else { return }
    changes.add(
      PixelRect(
        x: Int(box.left), y: Int(box.top), width: Int(box.right - box.left),
        height: Int(box.bottom - box.top)))
  }
}

extension PixelRect {
  /// The up to four rectangles that are left when `other` is cut out.
  func subtracting(_ other: PixelRect) -> [PixelRect] {
    let cut = intersection(other)
    guard !cut.isEmpty else { return [self] }
    let parts = [
      PixelRect(x: x, y: y, width: width, height: cut.y - y),
      PixelRect(x: x, y: cut.maxY, width: width, height: maxY - cut.maxY),
      PixelRect(x: x, y: cut.y, width: cut.x - x, height: cut.height),
      PixelRect(x: cut.maxX, y: cut.y, width: maxX - cut.maxX, height: cut.height),
    ]
    return parts.filter { !$0.isEmpty }
  }
}
