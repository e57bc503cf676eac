import Pattern
@testable import Runner
import Scenario
import Testing

@Suite struct SelectionTests {
  static let cases = [
    ("login", "Sign in", ["smoke", "auth"]), ("logout", "Sign out", ["auth"]),
    ("buy", "Buy a book", ["smoke", "slow"]), ("search", "Find a book", []),
  ].map(make)

  static func make(_ id: String, _ name: String, _ tags: [String]) -> Case {
    Case(
      id: id, name: name,
      scenario: Scenario(
        name: name, id: id, tags: tags, target: TargetSpec(screen: .demo("sign-in")), steps: [],
        location: SourceLocation(file: "\(id).yaml", line: 1), root: "/"))
  }

  private func ids(_ selection: Selection) throws -> [String] {
    try selection.apply(to: Self.cases).map(\.id)
  }

  @Test func `without anything all cases run in their order`() throws {
    #expect(try ids(Selection()) == ["login", "logout", "buy", "search"])
  }

  @Test func `a pattern looks at ids, names and tags`() throws {
    #expect(try ids(Selection(grep: try Pattern("^log"))) == ["login", "logout"])
    #expect(try ids(Selection(grep: try Pattern("book"))) == ["buy", "search"])
    #expect(try ids(Selection(grep: try Pattern("@slow"))) == ["buy"])
    #expect(try ids(Selection(grepInvert: try Pattern("Sign"))) == ["buy", "search"])
  }

  @Test func `ids are a further condition`() throws {
    let selection = Selection(grep: try Pattern("log"), ids: ["logout", "buy"])
    #expect(try ids(selection) == ["logout"])
  }

  @Test func `shards part the cases without loss or overlap`() throws {
    var seen: [String] = []
    for index in 1...3 {
      let shard = try #require(Selection.Shard(index: index, count: 3))
      seen += try ids(Selection(shard: shard))
    }
    #expect(seen.sorted() == Self.cases.map(\.id).sorted())
  }

  @Test func `a repeat has an id of its own`() throws {
    let selection = Selection(ids: ["buy"], repeats: 3)
    #expect(try ids(selection) == ["buy", "buy#2", "buy#3"])
  }

  @Test func `a shard is a part of the cases, and its repeats stay in it`() throws {
    let first = try #require(Selection.Shard(parsing: "1/2"))
    #expect(
      try ids(Selection(shard: first, repeats: 2)) == ["login", "login#2", "buy", "buy#2"])
    let second = try #require(Selection.Shard(parsing: "2/2"))
    #expect(try ids(Selection(ids: ["login", "search"], shard: second)) == ["search"])
  }

  @Test(arguments: ["0/3", "4/3", "1/0", "x/2", "1", "1/2/3", "-1/2", "1/99999999999999999999"])
  func `what is no part of several is refused`(text: String) {
    #expect(Selection.Shard(parsing: text) == nil)
  }

  @Test(arguments: [
    ("smoke", ["login", "buy"]), ("@smoke", ["login", "buy"]),
    ("smoke and not slow", ["login"]), ("not smoke", ["logout", "search"]),
    ("auth or slow", ["login", "logout", "buy"]),
    ("auth and smoke or slow", ["login", "buy"]),
    ("auth and (smoke or slow)", ["login"]), ("not (auth or slow)", ["search"]),
    ("not not slow", ["buy"]),
  ])
  func `a tag expression selects`(text: String, expected: [String]) throws {
    #expect(try ids(Selection(tags: try TagExpression(parsing: text))) == expected)
  }

  @Test(arguments: [
    ("", "ends where a tag is expected"), ("and a", "“and” where a tag"), ("a b", "“b” where"),
    ("(a", "closing parenthesis"), ("a or", "ends where"), ("a)", "“)” where"),
    (String(repeating: "not ", count: 100) + "a", "nested too deep"),
  ])
  func `a wrong tag expression says what is wrong`(text: String, message: String) {
    #expect {
      try TagExpression(parsing: text)
    } throws: { error in
      "\(error)".contains(message)
    }
  }
}
