import JSONCoding
import ModelDouble
import Platform
import Testing

@testable import ModelRunner

/// Servers that never come to an end: each is left, in bounded memory.
@Suite(.timeLimit(.minutes(5))) struct FloodTests {
  /// Where an answer comes a byte at a time.
  enum Trickle: CaseIterable {
    case stream, reply, error, header

    /// Each byte comes well within the limit between bytes.
    var answer: DoubleAnswer {
      let steps = (0..<2000).flatMap { _ in
        [DoubleAnswer.Step.text(":"), .pause(.milliseconds(20))]
      }
      return switch self {
      case .stream: .chunks(steps)
      case .reply: .chunks(type: "application/json", steps)
      case .error: .chunks(status: 500, type: "text/plain", steps)
      case .header: .wire([.text("HTTP/1.1 200 OK\r\nX")] + steps)
      }
    }
  }

  @Test(arguments: Trickle.allCases) func `an answer that trickles comes to an end`(
    trickle: Trickle
  ) async throws {
    let double = try ModelDouble.start(
      override: { $0.isChat ? trickle.answer : nil }, ModelDouble.plain)
    defer { double.stop() }
    let client = try client(of: double) {
      $0.timeouts.answer = .milliseconds(600)
      $0.timeouts.betweenBytes = .milliseconds(500)
    }
    let error = await modelError { () throws(ModelError) in try await client.chat(question()) }
    // Which limit passes first depends on the machine; that one does is what counts.
    guard case .timeout = error?.kind else {
      Issue.record("no limit was met: \(error?.message ?? "")")
      return
    }
  }

  // MARK: - What is held

  private static func event(_ delta: String) -> String {
    #"data: {"choices":[{"index":0,"delta":\#(delta)}]}"# + "\n\n"
  }

  /// Feeds a piece again and again, beyond what an event may have; the most bytes held.
  private func held(feeding piece: String) -> (most: Int, problem: ChatAccumulator.Problem?) {
    var reader = ChatStreamReader()
    let bytes = Array(piece.utf8)
    var most = 0
    do throws(ChatAccumulator.Problem) {
      for _ in 0..<((5 << 20) / bytes.count) {
        _ = try reader.feed(bytes)
        most = max(most, reader.heldBytes)
      }
      return (most, nil)
    } catch {
      return (max(most, reader.heldBytes), error)
    }
  }

  @Test(arguments: [
    ("x", 60_000, 1 << 20), ("data: x", 60_000, 1 << 20),
    ("data: \(twenty)\(twenty)\(twenty)\n", 1_000, 4 << 20),
    (":\n", 5_000, 0), ("\n", 60_000, 0), ("id: 7\n", 9_000, 0), (event("{}"), 100, 0),
    (
      event(#"{"tool_calls":[{"index":0,"function":{"arguments":"\#(twenty)"}}]}"#), 1,
      ChatReply.argumentsLimit
    ),
  ]) func `a flood leaves little behind`(text: String, times: Int, allowed: Int) {
    let (most, problem) = held(feeding: String(repeating: text, count: times))
    #expect(most <= allowed + ChatReply.rawLimit + 1024)
    // Lines without content cost nothing, and the transport ends them.
    #expect(problem != nil || ["\n", "id: 7\n"].contains(text))
  }

  private static let twenty = String(repeating: "a", count: 20)

  @Test func `what a model says is held once`() {
    let (most, problem) = held(
      feeding: Self.event(#"{"content":"\#(String(repeating: "a", count: 100_000))"}"#))
    #expect(problem == nil)
    #expect(most <= (5 << 20) + ChatReply.rawLimit)
  }

  // MARK: - The process

  /// The most memory that this process has had, in bytes.
  static func peakMemory() throws -> Int {
    let status = String(
      decoding: try Files.read("/proc/self/status", limit: 1 << 16), as: UTF8.self)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return try #require(Int(line.split(separator: " ")[1])) << 10
  }

  /// Lets a server send up to a gibibyte; how much the most memory of the process grew.
  private static func growth(
    _ type: String, _ piece: String, isRaw: Bool = false
  ) async throws -> Int {
    let steps = [DoubleAnswer.Step](
      repeating: .bytes(Array(piece.utf8)), count: (1 << 30) / piece.utf8.count)
    let answer: DoubleAnswer =
      isRaw ? .wire([.text("HTTP/1.1 200 OK\r\n")] + steps) : .chunks(type: type, steps)
    let double = try ModelDouble.start(override: { $0.isChat ? answer : nil }, ModelDouble.plain)
    defer { double.stop() }
    let client = try client(of: double)
    _ = try await client.status()
    let before = try peakMemory()
    let error = await modelError { () throws(ModelError) in try await client.chat(question()) }
    #expect(error?.kind == .malformedReply || error?.kind == .notAnEndpoint)
    return try peakMemory() - before
  }

  @Test func `a gibibyte of anything costs a few mebibytes`() async {
    await #expect(processExitsWith: .success) {
      let garbage = String(repeating: "x", count: 60_000)
      let small = 24 << 20
      // A body may have 16 MiB, and an array grows by doubling.
      let whole = 64 << 20
      for (type, piece, isRaw, limit) in [
        ("text/event-stream", garbage, false, small),
        ("text/event-stream", "data: \(garbage)\n", false, small),
        ("text/event-stream", String(repeating: ":\n", count: 30_000), false, small),
        ("headers", "X-Y: \(garbage)\r\n", true, small),
        ("application/json", garbage, false, whole),
        ("text/plain", garbage, false, whole),
      ] {
        let growth = try await FloodTests.growth(type, piece, isRaw: isRaw)
        #expect(growth < limit, "\(type) \(piece.prefix(20))")
      }
    }
  }
}
