/// What is left out of a conversation, by places in the whole of it.
///
/// The conversation only grows and so does this, rarely, so that most requests begin with the very
/// bytes of the one before.
public struct ContextCut: Hashable, Sendable {
  /// The messages whose pictures are left out.
  public internal(set) var pictures: Set<Int> = []
  /// The messages that are left out altogether.
  public internal(set) var turns: Range<Int> = 0..<0
  /// The most pictures of one message: the first is the whole screen, what follows are parts of it, enlarged.
  public internal(set) var picturesPerMessage: Int?
  /// What stands where a picture was.
  public static let placeholder = "[an earlier picture of the screen was left out]"

  /// Nothing.
  public init() {}

  /// The conversation without what is left out.
  ///
  /// What was done in turns that are left out is told where they were: it must not be done again.
  public func applied(to messages: [ChatMessage]) -> [ChatMessage] {
    guard !pictures.isEmpty || !turns.isEmpty || picturesPerMessage != nil else { return messages }
    return messages.indices.filter { !turns.contains($0) }.map { index in
      var message = messages[index]
      if pictures.contains(index) {
        message = message.keeping(pictures: 0)
      } else if let most = picturesPerMessage {
        message = message.keeping(pictures: most)
      }
      if !turns.isEmpty, index == turns.lowerBound - 1, let told = told(messages) {
        message.parts.append(.text(told))
      }
      return message
    }
  }

  /// What the calls of the turns that are left out came to; nil when there were none.
  private func told(_ messages: [ChatMessage]) -> String? {
    let results = messages[turns].filter { $0.role == .tool }.map { $0.text.excerpt(160) }
    guard !results.isEmpty else { return nil }
    return "[Earlier turns were left out. What was done in them: "
      + results.suffix(Self.mostTold).joined(separator: " ") + "]"
  }

  /// So many results of calls are told of turns that are left out.
  private static let mostTold = 30
}

extension ChatMessage {
  /// The same with the first so many of its pictures.
  fileprivate func keeping(pictures most: Int) -> ChatMessage {
    guard images.count > most else { return self }
    var message = self
    var left = most
    message.parts = parts.filter { part in
      guard case .image = part else { return true }
      left -= 1
      return left >= 0
    }
    message.parts.append(.text(most == 0 ? ContextCut.placeholder : Self.partsLeftOut))
    return message
  }

  private static var partsLeftOut: String { "[the enlarged parts of it were left out]" }
}
