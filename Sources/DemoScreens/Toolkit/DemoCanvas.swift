import Pixels

/// Pixels that shapes are drawn on: `0xRRGGBB` each, which in memory is what `Frame` holds.
struct DemoCanvas: Sendable {
  private(set) var size: PixelSize
  private(set) var pixels: [UInt32]
  private let typefaces: [TextStyle: Typeface]

  init(size: PixelSize, typefaces: [TextStyle: Typeface]) {
    self.size = size
    self.typefaces = typefaces
    pixels = [UInt32](repeating: 0, count: size.area)
  }

  /// What was drawn.
  var frame: Frame? {
    Frame(size: size, pixels: pixels.withUnsafeBytes { Array($0) })
  }

  /// Draws the part of a drawing that lies in `region`, over all that was there.
  mutating func draw(_ drawing: Drawing, in region: PixelRect) {
    if drawing.size != size {
      size = drawing.size
      pixels = [UInt32](repeating: 0, count: size.area)
    }
    let clip = region.intersection(size.bounds)
    guard !clip.isEmpty else { return }
    fill(clip, drawing.background, clip)
    for shape in drawing.shapes where shape.bounds.intersects(clip) { draw(shape, clip) }
  }

  private mutating func draw(_ shape: Shape, _ clip: PixelRect) {
    switch shape {
    case .fill(let rect, let ink, 0): fill(rect, ink, clip)
    case .fill(let rect, let ink, let radius):
      let outer = RoundRect(rect, radius)
      let inside = rect.insetBy(radius)
      fill(inside, ink, clip)
      cover(rect, except: inside, ink, clip) { outer.coverage($0, $1) }
    case .outline(let rect, let ink, let radius, let width):
      let outer = RoundRect(rect, radius)
      let inner = RoundRect(rect.insetBy(width), max(radius - width, 0))
      cover(rect, except: rect.insetBy(max(radius, width)), ink, clip) {
        outer.coverage($0, $1) - inner.coverage($0, $1)
      }
    case .shadow(let rect, let ink, let radius, let blur):
      let body = RoundRect(rect, radius)
      let inside = rect.insetBy(radius)
      fill(inside, ink, clip)
      cover(rect.insetBy(-blur), except: inside, ink, clip) {
        body.shade($0, $1, blur: Float(blur))
      }
    case .text(let string, let style, let ink, let box, let textClip):
      write(string, style, ink, box, clip.intersection(textClip))
    case .tick(let box, let ink):
      let stroke = TickMark(box)
      let nothing = PixelRect(x: box.x, y: box.y, width: 0, height: 0)
      cover(box, except: nothing, ink, clip) { stroke.coverage($0, $1) }
    }
  }

  // MARK: - Pixels

  private mutating func fill(_ rect: PixelRect, _ ink: Ink, _ clip: PixelRect) {
    let area = rect.intersection(clip)
    guard !area.isEmpty else { return }
    let value = UInt32(ink.red) << 16 | UInt32(ink.green) << 8 | UInt32(ink.blue)
    let width = size.width
    pixels.withUnsafeMutableBufferPointer { pixels in
      for y in area.y..<area.maxY {
        let row = y * width
        guard ink.opacity < 255 else {
          pixels[row + area.x..<row + area.maxX].update(repeating: value)
          continue
        }
        for x in area.x..<area.maxX { pixels[row + x] = blend(pixels[row + x], ink, 255) }
      }
    }
  }

  /// Draws with a coverage of 0…1 that is asked for at the middle of each pixel, except inside of
  /// `inner`, where it would be all or nothing.
  private mutating func cover(
    _ rect: PixelRect, except inner: PixelRect, _ ink: Ink, _ clip: PixelRect,
    _ coverage: (Float, Float) -> Float
  ) {
    guard !inner.isEmpty else { return cover(rect, ink, clip, coverage) }
    let below = PixelRect(
      x: rect.x, y: inner.maxY, width: rect.width, height: rect.maxY - inner.maxY)
    let left = PixelRect(x: rect.x, y: inner.y, width: inner.x - rect.x, height: inner.height)
    let right = PixelRect(
      x: inner.maxX, y: inner.y, width: rect.maxX - inner.maxX, height: inner.height)
    let above = PixelRect(x: rect.x, y: rect.y, width: rect.width, height: inner.y - rect.y)
    for band in [above, left, right, below] { cover(band, ink, clip, coverage) }
  }

  private mutating func cover(
    _ rect: PixelRect, _ ink: Ink, _ clip: PixelRect, _ coverage: (Float, Float) -> Float
  ) {
    let area = rect.intersection(clip)
    guard !area.isEmpty else { return }
    let width = size.width
    pixels.withUnsafeMutableBufferPointer { pixels in
      for y in area.y..<area.maxY {
        for x in area.x..<area.maxX {
          let part = coverage(Float(x) + 0.5, Float(y) + 0.5)
          guard part > 0 else { continue }
          let index = y * width + x
          pixels[index] = blend(pixels[index], ink, UInt32(min(part, 1) * 255))
        }
      }
    }
  }

  private mutating func write(
    _ string: String, _ style: TextStyle, _ ink: Ink, _ box: PixelRect, _ clip: PixelRect
  ) {
    guard let typeface = typefaces[style] else { return }
    let width = size.width
    let baseline = box.y + typeface.above
    pixels.withUnsafeMutableBufferPointer { pixels in
      for (glyph, pen) in typeface.layout(string).letters {
        let place = PixelRect(
          x: box.x + pen + glyph.left, y: baseline - glyph.top, width: glyph.width,
          height: glyph.height)
        let area = place.intersection(clip)
        guard !area.isEmpty else { continue }
        for y in area.y..<area.maxY {
          for x in area.x..<area.maxX {
            let part = glyph.coverage[(y - place.y) * glyph.width + x - place.x]
            let index = y * width + x
            if part > 0 { pixels[index] = blend(pixels[index], ink, UInt32(part)) }
          }
        }
      }
    }
  }
}

/// Puts ink on a pixel; `coverage` is 0…255.
@inline(__always)
private func blend(_ below: UInt32, _ ink: Ink, _ coverage: UInt32) -> UInt32 {
  let part = coverage * UInt32(ink.opacity) / 255
  func mix(_ shift: UInt32, _ value: UInt8) -> UInt32 {
    let former = (below >> shift) & 0xFF
    return ((former * (255 - part) + UInt32(value) * part + 127) / 255) << shift
  }
  return mix(16, ink.red) | mix(8, ink.green) | mix(0, ink.blue)
}

/// A rectangle with round corners, by its distance from a point.
private struct RoundRect {
  let centerX, centerY, halfWidth, halfHeight, radius: Float

  init(_ rect: PixelRect, _ radius: Int) {
    halfWidth = Float(rect.width) / 2
    halfHeight = Float(rect.height) / 2
    centerX = Float(rect.x) + halfWidth
    centerY = Float(rect.y) + halfHeight
    self.radius = min(Float(radius), halfWidth, halfHeight)
  }

  /// Pixels from the edge; negative inside.
  func distance(_ x: Float, _ y: Float) -> Float {
    let across = abs(x - centerX) - halfWidth + radius
    let down = abs(y - centerY) - halfHeight + radius
    let outsideX = max(across, 0)
    let outsideY = max(down, 0)
    let outside = (outsideX * outsideX + outsideY * outsideY).squareRoot()
    return outside + min(max(across, down), 0) - radius
  }

  func coverage(_ x: Float, _ y: Float) -> Float {
    min(max(0.5 - distance(x, y), 0), 1)
  }

  /// Full at the edge, none at `blur` pixels outside.
  func shade(_ x: Float, _ y: Float, blur: Float) -> Float {
    let rest = min(max(1 - distance(x, y) / blur, 0), 1)
    return rest * rest
  }
}

/// The two strokes of a tick mark.
private struct TickMark {
  let points: [(x: Float, y: Float)]
  let half: Float

  init(_ box: PixelRect) {
    let x = Float(box.x)
    let y = Float(box.y)
    let width = Float(box.width)
    let height = Float(box.height)
    points = [(0.22, 0.54), (0.43, 0.74), (0.80, 0.30)].map { (x + $0 * width, y + $1 * height) }
    half = width / 16
  }

  func coverage(_ x: Float, _ y: Float) -> Float {
    var nearest = Float.infinity
    for (from, to) in zip(points, points.dropFirst()) {
      let (dx, dy) = (to.x - from.x, to.y - from.y)
      let along = ((x - from.x) * dx + (y - from.y) * dy) / (dx * dx + dy * dy)
      let part = min(max(along, 0), 1)
      let (offX, offY) = (x - from.x - part * dx, y - from.y - part * dy)
      nearest = min(nearest, (offX * offX + offY * offY).squareRoot())
    }
    return min(max(half + 0.5 - nearest, 0), 1)
  }
}
