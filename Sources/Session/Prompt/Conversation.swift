internal import Pixels
internal import Story

/// What was said to and by the acting model: it only grows, so that an engine can keep what it read.
///
/// What of it no longer fits into a model's context is the model port's business.
struct Conversation: Hashable, Sendable {
  private(set) var messages: [Message] = []
  private var sent = 0

  /// Whether nothing was said yet.
  var isEmpty: Bool { messages.isEmpty }

  /// Adds a message.
  mutating func append(_ message: Message) { messages.append(message) }

  /// What was added since this was last called.
  mutating func takeAppended() -> [Message] {
    let appended = Array(messages[sent...])
    sent = messages.count
    return appended
  }

  /// A fingerprint of all of it.
  var digest: String {
    var digest = Digest()
    for message in messages {
      digest.add(message.role.rawValue)
      for part in message.parts {
        switch part {
        case .text(let text): digest.add(text)
        case .coordinates(let size): digest.add(size.description)
        case .image(let frame): digest.add(frame.identity)
        case .detail(let frame, let region): digest.add("\(frame.identity) \(region)")
        }
      }
      for call in message.calls { digest.add(call.name + call.arguments) }
    }
    return digest.text
  }
}
