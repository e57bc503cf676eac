import JSONCoding
import Platform
import Props
import Recording
import Reports
import Scenario
import Session
import Story
import Testing

@testable import Runner

/// A run that was cut off goes on in its own journal: nothing of it is lost, and nothing is done twice.
@Suite(.timeLimit(.minutes(5)))
struct ResumeTests {
  /// Cases that fail, are flaky, are skipped, and pass.
  private static let cases: [Case] = [
    .of("b"), .of("c", retries: 1), .of("e", requires: ["none"]), .of("f"),
  ]

  private static func stage() -> Stage {
    let stage = Stage()
    stage.fail("b.1", "c.1")
    return stage
  }

  /// A whole run, and its journal line by line.
  private struct Whole {
    let folder: TemporaryFolder
    let lines: [String]
    let run: RunFolder

    init(_ cases: [Case] = ResumeTests.cases) async throws {
      let rehearsal = try Rehearsal(cases, on: ResumeTests.stage())
      let summary = try await rehearsal.play()
      run = RunFolder(path: summary.folder)
      folder = rehearsal.folder
      lines = String(decoding: try Files.read(run.events, limit: 1 << 24), as: UTF8.self)
        .split(separator: "\n").map(String.init)
    }

    /// The same journal in a folder of its own, without its pictures.
    private init(copyOf whole: Whole) throws {
      folder = try TemporaryFolder(prefix: "qa-resume")
      lines = whole.lines
      run = try RunFolder.create(in: folder.path, time: .now, random: 1)
    }

    func copy() throws -> Whole { try Whole(copyOf: self) }

    /// Leaves the first lines alone, and half of the next one where there is one.
    func cut(to count: Int) throws {
      let next = count < lines.count ? String(lines[count].prefix(lines[count].utf8.count / 2)) : ""
      let text = lines.prefix(count).map { $0 + "\n" }.joined() + next
      try Files.writeAtomically(Array(text.utf8), to: run.events)
    }

    func past(_ count: Int) throws -> PastRun {
      try cut(to: count)
      return try PastRun(run)
    }

    /// Goes on, with screens that show what those of the first part would have.
    func resume(
      _ cases: [Case] = ResumeTests.cases, on stage: Stage = Stage(), isAnyway: Bool = false,
      _ change: (inout RunRequest) -> Void = { _ in }
    ) async throws -> (rehearsal: Rehearsal, summary: RunSummary) {
      let rehearsal = try Rehearsal(cases, on: stage) { [run] request in
        request.resumption = Resumption(run, isAnyway: isAnyway)
        change(&request)
      }
      return (rehearsal, try await rehearsal.play())
    }
  }

  private struct Key: Hashable {
    let id: String
    let attempt: Int?
  }

  /// How often each attempt began, and each case has a verdict, in a journal.
  private func counts(_ lines: [JournalLine], _ type: String) -> [Key: Int] {
    lines.filter { $0.type == type }.reduce(into: [:]) {
      $0[Key(id: $1.caseID ?? "", attempt: $1.attempt), default: 0] += 1
    }
  }

  @Test func `a journal that is cut at any line goes on to the same results`() async throws {
    let whole = try await Whole()
    #expect(whole.lines.count >= 60)
    // Mostly it waits for the disk.
    try await withThrowingTaskGroup { group in
      for part in 0..<16 {
        group.addTask {
          for count in stride(from: 1 + part, to: whole.lines.count, by: 16) {
            try await check(whole.copy(), cutAt: count)
          }
        }
      }
      try await group.waitForAll()
    }
  }

  private func check(_ whole: Whole, cutAt count: Int) async throws {
    let past = try whole.past(count)
    let (rehearsal, summary) = try await whole.resume()
    let journal = try summary.journal()
    let report = try summary.report()
    let place = "cut at line \(count) (\(whole.lines[count].prefix(80)))"
    // What stood there stands there still.
    let now = String(decoding: try Files.read(whole.run.events, limit: 1 << 24), as: UTF8.self)
    #expect(now.hasPrefix(whole.lines.prefix(count).map { $0 + "\n" }.joined()), "\(place)")
    // Nothing is lost.
    #expect(report.cases.map(\.id).sorted() == ["b", "c", "e", "f"], "\(place)")
    #expect(report.neverBegun.isEmpty && report.ending != nil, "\(place)")
    for (id, ending) in past.kept {
      #expect(report.cases.first { $0.id == id }?.ending == ending.ending, "\(place)")
    }
    // Nothing is done twice.
    #expect(counts(journal, "attempt.started").values.allSatisfy { $0 == 1 }, "\(place)")
    #expect(counts(journal, "case.finished").values.allSatisfy { $0 == 1 }, "\(place)")
    let kept = Set(past.kept.keys)
    let touched = Set(rehearsal.stage.calls.map { String($0.prefix(1)) })
    #expect(touched.isDisjoint(with: kept), "\(place)")
    #expect(summary.counts.values.reduce(0, +) == 4, "\(place)")
    try checkReplay(whole.run, place)
    #expect(Files.exists(whole.run.path + "/results.json"), "\(place)")
  }

  private func checkReplay(_ run: RunFolder, _ place: String) throws {
    for attempt in try RunReplay.decide(run.path, in: "").attempts {
      #expect(attempt.problem == nil, "\(place)")
      #expect(attempt.result?.difference == nil, "\(place)")
    }
  }

  @Test func `what is outstanding only ever becomes less from line to line`() async throws {
    let whole = try await Whole()
    var left: Int?
    for count in 1...whole.lines.count {
      let past = try whole.past(count)
      guard past.isPlanned else {
        #expect(left == nil)
        continue
      }
      #expect(past.outstanding.count <= left ?? 4)
      left = past.outstanding.count
    }
    #expect(left == 0)
  }

  @Test func `an attempt that has its end is not made again, and counts for the verdict`()
    async throws
  {
    let whole = try await Whole([.of("c", retries: 1)])
    let second = try #require(whole.lines.firstIndex { $0.contains(#""attempt":2"#) })
    try whole.cut(to: second + 5)
    let (rehearsal, summary) = try await whole.resume([.of("c", retries: 1)])
    #expect(rehearsal.stage.calls.filter { $0.hasSuffix(" screen") } == ["c.3 screen"])
    let item = try #require(try summary.report().cases.first)
    #expect(item.attempts.map(\.number) == [1, 2, 3])
    #expect(item.attempts.map(\.ending.verdict) == [.failed, .interrupted, .passed])
    #expect(item.attempts[1].ending.reason == "the run was cut off")
    #expect(item.verdict == .flaky)
    #expect(item.ending.reason.hasPrefix("passed on attempt 3; attempt 1: "))
  }

  @Test func `cases that a signal stopped are made again`() async throws {
    let stage = Stage()
    let rehearsal = try Rehearsal([.of("a"), .of("b"), .of("c")], on: stage)
    stage.on("b.1 examine") { rehearsal.run.stop(signal: 2) }
    let summary = try await rehearsal.play()
    #expect(summary.exitCode == 130)
    let again = try Rehearsal([.of("a"), .of("b"), .of("c")]) {
      $0.resumption = Resumption(RunFolder(path: summary.folder), isAnyway: false)
    }
    let end = try await again.play()
    #expect(end.exitCode == 0)
    #expect(end.counts == [.passed: 3])
    #expect(!again.stage.calls.contains { $0.hasPrefix("a.") })
    #expect(try end.report().cases.map(\.verdict) == [.passed, .passed, .passed])
    // Who listens hears only what is new.
    #expect(again.verdicts == ["b passed", "c passed"])
  }

  @Test func `a run whose files or plans are others now is refused, unless anyway`() async throws {
    let whole = try await Whole()
    let third = try #require(whole.lines.firstIndex { $0.contains("case.finished") })
    try whole.cut(to: third + 1)
    let cut = try Files.read(whole.run.events, limit: 1 << 24)
    // What the crash left of a line goes.
    let before = cut.prefix(through: try #require(cut.lastIndex(of: 0x0A)))
    let problem = await #expect(throws: Run.Problem.self) {
      try await whole.resume { $0.patience = .seconds(3) }
    }
    let after = try Files.read(whole.run.events, limit: 1 << 24)
    let added = String(decoding: after.dropFirst(before.count), as: UTF8.self)
    #expect(after.starts(with: before))
    #expect(added.split(separator: "\n").allSatisfy { $0.contains("the stage is set") }, "\(added)")
    let words = problem?.description ?? ""
    #expect(words.contains("the case “c” would be run otherwise"))
    #expect(!words.contains("“b”"), "what is finished is not run again")
    #expect(words.contains("--anyway"))
    let (_, summary) = try await whole.resume(isAnyway: true) { $0.patience = .seconds(3) }
    let resumed = try #require(try summary.journal().first { $0.type == "run.resumed" })
    #expect(resumed.fields["resumed"]?["changes"]?.array?.count == 3)
    #expect(try summary.report().warnings.contains { $0.contains("the run went on although") })
    #expect(try PastRun(whole.run).outstanding.isEmpty)
  }

  @Test func `a changed or missing file is named`() {
    var past = PastRun()
    let settings = RunSettings()
    func plan(_ files: [(String, String)]) -> RunPlan {
      RunPlan(
        cases: [], settings: settings, files: files.map { FileDigest(file: $0.0, digest: $0.1) })
    }
    let entry = RunEntry.runPlanned(plan([("a.yaml", "1"), ("b.yaml", "2"), ("c.yaml", "3")]))
    past.add(
      JournalLine(
        sequence: 1, time: .zero, type: entry.type, fields: (try? entry.fields()) ?? JSONObject()))
    #expect(
      Resumption.changes(
        since: past, in: plan([("a.yaml", "1"), ("b.yaml", "9"), ("d.yaml", "4")]))
        == ["b.yaml was changed", "c.yaml is not there or not read now"])
  }

  @Test func `a run that is alive is refused`() async throws {
    let whole = try await Whole()
    try whole.cut(to: 20)
    let journal = try await Journal.open(in: whole.run, elapsed: { .zero })
    await #expect(throws: Run.Problem.self) { try await whole.resume() }
    await journal.close()
    let (_, summary) = try await whole.resume()
    #expect(summary.notRun == 0)
  }

  @Test func `time goes on where it stopped`() async throws {
    let whole = try await Whole()
    try whole.cut(to: whole.lines.count / 2)
    let stop = try PastRun(whole.run).duration
    let (_, summary) = try await whole.resume()
    #expect(summary.duration >= stop)
    let times = try summary.journal().map(\.time)
    #expect(times == times.sorted())
  }
}
