import Scenario
import Story
import Testing

@testable import Adapters

/// What an application wrote, asked by checks.
struct LogSearchTests {
  private func reading(
    _ check: Check.LogCheck, of output: String, isWhole: Bool = true,
    secrets: [String: String] = [:]
  ) throws -> LeafReading {
    let search = LogSearch(Array(output.utf8), isWhole: isWhole, secrets: secrets) { text in
      secrets.reduce(text) { $0.replacing($1.value, with: "‹\($1.key)›") }
    }
    return try search.reading(of: check)
  }

  private let output = "starting\r\nSaved as 12\nconnected\nwaiting for"

  @Test(arguments: [
    (Check.LogCheck(text: Template("Saved")), Answer.yes),
    (Check.LogCheck(text: Template("saved")), .no),
    // What stands at the end without a line break is there, too.
    (Check.LogCheck(text: Template("waiting for")), .yes),
    (Check.LogCheck(text: Template("starting\nSaved")), .yes),
    (Check.LogCheck(matches: "^Saved as [0-9]+$"), .yes),
    (Check.LogCheck(matches: "starting.+connected"), .no),
    (Check.LogCheck(text: Template("Saved"), matches: "^Error"), .no),
    (Check.LogCheck(text: Template("Saved"), never: Template("Traceback")), .yes),
    (Check.LogCheck(text: Template("Saved"), never: Template("connected")), .no),
    (Check.LogCheck(never: Template("connected")), .no),
    (Check.LogCheck(never: Template("Traceback")), .yes),
  ])
  func `finds what is there and misses what is not`(check: Check.LogCheck, answer: Answer) throws {
    let reading = try reading(check, of: output)
    #expect(reading.answer == answer, "\(reading.measured)")
  }

  @Test func `what was forgotten is not called absent`() throws {
    #expect(try reading(Check.LogCheck(text: Template("Saved")), of: output, isWhole: false).holds)
    for check in [
      Check.LogCheck(text: Template("Ready")), .init(matches: "^Ready"),
      .init(text: Template("Saved"), never: Template("Error")),
    ] {
      #expect(try reading(check, of: output, isWhole: false).answer == .unclear, "\(check.title)")
    }
  }

  @Test func `a secret is found and not shown`() throws {
    let check = Check.LogCheck(text: Template([.literal("token "), .secret("TOKEN")]))
    let reading = try reading(
      check, of: "my token abcdefgh is old", secrets: ["TOKEN": "abcdefgh"])
    #expect(reading.holds)
    #expect(reading.measured == "“my token ‹TOKEN› is old”")
  }

  @Test func `a pattern that takes too long is an error, not an answer`() {
    let line = String(repeating: "a", count: 40) + "b"
    #expect(throws: Fault.self) {
      try reading(Check.LogCheck(matches: "^(a+)+(a+)+(a+)+$"), of: line)
    }
  }
}
