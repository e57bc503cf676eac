public import JSONCoding

/// What the double answers to one request.
public struct DoubleAnswer: Sendable {
  /// One thing done while an answer is on its way.
  public enum Step: Sendable {
    /// Sends these bytes in one piece.
    case bytes([UInt8])
    /// Sends nothing for a time.
    case pause(Duration)
    /// Sends nothing until the client leaves or the double is stopped.
    case hang
    /// Closes the connection here, in the middle.
    case close
    /// Resets the connection here.
    case reset

    /// Sends this text in one piece.
    public static func text(_ text: String) -> Step { .bytes(Array(text.utf8)) }
  }

  enum Content: Sendable {
    /// What a model says, in the form that the request asked for.
    case reply(DoubleReply)
    /// A body in one piece.
    case body(status: Int, type: String, bytes: [UInt8])
    /// A body in chunks.
    case chunks(status: Int, type: String, [Step])
    /// Bytes on the socket, past HTTP.
    case wire([Step])
    /// Nothing: the server stays silent.
    case silence
  }

  var content: Content
  var headers: [(name: String, value: String)] = []
  var delay: Duration = .zero
  var cut: Int?
  var pace: Duration = .zero
  var end: (after: Int, by: Step)?

  init(_ content: Content) { self.content = content }

  // MARK: - What a model says

  /// A call of one tool.
  public static func toolCall(
    _ name: String, _ arguments: JSON, text: String = "", reasoning: String = ""
  ) -> DoubleAnswer {
    .reply(
      DoubleReply(
        text: text, reasoning: reasoning, calls: [.init(name: name, arguments: arguments.text)]))
  }

  /// The calls of several answers in one reply, as some models make them that nobody asked for more than one.
  public static func together(_ answers: DoubleAnswer...) -> DoubleAnswer {
    let calls = answers.flatMap { answer -> [DoubleReply.Call] in
      guard case .reply(let reply) = answer.content else { return [] }
      return reply.calls
    }
    return .reply(DoubleReply(calls: calls))
  }

  /// The same with the arguments of its first call as the text, as a model answers that knows no tools.
  public var callAsText: DoubleAnswer {
    guard case .reply(let reply) = content, let call = reply.calls.first else { return self }
    return .text(call.arguments)
  }

  /// Plain text.
  public static func text(_ text: String, reasoning: String = "") -> DoubleAnswer {
    .reply(DoubleReply(text: text, reasoning: reasoning))
  }

  /// A JSON object as text, as a schema would have it.
  public static func json(_ json: JSON) -> DoubleAnswer { .text(json.text) }

  /// A reply with all its details.
  public static func reply(_ reply: DoubleReply) -> DoubleAnswer { DoubleAnswer(.reply(reply)) }

  // MARK: - What a server says

  /// A status with a body of plain text, the way the daemon reports errors.
  public static func status(_ status: Int, _ text: String) -> DoubleAnswer {
    var answer = DoubleAnswer(
      .body(status: status, type: "text/plain; charset=utf-8", bytes: Array(text.utf8)))
    answer.headers = [("X-Content-Type-Options", "nosniff")]
    return answer
  }

  /// A status with a JSON body.
  public static func status(_ status: Int, json: JSON) -> DoubleAnswer {
    DoubleAnswer(
      .body(status: status, type: "application/json; charset=utf-8", bytes: json.bytes))
  }

  /// A status with a body of any type.
  public static func status(_ status: Int, type: String, body: [UInt8]) -> DoubleAnswer {
    DoubleAnswer(.body(status: status, type: type, bytes: body))
  }

  /// An error the way the engine reports it.
  public static func error(
    _ status: Int, _ message: String, type: String = "server_error"
  ) -> DoubleAnswer {
    .status(
      status,
      json: [
        "error": ["code": .integer(status), "message": .string(message), "type": .string(type)]
      ])
  }

  // MARK: - Streams and faults

  /// A body in chunks, exactly as given.
  public static func chunks(
    status: Int = 200, type: String = "text/event-stream", _ steps: [Step]
  ) -> DoubleAnswer {
    DoubleAnswer(.chunks(status: status, type: type, steps))
  }

  /// A stream of events; each text becomes `data: …` and an empty line.
  public static func events(_ events: [String]) -> DoubleAnswer {
    .chunks(events.map { .text("data: \($0)\n\n") })
  }

  /// Bytes on the bare socket, status line and all; then the connection is closed.
  public static func wire(_ steps: [Step]) -> DoubleAnswer { DoubleAnswer(.wire(steps)) }

  /// Never answers.
  public static let silence = DoubleAnswer(.silence)

  /// Closes the connection without a byte.
  public static let closed = DoubleAnswer(.wire([.close]))

  // MARK: - Variations

  /// The same after a delay.
  public func after(_ delay: Duration) -> DoubleAnswer {
    var answer = self
    answer.delay = delay
    return answer
  }

  /// The same with a further header.
  public func with(header name: String, _ value: String) -> DoubleAnswer {
    var answer = self
    answer.headers.append((name, value))
    return answer
  }

  /// The same in pieces of `size` bytes, with a pause after each: cut anywhere, also inside characters.
  public func cut(every size: Int, pause: Duration = .zero) -> DoubleAnswer {
    var answer = self
    answer.cut = max(size, 1)
    answer.pace = pause
    return answer
  }

  /// The same up to `count` bytes of the body; then the connection is closed.
  public func closing(after count: Int) -> DoubleAnswer { ending(after: count, by: .close) }

  /// The same up to `count` bytes of the body; then another step, such as `.reset` or `.hang`.
  public func ending(after count: Int, by step: Step) -> DoubleAnswer {
    var answer = self
    answer.end = (count, step)
    return answer
  }
}

/// What a model says in one answer.
public struct DoubleReply: Sendable {
  /// One call.
  public struct Call: Sendable {
    /// The name of the tool.
    public var name: String
    /// The arguments as text, which need not be JSON.
    public var arguments: String
    /// The id; nil makes one.
    public var id: String?

    /// A call.
    public init(name: String, arguments: String, id: String? = nil) {
      self.name = name
      self.arguments = arguments
      self.id = id
    }
  }

  /// What it says.
  public var text: String
  /// What it thinks.
  public var reasoning: String
  /// What it calls.
  public var calls: [Call]
  /// Why it stops; nil is `tool_calls` with calls and `stop` without.
  public var finish: String?
  /// Tokens of the answer.
  public var tokens: Int?

  /// A reply.
  public init(
    text: String = "", reasoning: String = "", calls: [Call] = [], finish: String? = nil,
    tokens: Int? = nil
  ) {
    self.text = text
    self.reasoning = reasoning
    self.calls = calls
    self.finish = finish
    self.tokens = tokens
  }
}
