/// What was said to and by the acting model.
///
/// It only grows, so that the engine can keep what it read; only when too many pictures are in it
/// are the older ones taken out, many at once.
struct Conversation: Hashable, Sendable {
  /// At this many pictures the older ones are taken out.
  static let mostPictures = 10
  /// So many are kept then.
  static let keptPictures = 3

  private(set) var messages: [Message] = []
  private var sent = 0

  /// Whether nothing was said yet.
  var isEmpty: Bool { messages.isEmpty }

  /// Adds a message.
  mutating func append(_ message: Message) { messages.append(message) }

  /// What was added since this was last called; takes out old pictures when there are too many.
  mutating func takeAppended() -> [Message] {
    let appended = Array(messages[sent...])
    sent = messages.count
    prune()
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
        case .image(let frame): digest.add(frame.blob)
        }
      }
      for call in message.calls { digest.add(call.name + call.arguments) }
    }
    return digest.text
  }

  private mutating func prune() {
    var pictures = messages.reduce(0) { $0 + $1.parts.count(where: \.isImage) }
    guard pictures > Self.mostPictures else { return }
    for index in messages.indices {
      for part in messages[index].parts.indices where messages[index].parts[part].isImage {
        guard pictures > Self.keptPictures else { return }
        messages[index].parts[part] = .text("[an older screenshot, taken out]")
        pictures -= 1
      }
    }
  }
}

extension Message.Part {
  /// Whether it is a picture.
  var isImage: Bool { if case .image = self { true } else { false } }
}
