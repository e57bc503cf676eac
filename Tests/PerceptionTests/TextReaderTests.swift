import Imaging
import Perception
import Pixels
import Testing

@Suite struct TextReaderTests {
  /// A screenshot, texts that are on it with about where their middles are, and texts that are not.
  struct Expected: Sendable, CustomTestStringConvertible {
    var name: String
    var present: [(text: String, x: Int, y: Int)]
    var absent: [String]
    var testDescription: String { name }
  }

  static let screens: [Expected] = [
    Expected(
      name: "forms",
      present: [
        ("Enter the details", 555, 274), ("First name", 540, 312), ("Last name", 540, 352),
        ("E-mail address", 553, 392), ("Password", 535, 431), ("Country", 530, 474),
        ("Cancel", 653, 514), ("OK", 743, 515),
      ], absent: ["Name of the first", "Address book", "Apply", "Portugal"]),
    Expected(
      name: "entry",
      present: [
        ("Discard the unsaved changes?", 670, 359), ("This cannot be undone.", 646, 391),
        ("Keep editing", 716, 437),
      ], absent: ["Save", "Cancel", "undo"]),
    Expected(
      name: "yad",
      present: [
        ("Printer settings", 51, 11), ("Office laser", 116, 39), ("Color printing", 69, 113),
        ("Two sided", 57, 138), ("A4", 91, 172), ("Print test page", 184, 250),
        ("Apply", 317, 250), ("Close", 451, 249),
      ], absent: ["Cancel", "A5", "Letter"]),
    // A bold heading, in which the stem of an i is as solid as a text cursor.
    Expected(
      name: "shop-welcome",
      present: [
        ("Welcome, alice", 252, 129), ("Sign out", 934, 33), ("Example Shop", 156, 33),
        ("Order 1003", 231, 367), ("24.90 EUR", 390, 262), ("102.00 EUR", 425, 314),
      ], absent: ["Welcome, bob", "Welcome, alex", "Order 1006", "102.08"]),
    Expected(
      name: "delivery-ordered",
      present: [("without express", 823, 381), ("with gift wrapping", 580, 381)],
      absent: ["with insurance", "with express"]),
    Expected(
      name: "terminal",
      present: [
        ("systemctl status shop", 272, 43), ("active (running)", 212, 96),
        ("Main PID: 4711", 114, 113), ("connection to port 8080 refused", 245, 152),
        ("disk full", 146, 168),
      ], absent: ["inactive", "port 8088", "PID: 4712"]),
    Expected(
      name: "editor",
      present: [
        ("Warning: you are using the root account.", 226, 37), ("Document", 230, 12),
        ("the quick brown fox jumps over the lazy dog", 197, 98), ("Total: 1,234.56 EUR", 89, 114),
        ("A-10482-B", 169, 132),
      ], absent: ["1,234.57", "Tools", "A-10482-8"]),
    Expected(
      name: "desktop",
      present: [
        ("The backup has finished.", 671, 381), ("Users", 153, 429), ("alice", 84, 478),
        ("editor", 162, 501), ("apt-transport-https", 945, 180), ("total 3340", 672, 88),
      ], absent: ["carol", "apt-transport-http", "failed"]),
    Expected(
      name: "calculator",
      present: [
        ("Calculator", 169, 12), ("sqrt", 295, 201), ("AC", 243, 113), ("7", 35, 199),
        ("-", 230, 280),
        ("+", 230, 319), ("%", 295, 239),
      ], absent: ["cos", "10"]),
    Expected(
      name: "shop",
      present: [
        ("New invoice", 259, 118), ("Approve all", 382, 120), ("Delete", 487, 118),
        ("Archive", 693, 118), ("Invoices", 49, 95), ("Deliveries", 55, 129),
        ("Notes for the driver", 806, 435), ("Bank transfer", 273, 528), ("Sign out", 49, 267),
      ], absent: ["Approve some", "Invoice 10484", "Log out"]),
  ]

  @Test(.timeLimit(.minutes(5)), arguments: screens)
  func `named texts are found where they are and others are not`(screen: Expected) async throws {
    let frame = try Fixture.frame(screen.name)
    let text = try await TextReader().patiently(frame)
    for expected in screen.present {
      let hits = TextSearch.hits(for: expected.text, in: text)
      let isThere = hits.contains {
        abs($0.box.center.x - expected.x) <= 3 && abs($0.box.center.y - expected.y) <= 3
      }
      #expect(isThere, "\(expected.text): \(hits.map { "\($0.box.center)" })")
    }
    for absent in screen.absent { #expect(!TextSearch.contains(absent, in: text), "\(absent)") }
  }

  /// The browser itself says where each word of the page is.
  @Test(.timeLimit(.minutes(5)))
  func `nearly every word of a web page is read right and boxed right`() async throws {
    let text = try await TextReader().patiently(try Fixture.frame("shop"))
    let words = try Fixture.text("shop.words").split(separator: "\n")
    var (boxed, exact) = (0, 0)
    for word in words {
      let parts = word.split(separator: " ", maxSplits: 4)
      let numbers = try parts.prefix(4).map { try #require(Int($0)) }
      let box = PixelRect(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
      let hits = text.words.filter { box.contains(x: $0.box.center.x, y: $0.box.center.y) }
      if hits.contains(where: { abs($0.box.x - box.x) <= 3 && abs($0.box.maxX - box.maxX) <= 3 }) {
        boxed += 1
      }
      if hits.contains(where: { $0.text == parts[4] }) { exact += 1 }
    }
    #expect(words.count == 112)
    #expect(boxed >= 110)
    #expect(exact >= 109)
  }

  /// Eight sizes from 16 to 48 pixels, regular and bold; the recogniser doubts some of them.
  @Test(.timeLimit(.minutes(5)))
  func `thin, thick and doubtful letters are read at every size`() async throws {
    let text = try await TextReader().patiently(try Fixture.frame("sizes"))
    #expect(TextSearch.count(of: "Fill in 11 lilies", in: text) == 16)
    #expect(text.words.count == 64)
  }

  @Test(.timeLimit(.minutes(5)))
  func `check boxes, borders and cursors are no letters`() async throws {
    let reader = try await TextReader()
    let shop = Set(try await reader.patiently(try Fixture.frame("shop")).lines.map(\.text))
    let labels = [
      "Send a copy by mail", "Remind me every week", "Bank transfer", "Credit card", "Export list",
      "Cancel", "Save invoice", "Portugal", "new",
    ]
    for label in labels { #expect(shop.contains(label), "\(label)") }
    let forms = try await reader.patiently(try Fixture.frame("forms"))
    #expect(forms.lines.filter { $0.text.count < 2 }.count <= 1)
    let yad = try await reader.patiently(try Fixture.frame("yad"))
    #expect(yad.lines.contains { $0.text == "Two sided" })
  }

  @Test(.timeLimit(.minutes(5)))
  func `a part of a screen says the same as the whole does there`() async throws {
    let frame = try Fixture.frame("shop")
    let whole = try await TextReader().patiently(frame)
    for region in [
      PixelRect(x: 200, y: 100, width: 400, height: 200),
      PixelRect(x: 217, y: 110, width: 40, height: 20),
    ] {
      let part = try await TextReader().patiently(frame, region: region)
      #expect(part.words.map(\.text) == whole.within(region).words.map(\.text))
      #expect(part.words.map(\.box) == whole.within(region).words.map(\.box))
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func `after a change the answer is what a fresh reader says`() async throws {
    let reader = try await TextReader()
    let before = try Fixture.frame("shop")
    let first = try await reader.patiently(before)
    // Two buttons and a cell change their places.
    let after = try pasted(
      pasted(before, PixelRect(x: 449, y: 103, width: 60, height: 32), at: (201, 103)),
      PixelRect(x: 289, y: 180, width: 140, height: 24), at: (289, 207))
    let second = try await reader.patiently(after)
    let fresh = try await TextReader().patiently(after)
    #expect(second == fresh)
    #expect(second != first)
    #expect(TextSearch.count(of: "Blue Harbour Ltd", in: second) == 2)
    #expect(try await reader.patiently(before) == first)
  }

  @Test(.timeLimit(.minutes(5))) func `light text on dark reads like dark text on light`()
    async throws
  {
    let frame = try Fixture.frame("forms")
    let inverted = try #require(
      Frame(size: frame.size, pixels: frame.pixels.enumerated().map { $0 % 4 == 3 ? 0 : 255 - $1 }))
    let reader = try await TextReader()
    let light = try await reader.patiently(frame).text
    #expect(try await reader.patiently(inverted).text == light)
  }

  @Test(.timeLimit(.minutes(5))) func `text on a photograph is read`() async throws {
    let frame = try Fixture.frame("entry")
    var pixels = frame.pixels
    var seed: UInt64 = 9
    // The text becomes white, and everything else uneven from pixel to pixel.
    for index in 0..<frame.size.area {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let (x, y) = (index % frame.size.width, index / frame.size.width)
      let isText = (560..<780).contains(x) && (345..<402).contains(y) && pixels[index * 4] < 150
      let ground = UInt8(truncatingIfNeeded: 50 + x / 32 + y / 32) &+ UInt8(seed >> 60)
      for channel in 0..<3 { pixels[index * 4 + channel] = isText ? 250 : ground }
    }
    let photograph = try #require(Frame(size: frame.size, pixels: pixels))
    let text = try await TextReader().patiently(photograph)
    let hit = try #require(TextSearch.hits(for: "This cannot be undone", in: text).first)
    #expect(abs(hit.box.center.x - 646) <= 3 && abs(hit.box.center.y - 391) <= 3)
    #expect(TextSearch.contains("Discard the unsaved changes?", in: text))
  }

  @Test(.timeLimit(.minutes(5))) func `two readers say the same at the same time`() async throws {
    let frame = try Fixture.frame("entry")
    let (one, other) = (try await TextReader(), try await TextReader())
    async let first = one.patiently(frame)
    async let second = other.patiently(frame)
    let texts = try await (first, second)
    #expect(texts.0 == texts.1)
    #expect(TextSearch.contains("Keep editing", in: texts.0))
  }

  @Test(.timeLimit(.minutes(5))) func `screens without text have none`() async throws {
    let reader = try await TextReader()
    for size in [(1, 1), (3, 900), (900, 3), (64, 64)] {
      let size = try #require(PixelSize(width: size.0, height: size.1))
      #expect(
        try await reader.patiently(Frame(size: size, red: 90, green: 90, blue: 90)).words.isEmpty)
    }
  }

  @Test(.timeLimit(.minutes(5))) func `noise ends within the time allowed`() async throws {
    let size = try #require(PixelSize(width: 640, height: 400))
    var seed: UInt64 = 42
    let pixels = (0..<size.area * 4).map { _ in
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: seed >> 56)
    }
    let frame = try #require(Frame(size: size, pixels: pixels))
    let reader = try await TextReader()
    do {
      _ = try await reader.read(frame, limit: .seconds(20))
    } catch {
      #expect(error.code == .deadline)
    }
  }

  @Test(.timeLimit(.minutes(5))) func `a limit that is over is an error of its own`() async throws {
    let reader = try await TextReader()
    let frame = try Fixture.frame("shop")
    for limit in [Duration.zero, .seconds(-5), .milliseconds(2)] {
      let error = await #expect(throws: PerceptionError.self) {
        try await reader.read(frame, limit: limit)
      }
      #expect(error?.code == .deadline)
    }
    #expect(try await reader.patiently(frame).lines.count > 40)
  }

  @Test(.timeLimit(.minutes(5))) func `cancelling ends a reading`() async throws {
    let reader = try await TextReader()
    let frame = try Fixture.frame("shop")
    let task = Task { try await reader.patiently(frame) }
    task.cancel()
    let error = await #expect(throws: PerceptionError.self) { try await task.value }
    #expect(error?.code == .cancelled)
  }

  @Test(.timeLimit(.minutes(5))) func `a region outside the screen is refused by name`()
    async throws
  {
    let reader = try await TextReader()
    let frame = Frame(size: PixelSize(clampingWidth: 100, height: 100))
    let error = await #expect(throws: PerceptionError.self) {
      try await reader.read(frame, region: PixelRect(x: 100, y: 0, width: 9, height: 9))
    }
    #expect(error?.description == "the region 100,0 9x9 is not on a screen of 100x100")
  }

  @Test func `a missing language says how to install it`() async {
    let error = await #expect(throws: PerceptionError.self) {
      try await TextReader(languages: ["eng", "que"])
    }
    #expect(error?.code == .languageMissing)
    #expect(error?.description.contains("apt-get install tesseract-ocr-que") == true)
  }

  @Test(arguments: ["", "eng+", "../../etc/passwd", "script/../eng", "e ng", "eng\u{0}"])
  func `what is no language never becomes a path`(name: String) async {
    let error = await #expect(throws: PerceptionError.self) {
      try await TextReader(languages: [name])
    }
    #expect(error?.code == .languageMissing)
    #expect(error?.description.contains("is no language") == true)
  }

  /// The frame with a part of it copied to another place.
  private func pasted(
    _ frame: Frame, _ part: PixelRect, at place: (x: Int, y: Int)
  ) throws -> Frame {
    var pixels = frame.pixels
    for y in 0..<part.height {
      for x in 0..<part.width * 4 {
        pixels[(place.y + y) * frame.stride + place.x * 4 + x] =
          frame.pixels[(part.y + y) * frame.stride + part.x * 4 + x]
      }
    }
    return try #require(Frame(size: frame.size, pixels: pixels))
  }
}
