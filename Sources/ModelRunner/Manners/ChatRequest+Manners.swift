extension ChatRequest {
  /// The same request as a server wants it.
  func suited(to manners: ServerManners) -> ChatRequest {
    var request = self
    switch manners.turns {
    case .free: break
    case .alternate: request.messages = messages.inTurn
    case .words: request = inWords()
    }
    if !manners.takesSystem { request.messages = request.messages.withoutSystem }
    if manners.wantsShortIDs { request.messages = request.messages.withShortIDs }
    if !manners.streams { request.stream = false }
    if let most = manners.mostTokens { request.maxTokens = min(maxTokens, most) }
    request.leftOut = manners.leftOut
    request.tokensField = manners.tokensField
    return request
  }
}

extension [ChatMessage] {
  /// The same with a word of the assistant between a result and the user, and neighbours of one speaker as one.
  ///
  /// Pictures stay with the user: templates drop them elsewhere, or refuse them.
  fileprivate var inTurn: [ChatMessage] {
    var result: [ChatMessage] = []
    for message in self {
      if message.role == .user, result.last?.role == .tool { result.append(.assistant(Self.word)) }
      if let last = result.last, last.role == message.role, message.role != .tool,
        last.toolCalls.isEmpty, message.toolCalls.isEmpty
      {
        result[result.count - 1].parts += message.parts
      } else {
        result.append(message)
      }
    }
    return result
  }

  /// What the assistant says between a result and the picture of what came of it.
  private static var word: String { "I look at the screen." }

  /// The same with what the system says as the first words of the user.
  fileprivate var withoutSystem: [ChatMessage] {
    var rest = filter { $0.role != .system }
    let said = filter { $0.role == .system }.map(\.text).joined(separator: "\n")
    guard !said.isEmpty else { return rest }
    if let first = rest.firstIndex(where: { $0.role == .user }), first == 0 {
      rest[0].parts.insert(.text(said), at: 0)
    } else {
      rest.insert(.user(said), at: 0)
    }
    return rest
  }

  /// The same with ids of nine letters and digits, which say nothing but what belongs together.
  fileprivate var withShortIDs: [ChatMessage] {
    var names: [String: String] = [:]
    func short(_ id: String) -> String {
      if let name = names[id] { return name }
      let digits = String(names.count + 1)
      let name = "call" + String(repeating: "0", count: Swift.max(5 - digits.count, 0)) + digits
      names[id] = name
      return name
    }
    return map { message in
      var message = message
      message.toolCalls = message.toolCalls.map { call in
        var call = call
        call.id = short(call.id)
        return call
      }
      message.toolCallID = message.toolCallID.map(short)
      return message
    }
  }
}
