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

  /// What was added since a model was last asked.
  var appended: [Message] { Array(messages[sent...]) }

  /// Takes in that a model was asked: what was added is told.
  ///
  /// A question that was held and then left out was not asked, and what it would have added goes with the next.
  mutating func markAsked() { sent = messages.count }

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
