internal import JSONCoding

extension ChatRequest {
  /// The same request for a model whose template knows no tools: the arguments of the one tool become
  /// the form of the answer.
  ///
  /// Engines do not show the schema to the model, so it stands in the prompt too. Results of calls
  /// become the user's words, and neighbours of one role one message, because such templates want the
  /// roles to alternate. A request with no tool, or with several, stays as it is.
  public func asSchema() -> ChatRequest {
    guard let tool = tools.first, tools.count == 1 else { return self }
    var request = inWords()
    request.tools = []
    request.responseFormat = .jsonSchema(name: tool.name, tool.parameters)
    let form =
      "To call `\(tool.name)`, answer with one JSON object, its arguments, and nothing else. They "
      + "must fit this schema: \(tool.parameters.text)"
    if request.messages.first?.role == .system {
      request.messages[0].parts = [.text(request.messages[0].text + "\n" + form)]
    } else {
      request.messages.insert(.system(form), at: 0)
    }
    return request
  }
}

extension ChatRequest {
  /// The same conversation without calls and results: what was called is what the model said, and what
  /// came of it is what the user says.
  public func inWords() -> ChatRequest {
    var request = self
    request.messages = messages.map(\.withoutTools).joinedByRole()
    return request
  }
}

extension ChatMessage {
  /// The same without a word of the protocol about tools.
  var withoutTools: ChatMessage {
    var message = self
    message.toolCalls = []
    message.toolCallID = nil
    if role == .tool { message.role = .user }
    if role == .assistant, text.isEmpty {
      message.parts = toolCalls.map { .text($0.argumentsText) }
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
