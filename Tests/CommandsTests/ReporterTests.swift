import JSONCoding
import Driving
import Testing

@testable import Commands
import Story

/// A run with one case of each kind; text from outside is hostile.
private let run: [ReporterEvent] = {
  let finishes = [
    CaseFinish(id: "a", title: "First", verdict: .passed, duration: .milliseconds(1200)),
    CaseFinish(
      id: "b[lang=de]", title: "Second", verdict: .failed,
      reason: "expected “Danke”\n::error::x\nsaw \u{1B}[2J##[add-mask]y", duration: .seconds(62),
      file: "scenarios/b,c.yaml", line: 31),
    CaseFinish(
      id: "c", title: "c", verdict: .flaky, reason: "passed on attempt 2",
      duration: .seconds(12), file: "scenarios/c.yaml", line: 1, attempts: 2),
    CaseFinish(
      id: "d", title: "Fourth", verdict: .passed, duration: .seconds(1), isUnchecked: true),
    CaseFinish(id: "e", title: "Fifth", verdict: .error, reason: "50% done", duration: .zero),
    CaseFinish(id: "f", title: "Sixth", verdict: .skipped, reason: "no SSH", duration: .zero),
  ]
  var counts = VerdictCounts()
  for finish in finishes { counts.add(finish) }
  counts.notRun = 2
  return [.runStarted(RunStart(run: "r1", cases: 8, workers: 2))]
    + finishes.flatMap { finish -> [ReporterEvent] in
      [
        .caseStarted(CaseStart(id: finish.id, title: finish.title, attempt: 1)),
        .stepStarted(StepStart(id: finish.id, title: "click “Go”")),
        .progress(CaseProgress(id: finish.id, doing: "looking")),
        .caseFinished(finish),
      ]
    }
    + [
      .warning("the disk is nearly full"),
      .runFinished(
        RunFinish(
          counts: counts, duration: .seconds(75),
          reports: [
            .init(name: "Report", path: "reports/r1/index.html"),
            .init(name: "JUnit", path: "reports/r1/junit.xml"),
          ], rerun: "qa-agent run --rerun r1")),
    ]
}()

private func text(_ reporter: some Reporter, _ events: [ReporterEvent] = run) -> String {
  var reporter = reporter
  return events.map { reporter.text(for: $0, at: .zero) }.joined()
}

private let ending = """

  8 cases: 2 passed (1 with nothing checked), 1 flaky, 1 skipped, 1 failed, 1 error, 2 not run, in 1m 15s.
  Report: reports/r1/index.html
  JUnit:  reports/r1/junit.xml
  Again:  qa-agent run --rerun r1

  """

struct ListReporterTests {
  @Test func `list tells each case in a line, and why it did not simply pass`() {
    let expected = #"""
      Running 8 cases, 2 at once: r1
      [1/8] passed       1.2s  a  First
      [2/8] failed     1m 02s  b[lang=de]  Second
          | expected “Danke”
          | ::error::x
          | saw \u{1b}[2J##[add-mask]y
          | scenarios/b,c.yaml:31
      [3/8] flaky         12s  c (2 attempts)
          | passed on attempt 2
      [4/8] passed       1.0s  d  Fourth (nothing checked)
      [5/8] error        0.0s  e  Fifth
          | 50% done
      [6/8] skipped      0.0s  f  Sixth
          | no SSH
      warning: the disk is nearly full

      """#
    #expect(text(ListReporter(settings: ReporterSettings())) == expected + ending)
  }

  @Test func `quiet tells only what did not pass`() {
    let settings = ReporterSettings(verbosity: Verbosity(isQuiet: true, level: 0))
    let lines = text(ListReporter(settings: settings)).split(separator: "\n")
    #expect(
      lines.filter { $0.hasPrefix("[") }.map { $0.prefix(12) } == ["[2/8] failed", "[5/8] error "])
  }

  @Test func `verbose tells steps, and twice verbose what is done for them`() {
    func lines(_ level: Int) -> [String] {
      let settings = ReporterSettings(verbosity: Verbosity(isQuiet: false, level: level))
      return text(ListReporter(settings: settings), Array(run.prefix(5))).split(separator: "\n")
        .map(String.init).filter { $0.contains(">") }
    }
    #expect(lines(0).isEmpty)
    #expect(lines(1) == ["    > a", "    > a: click “Go”"])
    #expect(lines(2) == ["    > a", "    > a: click “Go”", "    > a: … looking"])
  }

  @Test func `without a terminal there is a sign of life each half minute`() {
    var reporter = ListReporter(settings: ReporterSettings())
    _ = reporter.text(for: .runStarted(RunStart(run: "r", cases: 2, workers: 2)), at: .zero)
    _ = reporter.text(for: .caseStarted(CaseStart(id: "a", title: "", attempt: 2)), at: .zero)
    _ = reporter.text(for: .caseStarted(CaseStart(id: "b", title: "", attempt: 1)), at: .seconds(1))
    _ = reporter.text(for: .stepStarted(StepStart(id: "b", title: "wait")), at: .seconds(20))
    _ = reporter.text(
      for: .progress(CaseProgress(id: "b", doing: "deciding", modelCalls: 3, tokens: 1234)),
      at: .seconds(26))
    #expect(reporter.text(at: .seconds(29)).isEmpty)
    #expect(
      reporter.text(at: .seconds(30)) == """
            … a (attempt 2), starting 30s
            … b: wait, deciding 4s, reply 4s ago, 3 calls, 1.2k tokens

        """)
    #expect(reporter.text(at: .seconds(59)).isEmpty)
    #expect(!reporter.text(at: .seconds(60)).isEmpty)
    #expect(reporter.display(at: .seconds(60), columns: 80, rows: 24).isEmpty)
  }

  @Test func `on a terminal the display is the sign of life`() {
    var reporter = ListReporter(settings: ReporterSettings(isTerminal: true))
    _ = reporter.text(for: .runStarted(RunStart(run: "r", cases: 2, workers: 1)), at: .zero)
    _ = reporter.text(for: .caseStarted(CaseStart(id: "a", title: "", attempt: 1)), at: .zero)
    #expect(reporter.text(at: .seconds(300)).isEmpty)
    #expect(
      reporter.display(at: .seconds(62), columns: 40, rows: 24) == [
        "0 of 2 · 1m 02s", "  a                      starting 1m 02s",
      ])
    _ = reporter.text(
      for: .runFinished(RunFinish(counts: VerdictCounts(), duration: .zero)), at: .zero)
  }
}

struct OtherReporterTests {
  @Test func `line keeps only what did not pass`() {
    let expected = #"""
      failed     1m 02s  b[lang=de]  Second
          | expected “Danke”
          | ::error::x
          | saw \u{1b}[2J##[add-mask]y
          | scenarios/b,c.yaml:31
      error        0.0s  e  Fifth
          | 50% done
      warning: the disk is nearly full

      """#
    #expect(text(LineReporter(settings: ReporterSettings())) == expected + ending)
    var reporter = LineReporter(settings: ReporterSettings(isTerminal: true))
    for event in run.prefix(7) { _ = reporter.text(for: event, at: .zero) }
    #expect(
      reporter.display(at: .seconds(3), columns: 80, rows: 24) == ["1 of 8 · 1 passed · 3s"])
  }

  @Test func `dots are a character a case, and the failures at the end`() {
    let told = text(DotsReporter(settings: ReporterSettings(columns: 4)))
    #expect(
      told.hasPrefix("·F±·\nE°\nwarning: the disk is nearly full\n\nfailed     1m 02s  b[lang=de]"))
    #expect(told.hasSuffix(ending))
  }

  @Test func `github marks the places of failures in its own escapes`() {
    let expected = #"""
      ::error file=scenarios/b%2Cc.yaml,line=31,title=b[lang=de]%3A failed::expected “Danke”%0A::error::x%0Asaw \u{1b}[2J##[add-mask]y
      ::warning file=scenarios/c.yaml,line=1,title=c%3A flaky::passed on attempt 2
      ::error title=e%3A error::50%25 done
      ::warning::the disk is nearly full

      """#
    #expect(text(GitHubReporter()) == expected)
  }

  @Test func `github shows ten of a kind, and the tenth counts the rest`() {
    let many = (1...30).map {
      ReporterEvent.caseFinished(
        CaseFinish(id: "c\($0)", title: "", verdict: .failed, reason: "no", duration: .zero))
    }
    let lines = text(GitHubReporter(), many + run.suffix(1)).split(separator: "\n")
    #expect(lines.count == 10)
    #expect(lines.last == "::error::and 21 more cases did not pass")
  }

  @Test func `the step summary is a table that text from outside cannot leave`() {
    var summary = GitHubSummary()
    let hostile = CaseFinish(
      id: "x`|<img>", title: "", verdict: .failed, reason: "a|b\n`c", duration: .zero)
    let told = (run.dropLast() + [.caseFinished(hostile)] + run.suffix(1))
      .compactMap { summary.markdown(for: $0) }
    let expected = #"""
      ### qa-agent: 8 cases

      2 passed (1 with nothing checked), 1 flaky, 1 skipped, 1 failed, 1 error, 2 not run, in 1m 15s.

      | verdict | case | why |
      | --- | --- | --- |
      | failed | `b[lang=de]` | `expected “Danke” ::error::x saw \u{1b}[2J##[add-mask]y` |
      | error | `e` | `50% done` |
      | failed | `xˋ\|<img>` | `a\|b ˋc` |
      | flaky | `c` | `passed on attempt 2` |
      | passed | `d` | `nothing checked` |
      | skipped | `f` | `no SSH` |

      Run the failures again: `qa-agent run --rerun r1`

      """#
    #expect(told == [expected])
  }

  @Test func `json is one object a line, each with its event`() throws {
    let lines = text(JSONReporter()).split(separator: "\n")
    #expect(lines.count == run.count)
    let objects = try lines.map { try JSON(parsing: String($0)) }
    #expect(objects[0]["version"]?.integer == 1)
    let failed = try #require(objects.first { $0["verdict"]?.string == "failed" })
    #expect(failed["event"]?.string == "case_finished")
    #expect(failed["line"]?.integer == 31)
    #expect(failed["seconds"]?.double == 62)
    #expect(objects.last?["counts"]?["passed"]?.integer == 2)
    #expect(objects.last?["reports"]?["JUnit"]?.string == "reports/r1/junit.xml")
  }

  @Test func `json holds no control character, not even an escaped one that a terminal obeys`()
    throws
  {
    let told = text(JSONReporter(), [.warning("a\u{9B}31mb\u{1B}c")])
    let isPlain = told.unicodeScalars.allSatisfy {
      $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) || $0 == "\n"
    }
    #expect(isPlain)
    #expect(try JSON(parsing: told)["text"]?.string == "a\u{9B}31mb\u{1B}c")
  }

  @Test func `inside GitHub Actions annotations come by themselves`() {
    func count(_ choices: [ReporterChoice]?, _ environment: [String: String]) -> Int {
      ReporterChoice.reporters(choices, environment: environment, settings: ReporterSettings())
        .count
    }
    #expect(count(nil, [:]) == 1)
    #expect(count(nil, ["GITHUB_ACTIONS": "true"]) == 2)
    #expect(count([.github, .dots], ["GITHUB_ACTIONS": "true"]) == 2)
    #expect(count([.json], ["GITHUB_ACTIONS": "true"]) == 1)
    #expect(count([.none], ["GITHUB_ACTIONS": "true"]) == 0)
  }
}

struct LiveDisplayTests {
  private func progress(_ count: Int) -> RunProgress {
    var progress = RunProgress()
    progress.apply(.runStarted(RunStart(run: "r", cases: 40, workers: count)), at: .zero)
    for index in 0..<count {
      let id = "shop/check-out[lang=\(index)]"
      progress.apply(.caseStarted(CaseStart(id: id, title: "", attempt: 1)), at: .zero)
      progress.apply(
        .stepStarted(StepStart(id: id, title: "click “Add \u{1B}日本語 to cart”")), at: .zero)
      progress.apply(
        .progress(CaseProgress(id: id, doing: "asking the model", modelCalls: 3, tokens: 4321)),
        at: .seconds(8))
    }
    return progress
  }

  @Test func `each worker has a line, with what matters most when there is little room`() {
    let display = LiveDisplay(progress(1), style: Style(isColored: false))
    #expect(
      display.lines(at: .seconds(20), columns: 120, rows: 24) == [
        "0 of 40 · 20s",
        "  shop/check-out[lang=0]  click “Add \\u{1b}日本語 to cart”  asking the model 12s · reply 12s ago · 3 calls · 4.3k tokens",
      ])
    #expect(
      display.lines(at: .seconds(20), columns: 60, rows: 24)[1]
        == "  shop/check-out[lang…  asking the model 12s · reply 12s ago")
  }

  @Test(arguments: 1...200)
  func `no line is wider than the terminal, and one row stays free`(columns: Int) {
    for count in [0, 1, 5, 30] {
      let display = LiveDisplay(progress(count), style: Style(isColored: true))
      for rows in [1, 2, 3, 10, 24] {
        let lines = display.lines(at: .seconds(5000), columns: columns, rows: rows)
        #expect(lines.count < max(rows, 1))
        let widest = lines.map { TerminalText.width(TerminalText.plain($0)) }.max() ?? 0
        #expect(widest <= columns, "\(columns) columns, \(rows) rows")
      }
    }
  }

  @Test func `workers that do not fit are counted`() {
    let display = LiveDisplay(progress(9), style: Style(isColored: false))
    let lines = display.lines(at: .zero, columns: 80, rows: 6)
    #expect(lines.count == 5)
    #expect(lines.last == "  and 6 more")
  }

  @Test func `an event of a case that is not running changes nothing`() {
    var progress = progress(1)
    let before = progress
    progress.apply(.stepStarted(StepStart(id: "other", title: "x")), at: .seconds(9))
    progress.apply(.progress(CaseProgress(id: "other", doing: "x")), at: .seconds(9))
    #expect(progress == before)
  }
}
