import Pixels
import Props
import Testing

@testable import VNC

/// The reader of server messages, without a server.
struct ClientParserTests {
  private let size = PixelSize(clampingWidth: 40, height: 20)

  private func update(_ rects: [[UInt8]]) -> [UInt8] {
    [0, 0] + ClientFakePeer.number16(rects.count) + rects.flatMap(\.self)
  }

  private func rect(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ encoding: Int32) -> [UInt8] {
    Array(
      ClientFakePeer.update(x: x, y: y, width: width, height: height, encoding: encoding)
        .dropFirst(4))
  }

  /// Feeds bytes in pieces of at most `piece`, keeping what was not used, as a connection does.
  private func parse(
    _ bytes: [UInt8], piece: Int = .max, canvas: inout Canvas
  ) throws -> [MessageParser.Event] {
    var parser = MessageParser()
    return try parse(bytes, piece: piece, canvas: &canvas, &parser)
  }

  private func parse(
    _ bytes: [UInt8], piece: Int, canvas: inout Canvas, _ parser: inout MessageParser
  ) throws -> [MessageParser.Event] {
    var events: [MessageParser.Event] = []
    var waiting: [UInt8] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = rest.prefix(piece)
      rest = rest.dropFirst(part.count)
      waiting += part
      while true {
        let (used, event) = try waiting.withUnsafeBytes { try parser.parse($0, into: &canvas) }
        waiting.removeFirst(used)
        guard let event else { break }
        if case .resized(let size) = event { canvas = Canvas(size: size) }
        events.append(event)
      }
    }
    #expect(!parser.isMidMessage)
    #expect(waiting.isEmpty)
    return events
  }

  private func pixel(_ canvas: Canvas, _ x: Int, _ y: Int) -> [UInt8] {
    let offset = (y * canvas.size.width + x) * 4
    return Array(canvas.pixels[offset..<offset + 4])
  }

  private var sample: [UInt8] {
    let raw = (0..<12 * 3 * 4).map { UInt8($0 & 255) }
    // Tiles of 16x4 and 4x4: a background with a coloured piece, then one with the old background.
    let tiles: [UInt8] =
      [2 | 8 | 16, 9, 8, 7, 255, 1, 1, 2, 3, 255, 0x21, 0x10] + [4 | 8, 5, 5, 5, 255, 1, 0, 0x33]
    return update([
      rect(2, 3, 12, 3, 0) + raw, rect(0, 0, 4, 8, -239) + [UInt8](repeating: 1, count: 136),
      rect(20, 10, 20, 4, 5) + tiles, rect(0, 17, 12, 3, 1) + [0, 2, 0, 3],
    ]) + [2] + [3, 0, 0, 0, 0, 0, 0, 2, 65, 66] + [1, 0, 0, 0, 0, 2]
      + [UInt8](repeating: 0, count: 12)
  }

  @Test(
    arguments: [
      (Encoding.lockKeys, [4], true), (Encoding.lockKeys, [3], false),
      (Encoding.lockKeys, [255], nil),
      (Encoding.lockKeysOfVMware, [0, 0, 0, 6], true),
      (Encoding.lockKeysOfVMware, [0, 0, 0, 1], false),
      (Encoding.lockKeysOfVMware, [1, 0, 0, 4], nil),
    ] as [(Int32, [UInt8], Bool?)])
  func `Caps Lock is understood in the words of QEMU and of VMware`(
    encoding: Int32, payload: [UInt8], isOn: Bool?
  ) throws {
    for piece in [1, Int.max] {
      var canvas = Canvas(size: size)
      var parser = MessageParser()
      _ = try parse(
        update([rect(0, 0, 0, 0, encoding) + payload]), piece: piece, canvas: &canvas, &parser)
      #expect(parser.isCapsOn == isOn)
    }
  }

  @Test func `paints raw, hextile and copied rectangles`() throws {
    var canvas = Canvas(size: size)
    #expect(try parse(sample, canvas: &canvas) == [.updateFinished, .cutText([65, 66])])
    #expect(pixel(canvas, 2, 3) == [0, 1, 2, 0])
    #expect(pixel(canvas, 13, 5) == [140, 141, 142, 0])
    #expect(pixel(canvas, 0, 17) == [0, 1, 2, 0])
    #expect(pixel(canvas, 20, 10) == [9, 8, 7, 0])
    #expect(pixel(canvas, 22, 11) == [1, 2, 3, 0])
    #expect(pixel(canvas, 23, 11) == [1, 2, 3, 0])
    #expect(pixel(canvas, 24, 11) == [9, 8, 7, 0])
    #expect(pixel(canvas, 39, 13) == [5, 5, 5, 0])
  }

  @Test(arguments: [1, 2, 3, 5, 7, 16, 61])
  func `it does not matter in which pieces the bytes come`(piece: Int) throws {
    var whole = Canvas(size: size)
    var pieces = Canvas(size: size)
    let events = try parse(sample, canvas: &whole)
    #expect(try parse(sample, piece: piece, canvas: &pieces) == events)
    #expect(pieces.pixels == whole.pixels)
  }

  @Test(arguments: [1, 7, Int.max])
  func `a first picture is painted alike without looking for changes`(piece: Int) throws {
    var noted = Canvas(size: size)
    var first = Canvas(size: size, notesChanges: false)
    let events = try parse(sample, canvas: &noted)
    #expect(try parse(sample, piece: piece, canvas: &first) == events)
    #expect(first.pixels == noted.pixels)
    #expect(first.missing == noted.missing)
    #expect(first.takeChanges().isEmpty)
    // From then on it is looked at what changes, in what is there.
    first.notesChanges = true
    _ = try parse(sample, canvas: &first)
    #expect(first.takeChanges().isEmpty)
    _ = try parse(update([rect(4, 4, 1, 1, 0) + [9, 9, 9, 9]]), canvas: &first)
    #expect(first.takeChanges() == [PixelRect(x: 4, y: 4, width: 1, height: 1)])
  }

  @Test func `what is copied onto itself is as it was before`() throws {
    var canvas = Canvas(size: PixelSize(clampingWidth: 8, height: 8))
    let picture = (0..<8 * 8 * 4).map { UInt8($0 & 255) }
    _ = try parse(update([rect(0, 0, 8, 8, 0) + picture]), canvas: &canvas)
    let before = canvas
    _ = try parse(update([rect(1, 2, 6, 5, 1) + [0, 0, 0, 1]]), canvas: &canvas)
    for y in 0..<5 {
      for x in 0..<6 { #expect(pixel(canvas, x + 1, y + 2) == pixel(before, x, y + 1)) }
    }
  }

  @Test func `a resize is told before what is painted on the new screen`() throws {
    var canvas = Canvas(size: size)
    let bytes = update([
      rect(0, 0, 100, 50, -223), rect(90, 40, 10, 10, 0) + [UInt8](repeating: 3, count: 400),
    ])
    let events = try parse(bytes, canvas: &canvas)
    #expect(events == [.resized(PixelSize(clampingWidth: 100, height: 50)), .updateFinished])
    #expect(pixel(canvas, 99, 49) == [3, 3, 3, 0])
  }

  @Test(arguments: [1, 4, 100])
  func `understands fences and the offer of continuous updates`(piece: Int) throws {
    var canvas = Canvas(size: size)
    let bytes: [UInt8] = [150, 248, 0, 0, 0, 0x80, 0, 0, 1, 3, 7, 8, 9, 2]
    let events = try parse(bytes, piece: piece, canvas: &canvas)
    #expect(events == [.continuousUpdatesEnded, .fence(flags: 0x8000_0001, payload: [7, 8, 9])])
  }

  @Test(arguments: [1, 3, 1000])
  func `reads past what the server says about itself`(piece: Int) throws {
    var canvas = Canvas(size: size)
    var parser = MessageParser()
    let screen: [UInt8] = [0, 0, 0, 9, 0, 0, 0, 0, 0, 40, 0, 20, 0, 0, 0, 3]
    let cursor = [UInt8](repeating: 7, count: 2 * 2 * 4) + [0b1000_0000, 0b0100_0000]
    let bytes = update([
      rect(0, 0, 40, 20, -308) + [2, 0, 0, 0] + screen + screen, rect(0, 0, 40, 20, -258),
      rect(0, 0, 0, 0, -261) + [5], rect(1, 0, 2, 2, -239) + cursor,
      rect(1, 3, 999, 999, -308) + [0, 0, 0, 0],
    ])
    #expect(try parse(bytes, piece: piece, canvas: &canvas, &parser) == [.updateFinished])
    #expect(parser.takesScancodes)
    let hidden = update([rect(0, 0, 0, 0, -239)])
    #expect(try parse(hidden, piece: piece, canvas: &canvas, &parser) == [.updateFinished])
  }

  @Test(arguments: [1, 1000])
  func `takes the newer way to tell a size, whatever number the screen has`(piece: Int) throws {
    var canvas = Canvas(size: size)
    let bytes = update([
      rect(0, 0, 100, 50, -308) + [1, 0, 0, 0] + [UInt8](repeating: 0, count: 16),
      rect(99, 49, 1, 1, 0) + [4, 4, 4, 0],
    ])
    let events = try parse(bytes, piece: piece, canvas: &canvas)
    #expect(events == [.resized(PixelSize(clampingWidth: 100, height: 50)), .updateFinished])
    #expect(pixel(canvas, 99, 49) == [4, 4, 4, 0])
  }

  @Test func `understands the extended clipboard`() throws {
    var canvas = Canvas(size: size)
    let capabilities: [UInt8] = [3, 0, 0, 0, 255, 255, 255, 248, 0x1F, 0, 0, 1, 0, 0, 0, 0]
    let request: [UInt8] = [3, 0, 0, 0, 255, 255, 255, 252, 2, 0, 0, 1]
    let events = try parse(capabilities + request, canvas: &canvas)
    #expect(events == [.clipboardCapabilities(0x1F00_0001), .clipboardRequested])
  }

  @Test(arguments: [1, 3, 61])
  func `understands a clipboard that comes in pieces`(piece: Int) throws {
    var canvas = Canvas(size: size)
    let notice: [UInt8] = [3, 0, 0, 0, 255, 255, 255, 252, 8, 0, 0, 1]
    let nothing: [UInt8] = [3, 0, 0, 0, 255, 255, 255, 252, 8, 0, 0, 0]
    let text: [UInt8] = [3, 0, 0, 0, 255, 255, 255, 249, 16, 0, 0, 1, 7, 8, 9]
    let plain: [UInt8] = [3, 0, 0, 0, 0, 0, 0, 2, 0x61, 0xE9, 3, 0, 0, 0, 0, 0, 0, 0]
    let events = try parse(notice + nothing + text + plain, piece: piece, canvas: &canvas)
    #expect(
      events == [
        .clipboardNotified(hasText: true), .clipboardNotified(hasText: false),
        .clipboardProvided([7, 8, 9]), .cutText([0x61, 0xE9]), .cutText([]),
      ])
  }

  @Test func `a clipboard that is too long is passed over`() throws {
    var canvas = Canvas(size: size)
    let long: [UInt8] = [3, 0, 0, 0, 0, 0x20, 0, 0] + [UInt8](repeating: 3, count: 2 << 20)
    let events = try parse(long + [3, 0, 0, 0, 0, 0, 0, 1, 0x61], canvas: &canvas)
    #expect(events == [.cutText([0x61])])
  }

  @Test func `a rectangle anywhere never paints outside and never traps`() {
    var random = SeededRandom(seed: 3)
    var outside = 0
    for _ in 0..<100_000 {
      let width = random.below(4) == 0 ? random.below(65536) : random.below(50)
      let height = random.below(4) == 0 ? random.below(65536) : random.below(30)
      let place = PixelRect(
        x: random.below(60), y: random.below(30), width: width, height: height)
      let encoding = [Encoding.raw, Encoding.copyRect, Encoding.hextile][random.below(3)]
      var canvas = Canvas(size: size)
      var parser = MessageParser()
      let bytes =
        update([rect(place.x, place.y, width, height, encoding)])
        + (0..<64).map { _ in UInt8(random.below(256)) }
      do {
        _ = try bytes.withUnsafeBytes { try parser.parse($0, into: &canvas) }
        #expect(place.maxX <= 40 && place.maxY <= 20)
      } catch {
        outside += 1
      }
      #expect(canvas.pixels.count == 40 * 20 * 4)
    }
    #expect(outside > 10_000)
  }

  @Test func `random bytes end in an error or in nothing`() {
    var random = SeededRandom(seed: 11)
    for _ in 0..<20_000 {
      var canvas = Canvas(size: size)
      var parser = MessageParser()
      let start = [UInt8(0), 0, 0, 1, 0, 0, 0, 0, 0, 40, 0, 20, 0, 0, 0, 5]
      let bytes = start + (0..<400).map { _ in UInt8(random.below(256)) }
      var rest = bytes[...]
      do {
        while !rest.isEmpty {
          let (used, event) = try rest.withUnsafeBytes { try parser.parse($0, into: &canvas) }
          rest = rest.dropFirst(used)
          if event == nil { break }
        }
      } catch {
        #expect(error is MessageParser.Violation)
      }
    }
  }
}

/// What is painted, what changed and what is missing.
struct ClientCanvasTests {
  private let size = PixelSize(clampingWidth: 200, height: 100)

  private func put(_ value: UInt8, _ rect: PixelRect, on canvas: inout Canvas) {
    [UInt8](repeating: value, count: rect.area * 4).withUnsafeBytes { canvas.put(rect, from: $0) }
    canvas.painted(rect)
  }

  @Test func `only what is different is a change`() {
    var canvas = Canvas(size: size)
    put(0, size.bounds, on: &canvas)
    #expect(canvas.takeChanges().isEmpty)
    put(7, PixelRect(x: 10, y: 20, width: 5, height: 4), on: &canvas)
    put(7, PixelRect(x: 0, y: 15, width: 15, height: 9), on: &canvas)
    #expect(canvas.takeChanges() == [PixelRect(x: 0, y: 15, width: 15, height: 9)])
    put(7, PixelRect(x: 0, y: 15, width: 15, height: 9), on: &canvas)
    #expect(canvas.takeChanges().isEmpty)
  }

  @Test func `the unused byte of a pixel is no change`() {
    var canvas = Canvas(size: size)
    [UInt8](arrayLiteral: 0, 0, 0, 255).withUnsafeBytes {
      canvas.put(PixelRect(x: 3, y: 3, width: 1, height: 1), from: $0)
    }
    #expect(canvas.takeChanges().isEmpty)
    #expect(canvas.pixels.allSatisfy { $0 == 0 })
  }

  @Test func `it is complete when every pixel has been painted and not before`() {
    var canvas = Canvas(size: size)
    put(1, PixelRect(x: 0, y: 0, width: 200, height: 99), on: &canvas)
    put(1, PixelRect(x: 0, y: 50, width: 199, height: 50), on: &canvas)
    put(1, PixelRect(x: 0, y: 0, width: 200, height: 99), on: &canvas)
    #expect(!canvas.isComplete)
    #expect(canvas.missing == [PixelRect(x: 199, y: 99, width: 1, height: 1)])
    put(1, PixelRect(x: 199, y: 99, width: 1, height: 1), on: &canvas)
    #expect(canvas.isComplete)
    canvas.expectAll()
    #expect(!canvas.isComplete)
  }

  @Test func `a block that does not fit is left out`() {
    var canvas = Canvas(size: size)
    put(1, PixelRect(x: 150, y: 0, width: 51, height: 1), on: &canvas)
    put(1, PixelRect(x: -1, y: 0, width: 5, height: 1), on: &canvas)
    canvas.copy(fromX: 190, y: 0, to: PixelRect(x: 0, y: 0, width: 20, height: 5))
    #expect(canvas.pixels.allSatisfy { $0 == 0 })
  }

  @Test func `cutting out leaves what is not covered`() {
    let whole = PixelRect(x: 0, y: 0, width: 10, height: 10)
    let hole = PixelRect(x: 3, y: 4, width: 2, height: 3)
    let parts = whole.subtracting(hole)
    #expect(parts.map(\.area).reduce(0, +) == 94)
    #expect(parts.allSatisfy { !$0.intersects(hole) })
    #expect(whole.subtracting(whole).isEmpty)
    #expect(whole.subtracting(PixelRect(x: 20, y: 0, width: 5, height: 5)) == [whole])
  }

  @Test func `a list of rectangles covers all of them and stays short`() {
    var random = SeededRandom(seed: 5)
    var list = RectList(limit: 8)
    var all: [PixelRect] = []
    for _ in 0..<300 {
      let rect = PixelRect(
        x: random.below(2000), y: random.below(1000), width: random.below(40),
        height: random.below(40))
      list.add(rect)
      all.append(rect)
    }
    #expect(list.rects.count <= 8)
    for rect in all where !rect.isEmpty {
      #expect(list.rects.contains { $0.intersection(rect) == rect })
    }
  }

  @Test func `far changes stay apart`() {
    var list = RectList()
    list.add(PixelRect(x: 0, y: 0, width: 10, height: 10))
    list.add(PixelRect(x: 100, y: 0, width: 10, height: 10))
    list.add(PixelRect(x: 12, y: 0, width: 10, height: 10))
    #expect(
      Set(list.rects) == [
        PixelRect(x: 0, y: 0, width: 22, height: 10),
        PixelRect(x: 100, y: 0, width: 10, height: 10),
      ])
  }

  @Test func `the log knows what it has forgotten`() {
    var log = DamageLog(capacity: 4)
    #expect(log.entries(after: 0) == [])
    for number in 1...6 {
      log.append(DamageLog.Entry(sequence: UInt64(number), rects: [], time: .seconds(number)))
    }
    #expect(log.entries(after: 1) == nil)
    #expect(log.entries(after: 2)?.map(\.sequence) == [3, 4, 5, 6])
    #expect(log.entries(after: 5)?.map(\.sequence) == [6])
    #expect(log.entries(after: 6) == [])
    #expect(log.entries(since: .seconds(5)).map(\.sequence) == [5, 6])
  }
}
