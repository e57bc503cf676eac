/// One entry of the conversation with a model.
///
/// The conversation only ever grows.
public struct Message: Hashable, Codable, Sendable {
  /// Who speaks.
  public enum Role: String, Hashable, Codable, Sendable {
    case system, user, assistant, tool
  }

  /// A piece of a message.
  public enum Part: Hashable, Codable, Sendable {
    case text(String)
    case image(FrameReference)
  }

  /// Who speaks.
  public var role: Role
  /// What is said, in order.
  public var parts: [Part]
  /// The tool calls of an assistant.
  public var calls: [ToolRequest]
  /// The call that a tool answers.
  public var callID: String?

  /// A message.
  public init(
    role: Role, parts: [Part], calls: [ToolRequest] = [], callID: String? = nil
  ) {
    self.role = role
    self.parts = parts
    self.calls = calls
    self.callID = callID
  }
}

/// A tool call as the model wrote it.
public struct ToolRequest: Hashable, Codable, Sendable {
  /// The engine's id of the call.
  public var id: String
  /// The tool.
  public var name: String
  /// The arguments: JSON text, not yet checked.
  public var arguments: String

  /// A call.
  public init(id: String, name: String, arguments: String) {
    self.id = id
    self.name = name
    self.arguments = arguments
  }
}

/// What a model answered, and what it cost.
public struct ModelReply: Hashable, Codable, Sendable {
  /// The text.
  public var text: String
  /// What it thought before, where the endpoint tells.
  public var reasoning: String
  /// Its tool calls.
  public var calls: [ToolRequest]
  /// Whether the reply is whole; nothing is executed from one that was cut.
  public var isComplete: Bool
  /// The model's name.
  public var model: String
  /// Tokens of the prompt.
  public var promptTokens: Int
  /// Tokens of the prompt that came from the engine's cache.
  public var cachedTokens: Int
  /// Tokens of the answer.
  public var completionTokens: Int
  /// How long it took.
  public var duration: Duration

  /// A reply.
  public init(
    text: String = "", reasoning: String = "", calls: [ToolRequest] = [], isComplete: Bool = true,
    model: String = "", promptTokens: Int = 0, cachedTokens: Int = 0, completionTokens: Int = 0,
    duration: Duration = .zero
  ) {
    self.text = text
    self.reasoning = reasoning
    self.calls = calls
    self.isComplete = isComplete
    self.model = model
    self.promptTokens = promptTokens
    self.cachedTokens = cachedTokens
    self.completionTokens = completionTokens
    self.duration = duration
  }

  /// All its tokens; what an endpoint counts below zero counts as none.
  public var tokens: Int { max(0, promptTokens).addingClamped(max(0, completionTokens)) }
}

extension Int {
  /// The sum of two numbers that are not negative, at most `Int.max`: a count from outside may be absurd.
  func addingClamped(_ other: Int) -> Int {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? .max : sum
  }
}
