import Props
import FoundationEssentials
import Glibc
import JSONCoding
import Platform
import Recording
import Reports
import Scenario
import Story
import Testing

@testable import Runner
import Session

/// What is kept of a run, and what happens when it cannot be.
@Suite(.timeLimit(.minutes(5)))
struct RecordingTests {
  private func record(_ policy: RecordPolicy) async throws -> (Rehearsal, RunSummary) {
    let rehearsal = try Rehearsal([.of("good"), .of("bad")]) { $0.record = policy }
    rehearsal.stage.fail("bad.1")
    return (rehearsal, try await rehearsal.play())
  }

  /// How many pictures are on the disk, by case.
  private func pictures(_ summary: RunSummary, of rehearsal: Rehearsal) throws -> [String: Int] {
    let blobs = RunFolder(path: summary.folder).blobs
    var count: [String: Int] = [:]
    for line in try summary.journal() where line.type == "event" {
      let frame = line.fields["event"]?["observed"]?["frame"] ?? line.fields["event"]?["frame"]
      guard let blob = frame?["blob"]?.string, let id = line.caseID, blobs.contains(blob) else {
        continue
      }
      count[id, default: 0] += 1
    }
    return count
  }

  // MARK: - Policies

  @Test func `pictures are kept of all cases`() async throws {
    let (rehearsal, summary) = try await record(.on)
    let kept = try pictures(summary, of: rehearsal)
    #expect(kept["good", default: 0] > 0)
    #expect(kept["bad", default: 0] > 0)
  }

  @Test func `pictures of cases that passed are taken out when only failures matter`() async throws
  {
    let (rehearsal, summary) = try await record(.retainOnFailure)
    let kept = try pictures(summary, of: rehearsal)
    #expect(kept["good"] == nil)
    #expect(kept["bad", default: 0] > 0)
  }

  @Test func `without pictures the journal is there all the same`() async throws {
    let (rehearsal, summary) = try await record(.off)
    #expect(try pictures(summary, of: rehearsal).isEmpty)
    #expect(try summary.report().cases.map(\.id) == ["good", "bad"])
  }

  @Test(arguments: RecordPolicy.allCases)
  func `what is kept changes no verdict and no decision`(policy: RecordPolicy) async throws {
    let (rehearsal, summary) = try await record(policy)
    #expect(rehearsal.verdicts == ["good passed", "bad failed"])
    #expect(summary.exitCode == 1)
    #expect(summary.problems.isEmpty)
    let (attempts, warnings) = try RunReplay.decide(
      summary.folder, in: "")
    // What was taken out is missed by name.
    #expect(warnings.isEmpty == (policy != .retainOnFailure))
    #expect(attempts.count == 2)
    for attempt in attempts {
      #expect(attempt.problem == nil)
      #expect(attempt.result?.difference == nil)
      #expect(attempt.result?.isCutShort == false)
    }
  }

  /// What was decided, without where pictures are kept and how long it took.
  private func decisions(_ summary: RunSummary) throws -> [String] {
    try summary.journal().filter { ["note", "effect"].contains($0.type) }.map {
      JSON.object($0.fields).without(["blob", "duration"]).text
    }
  }

  @Test func `with and without pictures the same is decided, to the last digest`() async throws {
    let (kept, on) = try await record(.on)
    let (unkept, off) = try await record(.off)
    let decided = try decisions(on)
    #expect(decided.count > 10)
    #expect(decided.contains { $0.contains("\"pixels\":\"") })
    #expect(try decisions(off) == decided)
    _ = (kept, unkept)
  }

  // MARK: - A disk that refuses

  @Test func `pictures that cannot be written change no verdict, and the problem is told once`()
    async throws
  {
    let rehearsal = try Rehearsal(Case.of(["a", "b"]))
    rehearsal.stage.fail("b.1")
    rehearsal.stage.on("a.1 prepare") {
      let blobs = RunFolder.all(in: rehearsal.folder.path + "/reports")[0].blobs.path
      rmdir(blobs)
      try? Files.writeAtomically([], to: blobs)
    }
    let summary = try await rehearsal.play()
    #expect(rehearsal.verdicts == ["a passed", "b failed"])
    #expect(summary.exitCode == 1)
    #expect(summary.problems.count == 1)
    #expect(summary.problems.first?.hasPrefix("the recording is incomplete: ") == true)
    #expect(rehearsal.warnings == summary.problems)
    #expect(try summary.report().ending?.recordingProblem == summary.problems.first)
    let attempts = try RunReplay.decide(summary.folder, in: "").attempts
    #expect(attempts.allSatisfy { $0.result?.difference == nil && $0.problem == nil })
  }

  @Test func `on a full disk all cases run to the same verdicts, and what was lost is told`()
    async throws
  {
    await #expect(processExitsWith: .success) {
      let rehearsal = try Rehearsal(Case.of(["a", "b", "c"]))
      defer { rehearsal.folder.remove() }
      rehearsal.stage.fail("b.1")
      signal(SIGXFSZ, SIG_IGN)
      rehearsal.stage.on("a.1 examine") {
        var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      }
      let summary = try await rehearsal.play()
      #expect(rehearsal.verdicts == ["a passed", "b failed", "c passed"])
      // The reports are missing, and that is said above what the cases came to.
      #expect(summary.exitCode == 3)
      #expect(summary.counts == [.passed: 2, .failed: 1])
      #expect(
        summary.problems.contains { $0.hasPrefix("the recording is incomplete: cannot write") })
      #expect(summary.problems.contains { $0.hasPrefix("the HTML report could not be written") })
      #expect(rehearsal.warnings == summary.problems)
      // The journal ends with a whole line, and what is there decides the same.
      let (attempts, warnings) = try RunReplay.decide(summary.folder, in: "")
      #expect(warnings.isEmpty)
      #expect(attempts.map(\.caseID) == ["a"])
      #expect(attempts.first?.result?.difference == nil)
      #expect(attempts.first?.result?.isCutShort == true)
    }
  }

  @Test func `reports that cannot be written are told and an error of the run`() async throws {
    let rehearsal = try Rehearsal([.of("a")]) {
      $0.junitPath = "/dev/null/junit.xml"
      $0.htmlPath = "/dev/null/page"
    }
    let summary = try await rehearsal.play()
    #expect(summary.exitCode == 3)
    #expect(summary.counts == [.passed: 1])
    #expect(summary.problems.contains { $0.hasPrefix("the JUnit report could not be written") })
    #expect(summary.problems.contains { $0.hasPrefix("the HTML report could not be written") })
    #expect(summary.reports.map(\.name) == ["HTML", "JUnit", "JSON"])
  }

  @Test func `reports go to other places too, the page with its pictures`() async throws {
    let rehearsal = try Rehearsal([.of("a")]) {
      $0.junitPath = $0.output + "/ci/junit.xml"
      $0.htmlPath = $0.output + "/ci/page"
      $0.shardLabel = "2of4"
    }
    let summary = try await rehearsal.play()
    #expect(summary.problems.isEmpty)
    let output = rehearsal.folder.path + "/reports"
    #expect(Files.exists(output + "/ci/junit.xml"))
    #expect(Files.exists(output + "/ci/page/index.html"))
    #expect(Files.exists(summary.folder + "/junit-2of4.xml"))
    let copies = BlobStore(path: output + "/ci/page/recording/blobs")
    let pictures = try summary.report().pictures
    #expect(!pictures.isEmpty)
    for digest in pictures { #expect(copies.contains(digest)) }
  }

  // MARK: - Secrets

  /// A run in which a secret is everywhere it can be.
  private func indiscreetRun(_ secret: String) throws -> Rehearsal {
    var testCase = Case.of(
      "a-\(secret)", [.presses(secret), .sees(secret)], teardown: [.presses("f1")],
      secrets: ["SHOP"], tags: [secret])
    testCase.scenario.description = "signs in with \(secret)"
    testCase.scenario.properties = [Scenario.Property(name: "password", value: secret)]
    let rehearsal = try Rehearsal(
      [testCase], on: Stage(model: .absent(fix: secret), warnings: ["kept: \(secret)"])
    ) {
      $0.secrets = ["SHOP": secret]
      $0.commandLine = ["qa-agent", "run", "--var", "x=\(secret)"]
      $0.junitPath = "/dev/null/\(secret)/junit.xml"
    }
    let attempt = "\(testCase.id).1"
    rehearsal.stage.trouble("\(attempt) examine", .fails(Fault(.screen, "lost \(secret)")))
    rehearsal.stage.trouble("\(attempt) press f1", .fails(Fault(.screen, "again \(secret)")))
    rehearsal.stage.tell("looking for \(secret)")
    return rehearsal
  }

  @Test func `nothing that is told or written has the value of a secret`() async throws {
    let secret = "pa55-w0rd-of-the-shop"
    let rehearsal = try indiscreetRun(secret)
    let summary = try await rehearsal.play()
    #expect(rehearsal.reasons.first?.contains("lost ‹SHOP›") == true)
    #expect(summary.rerun?.contains("‹SHOP›") == true)
    for line in rehearsal.lines { #expect(!line.json.text.contains(secret), "\(line)") }
    let told = rehearsal.lines.filter {
      ["run.started", "run.noted", "case.started", "case.finished"].contains($0.type)
    }
    #expect(told.count > 5)
    // Each of these would have told it.
    for line in told { #expect(line.json.text.contains("‹SHOP›"), "\(line)") }
    #expect(summary.problems.allSatisfy { !$0.contains(secret) && $0.contains("‹SHOP›") })
    for path in try FileManager.default.subpathsOfDirectory(atPath: summary.folder) {
      guard let bytes = try? Files.read(summary.folder + "/" + path, limit: 1 << 24) else {
        continue
      }
      #expect(!String(decoding: bytes, as: UTF8.self).contains(secret), "\(path)")
    }
  }
}

extension JSON {
  /// The value without some keys, at any depth.
  fileprivate func without(_ keys: Set<String>) -> JSON {
    switch self {
    case .object(let object):
      .object(
        JSONObject(
          object.pairs.filter { !keys.contains($0.key) }.map { ($0.key, $0.value.without(keys)) }))
    case .array(let values): .array(values.map { $0.without(keys) })
    case .null, .bool, .integer, .number, .string: self
    }
  }
}
