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
    (["qa-agent", "run", "a", "--debug-on-failure"], "qa-agent run a --rerun R"),
    (["qa-agent", "debug", "a/b.yaml:12", "--json"], "qa-agent run a/b.yaml --rerun R"),
    (
      ["qa-agent", "debug", "a.yaml", "--target", "vnc://h:5901"],
      "qa-agent run a.yaml --target vnc://h:5901 --rerun R"
    ),
    (["run", "'\u{301}; rm x"], #"qa-agent run ''\''\#u{301}; rm x' --rerun R"#),
  ])
  func `builds a command that a shell reads as it was meant`(words: [String], command: String) {
    var info = SampleRun.info
    info.id = "R"
    info.commandLine = words
    #expect(info.rerunCommand == command)
  }

  @Test func `several runs are one report, and of a case in several the last run counts`() throws {
    var first = RunFold.report(try SampleRun.lines())
    var second = RunFold.report(try SampleRun.passing())
    let again = try #require(first.cases.first)
    second.cases = [again]
    second.cases[0].ending = Ending(.failed, "later")
    second.info.id = "other"
    second.duration = first.duration + .seconds(1)
    first.neverBegun = [again]
    let merged = try #require(RunReport.merged([first, second]))
    #expect(merged.cases.count == first.cases.count)
    #expect(merged.cases.last?.ending.reason == "later")
    #expect(merged.neverBegun.isEmpty, "it began in the second")
    #expect(merged.duration == second.duration)
    #expect(merged.info.id == "\(first.info.id), other")
    #expect(merged.warnings.contains { $0.contains("1 case is in several runs") })
    #expect(merged.rerunCommand == nil, "no one command runs both again")
    #expect(merged.ending?.exitCode == 1)
    second.ending = nil
    #expect(RunReport.merged([first, second])?.ending == nil, "one was cut off")
    #expect(RunReport.merged([first]) == first)
    #expect(RunReport.merged([]) == nil)
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
