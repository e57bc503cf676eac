import Pixels
import Testing

@testable import DemoScreens

struct DemoTextFieldTests {
  private let metrics = TextMetrics(monospaced: 10)

  private func field(_ text: String, _ keys: [DemoKey]) -> TextField {
    var field = TextField()
    field.insert(text)
    for key in keys { _ = field.handle(key) }
    return field
  }

  private func key(_ symbol: DemoKey.Symbol, shift: Bool = false, control: Bool = false) -> DemoKey
  {
    DemoKey(symbol: symbol, isShift: shift, isControl: control)
  }

  @Test func `what is typed goes where the caret is`() {
    #expect(field("abc", [key(.left), key(.character("x"))]).text == "abxc")
    #expect(field("abc", [key(.home), key(.character("x"))]).text == "xabc")
    #expect(field("abc", [key(.home), key(.delete), key(.end), key(.backspace)]).text == "b")
  }

  @Test func `a selection is replaced by what is typed`() {
    #expect(field("abc", [key(.character("a"), control: true), key(.character("x"))]).text == "x")
    #expect(
      field("abc", [key(.left, shift: true), key(.left, shift: true), key(.backspace)]).text == "a")
    #expect(field("abc", [key(.home, shift: true), key(.delete)]).text.isEmpty)
    #expect(
      field("abc", [key(.home, shift: true), key(.right), key(.character("d"))]).text == "abcd")
  }

  @Test func `the ends of the text hold`() {
    #expect(field("", [key(.backspace), key(.delete), key(.left), key(.right)]).text.isEmpty)
    #expect(field(String(repeating: "a", count: 1000), []).text.count == TextField.limit)
    #expect(field("a\u{7}\tb\u{1B}", []).text == "ab")
  }

  @Test func `a click lands between the nearest letters`() {
    let field = field("abcd", [])
    #expect(
      [-5, 0, 4, 5, 14, 36, 400].map { field.position(at: $0, metrics) } == [0, 0, 0, 1, 1, 4, 4])
  }

  @Test func `a long text is shifted so that the caret is seen`() {
    var field = field("abcdefghij", [])
    #expect(field.scroll(width: 60, metrics) == 40)
    field.moveCaret(to: 0)
    #expect(field.scroll(width: 60, metrics) == 0)
  }
}

struct DemoKeyboardTests {
  @Test func `keysyms become key presses`() {
    var keyboard = DemoKeyboard()
    #expect(keyboard.handle(keysym: 0x61, isDown: true) == DemoKey(symbol: .character("a")))
    #expect(keyboard.handle(keysym: 0x61, isDown: false) == nil)
    #expect(keyboard.handle(keysym: 0xE9, isDown: true) == DemoKey(symbol: .character("é")))
    #expect(keyboard.handle(keysym: 0x0100_20AC, isDown: true) == DemoKey(symbol: .character("€")))
    #expect(keyboard.handle(keysym: 0xFFB7, isDown: true) == DemoKey(symbol: .character("7")))
    #expect(keyboard.handle(keysym: 0xFF0D, isDown: true) == DemoKey(symbol: .enter))
    #expect(keyboard.handle(keysym: 0x0100_D800, isDown: true) == nil)
    #expect(keyboard.handle(keysym: .max, isDown: true) == nil)
  }

  @Test func `modifiers count while they are held`() {
    var keyboard = DemoKeyboard()
    #expect(keyboard.handle(keysym: 0xFFE3, isDown: true) == nil)
    #expect(
      keyboard.handle(keysym: 0x61, isDown: true)
        == DemoKey(symbol: .character("a"), isControl: true))
    _ = keyboard.handle(keysym: 0xFFE3, isDown: false)
    _ = keyboard.handle(keysym: 0xFFE9, isDown: true)
    #expect(keyboard.handle(keysym: 0x61, isDown: true) == nil)
    keyboard.releaseAll()
    #expect(keyboard.handle(keysym: 0x61, isDown: true) == DemoKey(symbol: .character("a")))
  }
}

struct DemoDrawingTests {
  @Test func `drawing only what has changed gives the same picture as drawing all`() throws {
    let typefaces = try #require(Typeface.all)
    let metrics = TextMetrics(typefaces)
    var generator = Steps(state: 42)
    var app = SignInApp(
      try DemoAddress(parsing: "sign-in?size=640x560&fault=resize&load=100ms").options)
    var shown = SignInView.drawing(app, metrics)
    var canvas = DemoCanvas(size: app.size, typefaces: typefaces)
    canvas.draw(shown, in: app.size.bounds)
    var time = Duration.zero
    var checkedOrders = 0
    for step in 0..<160 {
      time += .milliseconds(Int.random(in: 0...200, using: &generator))
      for input in inputs(step, app, &generator) { _ = app.handle(input, at: time, metrics) }
      let drawing = SignInView.drawing(app, metrics)
      canvas.draw(drawing, in: drawing.damage(since: shown))
      shown = drawing
      // Whole pictures take long; the first loaded lists and every twelfth step are enough.
      guard (app.isLoaded && checkedOrders < 8) || step % 12 == 0 else { continue }
      checkedOrders += app.isLoaded ? 1 : 0
      var whole = DemoCanvas(size: app.size, typefaces: typefaces)
      whole.draw(drawing, in: app.size.bounds)
      #expect(canvas.size == whole.size)
      #expect(canvas.pixels == whole.pixels, "after step \(step)")
    }
    #expect(checkedOrders > 4)
  }

  @Test func `the same drawing needs nothing drawn`() throws {
    let visitor = try Visitor()
    let drawing = SignInView.drawing(visitor.app, visitor.metrics)
    #expect(drawing.damage(since: drawing).isEmpty)
  }

  @Test func `letters are drawn in their ink, smooth, and nowhere else`() throws {
    let typefaces = try #require(Typeface.all)
    let size = try #require(PixelSize(width: 100, height: 40))
    let box = PixelRect(x: 10, y: 10, width: 80, height: 20)
    let clip = PixelRect(x: 10, y: 0, width: 50, height: 40)
    var canvas = DemoCanvas(size: size, typefaces: typefaces)
    canvas.draw(
      Drawing(
        size: size, background: Ink(0xFFFFFF),
        shapes: [.text("Example text", .body, Ink(0x000000), box: box, clip: clip)]),
      in: size.bounds)
    let frame = try #require(canvas.frame)
    var shades: Set<UInt8> = []
    for y in 0..<40 {
      for x in 0..<100 {
        let color = try #require(frame.color(x: x, y: y))
        shades.insert(color.red)
        #expect(clip.contains(x: x, y: y) || color.red == 255)
      }
    }
    #expect(shades.contains { $0 < 40 })
    #expect(shades.count > 8)
  }

  /// Numbers that are the same every time.
  private struct Steps: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  private func inputs(
    _ step: Int, _ app: SignInApp, _ generator: inout Steps
  ) -> [DemoInput] {
    let size = app.size
    let controls = SignInLayout(app).controls
    let control = controls[Int.random(in: 0..<controls.count, using: &generator)]
    let (x, y) = SignInLayout(app).frame(of: control).center
    switch Int.random(in: 0...5, using: &generator) {
    case 0: return [.pointer(x: x, y: y, isPressed: true), .pointer(x: x, y: y, isPressed: false)]
    case 1:
      let x = Int.random(in: 0..<size.width, using: &generator)
      return [.pointer(x: x, y: y, isPressed: Bool.random(using: &generator))]
    case 2: return [.key(DemoKey(symbol: .tab))]
    case 3: return [.key(DemoKey(symbol: .left, isShift: true))]
    // Now and then the right account, or the other page would never be seen.
    case 4 where app.page == .signIn && step % 3 == 0:
      let user = DemoInput.key(DemoKey(symbol: .character("a"), isControl: true))
      let letters = "alice".map { DemoInput.key(DemoKey(symbol: .character($0))) }
      let secret = "wonderland".map { DemoInput.key(DemoKey(symbol: .character($0))) }
      let (x, y) = SignInLayout(app).frame(of: .user).center
      return [.pointer(x: x, y: y, isPressed: true), .pointer(x: x, y: y, isPressed: false), user]
        + letters + [.key(DemoKey(symbol: .tab)), user] + secret + [.key(DemoKey(symbol: .enter))]
    default: return [.key(DemoKey(symbol: .character("W")))]
    }
  }
}

struct DemoAddressTests {
  @Test func `a name alone means the defaults`() throws {
    let address = try DemoAddress(parsing: "sign-in")
    #expect(address.name == "sign-in")
    #expect(address.options == DemoOptions())
  }

  @Test func `every option is read`() throws {
    let text =
      "sign-in?size=1280x800&load=3s&answer=20ms&fault=dead-button,lost-keys&fault=resize&drop=7"
    let options = try DemoAddress(parsing: text).options
    #expect(options.size == PixelSize(width: 1280, height: 800))
    #expect(options.loadTime == .seconds(3))
    #expect(options.answerTime == .milliseconds(20))
    #expect(options.faults == [.deadButton, .lostKeys, .resize])
    #expect(options.dropAfter == 7)
  }

  @Test(arguments: [
    ("sign-im", "there is no demo screen \"sign-im\"; did you mean \"sign-in\"?"),
    ("", "there is no demo screen \"\"; there is sign-in"),
    ("sign-in?lode=3s", "a demo screen has no option \"lode\"; did you mean \"load\"?"),
    ("sign-in?load=3", "the demo option load cannot be \"3\"; it is a time up to 10m"),
    ("sign-in?load=-1s", "the demo option load cannot be \"-1s\""),
    ("sign-in?load=99999999999999999999s", "the demo option load cannot be"),
    ("sign-in?load=11m", "the demo option load cannot be"),
    ("sign-in?size=10x10", "it is WIDTHxHEIGHT from 640x560 to 3840x2160"),
    ("sign-in?size=1024", "the demo option size cannot be \"1024\""),
    ("sign-in?fault=deadbutton", "the demo option fault cannot be \"deadbutton\"; it is one or"),
    ("sign-in?fault=", "the demo option fault cannot be \"\""),
    ("sign-in?drop=0", "it is a number from 1 to 100000"),
  ])
  func `a wrong address is refused with advice`(_ case: (text: String, message: String)) {
    let error = #expect(throws: DemoError.self) { try DemoAddress(parsing: `case`.text) }
    #expect(error?.description.contains(`case`.message) == true, "\(String(describing: error))")
  }
}
