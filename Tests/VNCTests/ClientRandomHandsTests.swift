import Glibc
import Hands
import Pixels
import Props
import Testing

@testable import VNC

/// Hands that do anything at any moment, and never leave a key or a button down.
struct ClientRandomHandsTests {
  /// Twenty seconds; in a long run half an hour, or as many minutes as the variable says from 2 on.
  private static var duration: Duration {
    guard let text = getenv("QA_AGENT_TEST_LONG") else { return .seconds(20) }
    let minutes = Int(String(cString: text)) ?? 30
    return .seconds(60 * ((2...30).contains(minutes) ? minutes : 30))
  }

  private var options: VNCOptions {
    var options = VNCOptions(typingPause: .milliseconds(1), keysymBudget: 4)
    options.timing.pasteLimit = .milliseconds(100)
    options.timing.pasteRest = .milliseconds(5)
    options.timing.dragHold = .milliseconds(15)
    return options
  }

  @Test(.timeLimit(.minutes(35)))
  func `whatever is cut short, nothing stays down`() async throws {
    let typist = try await ClientTypist(.view, options: options)
    let reader = try ClientHeldReader(display: typist.desktop.display)
    let idle = try reader.held()
    #expect(idle.keys.isEmpty)
    var random = SeededRandom(seed: 2026)
    var connection = typist.connection
    var (gestures, cancelled, lost) = (0, 0, 0)
    let end = ContinuousClock.now + Self.duration
    while ContinuousClock.now < end {
      gestures += 1
      let ending = random.below(20)
      let gesture = ClientGesture(&random, on: await connection.size)
      let task = Task { [connection] in await gesture.run(on: connection) }
      if ending < 12 { try await Task.sleep(for: .microseconds(random.below(40_000))) }
      switch ending {
      case 0: connection.lifeline.cut(.closed)
      case 1: await connection.close()
      case 2..<12: task.cancel()
      default: break
      }
      let error = await task.value
      if error?.code == .cancelled { cancelled += 1 }
      #expect(error?.code != .busy && error?.code != .timedOut(.send))
      // A server lets go of the keys of a connection that breaks, but Xvnc of the buttons only when
      // the next one says that they are up.
      if ending == 0 { connection = try await typist.desktop.connect(options) }
      let isFree = try await eventually { try reader.held() == idle }
      let held = try reader.held()
      try #require(isFree, "\(ending) \(gesture) after \(String(describing: error)) left \(held)")
      if ending < 2 { lost += 1 }
      if ending == 1 { connection = try await typist.desktop.connect(options) }
    }
    #expect(cancelled > 0 && lost > 0 && gestures > cancelled + lost)
    await connection.close()
  }

  @Test(.timeLimit(.minutes(5)))
  func `a button that was left down goes up with the task that is cancelled`() async throws {
    let desktop = try ClientDesktop()
    let reader = try ClientHeldReader(display: desktop.display)
    let connection = try await desktop.connect()
    let point = await connection.size.center
    try await connection.press(.left, at: point)
    #expect(try await eventually { try reader.held().mask == 0x100 })
    let task = Task {
      try? await Task.sleep(for: .seconds(60))
      try await connection.move(to: point)
    }
    task.cancel()
    await #expect(throws: VNCError.self) { try await task.value }
    #expect(try await eventually { try reader.held().mask == 0 })
    try await connection.press(.right, at: point)
    #expect(try await eventually { try reader.held().mask == 0x400 })
    let outside = try #require(PixelSize(width: 5000, height: 100)?.point(x: 4000, y: 50))
    await #expect(throws: VNCError.self) { try await connection.move(to: outside) }
    #expect(try await eventually { try reader.held().mask == 0 })
    await connection.close()
  }
}

/// Something that hands do.
struct ClientGesture: CustomStringConvertible {
  private enum Kind: Int, CaseIterable {
    case press, hold, type, typeForeign, paste, automatic, click, drag, scroll, pieces
  }

  private let kind: Kind
  private let points: [ScreenPoint]
  private let modifiers: [Key]
  private let button: PointerButton
  private let number: Int

  init(_ random: inout SeededRandom, on size: PixelSize) {
    kind = Kind.allCases[random.below(Kind.allCases.count)]
    points = (0..<3).compactMap { _ in
      size.point(x: random.below(size.width), y: random.below(size.height))
    }
    let names = ["ctrl", "shift", "alt", "super", "altgr", "meta"]
    modifiers = names.compactMap { random.below(3) == 0 ? Key($0) : nil }
    button = PointerButton.allCases[random.below(3)]
    number = random.below(30)
  }

  var description: String { "\(kind) \(modifiers) \(button) \(number)" }

  func run(on connection: VNCConnection) async -> VNCError? {
    do throws(VNCError) {
      try await act(connection)
    } catch {
      return error
    }
    return nil
  }

  private func act(_ connection: VNCConnection) async throws(VNCError) {
    let chord =
      modifiers
      + ["x", "Q", "f9", "left", "+", "tab"][number % 6...number % 6]
      .compactMap { Key($0) }
    let point = points[0]
    switch kind {
    case .press: try await connection.press(chord)
    case .hold: try await connection.hold(chord, for: .milliseconds(number))
    case .type:
      try await connection.type("The Quick {brown} fox ~ `jumps` ^over^", through: .keys)
    case .typeForeign: try await connection.type("äß éñ", through: .keys)
    case .paste: try await connection.type("жук\nкот", through: .clipboard)
    case .automatic:
      let paste = ["ctrl", "v"].compactMap { Key($0) }
      try await connection.type("Ab\nжук\tCd\nкот", through: .automatic(paste: paste))
    case .click:
      try await connection.click(
        at: point, button: button, count: 1 + number % 3, modifiers: modifiers)
    case .drag: try await connection.drag(along: points, button: button, modifiers: modifiers)
    case .scroll:
      try await connection.scroll(
        ScrollDirection.allCases[number % 4], notches: number, at: point, modifiers: modifiers)
    case .pieces:
      try await connection.press(button, at: point)
      try await connection.move(to: points[1])
      try await connection.press(modifiers + [chord[chord.count - 1]])
      try await connection.release(button)
    }
  }
}
