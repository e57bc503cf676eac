import Pixels
import Props
import Testing
import VNC

extension ClientDesktopTests {
  /// Covers the screen with one colour, as a window that draws nothing else.
  private func paint(_ colour: String, on desktop: ClientDesktop) throws {
    try desktop.start(
      "xlogo", "-geometry", "4000x3000+0+0", "-bg", colour, "-fg", colour, "-bw", "0")
  }

  private func isAll(_ red: UInt8, _ green: UInt8, _ blue: UInt8, _ frame: Frame) -> Bool {
    frame.pixels == Frame(size: frame.size, red: red, green: green, blue: blue).pixels
  }

  @Test func `shows the colours that are on the screen`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    try paint("#2040c0", on: desktop)
    #expect(
      try await eventually { isAll(0x20, 0x40, 0xC0, try await connection.frame()) })
    await connection.close()
  }

  @Test func `a picture that is already there is complete at once`() async throws {
    let desktop = try ClientDesktop()
    let first = try await desktop.connect()
    try paint("#c08020", on: desktop)
    #expect(try await eventually { isAll(0xC0, 0x80, 0x20, try await first.frame()) })
    let second = try await desktop.connect()
    #expect(isAll(0xC0, 0x80, 0x20, try await second.frame()))
    await first.close()
    await second.close()
  }

  @Test func `damage is where the pixels differ and nowhere else`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    let before = try await connection.frame()
    try desktop.start("xlogo", "-geometry", "100x80+200+150", "-bg", "white", "-fg", "red")
    #expect(try await connection.waitForChange(after: before.sequence, upTo: .seconds(10)))
    #expect(
      try await eventually {
        try await connection.frame().color(x: 201, y: 151)?.blue == 255
      })
    let after = try await connection.frame()
    let damage = await connection.damage(since: before.sequence)
    #expect(!damage.isEmpty)
    for y in 0..<480 {
      for x in 0..<640 where !damage.contains(where: { $0.contains(x: x, y: y) }) {
        let offset = y * 640 * 4 + x * 4
        guard before.pixels[offset..<offset + 4] != after.pixels[offset..<offset + 4] else {
          continue
        }
        Issue.record("the pixel at \(x),\(y) changed outside of the damage")
        return
      }
    }
    let union = damage.reduce(damage[0]) { $0.union($1) }
    #expect(PixelRect(x: 199, y: 149, width: 104, height: 84).intersection(union) == union)
    #expect(await connection.damage(since: after.sequence).isEmpty)
    await connection.close()
  }

  @Test func `a change elsewhere does not end a wait for a region`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    let start = await connection.sequence
    try desktop.start("xlogo", "-geometry", "100x80+0+0")
    #expect(try await connection.waitForChange(after: start, upTo: .seconds(10)))
    let elsewhere = PixelRect(x: 400, y: 300, width: 100, height: 100)
    #expect(
      try await !connection.waitForChange(
        after: start, in: elsewhere, upTo: .milliseconds(100)))
    await connection.close()
  }

  @Test func `a picture sent again without a change is no change`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    try paint("#123456", on: desktop)
    #expect(try await eventually { isAll(0x12, 0x34, 0x56, try await connection.frame()) })
    let before = try await connection.frame()
    try await connection.refresh()
    let after = try await connection.frame()
    #expect(after.sequence == before.sequence)
    let areSame = before.pixels.withUnsafeBufferPointer { one in
      after.pixels.withUnsafeBufferPointer { $0.baseAddress == one.baseAddress }
    }
    #expect(areSame, "an unchanged picture is not copied")
    await connection.close()
  }

  @Test func `a frame that was taken does not change any more`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    try paint("#111111", on: desktop)
    #expect(try await eventually { isAll(0x11, 0x11, 0x11, try await connection.frame()) })
    let frame = try await connection.frame()
    try paint("#222222", on: desktop)
    #expect(try await eventually { isAll(0x22, 0x22, 0x22, try await connection.frame()) })
    #expect(isAll(0x11, 0x11, 0x11, frame))
    await connection.close()
  }

  @Test func `the pointer is not in the picture`() async throws {
    let desktop = try ClientDesktop()
    try desktop.start("xterm", "-geometry", "200x80+0+0", "-e", "cat")
    let size = PixelSize(clampingWidth: 640, height: 480)
    var pictures: [[UInt8]] = []
    let first = try await desktop.connect()
    let drawn = SettlePolicy(
      quiet: .milliseconds(500), firstChange: .seconds(10), limit: .seconds(20))
    _ = try await first.settle(drawn, after: 0)
    await first.close()
    for place in ["300", "200"] {
      // The pointer has the shape of an I over a terminal, and somebody else has put it there.
      let output = try desktop.start("xdotool", "mousemove", place, place, "getmouselocation")
      #expect(try await eventually { clientText(output).contains("x:\(place)") })
      let connection = try await desktop.connect()
      pictures.append(try await connection.frame().pixels)
      try await connection.move(to: size.center)
      try await connection.refresh()
      try await connection.move(to: try #require(size.point(x: 639, y: 479)))
      try await connection.refresh()
      pictures.append(try await connection.frame().pixels)
      await connection.close()
    }
    #expect(Set(pictures).count == 1)
  }

  @Test func `follows a change of the screen's size`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    try paint("#336699", on: desktop)
    #expect(try await eventually { isAll(0x33, 0x66, 0x99, try await connection.frame()) })
    let viewer = try ClientViewer(port: desktop.port)
    for (width, height) in [(1024, 768), (320, 200), (800, 600)] {
      let before = await connection.sequence
      viewer.resize(width: width, height: height)
      #expect(
        try await eventually {
          await connection.size == PixelSize(width: width, height: height)
        })
      let frame = try await connection.frame()
      #expect(frame.size == PixelSize(width: width, height: height))
      #expect(frame.sequence > before)
      #expect(await connection.damage(since: before) == [frame.size.bounds])
      #expect(try await eventually { isAll(0x33, 0x66, 0x99, try await connection.frame()) })
    }
    viewer.close()
    let outside = try #require(PixelSize(width: 2000, height: 2000)?.point(x: 1500, y: 900))
    let click = await result { () async throws(VNCError) in try await connection.click(at: outside)
    }
    #expect(click.code == .unsupportedInput)
    await connection.close()
  }
}
