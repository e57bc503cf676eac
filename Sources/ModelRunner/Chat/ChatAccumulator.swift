internal import JSONCoding

/// Puts a streamed answer together from its chunks; also reads an answer that came in one piece.
struct ChatAccumulator: Sendable {
  /// What made the answer unusable.
  enum Problem: Error, Hashable, Sendable {
    /// The server reported an error inside its answer.
    case reported(ErrorBody)
    /// The model declined, in these words.
    case refused(String)
    /// The answer is not what the protocol says.
    case malformed(String)
    /// The answer ended before the model said that it was done.
    case cut
    /// The connection failed.
    case lost(ModelError)
  }

  private struct Call {
    let index: Int
    var id = ""
    var name = ""
    var arguments = ""

    /// Whether nothing can follow any more.
    var isWhole: Bool { (try? JSON(parsing: arguments))?.object != nil }
  }

  private var reply = ChatReply()
  private var calls: [Call] = []
  private var hasFinished = false
  private var refusal = ""

  /// Whether the model said that it is done, so that a connection lost afterwards loses nothing.
  var isFinished: Bool { hasFinished }

  /// How many bytes of the answer are held.
  var heldBytes: Int {
    calls.reduce(reply.text.utf8.count + reply.reasoning.utf8.count + refusal.utf8.count) {
      $0 + $1.arguments.utf8.count
    }
  }

  // MARK: - Chunks

  /// Takes one chunk and returns what it adds.
  mutating func take(chunk json: JSON) throws(Problem) -> [ChatDelta] {
    if let error = ErrorBody(json) { throw .reported(error) }
    guard json.object != nil else { throw .malformed("a chunk is no object") }
    takeCommon(json)
    var deltas: [ChatDelta] = []
    if let progress = json["prompt_progress"], let processed = progress["processed"]?.integer {
      deltas.append(.progress(processed: processed, total: progress["total"]?.integer ?? processed))
    }
    // Only the first choice was asked for.
    guard let choice = json["choices"]?[0] else { return deltas }
    if let delta = choice["delta"] { try take(delta: delta, into: &deltas) }
    if let word = choice["finish_reason"]?.string { finish(word) }
    return deltas
  }

  private mutating func take(delta: JSON, into deltas: inout [ChatDelta]) throws(Problem) {
    if let text = delta["reasoning_content"]?.string ?? delta["reasoning"]?.string, !text.isEmpty {
      reply.reasoning += text
      deltas.append(.reasoning(text))
    }
    if let text = delta["content"]?.string, !text.isEmpty {
      reply.text += text
      deltas.append(.text(text))
    }
    if let text = delta["refusal"]?.string { refusal += text }
    for (position, fragment) in (delta["tool_calls"]?.array ?? []).enumerated() {
      if let news = try take(fragment: fragment, position: position) { deltas.append(news) }
    }
  }

  /// Index and id tie fragments together; a name that comes again replaces, arguments append.
  private mutating func take(fragment: JSON, position: Int) throws(Problem) -> ChatDelta? {
    let index = fragment["index"]?.integer ?? position
    guard (0..<1024).contains(index) else { throw .malformed("a tool call has the index \(index)") }
    let id = fragment["id"]?.string ?? ""
    let name = fragment["function"]?["name"]?.string
    let arguments = Self.arguments(fragment["function"]?["arguments"])
    let place = place(index: index, id: id, isNamed: name?.isEmpty == false)
    guard calls.count < 1024 else { throw .malformed("it has more than 1024 tool calls") }
    if place == calls.count { calls.append(Call(index: index)) }
    if !id.isEmpty, calls[place].id.isEmpty { calls[place].id = id }
    if let name, !name.isEmpty { calls[place].name = name }
    guard
      calls[place].arguments.utf8.count + arguments.utf8.count <= ChatReply.argumentsLimit
    else {
      throw .malformed("the arguments of a tool call exceed \(ChatReply.argumentsLimit) bytes")
    }
    calls[place].arguments += arguments
    guard place < ChatReply.callLimit else { return nil }
    return .toolCall(index: place, name: name, arguments: arguments)
  }

  /// The call that a fragment belongs to; the number of calls when it begins another.
  ///
  /// Some servers give all calls of a reply one index, and some give each fragment an id of its own, so
  /// only a name with another id, or after arguments that are whole, begins a call.
  private func place(index: Int, id: String, isNamed: Bool) -> Int {
    guard let last = calls.lastIndex(where: { $0.index == index }) else {
      let same = id.isEmpty || isNamed ? nil : calls.lastIndex { $0.id == id }
      return same ?? calls.count
    }
    if !id.isEmpty, !isNamed,
      let same = calls.lastIndex(where: { $0.id == id && $0.index == index })
    {
      return same
    }
    guard isNamed else { return last }
    let isOther = !id.isEmpty && !calls[last].id.isEmpty && calls[last].id != id
    return isOther || (id.isEmpty || calls[last].id.isEmpty) && calls[last].isWhole
      ? calls.count : last
  }

  // MARK: - One piece

  /// Takes a whole answer.
  mutating func take(whole json: JSON) throws(Problem) {
    if let error = ErrorBody(json) { throw .reported(error) }
    takeCommon(json)
    guard let choice = json["choices"]?[0] else { throw .malformed("it has no choices") }
    guard let message = choice["message"] else { throw .malformed("its choice has no message") }
    var ignored: [ChatDelta] = []
    try take(delta: message, into: &ignored)
    finish(choice["finish_reason"]?.string ?? "stop")
  }

  // MARK: - The reply

  /// The reply.
  ///
  /// Fails when the model declined.
  func result() throws(Problem) -> ChatReply {
    var reply = self.reply
    if !refusal.isEmpty { throw .refused(refusal) }
    if reply.finishReason == .other("content_filter") { throw .refused(reply.text) }
    var seen: Set<String> = []
    // By index; those of one index as they came.
    let ordered = calls.enumerated()
      .sorted { ($0.element.index, $0.offset) < ($1.element.index, $1.offset) }.map(\.element)
    reply.droppedCalls = max(ordered.count - ChatReply.callLimit, 0)
    for (position, call) in ordered.prefix(ChatReply.callLimit).enumerated() {
      // An id that is missing or comes twice would let one result answer two calls.
      let isUsable = !call.id.isEmpty && seen.insert(call.id).inserted
      reply.toolCalls.append(
        ToolCall(
          id: isUsable ? call.id : "call-\(position + 1)", name: call.name,
          argumentsText: call.arguments, isComplete: !reply.isTruncated))
    }
    return reply
  }

  private mutating func finish(_ word: String) {
    hasFinished = true
    reply.finishReason =
      switch word {
      case "stop": .stop
      case "tool_calls", "function_call": .toolCalls
      case "length": .length
      default: .other(word)
      }
  }

  private mutating func takeCommon(_ json: JSON) {
    if reply.answerID == nil, let id = json["id"]?.string { reply.answerID = id.excerpt(200) }
    if let usage = json["usage"], usage.object != nil {
      reply.usage.prompt = Self.count(usage["prompt_tokens"])
      reply.usage.completion = Self.count(usage["completion_tokens"])
      reply.usage.cached = Self.count(usage["prompt_tokens_details"]?["cached_tokens"])
    }
    if let timings = json["timings"], timings.object != nil { take(timings: timings) }
  }

  private mutating func take(timings: JSON) {
    var result = ChatReply.Timings()
    result.promptMilliseconds = timings["prompt_ms"]?.double
    result.promptPerSecond = timings["prompt_per_second"]?.double
    result.predictedMilliseconds = timings["predicted_ms"]?.double
    result.predictedPerSecond = timings["predicted_per_second"]?.double
    reply.timings = result
    if reply.usage.cached == 0 { reply.usage.cached = Self.count(timings["cache_n"]) }
  }

  private static func count(_ value: JSON?) -> Int { max(value?.integer ?? 0, 0) }

  /// Arguments are a string in this dialect; some servers send the object itself.
  private static func arguments(_ value: JSON?) -> String {
    switch value {
    case .string(let text): text
    case .object: value?.text ?? ""
    case nil, .null, .bool, .integer, .number, .array: ""
    }
  }
}
