import Pixels
import Props
import Testing

@testable import VNC

// What an application shows while something is done to it is not what comes of it.
extension ClientDesktopTests {
  /// A window that answers 150 ms after the end of whatever is done to it.
  private struct Late {
    let desktop = try? ClientDesktop()
    let connection: VNCConnection
    let output: String

    init() async throws {
      let desktop = try #require(desktop)
      let output = try desktop.start("/usr/bin/python3", ClientTypist.fixture("late_answer.py"))
      self.output = output
      try #require(try await eventually { clientText(output).contains("ready") })
      connection = try await desktop.connect()
      _ = try await connection.settle(after: 0)
    }

    func point(_ x: Int, _ y: Int) async throws -> ScreenPoint {
      try #require(await connection.size.point(x: x, y: y))
    }

    /// Whether the answer is on the screen when it is said to be at rest after an action.
    func isAnswered(
      after action: (VNCConnection) async throws -> Void
    ) async throws -> Bool {
      let before = await connection.sequence
      try await action(connection)
      _ = try await connection.settle(after: before)
      let color = try #require(try await connection.frame().color(x: 320, y: 380))
      return color == (255, 0, 0)
    }

    /// How often the program has said a word.
    func count(_ word: String) -> Int {
      clientText(output).split(separator: "\n").count { $0 == word }
    }
  }

  @Test func `a row marked by the first press of a double click is not its answer`() async throws {
    let late = try await Late()
    let point = try await late.point(500, 55)
    #expect(try await late.isAnswered { try await $0.click(at: point, count: 2) })
    #expect(late.count("twice") == 1)
    await late.connection.close()
  }

  @Test func `what is dragged along is not the answer to the drop`() async throws {
    let late = try await Late()
    let path = [try await late.point(120, 140), try await late.point(500, 140)]
    #expect(try await late.isAnswered { try await $0.drag(along: path) })
    await late.connection.close()
  }

  @Test func `the letters of a long text are not its answer`() async throws {
    let late = try await Late()
    let point = try await late.point(320, 235)
    try await late.connection.click(at: point)
    _ = try await late.connection.settle(after: 0)
    let text = String(repeating: "il", count: 60)
    #expect(try await late.isAnswered { try await $0.type(text) })
    await late.connection.close()
  }

  @Test func `what the first of several chords brings is not the answer to the last`() async throws
  {
    let late = try await Late()
    let keys = try ["a", "b", "c"].map { try #require(Key($0)) }
    try await late.connection.click(at: late.point(320, 235))
    _ = try await late.connection.settle(after: 0)
    let isAnswered = try await late.isAnswered { connection in
      for key in keys { try await connection.hold([key], for: .milliseconds(30)) }
    }
    #expect(isAnswered)
    await late.connection.close()
  }

  @Test func `two clicks in one place are no double click`() async throws {
    let late = try await Late()
    let near = try await late.point(504, 58)
    let point = try await late.point(500, 55)
    try await late.connection.click(at: point)
    try await late.connection.click(at: near)
    try await late.connection.click(at: late.point(100, 55))
    #expect(try await eventually { late.count("press") == 3 })
    #expect(late.count("twice") == 0)
    await late.connection.close()
  }

  @Test func `a double click is none with the click before it`() async throws {
    let watched = try await ClientWatchedDesktop()
    let point = try watched.point(50, 60)
    try await watched.connection.click(at: point)
    try await watched.connection.click(at: point, count: 2)
    try await watched.connection.click(at: watched.point(90, 60))
    let presses = try await watched.events("ButtonPress", count: 4)
    #expect(presses[1].time - presses[0].time > 500)
    #expect(presses[2].time - presses[1].time < 250)
    // Elsewhere nothing is waited for.
    #expect(presses[3].time - presses[2].time < 500)
    await watched.connection.close()
  }
}
