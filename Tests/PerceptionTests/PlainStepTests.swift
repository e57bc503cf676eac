import Languages
import Perception
import Testing

@Suite struct PlainStepTests {
  /// A row of the table in docs/plain-steps.md.
  struct Row: Sendable, CustomTestStringConvertible {
    var line: String
    var becomes: String
    var testDescription: String { line }
  }

  private static func rows(_ document: String) throws -> [Row] {
    let text = try Fixture.project("docs/" + document)
    let table = text.split(separator: "\n").drop { $0 != "| --- | --- |" }.dropFirst()
    return table.prefix { $0.hasPrefix("| ") }.compactMap { line in
      let cells = line.dropFirst(2).dropLast(2).split(separator: " | ")
      return cells.count == 2 ? Row(line: String(cells[0]), becomes: String(cells[1])) : nil
    }
  }

  @Test(arguments: Language.codes)
  func `every row of the documentation is true`(code: String) throws {
    let language = try #require(Language.named(code))
    let rows = try Self.rows(code == "en" ? "plain-steps.md" : "plain-steps.\(code).md")
    #expect(rows.count >= 80)
    let parser = PlainStepParser(language)
    for row in rows {
      let actions = parser.parse(row.line)
      let told = actions.map { $0.map(Self.tell).joined(separator: "; ") } ?? "refused"
      #expect(told == row.becomes, "\(row.line)")
    }
    let refused = rows.filter { $0.becomes == "refused" }.count
    #expect(refused >= 20 && rows.count - refused >= 40)
    // Every action is in the table at least once.
    for action in StepPattern.Action.allCases {
      #expect(rows.contains { $0.becomes.contains("\(action.rawValue)(") }, "\(action)")
    }
  }

  @Test func `a line means something in its own language alone`() throws {
    let german = PlainStepParser(try #require(Language.named("de")))
    #expect(german.parse("click OK") == nil)
    #expect(PlainStepParser().parse("klicke auf OK") == nil)
  }

  @Test(arguments: [
    "", " ", ".", "…", "and", "\"", "''", "click \u{0}", "\u{202E}", "click a\nb", "‹›",
    String(repeating: "and ", count: 100), String(repeating: "click a and ", count: 40),
    String(repeating: "click \"a\" ", count: 40), String(repeating: "“", count: 400),
    "click " + String(repeating: "x", count: 600), "wait nan seconds", "wait inf s", "wait -1 s",
    "scroll down 99999999999999999999", "press +", "press ctrl+", "wait 1e400 s", "wait ½ s",
  ])
  func `odd lines are refused`(line: String) throws {
    #expect(PlainStepParser().parse(line) == nil)
    #expect(PlainStepParser(try #require(Language.named("de"))).parse(line) == nil)
  }

  @Test func `a selection or a drag that can be parted in two ways is refused`() {
    #expect(PlainStepParser().parse("select A in B in C") == nil)
    #expect(PlainStepParser().parse("drag A to B to C") == nil)
  }

  @Test func `many steps are many actions`() throws {
    let line = (1...20).map { "click A\($0)" }.joined(separator: ", then ")
    let actions = try #require(PlainStepParser().parse(line))
    #expect(actions.count == 20)
  }

  private static func tell(_ action: PlainAction) -> String {
    switch action {
    case .click(let target): "click(\(tell(target)))"
    case .doubleClick(let target): "doubleClick(\(tell(target)))"
    case .rightClick(let target): "rightClick(\(tell(target)))"
    case .hover(let target): "hover(\(tell(target)))"
    case .type(let text, let field):
      "type(\(text))" + (field.map { " into(\(tell($0)))" } ?? "")
    case .clear(let target): "clear(\(tell(target)))"
    case .press(let keys): "press(\(keys))"
    case .scroll(let direction, let notches): "scroll(\(direction.rawValue) \(notches))"
    case .drag(let from, let to): "drag(\(tell(from))) to(\(tell(to)))"
    case .waitFor(let text): "waitFor(\(text))"
    case .wait(let duration): "wait(\(Int(duration / .milliseconds(1))) ms)"
    case .select(let option, let list):
      "select(\(tell(option)))" + (list.map { " from(\(tell($0)))" } ?? "")
    case .check(let target): "check(\(tell(target)))"
    case .uncheck(let target): "uncheck(\(tell(target)))"
    case .open(let target): "open(\(tell(target)))"
    }
  }

  private static func tell(_ target: PlainTarget) -> String {
    target.noun.map { "\(target.text), \($0)" } ?? target.text
  }
}
