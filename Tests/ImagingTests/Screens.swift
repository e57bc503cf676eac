import FoundationEssentials
import Imaging
import Pixels

/// Screenshots of real programs, kept for the tests of perception.
enum Screens {
  static func load(_ name: String) throws -> Frame {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "PerceptionTests/Fixtures")
    return try PNG.decode([UInt8](Data(contentsOf: folder.appending(path: "\(name).png"))))
  }
}

/// A small program's window, painted: labels of strokes, buttons, ticks.
struct PaintedScreen {
  var canvas: Canvas

  init(width: Int = 360, height: Int = 240) {
    canvas = Canvas(
      Frame(size: PixelSize(clampingWidth: width, height: height), red: 246, green: 245, blue: 244))
  }

  /// A button with one letter-like shape for each character.
  mutating func button(_ text: String, x: Int, y: Int, ink: UInt8 = 40) {
    canvas.fill(
      PixelRect(x: x, y: y, width: 80, height: 28), red: 150, green: 150, blue: 150)
    canvas.fill(
      PixelRect(x: x + 1, y: y + 1, width: 78, height: 26), red: 230, green: 230, blue: 230)
    write(text, x: x + 12, y: y + 8, ink: ink)
  }

  mutating func write(_ text: String, x: Int, y: Int, ink: UInt8 = 40) {
    for (index, letter) in text.unicodeScalars.enumerated() {
      var shape = SeededRandom(seed: UInt64(letter.value) &* 7919)
      let bits = shape.next() >> 20
      for cell in 0..<24 where bits >> UInt64(cell) & 1 == 1 {
        canvas.fill(
          PixelRect(x: x + index * 9 + cell % 4 * 2, y: y + cell / 4 * 2, width: 2, height: 2),
          red: ink, green: ink, blue: ink)
      }
    }
  }

  mutating func checkbox(x: Int, y: Int, isOn: Bool) {
    canvas.fill(PixelRect(x: x, y: y, width: 16, height: 16), red: 90, green: 90, blue: 90)
    canvas.fill(
      PixelRect(x: x + 1, y: y + 1, width: 14, height: 14), red: 255, green: 255, blue: 255)
    guard isOn else { return }
    for step in 0..<8 {
      canvas.fill(
        PixelRect(x: x + 4 + step, y: y + (step < 3 ? 7 + step : 11 - step), width: 2, height: 2),
        red: 20, green: 90, blue: 200)
    }
  }

  func crop(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> Frame {
    let part = PixelRect(x: x, y: y, width: width, height: height)
    return canvas.frame.cropped(to: part) ?? canvas.frame
  }
}

/// The frame with each channel moved by a little, as a lossy connection does.
func noisy(_ frame: Frame, by amount: Int, seed: UInt64) -> Frame {
  var random = SeededRandom(seed: seed)
  let pixels = frame.pixels.map { value in
    UInt8(min(max(Int(value) + Int.random(in: -amount...amount, using: &random), 0), 255))
  }
  return Frame(size: frame.size, pixels: pixels) ?? frame
}
