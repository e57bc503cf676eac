import Diagnostics
import Testing

struct DiagnosticTests {
  @Test func `shows the place, the line, the mark and the help`() {
    let source = SourceText(file: "a.yaml", text: "name: x\nsteps:\n\t- clik: OK\n")
    let error = source.error(
      line: 3, column: 4, text: "clik", "unknown step “clik”", help: "did you mean “click”?")
    #expect(
      error.rendered == """
        a.yaml:3:4: error: unknown step “clik”
        \t- clik: OK
        \t  ^~~~
        help: did you mean “click”?
        """)
  }

  @Test func `puts the mark under wide letters`() {
    let error = SourceText(file: "a", text: "日本: 値x").error(line: 1, column: 5, text: "値x", "no")
    #expect(error.rendered.split(separator: "\n")[2] == "      ^~~")
  }

  @Test func `needs no place`() {
    let error = Diagnostic(file: "gone.yaml", message: "no such file")
    #expect(error.rendered == "gone.yaml: error: no such file")
  }

  @Test func `cuts a long line around the place`() {
    let text = String(repeating: "x", count: 5_000) + "HERE" + String(repeating: "y", count: 5_000)
    let error = SourceText(file: "a", text: text).error(line: 1, column: 5_001, text: "HERE", "no")
    let lines = error.rendered.split(separator: "\n")
    #expect(lines[1].count < 170)
    #expect(lines[1].dropFirst(41).hasPrefix("HERE"))
    #expect(lines[2] == String(repeating: " ", count: 41) + "^~~~")
  }

  @Test func `lets nothing steer the terminal`() {
    let source = SourceText(file: "a\u{1B}[2J", text: "x\u{1B}]0;t\u{7}\u{202E}")
    let error = source.error(line: 1, column: 1, "bad \u{9B}31m\nthing", help: "\u{1B}[0m")
    #expect(
      !error.rendered.unicodeScalars.contains {
        $0 == "\u{1B}" || $0 == "\u{9B}" || $0 == "\u{202E}"
      })
    #expect(error.rendered.split(separator: "\n").count == 4)
  }

  @Test(arguments: [
    ("clik", "click"), ("clcik", "click"), ("Click", "click"), ("double-click", "double_click"),
    ("desc", "description"), ("tag", "tags"), ("steos", "steps"),
  ])
  func `finds what was meant`(word: String, meant: String) {
    let names = ["click", "double_click", "description", "tags", "steps", "target"]
    #expect(Suggestion.closest(to: word, among: names) == meant)
  }

  @Test func `suggests nothing far away`() {
    #expect(Suggestion.closest(to: "frobnicate", among: ["click", "type"]) == nil)
    #expect(Suggestion.closest(to: "", among: ["a"]) == nil)
    #expect(Suggestion.closest(to: String(repeating: "a", count: 100_000), among: ["a"]) == nil)
    #expect(Suggestion.question(for: "tpye", among: ["type"]) == "did you mean “type”?")
  }
}
