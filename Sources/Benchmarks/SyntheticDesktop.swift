import Pixels

/// A picture like a desktop, the same each time.
///
/// A wallpaper with a gradient, windows with titles, lines of strokes as wide and as dense as text, buttons,
/// icons, and a part like a photograph.
struct SyntheticDesktop {
  private(set) var size: PixelSize
  private var pixels: [UInt8]
  private var random: UInt64 = 42

  init(width: Int, height: Int) {
    size = PixelSize(clampingWidth: width, height: height)
    pixels = [UInt8](repeating: 0, count: size.area * 4)
    wallpaper()
    window(PixelRect(x: 60, y: 50, width: 900, height: 620), lines: 30)
    window(PixelRect(x: 820, y: 240, width: 860, height: 640), lines: 31)
    window(PixelRect(x: 300, y: 600, width: 560, height: 400), lines: 16)
    photograph(PixelRect(x: 1500, y: 60, width: 300, height: 150))
    for index in 0..<12 { icon(x: 1840, y: 30 + index * 80) }
    fill(PixelRect(x: 0, y: height - 36, width: width, height: 36), 0x2D2D30)
    for index in 0..<8 {
      button(PixelRect(x: 8 + index * 170, y: height - 32, width: 160, height: 28))
    }
  }

  var frame: Frame { Frame(size: size, pixels: pixels) ?? Frame(size: size) }

  /// A row of text in a dialog, which is what changes most often.
  mutating func changeRow(_ number: Int) {
    random = UInt64(number) &+ 99
    fill(PixelRect(x: 320, y: 700, width: 500, height: 20), 0xFFFFFF)
    text(x: 324, y: 703, width: 480)
  }

  /// A button as large as usual, with a word on it.
  mutating func button(_ rect: PixelRect) {
    fill(rect, 0x9A9A9A)
    for row in 1..<max(rect.height - 1, 1) {
      let level = 245 - row * 20 / rect.height
      fill(
        PixelRect(x: rect.x + 1, y: rect.y + row, width: rect.width - 2, height: 1),
        level << 16 | level << 8 | level)
    }
    text(x: rect.x + rect.width / 4, y: rect.center.y - 6, width: rect.width / 2)
  }

  private mutating func wallpaper() {
    for y in 0..<size.height {
      let (red, green, blue) = (20 + y * 60 / size.height, 60 + y * 50 / size.height, 110)
      fill(PixelRect(x: 0, y: y, width: size.width, height: 1), red << 16 | green << 8 | blue)
    }
  }

  private mutating func window(_ rect: PixelRect, lines: Int) {
    fill(rect.insetBy(-1), 0x303030)
    fill(rect, 0xF6F5F4)
    for row in 0..<28 {
      let level = 225 - row
      fill(
        PixelRect(x: rect.x, y: rect.y + row, width: rect.width, height: 1),
        level << 16 | level << 8 | level)
    }
    text(x: rect.x + 12, y: rect.y + 8, width: 200)
    for line in 0..<lines {
      let y = rect.y + 50 + line * 18
      if y + 40 > rect.maxY { break }
      text(x: rect.x + 20, y: y, width: rect.width / 2 + Int(next() % 300))
    }
    for index in 0..<3 {
      button(PixelRect(x: rect.maxX - 110 * (index + 1), y: rect.maxY - 36, width: 100, height: 28))
    }
  }

  private mutating func icon(x: Int, y: Int) {
    let color = Int(next() & 0xFFFFFF)
    fill(PixelRect(x: x, y: y, width: 48, height: 48), color)
    fill(PixelRect(x: x + 8, y: y + 8, width: 32, height: 20), color ^ 0x808080)
    text(x: x - 8, y: y + 52, width: 64)
  }

  private mutating func photograph(_ rect: PixelRect) {
    for y in rect.y..<rect.maxY {
      for x in rect.x..<rect.maxX {
        let noise = Int(next() & 15)
        let level = 60 + (x - rect.x) / 3 + (y - rect.y) / 4 + noise
        set(x, y, min(level, 255) << 16 | min(level + 20, 255) << 8 | 90 + noise)
      }
    }
  }

  /// Words of letters of upright, level and slanted strokes with soft edges.
  private mutating func text(x: Int, y: Int, width: Int) {
    var left = x
    while left < x + width - 8 {
      if next() % 6 == 0 {
        left += 5
        continue
      }
      let shape = next()
      for row in 0..<10 {
        if shape & 1 == 0 { ink(left, y + row, 200) }
        if shape & 2 == 0 { ink(left + 4, y + row, 230) }
        if shape & 4 == 0 { ink(left + row / 2, y + row, 140) }
        if shape & 24 == 0 || row == 9 && shape & 32 == 0 || row == 4 && shape & 64 == 0 {
          for across in 0..<5 { ink(left + across, y + row, 180) }
        }
      }
      left += 7
    }
  }

  private mutating func ink(_ x: Int, _ y: Int, _ strength: Int) {
    guard size.bounds.contains(x: x, y: y) else { return }
    let at = (y * size.width + x) * 4
    for channel in 0..<3 {
      pixels[at + channel] = UInt8(Int(pixels[at + channel]) * (255 - strength) / 255)
    }
  }

  private mutating func fill(_ rect: PixelRect, _ color: Int) {
    let part = size.bounds.intersection(rect)
    if part.isEmpty { return }
    for y in part.y..<part.maxY { for x in part.x..<part.maxX { set(x, y, color) } }
  }

  private mutating func set(_ x: Int, _ y: Int, _ color: Int) {
    let at = (y * size.width + x) * 4
    pixels[at] = UInt8(color & 0xFF)
    pixels[at + 1] = UInt8(color >> 8 & 0xFF)
    pixels[at + 2] = UInt8(color >> 16 & 0xFF)
  }

  private mutating func next() -> UInt64 {
    random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (random ^ random >> 29) >> 8
  }
}
