import Pixels
import Props
import Testing

@testable import VNC

/// Where clicks and drags land, by what X applications say.
@Suite(.serialized)
struct ClientCoordinateTests {
  private static let sizes: [[Int]] = [
    [640, 480], [1024, 768], [1280, 800], [1366, 768], [1920, 1080], [3840, 2160],
  ]

  private var quick: VNCOptions {
    var options = VNCOptions()
    options.timing.dwell = .zero
    options.timing.clickHold = .zero
    options.timing.dragHold = .zero
    options.timing.dragStep = .zero
    return options
  }

  @Test(.timeLimit(.minutes(5)), arguments: sizes)
  func `a click lands on the pixel that is asked for`(sides: [Int]) async throws {
    let size = try #require(PixelSize(width: sides[0], height: sides[1]))
    let watched = try await ClientWatchedDesktop(options: quick, size: size)
    let (right, bottom) = (size.width - 1, size.height - 1)
    var places = [(0, 0), (right, 0), (0, bottom), (right, bottom)]
    places += [(right / 2, 0), (right / 2, bottom), (0, bottom / 2), (right, bottom / 2)]
    var random = SeededRandom(seed: UInt64(size.width))
    places += (0..<40).map { _ in (random.below(size.width), random.below(size.height)) }
    for (x, y) in places { try await watched.connection.click(at: watched.point(x, y)) }
    let events = try await watched.events("ButtonPress", "ButtonRelease", count: places.count * 2)
    #expect(events.map { [$0.x, $0.y] } == places.flatMap { [[$0.0, $0.1], [$0.0, $0.1]] })
    await watched.connection.close()
  }

  @Test(.timeLimit(.minutes(5)))
  func `a drag passes through every point of its path, in order`() async throws {
    let size = PixelSize(clampingWidth: 1280, height: 800)
    let watched = try await ClientWatchedDesktop(options: quick, size: size)
    var random = SeededRandom(seed: 5)
    let places = [(0, 0)] + (0..<12).map { _ in (random.below(1280), random.below(800)) }
    let path = try places.map { try watched.point($0.0, $0.1) }
    try await watched.connection.drag(along: path)
    let releases = try await watched.events("ButtonRelease", count: 1)
    let last = try #require(places.last)
    #expect(releases.map { [$0.x, $0.y] } == [[last.0, last.1]])
    let moves = try await watched.events("MotionNotify", count: 1).filter { $0.state & 0x100 != 0 }
    var left = places.dropFirst().map { [$0.0, $0.1] }[...]
    for move in moves where [move.x, move.y] == left.first { left = left.dropFirst() }
    #expect(left.isEmpty)
    await watched.connection.close()
  }

  @Test(.timeLimit(.minutes(5)), arguments: [1, 2, 3])
  func `a field takes clicks for one, two or three`(count: Int) async throws {
    let typist = try await ClientTypist(.entry)
    let connection = typist.connection
    try await connection.type("word more words")
    let point = try #require(await connection.size.point(x: 20, y: 14))
    try await connection.click(at: point, count: count)
    try await connection.type("X")
    let text = try await typist.taken()
    switch count {
    case 1: #expect(text.count == "word more words".count + 1 && text.contains("X"))
    case 2: #expect(text == "X more words")
    default: #expect(text == "X")
    }
    await connection.close()
  }
}
