import JSONCoding
import Testing

@testable import ModelRunner

/// Tools for models that know none: the call is the form of the answer.
struct SchemaDialectTests {
  private static let tools = [
    ToolDefinition(
      name: "look", description: "Look.",
      parameters: [
        "type": "object", "properties": ["at": ["type": "string"]], "required": ["at"],
      ]),
    ToolDefinition(
      name: "run", description: "Run.",
      parameters: [
        "type": "object",
        "properties": ["argv": ["type": "array", "items": ["type": "string"]]],
        "required": ["argv"],
      ]),
  ]

  private func request(_ tools: [ToolDefinition]) -> ChatRequest {
    let call = ToolCall(id: "1", name: "run", argumentsText: #"{"argv":["ls"]}"#)
    return ChatRequest(
      messages: [
        .user("Go."), .assistant("", toolCalls: [call]), .tool("Done: ls", answering: "1"),
      ],
      tools: tools)
  }

  @Test func `of several tools the answer names one`() throws {
    let asked = request(Self.tools).asSchema()
    #expect(asked.tools.isEmpty)
    guard case .jsonSchema(_, let schema) = asked.responseFormat else {
      Issue.record("no schema")
      return
    }
    let names = schema["anyOf"]?.array?.map {
      $0["properties"]?["name"]?["enum"]?.array?.first?.string
    }
    #expect(names == ["look", "run"])
    #expect(asked.messages.first?.text.contains("`run`: Run.") == true)
    #expect(asked.messages.contains { $0.text == #"{"name":"run","arguments":{"argv":["ls"]}}"# })
    var reply = ChatReply()
    reply.text = #"{"name": "run", "arguments": {"argv": ["ls", "-l"]}}"#
    let decoded = try ReplyDecoder(dialect: .schema, tools: Self.tools).decode(reply)
    #expect(decoded.calls.map(\.name) == ["run"])
    #expect(decoded.calls.first?.arguments["argv"]?.array?.count == 2)
  }

  @Test func `of one tool the answer is its arguments`() {
    let asked = request([Self.tools[1]]).asSchema()
    guard case .jsonSchema("run", let schema) = asked.responseFormat else {
      Issue.record("no schema")
      return
    }
    #expect(schema == Self.tools[1].parameters)
    #expect(asked.messages.contains { $0.text == #"{"argv":["ls"]}"# })
  }
}
