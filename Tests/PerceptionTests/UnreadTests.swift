import Imaging
import Perception
import Pixels
import Testing

/// What is struck out, too large, too small, too pale, or in letters that nobody knows.
@Suite struct UnreadTests {
  @Test(.timeLimit(.minutes(5)))
  func `what is struck out is read, and doubted, and what is beside it is not`() async throws {
    let text = try await TextReader().patiently(try Fixture.frame("struck"))
    for struck in ["128.00", "Old", "task", "milk", "Status", "failed", "73.10", "Dark"] {
      let word = try #require(text.words.first { $0.text == struck }, "\(struck)")
      #expect(word.confidence < 0.9, "\(struck)")
    }
    for plain in ["99.00", "open", "shift"] {
      let word = try #require(text.words.first { $0.text == plain }, "\(plain)")
      #expect(word.confidence >= 0.9, "\(plain) \(word.confidence)")
    }
    #expect(!TextSearch.contains("428.08", in: text))
  }

  @Test(.timeLimit(.minutes(5)))
  func `strokes under letters are neither letters nor underscores`() async throws {
    let text = try await TextReader().patiently(try Fixture.frame("struck"))
    let lines = text.lines.map(\.text)
    for line in ["wavy grumpy text", "double grumpy jpg text"] {
      #expect(lines.contains(line), "\(line): \(lines)")
    }
    #expect(lines.contains("Change my payment"))
    #expect(text.unread.filter { $0.signs.upperBound >= 3 && $0.box.y > 300 }.isEmpty)
  }

  @Test(.timeLimit(.minutes(5)))
  func `letters as high as a hand are read where they are`() async throws {
    let text = try await TextReader().patiently(try Fixture.frame("unread"))
    let error = try #require(TextSearch.hits(for: "Err 42", in: text).first)
    #expect(abs(error.box.center.x - 275) <= 20 && abs(error.box.height - 130) <= 12)
    #expect(TextSearch.contains("ERROR", in: text))
    #expect(!TextSearch.contains("ERROR 42", in: text))
  }

  @Test(.timeLimit(.minutes(5)))
  func `what cannot be read is known, with its place and how much it could say`() async throws {
    let text = try await TextReader().patiently(try Fixture.frame("unread"))
    let wanted: [(y: Int, cause: UnreadInk.Cause, length: Int)] = [
      (76, .unknown, 22), (124, .unknown, 16), (156, .size, 36), (182, .pale, 6),
    ]
    for (y, cause, length) in wanted {
      let place = text.unread.first {
        $0.cause == cause && $0.box.x >= 750 && $0.box.insetBy(-6).contains(x: $0.box.x, y: y)
      }
      #expect(place != nil, "\(cause.rawValue) at \(y): \(text.unread)")
      #expect(place?.couldHold(length) ?? true, "\(cause.rawValue): \(place?.signs ?? 0...0)")
    }
    // A cross is one sign, and no word.
    #expect(text.unread.contains { $0.cause == .symbol && $0.signs == 1...1 })
    let share = text.share
    #expect(share.sure > 0 && share.unread > 0 && share.readSurely < 1)
  }

  @Test(
    .timeLimit(.minutes(5)), arguments: ["forms", "entry", "shop", "delivery-ordered", "editor"])
  func `an ordinary screen has nothing unread that could be a word`(name: String) async throws {
    let text = try await TextReader().patiently(try Fixture.frame(name))
    #expect(text.unread.filter { $0.signs.upperBound >= 3 }.count <= 1, "\(text.unread)")
  }

  @Test(.timeLimit(.minutes(5)))
  func `letters on a button whose ground has a gradient are not pale`() async throws {
    let frame = try Fixture.frame("forms")
    // Where the tiles lie that pale text is looked for in depends on the place of the window.
    for shift in 0..<16 {
      let buttons = PixelRect(x: 470 + shift, y: 440 + shift * 7 % 16, width: 320, height: 96)
      let part = try #require(frame.cropped(to: buttons))
      let text = try await TextReader().patiently(part)
      #expect(text.unread.allSatisfy { $0.cause != .pale }, "\(shift): \(text.unread)")
    }
  }
}
