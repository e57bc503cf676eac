internal import JSONCoding
internal import Pixels

/// Keeps a conversation within a model's context, changing its past as rarely as possible.
///
/// Each change of an old message costs the engine's whole prompt cache, so nothing is pruned while the
/// conversation fits; when it does not, it is pruned to half, in one go.
public struct ContextBudget: Hashable, Sendable {
  /// The context in tokens.
  public var limit: Int
  /// Tokens kept free for the answer.
  public var answer: Int
  /// The largest body in bytes.
  public var bodyLimit: Int
  /// How many of the latest pictures are never left out.
  public var keptImages: Int
  /// What stands where a picture was.
  public static let placeholder = "[an earlier picture of the screen was left out]"

  private let family: ModelFamily
  private var correction = 1.0

  /// A budget for a model of a family.
  public init(
    family: ModelFamily, limit: Int, answer: Int = 1024, bodyLimit: Int = 10_000_000,
    keptImages: Int = 3
  ) {
    self.family = family
    self.limit = max(limit, 1)
    self.answer = max(answer, 0)
    self.bodyLimit = bodyLimit
    self.keptImages = max(keptImages, 1)
  }

  /// The most tokens that a prompt may have.
  public var promptLimit: Int { max(limit - answer, 1) }

  // MARK: - Estimating

  /// About how many tokens a conversation has.
  public func estimate(_ messages: [ChatMessage], tools: [ToolDefinition] = []) -> Int {
    let raw =
      tools.reduce(0) { $0 + Self.tokens($1.json.text) }
      + messages.reduce(0) { $0 + tokens($1) }
    return Int((Double(raw) * correction).rounded(.up))
  }

  /// Learns from what the server counted for a conversation, so that later estimates are nearer.
  ///
  /// The correction moves half of the way and stays within a third and three times.
  public mutating func learn(
    counted: Int, for messages: [ChatMessage], tools: [ToolDefinition] = []
  ) {
    let estimated = estimate(messages, tools: tools)
    guard counted > 0, estimated > 0 else { return }
    let ratio = Double(counted) / Double(estimated)
    correction = min(max(correction * (1 + (ratio - 1) / 2), 1.0 / 3), 3)
  }

  private func tokens(_ message: ChatMessage) -> Int {
    let calls = message.toolCalls.reduce(0) { $0 + Self.tokens($1.argumentsText) + 16 }
    return message.parts.reduce(8 + calls) { sum, part in
      switch part {
      case .text(let text): sum + Self.tokens(text)
      case .image(let image): sum + (image.size.map { family.imageTokens(for: $0) } ?? 1000)
      }
    }
  }

  /// Three and a half bytes a token is on the safe side for English, JSON and German.
  private static func tokens(_ text: String) -> Int { text.utf8.count * 2 / 7 + 1 }

  private func bytes(_ messages: [ChatMessage]) -> Int {
    messages.reduce(4096) { sum, message in
      message.images.reduce(sum + message.text.utf8.count + 256) { $0 + $1.base64.count }
    }
  }

  // MARK: - Pruning

  /// Whether a conversation may be sent as it is.
  public func fits(_ messages: [ChatMessage], tools: [ToolDefinition] = []) -> Bool {
    estimate(messages, tools: tools) <= promptLimit && bytes(messages) <= bodyLimit
  }

  /// The conversation made to fit; nil when it fits as it is.
  ///
  /// First the oldest pictures go, then the oldest turns. System messages, the first message of the
  /// user and the last turn stay, so the result may still be too long.
  public func pruned(_ messages: [ChatMessage], tools: [ToolDefinition] = []) -> [ChatMessage]? {
    guard !fits(messages, tools: tools) else { return nil }
    return shrunk(messages, tools: tools)
  }

  /// The conversation made to fit a limit that a server named, however long it was estimated.
  public mutating func pruned(
    _ messages: [ChatMessage], tools: [ToolDefinition] = [], afterOverflow prompt: Int?, limit: Int?
  ) -> [ChatMessage] {
    if let prompt { learn(counted: prompt, for: messages, tools: tools) }
    if let limit, limit > 0 { self.limit = min(self.limit, limit) }
    return shrunk(messages, tools: tools)
  }

  private func shrunk(_ messages: [ChatMessage], tools: [ToolDefinition]) -> [ChatMessage] {
    var result = messages
    func isSmall() -> Bool {
      estimate(result, tools: tools) <= promptLimit / 2 && bytes(result) <= bodyLimit / 2
    }
    var pictures = result.indices.filter { !result[$0].images.isEmpty }
    while !isSmall(), pictures.count > keptImages {
      result[pictures.removeFirst()].leaveOutImages()
    }
    while !isSmall(), let turn = Self.oldestTurn(result) { result.removeSubrange(turn) }
    return result
  }

  /// The oldest messages that can go together: from one that is no tool's result up to the next.
  private static func oldestTurn(_ messages: [ChatMessage]) -> Range<Int>? {
    guard let first = messages.firstIndex(where: { $0.role == .user }) else { return nil }
    let start = first + 1
    guard let last = messages.lastIndex(where: { $0.role == .user }), start < last else {
      return nil
    }
    let end = messages[(start + 1)...].firstIndex { $0.role == .assistant } ?? last
    guard end <= last, end > start else { return nil }
    return start..<end
  }
}

extension ChatMessage {
  /// Puts a word in the place of the pictures.
  fileprivate mutating func leaveOutImages() {
    parts = parts.filter { if case .text = $0 { true } else { false } }
    parts.append(.text(ContextBudget.placeholder))
  }
}
