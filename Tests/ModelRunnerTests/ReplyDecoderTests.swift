import JSONCoding
import Testing

@testable import ModelRunner

/// One entry of the corpus.
struct DialectCase: Sendable, CustomTestStringConvertible {
  let dialect: ModelFamily.Dialect
  let name: String
  let text: String
  let isCut: Bool
  let expected: [String]

  var testDescription: String { "\(dialect) · \(name)" }

  static let all: [DialectCase] = {
    let lines = dialectCorpus.split(separator: "\n", omittingEmptySubsequences: false)
    var cases: [DialectCase] = []
    var body: [Substring] = []
    var head: Substring?
    for line in lines + ["=== end"] {
      guard line.hasPrefix("=== ") else {
        body.append(line)
        continue
      }
      if let head, let entry = DialectCase(head: head, body: body) { cases.append(entry) }
      head = line.dropFirst(4)
      body = []
    }
    return cases
  }()

  private init?(head: Substring, body: [Substring]) {
    let parts = head.split(separator: " · ")
    guard parts.count == 2, let dialect = ModelFamily.Dialect(rawValue: String(parts[0])),
      let divider = body.firstIndex(of: "---")
    else { return nil }
    self.dialect = dialect
    name = String(parts[1])
    var text = body[..<divider].joined(separator: "\n")
    isCut = text.hasPrefix("«cut»")
    if isCut { text.removeFirst(5) }
    self.text = text
    expected = body[(divider + 1)...].filter { !$0.isEmpty }.map(String.init)
  }
}

struct ReplyDecoderTests {
  static let tools: [ToolDefinition] = [
    tool(
      "click",
      [
        "x": ["type": "integer", "minimum": 0, "maximum": 1000],
        "y": ["type": "integer", "minimum": 0, "maximum": 1000],
      ], required: ["x", "y"]),
    tool("type", ["text": ["type": "string"], "enter": ["type": "boolean"]], required: ["text"]),
    tool(
      "press", ["keys": ["type": "array", "items": ["type": "string"], "minItems": 1]],
      required: ["keys"]),
    tool(
      "scroll",
      [
        "direction": ["type": "string", "enum": ["up", "down"]],
        "amount": ["type": "integer", "minimum": 1],
      ], required: ["direction"]),
    tool("wait", ["seconds": ["type": "number"]], required: []),
    tool("done", ["summary": ["type": "string", "maxLength": 60]], required: ["summary"]),
    tool("screenshot", ["note": ["type": "string"]], required: []),
    tool(
      "point",
      ["coordinate": ["type": "array", "items": ["type": "number"], "minItems": 2, "maxItems": 2]],
      required: ["coordinate"]),
  ]

  private static func tool(_ name: String, _ properties: JSON, required: [JSON]) -> ToolDefinition {
    ToolDefinition(
      name: name, description: name,
      parameters: [
        "type": "object", "properties": properties, "required": .array(required),
        "additionalProperties": false,
      ])
  }

  /// UI-TARS describes its actions in the prompt, so there are no definitions to check against.
  private func decoder(_ dialect: ModelFamily.Dialect) -> ReplyDecoder {
    ReplyDecoder(dialect: dialect, tools: dialect == .actionText ? [] : Self.tools)
  }

  private func outcome(_ entry: DialectCase) -> [String] {
    var reply = ChatReply()
    reply.text = entry.text
    if entry.isCut { reply.finishReason = .length }
    do {
      return try decoder(entry.dialect).decode(reply).calls.map {
        "\($0.name) \(JSON.object($0.arguments).text)"
      }
    } catch {
      return ["!" + described(error.reason)]
    }
  }

  private func described(_ reason: ReplyRejection.Reason) -> String {
    switch reason {
    case .empty: "empty"
    case .truncated: "truncated"
    case .noCall: "noCall"
    case .unknownTool: "unknownTool"
    case .malformed: "malformed"
    case .badArgument(let tool, let path): "badArgument \(tool) \(path)"
    }
  }

  @Test func `the corpus is as large as it should be`() {
    #expect(DialectCase.all.count >= 120)
    #expect(Set(DialectCase.all.map(\.testDescription)).count == DialectCase.all.count)
  }

  @Test(arguments: DialectCase.all) func `reads what was meant and nothing else`(
    entry: DialectCase
  ) {
    #expect(outcome(entry) == entry.expected)
  }

  @Test(arguments: DialectCase.all.filter { $0.expected.first?.hasPrefix("!") == false })
  func `never reads anything else out of the beginning of a reply`(entry: DialectCase) {
    let meant = calls(entry.text, entry.dialect)
    let scalars = entry.text.unicodeScalars
    let wrong = (0..<scalars.count).first { length in
      let part = String(String.UnicodeScalarView(scalars.prefix(length)))
      return !zip(calls(part, entry.dialect), meant + Array(repeating: nil, count: 8)).allSatisfy {
        Self.isPart($0, of: $1)
      }
    }
    #expect(wrong == nil)
  }

  private func calls(_ text: String, _ dialect: ModelFamily.Dialect) -> [DecodedCall?] {
    var reply = ChatReply()
    reply.text = text
    return (try? decoder(dialect).decode(reply).calls) ?? []
  }

  /// A call whose every argument the other one has too.
  private static func isPart(_ call: DecodedCall?, of whole: DecodedCall?) -> Bool {
    guard let call, let whole, call.name == whole.name else { return false }
    return call.arguments.pairs.allSatisfy { whole.arguments[$0.key] == $0.value }
  }

  @Test func `decodes native calls with their ids`() throws {
    var reply = ChatReply()
    reply.text = "I click."
    reply.toolCalls = [
      ToolCall(id: "a", name: "click", argumentsText: #"{"x":1,"y":2}"#),
      ToolCall(id: "b", name: "screenshot", argumentsText: ""),
    ]
    let decoded = try decoder(.native).decode(reply)
    #expect(decoded.calls.map(\.id) == ["a", "b"])
    #expect(decoded.calls.map(\.name) == ["click", "screenshot"])
    #expect(decoded.calls[0].repairs == [])
    #expect(decoded.calls[1].repairs == [.noArguments])
    #expect(decoded.text == "I click.")
  }

  @Test(arguments: [
    #"{"x":1,"y":"#, "[1,2]", "5", #""click""#, #"{"x":1,"x":2,"y":3}"#, "{x:1,y:2}",
  ]) func `rejects native arguments that are no object`(text: String) {
    var reply = ChatReply()
    reply.toolCalls = [ToolCall(id: "a", name: "click", argumentsText: text)]
    #expect(throws: ReplyRejection.self) { try decoder(.native).decode(reply) }
  }

  @Test func `rejects a native call that was cut`() {
    var reply = ChatReply()
    reply.toolCalls = [
      ToolCall(id: "a", name: "click", argumentsText: #"{"x":1,"y":2}"#, isComplete: false)
    ]
    let error = #expect(throws: ReplyRejection.self) { try decoder(.native).decode(reply) }
    #expect(error?.reason == .truncated)
  }

  @Test func `says what was repaired`() throws {
    var reply = ChatReply()
    reply.text = "Sure.\n```json\n{\"action\": \"click\", \"args\": {\"x\": \"1\", \"y\": 2,}}\n```"
    let call = try #require(try decoder(.schema).decode(reply).calls.first)
    #expect(call.repairs == [.fence, .prose, .stringified, .trailingComma])
  }

  @Test func `tells the model which tools there are`() {
    var reply = ChatReply()
    reply.text = #"{"action":"clack","args":{}}"#
    let error = #expect(throws: ReplyRejection.self) { try decoder(.schema).decode(reply) }
    #expect(error?.message.contains("\"clack\"") == true)
    #expect(error?.message.contains("click, type") == true)
  }

  @Test(arguments: [
    String(repeating: "<tool_call>", count: 20_000), String(repeating: "{\"a\":", count: 40_000),
    "<function=click>" + String(repeating: "<parameter=a>1</parameter>", count: 8_000),
    String(repeating: "```", count: 60_000), String(repeating: "[", count: 200_000),
    "Action: click(" + String(repeating: "a=1,", count: 50_000),
    "{\"action\":\"click\"" + String(repeating: ",\"a\":1", count: 30_000) + "}",
    String(repeating: "<think>", count: 30_000),
  ]) func `gives up on a flood`(text: String) {
    var reply = ChatReply()
    reply.text = text
    for dialect in ModelFamily.Dialect.allCases {
      #expect(throws: ReplyRejection.self) { try decoder(dialect).decode(reply) }
    }
  }
}
