import JSONCoding
import ModelDouble
import Platform
import Testing

@testable import ModelRunner

/// A one-pixel PNG, enough to be recognised as a picture.
let tinyPNG: [UInt8] = [
  0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1,
  0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3A, 0x7E, 0x9B, 0x55, 1, 2, 3,
]

/// A clock that does not wait: sleeping moves it on.
final class TestClock: Sendable {
  private let time = Locked(Duration.zero)
  private let sleeps = Locked([Duration]())

  var slept: [Duration] { sleeps.withLock { $0 } }

  var clock: ModelClock {
    ModelClock(
      now: { self.time.withLock { $0 } },
      sleep: { duration in
        // The gate's deadline must not pass by itself.
        if duration > .seconds(400) {
          try await Task.sleep(for: .seconds(3600))
        }
        try Task.checkCancellation()
        self.time.withLock { $0 += duration }
        self.sleeps.withLock { $0.append(duration) }
      },
      random: { 0.5 },
      // Wednesday, 21 October 2026, 07:28:00.
      date: { 1_792_567_680 })
  }
}

/// Collects what a request reports while it runs.
final class Deltas: Sendable {
  private let list = Locked([ChatDelta]())
  var all: [ChatDelta] { list.withLock { $0 } }
  var take: @Sendable (ChatDelta) -> Void {
    { delta in self.list.withLock { $0.append(delta) } }
  }
}

/// A client of a double, with a clock that does not wait between attempts.
func client(
  of double: ModelDouble, model: String = "ai/qwen3-vl", key: APIKey? = nil,
  clock: ModelClock = TestClock().clock,
  changing change: (inout ModelEndpoint) -> Void = { _ in }
) throws -> ModelClient {
  var endpoint = try ModelEndpoint(url: double.url, model: model, apiKey: key)
  change(&endpoint)
  return ModelClient(endpoint, transport: HTTPTransport(), clock: clock)
}

/// The error that a body throws; records an issue when it throws none.
func modelError<Value>(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws(ModelError) -> Value
) async -> ModelError? {
  do {
    let value = try await body()
    Issue.record("expected an error and got \(value)", sourceLocation: sourceLocation)
    return nil
  } catch {
    return error
  }
}

let clickTool = ToolDefinition(
  name: "click", description: "Clicks.",
  parameters: [
    "type": "object",
    "properties": ["x": ["type": "integer"], "y": ["type": "integer"]],
    "required": ["x", "y"],
  ])

func question(stream: Bool = true, tools: [ToolDefinition] = []) -> ChatRequest {
  ChatRequest(messages: [.system("You test."), .user("Say hello.")], tools: tools, stream: stream)
}
