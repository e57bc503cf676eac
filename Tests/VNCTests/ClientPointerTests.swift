import Hands
import Pixels
import Platform
import Props
import Testing

@testable import VNC

extension ClientDesktopTests {
  @Test func `clicks where it should with the button it should`() async throws {
    let watched = try await ClientWatchedDesktop()
    try await watched.connection.click(at: watched.point(123, 45))
    try await watched.connection.click(at: watched.point(0, 0), button: .right)
    try await watched.connection.click(at: watched.point(639, 479), button: .middle)
    let events = try await watched.events("ButtonPress", "ButtonRelease", count: 6)
    #expect(events.map(\.detail) == ["1", "1", "3", "3", "2", "2"])
    #expect(events.map(\.x) == [123, 123, 0, 0, 639, 639])
    #expect(events.map(\.y) == [45, 45, 0, 0, 479, 479])
    await watched.connection.close()
  }

  @Test func `the pointer arrives before the button goes down`() async throws {
    let watched = try await ClientWatchedDesktop()
    try await watched.connection.click(at: watched.point(50, 60))
    _ = try await watched.events("ButtonRelease", count: 1)
    let events = try await watched.events("MotionNotify", "ButtonPress", "ButtonRelease", count: 4)
      .suffix(3)
    #expect(events.map(\.kind) == ["MotionNotify", "ButtonPress", "ButtonRelease"])
    #expect(events.allSatisfy { $0.x == 50 && $0.y == 60 })
    await watched.connection.close()
  }

  @Test func `a double click is quick enough to be one`() async throws {
    let watched = try await ClientWatchedDesktop()
    try await watched.connection.click(at: watched.point(50, 60), count: 2)
    let events = try await watched.events("ButtonPress", "ButtonRelease", count: 4)
    #expect(
      events.map(\.kind) == ["ButtonPress", "ButtonRelease", "ButtonPress", "ButtonRelease"])
    // What toolkits allow, 250 ms at least, counts from press to press in the server's own time.
    #expect(events[2].time - events[0].time < 250)
    #expect(events[2].time > events[1].time)
    await watched.connection.close()
  }

  @Test func `modifiers are down during a click and up after it`() async throws {
    let watched = try await ClientWatchedDesktop()
    let modifiers = try [#require(Key("ctrl")), #require(Key("shift"))]
    try await watched.connection.click(at: watched.point(50, 60), modifiers: modifiers)
    let events = try await watched.events(
      "KeyPress", "KeyRelease", "ButtonPress", "ButtonRelease", count: 6)
    #expect(
      events.map(\.detail) == ["Control_L", "Shift_L", "1", "1", "Shift_L", "Control_L"])
    #expect(events.map { $0.state & 5 } == [0, 4, 5, 5, 5, 4])
    await watched.connection.close()
  }

  @Test func `a drag moves in steps with the button down`() async throws {
    let watched = try await ClientWatchedDesktop()
    let path = try [watched.point(100, 100), watched.point(110, 100), watched.point(400, 300)]
    try await watched.connection.drag(along: path)
    let releases = try await watched.events("ButtonRelease", count: 1)
    let events = try await watched.events("ButtonPress", "ButtonRelease", "MotionNotify", count: 9)
    let press = try #require(events.firstIndex { $0.kind == "ButtonPress" })
    let release = try #require(events.firstIndex { $0.kind == "ButtonRelease" })
    let moves = events[press + 1..<release]
    #expect(moves.count >= 8)
    #expect(moves.allSatisfy { $0.kind == "MotionNotify" && $0.state & 0x100 != 0 })
    #expect(moves.contains { $0.x == 110 && $0.y == 100 })
    #expect(releases.map(\.x) == [400])
    #expect(events[press].x == 100)
    await watched.connection.close()
  }

  @Test func `scrolls in all four directions`() async throws {
    let watched = try await ClientWatchedDesktop()
    let point = try watched.point(200, 200)
    for direction in [ScrollDirection.up, .down, .left, .right] {
      try await watched.connection.scroll(direction, notches: 2, at: point)
    }
    let events = try await watched.events("ButtonPress", count: 8)
    #expect(events.map(\.detail) == ["4", "4", "5", "5", "6", "6", "7", "7"])
    #expect(events.allSatisfy { $0.x == 200 && $0.y == 200 })
    await watched.connection.close()
  }

  @Test func `a drag rests with the button down, and moves once more before it lets go`()
    async throws
  {
    let watched = try await ClientWatchedDesktop()
    let path = try [watched.point(100, 100), watched.point(200, 150), watched.point(400, 100)]
    try await watched.connection.drag(
      along: path, button: .right, modifiers: [try #require(Key("shift"))], hold: .milliseconds(300)
    )
    _ = try await watched.events("KeyRelease", count: 1)
    let events = try await watched.events("ButtonPress", "ButtonRelease", "MotionNotify", count: 9)
    let press = try #require(events.firstIndex { $0.kind == "ButtonPress" })
    let release = try #require(events.firstIndex { $0.kind == "ButtonRelease" })
    let moves = events[press + 1..<release]
    #expect(events[press].detail == "3" && events[press].state & 1 != 0)
    #expect(try #require(moves.first).time - events[press].time >= 290)
    #expect(moves.contains { $0.x == 200 && $0.y == 150 })
    #expect(moves.suffix(3).map(\.x) == [400, 399, 400])
    #expect(events[release].x == 400)
    await watched.connection.close()
  }

  @Test func `a click is held and repeated as it is said`() async throws {
    let watched = try await ClientWatchedDesktop()
    try await watched.connection.click(at: watched.point(50, 60), hold: .milliseconds(300))
    try await watched.connection.click(at: watched.point(150, 60), count: 5)
    let events = try await watched.events("ButtonPress", "ButtonRelease", count: 12)
    #expect(events[1].time - events[0].time >= 290)
    #expect(events.dropFirst(2).count { $0.kind == "ButtonPress" && $0.x == 150 } == 5)
    await watched.connection.close()
  }

  @Test func `keys stay down from one gesture to the next`() async throws {
    let watched = try await ClientWatchedDesktop()
    let alt = [try #require(Key("alt"))]
    try await watched.connection.pressDown(alt)
    try await watched.connection.press([try #require(Key("b"))])
    try await watched.connection.release(alt)
    let events = try await watched.events("KeyPress", "KeyRelease", count: 4)
    #expect(events.map(\.detail) == ["Alt_L", "b", "b", "Alt_L"])
    #expect(events[1].state & 8 != 0)
    await watched.connection.close()
  }

  @Test func `buttons that the server drops are refused`() async throws {
    let watched = try await ClientWatchedDesktop()
    let point = try watched.point(50, 60)
    let connection = watched.connection
    for button in [PointerButton.back, .forward] {
      let refused = await result {
        () async throws(VNCError) in try await connection.click(at: point, button: button)
      }
      #expect(refused.code == .unsupportedInput)
      #expect(refused.message.contains("takes no \(button.rawValue) button"))
    }
    // The proof: sent all the same by a client without a mind of its own, nothing of it arrives.
    let path = watched.desktop.file("bare.py")
    let program = """
      import socket
      line = socket.create_connection(("127.0.0.1", \(watched.desktop.port)))
      line.recv(12); line.sendall(b"RFB 003.008\\n")
      line.recv(16); line.sendall(bytes([1]))
      line.recv(4); line.sendall(bytes([1]))
      line.recv(4096)
      for mask in (0, 128, 0, 4, 0):
          line.sendall(bytes([5, mask, 0, 70, 0, 70]))
      line.close()
      print("sent")
      """
    try Files.writeAtomically(Array(program.utf8), to: path)
    let output = try watched.desktop.start("/usr/bin/python3", path)
    #expect(try await eventually { clientText(output).contains("sent") })
    try await connection.click(at: point)
    let events = try await watched.events("ButtonPress", count: 2)
    #expect(events.map(\.detail) == ["3", "1"])
    await connection.close()
  }

  @Test func `the eighth and the ninth button have a byte of their own`() {
    let back = ClientMessage.pointer(x: 1, y: 2, buttons: 1 | PointerButton.back.bit)
    #expect(back.bytes == [5, 0x81, 0, 1, 0, 2, 1])
    let forward = ClientMessage.pointer(x: 1, y: 2, buttons: PointerButton.forward.bit)
    #expect(forward.bytes == [5, 0x80, 0, 1, 0, 2, 2])
    #expect(ClientMessage.pointer(x: 1, y: 2, buttons: 5).bytes == [5, 5, 0, 1, 0, 2])
  }

  @Test func `a press stays until it is released`() async throws {
    let watched = try await ClientWatchedDesktop()
    try await watched.connection.press(.left, at: watched.point(10, 20))
    try await watched.connection.move(to: watched.point(30, 40))
    try await watched.connection.release(.left)
    let events = try await watched.events("ButtonPress", "ButtonRelease", count: 2)
    #expect(events.map(\.kind) == ["ButtonPress", "ButtonRelease"])
    #expect(events.map(\.x) == [10, 30])
    await watched.connection.close()
  }

  @Test func `a cancelled drag lets go`() async throws {
    var options = VNCOptions()
    options.timing.dragHold = .seconds(30)
    let watched = try await ClientWatchedDesktop(options: options)
    let path = try [watched.point(100, 100), watched.point(200, 100)]
    let modifiers = [try #require(Key("ctrl"))]
    let connection = watched.connection
    let task = Task {
      await result {
        () async throws(VNCError) in
        try await connection.drag(along: path, modifiers: modifiers)
      }
    }
    _ = try await watched.events("ButtonPress", count: 1)
    let second = await result { () async throws(VNCError) in try await connection.move(to: path[0])
    }
    #expect(second.code == .busy)
    task.cancel()
    #expect(await task.value.code == .cancelled)
    let events = try await watched.events("ButtonRelease", "KeyRelease", count: 2)
    #expect(events.map(\.detail) == ["1", "Control_L"])
    try await connection.move(to: path[0])
    await connection.close()
  }

  @Test func `closing lets go of what is pressed`() async throws {
    let watched = try await ClientWatchedDesktop()
    try await watched.connection.press(.right, at: watched.point(10, 20))
    _ = try await watched.events("ButtonPress", count: 1)
    await watched.connection.close()
    let events = try await watched.events("ButtonRelease", count: 1)
    #expect(events.map(\.detail) == ["3"])
  }

  @Test func `refuses gestures that make no sense`() async throws {
    let desktop = try ClientDesktop()
    let connection = try await desktop.connect()
    let point = await connection.size.center
    let clicks = await result {
      () async throws(VNCError) in try await connection.click(at: point, count: 0)
    }
    #expect(clicks.code == .unsupportedInput)
    let drag = await result {
      () async throws(VNCError) in try await connection.drag(along: [point])
    }
    #expect(drag.code == .unsupportedInput)
    let scroll = await result {
      () async throws(VNCError) in try await connection.scroll(.up, notches: -1, at: point)
    }
    #expect(scroll.code == .unsupportedInput)
    await connection.close()
  }
}
