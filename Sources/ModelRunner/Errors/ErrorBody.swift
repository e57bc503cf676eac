internal import JSONCoding

/// What a server said about an error, whichever of the dialects it used.
struct ErrorBody: Hashable, Sendable {
  /// The text.
  var message = ""
  /// The engine's own word for the kind of error, if it gave one.
  var type: String?
  /// The status inside the body, when there is one.
  var code: Int?
  /// The field of the request that is meant, if the server said.
  var param: String?
  /// Tokens of the prompt and of the context, when the prompt was too long.
  var promptTokens: Int?
  var contextTokens: Int?

  /// Reads a body: JSON whatever the label says, else plain text.
  init(_ bytes: [UInt8]) {
    if let first = bytes.first(where: { $0 > 0x20 }), first == UInt8(ascii: "{"),
      let json = try? JSON(parsing: bytes.prefix(1 << 20)), let error = Self(json)
    {
      self = error
    } else {
      message = String(decoding: bytes.prefix(4096), as: UTF8.self).trimmedSpaces
    }
  }

  /// Reads an error object; nil when the value is none.
  ///
  /// The shapes: `{"error":{…}}` (engine, OpenAI), `{"type":"error","error":{…}}` (Anthropic),
  /// `{"type":"error","message":…}` (a crash), `{"error":"…"}` (Ollama),
  /// `{"object":"error",…}` or bare `{"message","type","code"}` (vLLM), and `{"detail":…}` (FastAPI).
  init?(_ json: JSON) {
    if let text = json["error"]?.string {
      message = text
    } else if let inner = json["error"], inner.object != nil {
      read(inner)
    } else if let text = json["message"]?.string,
      json["type"] != nil || json["code"] != nil || json["object"]?.string == "error"
    {
      read(json)
      message = text
    } else if let detail = json["detail"], json["choices"] == nil {
      read(detail: detail)
    } else {
      return nil
    }
  }

  /// A text, or a list of what is wrong with which field.
  private mutating func read(detail: JSON) {
    guard let list = detail.array else {
      message = detail.string ?? detail["message"]?.string ?? detail.text
      return
    }
    let faults = list.prefix(20).map { fault -> (place: String, words: String) in
      let place = (fault["loc"]?.array ?? []).compactMap(\.string).filter { $0 != "body" }
      return (place.joined(separator: "."), fault["msg"]?.string ?? fault.text)
    }
    message = faults.map { $0.place.isEmpty ? $0.words : "\($0.place): \($0.words)" }
      .joined(separator: "; ")
    param = faults.first.flatMap { $0.place.isEmpty ? nil : $0.place }
  }

  private mutating func read(_ object: JSON) {
    message = object["message"]?.string ?? object.text
    // A server in between says little, and repeats what the one behind it said.
    if let behind = object["metadata"]?["raw"]?.string { message += ": \(behind)" }
    type = object["type"]?.string
    code = object["code"]?.integer ?? object["code"]?.string.flatMap { Int($0) }
    param = object["param"]?.string
    promptTokens = object["n_prompt_tokens"]?.integer
    contextTokens = object["n_ctx"]?.integer
  }
}
