import Glibc
import Pixels
import Platform
import Testing
import VNC

@testable import DemoScreens

/// A client with the least of RFB that shows what a server really sends: raw pixels in the server's
/// own format. Blocking, on a thread of its own.
private actor RFBProbe {
  enum Failure: Error { case closed, protocolError(String) }

  private let executor = ThreadExecutor(name: "probe")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private var descriptor: CInt = -1
  private(set) var size = PixelSize(clampingWidth: 1, height: 1)
  private(set) var pixels: [UInt8] = []
  private(set) var name = ""
  private(set) var updatedArea = 0

  deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

  func close() {
    Glibc.close(descriptor)
    descriptor = -1
  }

  func open(_ endpoint: VNCEndpoint) throws {
    guard case .unix(let path) = endpoint.address else { throw Failure.closed }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    try connect(AF_UNIX, &address)
    guard try read(12).starts(with: Array("RFB 003.".utf8)) else {
      throw Failure.protocolError("greeting")
    }
    try send(Array("RFB 003.008\n".utf8))
    guard try read(Int(read(1)[0])).contains(1) else { throw Failure.protocolError("security") }
  }

  /// The handshake without a password, and the first picture.
  func enter() throws {
    try send([1])
    guard try number(4) == 0 else { throw Failure.protocolError("refused") }
    try send([1])
    size = try readSize()
    // The server's own pixel format: 32 bits, shifts 16, 8 and 0.
    let format = try read(16)
    guard format[0] == 32, Array(format[10...12]) == [16, 8, 0] else {
      throw Failure.protocolError("pixel format \(format)")
    }
    name = String(decoding: try read(number(4)), as: UTF8.self)
    pixels = [UInt8](repeating: 0, count: size.area * 4)
    // Raw, and DesktopSize (-223).
    try send([2, 0, 0, 2, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x21])
    try update(isIncremental: false)
  }

  /// Asks for what has changed, and waits for it.
  func update(isIncremental: Bool = true) throws {
    try request(isIncremental)
    try takeUpdate()
  }

  /// Takes updates until a condition holds for the text-free facts of the screen.
  func update(until condition: (RFBFacts) -> Bool) throws {
    while !condition(RFBFacts(size: size, pixels: pixels)) { try update() }
  }

  func type(_ text: String) throws {
    for scalar in text.unicodeScalars { try key(scalar.value) }
  }

  func key(_ keysym: UInt32) throws {
    for isDown in [1, 0] as [UInt8] { try key(keysym, isDown) }
  }

  func key(_ keysym: UInt32, _ isDown: UInt8) throws {
    try send(
      [4, isDown, 0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: keysym >> (24 - 8 * $0)) })
  }

  func click(x: Int, y: Int) throws {
    for buttons in [0, 1, 0] as [UInt8] {
      try send([5, buttons, UInt8(x >> 8), UInt8(x & 255), UInt8(y >> 8), UInt8(y & 255)])
    }
  }

  func send(_ bytes: [UInt8]) throws {
    guard Glibc.send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count else {
      throw Failure.closed
    }
  }

  // MARK: - The protocol

  private func request(_ isIncremental: Bool) throws {
    let sides = [size.width, size.height].flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    try send([3, isIncremental ? 1 : 0, 0, 0, 0, 0] + sides)
  }

  private func takeUpdate() throws {
    guard try number(1) == 0 else { throw Failure.protocolError("message") }
    _ = try read(1)
    updatedArea = 0
    for _ in 0..<(try number(2)) {
      let x = try number(2)
      let y = try number(2)
      let size = (width: try number(2), height: try number(2))
      switch UInt32(try number(4)) {
      case 0:
        updatedArea += size.width * size.height
        for row in y..<y + size.height {
          let start = (row * self.size.width + x) * 4
          pixels.replaceSubrange(start..<start + size.width * 4, with: try read(size.width * 4))
        }
      case 0xFFFF_FF21:
        self.size = PixelSize(clampingWidth: size.width, height: size.height)
        pixels = [UInt8](repeating: 0, count: self.size.area * 4)
      case let other: throw Failure.protocolError("encoding \(other)")
      }
    }
  }

  private func connect<Address>(_ family: CInt, _ address: inout Address) throws {
    descriptor = socket(family, CInt(SOCK_STREAM.rawValue), 0)
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
      }
    }
    guard result == 0 else { throw Failure.closed }
  }

  private func readSize() throws -> PixelSize {
    let width = try number(2)
    return PixelSize(clampingWidth: width, height: try number(2))
  }

  private func number(_ count: Int) throws -> Int {
    try read(count).reduce(0) { $0 << 8 | Int($1) }
  }

  private func read(_ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    guard count == 0 || recv(descriptor, &bytes, count, CInt(MSG_WAITALL)) == count else {
      throw Failure.closed
    }
    return bytes
  }
}

/// What a probe knows of a screen.
struct RFBFacts {
  let size: PixelSize
  let pixels: [UInt8]

  /// Whether it shows the same as a frame.
  func matches(_ frame: Frame?) -> Bool { frame?.size == size && frame?.pixels == pixels }

  /// The colour at a place.
  func ink(x: Int, y: Int) -> [UInt8] {
    let start = (y * size.width + x) * 4
    return start + 3 <= pixels.count ? Array(pixels[start..<start + 3]) : []
  }
}

@Suite(.timeLimit(.minutes(5)))
struct DemoScreenTests {
  private let metrics = TextMetrics(Typeface.all ?? [:])

  /// What the screen shows after some input, from the application alone.
  private func picture(_ prepare: (inout SignInApp) -> Void) throws -> Frame {
    var app = SignInApp()
    prepare(&app)
    var canvas = DemoCanvas(size: app.size, typefaces: try #require(Typeface.all))
    canvas.draw(SignInView.drawing(app, metrics), in: app.size.bounds)
    return try #require(canvas.frame)
  }

  private func started(_ address: String = "sign-in") async throws -> (DemoScreen, RFBProbe) {
    let screen = try await DemoScreen.start(DemoAddress(parsing: address))
    let probe = RFBProbe()
    try await probe.open(screen.endpoint)
    return (screen, probe)
  }

  @Test func `a client sees exactly what was drawn`() async throws {
    let (screen, probe) = try await started()
    try await probe.enter()
    let expected = try picture { _ in }
    let drawn = await screen.frame()
    #expect(drawn?.pixels == expected.pixels)
    #expect(await probe.pixels == expected.pixels)
    #expect(await probe.name == "Example Shop")
    #expect(await probe.size.description == "1024x768")
    await screen.stop()
  }

  @Test func `keys and clicks reach the application, and the changes the client`() async throws {
    let (screen, probe) = try await started()
    try await probe.enter()
    try await probe.type("alice")
    try await probe.key(0xFF09)
    try await probe.type("wonderland")
    let button = SignInLayout(SignInApp()).frame(of: .signIn).center
    try await probe.click(x: button.x, y: button.y)
    let expected = try picture { app in
      var keyboard = DemoKeyboard()
      let keysyms = "alice\u{FF09}wonderland\u{FF0D}".unicodeScalars.map(\.value)
      for keysym in keysyms {
        guard let key = keyboard.handle(keysym: keysym, isDown: true) else { continue }
        _ = app.handle(.key(key), at: .zero, metrics)
      }
      _ = app.handle(.pointer(x: button.x, y: button.y, isPressed: false), at: .seconds(1), metrics)
      _ = app.handle(.tick, at: .seconds(9), metrics)
    }
    // The list of orders comes by itself; the pointer rests on the page.
    try await probe.update { $0.matches(expected) }
    await screen.stop()
  }

  @Test func `only what has changed is sent`() async throws {
    let (screen, probe) = try await started()
    try await probe.enter()
    try await probe.type("a")
    try await probe.update()
    let area = await probe.updatedArea
    #expect(area > 0 && area < 10_000, "\(area) pixels for one letter")
    await screen.stop()
  }

  @Test func `a client that understands it follows a resize`() async throws {
    let (screen, probe) = try await started("sign-in?fault=resize,always-welcome&answer=0ms")
    try await probe.enter()
    try await probe.key(0xFF0D)
    try await probe.update {
      $0.size.description == "800x600" && $0.ink(x: 5, y: 5) == [0x3B, 0x24, 0x16]
    }
    await screen.stop()
  }

  @Test func `the connection drops when it was asked to, and can be made again`() async throws {
    let (screen, probe) = try await started("sign-in?drop=3")
    try await probe.enter()
    await #expect(throws: RFBProbe.Failure.self) {
      try await probe.type("abc")
      while true { try await probe.update() }
    }
    let next = RFBProbe()
    try await next.open(screen.endpoint)
    try await next.enter()
    #expect(await next.pixels == screen.frame()?.pixels)
    await screen.stop()
  }

  @Test func `what a client held is released when it leaves`() async throws {
    let (screen, probe) = try await started()
    try await probe.enter()
    try await probe.key(0xFFE3, 1)
    try await probe.type("z")
    await probe.close()
    while await screen.clientCount() > 0 { try await Task.sleep(for: .milliseconds(2)) }
    let next = RFBProbe()
    try await next.open(screen.endpoint)
    try await next.enter()
    try await next.type("a")
    let expected = try picture { app in
      _ = app.handle(.key(DemoKey(symbol: .character("a"))), at: .zero, metrics)
    }
    try await next.update { $0.matches(expected) }
    await screen.stop()
  }

  @Test func `many screens and clients at once`() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<6 {
        group.addTask {
          let (screen, probe) = try await started("sign-in?size=\(640 + 16 * index)x560")
          try await probe.enter()
          let second = RFBProbe()
          try await second.open(screen.endpoint)
          try await second.enter()
          #expect(await probe.size.width == 640 + 16 * index)
          #expect(await probe.pixels == second.pixels)
          await screen.stop()
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func `garbage costs its sender the connection, and nobody else anything`() async throws {
    let (screen, probe) = try await started()
    try await probe.enter()
    for garbage: [UInt8] in [[99], [2, 0, 0xFF, 0xFF], Array(repeating: 0xFF, count: 4096)] {
      let other = RFBProbe()
      try await other.open(screen.endpoint)
      try await other.enter()
      try? await other.send(garbage)
      await other.close()
    }
    try await probe.type("a")
    try await probe.update()
    await screen.stop()
  }

  @Test func `stop drops the clients and leaves nothing`() async throws {
    let (screen, probe) = try await started()
    try await probe.enter()
    guard case .unix(let path) = screen.endpoint.address else {
      Issue.record("not a socket")
      return
    }
    var status = stat()
    #expect(lstat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    await screen.stop()
    await screen.stop()
    await #expect(throws: RFBProbe.Failure.self) { try await probe.update() }
    #expect(lstat(String(path.dropLast("/rfb".count)), &status) != 0)
    let late = RFBProbe()
    await #expect(throws: RFBProbe.Failure.self) { try await late.open(screen.endpoint) }
  }

  @Test func `a screen that does not exist is refused with advice`() async {
    let error = await #expect(throws: DemoError.self) {
      try await DemoScreen.start(name: "sign-inn")
    }
    #expect(error?.description.contains("did you mean \"sign-in\"?") == true)
  }
}
