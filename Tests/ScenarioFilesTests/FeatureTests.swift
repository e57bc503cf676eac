import Diagnostics
import Scenario
import ScenarioFiles
import Props
import Testing

struct FeatureTests {
  private func feature(
    _ text: String, environment: [String: String] = [:], path: String = "s/shop.feature"
  ) throws -> LoadedScenarios {
    let folder = try TestFolder(["s/shop.feature": text, "s/qa-agent.yaml": ""])
    return folder.load([path], environment: environment)
  }

  @Test func `turns lines into steps`() throws {
    let loaded = try feature(
      """
      # qa-agent: {target: {demo: shop}, limits: {steps: 9}, tags: [ui]}
      @web @slow
      Feature: Shop
        Buying things.

        Background:
          Given I am signed in

        # a comment
        @smoke
        Scenario: Buy a book
          When I buy "A book"
          And I pay
          Then I see the receipt
          But wait for Thank you
          * the cart is empty
      """)
    #expect(loaded.diagnostics == [])
    let made = try #require(loaded.cases.first)
    #expect(made.id == "shop/buy-a-book" && made.name == "Buy a book")
    #expect(made.scenario.tags == ["ui", "web", "slow", "smoke"])
    #expect(made.scenario.target.screen == .demo("shop"))
    #expect(made.scenario.limits.steps == 9)
    #expect(made.scenario.description == "Buying things.")
    #expect(made.scenario.properties == [Scenario.Property(name: "feature", value: "Shop")])
    #expect(
      made.scenario.steps.map(\.kind) == [
        .act(Template("I am signed in")), .act(Template("I buy \"A book\"")),
        .act(Template("I pay")),
        .expect(.screen(Template("I see the receipt"), votes: 1)),
        .act(Template("wait for Thank you")),
        .expect(.screen(Template("the cart is empty"), votes: 1)),
      ])
    #expect(made.scenario.steps[2].text == "And I pay")
    #expect(
      (made.scenario.steps[2].location.line, made.scenario.steps[2].location.column) == (13, 9))
    #expect(made.scenario.location.line == 11)
  }

  @Test func `reads the keywords of another language, and its steps are in that language`() throws {
    let loaded = try feature(
      """
      # language: de-AT
      # qa-agent: {target: {demo: shop}}
      Funktionalität: Laden

        Grundlage:
          Angenommen ich bin angemeldet

        Szenario: Kaufen
          Wenn ich ein Buch kaufe
          Dann sehe ich die Rechnung
          Aber warte auf „Danke“

        Szenariogrundriss: <Menge> Bücher
          Gegeben seien <Menge> Bücher
          * ich bezahle

          Beispiele:
            | Menge |
            | 2     |
            | 3     |
      """)
    #expect(loaded.diagnostics == [])
    #expect(loaded.cases.map(\.name) == ["Kaufen", "2 Bücher", "3 Bücher"])
    let first = try #require(loaded.cases.first)
    #expect(
      first.scenario.steps.map(\.kind) == [
        .act(Template("ich bin angemeldet")), .act(Template("ich ein Buch kaufe")),
        .expect(.screen(Template("sehe ich die Rechnung"), votes: 1)),
        .act(Template("warte auf „Danke“")),
      ])
    #expect(first.scenario.steps.map(\.language) == ["de", "de", nil, "de"])
    #expect(
      loaded.cases[1].scenario.steps.map(\.text).dropFirst().first == "Gegeben seien <Menge> Bücher"
    )
  }

  @Test func `expands outlines`() throws {
    let loaded = try feature(
      """
      Feature: Sums
        Scenario Outline: Add <a> and <b>
          When I add <a> to <b>
          Then I see <sum> in <b>old

          @small
          Examples:
            | a | b  | sum |
            | 1 | 2  | 3   |
          Examples: More
            | a  | b    | sum |
            | 10 | x\\|y | 30  |
      """)
    #expect(loaded.diagnostics == [])
    #expect(
      loaded.cases.map(\.id) == [
        "shop/add-a-and-b[a=1,b=2,sum=3]", "shop/add-a-and-b[a=10,b=x|y,sum=30]",
      ])
    #expect(loaded.cases.map(\.scenario.name) == ["Add 1 and 2", "Add 10 and x|y"])
    #expect(loaded.cases[0].scenario.tags == ["small"])
    #expect(
      loaded.cases[1].scenario.steps.map(\.kind) == [
        .act(Template("I add 10 to x|y")),
        .expect(.screen(Template("I see 30 in x|yold"), votes: 1)),
      ])
  }

  @Test func `keeps tables and texts with their step`() throws {
    let loaded = try feature(
      #"""
      Feature: F
        Scenario: S
          When I enter
            | name  | age |
            | alice | 30  |
          And I write
            """
            Dear Bob,
              hello

            """
          Then it is sent
      """#)
    #expect(loaded.diagnostics == [])
    #expect(
      loaded.cases.first?.scenario.steps.map(\.kind) == [
        .act(Template("I enter\n| name  | age |\n| alice | 30  |")),
        .act(Template("I write\nDear Bob,\n  hello\n")),
        .expect(.screen(Template("it is sent"), votes: 1)),
      ])
  }

  @Test func `reads rules with their own background`() throws {
    let loaded = try feature(
      """
      Feature: F
        Background:
          Given one
        Example: First
          When a
        @r
        Rule: Strict
          Background:
            Given two
          Scenario: Second
            When b
      """)
    #expect(loaded.diagnostics == [])
    #expect(loaded.cases.map(\.scenario.steps.count) == [2, 3])
    #expect(loaded.cases[1].scenario.tags == ["r"])
    #expect(loaded.cases[1].scenario.properties.map(\.value) == ["F", "Strict"])
  }

  @Test func `selects by line`() throws {
    let text = """
      Feature: F
        Scenario: One
          When a
        @t
        Scenario Outline: Two
          When <x>
          Examples:
            | x |
            | 1 |
            | 2 |
      """
    #expect(try feature(text, path: "s/shop.feature:3").cases.map(\.id) == ["shop/one"])
    #expect(try feature(text, path: "s/shop.feature:4").cases.count == 2)
    #expect(try feature(text, path: "s/shop.feature:10").cases.map(\.id) == ["shop/two[x=2]"])
  }

  @Test func `fills in variables and keeps secrets`() throws {
    let loaded = try feature(
      """
      # qa-agent: {secrets: [PIN], variables: {user: alice}}
      Feature: F
        Scenario: S
          When ${user} enters ${PIN}
      """, environment: ["PIN": "hunter2"])
    #expect(
      loaded.cases.first?.scenario.steps.map(\.kind)
        == [.act(Template([.literal("alice enters "), .secret("PIN")]))])
    #expect(!"\(loaded.cases)".contains("hunter2"))
  }

  @Test(
    arguments: [
      ("", "no feature in this file", nil, ""),
      ("Feature: F", "the feature has no scenarios", nil, ""),
      ("Scenario: S\n  When a", "“Scenario” before the feature", 1, ""),
      ("Feature: F\nScenario: S", "has no steps", 2, ""),
      ("Feature: F\nScenario: S\n  When a\n  Wenn b", "starts with no keyword", 4, "When"),
      (
        "Feature: F\nScenario: S\n  When a\n  Sceanrio: b", "starts with no keyword", 4, "Scenario:"
      ),
      ("Feature: F\nScenario Outline: S\n  When a", "has no examples", 2, ""),
      (
        "Feature: F\nScenario Outline: S\n  When <usr>\n  Examples:\n    | user |\n    | a |",
        "no column “usr”", 3, "user"
      ),
      (
        "Feature: F\nScenario Outline: S\n  When a\n  Examples:\n    | a | b |\n    | 1 |",
        "the row has 1 cells", 6, ""
      ),
      ("Feature: F\nScenario: S\n  When a\n  | b", "must end with |", 4, ""),
      ("Feature: F\nScenario: S\n  When a\n  \"\"\"\n  x", "has no end", 4, ""),
      ("Feature: F\nRule: R\nScenario: S\n  When a\n  words", "starts with no keyword", 5, ""),
      ("Feature: F\nScenario: S\n  When ${usr}", "unknown variable “usr”", 3, ""),
      ("# language: en-txx\nFeature: F\nScenario: S", "has no steps", 3, ""),
      ("# language: xx\nFeature: F\nScenario: S\n  When a", "no language “xx”", 1, ""),
      (
        "# qa-agent: {tagret: {demo: a}}\nFeature: F\nScenario: S\n  When a",
        "unknown key “tagret”", 1, "target"
      ),
      ("# qa-agent: {target: {demo: a}\nFeature: F\nScenario: S\n  When a", "did not find", 1, ""),
      ("# qa-agent: x\nFeature: F\nScenario: S\n  When a", "the header must be a mapping", 1, ""),
      ("Feature: F\n@tag\nScenario: S\n  When a\n@left", "tags with nothing after them", 5, ""),
      ("Feature: F\nScenario: S\n  When a\n  When", "says nothing", 4, ""),
      ("Feature: F\nScenario: S\n  When a\nBackground:\n  Given b", "before the scenarios", 4, ""),
    ] as [(String, String, Int?, String)])
  func `says what is wrong`(text: String, message: String, line: Int?, help: String) throws {
    let loaded = try feature(text)
    #expect(loaded.diagnostics.count == 1, "\(loaded.diagnostics)")
    let error = try #require(loaded.diagnostics.first)
    #expect(error.message.contains(message), "\(error)")
    #expect(error.line == line)
    #expect(help.isEmpty || error.suggestion?.contains(help) == true, "\(error.rendered)")
    #expect(line == nil || error.sourceLine != nil)
  }

  @Test func `gives the header the place it has in the file`() throws {
    let loaded = try feature(
      "\n  # qa-agent: {limits: {steps: many}}\nFeature: F\nScenario: S\n  When a")
    let error = try #require(loaded.diagnostics.first)
    #expect((error.line, error.column) == (2, 32))
    #expect(error.sourceLine == "  # qa-agent: {limits: {steps: many}}")
  }
}
