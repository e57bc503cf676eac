import Perception
import Pixels
import Testing

/// What is said to be there on pictures where it was once said wrongly.
@Suite(.timeLimit(.minutes(5))) struct PresenceTests {
  private func presence(of text: String, on picture: String) async throws -> Presence {
    try await TextReader().presence(of: text, on: try Fixture.frame(picture))
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
}
