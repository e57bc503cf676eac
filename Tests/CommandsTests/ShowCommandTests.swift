import JSONCoding
import Pixels
import Policy
import Props
import Recording
import Scenario
import Story
import Testing

@testable import Commands

/// `qa-agent show`: what happened, by what the journal has.
@Suite(.timeLimit(.minutes(2)))
struct ShowCommandTests {
  @Test func `a run is shown with its cases, and one that nobody finished says so`() async throws {
    let recorded = try await RecordedRun()
    try await recorded.write(case: "shop/buy", verdict: .failed)
    let running = await recorded.run("show", "latest")
    #expect(running.results.contains("\(recorded.id)  is still running"), "\(running)")
    await recorded.kill()
    let killed = await recorded.run("show", recorded.id)
    #expect(killed.code == .success)
    #expect(killed.results.contains("1 of 1 case failed; the run was cut off"), "\(killed)")
    #expect(killed.results.contains("failed    shop/buy  Case shop/buy"), "\(killed)")
    #expect(killed.results.contains("folder: DIR/reports/\(recorded.id)"))
    let json = try JSON(
      parsing: Array(await recorded.run("show", "latest", "--json").results.utf8))
    #expect(json["version"]?.integer == 1)
    #expect(json["run"]?["finished"] == false)
    #expect(json["cases"]?[0]?["verdict"]?.string == "failed")
  }

  @Test func `ids with slashes and brackets are found, the longest that fits`() async throws {
    let recorded = try await RecordedRun()
    for id in ["model", "model/shop", "model/shop/2", "a[b/c]"] {
      try await recorded.write(case: id)
    }
    try await recorded.finish()
    for (place, id) in [
      ("latest/model", "model"), ("latest/model/shop", "model/shop"),
      ("latest/model/shop/2", "model/shop/2"), ("latest/a[b/c]", "a[b/c]"),
      ("DIR/reports/latest/model/shop", "model/shop"), ("4f2a/model/shop", "model/shop"),
      ("DIR/reports/\(recorded.id)/a[b/c]", "a[b/c]"),
    ] {
      let ran = await recorded.run("show", place)
      #expect(ran.results.hasPrefix("passed    \(id)  Case \(id)  1.0s\n"), "\(place): \(ran)")
      #expect(ran.results.contains("1. one") && ran.results.contains("2. two"))
    }
    for place in ["latest/model/1", "latest/model/:10", "latest/model/10"] {
      let ran = await recorded.run("show", place)
      #expect(ran.results.contains("1. one") && !ran.results.contains("2. two"), "\(ran)")
    }
    #expect(await recorded.run("show", "latest/model/").results.hasPrefix("passed    model  "))
  }

  @Test func `what is not there is an error that names what is, the nearest first`() async throws {
    let recorded = try await RecordedRun()
    for id in ["sign-in", "shop/buy", "shop/pay"] { try await recorded.write(case: id) }
    try await recorded.finish()
    let run = await recorded.run("show", "latset")
    #expect(run.code == .usage)
    #expect(run.messages.contains("“latset”") && run.messages.contains(recorded.id), "\(run)")
    let item = await recorded.run("show", "latest/shop/pax")
    #expect(item.code == .usage)
    #expect(item.messages.contains("it has shop/pay, shop/buy, sign-in"), "\(item)")
    let step = await recorded.run("show", "latest/sign-in/9")
    #expect(step.code == .usage)
    #expect(step.messages.contains("no step 9; it has 2 (line 20), 1 (line 10)"), "\(step)")
    let word = await recorded.run("show", "latest/sign-in/last")
    #expect(word.code == .usage && word.messages.contains("“last” is no step"), "\(word)")
  }

  @Test func `foreign text is left out unless it is asked for, whoever wrote it`() async throws {
    let recorded = try await RecordedRun()
    let sources = try await recorded.writeForeign()
    for place in ["latest", "latest/a", "latest/a/1"] {
      for flag in [[], ["--json"]] {
        let words = ["show", place] + flag
        let without = await recorded.run(words: words)
        #expect(without.code == .success)
        #expect(!without.results.contains("OBEY"), "\(words): \(without.results)")
        let with = await recorded.run(words: words + ["--content"])
        #expect(with.results.contains("OBEY"), "\(words)")
        #expect(!with.results.contains("\u{1B}"), "\(words)")
      }
    }
    let json = await recorded.run("show", "latest/a", "--json", "--content").results
    let text = await recorded.run("show", "latest/a/1", "--content").results
    for source in sources {
      #expect(json.contains("OBEY-\(source)"), "\(source) is not in the JSON")
    }
    // A bar stands before every foreign line.
    for line in text.split(separator: "\n") where line.contains("OBEY") {
      #expect(line.contains("] | "), "\(line)")
    }
    #expect(await recorded.run("show", "latest/a").results.contains("--content shows them"))
  }

  @Test func `pictures are named by their path, which is there`() async throws {
    let recorded = try await RecordedRun()
    let digest = await recorded.store("picture", as: .png)
    try await recorded.write(.caseStarted(CaseInfo(.named("a"))), of: "a")
    try await recorded.write(
      .started(plan: SessionPlan(testCase: .named("a"), attempt: 1)),
      .note(.stepStarted(step: .of(0, "see it"))),
      .event(
        .observed(
          frame: FrameReference(
            blob: digest, size: PixelSize(clampingWidth: 8, height: 4), sequence: 1)),
        at: .zero), of: "a")
    await recorded.kill()
    let ran = await recorded.run("show", "latest/a/1")
    let path = "DIR/reports/\(recorded.id)/recording/blobs/\(digest.prefix(2))/\(digest).png"
    #expect(ran.results.contains("picture: \(path)"), "\(ran)")
    #expect(ran.results.contains("interrupted"))
  }

  @Test func `a damaged journal is an error with its line`() async throws {
    let recorded = try await RecordedRun()
    try await recorded.finish()
    try recorded.folder.write(
      "{\"seq\":0}\nnonsense\n{}\n", to: "reports/\(recorded.id)/recording/events.jsonl")
    let ran = await recorded.run("show", "latest")
    #expect(ran.code == .usage)
    #expect(ran.messages.contains("line 1"), "\(ran)")
  }
}

extension RecordedRun {
  func run(words: [String]) async -> Ran {
    let captured = Captured()
    let code = await Program.run(
      words + ["-c", folder.file("qa-agent.yaml")], environment: [:]
    ) { captured.output(color: $0) }
    return Ran(code: code, results: captured.resultText, messages: captured.messageText)
  }

  /// A case in which everybody says something that is not to be obeyed; who does.
  fileprivate func writeForeign() async throws -> [String] {
    var sources: [String] = []
    func says(_ source: String) -> String {
      sources.append(source)
      return "\u{1B}[2JOBEY-\(source)"
    }
    let box = PixelRect(x: 1, y: 2, width: 3, height: 4)
    let frame = FrameReference(
      blob: "", size: PixelSize(clampingWidth: 8, height: 4), sequence: 1)
    let target = Target(.text(Template("Pay")))
    let reply = ModelReply(
      text: says("reply"), reasoning: says("reasoning"),
      calls: [ToolRequest(id: "1", name: "computer", arguments: says("arguments"))],
      model: says("model-name"))
    let value = says("value")
    let ending = Ending(
      .failed,
      .step(
        StepPlace(.of(0, "pay")),
        .check(CheckCause(expected: "“Paid” is on the screen", measured: says("cause")))))
    try await write(.runNoted(RunNote(says("warning-of-run"), isWarning: true)))
    try await write(.caseStarted(CaseInfo(.named("a"))), of: "a")
    try await write(
      .started(plan: SessionPlan(testCase: .named("a"), attempt: 1)),
      .note(.valueRead(name: "total", value: value)),
      .note(.stepStarted(step: .of(0, "pay"))),
      .note(.laneTaken(lane: .model, reason: says("lane"))),
      .effect(.locate(target: target, role: .press)),
      .event(
        .located(
          location: .missing(
            closest: [says("closest")], reason: says("missing"),
            nearest: [Hit(text: "x", box: box)])), at: .zero),
      .effect(.read(what: "x", region: nil)),
      .event(
        .readValues(
          values: [], found: [ReadValue(text: says("read-value"), box: box, label: 0)]),
        at: .zero),
      .effect(
        .think(
          role: "default",
          appended: [Message(role: .user, parts: [.text(says("told"))])], digest: "d")),
      .event(.replied(reply: reply), at: .zero),
      .note(
        .proposed(
          proposal: Proposal(
            lane: .model, thought: says("thought"),
            action: .type(text: Template(says("typed")), clear: false, enter: false),
            target: Hit(text: says("target"), box: box), frame: frame))),
      .note(.rejected(reason: says("rejected"))),
      .note(
        .ruled(
          ruling: CommandRuling(
            command: says("command"), host: says("host-name"), thought: says("why"),
            decision: .deny, reason: says("ruling")))),
      .effect(.run(command: SSHCommand(run: Template("ls")))),
      .event(
        .ran(
          result: CommandResult(
            ending: .signalled(says("signal")), stdout: says("stdout"), stderr: says("stderr"))),
        at: .zero),
      .effect(.judge(statement: "all is well", votes: 1, digest: "d")),
      .event(.judged(replies: [ModelReply(text: says("judge"))]), at: .zero), of: "a")
    try await write(
      .note(
        .checked(
          evidence: Evidence(
            expected: "“Paid” is there, beside \(value)", measured: says("measured"), holds: false,
            doubt: says("doubt"), frame: frame))),
      .note(.said(text: says("said"))), .note(.remark(text: says("remark"))),
      .note(.warning(text: says("warning"))),
      .event(.failed(fault: Fault(.model, says("fault"), detail: says("detail"))), at: .zero),
      .note(.stepFinished(step: 0, ending: ending, duration: .zero)),
      .effect(.finish(outcome: Outcome(ending: ending))),
      .output(
        ApplicationOutput(file: "recording/logs/a.1.log", lines: [says("application")])), of: "a")
    try await write(
      .caseFinished(CaseEnding(ending: ending, duration: .zero, attempts: 1)), of: "a")
    try await finish(exitCode: 1)
    // The name that is not shown in a case is that of the run.
    return sources.filter { $0 != "warning-of-run" }
  }
}
