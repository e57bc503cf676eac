/// What a model answered.
///
/// Untrusted in every part.
public struct ChatReply: Hashable, Sendable {
  /// Why the model stopped.
  public enum FinishReason: Hashable, Sendable {
    /// It said all it wanted to.
    case stop
    /// It called tools.
    case toolCalls
    /// The limit of tokens, or the end of the context: what it said is cut.
    case length
    /// Another word, as the server wrote it.
    case other(String)
  }

  /// Tokens, as the server counted them; 0 when it did not say.
  public struct Usage: Hashable, Sendable {
    /// Tokens of the prompt, pictures counted.
    public var prompt = 0
    /// Tokens of the answer.
    public var completion = 0
    /// Tokens of the prompt that were still in the cache.
    public var cached = 0

    /// No tokens.
    public init() {}

    /// The share of the prompt that was reused, 0…1; nil when the prompt's size is unknown.
    var reuse: Double? {
      prompt > 0 ? min(max(Double(cached) / Double(prompt), 0), 1) : nil
    }
  }

  /// The engine's own measurements.
  public struct Timings: Hashable, Sendable {
    /// Milliseconds spent on the prompt.
    var promptMilliseconds: Double?
    /// Prompt tokens a second.
    var promptPerSecond: Double?
    /// Milliseconds spent on the answer.
    var predictedMilliseconds: Double?
    /// Answer tokens a second.
    var predictedPerSecond: Double?
  }

  /// What the model said.
  public var text = ""
  /// What it thought, when the server keeps that apart.
  public var reasoning = ""
  /// The calls it made, at most `ChatReply.callLimit`.
  public var toolCalls: [ToolCall] = []
  /// How many further calls were left out.
  var droppedCalls = 0
  /// Why it stopped.
  var finishReason = FinishReason.stop
  /// Tokens.
  public var usage = Usage()
  /// The engine's measurements, when it gave them.
  public var timings: Timings?
  /// The call that this answers; nil for a reply that no client made.
  public var requestID: RequestID?
  /// The server's own name for the answer.
  var answerID: String?
  /// From the request to the end of the answer.
  public var duration: Duration = .zero
  /// From the request to the first piece of content; nil when the answer was not streamed.
  var firstContent: Duration?
  /// How often it was asked before this answer came.
  public var attempts = 1
  /// Whether it was asked without the model's last turn, because the server failed with it.
  ///
  /// Take that turn out of the conversation, or the next request fails again.
  public var hasDroppedTurn = false
  /// What was asked otherwise than before, because the server refused it: each in a few words.
  public internal(set) var changes: [String] = []
  /// The request as it was sent, when it was sent otherwise than asked for.
  public internal(set) var sent: ChatRequest?
  /// The answer as it came over the wire, at most `ChatReply.rawLimit` bytes of it.
  var rawBody: [UInt8] = []
  /// Whether bytes that are no UTF-8 were replaced.
  var hadInvalidText = false

  /// The most calls taken from one reply.
  static let callLimit = 8
  /// The most bytes of one call's arguments.
  static let argumentsLimit = 256 << 10
  /// The most bytes kept in `rawBody`.
  static let rawLimit = 64 << 10

  /// An empty reply.
  public init() {}

  /// Whether the answer was cut by the limit of tokens.
  public var isTruncated: Bool { finishReason == .length }
  /// Whether nothing came that could be used.
  public var isEmpty: Bool { toolCalls.isEmpty && text.trimmedSpaces.isEmpty }

  /// The reply as a message to append to the conversation; calls that are not complete are left out,
  /// because an engine chokes on cut arguments each time it sees them.
  public var message: ChatMessage {
    .assistant(text, toolCalls: toolCalls.filter(\.isComplete))
  }
}

/// News while a model answers.
public enum ChatDelta: Hashable, Sendable {
  /// The server took the request, or is still at it.
  case alive
  /// The engine has read this many of the prompt's tokens.
  case progress(processed: Int, total: Int)
  case text(String)
  case reasoning(String)
  /// A piece of a call; the name comes with its first piece.
  case toolCall(index: Int, name: String?, arguments: String)
  /// What was told so far is void: the request is sent again after a while.
  case retrying(attempt: Int, after: Duration, because: ModelError)
  /// What was told so far is void: the server failed twice in the same way, and is asked once more
  /// without the model's last turn.
  case droppedTurn(because: ModelError)
  /// What was told so far is void: the server refused the request and is asked otherwise, in these words.
  case changed(String, because: ModelError)
}
