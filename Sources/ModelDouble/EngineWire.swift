internal import JSONCoding

/// Writes replies the way llama.cpp's server does.
struct EngineWire {
  /// What the engine says about one request besides the answer.
  struct Context {
    var index: Int
    var promptTokens: Int
    var cachedTokens: Int
    var includesUsage: Bool
  }

  let reply: DoubleReply
  let context: Context

  private var id: String { "chatcmpl-double\(context.index)" }
  private var finish: String { reply.finish ?? (reply.calls.isEmpty ? "stop" : "tool_calls") }
  private var completionTokens: Int {
    if let tokens = reply.tokens { return tokens }
    let length = reply.calls.reduce(reply.text.utf8.count + reply.reasoning.utf8.count) {
      $0 + $1.arguments.utf8.count + $1.name.utf8.count
    }
    return max(length / 4, 1)
  }

  private func callID(_ position: Int) -> String {
    reply.calls[position].id ?? "Qm3double\(context.index)x\(position)"
  }

  private var usage: JSON {
    [
      "completion_tokens": .integer(completionTokens),
      "prompt_tokens": .integer(context.promptTokens),
      "total_tokens": .integer(completionTokens + context.promptTokens),
      "prompt_tokens_details": ["cached_tokens": .integer(context.cachedTokens)],
    ]
  }

  private var timings: JSON {
    [
      "cache_n": .integer(context.cachedTokens),
      "prompt_n": .integer(context.promptTokens - context.cachedTokens),
      "prompt_ms": .number(210.5), "prompt_per_token_ms": .number(1.5),
      "prompt_per_second": .number(578.5),
      "predicted_n": .integer(completionTokens), "predicted_ms": .number(540.5),
      "predicted_per_token_ms": .null, "predicted_per_second": .number(50.5),
    ]
  }

  /// The common end of every object; the model is the path of a file, as the engine has it.
  private func common(_ object: String) -> [(String, JSON)] {
    [
      ("created", 1_785_400_000), ("model", "/models/bundles/sha256/ab12/model/model.gguf"),
      ("system_fingerprint", "b9879-72874f559"), ("object", .string(object)),
    ]
  }

  // MARK: - In one piece

  /// The body of an answer that is not streamed.
  func whole() -> JSON {
    var message: [(String, JSON)] = [("role", "assistant"), ("content", .string(reply.text))]
    if !reply.reasoning.isEmpty { message.append(("reasoning_content", .string(reply.reasoning))) }
    if !reply.calls.isEmpty {
      message.append(("tool_calls", .array(reply.calls.indices.map(wholeCall))))
    }
    let choice: JSON = [
      "finish_reason": .string(finish), "index": 0, "message": .object(JSONObject(message)),
    ]
    return .object(
      JSONObject(
        [("choices", [choice])] + common("chat.completion") + [
          ("usage", usage), ("id", .string(id)), ("timings", timings),
        ]))
  }

  private func wholeCall(_ position: Int) -> JSON {
    let call = reply.calls[position]
    return [
      "type": "function",
      "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
      "id": .string(callID(position)),
    ]
  }

  // MARK: - In pieces

  /// The events of an answer that is streamed, `[DONE]` included.
  func events() -> [String] {
    var events = [chunk(["role": "assistant", "content": .null])]
    events += pieces(reply.reasoning).map { chunk(["reasoning_content": .string($0)]) }
    events += pieces(reply.text).map { chunk(["content": .string($0)]) }
    for position in reply.calls.indices { events += fragments(position) }
    if !context.includesUsage {
      events.append(chunk([:], finish: finish, with: [("timings", timings)]))
    } else {
      events.append(chunk([:], finish: finish))
      let tail: [(String, JSON)] = [("usage", usage), ("timings", timings)]
      events.append(object(choices: [], with: tail))
    }
    return events.map(\.text) + ["[DONE]"]
  }

  private func fragments(_ position: Int) -> [JSON] {
    let call = reply.calls[position]
    let first: JSON = [
      "index": .integer(position), "id": .string(callID(position)), "type": "function",
      "function": ["name": .string(call.name)],
    ]
    let rest = pieces(call.arguments).map { piece -> JSON in
      ["index": .integer(position), "function": ["arguments": .string(piece)]]
    }
    return ([first] + rest).map { chunk(["tool_calls": [$0]]) }
  }

  private func chunk(
    _ delta: JSON, finish: String? = nil, with more: [(String, JSON)] = []
  ) -> JSON {
    let choice: JSON = [
      "finish_reason": finish.map { .string($0) } ?? .null, "index": 0, "delta": delta,
    ]
    return object(choices: [choice], with: more)
  }

  private func object(choices: [JSON], with more: [(String, JSON)]) -> JSON {
    .object(
      JSONObject(
        [("choices", .array(choices)), ("id", .string(id))] + common("chat.completion.chunk")
          + more))
  }

  /// A text in pieces of about a token.
  private func pieces(_ text: String) -> [String] {
    var pieces: [String] = []
    var rest = text[...]
    while !rest.isEmpty {
      pieces.append(String(rest.prefix(5)))
      rest = rest.dropFirst(5)
    }
    return pieces
  }
}
