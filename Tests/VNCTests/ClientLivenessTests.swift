import DemoScreens
import Glibc
import Pixels
import Props
import Testing

@testable import VNC

/// When a silent server is asked, and when it counts as dead; without a server.
struct ClientLivenessMachineTests {
  private var liveness = Liveness(patience: .seconds(2), limit: .seconds(10))

  @Test func `a server is asked after its silence and not before`() {
    #expect(liveness.decision(at: .seconds(3), lastHeard: .seconds(2)) == .nothing)
    #expect(liveness.decision(at: .seconds(4), lastHeard: .seconds(2)) == .ask(1))
  }

  @Test mutating func `no answer in time is death`() {
    liveness.asked(at: .seconds(4))
    #expect(liveness.decision(at: .seconds(13), lastHeard: .zero) == .nothing)
    #expect(liveness.decision(at: .seconds(14), lastHeard: .seconds(14)) == .dead)
  }

  @Test mutating func `an answer is life, and says how far away the server is`() {
    liveness.asked(at: .seconds(4))
    liveness.answered(1, at: .seconds(5))
    #expect(liveness.roundTrip == .seconds(1))
    #expect(liveness.decision(at: .seconds(14), lastHeard: .seconds(13)) == .nothing)
    #expect(liveness.decision(at: .seconds(15), lastHeard: .seconds(13)) == .ask(2))
  }

  @Test mutating func `an answer to what was never asked is none`() {
    liveness.asked(at: .seconds(4))
    liveness.answered(7, at: .seconds(5))
    liveness.answered(0, at: .seconds(5))
    #expect(liveness.lastAnswered == 0)
    #expect(liveness.decision(at: .seconds(14), lastHeard: .seconds(14)) == .dead)
  }

  @Test mutating func `asking again gives no more time`() {
    liveness.asked(at: .seconds(4))
    liveness.asked(at: .seconds(13))
    #expect(liveness.decision(at: .seconds(14), lastHeard: .zero) == .dead)
    liveness.answered(1, at: .seconds(14))
    #expect(liveness.decision(at: .seconds(22), lastHeard: .zero) == .nothing)
    #expect(liveness.decision(at: .seconds(23), lastHeard: .zero) == .dead)
  }
}

extension ClientDesktopTests {
  private var watchful: VNCOptions {
    VNCOptions(probeAfter: .milliseconds(100), livenessTimeout: .milliseconds(400))
  }

  @Test func `a server at rest says that it is alive`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect(watchful)
    try await connection.confirmAlive()
    #expect(await connection.knowsFences)
    #expect(await connection.liveness.roundTrip != nil)
    // Some questions later it is still taken for what it is.
    #expect(try await !connection.waitForChange(after: 1_000_000, upTo: .seconds(1)))
    #expect(await connection.liveness.lastAnswered > 1)
    await connection.close()
  }

  @Test func `a server without fences is asked in another way`() async throws {
    let screen = try await DemoScreen.start(DemoAddress(parsing: "sign-in"))
    let connection = try await VNCConnection.connect(to: screen.endpoint, options: watchful)
    try await connection.confirmAlive()
    #expect(await !connection.knowsFences)
    #expect(try await !connection.waitForChange(after: 1_000_000, upTo: .seconds(1)))
    #expect(await connection.liveness.lastAnswered > 1)
    await connection.close()
    await screen.stop()
  }

  @Test func `a frozen server is no screen at rest`() async throws {
    let desktop = try ClientDesktop()
    defer { desktop.signal(SIGCONT) }
    let waiting = try await desktop.connect(watchful)
    let acting = try await desktop.connect(watchful)
    let asking = try await desktop.connect(watchful)
    desktop.signal(SIGSTOP)
    let wait = await result { () async throws(VNCError) in
      try await waiting.waitForChange(after: 1_000_000, upTo: .seconds(30))
    }
    #expect(wait.code == .timedOut(.answer))
    #expect(wait.message.contains("is connected but has not answered"))
    let before = await acting.sequence
    let key = try #require(Key("a"))
    let settled = await result { () async throws(VNCError) in
      try await acting.press([key])
      return try await acting.settle(after: before)
    }
    #expect(settled.code == .timedOut(.answer))
    let asked = await result { () async throws(VNCError) in try await asking.confirmAlive() }
    #expect(asked.code == .timedOut(.answer))
    let later = await result { () async throws(VNCError) in try await asking.frame() }
    #expect(later.code == .timedOut(.answer), "what was seen before is not the screen any more")
    for connection in [waiting, acting, asking] { await connection.close() }
  }

  @Test func `a server that was only slow is alive`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect(
      VNCOptions(probeAfter: .milliseconds(50), livenessTimeout: .seconds(20)))
    desktop.signal(SIGSTOP)
    async let asked = result { () async throws(VNCError) in try await connection.confirmAlive() }
    try await Task.sleep(for: .milliseconds(300))
    desktop.signal(SIGCONT)
    #expect(try await asked.get() >= .milliseconds(200))
    #expect(try await connection.frame().size.width == 640)
    await connection.close()
  }

  @Test func `updates that come unasked follow changes and sizes`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect(VNCOptions(updates: .continuous))
    #expect(try await eventually { await connection.continuousUpdates == .on })
    let viewer = try ClientViewer(port: desktop.port)
    viewer.resize(width: 900, height: 700)
    #expect(try await eventually { await connection.size.width == 900 })
    for place in [10, 400] {
      let before = await connection.sequence
      try desktop.start("xlogo", "-geometry", "90x90+\(place * 2)+\(place)", "-bg", "white")
      #expect(try await connection.waitForChange(after: before, upTo: .seconds(10)))
    }
    #expect(
      try await eventually {
        await connection.damage(since: 1).contains { $0.maxX > 800 && $0.maxY > 400 }
      })
    viewer.close()
    await connection.close()
  }

  @Test func `updates are asked for one by one where that costs nothing`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    #expect(try await eventually { await connection.liveness.roundTrip != nil })
    if await connection.liveness.roundTrip ?? .zero < .milliseconds(5) {
      #expect(await connection.continuousUpdates == .offered)
    }
    await connection.close()
  }
}
