import JSONCoding
import Scenario
import Story
import Testing

@testable import Recording
@testable import Runner

/// What a model was sent is known afterwards.
@Suite(.timeLimit(.minutes(5)))
struct SentRequestTests {
  private static let done = ModelReply(calls: [
    ToolRequest(
      id: "1", name: "computer", arguments: #"{"action":"terminate","status":"success"}"#)
  ])

  private func run(
    _ policy: RecordPolicy, fails: Bool = false, secrets: [String: String] = [:]
  ) async throws -> (Rehearsal, sent: [SentRequest], blobs: BlobStore) {
    let rehearsal = try Rehearsal(
      [.of("a", [.does("sign in"), .sees("Welcome")])], on: Stage(model: .available(name: "m"))
    ) {
      $0.record = policy
      $0.secrets = secrets
    }
    rehearsal.stage.say(Self.done, Self.done)
    if fails { rehearsal.stage.fail("a.1") }
    let summary = try await rehearsal.play()
    let sent = try summary.journal().compactMap { line -> SentRequest? in
      guard let reply = line.fields["event"]?["replied"]?["reply"] else { return nil }
      return try reply.decode("sent")
    }
    return (rehearsal, sent, RunFolder(path: summary.folder).blobs)
  }

  @Test func `the body of each request is kept where recording is whole`() async throws {
    let (rehearsal, sent, blobs) = try await run(.on)
    #expect(rehearsal.verdicts == ["a passed"])
    let first = try #require(sent.first)
    #expect(first.blob == first.digest)
    let body = try JSON(parsing: try blobs.read(first.blob, as: .json))
    #expect(body["told"]?.integer == 2)
  }

  @Test func `without pictures a request is known by the same digest and not kept`() async throws {
    let (_, kept, _) = try await run(.on)
    let (_, sent, blobs) = try await run(.off)
    let first = try #require(sent.first)
    #expect(first.blob.isEmpty)
    #expect(first.digest == kept.first?.digest)
    #expect(!blobs.containsAny(first.digest))
  }

  @Test func `requests of cases that passed are taken out when only failures matter`()
    async throws
  {
    let (_, passed, blobs) = try await run(.retainOnFailure)
    #expect(!blobs.containsAny(try #require(passed.first).blob))
    let (rehearsal, failed, others) = try await run(.retainOnFailure, fails: true)
    #expect(rehearsal.verdicts == ["a failed"])
    #expect(others.containsAny(try #require(failed.first).blob))
  }

  @Test func `a kept request has the names of secrets`() async throws {
    let (rehearsal, sent, blobs) = try await run(.on, secrets: ["WORD": "told"])
    #expect(rehearsal.verdicts == ["a passed"])
    let body = try blobs.read(try #require(sent.first).blob, as: .json)
    #expect(String(decoding: body, as: UTF8.self) == #"{"‹WORD›":2}"#)
  }
}
