import Pixels
import Testing

@testable import VNC

/// Text cursors, known by what changes.
struct CaretsTests {
  /// A white screen that is painted on update by update.
  private struct Screen {
    let size = PixelSize(clampingWidth: 200, height: 100)
    var pixels: [UInt8]
    var carets = Carets()
    private var sequence: UInt64 = 0

    init() {
      pixels = Array(repeating: 255, count: 200 * 100 * 4)
      update { _ in }
    }

    mutating func fill(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ color: UInt8 = 0) {
      for row in y..<y + height {
        for column in x..<x + width {
          for channel in 0..<3 { pixels[(row * 200 + column) * 4 + channel] = color }
        }
      }
    }

    /// Paints, and says so in one update.
    mutating func update(_ paint: (inout Screen) -> Void) {
      let before = pixels
      paint(&self)
      sequence += 1
      let changed = (0..<size.area).filter { pixel in
        (0..<3).contains { before[pixel * 4 + $0] != pixels[pixel * 4 + $0] }
      }
      var box = PixelRect(x: 0, y: 0, width: 0, height: 0)
      for pixel in changed {
        box = box.union(PixelRect(x: pixel % 200, y: pixel / 200, width: 1, height: 1))
      }
      let rects = box.isEmpty ? [] : [box]
      let width = size.width
      carets.changed(
        rects, of: size, sequence: sequence,
        former: { rect in
          (rect.y..<rect.maxY).flatMap { row in
            before[(row * width + rect.x) * 4..<(row * width + rect.maxX) * 4]
          }
        }, pixels: pixels)
    }

    /// A letter: two stems and a bar, ten high, whose foot is at 40.
    mutating func letter(_ x: Int) {
      fill(x, 30, 1, 10)
      fill(x + 4, 30, 1, 10)
      fill(x, 30, 5, 1)
    }

    var boxes: [PixelRect] { carets.overlays.map(\.box) }
  }

  private func rect(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> PixelRect {
    PixelRect(x: x, y: y, width: width, height: height)
  }

  @Test func `a stroke that comes and goes by itself is a cursor, and stays one when it stops`() {
    var screen = Screen()
    screen.update { $0.letter(20) }
    screen.update { $0.fill(27, 26, 1, 18) }
    #expect(screen.boxes.isEmpty, "seen once, it may be a letter")
    screen.update { $0.fill(27, 26, 1, 18, 255) }
    screen.update { $0.fill(27, 26, 1, 18) }
    #expect(screen.boxes == [rect(27, 26, 1, 18)])
    screen.update { $0.fill(100, 80, 50, 5) }
    #expect(screen.boxes == [rect(27, 26, 1, 18)], "something else has changed")
    #expect(screen.carets.overlays.first?.under.prefix(3) == [255, 255, 255])
    screen.update { $0.fill(27, 26, 1, 18, 255) }
    #expect(screen.boxes.isEmpty)
  }

  @Test func `a stroke that moves behind what is typed is a cursor at once`() {
    var screen = Screen()
    screen.update { $0.fill(18, 26, 1, 18) }
    screen.update {
      $0.fill(18, 26, 1, 18, 255)
      for x in [20, 27, 34] { $0.letter(x) }
      $0.fill(39, 26, 1, 18)
    }
    #expect(screen.boxes == [rect(39, 26, 1, 18)], "it touches the last letter")
    // The text is replaced in one go; nothing goes that is like what comes.
    screen.update {
      $0.fill(18, 26, 30, 18, 80)
    }
    #expect(screen.boxes.isEmpty)
    screen.update {
      $0.fill(18, 26, 30, 18, 255)
      $0.letter(20)
      $0.fill(26, 26, 1, 18)
    }
    #expect(screen.boxes == [rect(26, 26, 1, 18)])
  }

  @Test func `a cursor that was there from the start is known by its first move`() {
    var screen = Screen()
    screen.fill(18, 26, 1, 18)
    screen.update {
      $0.fill(18, 26, 1, 18, 255)
      $0.letter(20)
      $0.fill(26, 26, 1, 18)
    }
    #expect(screen.boxes == [rect(26, 26, 1, 18)])
    #expect(
      screen.carets.takeDiscoveries().map(\.stroke.box) == [
        rect(26, 26, 1, 18), rect(18, 26, 1, 18),
      ])
    #expect(screen.carets.takeDiscoveries().isEmpty)
  }

  @Test func `a letter that moves with its text is no cursor`() {
    var screen = Screen()
    screen.update {
      $0.letter(20)
      $0.fill(28, 30, 1, 10)
      $0.letter(32)
    }
    for step in 0..<8 {
      screen.update {
        $0.fill(10, 20, 180, 30, 255)
        $0.letter(22 + step * 2)
        $0.fill(30 + step * 2, 30, 1, 10)
        $0.letter(34 + step * 2)
      }
      #expect(screen.boxes.isEmpty)
    }
  }

  @Test func `two letters l are not taken for the cursor behind them`() {
    var screen = Screen()
    screen.update { $0.fill(18, 26, 1, 18) }
    screen.update {
      $0.fill(18, 26, 1, 18, 255)
      for x in [20, 23, 26] { $0.fill(x, 29, 1, 11) }
      $0.fill(29, 26, 1, 18)
    }
    #expect(screen.boxes == [rect(29, 26, 1, 18)])
    screen.update {
      $0.fill(29, 26, 1, 18, 255)
      $0.fill(29, 29, 1, 11)
      $0.fill(32, 26, 1, 18)
    }
    #expect(screen.boxes == [rect(32, 26, 1, 18)])
  }

  @Test func `a block is known by its move, and read under where it stands on a letter`() throws {
    var screen = Screen()
    screen.update { $0.fill(20, 26, 8, 18) }
    screen.update {
      $0.fill(20, 26, 8, 18, 255)
      for x in [21, 29] { $0.letter(x) }
      $0.fill(36, 26, 8, 18)
    }
    #expect(screen.boxes == [rect(36, 26, 8, 18)])
    let plain = screen.pixels
    // Back onto the second letter, which is white on black then.
    screen.update {
      $0.fill(36, 26, 8, 18, 255)
      for y in 26..<44 {
        for x in 28..<36 {
          $0.fill(x, y, 1, 1, 255 - $0.pixels[(y * 200 + x) * 4])
        }
      }
    }
    #expect(screen.boxes == [rect(28, 26, 8, 18)], "not the part of it above the letter alone")
    var frame = try #require(Frame(size: screen.size, pixels: screen.pixels))
    frame.overlays = screen.carets.overlays
    let read = frame.withoutOverlays()
    for y in 26..<44 {
      for x in 28..<36 {
        #expect(read.color(x: x, y: y)?.red == plain[(y * 200 + x) * 4])
      }
    }
    screen.update {
      $0.fill(28, 26, 8, 18, 255)
      $0.letter(29)
    }
    #expect(screen.boxes.isEmpty)
  }

  @Test func `a line below the letters is known by its move`() {
    var screen = Screen()
    screen.update { $0.fill(20, 42, 8, 2) }
    screen.update {
      $0.fill(20, 42, 8, 2, 255)
      $0.letter(21)
      $0.fill(28, 42, 8, 2)
    }
    #expect(screen.boxes == [rect(28, 42, 8, 2)])
  }

  @Test func `what was below a cursor inside of a text is kept to the pixel`() throws {
    var screen = Screen()
    screen.update { $0.letter(20) }
    for color in [0, 255, 0, 255, 0] as [UInt8] {
      screen.update {
        $0.fill(22, 26, 1, 18, color)
        if color == 255 { $0.fill(22, 30, 1, 1) }
      }
    }
    let overlay = try #require(screen.carets.overlays.first)
    #expect(overlay.box == rect(22, 26, 1, 18))
    #expect((0..<18).map { overlay.under[$0 * 4] == 0 } == (0..<18).map { $0 == 4 })
  }

  @Test func `a cursor that inverts what it stands on is read under`() throws {
    var screen = Screen()
    screen.update { $0.fill(18, 26, 1, 18) }
    screen.update {
      $0.fill(18, 26, 1, 18, 255)
      for x in [20, 27] { $0.letter(x) }
      $0.fill(34, 26, 1, 18)
    }
    // Grey, as the rim of a letter is, and black.
    screen.update {
      $0.fill(24, 33, 1, 3, 200)
      $0.fill(18, 60, 1, 1, 9)
    }
    let plain = screen.pixels
    screen.update {
      $0.fill(34, 26, 1, 18, 255)
      $0.fill(24, 26, 1, 18, 0)
      $0.fill(24, 30, 1, 1, 255)
      $0.fill(24, 31, 1, 2, 55)
    }
    let overlay = try #require(screen.carets.overlays.first)
    #expect(overlay.box == rect(24, 26, 1, 18))
    for row in 0..<18 {
      #expect(overlay.under[row * 4] == plain[((26 + row) * 200 + 24) * 4])
    }
  }
}
