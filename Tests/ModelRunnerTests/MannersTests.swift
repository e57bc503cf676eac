import JSONCoding
import ModelDouble
import Pixels
import Testing

@testable import ModelRunner

/// Servers that do not take a request as it is, and what is sent to them instead.
@Suite(.timeLimit(.minutes(5))) struct MannersTests {
  /// A server that refuses what has a field, in these words.
  struct Picky: Sendable, CustomTestStringConvertible {
    let field: String
    let status: Int
    let words: JSON
    var testDescription: String { "\(field): \(words.text)" }
  }

  private static func openAI(_ field: String, _ words: String) -> Picky {
    Picky(
      field: field, status: 400,
      words: [
        "error": [
          "message": .string(words), "type": "invalid_request_error", "param": .string(field),
          "code": "unsupported_parameter",
        ]
      ])
  }

  static let picky: [Picky] = [
    openAI(
      "max_tokens",
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    ),
    openAI("parallel_tool_calls", "Unsupported parameter: 'parallel_tool_calls' is not supported."),
    openAI(
      "temperature",
      "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported."
    ),
    Picky(
      field: "stream_options", status: 400,
      words: [
        "error": ["message": "unexpected field stream_options", "type": "invalid_request_error"]
      ]),
    Picky(
      field: "seed", status: 422,
      words: [
        "detail": [
          [
            "type": "extra_forbidden", "loc": ["body", "seed"],
            "msg": "Extra inputs are not permitted",
          ]
        ]
      ]),
    Picky(
      field: "tool_choice", status: 400, words: ["error": "tool_choice is not supported here"]),
    Picky(
      field: "chat_template_kwargs", status: 400,
      words: [
        "message": "Unrecognized request argument supplied: chat_template_kwargs", "type": "error",
      ]),
    Picky(
      field: "parallel_tool_calls", status: 400,
      words: [
        "error": [
          "message":
            "litellm.UnsupportedParamsError: the model does not support parameters: ['parallel_tool_calls'], for model=x"
        ]
      ]),
    Picky(
      field: "temperature", status: 400,
      words: ["error": ["message": "Unsupported parameter given"]]),
  ]

  private func refusing(
    _ refuses: @escaping @Sendable (ReceivedRequest) -> DoubleAnswer?
  ) throws -> ModelDouble {
    try ModelDouble.start(override: { $0.isChat ? refuses($0) : nil }, ModelDouble.plain)
  }

  private var wordy: ChatRequest {
    var request = question(tools: [clickTool])
    request.extra["seed"] = 7
    request.extra["chat_template_kwargs"] = ["enable_thinking": false]
    return request
  }

  @Test(arguments: picky) func `a field that a server refuses is left out and stays so`(
    picky: Picky
  ) async throws {
    let double = try refusing {
      $0.json?[picky.field] == nil ? nil : .status(picky.status, json: picky.words)
    }
    defer { double.stop() }
    let client = try client(of: double)
    let reply = try await client.chat(wordy)
    #expect(reply.text == "ok")
    #expect(!reply.changes.isEmpty)
    let again = try await client.chat(wordy)
    #expect(again.changes.isEmpty)
    #expect(double.chats.count == 3, "one refusal, and two answers")
    // What it did not refuse is still there.
    let sent = try #require(double.chats.last?.json)
    #expect(sent["tools"] != nil && sent["messages"] != nil && sent["stream"] == true)
    if picky.field == "max_tokens" { #expect(sent["max_completion_tokens"] == 1024) }
    #expect(!client.manners.sentences.isEmpty)
  }

  @Test func `a server that refuses field after field is asked until it answers`() async throws {
    let refused = ["max_tokens", "temperature", "parallel_tool_calls", "stream_options", "seed"]
    let double = try refusing { request in
      refused.first { request.json?[$0] != nil }.map {
        .error(400, "Unknown parameter: '\($0)'.", type: "invalid_request_error")
      }
    }
    defer { double.stop() }
    let reply = try await client(of: double).chat(wordy)
    #expect(reply.text == "ok")
    #expect(reply.changes.count == refused.count)
  }

  @Test func `a refusal that says nothing of it is an error at once`() async throws {
    let double = try refusing { _ in .error(400, "bad things", type: "invalid_request_error") }
    defer { double.stop() }
    let client = try client(of: double)
    let error = await modelError { () throws(ModelError) in try await client.chat(wordy) }
    #expect(error?.kind == .badRequest)
    #expect(double.chats.count == 1)
  }

  @Test func `a field that is refused although it is not sent is an error`() async throws {
    let double = try refusing { _ in .error(400, "Unsupported parameter: 'temperature'") }
    defer { double.stop() }
    let client = try client(of: double)
    let error = await modelError { () throws(ModelError) in try await client.chat(wordy) }
    #expect(error?.kind == .badRequest)
    #expect(double.chats.count == 2)
  }

  @Test func `an answer that may not be so long is asked for as long as it may be`() async throws {
    let double = try refusing { request in
      (request.json?["max_tokens"]?.integer ?? 0) > 512
        ? .error(400, "max_tokens is too large: 1024. This model supports at most 512 tokens.")
        : nil
    }
    defer { double.stop() }
    #expect(try await client(of: double).chat(question()).text == "ok")
    #expect(double.chats.last?.json?["max_tokens"] == 512)
  }

  // MARK: - Who speaks when

  private static let alternate =
    "Jinja Exception: After the optional system message, conversation roles must alternate user and assistant"
    + " roles except for tool calls and results."

  private var conversation: ChatRequest {
    var request = question(tools: [clickTool])
    let call = ToolCall(id: "c1", name: "click", argumentsText: #"{"x":5,"y":6}"#)
    request.messages = [
      .system("You test."), .user("Sign in."), .assistant("", toolCalls: [call]),
      .tool("Done: click.", answering: "c1"), .user("The new screen."),
    ]
    return request
  }

  /// Templates that want user and assistant in turn, each in its own way.
  static let templates: [String: @Sendable ([ReceivedMessage]) -> Bool] = [
    "calls and results do not count": { messages in
      let spoken = messages.filter {
        $0.role == "user" || $0.role == "assistant" && $0.toolCalls.isEmpty
      }
      return spoken.enumerated().allSatisfy { $1.role == ($0 % 2 == 0 ? "user" : "assistant") }
    },
    "after a result the assistant": { messages in
      zip(messages, messages.dropFirst()).allSatisfy { $0.role != "tool" || $1.role != "user" }
    },
    "there are no results": { messages in
      let spoken = messages.filter { $0.role != "system" }
      return spoken.enumerated().allSatisfy { $1.role == ($0 % 2 == 0 ? "user" : "assistant") }
    },
  ]

  @Test(arguments: templates.keys.sorted(), [400, 500])
  func `a template that wants the speakers in turn gets them, and all that was done`(
    name: String, status: Int
  ) async throws {
    let takes = try #require(Self.templates[name])
    let double = try refusing {
      takes($0.messages) ? nil : .error(status, Self.alternate)
    }
    defer { double.stop() }
    let client = try client(of: double)
    let reply = try await client.chat(conversation)
    #expect(reply.text == "ok")
    #expect(!reply.hasDroppedTurn)
    let told = try #require(double.chats.last?.messages)
    #expect(told.contains { $0.text.contains("Done: click.") })
    #expect(told.contains { !$0.toolCalls.isEmpty || $0.text.contains(#"{"x":5,"y":6}"#) })
    #expect(told.last?.role == "user" && told.last?.text.contains("The new screen.") == true)
    let before = double.chats.count
    _ = try await client.chat(conversation)
    #expect(double.chats.count == before + 1, "it is remembered")
  }

  @Test func `a server without a system role hears the system's words from the user`() async throws
  {
    let double = try refusing {
      $0.messages.first?.role == "system"
        ? .error(500, "Jinja Exception: System role not supported") : nil
    }
    defer { double.stop() }
    #expect(try await client(of: double).chat(question()).text == "ok")
    #expect(double.chats.last?.messages.first?.text == "You test.\nSay hello.")
  }

  @Test func `ids of calls are as short as a template wants them`() async throws {
    let double = try refusing { request in
      let ids = request.messages.flatMap {
        $0.toolCalls.map(\.id) + [$0.toolCallID].compactMap(\.self)
      }
      return ids.allSatisfy { $0.count == 9 }
        ? nil
        : .error(
          500, "Jinja Exception: Tool call IDs should be alphanumeric strings with length 9!")
    }
    defer { double.stop() }
    #expect(try await client(of: double).chat(conversation).text == "ok")
    let told = try #require(double.chats.last?.messages)
    #expect(told.compactMap(\.toolCallID) == told.flatMap { $0.toolCalls.map(\.id) })
  }

  // MARK: - What a server states

  @Test(arguments: [
    ("At most 1 image(s) may be provided in one request.", 1 as Int?),
    ("Too many images: the maximum is 20 images per request", 20),
    ("You may send up to 4 images in one prompt.", 4), ("Only one image is supported", 1),
    ("multiple images are not supported by this model", 1),
    ("too many images in request", nil),
  ])
  func `the number of pictures is read`(words: String, limit: Int?) async throws {
    let double = try refusing { _ in .error(400, words) }
    defer { double.stop() }
    let client = try client(of: double)
    let error = await modelError { () throws(ModelError) in try await client.chat(question()) }
    #expect(error?.kind == .tooManyPictures(limit: limit))
  }

  @Test(arguments: [
    ("At most 0 image(s) may be provided in one prompt.", ModelError.Kind.noVision),
    ("x/y is not a multimodal model", .noVision),
    ("x/y does not support tools", .noTools),
    ("the image of 5000x5000 exceeds the limit of 4096 pixels", .badRequest),
    (
      "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (3976 in the"
        + " messages, 1024 in the completion).", .contextExceeded(prompt: 3976, limit: 4096)
    ),
    (
      "request (9000 tokens) exceeds the available context size (8192 tokens), try increasing it",
      .contextExceeded(prompt: 9000, limit: 8192)
    ),
    (
      "prompt is too long: 210,000 tokens > 200,000 maximum",
      .contextExceeded(prompt: 210_000, limit: 200_000)
    ),
    ("Request body too large: the limit is 4 MB", .payloadTooLarge(limit: 4_000_000)),
    (
      "request body of 12582912 bytes exceeds the body size limit of 2097152 bytes",
      .payloadTooLarge(limit: 2_097_152)
    ),
  ])
  func `what a server states is read`(words: String, kind: ModelError.Kind) async throws {
    let double = try refusing { _ in .error(400, words) }
    defer { double.stop() }
    let client = try client(of: double)
    let error = await modelError { () throws(ModelError) in try await client.chat(question()) }
    #expect(error?.kind == kind)
  }

  @Test func `a proxy's page about a large request is no login page`() async throws {
    let double = try refusing { _ in
      .status(413, type: "text/html", body: Array("<html>413 Request Entity Too Large</html>".utf8))
    }
    defer { double.stop() }
    let client = try client(of: double)
    let error = await modelError { () throws(ModelError) in try await client.chat(question()) }
    #expect(error?.kind == .payloadTooLarge(limit: nil))
  }

  // MARK: - Calls

  private func fragments(_ calls: [[String: JSON]], together: Bool = false) -> DoubleAnswer {
    let deltas: [JSON] =
      together
      ? [["tool_calls": .array(calls.map { .object(JSONObject($0.map { ($0.key, $0.value) })) })]]
      : calls.map { ["tool_calls": [.object(JSONObject($0.map { ($0.key, $0.value) }))]] }
    let events = deltas.map { delta -> String in
      (["choices": [["index": 0, "delta": delta]]] as JSON).text
    }
    return .events(
      events + [#"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#, "[DONE]"])
  }

  private func fragment(
    _ index: Int?, _ id: String?, _ name: String?, _ arguments: String
  ) -> [String: JSON] {
    var function: [(String, JSON)] = [("arguments", .string(arguments))]
    if let name { function.append(("name", .string(name))) }
    var call: [String: JSON] = ["function": .object(JSONObject(function))]
    if let index { call["index"] = .integer(index) }
    if let id { call["id"] = .string(id) }
    return call
  }

  private func calls(of answer: DoubleAnswer) async throws -> [String] {
    let double = try ModelDouble.start { _ in answer }
    defer { double.stop() }
    return try await client(of: double).chat(question(tools: [clickTool])).toolCalls
      .map { "\($0.name)\($0.argumentsText)" }
  }

  @Test(arguments: [true, false]) func `calls with one index are told apart by their ids`(
    together: Bool
  ) async throws {
    let two = [
      fragment(0, "a", "click", #"{"x":1}"#), fragment(0, "b", "click", #"{"x":2}"#),
    ]
    #expect(
      try await calls(of: fragments(two, together: together)) == [
        #"click{"x":1}"#, #"click{"x":2}"#,
      ])
  }

  @Test func `pieces of calls with one index belong to the call they name`() async throws {
    let pieces = [
      fragment(0, "a", "click", #"{"x""#), fragment(0, nil, nil, ":1}"),
      fragment(0, "b", "click", #"{"x""#), fragment(0, "b", nil, ":2}"),
    ]
    #expect(try await calls(of: fragments(pieces)) == [#"click{"x":1}"#, #"click{"x":2}"#])
  }

  @Test func `calls without index and id are told apart by their ends`() async throws {
    let pieces = [
      fragment(nil, nil, "click", #"{"x":1}"#), fragment(nil, nil, "click", #"{"x":2}"#),
    ]
    #expect(try await calls(of: fragments(pieces)) == [#"click{"x":1}"#, #"click{"x":2}"#])
  }

  @Test func `one call whose every piece has an id of its own is one call`() async throws {
    let pieces = [fragment(0, "a", "click", #"{"x""#), fragment(0, "b", nil, ":1}")]
    #expect(try await calls(of: fragments(pieces)) == [#"click{"x":1}"#])
  }

  private static let pointer = ToolDefinition(
    name: "point", description: "",
    parameters: [
      "type": "object",
      "properties": [
        "coordinate": [
          "type": "array", "items": ["type": "number"], "minItems": 2, "maxItems": 2,
        ]
      ], "required": ["coordinate"],
    ])

  @Test(arguments: [
    (#"{"coordinate":"[500, 560]"}"#, "[500,560]" as String?),
    (#"{"coordinate":"500, 560"}"#, "[500,560]"),
    (#"{"coordinate":"(500;560)"}"#, "[500,560]"), (#"{"coordinate":"500 560"}"#, "[500,560]"),
    (#"{"coordinate":["500","560"]}"#, "[500,560]"),
    (#"{"coordinate":[[500,560]]}"#, "[500,560]"),
    (#"{"coordinate":{"x":560,"y":500}}"#, "[500,560]"),
    (#"{"coordinate":{"y":"500","x":"560"}}"#, "[500,560]"), (#"{"x":560,"y":500}"#, "[500,560]"),
    (#"{"coordinate":[450,540,550,580]}"#, "[500,560]"),
    (#"{"coordinate":[[450,540],[550,580]]}"#, "[500,560]"),
    (#"{"coordinate":[450,540,50,40]}"#, nil), (#"{"coordinate":"the middle"}"#, nil),
    (#"{"coordinate":[500]}"#, nil), (#"{"coordinate":{"left":1,"top":2}}"#, nil),
    (#"{"coordinate":"5e999, 1"}"#, nil),
  ])
  func `a place in another form is the place, or nothing`(
    arguments: String, place: String?
  ) throws {
    var reply = ChatReply()
    reply.toolCalls = [ToolCall(id: "a", name: "point", argumentsText: arguments)]
    // This model writes y first.
    let decoder = ReplyDecoder(dialect: .native, tools: [Self.pointer], order: .yx)
    let decoded = try? decoder.decode(reply)
    #expect(decoded?.calls.first?.arguments["coordinate"]?.text == place)
  }
}
