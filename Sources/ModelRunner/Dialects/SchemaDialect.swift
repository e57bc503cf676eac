internal import JSONCoding

extension ChatRequest {
  /// The same request for a model whose template knows no tools: the arguments of the one tool become
  /// the form of the answer.
  ///
  /// Engines do not show the schema to the model, so it stands in the prompt too. Results of calls
  /// become the user's words, and neighbours of one role one message, because such templates want the
  /// roles to alternate. Of several tools the answer names one. A request with no tool stays as it is.
  public func asSchema() -> ChatRequest {
    guard let tool = tools.first else { return self }
    let isNamed = tools.count > 1
    var request = inWords(namesTools: isNamed)
    request.tools = []
    let schema = isNamed ? Self.schema(of: tools) : tool.parameters
    request.responseFormat = .jsonSchema(name: isNamed ? "call" : tool.name, schema)
    let form =
      isNamed
      ? "To call a tool, answer with one JSON object, the tool's `name` and its `arguments`, and nothing else.\n"
        + tools.map { "`\($0.name)`: \($0.description)\n" }.joined()
        + "It must fit this schema: \(schema.text)"
      : "To call `\(tool.name)`, answer with one JSON object, its arguments, and nothing else. They "
        + "must fit this schema: \(schema.text)"
    if request.messages.first?.role == .system {
      request.messages[0].parts = [.text(request.messages[0].text + "\n" + form)]
    } else {
      request.messages.insert(.system(form), at: 0)
    }
    return request
  }
}

extension ChatRequest {
  /// A call of one of several tools.
  private static func schema(of tools: [ToolDefinition]) -> JSON {
    [
      "anyOf": .array(
        tools.map { tool in
          [
            "type": "object",
            "properties": [
              "name": ["type": "string", "enum": [.string(tool.name)]],
              "arguments": tool.parameters,
            ],
            "required": ["name", "arguments"],
          ]
        })
    ]
  }

  /// The same conversation without calls and results: what was called is what the model said, and what
  /// came of it is what the user says.
  ///
  /// - Parameter namesTools: whether a call is told with the name of its tool, because there are several.
  public func inWords(namesTools: Bool = false) -> ChatRequest {
    var request = self
    request.messages = messages.map { $0.withoutTools(named: namesTools) }.joinedByRole()
    return request
  }
}

extension ChatMessage {
  /// The same without a word of the protocol about tools.
  func withoutTools(named isNamed: Bool = false) -> ChatMessage {
    var message = self
    message.toolCalls = []
    message.toolCallID = nil
    if role == .tool { message.role = .user }
    if role == .assistant, text.isEmpty {
      message.parts = toolCalls.map { call in
        guard isNamed else { return .text(call.argumentsText) }
        let arguments = (try? JSON(parsing: call.argumentsText)) ?? .object(JSONObject())
        return .text(
          JSON.object(JSONObject([("name", .string(call.name)), ("arguments", arguments)])).text)
      }
    }
    return message
  }
}

extension [ChatMessage] {
  /// One message for neighbours of the same role.
  func joinedByRole() -> [ChatMessage] {
    var joined: [ChatMessage] = []
    for message in self {
      if let last = joined.last, last.role == message.role {
        joined[joined.count - 1].parts += message.parts
      } else {
        joined.append(message)
      }
    }
    return joined
  }
}
