import Pixels
import Testing
import VNC

extension ClientDesktopTests {
  @Test func `a key that does nothing has no effect`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    let before = await connection.sequence
    try await connection.press([try #require(Key("a"))])
    guard case .noEffect = try await connection.settle(after: before) else {
      Issue.record("an empty screen cannot react")
      return
    }
    await connection.close()
  }

  @Test func `a screen comes to rest after an application has drawn itself`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    let before = await connection.sequence
    try desktop.start("xlogo", "-geometry", "300x300+50+50")
    let policy = SettlePolicy(firstChange: .seconds(10), limit: .seconds(20))
    guard case .quiet = try await connection.settle(policy, after: before) else {
      Issue.record("the window is drawn once")
      return
    }
    #expect(try await connection.frame().sequence > before)
    await connection.close()
  }

  @Test func `a film does not keep us for ever`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    let start = await connection.sequence
    let program = "while :; do date +%N; sleep 0.02; done"
    try desktop.start("xterm", "-geometry", "40x20+50+50", "-e", "sh", "-c", program)
    #expect(try await connection.waitForChange(after: start, upTo: .seconds(10)))
    let before = await connection.sequence
    let policy = SettlePolicy(quiet: .seconds(1), firstChange: .seconds(5), limit: .seconds(3))
    let outcome = try await connection.settle(policy, after: before)
    switch outcome {
    case .animated(let regions, _):
      let window = PixelRect(x: 45, y: 45, width: 330, height: 330)
      #expect(!regions.isEmpty)
      #expect(regions.allSatisfy { window.intersection($0) == $0 })
    default: Issue.record("lines without end are an animation, not \(outcome)")
    }
    await connection.close()
  }

  @Test func `typing settles when the last letter is drawn`() async throws {
    let desktop = try ClientDesktop()
    try desktop.start("xterm", "-geometry", "200x80+0+0", "-e", "cat")
    let connection = try await desktop.connect()
    let start = SettlePolicy(firstChange: .seconds(10), limit: .seconds(20))
    _ = try await connection.settle(start, after: 0)
    let before = await connection.sequence
    try await connection.type("hello")
    guard case .quiet = try await connection.settle(after: before) else {
      Issue.record("five letters are a change")
      return
    }
    #expect(await !connection.damage(since: before).isEmpty)
    await connection.close()
  }
}
