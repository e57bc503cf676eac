import Imaging
import Pixels
import Testing

@testable import Perception

@Suite struct HardReadingTests {
  @Test(.timeLimit(.minutes(5))) func `a line is read in several ways, each with its letters`()
    async throws
  {
    let frame = try Fixture.frame("shop-welcome")
    let box = PixelRect(x: 188, y: 360, width: 90, height: 16)
    let lines = try await TextReader().hardReadings(of: box, on: frame, limit: .seconds(50))
    let line = try #require(lines.first)
    #expect(lines.count == 1)
    #expect(line.readings.count >= 4)
    for reading in line.readings {
      #expect(reading.text == "Order 1003 - Open - 7.50 EUR")
      #expect(reading.account.isComplete)
      for word in reading.words {
        #expect(word.letters.map(\.text).joined() == word.text)
        #expect(word.letters.allSatisfy { (0.5...1).contains($0.confidence) })
        #expect(line.box.insetBy(-2).contains(x: word.box.center.x, y: word.box.center.y))
      }
    }
  }

  @Test(.timeLimit(.minutes(5))) func `a hard reading keeps to its limit`() async throws {
    let frame = try Fixture.frame("shop")
    let reader = try await TextReader()
    let error = await #expect(throws: PerceptionError.self) {
      try await reader.hardReadings(of: frame.size.bounds, on: frame, limit: .milliseconds(2))
    }
    #expect(error?.code == .deadline)
  }

  // MARK: - Ink that no letter explains

  /// Letters at places, and ink at others: where it is as high as a letter it is drawn like an H.
  private func account(
    _ words: [[(text: String, x: Int, width: Int)]], ink boxes: [PixelRect]
  ) throws -> InkAccount {
    let size = try #require(PixelSize(width: 200, height: 40))
    var pixels = [UInt8](repeating: 255, count: size.area * 4)
    for box in boxes {
      for y in box.y..<box.maxY {
        for x in box.x..<box.maxX
        where box.height < 12 || y == 16 || x < box.x + 2 || x >= box.maxX - 2 {
          for channel in 0..<3 { pixels[(y * size.width + x) * 4 + channel] = 0 }
        }
      }
    }
    let page = Page(try #require(Frame(size: size, pixels: pixels)))
    let line = try #require(page.lines.max { $0.members.count < $1.members.count })
    let read = words.map { letters in
      let placed = letters.map {
        RecognisedLetter(
          text: $0.text, box: PixelRect(x: $0.x, y: 10, width: $0.width, height: 12))
      }
      return RecognisedWord(
        text: letters.map(\.text).joined(), box: placed[0].box, confidence: 0.96, letters: placed)
    }
    return InkAccount(of: line, read, page.ink)
  }

  private func upright(_ xs: Int...) -> [PixelRect] {
    xs.map { PixelRect(x: $0, y: 10, width: 6, height: 12) }
  }

  @Test func `a minus that was dropped is what is left over, though a letter's box covers it`()
    throws
  {
    let minus = PixelRect(x: 20, y: 16, width: 4, height: 1)
    let read = [[(text: "5", x: 19, width: 14), (text: "0", x: 34, width: 7)]]
    let found = try account(read, ink: [minus] + upright(27, 35))
    #expect(found.rests.count == 1)
    #expect(found.rests.first?.box == minus)
    #expect(found.rests.first?.sign == "-")
    #expect(found.rests.first?.place == .before)
    #expect(try account(read, ink: upright(27, 35)).isComplete)
  }

  @Test func `letters that touch and boxes that are off leave nothing over`() throws {
    let joined = PixelRect(x: 27, y: 10, width: 14, height: 12)
    let read = [
      [(text: "5", x: 24, width: 8), (text: "0", x: 33, width: 7)], [(text: "7", x: 56, width: 4)],
    ]
    #expect(try account(read, ink: [joined] + upright(50)).isComplete)
  }

  @Test func `dots over a letter that has none are left over`() throws {
    let dots = [
      PixelRect(x: 27, y: 6, width: 2, height: 2), PixelRect(x: 31, y: 6, width: 2, height: 2),
    ]
    let read = [[(text: "o", x: 27, width: 6), (text: "n", x: 35, width: 6)]]
    let found = try account(read, ink: upright(27, 35) + dots)
    #expect(found.rests.map(\.place) == [.mark, .mark])
    let umlaut = [[(text: "ö", x: 27, width: 6), (text: "n", x: 35, width: 6)]]
    #expect(try account(umlaut, ink: upright(27, 35) + dots).isComplete)
  }
}
