import Imaging
import Pixels
import Testing

@testable import Perception

/// What becomes of a field between two pictures.
@Suite struct FieldChangeTests {
  /// A form with one field; what is drawn on it comes on top.
  private struct Form {
    static let field = PixelRect(x: 100, y: 40, width: 240, height: 30)
    var size = PixelSize(clampingWidth: 420, height: 200)
    var pixels: [UInt8]

    init(outlined: Bool = true) {
      pixels = [UInt8](repeating: 230, count: size.area * 4)
      if outlined { draw(Self.field.insetBy(-1), 120) }
      if outlined { draw(Self.field, 255) }
    }

    mutating func draw(_ box: PixelRect, _ level: UInt8) { draw(box, (level, level, level)) }

    mutating func draw(_ box: PixelRect, _ color: (UInt8, UInt8, UInt8)) {
      for y in box.y..<box.maxY {
        for x in box.x..<box.maxX {
          let at = (y * size.width + x) * 4
          (pixels[at], pixels[at + 1], pixels[at + 2]) = (color.2, color.1, color.0)
        }
      }
    }

    /// A text of so many letters, each a little frame.
    mutating func write(_ letters: Int, at x: Int, _ level: UInt8 = 0, width: Int = 6) {
      for letter in 0..<letters {
        let box = PixelRect(x: x + letter * (width + 3), y: 50, width: width, height: 10)
        draw(box, level)
        draw(box.insetBy(2), 255)
      }
    }

    func frame(_ sequence: UInt64) throws -> Frame {
      try #require(Frame(size: size, pixels: pixels, sequence: sequence))
    }
  }

  private func change(_ before: Form, _ after: Form) throws -> FieldChange {
    FieldFinder.change(around: 220, 55, from: try before.frame(1), to: try after.frame(2))
  }

  @Test func `a text cursor that comes or goes is no change, but a touch`() throws {
    var after = Form()
    after.draw(PixelRect(x: 105, y: 46, width: 2, height: 18), 0)
    for seen in [try change(Form(), after), try change(after, Form())] {
      #expect(seen.kind == .same)
      #expect(seen.isTouched)
    }
    #expect(try !change(Form(), Form()).isTouched)
  }

  @Test func `a frame and a ground that show the focus are no change`() throws {
    var after = Form()
    after.draw(Form.field.insetBy(-2), (40, 90, 220))
    after.draw(Form.field, (255, 255, 238))
    #expect(try change(Form(), after).kind != .changed)
    #expect(try change(Form(), after).kind != .gone)
  }

  @Test func `a letter is a change, and letters elsewhere are told apart`() throws {
    var letter = Form()
    letter.write(1, at: 106)
    #expect(try change(Form(), letter).kind == .changed)
    var elsewhere = Form()
    elsewhere.draw(PixelRect(x: 20, y: 120, width: 30, height: 10), 0)
    #expect(try change(Form(), elsewhere).kind == .elsewhere)
  }

  @Test func `a field that something covers is gone, one whose text is selected is not`() throws {
    var covered = Form()
    covered.draw(PixelRect(x: 60, y: 10, width: 320, height: 180), 240)
    covered.write(8, at: 180)
    #expect(try change(Form(), covered).kind == .gone)
    #expect(try change(Form(), Form(outlined: false)).kind == .gone)
    var written = Form()
    written.write(20, at: 106)
    var selected = written
    selected.draw(PixelRect(x: 104, y: 43, width: 232, height: 24), (50, 120, 220))
    selected.write(20, at: 106, 240)
    #expect(try change(written, selected).kind == .changed)
  }

  @Test func `without a field all of the screen counts`() throws {
    var after = Form(outlined: false)
    #expect(try change(Form(outlined: false), after).kind == .same)
    after.draw(PixelRect(x: 20, y: 120, width: 30, height: 10), 0)
    let seen = try change(Form(outlined: false), after)
    #expect(seen.kind == .changed && !seen.isField)
  }

  @Test(arguments: [(118, true), (0, false), (60, false)] as [(UInt8, Bool)])
  func `a hint is paler than a text`(level: UInt8, isPale: Bool) throws {
    var form = Form()
    form.write(8, at: 106, level)
    form.draw(PixelRect(x: 103, y: 46, width: 2, height: 18), 0)
    #expect(try change(Form(), form).isPale == isPale)
  }

  @Test func `a text as faint as a disabled one is something`() throws {
    var form = Form()
    form.write(8, at: 106, 215)
    #expect(try change(Form(), form).hasInk)
    var cursor = Form()
    cursor.draw(PixelRect(x: 105, y: 46, width: 2, height: 18), 0)
    #expect(try !change(Form(), cursor).hasInk)
  }

  @Test func `a part on a coloured patch is picked out, all of a text on it is not`() throws {
    var part = Form()
    part.write(2, at: 106)
    part.draw(PixelRect(x: 126, y: 46, width: 24, height: 18), (50, 100, 210))
    part.write(2, at: 154)
    #expect(try change(Form(), part).isSegmented)
    var all = Form()
    all.draw(PixelRect(x: 104, y: 46, width: 80, height: 18), (50, 100, 210))
    let seen = try change(Form(), all)
    #expect(!seen.isSegmented && !seen.isPale)
  }

  // MARK: - What is not text

  private func parts(_ form: Form) throws -> FieldPicture {
    FieldPicture(try form.frame(1), Form.field)
  }

  @Test func `a drawing at an end is no text`() throws {
    var form = Form()
    form.write(6, at: 106)
    // A cross at the right, 14 pixels in the middle of its square.
    form.draw(PixelRect(x: 318, y: 48, width: 14, height: 14), 60)
    #expect(try parts(form).pieces.count == 6)
    var glass = Form()
    glass.draw(PixelRect(x: 108, y: 47, width: 16, height: 16), 60)
    glass.draw(PixelRect(x: 112, y: 51, width: 8, height: 8), 255)
    #expect(try parts(glass).isOrnamentOnly)
    glass.write(6, at: 132)
    #expect(try parts(glass).pieces.count == 6)
    #expect(try !parts(glass).isOrnamentOnly)
  }

  @Test func `letters at an end are text`() throws {
    var left = Form()
    left.write(1, at: 104)
    left.write(6, at: 120)
    #expect(try parts(left).pieces.count == 7)
    var right = Form()
    right.write(6, at: 280)
    #expect(try parts(right).pieces.count == 6 && !parts(right).isOrnamentOnly)
  }
}
