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

  @Test func `a single digit that is picked out is so, and a coloured letter is not`() throws {
    var digit = Form()
    digit.draw(PixelRect(x: 106, y: 46, width: 8, height: 18), (50, 100, 210))
    digit.write(3, at: 117)
    #expect(try change(Form(), digit).isSegmented)
    var letter = Form()
    letter.draw(PixelRect(x: 106, y: 48, width: 8, height: 12), (50, 100, 210))
    for x in [117, 126, 135] { letter.draw(PixelRect(x: x, y: 48, width: 6, height: 12), 0) }
    #expect(try !change(Form(), letter).isSegmented)
  }

  @Test func `a part that is picked out from edge to edge does not part the field`() throws {
    var written = Form()
    written.write(12, at: 106)
    var picked = Form()
    picked.draw(Form.field.insetBy(-1), 0)
    picked.draw(Form.field.insetBy(1), 255)
    picked.write(12, at: 106)
    picked.draw(PixelRect(x: 103, y: 41, width: 22, height: 28), (50, 100, 210))
    let seen = try change(written, picked)
    #expect(seen.kind == .changed && seen.isSegmented)
    // Also where the point is on it, in the stroke of a letter.
    picked.draw(PixelRect(x: 118, y: 50, width: 3, height: 10), 255)
    let field = try #require(FieldFinder.field(around: 119, 55, in: try picked.frame(1)))
    #expect(field.x <= 103 && field.maxX >= 335, "\(field)")
  }

  @Test func `a coloured button at the end of a field is no part of it`() throws {
    var form = Form()
    form.write(5, at: 106)
    form.draw(PixelRect(x: 340, y: 39, width: 40, height: 32), (50, 100, 210))
    let field = try #require(FieldFinder.field(around: 220, 55, in: try form.frame(1)))
    #expect(field == Form.field, "\(field)")
  }

  @Test func `a field is gone where all moved on and another one came near its place`() throws {
    var before = Form(outlined: false)
    var after = before
    func column(_ form: inout Form, from top: Int) {
      for row in 0..<4 {
        let field = PixelRect(x: 100, y: top + row * 36, width: 240, height: 28)
        form.draw(field.insetBy(-1), 120)
        form.draw(field, 255)
      }
    }
    column(&before, from: 41)
    column(&after, from: 57)
    #expect(try change(before, after).kind == .gone)
    // Nothing is at its place now, and edges of others are where its upper and its lower one were.
    var apart = Form(outlined: false)
    apart.draw(PixelRect(x: 100, y: 12, width: 240, height: 28), 255)
    apart.draw(PixelRect(x: 100, y: 72, width: 240, height: 28), 255)
    #expect(try change(Form(), apart).kind == .gone)
  }

  // MARK: - What is not text

  @Test func `the handle of an area for text is nothing that is in it`() throws {
    let area = PixelRect(x: 100, y: 40, width: 240, height: 80)
    var form = Form(outlined: false)
    form.draw(area.insetBy(-1), 120)
    form.draw(area, 255)
    for step in 0..<9 {
      form.draw(PixelRect(x: 328 + step, y: 116 - step, width: 1, height: 1), 100)
      if step < 5 { form.draw(PixelRect(x: 332 + step, y: 116 - step, width: 1, height: 1), 100) }
    }
    #expect(try FieldPicture(form.frame(1), area).pieces.isEmpty)
    // A word in that corner is text, and so is a point that ends one.
    form.write(4, at: 302)
    for letter in 0..<4 {
      form.draw(PixelRect(x: 296 + letter * 9, y: 106, width: 6, height: 10), 0)
    }
    #expect(try FieldPicture(form.frame(1), area).pieces.count > 4)
  }

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

  @Test func `a minus before digits and dashes behind them are seen`() throws {
    func dash(_ form: inout Form, _ x: Int) {
      form.draw(PixelRect(x: x, y: 54, width: 4, height: 1), 0)
    }
    var minus = Form()
    dash(&minus, 106)
    minus.write(2, at: 112)
    #expect(try parts(minus).beginsWithMinus && !parts(minus).endsOpen)
    var open = Form()
    open.write(4, at: 106)
    dash(&open, 150)
    #expect(try !parts(open).endsOpen)
    dash(&open, 158)
    #expect(try parts(open).endsOpen && !parts(open).beginsWithMinus)
    // What stands on the line, as points and underscores do, is none.
    var line = Form()
    line.write(4, at: 106)
    for x in [150, 158] { line.draw(PixelRect(x: x, y: 59, width: 4, height: 1), 0) }
    #expect(try !parts(line).endsOpen)
  }

  @Test func `a part that is picked out is read like the rest`() throws {
    var form = Form()
    form.write(4, at: 106)
    form.draw(PixelRect(x: 150, y: 46, width: 24, height: 18), (50, 100, 210))
    for x in [153, 162] {
      form.draw(PixelRect(x: x, y: 50, width: 6, height: 10), 255)
      form.draw(PixelRect(x: x + 2, y: 52, width: 2, height: 6), (50, 100, 210))
    }
    let (picture, place) = try #require(parts(form).alone(in: form.frame(1)))
    let drawn = FieldPicture(picture, place)
    #expect(drawn.pieces.map(\.width) == [6, 6, 6, 6, 6, 6])
    #expect(drawn.pieces.allSatisfy { $0.height == 10 })
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
