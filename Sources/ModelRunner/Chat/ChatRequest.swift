public import JSONCoding

/// One message of a conversation.
public struct ChatMessage: Hashable, Sendable {
  /// Who speaks.
  public enum Role: String, Hashable, Sendable {
    case system, user, assistant
    /// The result of a tool call.
    case tool
  }

  /// A piece of a message.
  public enum Part: Hashable, Sendable {
    case text(String)
    /// A picture; only users send pictures, because templates drop them elsewhere.
    case image(EncodedImage)
  }

  /// Who speaks.
  public var role: Role
  /// What is said; texts are sent before pictures.
  public var parts: [Part]
  /// The calls an assistant made.
  public var toolCalls: [ToolCall]
  /// The call that a tool's message answers.
  public var toolCallID: String?

  /// A message.
  public init(
    role: Role, parts: [Part], toolCalls: [ToolCall] = [], toolCallID: String? = nil
  ) {
    self.role = role
    self.parts = parts
    self.toolCalls = toolCalls
    self.toolCallID = toolCallID
  }

  /// What the model is and is to do.
  public static func system(_ text: String) -> ChatMessage {
    ChatMessage(role: .system, parts: [.text(text)])
  }

  /// What the user says, with pictures.
  public static func user(_ text: String, images: [EncodedImage] = []) -> ChatMessage {
    ChatMessage(role: .user, parts: [.text(text)] + images.map { .image($0) })
  }

  /// What the model said before.
  public static func assistant(_ text: String, toolCalls: [ToolCall] = []) -> ChatMessage {
    ChatMessage(role: .assistant, parts: text.isEmpty ? [] : [.text(text)], toolCalls: toolCalls)
  }

  /// What came of a tool call.
  public static func tool(_ text: String, answering id: String) -> ChatMessage {
    ChatMessage(role: .tool, parts: [.text(text)], toolCallID: id)
  }

  /// The texts, one after the other.
  public var text: String {
    parts.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined(separator: "\n")
  }

  /// The pictures, in order.
  public var images: [EncodedImage] {
    parts.compactMap { if case .image(let image) = $0 { image } else { nil } }
  }
}

/// A call that a model made.
///
/// Untrusted: check the name and the arguments before acting.
public struct ToolCall: Hashable, Sendable {
  /// The id that the result has to name; unique within one reply.
  public var id: String
  /// The tool's name.
  public var name: String
  /// The arguments as the model wrote them: JSON, if all went well.
  public var argumentsText: String
  /// False when the reply was cut, so that the arguments may be too.
  ///
  /// Never act on such a call.
  public var isComplete: Bool

  /// A call.
  public init(id: String, name: String, argumentsText: String, isComplete: Bool = true) {
    self.id = id
    self.name = name
    self.argumentsText = argumentsText
    self.isComplete = isComplete
  }

  /// The arguments; nil when what the model wrote is no JSON object.
  var arguments: JSONObject? { (try? JSON(parsing: argumentsText))?.object }
}

/// A tool that a model may call.
public struct ToolDefinition: Hashable, Sendable {
  /// The name.
  public var name: String
  /// What it is for, in words for the model.
  public var description: String
  /// A JSON schema of the arguments; the order of its keys is the order the model writes them in.
  public var parameters: JSON

  /// A tool.
  public init(name: String, description: String, parameters: JSON) {
    self.name = name
    self.description = description
    self.parameters = parameters
  }
}

/// What a model is asked.
public struct ChatRequest: Hashable, Sendable {
  /// Whether tools are called.
  public enum ToolChoice: String, Hashable, Sendable {
    case auto, none, required
  }

  /// The form of the answer.
  public enum ResponseFormat: Hashable, Sendable {
    case text
    /// One JSON value that fits the schema. Engines do not show the schema to the model: describe it
    /// in the prompt too.
    case jsonSchema(name: String, JSON)
  }

  /// The conversation, oldest first.
  ///
  /// Append to it and change nothing before, or the cache is lost.
  public var messages: [ChatMessage]
  /// The tools.
  public var tools: [ToolDefinition]
  /// Whether several calls in one reply are asked for; some make them all the same.
  public var allowsSeveralCalls = false
  /// Whether tools are called.
  var toolChoice: ToolChoice
  /// The form of the answer.
  public var responseFormat: ResponseFormat
  /// 0 is the most likely answer each time.
  public var temperature: Double?
  /// The most tokens to generate.
  public var maxTokens: Int
  /// Whether the answer comes in pieces, which shows earlier that the model is at work.
  public var stream: Bool
  /// Further fields of the body; they replace the ones above that are not `messages` or `model`.
  public var extra: JSONObject
  /// The fields of the body that are not sent.
  var leftOut: Set<String> = []
  /// The field that `maxTokens` goes into.
  var tokensField = ServerManners.TokensField.maxTokens

  /// A request.
  public init(
    messages: [ChatMessage], tools: [ToolDefinition] = [], toolChoice: ToolChoice = .auto,
    responseFormat: ResponseFormat = .text, temperature: Double? = 0, maxTokens: Int = 1024,
    stream: Bool = true, extra: JSONObject = JSONObject()
  ) {
    self.messages = messages
    self.tools = tools
    self.toolChoice = toolChoice
    self.responseFormat = responseFormat
    self.temperature = temperature
    self.maxTokens = maxTokens
    self.stream = stream
    self.extra = extra
  }
}
