import JSONCoding
import Policy
import Props
import Scenario
import Testing

@testable import Session
@testable import Story

/// Commands that a model runs on hosts: ruled on by the plan's policy, run as they were understood, and told.
struct ModelCommandTests {
  /// An act line that is up to a model on a target with a host, asked on picture 1.
  private func asked(
    hasPerson: Bool = false, shell: Bool? = true, limits: Policy.Limits = Policy.Limits()
  ) -> Script {
    var plan = SessionPlan.of(.act("See to it"), .expect(.holds), model: .plain)
    plan = plan.permittingCommands(hasPerson: hasPerson, shell: shell, limits: limits)
    var script = Script.prepared(plan)
    script.send([.interpreted(moves: nil), .sees(1)])
    return script
  }

  private func ended(
    _ status: Int = 0, _ stdout: String = "", dropped: Int = 0
  ) -> SessionEvent {
    .ran(result: CommandResult(ending: .exited(status), stdout: stdout, dropped: dropped))
  }

  private func command(_ script: Script) -> SSHCommand? {
    if case .run(let command) = script.effect { command } else { nil }
  }

  private func answer(_ script: Script) -> String {
    let message = script.machine.conversation.last { $0.role == .tool }
    return message?.parts.compactMap { if case .text(let text) = $0 { text } else { nil } }
      .joined() ?? ""
  }

  // MARK: - What is offered

  @Test func `a tool for commands is offered where something is permitted`() {
    guard case .think(_, _, _, let tools) = asked().effect else {
      Issue.record("nobody is asked")
      return
    }
    #expect(tools == [.computer, .run, .shell])
    guard case .think(_, _, _, let fewer) = asked(shell: nil).effect else {
      Issue.record("nobody is asked")
      return
    }
    #expect(fewer == [.computer, .run])
  }

  @Test func `no such tool where no policy, no host, or no permission is`() {
    let plans: [(inout SessionPlan) -> Void] = [
      { $0.policy = nil }, { $0.testCase.scenario.target.ssh = nil },
      { $0.testCase.scenario.permissions = Permissions() },
    ]
    for change in plans {
      var plan = SessionPlan.of(.act("See to it"), model: .plain).permittingCommands()
      change(&plan)
      var script = Script.prepared(plan)
      script.send([.interpreted(moves: nil), .sees(1)])
      guard case .think(_, _, _, let tools) = script.effect else {
        Issue.record("wants \(script.effect)")
        return
      }
      #expect(tools == nil)
      script.send(.runs(["ls"]))
      #expect(script.rejections == ["There is no tool “run”; use `computer`."])
      #expect(command(script) == nil)
    }
  }

  // MARK: - What runs

  @Test func `what the policy allows runs, and the model is told and shown the screen`() {
    var script = asked()
    script.send(.runs(["ls", "-l", "it's here"]))
    let run = command(script)
    #expect(run?.arguments?.map(\.description) == ["ls", "-l", "it's here"])
    #expect(run?.limit == .seconds(60))
    #expect(script.state == "running")
    script.send(ended(0, "one\ntwo\n"))
    #expect(script.effect == .observe(settled: true))
    script.send(.sees(2))
    #expect(
      answer(script).hasPrefix("Done: `ls -l 'it'\"'\"'s here'` exited with 0."),
      "\(answer(script))")
    #expect(answer(script).contains(#""stdout":"one\ntwo\n""#))
    script.send([.ends("success"), .sees(3), .reads(true)])
    #expect(script.verdict == .passed)
    #expect(script.outcome?.actions == 1)
  }

  @Test func `of a script runs what was understood of it, never the model's own text`() {
    var script = asked()
    script.send(.writes("ls   '-l'  |  cat   -n"))
    #expect(script.rejections == [], "cat has no rule")
    script = asked()
    script.send(.writes("ls   '-l'  ;ls \"a b\""))
    #expect(command(script)?.run == Template("ls -l; ls 'a b'"))
    #expect(command(script)?.arguments == nil)
  }

  @Test(arguments: [
    ["rm", "-rf", "/"], ["touch", "x"], ["ls", "/etc/passwd"], ["ls", "/secret"],
    ["sh", "-c", "ls"],
    ["ls", "a\u{202E}b"], ["cat", "x"],
  ])
  func `what is not permitted does not run, and the model is told why`(words: [String]) {
    var script = asked()
    script.send(.runs(words))
    #expect(command(script) == nil)
    #expect(script.effect == .observe(settled: true))
    script.send(.sees(2))
    #expect(answer(script).hasPrefix("Not permitted, and not run: "), "\(answer(script))")
    let ruling = script.notes.compactMap { if case .ruled(let ruling) = $0 { ruling } else { nil } }
    #expect(ruling.last?.decision == .deny)
    #expect(script.machine.actions == 0)
  }

  @Test func `the ruling names the operator's rule and its reason`() {
    var script = asked()
    script.send([.runs(["ls", "/etc/shadow"]), .sees(2)])
    #expect(
      answer(script).contains("“no-etc” (qa-agent.policy.yaml:3): that is nobody's"),
      "\(answer(script))")
  }

  @Test func `a model that goes on asking for what is forbidden ends in an error`() {
    var script = asked()
    for number in 1...SessionMachine.mostRefusals {
      script.send([.runs(["id"]), .sees(number + 1)])
    }
    #expect(script.verdict == .error)
    #expect(script.reason.contains("unusable answers in a row"), "\(script.reason)")
  }

  @Test func `no line that somebody else wrote runs, as words or as a script`() {
    for text in Injections.lines(leaving: "/tmp/canary").map({
      $0.replacing("NOTES", with: "/notes")
    }) {
      for event in [
        SessionEvent.writes(text), .runs(text.split(separator: " ").map(String.init)),
      ] {
        var script = asked()
        script.send(event)
        guard let command = command(script) else { continue }
        // What is left of it when each word stands for itself only lists.
        #expect(command.run.description.hasPrefix("ls "), "\(text)")
        let parsed = try? ParsedCommand(text: command.run.description)
        #expect(
          parsed?.segments.allSatisfy { $0.words[0] == "ls" && $0.redirections.isEmpty } == true,
          "\(text)")
      }
    }
  }

  // MARK: - A person

  @Test func `a person is asked where the policy says so, and the answer holds`() {
    var script = asked(hasPerson: true)
    script.send(.runs(["touch", "x"]))
    guard case .permit(let command, let reason) = script.effect else {
      Issue.record("wants \(script.effect)")
      return
    }
    #expect(script.state == "permitting")
    #expect(command.run == Template("touch x"))
    #expect(reason.contains("no rule permits it"), "\(reason)")
    var refused = script
    refused.send([.authorised(refusal: "nobody said yes"), .sees(2)])
    #expect(answer(refused) == "Not permitted, and not run: nobody said yes")
    #expect(refused.machine.actions == 0)
    script.send(.authorised(refusal: nil))
    #expect(self.command(script) == command)
  }

  @Test func `what is denied is not even asked about`() {
    var script = asked(hasPerson: true)
    script.send(.runs(["ls", "/etc"]))
    #expect(script.effect == .observe(settled: true))
  }

  // MARK: - What is not known

  @Test func `what nobody knows the end of is told as that`() {
    var script = asked()
    script.send([
      .runs(["ls"]), .ran(result: CommandResult(ending: .timedOut(.seconds(60)))), .sees(2),
    ])
    #expect(answer(script).contains("It is not known what it has done"))
    #expect(answer(script).contains(#""exit":null"#))
  }

  @Test func `a line that is lost while it runs ends the step, and nothing is repeated`() {
    var script = asked()
    script.send([.runs(["ls"]), .failed(fault: Fault(.host, "the line is gone"))])
    #expect(script.verdict == .error)
    #expect(script.reason.contains("it is not known whether `ls` was done"), "\(script.reason)")
  }

  @Test func `a long output is cut in the middle, and that is said`() {
    var script = asked()
    let long = String(repeating: "a", count: 3000) + String(repeating: "b", count: 3000)
    script.send([.runs(["ls"]), ended(0, long, dropped: 7), .sees(2)])
    #expect(answer(script).contains("… 2000 characters left out …"))
    #expect(answer(script).contains("7 bytes of it were left out"))
    #expect(answer(script).unicodeScalars.count < 4500)
  }

  // MARK: - Limits

  @Test func `the limits of the policy hold`() {
    var script = asked(limits: Policy.Limits(timeout: .seconds(5), output: 1000, commands: 1))
    script.send(.runs(["ls"], ["timeout": 30]))
    #expect(command(script)?.limit == .seconds(5))
    #expect(command(script)?.largestOutput == 1000)
    script.send([ended(), .sees(2), .runs(["ls", "b"])])
    #expect(command(script) == nil)
    script.send(.sees(3))
    #expect(answer(script).contains("the policy permits 1 commands of a case"), "\(answer(script))")
  }

  @Test func `the same command again and again is an error`() {
    var script = asked()
    for number in 1..<20 where script.outcome == nil {
      script.send([.runs(["ls"]), ended(), .sees(number + 1)])
    }
    #expect(script.verdict == .error)
    #expect(script.reason.contains("the model is stuck"), "\(script.reason)")
  }

  // MARK: - Calls that are no commands

  @Test(arguments: [
    ("run", #"{"argv": []}"#), ("run", #"{"argv": "ls"}"#), ("run", #"{"argv": [1]}"#),
    ("run", #"{"argv": ["ls"], "host": "db"}"#), ("run", #"{"argv": ["ls"], "timeout": 1e300}"#),
    ("run", #"{"argv": ["ls"], "timeout": "soon"}"#), ("run", #"{"argv": ["ls"], "cwd": "/etc"}"#),
    ("run", #"{"argv": ["ls"]"#), ("shell", #"{"argv": ["ls"]}"#), ("shell", #"{"script": 7}"#),
    ("rum", #"{"argv": ["ls"]}"#),
  ])
  func `a call that is no command is told why`(name: String, arguments: String) {
    var script = asked()
    let call = ToolRequest(id: "c", name: name, arguments: arguments)
    script.send(.replied(reply: ModelReply(calls: [call], promptTokens: 1)))
    #expect(command(script) == nil)
    #expect(script.rejections.count == 1)
    #expect(script.effect == .observe(settled: true))
  }
}
