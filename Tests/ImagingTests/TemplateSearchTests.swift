import Pixels
import Testing

@testable import Imaging

@Suite struct TemplateSearchTests {
  private let place = PixelRect(x: 200, y: 100, width: 80, height: 28)

  private func screen(_ words: [String] = ["Open", "Save", "Close"]) -> PaintedScreen {
    var screen = PaintedScreen()
    for (index, word) in words.enumerated() { screen.button(word, x: 20 + index * 90, y: 100) }
    screen.write("The quick brown fox jumps over", x: 20, y: 30)
    screen.write("the lazy dog and sleeps well", x: 20, y: 50)
    screen.checkbox(x: 20, y: 160, isOn: true)
    return screen
  }

  private func needle(_ screen: PaintedScreen, _ rect: PixelRect) throws -> Needle {
    try Needle(#require(screen.canvas.frame.cropped(to: rect)))
  }

  private let save = PixelRect(x: 110, y: 100, width: 80, height: 28)

  @Test func `the same pixels at one place are found`() throws {
    let screen = screen()
    let outcome = TemplateSearch(try needle(screen, save)).search(screen.canvas.frame)
    let found = try #require(outcome.place)
    #expect(found.rect == save && found.isExact && found.score == 1 && found.scale == 1)
  }

  @Test func `the same pixels are found at every corner of the screen`() throws {
    let picture = screen().crop(110, 100, 80, 28)
    for (x, y) in [(0, 0), (280, 0), (0, 212), (280, 212), (17, 5)] {
      var canvas = PaintedScreen().canvas
      canvas.paste(picture, x: x, y: y)
      for frame in [canvas.frame, noisy(canvas.frame, by: 3, seed: 2)] {
        let found = try #require(try TemplateSearch(Needle(picture)).search(frame).place)
        #expect(found.rect == PixelRect(x: x, y: y, width: 80, height: 28))
      }
    }
  }

  @Test func `a picture that came over a lossy connection is found where it is`() throws {
    let screen = screen()
    let search = TemplateSearch(try needle(screen, save))
    let found = try #require(search.search(noisy(screen.canvas.frame, by: 8, seed: 1)).place)
    #expect(found.rect == save && !found.isExact)
    #expect(found.score > 0.9 && found.score < 1)
  }

  @Test func `a picture that is not there is not found`() throws {
    let other = screen(["Help", "Quit", "Redo"])
    for frame in [other.canvas.frame, noisy(other.canvas.frame, by: 4, seed: 1)] {
      let outcome = TemplateSearch(try needle(screen(), save)).search(frame)
      #expect(outcome.isAbsent)
    }
  }

  @Test(arguments: ["Safe", "Sav", "Wave", "save"])
  func `one other letter is another picture`(word: String) throws {
    let search = TemplateSearch(try needle(screen(), save))
    for noise in [0, 3] {
      let other = noisy(screen(["Open", word, "Close"]).canvas.frame, by: noise, seed: 3)
      #expect(search.search(other).isAbsent)
      #expect(search.search(other, near: save).isAbsent)
    }
  }

  @Test func `a tick is not an empty box`() throws {
    var off = screen()
    off.checkbox(x: 20, y: 160, isOn: false)
    let box = PixelRect(x: 16, y: 156, width: 24, height: 24)
    let (ticked, empty) = (try needle(screen(), box), try needle(off, box))
    #expect(TemplateSearch(ticked).search(off.canvas.frame, near: box).isAbsent)
    #expect(TemplateSearch(empty).search(screen().canvas.frame, near: box).isAbsent)
    #expect(TemplateSearch(ticked).search(screen().canvas.frame).place?.rect == box)
  }

  @Test func `two places are two places, exact or not`() throws {
    var screen = screen()
    let search = TemplateSearch(try needle(screen, save))
    screen.button("Save", x: 250, y: 190)
    for frame in [screen.canvas.frame, noisy(screen.canvas.frame, by: 5, seed: 4)] {
      guard case .ambiguous(let places) = search.search(frame) else {
        Issue.record("one of two was taken")
        return
      }
      #expect(Set(places.map(\.rect)) == [save, PixelRect(x: 250, y: 190, width: 80, height: 28)])
    }
  }

  @Test func `of two places the one near the old place is taken`() throws {
    var screen = screen()
    let search = TemplateSearch(
      try needle(screen, save), rule: TemplateSearch.Rule(reach: 30))
    screen.button("Save", x: 250, y: 190)
    let near = PixelRect(x: 240, y: 200, width: 80, height: 28)
    for frame in [screen.canvas.frame, noisy(screen.canvas.frame, by: 5, seed: 4)] {
      #expect(search.search(frame, near: near).place?.rect.x == 250)
      #expect(search.search(frame, near: save).place?.rect == save)
    }
  }

  @Test func `a picture that moved away from its old place is found`() throws {
    var moved = screen(["Open"])
    moved.button("Save", x: 270, y: 200)
    let search = TemplateSearch(try needle(screen(), save), rule: TemplateSearch.Rule(reach: 20))
    let frame = noisy(moved.canvas.frame, by: 4, seed: 9)
    #expect(search.search(frame, near: save).place?.rect.x == 270)
  }

  @Test func `only the region is searched`() throws {
    let screen = screen()
    let search = TemplateSearch(try needle(screen, save))
    let frame = screen.canvas.frame
    #expect(search.search(frame, in: save).place?.rect == save)
    #expect(search.search(frame, in: PixelRect(x: 111, y: 90, width: 200, height: 60)).isAbsent)
    #expect(search.search(frame, in: PixelRect(x: 900, y: 900, width: 200, height: 60)).isAbsent)
    #expect(search.search(Frame(size: PixelSize(clampingWidth: 9, height: 9))).isAbsent)
  }

  @Test func `what the mask leaves out does not count`() throws {
    var icon = PaintedScreen(width: 60, height: 60)
    icon.write("AB", x: 20, y: 20)
    icon.write("CD", x: 20, y: 36)
    let mask = (0..<3600).map { (18..<42).contains($0 % 60) && (18..<52).contains($0 / 60) }
    let needle = try Needle(icon.canvas.frame, mask: mask)
    var other = PaintedScreen()
    var random = SeededRandom(seed: 6)
    other.canvas.fillNoise(other.canvas.size.bounds, using: &random)
    let inside = try #require(
      icon.canvas.frame.cropped(to: PixelRect(x: 18, y: 18, width: 24, height: 34)))
    other.canvas.paste(inside, x: 158, y: 98)
    let there = PixelRect(x: 140, y: 80, width: 60, height: 60)
    #expect(TemplateSearch(needle).search(other.canvas.frame).place?.rect == there)
    let lossy = noisy(other.canvas.frame, by: 5, seed: 2)
    #expect(TemplateSearch(needle).search(lossy).place?.rect == there)
    #expect(try TemplateSearch(Needle(icon.canvas.frame)).search(lossy).isAbsent)
  }

  @Test(arguments: [0.8, 0.875, 0.9, 1.1, 1.2, 1.25])
  func `another size is found when sizes are allowed`(scale: Double) throws {
    let screen = screen()
    let needle = try needle(screen, save)
    let size = screen.canvas.size
    let frame = Scaler.areaAverage(
      screen.canvas.frame,
      to: PixelSize(
        clampingWidth: Int(Double(size.width) * scale), height: Int(Double(size.height) * scale)))
    let rule = TemplateSearch.Rule(threshold: 0.75, scales: TemplateSearch.Rule.manyScales)
    let found = try #require(TemplateSearch(needle, rule: rule).search(frame).place)
    #expect(abs(Double(found.rect.x) - 110 * scale) <= 2)
    #expect(abs(Double(found.rect.y) - 100 * scale) <= 2)
    #expect(abs(found.scale - scale) < 0.03)
    #expect(TemplateSearch(needle).search(frame).isAbsent)
  }

  @Test func `colours count unless brightness alone is asked for`() throws {
    // As bright as each other.
    let (red, green) = (lamp(red: 200, green: 20, blue: 20), lamp(red: 20, green: 112, blue: 22))
    let search = try TemplateSearch(Needle(red.crop(90, 90, 40, 40)))
    #expect(search.search(red.canvas.frame).place != nil)
    #expect(search.search(green.canvas.frame).isAbsent)
    let grey = TemplateSearch(search.needle, rule: TemplateSearch.Rule(isColor: false))
    #expect(grey.search(green.canvas.frame).place != nil)
  }

  @Test func `a picture whose detail is in its colours alone is found`() throws {
    var screen = PaintedScreen()
    screen.canvas.fill(screen.canvas.size.bounds, red: 20, green: 112, blue: 22)
    for step in 0..<6 {
      screen.canvas.fill(
        PixelRect(x: 103 + step * 7, y: 81 + step * step, width: 5, height: 30 - step * 3),
        red: 200,
        green: 20, blue: 20)
    }
    let search = try TemplateSearch(Needle(screen.crop(97, 73, 60, 50)))
    let found = search.search(noisy(screen.canvas.frame, by: 4, seed: 1)).place
    #expect(found?.rect == PixelRect(x: 97, y: 73, width: 60, height: 50))
  }

  private func lamp(red: UInt8, green: UInt8, blue: UInt8) -> PaintedScreen {
    var screen = PaintedScreen()
    screen.canvas.fill(
      PixelRect(x: 100, y: 100, width: 20, height: 20), red: red, green: green, blue: blue)
    return screen
  }

  @Test func `pictures without detail are refused by name`() throws {
    let size = PixelSize(clampingWidth: 40, height: 20)
    let flat = #expect(throws: ImagingError.self) { try Needle(Frame(size: size, red: 90)) }
    #expect(flat?.code == .featureless)
    #expect(flat?.description.contains("40x20") == true)
    var bars = Canvas(Frame(size: size))
    for x in stride(from: 0, to: 40, by: 4) {
      bars.fill(PixelRect(x: x, y: 0, width: 2, height: 20), red: 255, green: 255, blue: 255)
    }
    #expect(throws: ImagingError.self) { try Needle(bars.frame) }
    var slope = Canvas(Frame(size: size))
    for x in 0..<40 {
      slope.fill(PixelRect(x: x, y: 0, width: 1, height: 20), red: UInt8(x * 6), green: 9, blue: 9)
    }
    #expect(throws: ImagingError.self) { try Needle(slope.frame) }
    let small = #expect(throws: ImagingError.self) { try Needle(pattern(width: 40, height: 5)) }
    #expect(small?.description.contains("at least 6 pixels") == true)
    let hidden = [Bool](repeating: false, count: 1600)
    #expect(throws: ImagingError.self) { try Needle(pattern(width: 40, height: 40), mask: hidden) }
    let wrong = #expect(throws: ImagingError.self) {
      try Needle(pattern(width: 40, height: 40), mask: [true])
    }
    #expect(wrong?.code == .malformed)
  }

  /// A wide field with a word at one end, which alone is looked for until all of it is compared.
  private func field(_ word: String, at x: Int, in canvas: inout PaintedScreen, y: Int) {
    canvas.canvas.fill(
      PixelRect(x: 20, y: y, width: 300, height: 44), red: 250, green: 250, blue: 250)
    canvas.write(word, x: 20 + x, y: y + 16)
  }

  @Test(arguments: [8, 120, 250])
  func `a wide picture that is mostly empty is found by its word`(x: Int) throws {
    var screen = PaintedScreen()
    field("Save", at: x, in: &screen, y: 60)
    let place = PixelRect(x: 20, y: 60, width: 300, height: 44)
    let search = TemplateSearch(try needle(screen, place))
    let lossy = noisy(screen.canvas.frame, by: 6, seed: 4)
    #expect(search.search(lossy).place?.rect == place)
    // The same word at another place of the field is another picture.
    var other = PaintedScreen()
    field("Save", at: (x + 60) % 250, in: &other, y: 60)
    #expect(search.search(noisy(other.canvas.frame, by: 6, seed: 4)).place == nil)
    // The word alone, cut off by the edge of what is looked at, is not all of it.
    #expect(search.search(lossy, in: place.insetBy(1)).place == nil)
    field("Save", at: x, in: &screen, y: 150)
    #expect(search.search(noisy(screen.canvas.frame, by: 6, seed: 4)).isAmbiguous)
  }

  @Test func `a screen full of it is ambiguous, with as many places as are given`() throws {
    var canvas = PaintedScreen().canvas
    let picture = screen().crop(110, 100, 36, 28)
    for y in stride(from: 0, to: 240 - 28, by: 28) {
      for x in stride(from: 0, to: 360 - 36, by: 36) { canvas.paste(picture, x: x, y: y) }
    }
    let outcome = try TemplateSearch(Needle(picture)).search(noisy(canvas.frame, by: 6, seed: 5))
    guard case .ambiguous(let places) = outcome else {
      Issue.record("it is \(outcome)")
      return
    }
    #expect(places.count == 32)
    #expect(places.allSatisfy { $0.score > 0.9 })
    #expect(Set(places.map(\.rect)).count == 32)
  }

  @Test func `a picture made to be slow ends`() throws {
    // A checkerboard, and a needle of it that differs in its last pixel.
    var canvas = Canvas(Frame(size: PixelSize(clampingWidth: 300, height: 300)))
    for y in 0..<300 {
      for x in 0..<300 where (x + y) % 2 == 0 {
        canvas.set(x: x, y: y, red: 255, green: 255, blue: 255)
      }
    }
    let board = canvas.frame
    var odd = Canvas(
      try #require(board.cropped(to: PixelRect(x: 0, y: 0, width: 150, height: 150))))
    #expect(try TemplateSearch(Needle(odd.frame)).search(board).isAmbiguous)
    odd.set(x: 149, y: 149, red: 9, green: 9, blue: 9)
    #expect(try TemplateSearch(Needle(odd.frame)).search(board).place == nil)
  }
}

@Suite struct TemplateSearchScreenTests {
  @Test(arguments: ["shop", "desktop", "calculator", "forms", "delivery-ordered"])
  func `parts of real screens are found at their own place or not at all`(name: String) throws {
    let screen = try Screens.load(name)
    let lossy = noisy(screen, by: 4, seed: 12)
    var random = SeededRandom(seed: 21)
    var (tries, found, ambiguous) = (0, 0, 0)
    while tries < 8 {
      let rect = PixelRect(
        x: .random(in: 0..<1100, using: &random), y: .random(in: 0..<700, using: &random),
        width: .random(in: 24..<160, using: &random), height: .random(in: 16..<90, using: &random))
      guard let part = screen.cropped(to: rect), let needle = try? Needle(part) else { continue }
      tries += 1
      switch TemplateSearch(needle).search(lossy) {
      case .found(let place):
        #expect(place.rect == rect)
        found += 1
      case .ambiguous(let places):
        #expect(
          places.contains { $0.rect == rect }, "\(rect) \(places.map { "\($0.rect) \($0.score)" })")
        ambiguous += 1
      case .absent(let best):
        Issue.record("\(rect) is absent; best \(String(describing: best))")
      }
    }
    #expect(found + ambiguous == tries && found >= tries * 2 / 3)
  }

  @Test(arguments: [("calculator", "shop"), ("shop", "forms"), ("terminal", "editor")])
  func `parts of one program are not found in another`(one: String, other: String) throws {
    let (screen, stranger) = (try Screens.load(one), try Screens.load(other))
    var random = SeededRandom(seed: 5)
    var tries = 0
    while tries < 8 {
      let rect = PixelRect(
        x: .random(in: 300..<900, using: &random), y: .random(in: 200..<600, using: &random),
        width: .random(in: 40..<160, using: &random), height: .random(in: 20..<90, using: &random))
      guard let part = screen.cropped(to: rect), let needle = try? Needle(part) else { continue }
      tries += 1
      #expect(TemplateSearch(needle).search(stranger).isAbsent)
    }
  }
}

extension TemplateSearch.Outcome {
  var place: TemplateSearch.Place? {
    if case .found(let place) = self { place } else { nil }
  }

  var isAbsent: Bool { if case .absent = self { true } else { false } }
  var isAmbiguous: Bool { if case .ambiguous = self { true } else { false } }
}
