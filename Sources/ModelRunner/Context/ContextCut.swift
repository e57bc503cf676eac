/// What is left out of a conversation, by places in the whole of it.
///
/// The conversation only grows and so does this, rarely, so that most requests begin with the very
/// bytes of the one before.
public struct ContextCut: Hashable, Sendable {
  /// The messages whose pictures are left out.
  public internal(set) var pictures: Set<Int> = []
  /// The messages that are left out altogether.
  public internal(set) var turns: Range<Int> = 0..<0
  /// What stands where a picture was.
  public static let placeholder = "[an earlier picture of the screen was left out]"

  /// Nothing.
  public init() {}

  /// The conversation without what is left out.
  public func applied(to messages: [ChatMessage]) -> [ChatMessage] {
    guard !pictures.isEmpty || !turns.isEmpty else { return messages }
    return messages.indices.filter { !turns.contains($0) }.map { index in
      guard pictures.contains(index) else { return messages[index] }
      var message = messages[index]
      message.parts = message.parts.filter { if case .text = $0 { true } else { false } }
      message.parts.append(.text(Self.placeholder))
      return message
    }
  }
}
