extension ChatRequest {
  /// The same conversation without what the model said last; nil when it has said nothing, or nobody
  /// would be left to answer.
  ///
  /// What its calls came to stays, as the user's words: what was done must not be done again. What users
  /// said before and after becomes one message, because many templates want the speakers to take turns.
  public func withoutLastTurn() -> ChatRequest? {
    guard let turn = messages.lastIndex(where: { $0.role == .assistant }) else { return nil }
    var kept = Array(messages[..<turn])
    for var message in messages[(turn + 1)...] {
      if message.role == .tool {
        message.role = .user
        message.toolCallID = nil
      }
      if message.role == .user, let last = kept.last, last.role == .user {
        kept[kept.count - 1].parts += message.parts
      } else {
        kept.append(message)
      }
    }
    guard kept.contains(where: { $0.role == .user }) else { return nil }
    var request = self
    request.messages = kept
    return request
  }
}

extension ModelError {
  /// Whether both are the server's own failure, in the same words.
  ///
  /// An engine that cannot render what the model once said fails so at each later request.
  func isSameServerFailure(as other: ModelError) -> Bool {
    kind == .server && status == 500 && other.kind == kind && other.status == status
      && other.message == message
  }
}
