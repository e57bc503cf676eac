import Pixels
import Scenario
import Testing

@testable import Session
@testable import Story

/// Commands on hosts, as steps and as checks.
struct HostTests {
  private static let restart = SSHCommand(run: Template("restart shop"))

  private func running(_ command: SSHCommand = restart, as name: String? = nil) -> Script {
    Script.prepared(.of(.the(.ssh(command), as: name), .expect(.holds)))
  }

  private func ends(
    _ ending: CommandResult.Ending, _ stdout: String = "", _ stderr: String = ""
  ) -> SessionEvent {
    .ran(result: CommandResult(ending: ending, stdout: stdout, stderr: stderr))
  }

  // MARK: - Steps

  @Test func `runs a command within a limit, and looks at no screen`() {
    var script = running()
    var wanted = Self.restart
    wanted.limit = .seconds(60)
    #expect(script.effect == .run(command: wanted))
    #expect(script.state == "running")
    script.send(ends(.exited(0)))
    #expect(script.verdict == .passed)
    #expect(script.outcome?.actions == 1)
  }

  @Test func `goes on when a command was started in the background`() {
    var script = running(
      SSHCommand(run: Template("serve"), place: .runner, isBackground: true))
    script.send(ends(.started))
    #expect(script.verdict == .passed)
  }

  @Test func `says of a command on the runner's machine no host`() {
    var script = running(SSHCommand(run: Template("make seed"), place: .runner))
    script.send(ends(.exited(2), "", "no rule\n"))
    #expect(
      script.reason.contains("run `make seed` (line 7): it exited with 2;"), "\(script.reason)")
  }

  @Test func `takes the time of the step for its limit`() {
    let script = Script.prepared(.of(.the(.ssh(Self.restart), timeout: .seconds(5))))
    guard case .run(let command) = script.effect else {
      Issue.record("wants \(script.effect)")
      return
    }
    #expect(command.limit == .seconds(5))
  }

  @Test func `fails on another status, and says what was written`() {
    var script = running()
    script.send(ends(.exited(3), "", "no such unit\n"))
    #expect(script.verdict == .failed)
    #expect(
      script.reason.contains("run `restart shop` on the host (line 7): it exited with 3;"),
      "\(script.reason)")
    #expect(script.reason.contains("“no such unit”"))
  }

  @Test func `takes the status that is asked for`() {
    var command = Self.restart
    command.exit = 3
    var wanted = running(command)
    wanted.send(ends(.exited(3)))
    #expect(wanted.verdict == .passed)
    var other = running(command)
    other.send(ends(.exited(0)))
    #expect(other.verdict == .failed)
  }

  @Test(arguments: [
    CommandResult.Ending.unknown, .timedOut(.seconds(60)), .tooMuchOutput,
  ])
  func `an end that nobody knows is an error, and the command is not run again`(
    ending: CommandResult.Ending
  ) {
    let step = Step.the(.ssh(Self.restart), retry: Step.Retry(times: 3))
    var script = Script.prepared(.of(step, .expect(.holds)))
    script.send(ends(ending))
    #expect(script.verdict == .error)
  }

  @Test func `what was lost on the way is not run again, what was never sent may be`() {
    let step = Step.the(.ssh(Self.restart), retry: Step.Retry(times: 1))
    var lost = Script.prepared(.of(step))
    lost.send(.failed(fault: Fault(.host, "the line is gone", isTransient: true)))
    #expect(lost.verdict == .error)
    #expect(lost.reason.contains("it is not known whether `restart shop` was done"))
    var early = Script.prepared(.of(step))
    early.send(.failed(fault: Fault(.host, "refused", isTransient: true, wasNotDone: true)))
    #expect(early.effect == .pause(duration: .seconds(1)))
    early.send(.elapsed)
    early.send(ends(.exited(0)))
    #expect(early.verdict == .passed)
  }

  @Test func `counts as an action`() {
    var plan = SessionPlan.of(.the(.ssh(Self.restart)), limits: Limits(steps: 1))
    plan.testCase.scenario.steps.append(.the(.ssh(Self.restart)))
    var script = Script.prepared(plan)
    script.send(ends(.exited(0)))
    #expect(script.verdict == .timedOut)
    #expect(script.outcome?.actions == 1)
  }

  // MARK: - Results

  private func value(_ path: String, after stdout: String) -> Script {
    let check = Check.value(Template([.result(path)]), .equals(Template("7")))
    var script = Script.prepared(.of(.the(.ssh(Self.restart), as: "it"), .expect(check)))
    script.send(
      .ran(
        result: CommandResult(
          ending: .exited(0), stdout: stdout, stderr: "7", time: .milliseconds(1_042))))
    return script
  }

  @Test(arguments: [
    ("it", "7\n"), ("it.stdout", "7"), ("it.stderr", "x"),
    ("it.json.a", #"{"a": 7}"#), ("it.json.items[1].n", #"{"items": [{}, {"n": "7"}]}"#),
    ("it.json[0]", "[7, 8]"), ("it.json.a[0][1]", #"{"a": [[1, 7]]}"#), ("it.json", "7"),
  ])
  func `keeps what was written`(path: String, stdout: String) {
    #expect(value(path, after: stdout).verdict == .passed)
  }

  @Test(arguments: [
    ("it.json.b", #"{"a": 7}"#), ("it.json.a", "no JSON"), ("it.json.a[2]", #"{"a": [7]}"#),
    ("it.json.a[0", #"{"a": [7]}"#), ("it.json.a[-1]", #"{"a": [7]}"#),
  ])
  func `a value that is not there is an error`(path: String, stdout: String) {
    let script = value(path, after: stdout)
    #expect(script.verdict == .error)
    #expect(script.reason.contains("there is no result named “\(path)”"))
  }

  @Test(arguments: [(9, true), (0, false)])
  func `an output of which something is missing is no value`(dropped: Int, isText: Bool) {
    let asked = Check.not(
      .value(Template([.result("it.stdout")]), .contains(Template("ERROR"))))
    var script = Script.prepared(.of(.the(.ssh(Self.restart), as: "it"), .expect(asked)))
    script.send(
      .ran(
        result: CommandResult(
          ending: .exited(0), stdout: "all is well", dropped: dropped, isText: isText)))
    #expect(script.verdict == .error)
    #expect(script.warnings.contains { $0.hasPrefix("the output is no result “it”") })
  }

  @Test func `keeps the status and the time`() {
    let script = value("it.seconds", after: "")
    #expect(script.reason.contains("1.042"))
  }

  @Test func `fills results into a command`() {
    let next = Step.the(
      .ssh(
        SSHCommand(
          run: Template("echo x"), arguments: [Template("echo"), Template([.result("it")])],
          input: Template([.result("it")]), environment: ["A": Template([.result("it")])])))
    var script = Script.prepared(.of(.the(.ssh(Self.restart), as: "it"), next))
    script.send(ends(.exited(0), "7\n"))
    guard case .run(let command) = script.effect else {
      Issue.record("wants \(script.effect)")
      return
    }
    #expect(command.arguments == [Template("echo"), Template("7")])
    #expect(command.input == Template("7"))
    #expect(command.environment == ["A": Template("7")])
  }

  // MARK: - Checks

  private static let isUp = Check.ssh(
    Check.SSHCheck(command: Template("is up"), matches: "yes"))

  @Test func `asks a host without a look at the screen, again and again until it holds`() {
    var script = Script.prepared(.of(.expect(Self.isUp), patience: .seconds(3)))
    guard case .examine(let leaves, _) = script.effect, case .ssh(let check)? = leaves.first else {
      Issue.record("wants \(script.effect)")
      return
    }
    #expect(check.limit == .seconds(3))
    #expect(script.send(.reads(false)) == .pause(duration: .seconds(1)))
    script.send(.elapsed, after: .seconds(1))
    script.send(.reads(true))
    #expect(script.verdict == .passed)
    #expect(script.outcome?.checksHeld == 1)
  }

  @Test func `fails when its time is over, and is an error where it cannot be told`() {
    var failed = Script.prepared(.of(.expect(Self.isUp), patience: .seconds(1)))
    failed.send(.reads(false), after: .seconds(2))
    #expect(failed.verdict == .failed)
    var unclear = Script.prepared(.of(.expect(.not(Self.isUp)), patience: .seconds(1)))
    let doubt = LeafReading(holds: false, doubt: "it hangs", measured: "it hangs")
    unclear.send(.examined(readings: [doubt]), after: .seconds(2))
    #expect(unclear.verdict == .error)
  }

  @Test func `looks at the screen where the check asks for that too`() {
    var script = Script.prepared(.of(.expect(.all([Self.isUp, .shows("Up")]))))
    #expect(script.effect == .observe(settled: false))
    script.send(.sees(1))
    #expect(script.send(.reads(true, false)) == .pause(duration: .seconds(1)))
    #expect(script.send(.elapsed) == .observe(settled: false))
    script.send([.sees(2), .reads(true, true)])
    #expect(script.verdict == .passed)
  }

  @Test func `older recordings have no commands`() {
    var plan = SessionPlan.of(.the(.ssh(Self.restart)))
    plan.rules = .third
    #expect(Script.prepared(plan).reason.contains("this version cannot do `ssh` steps yet"))
    plan.testCase.scenario.steps = [.expect(.not(Self.isUp))]
    #expect(Script.prepared(plan).reason.contains("this version cannot do `ssh` checks yet"))
  }
}
