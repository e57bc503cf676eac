import FoundationEssentials
import Hands
import Languages
import PlainSteps
import Scenario
import Testing

@Suite struct PlainStepTests {
  /// A row of the table in docs/plain-steps.md.
  struct Row: Sendable, CustomTestStringConvertible {
    var line: String
    var becomes: String
    var testDescription: String { line }
  }

  private static func rows(_ document: String) throws -> [Row] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = try Data(contentsOf: root.appending(path: "docs/" + document))
    let text = String(decoding: file, as: UTF8.self)
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
      let moves = parser.parse(row.line)
      let told = moves.map { $0.map(Self.tell).joined(separator: "; ") } ?? "refused"
      #expect(told == row.becomes, "\(row.line)")
    }
    let refused = rows.filter { $0.becomes == "refused" }.count
    #expect(refused >= 20 && rows.count - refused >= 40)
    // Every action is in the table at least once; what is opened is clicked or double-clicked.
    for action in StepPattern.Action.allCases where action != .open {
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

  @Test func `many steps are many moves`() throws {
    let line = (1...20).map { "click A\($0)" }.joined(separator: ", then ")
    let moves = try #require(PlainStepParser().parse(line))
    #expect(moves.count == 20)
  }

  @Test(
    arguments: [
      ("press Next", nil), ("press Windows", nil), ("press ctrl+Prior", nil),
      ("press Ctrl+Alt+Del", KeyChord(keys: ["ctrl", "alt", "delete"])),
      ("press CapsLock", KeyChord(keys: ["capslock"])), ("press é", KeyChord(keys: ["é"])),
    ] as [(String, KeyChord?)])
  func `a key is what a scenario calls it, unless a button may be called so`(
    line: String, chord: KeyChord?
  ) {
    #expect(PlainStepParser().parse(line) == chord.map { [.press([$0])] })
  }

  @Test(arguments: TargetKind.allCases)
  func `what is opened by two clicks depends on what it is`(kind: TargetKind) throws {
    let verb: PointerVerb =
      [.file, .folder, .icon, .item, .row].contains(kind) ? .doubleClick : .click
    let moves = try #require(PlainStepParser().parse("open the “Report” \(kind.rawValue)"))
    #expect(moves == [.point(verb, Target(.text(Template("Report")), noun: kind))])
  }

  @Test func `a line names the texts it looks for and not those it types`() throws {
    let line = "type \"alice\" into Name, drag A to B, select C from D, wait for E, tick F, press a"
    let moves = try #require(PlainStepParser.moves(of: line, language: nil))
    #expect(moves.flatMap(\.textsOnScreen) == ["Name", "A", "B", "C", "D", "E", "F"])
  }

  @Test func `a line in a language that is not there is not understood`() {
    #expect(PlainStepParser.moves(of: "click OK", language: "xx") == nil)
    #expect(PlainStepParser.moves(of: "klicke auf OK", language: "de") != nil)
  }

  private static func tell(_ move: Move) -> String {
    switch move {
    case .point(.click, let target, _): "click(\(tell(target)))"
    case .point(.doubleClick, let target, _): "doubleClick(\(tell(target)))"
    case .point(.rightClick, let target, _): "rightClick(\(tell(target)))"
    case .point(.middleClick, let target, _): "middleClick(\(tell(target)))"
    case .point(.hover, let target, _): "hover(\(tell(target)))"
    case .type(let typing): tell(typing)
    case .press(let chords, _): "press(\(chords.map(\.description).joined(separator: " ")))"
    case .scroll(let direction, let notches, _, _): "scroll(\(direction.rawValue) \(notches))"
    case .drag(let from, let to, _): "drag(\(tell(from))) to(\(tell(to)))"
    case .wait(.text(let text, _)): "waitFor(\(text))"
    case .wait(.time(let duration)): "wait(\(Int(duration / .milliseconds(1))) ms)"
    case .wait(.absent), .wait(.settled): "none"
    case .select(let option, let list):
      "select(\(tell(option)))" + (list.map { " from(\(tell($0)))" } ?? "")
    case .toggle(let target, let isOn): (isOn ? "check" : "uncheck") + "(\(tell(target)))"
    }
  }

  private static func tell(_ typing: Typing) -> String {
    if typing.clear, typing.text.isEmpty, let field = typing.into { return "clear(\(tell(field)))" }
    return "type(\(typing.text))" + (typing.into.map { " into(\(tell($0)))" } ?? "")
  }

  private static func tell(_ target: Target) -> String {
    guard case .text(let text) = target.kind else { return "none" }
    return target.noun.map { "\(text), \($0.rawValue)" } ?? "\(text)"
  }
}
