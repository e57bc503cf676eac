import Props
import JSONCoding
import Platform
import Recording
import Reports
import Scenario
import Story
import Testing

@testable import Runner

/// Which case runs when, on which worker, and how often.
@Suite(.timeLimit(.minutes(5)))
struct OrderTests {
  /// Opens when so many have come, or when nobody comes any more.
  private actor Gate {
    private let count: Int
    private let (opening, open) = AsyncStream.makeStream(of: Void.self)
    private var arrived = 0

    init(_ count: Int) { self.count = count }

    func pass() async {
      arrived += 1
      guard arrived < count else { return open.finish() }
      _ = try? await withTimeLimit(.seconds(20)) { [opening] in for await _ in opening {} }
    }
  }

  @Test func `one worker runs the cases in their order, each from its target to its teardown`()
    async throws
  {
    let rehearsal = try Rehearsal(Case.of(["b", "a"]))
    let summary = try await rehearsal.play()
    #expect(rehearsal.verdicts == ["b passed", "a passed"])
    #expect(
      rehearsal.stage.calls(in: "b.1") == [
        "screen", "prepare", "frame", "examine", "frame", "press f1", "settle", "close",
      ])
    let calls = rehearsal.stage.calls
    let end = try #require(calls.firstIndex(of: "b.1 close"))
    let start = try #require(calls.firstIndex(of: "a.1 screen"))
    #expect(end < start)
    #expect(summary.counts == [.passed: 2])
    #expect(summary.exitCode == 0)
  }

  @Test func `the journal and the reports have the whole story`() async throws {
    let rehearsal = try Rehearsal(
      [.of("a"), .of("b", requires: ["no-such-command"])],
      on: Stage(
        model: .absent(fix: "start one"),
        findings: [ModelFinding(probe: "vision", outcome: "holds", message: "sees")],
        warnings: ["a kept profile is damaged"]))
    rehearsal.stage.write(ApplicationOutput(file: "logs/a.log", lines: ["hello"]), in: "a.1")
    let summary = try await rehearsal.play()
    let lines = try summary.journal()
    #expect(
      lines.map(\.type).prefix(6) == [
        "run.noted", "run.started", "run.planned", "run.noted", "case.started", "attempt.started",
      ])
    #expect(lines.map(\.type).suffix(3) == ["case.started", "case.finished", "run.finished"])
    let report = try summary.report()
    #expect(report.info.selected == 2)
    #expect(report.info.model == "none: start one")
    #expect(report.info.findings.map(\.probe) == ["vision"])
    #expect(report.cases.map(\.id) == ["a", "b"])
    #expect(report.ending?.exitCode == 0)
    #expect(rehearsal.endings.first?.ending.output == "logs/a.log")
    #expect(rehearsal.warnings == ["a kept profile is damaged"])
    #expect(summary.reports.map(\.name) == ["HTML", "JUnit", "JSON"])
    for (_, path) in summary.reports { #expect(try !Files.read(path, limit: 1 << 24).isEmpty) }
  }

  @Test func `whoever hears of a run is told the lines of its journal, and nothing else`()
    async throws
  {
    let rehearsal = try Rehearsal(Case.of(["a", "b"])) { $0.workers = 2 }
    rehearsal.stage.fail("b.1")
    let summary = try await rehearsal.play()
    #expect(rehearsal.lines.first?.type == "journal")
    #expect(Array(rehearsal.lines.dropFirst()) == (try summary.journal()))
  }

  @Test func `with nothing recorded but the journal the same is told`() async throws {
    let rehearsal = try Rehearsal([.of("a")]) { $0.record = .off }
    let summary = try await rehearsal.play()
    #expect(Array(rehearsal.lines.dropFirst()) == (try summary.journal()))
    #expect(rehearsal.lines.contains { $0.type == "effect" })
  }

  @Test func `an attempt is planned as the run was asked for`() async throws {
    let rehearsal = try Rehearsal([.of("a", retries: 1)]) {
      $0.isStrict = true
      $0.patience = .seconds(4)
    }
    rehearsal.stage.fail("a.1", "a.2")
    let summary = try await rehearsal.play()
    let plans = try summary.journal().compactMap { line -> SessionPlan? in
      let entry = try JournalEntry(type: line.type, fields: .object(line.fields))
      return if case .started(let plan)? = entry { plan } else { nil }
    }
    #expect(plans.map(\.attempt) == [1, 2])
    #expect(plans.allSatisfy { $0.isStrict && $0.patience == .seconds(4) && $0.model == nil })
    #expect(plans.first?.modelReason == "--no-model forbids one")
    #expect(rehearsal.endings.first?.ending.duration == .seconds(8))
  }

  @Test func `a free worker takes the next case while another is busy`() async throws {
    let rehearsal = try Rehearsal(Case.of(["slow", "b", "c"])) { $0.workers = 2 }
    let gate = Gate(2)
    rehearsal.stage.on("slow.1 prepare") { await gate.pass() }
    rehearsal.stage.on("c.1 close") { await gate.pass() }
    _ = try await rehearsal.play()
    let endings = rehearsal.endings
    #expect(Array(endings.map(\.id).prefix(1)) == ["b"])
    let workers = Dictionary(uniqueKeysWithValues: endings.map { ($0.id, $0.ending.worker) })
    #expect(workers["b"] == workers["c"])
    #expect(workers["slow"] != workers["b"])
  }

  @Test func `as many cases run at once as there are workers, and no more`() async throws {
    let ids = ["a", "b", "c", "d"]
    let rehearsal = try Rehearsal(Case.of(ids)) { $0.workers = 2 }
    let running = Locked((now: 0, most: 0))
    // The first two only go on when both are there.
    let gate = Gate(2)
    for id in ids {
      rehearsal.stage.on("\(id).1 prepare") {
        running.withLock {
          $0.now += 1
          $0.most = max($0.most, $0.now)
        }
        await gate.pass()
      }
      rehearsal.stage.on("\(id).1 close") { running.withLock { $0.now -= 1 } }
    }
    let summary = try await rehearsal.play()
    #expect(running.withLock { $0.most } == 2)
    #expect(summary.counts == [.passed: 4])
    #expect(Set(rehearsal.endings.compactMap(\.ending.worker)) == [1, 2])
  }

  @Test func `no more workers than cases are counted`() async throws {
    let rehearsal = try Rehearsal([.of("a")]) { $0.workers = 8 }
    _ = try await rehearsal.play()
    #expect(rehearsal.endings.map(\.ending.worker) == [1])
  }

  // MARK: - Retries

  @Test func `a case that passes on a retry is flaky, and each attempt has a target of its own`()
    async throws
  {
    let rehearsal = try Rehearsal([.of("a", retries: 3)])
    rehearsal.stage.fail("a.1", "a.2")
    let summary = try await rehearsal.play()
    #expect(rehearsal.verdicts == ["a flaky"])
    #expect(rehearsal.endings.first?.ending.attempts == 3)
    #expect(rehearsal.reason(of: "a").hasPrefix("passed on attempt 3; attempt 1: "))
    let screens = rehearsal.stage.calls.filter { $0.hasSuffix("screen") || $0.hasSuffix("close") }
    #expect(
      screens == [
        "a.1 screen", "a.1 close", "a.2 screen", "a.2 close", "a.3 screen", "a.3 close",
      ])
    #expect(summary.exitCode == 0)
    #expect(summary.counts == [.flaky: 1])
    #expect(try summary.report().cases.first?.attempts.count == 3)
    let attempts = rehearsal.lines.filter { $0.type == "attempt.started" }.map(\.attempt)
    #expect(attempts == [1, 2, 3])
  }

  @Test func `a flaky case fails the run when that is asked for`() async throws {
    let rehearsal = try Rehearsal([.of("a", retries: 1)]) { $0.failsOnFlaky = true }
    rehearsal.stage.fail("a.1")
    #expect(try await rehearsal.play().exitCode == 1)
  }

  @Test func `a case that never passes is tried as often as allowed`() async throws {
    let rehearsal = try Rehearsal([.of("a", retries: 1)])
    rehearsal.stage.fail("a.1", "a.2", "a.3")
    let summary = try await rehearsal.play()
    #expect(rehearsal.verdicts == ["a failed"])
    #expect(rehearsal.endings.first?.ending.attempts == 2)
    #expect(summary.exitCode == 1)
    // Each attempt waits ten seconds for its check, and a case is as long as all of them.
    #expect(rehearsal.endings.first?.ending.duration == .seconds(20))
  }

  // MARK: - Too many failures

  @Test func `stops after so many cases that did not pass, and says so of the rest`() async throws {
    let rehearsal = try Rehearsal(Case.of(["a", "b", "c", "d", "e"])) { $0.maximumFailures = 2 }
    rehearsal.stage.fail("a.1", "c.1", "d.1")
    let summary = try await rehearsal.play()
    #expect(rehearsal.verdicts == ["a failed", "b passed", "c failed"])
    #expect(rehearsal.stage.calls(in: "d.1").isEmpty)
    #expect(summary.exitCode == 1)
    #expect(summary.notRun == 2)
    let report = try summary.report()
    #expect(report.neverBegun.map(\.id) == ["d", "e"])
    #expect(
      report.neverBegun.first?.ending.reason
        == "not run: the run stopped after too many failures")
  }

  @Test func `a pass on a retry and a skipped case are no failures`() async throws {
    let cases = [
      Case.of("a", retries: 1), .of("b", requires: ["no-such-command"]), .of("c"), .of("d"),
    ]
    let rehearsal = try Rehearsal(cases) { $0.maximumFailures = 1 }
    rehearsal.stage.fail("a.1", "c.1")
    _ = try await rehearsal.play()
    #expect(rehearsal.verdicts == ["a flaky", "b skipped", "c failed"])
  }

  @Test func `cases without a verdict count as failures`() async throws {
    let rehearsal = try Rehearsal(Case.of(["a", "b"])) { $0.maximumFailures = 1 }
    rehearsal.stage.trouble("a.1 prepare", .fails(Fault(.screen, "no display")))
    #expect(try await rehearsal.play().exitCode == 5)
    #expect(rehearsal.verdicts == ["a error"])
  }

  // MARK: - The end

  @Test func `the summary says how to run again what did not pass`() async throws {
    let rehearsal = try Rehearsal(Case.of(["a", "b"])) {
      $0.commandLine = ["qa-agent", "run", "--shard", "1/2", "my cases"]
    }
    rehearsal.stage.fail("b.1")
    let summary = try await rehearsal.play()
    let id = try #require(summary.folder.split(separator: "/").last)
    #expect(summary.rerun == "qa-agent run 'my cases' --rerun \(id)")
  }

  @Test func `there is nothing to run again when all passed`() async throws {
    #expect(try await Rehearsal([.of("a")]).play().rerun == nil)
  }

  @Test func `a case that checked nothing is counted, and fails under strict`() async throws {
    let unchecked = Case.of("a", [.presses("f2")])
    #expect(try await Rehearsal([unchecked]).play().unchecked == 1)
    let strict = try Rehearsal([unchecked]) { $0.isStrict = true }
    let summary = try await strict.play()
    #expect(summary.exitCode == 1)
    #expect(summary.unchecked == 0)
  }

  @Test func `a run without a case is over at once`() async throws {
    let summary = try await Rehearsal([]).play()
    #expect(summary.counts.isEmpty)
    #expect(summary.exitCode == 4)
    #expect(summary.reports.map(\.name) == ["HTML", "JUnit", "JSON"])
    #expect(try await Rehearsal([]) { $0.passesWithNoTests = true }.play().exitCode == 0)
  }

  @Test func `a run whose folder cannot be made does not begin, and says what to do`() async throws
  {
    let rehearsal = try Rehearsal([.of("a")]) { $0.output = "/dev/null/reports" }
    await #expect {
      try await rehearsal.play()
    } throws: { error in
      "\(error)".contains("/dev/null/reports") && "\(error)".contains("--output")
    }
    #expect(rehearsal.stage.calls.isEmpty)
  }
}
