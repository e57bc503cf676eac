import Pixels
import Platform
import Testing
import VNC

@testable import DemoScreens
@testable import Desktops

/// The servers of this room with the client of this room.
@Suite(.timeLimit(.minutes(5)))
struct DemoClientTests {
  @Test func `our client signs in to the demo shop`() async throws {
    let screen = try await DemoScreen.start(DemoAddress(parsing: "sign-in?load=300ms"))
    let connection = try await VNCConnection.connect(to: screen.endpoint)
    let app = SignInApp()
    let user = try #require(app.size.center(of: SignInLayout(app).frame(of: .user)))
    try await connection.click(at: user)
    try await connection.type("alice\twonderland\n")
    var sequence: UInt64 = 0
    while !(await screen.text().contains("Order 1001 \u{2013} Paid \u{2013} 24.90 EUR")) {
      _ = try await connection.waitForChange(after: sequence, upTo: .milliseconds(200))
      sequence = await connection.sequence
    }
    try await connection.refresh()
    #expect(try await connection.frame().pixels == screen.frame()?.pixels)
    #expect(await screen.text().contains("Welcome, alice"))
    #expect(await connection.desktopName == "Example Shop")
    await connection.close()
    await screen.stop()
  }

  @Test func `our client follows the demo shop to another size`() async throws {
    let screen = try await DemoScreen.start(
      DemoAddress(parsing: "sign-in?fault=resize,always-welcome"))
    let connection = try await VNCConnection.connect(to: screen.endpoint)
    try await connection.type("\n")
    var sequence: UInt64 = 0
    while try await connection.frame().size.description != "800x600" {
      _ = try await connection.waitForChange(after: sequence, upTo: .milliseconds(200))
      sequence = await connection.sequence
    }
    await connection.close()
    await screen.stop()
  }

  @Test func `our client types into an application on a private desktop`() async throws {
    let folder = try TemporaryFolder(prefix: "qa-agent-test")
    let size = try #require(PixelSize(width: 640, height: 480))
    let file = "\(folder.path)/heard"
    let desktop = try await PrivateDesktop.start(
      DesktopSpecification(
        size: size,
        command: "exec xterm -geometry 100x30+0+0 -e sh -c 'read line; echo $line > \(file)'"))
    let connection = try await VNCConnection.connect(to: desktop.endpoint)
    #expect(await connection.size == size)
    // Black until the terminal is there, whose ground is white.
    var sequence: UInt64 = 0
    while try await connection.frame().color(x: 300, y: 200)?.red != 255 {
      _ = try await connection.waitForChange(after: sequence, upTo: .milliseconds(200))
      sequence = await connection.sequence
    }
    _ = try await connection.settle(after: sequence)
    try await connection.click(at: size.center)
    try await connection.type("Hello, World: 1+1=2\n")
    #expect(try await desktop.waitForApplication() == .exited(0))
    #expect(try Files.read(file, limit: 100) == Array("Hello, World: 1+1=2\n".utf8))
    await connection.close()
    await desktop.stop()
  }
}
