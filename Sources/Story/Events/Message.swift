public import Pixels

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
    /// Here a model is told, in its own terms, what coordinates on a screen of this size are counted in.
    case coordinates(of: PixelSize)
    case image(FrameReference)
    /// A part of a picture, enlarged; coordinates still count on the whole.
    case detail(FrameReference, region: PixelRect)
  }

  /// Who speaks.
  public var role: Role
  /// What is said, in order.
  public var parts: [Part]
  /// The tool calls of an assistant.
  public var calls: [ToolRequest]
  /// The call that a tool answers.
  public var callID: String?
  /// The model whose words these are.
  public var author: String?
  /// What the coordinates in the calls are counted in.
  public var space: ModelSpace?

  /// A message.
  public init(
    role: Role, parts: [Part], calls: [ToolRequest] = [], callID: String? = nil,
    author: String? = nil, space: ModelSpace? = nil
  ) {
    self.role = role
    self.parts = parts
    self.calls = calls
    self.callID = callID
    self.author = author
    self.space = space
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
  /// The role that answered: another than the one asked, when that could not.
  public var role: String
  /// What its coordinates are counted in; nil when they are as the plan says.
  public var space: ModelSpace?
  /// The name of the call, as the server was told it; empty when there is none.
  public var requestID: String
  /// How many calls to models it took, those that gave no answer included.
  public var asked: Int
  /// What was unusual about it, in sentences for the report.
  public var remarks: [String]
  /// Tokens of the prompt.
  public var promptTokens: Int
  /// Tokens of the prompt that came from the engine's cache.
  public var cachedTokens: Int
  /// Tokens of the answer.
  public var completionTokens: Int
  /// How long it took.
  public var duration: Duration
  /// What was really sent; nil where nobody knows, and in older recordings.
  public var sent: SentRequest?

  /// A reply.
  public init(
    text: String = "", reasoning: String = "", calls: [ToolRequest] = [], isComplete: Bool = true,
    model: String = "", role: String = "default", space: ModelSpace? = nil, requestID: String = "",
    asked: Int = 1,
    remarks: [String] = [], promptTokens: Int = 0, cachedTokens: Int = 0,
    completionTokens: Int = 0, duration: Duration = .zero, sent: SentRequest? = nil
  ) {
    self.text = text
    self.reasoning = reasoning
    self.calls = calls
    self.isComplete = isComplete
    self.model = model
    self.role = role
    self.space = space
    self.requestID = requestID
    self.asked = asked
    self.remarks = remarks
    self.promptTokens = promptTokens
    self.cachedTokens = cachedTokens
    self.completionTokens = completionTokens
    self.duration = duration
    self.sent = sent
  }

  /// All its tokens; what an endpoint counts below zero counts as none.
  public var tokens: Int { max(0, promptTokens).addingClamped(max(0, completionTokens)) }
}

extension Int {
  /// The sum of two numbers that are not negative, at most `Int.max`: a count from outside may be absurd.
  public func addingClamped(_ other: Int) -> Int {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? .max : sum
  }
}
