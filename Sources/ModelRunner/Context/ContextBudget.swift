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
  var keptImages: Int
  /// The most pictures; models lose themselves in more.
  var mostImages: Int

  private let family: ModelFamily
  private var correction = 1.0

  /// A budget for a model of a family.
  public init(
    family: ModelFamily, limit: Int, answer: Int = 1024, bodyLimit: Int = 10_000_000,
    keptImages: Int = 3, mostImages: Int = 10, pictures: Int? = nil
  ) {
    self.family = family
    self.limit = max(limit, 1)
    self.answer = max(answer, 0)
    self.bodyLimit = bodyLimit
    self.keptImages = max(keptImages, 1)
    self.mostImages = max(mostImages, 2 * self.keptImages)
    if let pictures { believe(pictures: pictures) }
  }

  /// Keeps to the number of pictures that a server takes in one request.
  public mutating func believe(pictures: Int) {
    mostImages = min(mostImages, max(pictures, 1))
    keptImages = min(keptImages, mostImages)
  }

  /// Keeps to the size of bodies that a server takes.
  public mutating func believe(bodyBytes: Int) { bodyLimit = min(bodyLimit, max(bodyBytes, 1)) }

  /// How large a body is that holds a conversation, about, in bytes.
  public func size(of messages: [ChatMessage]) -> Int { bytes(messages) }

  /// The most tokens that a prompt may have.
  var promptLimit: Int { max(limit - answer, 1) }

  // MARK: - Estimating

  /// About how many tokens a conversation has.
  func estimate(_ messages: [ChatMessage], tools: [ToolDefinition] = []) -> Int {
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
      message.images.reduce(sum + message.text.utf8.count + 256) { $0 + $1.base64Count }
    }
  }

  // MARK: - Leaving out

  /// Whether a conversation may be sent as it is.
  public func fits(_ messages: [ChatMessage], tools: [ToolDefinition] = []) -> Bool {
    estimate(messages, tools: tools) <= promptLimit && bytes(messages) <= bodyLimit
      && Self.pictures(messages) <= mostImages
  }

  private static func pictures(_ messages: [ChatMessage]) -> Int {
    messages.reduce(0) { $0 + $1.images.count }
  }

  /// What to leave out of the whole conversation beside what already is; nil when it fits.
  ///
  /// First the oldest pictures go, then the oldest turns. System messages, the first message of the
  /// user and the last turn stay, so the result may still be too long.
  public func cut(
    _ messages: [ChatMessage], tools: [ToolDefinition] = [], beside cut: ContextCut = ContextCut()
  ) -> ContextCut? {
    fits(cut.applied(to: messages), tools: tools)
      ? nil : shrunk(messages, tools: tools, beside: cut)
  }

  /// The same after a server refused the conversation, however long it was estimated.
  ///
  /// - Parameters:
  ///   - prompt: how many tokens the server counted, if it said.
  ///   - limit: how many it takes, if it said.
  public mutating func cut(
    _ messages: [ChatMessage], tools: [ToolDefinition] = [], beside cut: ContextCut = ContextCut(),
    afterOverflow prompt: Int?, limit: Int?
  ) -> ContextCut {
    let sent = cut.applied(to: messages)
    if let prompt { learn(counted: prompt, for: sent, tools: tools) }
    if let limit, limit > 0 { self.limit = min(self.limit, limit) }
    return shrunk(messages, tools: tools, beside: cut)
  }

  private func shrunk(
    _ messages: [ChatMessage], tools: [ToolDefinition], beside cut: ContextCut
  ) -> ContextCut {
    var cut = cut
    let most = max(mostImages / 2, keptImages)
    func isShort() -> Bool {
      let rest = cut.applied(to: messages)
      return estimate(rest, tools: tools) <= promptLimit / 2 && bytes(rest) <= bodyLimit / 2
    }
    func isSmall() -> Bool { isShort() && Self.pictures(cut.applied(to: messages)) <= most }
    var pictures = messages.indices.filter {
      !messages[$0].images.isEmpty && !cut.pictures.contains($0) && !cut.turns.contains($0)
    }
    while !isSmall(), pictures.count > min(keptImages, most) {
      cut.pictures.insert(pictures.removeFirst())
    }
    while !isShort(), let turns = Self.turns(messages, oneMoreThan: cut.turns) { cut.turns = turns }
    while Self.pictures(cut.applied(to: messages)) > mostImages, pictures.count > 1 {
      cut.pictures.insert(pictures.removeFirst())
    }
    if Self.pictures(cut.applied(to: messages)) > mostImages { cut.picturesPerMessage = mostImages }
    return cut
  }

  /// The oldest messages that can go together: from one that is no tool's result up to the next.
  private static func turns(
    _ messages: [ChatMessage], oneMoreThan turns: Range<Int>
  ) -> Range<Int>? {
    guard let first = messages.firstIndex(where: { $0.role == .user }),
      let last = messages.lastIndex(where: { $0.role == .user })
    else { return nil }
    let start = turns.isEmpty ? first + 1 : turns.upperBound
    guard start < last else { return nil }
    let end = messages[(start + 1)...].firstIndex { $0.role == .assistant } ?? last
    guard end <= last, end > start else { return nil }
    return (turns.isEmpty ? start : turns.lowerBound)..<end
  }
}
