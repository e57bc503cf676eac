import Pattern
import Testing

struct PatternTests {
  @Test func `gives the whole match and its groups`() throws {
    let match = try #require(
      try Pattern(#"Order (\d+)(?: of (\w+))?"#).firstMatch(in: "Your Order 4711."))
    #expect(match.text == "Order 4711")
    #expect(match.groups == ["4711", nil])
    #expect("Your Order 4711."[match.range] == "Order 4711")
  }

  @Test func `finds nothing where nothing is`() throws {
    #expect(try Pattern("^[0-9]+$").firstMatch(in: "12a") == nil)
    #expect(try Pattern("a").firstMatch(in: "") == nil)
    #expect(try Pattern("").firstMatch(in: "")?.text == "")
  }

  @Test func `sees code points, not bytes`() throws {
    #expect(try Pattern("^.ße$").firstMatch(in: "Süße") == nil)
    #expect(try Pattern("^S.ße$").firstMatch(in: "Süße")?.text == "Süße")
    #expect(try Pattern(#"^\w+$"#).firstMatch(in: "Größe")?.text == "Größe")
  }

  @Test func `ends a search that would explode`() throws {
    let subject = String(repeating: "a", count: 50) + "!"
    for source in ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(.*)*b"] {
      let pattern = try Pattern(source)
      do {
        _ = try pattern.firstMatch(in: subject)
      } catch {
        #expect(error.code == .limit)
      }
    }
    #expect(throws: PatternError.self) { try Pattern("^(a+)+$").firstMatch(in: subject) }
  }

  /// These take few steps at each place and there are many places: only the deadline ends them.
  @Test(
    .timeLimit(.minutes(5)), arguments: ["a*[bc]", "a+a+[bc]", "(?:a*[bc]|a*d|x)", "(a*)*[bc]"])
  func `ends a search that is slow everywhere`(source: String) throws {
    let subject = String(repeating: "a", count: Pattern.longestText)
    let error = #expect(throws: PatternError.self) { try Pattern(source).firstMatch(in: subject) }
    #expect(error?.code == .limit)
  }

  @Test func `ends a search that would go too deep`() throws {
    let subject = String(repeating: "(", count: 200_000)
    #expect(throws: PatternError.self) {
      try Pattern(#"^(\((?1)*\))*$"#).firstMatch(in: subject)
    }
  }

  @Test(arguments: ["(", "[a", "a{2,1}", "(?<n", #"\C"#, #"\"#, "(?:(?:a{1,999}){1,999}){1,999}"])
  func `says why something is no pattern`(source: String) {
    let error = #expect(throws: PatternError.self) { try Pattern(source) }
    #expect(error?.code == .syntax)
    #expect(error?.message.contains(source) == true)
  }

  @Test func `refuses what is too long or nested too deep`() {
    #expect(throws: PatternError.self) { try Pattern(String(repeating: "a", count: 1_001)) }
    #expect(throws: PatternError.self) {
      try Pattern(String(repeating: "(", count: 60) + String(repeating: ")", count: 60))
    }
    let error = #expect(throws: PatternError.self) {
      try Pattern("a").firstMatch(in: String(repeating: "b", count: Pattern.longestText + 1))
    }
    #expect(error?.code == .textTooLong)
  }

  @Test func `finds every match and steps over empty ones`() throws {
    #expect(try Pattern(#"\d+"#).matches(in: "1, 22 and 333").map(\.text) == ["1", "22", "333"])
    #expect(try Pattern("x*").matches(in: "äx").map(\.text) == ["", "x", ""])
    #expect(try Pattern("a").matches(in: "aaaa", limit: 2).count == 2)
  }

  @Test func `is equal to a pattern of the same source`() throws {
    #expect(try Pattern("a+") == Pattern("a+"))
    #expect(try Pattern("a+") != Pattern("a*"))
    #expect(try Set([Pattern("a"), Pattern("a")]).count == 1)
  }
}
