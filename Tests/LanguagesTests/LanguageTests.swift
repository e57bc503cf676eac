import Testing

@testable import Languages

@Suite struct LanguageTests {
  /// A file with all that a language needs, to which the tests add what is wrong.
  static let whole = """
    language: xx
    name: Test
    step click: click {target}
    step doubleClick: twice {target}
    step rightClick: right {target}
    step hover: over {target}
    step type: type {text} into {place}
    step clear: clear {target}
    step press: press {keys}
    step scroll: scroll {direction}
    step drag: drag {target} to {place}
    step wait: wait {time}
    step waitFor: await {target}
    step select: select {target}
    step check: check {target}
    step uncheck: uncheck {target}
    step open: open {target}
    direction up: up
    direction down: down
    direction left: left
    direction right: right
    unit 1000: s
    keyword feature: F
    keyword rule: R
    keyword background: B
    keyword scenario: S
    keyword outline: O
    keyword examples: E
    keyword given: G
    keyword when: W
    keyword then: T
    keyword and: A
    keyword but: X
    """

  private func problem(_ text: String) -> String {
    do throws(LanguageError) {
      _ = try LanguageReader.read(text, file: "xx.language")
      return "none"
    } catch {
      return error.description
    }
  }

  @Test func `every language that is built in can be read`() throws {
    #expect(Language.codes == ["de", "en"])
    for code in Language.codes {
      let language = try #require(Language.named(code), "\(code)")
      #expect(language.code == code)
    }
    #expect(Language.named("xx") == nil)
    #expect(Language.english.name == "English")
  }

  @Test func `a whole file is a language`() {
    #expect(problem(Self.whole) == "none")
  }

  @Test(arguments: [
    ("nothing", "xx.language:36: “nothing” has no colon"),
    ("colour: red", "xx.language:36: there is no key “colour”"),
    ("colour x: red", "xx.language:36: there is no key “colour”"),
    (": red", "xx.language:36: there is nothing before the colon"),
    ("lead:", "xx.language:36: “lead” says nothing"),
    ("name: Again", "xx.language:36: “name” is there twice"),
    ("nouns: somewhere", "xx.language:36: “nouns” is"),
    ("decimal: ;", "xx.language:36: “decimal” is"),
    ("article: the | of the", "xx.language:36: “of the” must be one word"),
    ("join: and |", "xx.language:36: there is nothing beside a “|”"),
    ("noun knob: knob", "xx.language:36: there is no noun “knob”; it is one of: button,"),
    ("number x: ten", "xx.language:36: “x” is no number"),
    ("unit 0: zero", "xx.language:36: “0” is no number"),
    ("direction down: up", "xx.language:36: “up” has another meaning already"),
    ("direction north: north", "xx.language:36: there is no “north” here; it is one of: up,"),
    ("keyword story: Story", "xx.language:36: there is no “story” here; it is one of: feature,"),
    ("step jump: jump {target}", "xx.language:36: there is no “jump” here; it is one of: click,"),
    ("step click: click", "xx.language:36: “click” needs {target}"),
    ("step click: {target}", "xx.language:36: a pattern needs a word that must be said"),
    ("step click: [on] {target}", "xx.language:36: a pattern needs a word that must be said"),
    ("step click: click {place}", "xx.language:36: “click” needs {target}"),
    ("step wait: wait {time} {target}", "xx.language:36: “wait” cannot have {target}"),
    ("step drag: {target} {target} to {place}", "xx.language:36: a slot is there twice"),
    ("step type: type {text} {quoted}", "xx.language:36: a slot is there twice"),
    ("step click: click {goal}", "xx.language:36: there is no “{goal}”"),
    ("step click: click {target without}", "xx.language:36: “{target without}”: write"),
    ("step click: click (on {target}", "xx.language:36: “(” is not closed by “)”"),
    ("step click: click (on | [at]) {target}", "xx.language:36: “(” is not closed by “)”"),
    ("step click: click (on |) {target}", "xx.language:36: “on |” has an empty choice"),
    ("step click: click “on” {target}", "xx.language:36: ““on”” holds ““”"),
    ("step click: click on, {target}", "xx.language:36: “on,” holds “,”"),
  ])
  func `a line that is wrong is told with its number`(line: String, told: String) {
    #expect(problem(Self.whole + "\n\n# more\n" + line).hasPrefix(told), "\(line)")
  }

  @Test(arguments: [
    ("language: xx", "“language: CODE” is missing"), ("name: Test", "“name: NAME” is missing"),
    ("step drag", "a pattern for “step drag” is missing"),
    ("direction left", "“direction left” is missing"),
    ("unit", "“unit” is missing"), ("keyword outline", "“keyword outline” is missing"),
  ])
  func `a language that lacks something is told so`(start: String, told: String) {
    let lines = Self.whole.split(separator: "\n").filter { !$0.hasPrefix(start) }
    #expect(problem(lines.joined(separator: "\n")) == "xx.language: \(told)")
  }

  @Test func `a pattern is read as it is written`() throws {
    let parts = try PatternReader.parts("Wait [,] (for | until the) {target without to be} [now]")
    #expect(
      parts == [
        .words([["wait"]], isOptional: false), .mark,
        .words([["for"], ["until", "the"]], isOptional: false),
        .slot(.target, without: ["to", "be"]), .words([["now"]], isOptional: true),
      ])
  }
}
