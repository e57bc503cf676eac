import DemoScreens
import Glibc
import Pixels
import Props
import Testing

@testable import VNC

/// What became of an action, from what is known of it; without a server.
struct ClientActionFateTests {
  private func record(
    sent: Int, complete: Bool = false, acknowledged: Bool = false, effect: Bool = false
  ) -> ActionRecord {
    var record = ActionRecord()
    record.bytesSent = sent
    record.isComplete = complete
    record.isAcknowledged = acknowledged
    record.hasEffect = effect
    return record
  }

  @Test func `only what was never sent is not done`() {
    #expect(ActionRecord().fate == .notDone)
    for complete in [false, true] {
      for acknowledged in [false, true] {
        for effect in [false, true] {
          let fate = record(
            sent: 1, complete: complete, acknowledged: acknowledged, effect: effect
          ).fate
          #expect(fate != .notDone)
        }
      }
    }
  }

  @Test func `what was sent in part is unknown, whatever came back`() {
    #expect(record(sent: 8, acknowledged: true, effect: true).fate == .unknown)
  }

  @Test func `what was sent is done when something came back, and unknown otherwise`() {
    #expect(record(sent: 8, complete: true).fate == .unknown)
    #expect(record(sent: 8, complete: true, acknowledged: true).fate == .done)
    #expect(record(sent: 8, complete: true, effect: true).fate == .done)
  }

  @Test func `a caret that goes on blinking is no effect`() {
    let caret = PixelRect(x: 10, y: 10, width: 2, height: 16)
    let window = PixelRect(x: 100, y: 100, width: 300, height: 200)
    func entry(_ rect: PixelRect, _ time: Int) -> DamageLog.Entry {
      DamageLog.Entry(sequence: UInt64(time), rects: [rect], time: .milliseconds(time * 500))
    }
    let before = (1...6).map { entry(caret, $0) }
    let moment = Duration.milliseconds(3100)
    #expect(!ActionRecord.isEffect(before, after: moment))
    #expect(!ActionRecord.isEffect(before + [entry(caret, 7), entry(caret, 8)], after: moment))
    #expect(ActionRecord.isEffect(before + [entry(caret, 7), entry(window, 8)], after: moment))
    #expect(!ActionRecord.isEffect([], after: moment))
  }
}

extension ClientDesktopTests {
  @Test func `an action that the server has taken is done`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    try await connection.press([try #require(Key("a"))])
    #expect(try await eventually { await connection.lastAction.fate == .done })
    desktop.kill()
    #expect(try await eventually { await connection.isOver })
    #expect(await connection.lastAction.fate == .done)
    await connection.close()
  }

  @Test func `an action that never left is not done`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    try await connection.press([try #require(Key("a"))])
    desktop.kill()
    #expect(try await eventually { await connection.isOver })
    let key = try #require(Key("b"))
    let press = await result { () async throws(VNCError) in try await connection.press([key]) }
    #expect(press.code == .closed)
    #expect(await connection.lastAction.fate == .notDone)
    await connection.close()
  }

  @Test func `an action that nobody answered is unknown`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    try await connection.confirmAlive()
    desktop.signal(SIGSTOP)
    try await connection.press([try #require(Key("a"))])
    desktop.kill()
    #expect(try await eventually { await connection.isOver })
    #expect(await connection.lastAction.isComplete)
    #expect(await connection.lastAction.fate == .unknown)
    await connection.close()
  }

  @Test func `an action that was broken off is unknown`() async throws {
    let desktop = try ClientDesktop()
    var options = VNCOptions()
    options.timing.dragHold = .seconds(1)
    let connection = try await desktop.connect(options)
    let points = try [100, 300].map {
      try #require(PixelSize(width: 640, height: 480)?.point(x: $0, y: $0))
    }
    async let drag = result { () async throws(VNCError) in try await connection.drag(along: points)
    }
    #expect(try await eventually { await connection.lastAction.bytesSent > 6 })
    desktop.kill()
    #expect(await drag.code == .closed)
    #expect(await connection.lastAction.fate == .unknown)
    await connection.close()
  }

  @Test func `several gestures are one action when they are said to be`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    await connection.beginAction()
    #expect(await connection.lastAction.fate == .notDone)
    try await connection.press([try #require(Key("a"))])
    try await connection.confirmAlive()
    #expect(await connection.lastAction.fate == .unknown)
    try await connection.press([try #require(Key("b"))])
    try await connection.endAction()
    #expect(try await eventually { await connection.lastAction.fate == .done })
    await connection.close()
  }

  @Test func `without fences the effect shows that an action is done`() async throws {
    let screen = try await DemoScreen.start(DemoAddress(parsing: "sign-in"))
    let connection = try await VNCConnection.connect(to: screen.endpoint)
    try await connection.press([try #require(Key("tab"))])
    try await connection.type("someone")
    #expect(try await eventually { await connection.lastAction.fate == .done })
    #expect(await !connection.lastAction.isAcknowledged)
    await connection.close()
    await screen.stop()
  }

  @Test func `comes back to a server that was away`() async throws {
    let path = "/tmp/qa-vnc-\(UInt64.random(in: 0...UInt64.max)).sock"
    let arguments = ["-rfbunixpath", path, "-rfbport=-1"]
    let first = try ClientDesktop(extra: arguments)
    var endpoint = first.endpoint
    endpoint.address = .unix(path: path)
    let connection = try await VNCConnection.connect(
      to: endpoint, options: VNCOptions(spentKeysyms: [0xE9]))
    first.kill()
    async let successor = connection.reconnect()
    try await Task.sleep(for: .milliseconds(150))
    unlink(path)
    let second = try ClientDesktop(width: 800, height: 600, extra: arguments)
    let again = try await successor
    #expect(await again.size.width == 800)
    #expect(await again.spentKeysyms == [0xE9])
    #expect(try await again.frame().size.width == 800)
    #expect(await again.sequence > connection.sequence, "no number stands for two pictures")
    await again.close()
    withExtendedLifetime(second) {}
  }

  @Test func `does not come back to a server that stays away`() async throws {
    // Nobody else can take the place of a socket in the file system.
    let path = "/tmp/qa-vnc-\(UInt64.random(in: 0...UInt64.max)).sock"
    let desktop = try ClientDesktop(extra: ["-rfbunixpath", path, "-rfbport=-1"])
    let connection = try await VNCConnection.connect(to: VNCEndpoint(address: .unix(path: path)))
    desktop.kill()
    let back = await result { () async throws(VNCError) in
      try await connection.reconnect(upTo: .milliseconds(400))
    }
    #expect(back.code == .refused)
    unlink(path)
  }
}

extension VNCConnection {
  /// Whether it has failed.
  fileprivate var isOver: Bool {
    do throws(VNCError) {
      try check()
      return false
    } catch {
      return true
    }
  }
}
