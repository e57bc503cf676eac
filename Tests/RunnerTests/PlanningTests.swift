import Digests
import JSONCoding
import Recording
import Reports
import Scenario
import Story
import Testing

@testable import Runner

/// What a run says that it is about to do.
@Suite(.timeLimit(.minutes(5)))
struct PlanningTests {
  private func plan(_ summary: RunSummary) throws -> RunPlan {
    let line = try #require(try summary.journal().first { $0.type == "run.planned" })
    let entry = try RunEntry(type: line.type, fields: .object(line.fields))
    guard case .runPlanned(let plan)? = entry else { throw RecordingError(.malformed, "no plan") }
    return plan
  }

  @Test func `every selected case is planned before the first one runs, with what decides`()
    async throws
  {
    let rehearsal = try Rehearsal([.of("b", retries: 2), .of("a")]) {
      $0.isStrict = true
      $0.workers = 3
      $0.maximumFailures = 4
      $0.patience = .seconds(7)
      $0.record = .retainOnFailure
      $0.globalTimeout = .seconds(600)
    }
    let plan = try plan(try await rehearsal.play())
    #expect(plan.cases.map(\.id) == ["b", "a"])
    #expect(plan.cases.map(\.retries) == [2, 0])
    #expect(plan.cases.first?.location == SourceLocation(file: "b.yaml", line: 1))
    #expect(
      plan.settings
        == RunSettings(
          isStrict: true, maximumFailures: 4, patience: .seconds(7), workers: 3,
          globalTimeout: .seconds(600), record: "retain-on-failure"))
  }

  @Test func `another step, limit or setting is another plan, and the same is the same`()
    async throws
  {
    func digest(
      _ testCase: Case, _ change: (inout RunRequest) -> Void = { _ in }
    ) async throws -> String {
      let rehearsal = try Rehearsal([testCase], change)
      let found = try plan(try await rehearsal.play()).cases.first?.digest
      return try #require(found)
    }
    let first = try await digest(.of("a"))
    #expect(SHA256.isDigest(first))
    #expect(try await digest(.of("a")) == first)
    #expect(try await digest(.of("a", [.sees("Bye")])) != first)
    #expect(try await digest(.of("a")) { $0.patience = .seconds(4) } != first)
    #expect(try await digest(.of("a")) { $0.maximumModelCalls = 1 } != first)
    // How many run at once changes no case.
    #expect(try await digest(.of("a")) { $0.workers = 2 } == first)
  }

  @Test func `files are named by a digest of their bytes, in which secrets are names`()
    async throws
  {
    let rehearsal = try Rehearsal([.of("a")]) {
      $0.secrets = ["SHOP": "wonderland"]
      $0.files = [("a.yaml", Array("name: A".utf8)), ("b.yaml", Array("x: wonderland".utf8))]
    }
    let files = try plan(try await rehearsal.play()).files
    #expect(files.map(\.file) == ["a.yaml", "b.yaml"])
    #expect(files[0].digest == SHA256(of: Array("name: A".utf8)).description)
    #expect(files[1].digest == SHA256(of: Array("x: ‹SHOP›".utf8)).description)
  }

  @Test func `very many cases are planned in several lines`() async throws {
    var request = RunRequest(cases: Case.of((0..<2500).map { "c\($0)" }), output: "/none")
    request.files = [("a.yaml", [])]
    let parts = request.plan(with: Stage(), redactor: .none).parts(of: 1000)
    #expect(parts.map(\.cases.count) == [1000, 1000, 500])
    for part in parts {
      let line = JSON.object(try RunEntry.runPlanned(part).fields())
      #expect(line.bytes.count < 1 << 20)
    }
  }

  @Test func `wherever the journal of a real run ends, its cases are told apart`() async throws {
    let rehearsal = try Rehearsal([.of("a", retries: 1), .of("b"), .of("c", requires: ["none"])]) {
      $0.workers = 2
    }
    rehearsal.stage.fail("a.1")
    let lines = try await rehearsal.play().journal()
    let start = try #require(lines.firstIndex { $0.type == "run.planned" })
    var standings = CaseStandings()
    var outstanding: Set<String> = ["a", "b", "c"]
    for (index, line) in lines.enumerated() {
      standings.add(line)
      guard index >= start else { continue }
      #expect(standings.ids == ["a", "b", "c"])
      #expect(outstanding.isSuperset(of: standings.outstanding))
      outstanding = Set(standings.outstanding)
    }
    #expect(outstanding.isEmpty)
  }

  @Test func `each event, note and effect says to which turn it belongs`() async throws {
    let rehearsal = try Rehearsal([.of("a", retries: 1)])
    rehearsal.stage.fail("a.1")
    let lines = try await rehearsal.play().journal()
    for attempt in [1, 2] {
      var turn = 0
      for line in lines where line.attempt == attempt && line.type != "attempt.started" {
        if line.type == "event" { turn += 1 }
        #expect(line.fields["turn"]?.integer == turn, "\(line.type) \(line.sequence)")
      }
      #expect(turn > 5)
    }
  }
}
