@testable import Runner
import Scenario
import Story
import Testing

@Suite struct VerdictTests {
  private func attempts(_ verdicts: [Verdict], retries: Int) -> Attempts {
    var attempts = Attempts(retries: retries)
    for verdict in verdicts { attempts.append(Outcome(ending: Ending(verdict, "because"))) }
    return attempts
  }

  @Test(arguments: [Verdict.failed, .error, .timedOut])
  func `what did not pass is tried again as often as allowed`(verdict: Verdict) {
    #expect(attempts([], retries: 0).wantsAnother)
    #expect(!attempts([verdict], retries: 0).wantsAnother)
    #expect(attempts([verdict], retries: 1).wantsAnother)
    #expect(!attempts([verdict, verdict], retries: 1).wantsAnother)
  }

  @Test(arguments: [Verdict.passed, .skipped, .interrupted])
  func `what passed, was left out or was stopped is not tried again`(verdict: Verdict) {
    #expect(!attempts([verdict], retries: 3).wantsAnother)
  }

  @Test func `a pass after a failure is flaky and says what failed`() {
    let ending = attempts([.failed, .passed], retries: 1).ending
    #expect(ending.verdict == .flaky)
    #expect(ending.reason.contains("attempt 2"))
    #expect(ending.reason.contains("because"))
  }

  @Test func `the last failure stands when no attempt passed`() {
    #expect(attempts([.failed, .error], retries: 1).ending.verdict == .error)
  }

  @Test(arguments: [
    ([Verdict.passed, .skipped], 0), ([.passed, .flaky], 0), ([], 4), ([.skipped], 4),
    ([.passed, .failed], 1),
    ([.timedOut], 1), ([.error, .failed], 1), ([.passed, .error], 5), ([.interrupted], 5),
  ])
  func `the exit code tells a failed product from a missing verdict`(
    verdicts: [Verdict], code: Int
  ) {
    #expect(ExitStatus.code(verdicts: verdicts, failsOnFlaky: false) == code)
  }

  @Test func `what never ran leaves a run without a verdict, and nothing tried is no pass`() {
    #expect(ExitStatus.code(verdicts: [.passed], notRun: 1, failsOnFlaky: false) == 5)
    #expect(ExitStatus.code(verdicts: [.failed], notRun: 1, failsOnFlaky: false) == 1)
    #expect(
      ExitStatus.code(verdicts: [.skipped], failsOnFlaky: false, passesWithNoTests: true) == 0)
    #expect([0, 1, 5, 130].map(ExitStatus.withoutReports) == [3, 3, 5, 130])
  }

  @Test func `flaky counts as a failure only when asked`() {
    #expect(ExitStatus.code(verdicts: [.flaky], failsOnFlaky: true) == 1)
  }

  @Test func `a signal has the last word`() {
    #expect(ExitStatus.code(verdicts: [.failed], failsOnFlaky: false, signal: 2) == 130)
    #expect(ExitStatus.code(verdicts: [.passed], failsOnFlaky: false, signal: 15) == 143)
  }
}

@Suite struct RequirementsTests {
  private func decide(
    _ requires: [String], _ model: Requirements.Model, commands: Set<String> = [],
    isStrict: Bool = false
  ) -> Requirements.Decision {
    var testCase = SelectionTests.make("a", "A", [])
    testCase.scenario.requires = requires
    let requirements = Requirements(model: model) { commands.contains($0) ? "/bin/\($0)" : nil }
    return requirements.decide(testCase, isStrict: isStrict)
  }

  @Test func `nothing required always runs`() {
    #expect(decide([], .forbidden) == .run)
  }

  @Test func `a missing model skips with the fix unless somebody configured it`() {
    #expect(decide(["model"], .available(name: "m")) == .run)
    guard case .skip(let reason) = decide(["model"], .absent(fix: "docker model pull m")) else {
      Issue.record("an absent model must skip")
      return
    }
    #expect(reason.contains("docker model pull m"))
    #expect(decide(["model"], .broken("refused")) == .error("refused"))
    guard case .skip = decide(["model"], .forbidden) else {
      Issue.record("a forbidden model must skip")
      return
    }
  }

  @Test func `under strict nothing is left out`() {
    guard case .error = decide(["model"], .absent(fix: "x"), isStrict: true),
      case .error = decide(["tool-x"], .available(name: "m"), isStrict: true)
    else {
      Issue.record("strict must not skip")
      return
    }
  }

  @Test func `a command is looked for and its package is named`() {
    #expect(decide(["xvnc"], .forbidden, commands: ["Xtigervnc"]) == .run)
    guard case .skip(let reason) = decide(["xvnc"], .forbidden) else {
      Issue.record("a missing command must skip")
      return
    }
    #expect(reason.contains("apt-get install tigervnc-standalone-server"))
  }
}
