import Pixels
import Testing

@testable import VNC

/// Pictures of the past, kept as tiles.
struct FrameHistoryTests {
  private let size = PixelSize(clampingWidth: 200, height: 130)

  private func pixels(_ value: UInt8) -> [UInt8] { Array(repeating: value, count: size.area * 4) }

  private func history(limit: Int = 1 << 20) -> FrameHistory {
    var history = FrameHistory(limit: limit)
    history.append(size, pixels(0), changes: [size.bounds], sequence: 1, time: .zero)
    return history
  }

  @Test func `gives back each picture as it was`() throws {
    var history = history()
    var picture = pixels(0)
    for number in 2...9 {
      let at = (number * 700) % picture.count
      picture[at] = UInt8(number)
      let (x, y) = (at / 4 % size.width, at / 4 / size.width)
      history.append(
        size, picture, changes: [PixelRect(x: x, y: y, width: 1, height: 1)],
        sequence: UInt64(number), time: .milliseconds(100 * number))
      let last = try #require(history.moments.last)
      #expect(last.frame?.pixels == picture)
      #expect(last.changes?.count == 1)
    }
    #expect(history.moments.first?.frame?.pixels == pixels(0))
    #expect(history.moments.map(\.sequence) == [1, 2, 3, 4, 5, 6, 7, 8, 9])
  }

  @Test func `pictures that follow each other closely are one, and what changed is of all`() throws
  {
    var history = history()
    for number in 1...20 {
      history.append(
        size, pixels(UInt8(number)), changes: [PixelRect(x: number * 9, y: 5, width: 2, height: 2)],
        sequence: UInt64(number + 1), time: .milliseconds(400 + number))
    }
    #expect(history.moments.count == 2)
    #expect(history.moments.last?.sequence == 21)
    #expect(history.moments.last?.changes?.count == 3, "the tiles of the first row but one")
  }

  @Test func `whatever lasts for two slots is found, however lively the screen`() {
    var history = history(limit: 64 << 20)
    for step in 1...400 {
      let time = Duration.milliseconds(step * 5)
      // A flash from 1000 to 1080 ms, over a corner that never rests.
      var picture = pixels((200..<216).contains(step) ? 99 : 1)
      picture[0] = UInt8(step % 250)
      history.append(
        size, picture, changes: [size.bounds], sequence: UInt64(step + 1), time: time)
    }
    #expect(history.moments.contains { $0.frame?.pixels.last == 99 })
    #expect(history.moments.count <= 52)
  }

  @Test func `memory is bounded, and what is forgotten is known`() throws {
    let whole = size.area * 4
    var history = history(limit: whole * 3)
    for number in 2...10 {
      history.append(
        size, pixels(UInt8(number)), changes: [size.bounds], sequence: UInt64(number),
        time: .milliseconds(100 * number))
      #expect(history.bytes <= whole * 3)
    }
    #expect(history.moments.count == 3)
    #expect(history.dropped == 7)
    #expect(history.isWhole(since: 7))
    #expect(!history.isWhole(since: 6))
    #expect(history.moments(since: 8).map(\.sequence) == [9, 10])
    #expect(history.moments(since: 10).map(\.sequence) == [10], "the current picture at least")
    // Counted anew, the bytes are what was counted on the way.
    for number in 11...40 {
      let rect = PixelRect(x: (number * 37) % 200, y: (number * 23) % 130, width: 5, height: 5)
        .intersection(size.bounds)
      history.append(
        size, pixels(10), changes: [rect], sequence: UInt64(number),
        time: .milliseconds(100 * number + number % 3))
    }
    #expect(history.bytes <= whole * 3)
    #expect(history.bytes >= whole)
  }

  @Test func `another size begins anew`() throws {
    var history = history()
    let small = PixelSize(clampingWidth: 64, height: 64)
    history.append(
      small, Array(repeating: 5, count: small.area * 4), changes: [small.bounds], sequence: 2,
      time: .milliseconds(50))
    #expect(history.moments.map(\.size) == [size, small])
    #expect(history.moments.last?.changes == nil)
    #expect(history.moments.last?.frame?.size == small)
    history.append(
      size, pixels(3), changes: [size.bounds], sequence: 3, time: .milliseconds(51))
    #expect(
      history.moments.map(\.size) == [size, size], "the small one was there for a moment only")
    #expect(history.bytes == 2 * size.area * 4)
  }
}
