import Glibc
import Pixels
import Props
import Platform
import Testing

@testable import VNC

extension ClientDesktopTests {
  @Test func `follows the size that a program on the screen sets`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    for (width, height) in [(800, 600), (1280, 720)] {
      try desktop.start("xrandr", "-s", "\(width)x\(height)")
      #expect(
        try await eventually {
          await connection.size == PixelSize(width: width, height: height)
        })
      #expect(try await connection.frame().size.width == width)
    }
    await connection.close()
  }

  @Test func `input that is not taken has no effect`() async throws {
    let desktop = try ClientDesktop(extra: ["-AcceptKeyEvents=0", "-AcceptPointerEvents=0"])
    try desktop.start("xterm", "-geometry", "200x80+0+0", "-e", "cat")
    let connection = try await desktop.connect()
    // A terminal draws itself in several goes, which lie far apart on a busy machine.
    let drawn = SettlePolicy(quiet: .seconds(3), firstChange: .seconds(20), limit: .seconds(30))
    _ = try await connection.settle(drawn, after: 0)
    let before = await connection.sequence
    try await connection.type("hello")
    let outcome = try await connection.settle(after: before)
    guard case .noEffect = outcome else {
      Issue.record("a server that only shows cannot react, but: \(outcome)")
      return
    }
    #expect(await connection.liveness.lastAnswered > 0)
    await connection.close()
  }
}

/// Another server on a real X screen.
extension ClientDesktopTests {
  private static let hasX11VNC = access("/usr/bin/x11vnc", X_OK) == 0

  @Test(.enabled(if: hasX11VNC, "x11vnc is not installed"))
  func `works with x11vnc`() async throws {
    let desktop = try ClientDesktop()
    let output = try desktop.start("xev", "-geometry", "2000x2000+0+0")
    let path = desktop.file("x11vnc.sock")
    try desktop.start(
      "x11vnc", "-display", ":\(desktop.display)", "-unixsock", path, "-rfbport", "0", "-nopw",
      "-forever", "-shared", "-quiet", "-noxrecord")
    #expect(try await eventually { Files.exists(path) })
    let connection = try await VNCConnection.connect(to: VNCEndpoint(address: .unix(path: path)))
    #expect(await connection.size == PixelSize(width: 640, height: 480))
    #expect(await !connection.knowsFences)
    try await connection.confirmAlive()
    let point = try #require(PixelSize(width: 640, height: 480)?.point(x: 300, y: 200))
    try await connection.click(at: point)
    #expect(try await eventually { clientText(output).contains("ButtonPress event") })
    try await connection.press([try #require(Key("x"))])
    #expect(try await eventually { clientText(output).contains("keysym 0x78, x") })
    let before = await connection.sequence
    try desktop.start("xlogo", "-geometry", "100x100+20+20", "-bg", "white")
    #expect(try await connection.waitForChange(after: before, upTo: .seconds(10)))
    await connection.close()
  }
}

/// A real machine, whose server hands keys on by their place and sleeps when nothing happens.
extension ClientDesktopTests {
  private static let qemu = "/usr/bin/qemu-system-x86_64"
  private static let hasQEMU = access(qemu, X_OK) == 0

  @Test(.enabled(if: hasQEMU, "qemu-system-x86_64 is not installed"))
  func `works with a machine in QEMU`() async throws {
    // Only its folder is used: everything in it goes away with the desktop.
    let desktop = try ClientDesktop()
    let path = desktop.file("qemu.sock")
    try desktop.start(
      Self.qemu, "-machine", "pc,accel=tcg", "-m", "64", "-nodefaults", "-vga", "std", "-display",
      "none", "-vnc", "unix:\(path)", "-boot", "menu=on,splash-time=30000")
    #expect(try await eventually { Files.exists(path) })
    let connection = try await VNCConnection.connect(to: VNCEndpoint(address: .unix(path: path)))
    #expect(await connection.desktopName.hasPrefix("QEMU"))
    // The BIOS changes the size of the screen and asks for a key.
    let text = try #require(PixelSize(width: 720, height: 400))
    #expect(try await eventually { await connection.size == text })
    #expect(await connection.takesScancodes)
    let policy = SettlePolicy(
      quiet: .milliseconds(500), firstChange: .seconds(5), limit: .seconds(9))
    _ = try await connection.settle(policy, after: 1)
    #expect(try await connection.confirmAlive() < .seconds(10))
    let asked = try await connection.frame()
    try await connection.press([try #require(Key("escape"))])
    #expect(try await connection.waitForChange(after: asked.sequence, upTo: .seconds(10)))
    await connection.close()
  }

  @Test func `every key of the US keyboard has a place`() {
    for value in UInt32(0x20)...0x7E { #expect(Scancode.of(value) != nil) }
    #expect(Scancode.of(0x41) == Scancode.of(0x61))
    #expect(Scancode.of(0x41) == 0x1E)
    #expect(Scancode.of(UInt32(UInt8(ascii: "?"))) == 0x35)
    #expect(Scancode.of(UInt32(UInt8(ascii: "m"))) == 0x32)
    #expect(Key("f10").flatMap { Scancode.of($0.keysym) } == 0x44)
    #expect(Key("f12").flatMap { Scancode.of($0.keysym) } == 0x58)
    #expect(Scancode.of(0x0100_20AC) == nil)
    for name in ["ctrl", "shift", "alt", "altgr", "meta", "super", "enter", "delete", "left"] {
      #expect(Key(name).flatMap { Scancode.of($0.keysym) } != nil)
    }
  }
}
