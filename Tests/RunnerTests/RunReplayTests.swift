import Platform
import Recording
import Story
import Testing

@testable import Runner
import Session

/// A recorded run, decided again.
@Suite(.timeLimit(.minutes(5)))
struct RunReplayTests {
  /// The recording of a run, whose journal can be edited line by line.
  private struct Recorded {
    let folder: TemporaryFolder
    let run: RunFolder
    var lines: [String]

    /// A run of a case that passes and one that is flaky.
    init() async throws {
      let rehearsal = try Rehearsal([.of("a"), .of("b", retries: 1)])
      rehearsal.stage.fail("b.1")
      run = RunFolder(path: try await rehearsal.play().folder)
      folder = rehearsal.folder
      lines = String(decoding: try Files.read(run.events, limit: 1 << 24), as: UTF8.self)
        .split(separator: "\n").map(String.init)
    }

    /// The first line with all of these in it.
    func index(of words: String...) throws -> Int {
      try #require(lines.firstIndex { line in words.allSatisfy(line.contains) })
    }

    func decide() throws -> (attempts: [RunReplay.Attempt], warnings: [String]) {
      let text = lines.joined(separator: "\n") + "\n"
      try Files.writeAtomically(Array(text.utf8), to: run.events)
      return try RunReplay.decide(run.path, in: "")
    }
  }

  @Test func `every attempt decides the same, in the order in which they began`() async throws {
    let (attempts, warnings) = try await Recorded().decide()
    #expect(warnings.isEmpty)
    #expect(attempts.map { "\($0.caseID).\($0.number)" } == ["a.1", "b.1", "b.2"])
    for attempt in attempts {
      #expect(attempt.result?.decisions ?? 0 > 5)
      #expect(attempt.result?.difference == nil)
      #expect(attempt.differingLine == nil)
    }
  }

  @Test func `a decision that was another is named by its line`() async throws {
    var recorded = try await Recorded()
    let index = try recorded.index(of: "\"case\":\"b\"", "\"attempt\":2", "stepFinished")
    recorded.lines[index].replace("passed", with: "failed")
    let (attempts, _) = try recorded.decide()
    #expect(attempts.map(\.differingLine) == [nil, nil, index + 1])
    #expect(attempts.last?.result?.difference != nil)
  }

  @Test func `a line that cannot be understood is a problem with its number`() async throws {
    var recorded = try await Recorded()
    let index = try recorded.index(of: "\"case\":\"a\"", "\"observed\"")
    recorded.lines[index].replace("\"observed\"", with: "\"unheardOf\"")
    let (attempts, _) = try recorded.decide()
    #expect(attempts.first?.problem?.hasPrefix("line \(index + 1) of the journal: ") == true)
    #expect(attempts.first?.result == nil)
    #expect(attempts.dropFirst().allSatisfy { $0.problem == nil })
  }

  @Test func `an attempt without its beginning is a problem`() async throws {
    var recorded = try await Recorded()
    let index = try recorded.index(of: "\"case\":\"a\"", "attempt.started")
    recorded.lines[index].replace("attempt.started", with: "unheard.of")
    let (attempts, _) = try recorded.decide()
    #expect(attempts.first?.problem?.contains("has no beginning") == true)
  }

  @Test func `an attempt that was cut off is replayed as far as it goes`() async throws {
    var recorded = try await Recorded()
    recorded.lines.removeSubrange(try recorded.index(of: "\"attempt\":2", "stepFinished")...)
    let (attempts, _) = try recorded.decide()
    #expect(attempts.map { $0.result?.isCutShort } == [false, false, true])
    #expect(attempts.allSatisfy { $0.result?.difference == nil })
  }

  @Test func `a run that is not there is an error that names it`() throws {
    let folder = try TemporaryFolder(prefix: "qa-runner")
    #expect {
      _ = try RunReplay.decide("2026-11-20", in: folder.path)
    } throws: { error in
      "\(error)".contains("there is no run “2026-11-20”")
    }
  }
}
