import Imaging
import JSONCoding
import Pixels
import Platform
import Testing

@testable import ModelRunner

/// A running llama.cpp server that was named to the tests; docs/model-endpoint.md says how to start one.
struct LiveServer: Sendable {
  /// One whose model sees.
  static let seeing = LiveServer(variable: "QA_AGENT_TEST_LLAMA_SERVER")
  /// One whose model calls tools and has no projector.
  static let text = LiveServer(variable: "QA_AGENT_TEST_LLAMA_SERVER_TEXT")
  /// The key of the second, if it wants one.
  static let key = ProcessEnvironment.current["QA_AGENT_TEST_LLAMA_SERVER_KEY"].map {
    APIKey(name: "QA_AGENT_TEST_LLAMA_SERVER_KEY", value: $0)
  }

  /// The address with `/v1`; nil when none was named.
  let url: String?
  private let key: APIKey?

  private init(variable: String) {
    let root = ProcessEnvironment.current[variable] ?? ""
    url = root.isEmpty ? nil : root.hasSuffix("/v1") ? root : root + "/v1"
    key = variable.hasSuffix("_TEXT") ? Self.key : nil
  }

  var isThere: Bool { url != nil }

  /// A client with the machine's own clock.
  func client(
    key: APIKey?? = .none, changing change: (inout ModelEndpoint) -> Void = { _ in }
  ) throws -> ModelClient {
    // The server has one model and takes any name for it.
    var endpoint = try ModelEndpoint(
      url: #require(url), model: "ai/qwen2.5-vl", apiKey: key ?? self.key)
    change(&endpoint)
    return ModelClient(endpoint, transport: HTTPTransport())
  }

  /// Prints a figure that a run wants to be quoted for.
  static func note(_ text: String) { print("live: \(text)") }
}

/// The tests against real servers, one at a time: they look at what the server's slots do.
@Suite(.serialized, .timeLimit(.minutes(5))) enum LiveServerTests {}

extension Trait where Self == ConditionTrait {
  /// Skips a test where no server with a seeing model was named.
  static var needsLiveServer: ConditionTrait {
    .enabled(
      if: LiveServer.seeing.isThere,
      "QA_AGENT_TEST_LLAMA_SERVER names no running llama-server (see docs/model-endpoint.md)")
  }
  /// Skips a test where no server without a projector was named.
  static var needsLiveTextServer: ConditionTrait {
    .enabled(
      if: LiveServer.text.isThere,
      "QA_AGENT_TEST_LLAMA_SERVER_TEXT names no running llama-server (see docs/model-endpoint.md)")
  }
}

/// What the server tells about its slots.
struct LiveSlots {
  let list: [JSON]

  init(_ client: ModelClient) async throws {
    list = try await client.call("GET", client.rootPath("/slots")).array ?? []
    try #require(!list.isEmpty, "start the server with --slots")
  }

  var busy: [JSON] { list.filter { $0["is_processing"]?.bool == true } }
  /// Tokens that one conversation may have.
  var context: Int { list.first?["n_ctx"]?.integer ?? 0 }

  /// How often the engine has decoded since it was started.
  static func decodes(_ client: ModelClient) async throws -> Int {
    let request = client.request("GET", client.rootPath("/metrics"), accept: "text/plain")
    let text = String(decoding: try await client.send(request).body(), as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.hasPrefix("llamacpp:n_decode_total ") }
    let words = try #require(line, "start the server with --metrics").split(separator: " ")
    return try #require(words.last.flatMap { Int($0) })
  }

  /// Asks until so many slots are busy, at the most until the test's own limit.
  static func wait(_ client: ModelClient, until count: Int) async throws {
    while try await LiveSlots(client).busy.count != count {
      try await Task.sleep(for: .milliseconds(2))
    }
  }
}

/// A picture of noise that no run of the tests has sent before, so that no cache knows it.
func freshPicture(width: Int = 560, height: Int = 560) throws -> EncodedImage {
  let size = PixelSize(clampingWidth: width, height: height)
  var state = UInt32.random(in: 1...UInt32.max)
  let pixels = (0..<size.area * 4).map { _ -> UInt8 in
    state ^= state << 13
    state ^= state >> 17
    state ^= state << 5
    return UInt8(truncatingIfNeeded: state)
  }
  let frame = try #require(Frame(size: size, pixels: pixels))
  return try #require(EncodedImage(PNG.encode(frame)))
}

/// A word that no run of the tests has said before, to begin a conversation that no cache knows.
func freshWord() -> String { "Run \(UInt64.random(in: 0...UInt64.max))." }

/// Asks for an answer that goes on until its limit, whatever the model would like.
func longQuestion(_ tokens: Int, stream: Bool = true) -> ChatRequest {
  ChatRequest(
    messages: [.user(freshWord())], maxTokens: tokens, stream: stream,
    extra: JSONObject([("ignore_eos", true)]))
}

extension ChatReply {
  /// `1234 of 2345 (52.6 %)`.
  var cachedShare: String {
    let tenths = Int(((usage.reuse ?? 0) * 1000).rounded())
    return "\(usage.cached) of \(usage.prompt) (\(tenths / 10).\(tenths % 10) %)"
  }
}
