import FoundationEssentials
import Imaging
import Pixels
import Testing

@testable import Perception

/// What looks single but may not be, and what told letters and lines wrongly on screens not seen before.
@Suite struct NearMissTests {
  private let size = PixelSize(clampingWidth: 1000, height: 800)

  private func word(
    _ text: String, _ x: Int, _ y: Int, confidence: Double = 0.96, line: Int
  ) -> TextWord {
    TextWord(
      text: text, box: PixelRect(x: x, y: y, width: text.count * 10, height: 14),
      confidence: confidence, line: line, block: line)
  }

  private func isSingle(_ query: TargetQuery, _ text: ScreenText) -> Bool {
    if case .found = Locator.locate(query, in: text, screen: size) { true } else { false }
  }

  @Test(arguments: [
    ("February", "Februarv", 0.8, false), ("February", "Februarv", 0.97, true),
    ("February", "Fevruarv", 0.8, true), ("February", "Februar", 0.8, true),
    ("Save", "Sove", 0.5, true), ("Order 1001", "Order 1007", 0.5, true),
    ("Order 1001", "Order 100I", 0.5, false), ("Delete user", "Delete uaer", 0.6, false),
  ])
  func `a doubtful text that differs in one letter may be the same`(
    wanted: String, other: String, confidence: Double, isSingle: Bool
  ) {
    let first = wanted.split(separator: " ").enumerated().map {
      word(String($1), 20 + $0 * 100, 30, line: 0)
    }
    let second = other.split(separator: " ").enumerated().map {
      word(String($1), 20 + $0 * 100, 90, confidence: confidence, line: 1)
    }
    let text = ScreenText(words: first + second)
    #expect(self.isSingle(TargetQuery(text: wanted), text) == isSingle)
  }

  @Test func `a place that was read as the text in another size may be the same`() {
    let words = [word("Delete", 20, 30, line: 0), word("Oelcte", 20, 90, line: 1)]
    let text = ScreenText(words: words, doubts: [word("Delete", 20, 90, line: 1)])
    guard
      case .ambiguous(let hits) = Locator.locate(
        TargetQuery(text: "Delete"), in: text, screen: size)
    else {
      Issue.record("single")
      return
    }
    #expect(hits.map(\.box.y) == [30, 90])
    // What says which one is meant, decides; and so does the region.
    #expect(isSingle(TargetQuery(text: "Delete", nth: 1), text))
    let upper = PixelRect(x: 0, y: 0, width: 1000, height: 60)
    #expect(isSingle(TargetQuery(text: "Delete", region: upper), text))
    // Another reading of the hit itself is no second place.
    let own = ScreenText(words: words, doubts: [word("Delete", 20, 30, line: 0)])
    #expect(isSingle(TargetQuery(text: "Delete"), own))
    // A less sure reading alone finds nothing.
    let alone = ScreenText(
      words: [word("Oelcte", 20, 90, line: 0)], doubts: [word("Delete", 20, 90, line: 0)])
    #expect(!isSingle(TargetQuery(text: "Delete"), alone))
    #expect(text.within(upper).doubts.isEmpty)
  }

  @Test func `a cell that was read with its neighbours is still a cell of its column`() {
    let inColumn = screen((0, 50, "Berger Dublin Legal"), (68, 90, "Dublin"))
    #expect(!isSingle(TargetQuery(text: "Dublin"), inColumn))
    let elsewhere = screen((0, 50, "Berger Dublin Legal"), (90, 90, "Dublin"))
    #expect(isSingle(TargetQuery(text: "Dublin"), elsewhere))
    let menu = screen((0, 50, "Save"), (0, 90, "Save as"))
    #expect(isSingle(TargetQuery(text: "Save"), menu))
  }

  @Test func `dots in a row are a rule, three dots are not`() {
    func dots(_ count: Int, _ across: Int, _ down: Int) -> [PixelRect] {
      (0..<count).map { PixelRect(x: 10 + $0 * across, y: 10 + $0 * down, width: 1, height: 1) }
    }
    #expect(DottedRules.dots(among: dots(8, 0, 2)).count == 8)
    #expect(DottedRules.dots(among: dots(5, 2, 0)).count == 5)
    #expect(DottedRules.dots(among: dots(3, 0, 4)).isEmpty)
    #expect(DottedRules.dots(among: dots(3, 3, 0)).isEmpty)
    #expect(DottedRules.dots(among: dots(8, 7, 0)).isEmpty)
    let letters = (0..<8).map { PixelRect(x: 10, y: 10 + $0 * 4, width: 3, height: 3) }
    #expect(DottedRules.dots(among: letters).isEmpty)
  }

  /// Texts that were misread before: a tree with dotted branches, and codes of two signs.
  @Test(arguments: [
    ("held-out/qt-windows-explorer", ["Projects", "Invoices"]),
    ("tk-1-options", ["A5", "US letter"]), ("tk-4-options", ["A5"]),
  ])
  func `is found where it was misread before`(name: String, texts: [String]) async throws {
    let frame = try Self.frame(name)
    let seen = try await TextReader().patiently(frame)
    for text in texts {
      let hits = TextSearch.hits(for: text, in: seen)
      #expect(hits.map(\.text).contains { $0.hasSuffix(text) }, "\(text) in \(seen.text)")
    }
  }

  @Test func `a dark field with a tint is a field`() async throws {
    let frame = try Self.frame("held-out/site-night-account")
    let label = try await Self.label("Display name", frame)
    let field = try #require(FieldFinder.field(for: label, in: frame))
    #expect(field.intersects(PixelRect(x: 200, y: 262, width: 40, height: 10)))
  }

  @Test func `a switch at the far end of a wide row belongs to its label`() async throws {
    let frame = try Self.frame("gtk-double-switches")
    let label = try await Self.label("Screen lock", frame)
    #expect(ToggleFinder.toggle(for: label, in: frame)?.isOn == false)
  }

  private static func frame(_ name: String) throws -> Frame {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try PNG.decode(
      [UInt8](Data(contentsOf: root.appending(path: "fixtures/screens/\(name).png"))))
  }

  private static func label(_ text: String, _ frame: Frame) async throws -> PixelRect {
    let seen = try await TextReader().patiently(frame)
    return try #require(TextSearch.hits(for: text, in: seen).first).box
  }
}
