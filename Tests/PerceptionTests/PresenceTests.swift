import Perception
import Pixels
import Testing

/// What is said to be there on pictures where it was once said wrongly.
@Suite(.timeLimit(.minutes(5))) struct PresenceTests {
  private func presence(of text: String, on picture: String) async throws -> Presence {
    try await TextReader().presence(
      of: text, on: try Fixture.frame(picture), limit: .seconds(110))
  }

  private func expect(
    _ text: String, on picture: String, _ what: KeyPath<Presence, Bool>, is holds: Bool = true
  ) async throws {
    let seen = try await presence(of: text, on: picture)
    #expect(seen[keyPath: what] == holds, "“\(text)” on \(picture): \(seen)")
  }

  @Test func `the edges of a window are no letters that hide the text between them`() async throws {
    try await expect("alice 999", on: "window-edges", \.isShown)
    try await expect("alice 998", on: "window-edges", \.isAbsent)
  }

  @Test func `the minus of large digits belongs to them`() async throws {
    try await expect("18", on: "large-minus", \.isShown, is: false)
    try await expect("-18", on: "large-minus", \.isAbsent, is: false)
  }

  @Test func `large round digits are in the line of the others`() async throws {
    try await expect("2000", on: "large-zeros", \.isShown)
    try await expect("2 000", on: "large-zeros", \.isShown)
    try await expect("200", on: "large-zeros", \.isAbsent)
  }

  @Test func `a sign between large letters is part of the text`() async throws {
    try await expect("items/page=2", on: "large-equals", \.isShown)
    try await expect("items/page-2", on: "large-equals", \.isAbsent)
  }

  @Test func `an icon beside a line does not put the line in doubt`() async throws {
    try await expect("without insurance", on: "bulb", \.isAbsent)
    try await expect("with insurance", on: "bulb", \.isShown)
  }

  // MARK: - Texts of Fixtures/type.py

  private func expectDoubt(_ text: String, on picture: String) async throws {
    let seen = try await presence(of: text, on: picture)
    #expect(!seen.isShown && !seen.isAbsent, "“\(text)” on \(picture): \(seen)")
  }

  @Test func `brackets and rings of large letters are in the line of the others`() async throws {
    try await expect("(open) 27", on: "large-brackets", \.isShown)
    try await expect("open 27", on: "large-brackets", \.isAbsent)
    try await expect("Outline", on: "large-o", \.isShown)
  }

  @Test func `a large point, comma or tilde that was lost does not make the text absent`()
    async throws
  {
    try await expect(".35", on: "large-point", \.isAbsent, is: false)
    try await expect("35", on: "large-point", \.isShown, is: false)
    try await expect("Qty 1,888", on: "large-comma", \.isAbsent, is: false)
    try await expect("~7 files", on: "large-tilde", \.isAbsent, is: false)
    try await expect("7 files", on: "large-tilde", \.isShown, is: false)
  }

  @Test func `a number in three pieces is looked for in all of them`() async throws {
    try await expect("1 734 562", on: "grouped-digits", \.isAbsent, is: false)
    try await expect("1 734 567", on: "grouped-digits", \.isShown, is: false)
  }

  @Test func `of tiny letters it is never said surely that they are others`() async throws {
    try await expectDoubt("closed", on: "tiny-word")
    try await expectDoubt("C0A", on: "tiny-code")
  }

  @Test func `an S with corners and a 5 are not told from each other`() async throws {
    try await expectDoubt("BS", on: "serif-s")
    try await expectDoubt("B5", on: "serif-s")
  }

  @Test func `letters of one height may be small or large ones`() async throws {
    let frame = try Fixture.frame("low-letters")
    let reader = try await TextReader()
    for text in ["sow", "SOW"] {
      let seen = try await reader.presence(
        ofLine: { $0.contains(text) }, on: frame, limit: .seconds(110))
      #expect(!seen.isAbsent, "\(text): \(seen)")
    }
    let other = try await reader.presence(
      ofLine: { $0.contains("saw") }, on: frame, limit: .seconds(110))
    #expect(other.isAbsent, "\(other)")
  }
}
