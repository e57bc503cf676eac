import Recording
import Story
import Testing

@testable import Reports

struct RunWordsTests {
  @Test(arguments: [
    (
      ["qa-agent", "run", "a", "--rerun", "old", "--shard=1/2", "-q"], "qa-agent run a -q --rerun R"
    ),
    (["/usr/bin/qa-agent", "run", "--last-failed", "it's"], #"qa-agent run 'it'\''s' --rerun R"#),
    (["scenarios", "--shard", "1/2", "$HOME", ""], "qa-agent run scenarios '$HOME' '' --rerun R"),
    (["run", "'\u{301}; rm x"], #"qa-agent run ''\''\#u{301}; rm x' --rerun R"#),
  ])
  func `builds a command that a shell reads as it was meant`(words: [String], command: String) {
    var info = SampleRun.info
    info.id = "R"
    info.commandLine = words
    #expect(info.rerunCommand == command)
  }

  @Test func `says what a run came to`() throws {
    var report = RunFold.report(try SampleRun.passing())
    #expect(report.headline == "The case passed")
    report.ending?.signal = "SIGINT"
    #expect(report.headline == "The run was stopped by SIGINT after 1 of 1 case")
    report.cases[0].ending = Ending(.failed, "why")
    #expect(report.headline == "1 of 1 case failed; the run was stopped by SIGINT")
    report = RunReport(info: SampleRun.info)
    report.info.selected = 0
    report.ending = RunEnding(duration: .zero, exitCode: 0)
    #expect(report.headline == "No case was run")
    report.cases = [CaseReport(id: "a", ending: Ending(.skipped, "why"))]
    #expect(report.headline == "The case was skipped")
    report.cases.append(CaseReport(id: "b", ending: Ending(.error, "why")))
    #expect(report.headline == "1 of 2 cases came to no verdict")
    #expect(report.verdict == .error)
  }
}
