internal import JSONCoding

/// What a server said about an error, whichever of the dialects it used.
struct ErrorBody: Hashable, Sendable {
  /// The text.
  var message = ""
  /// The engine's own word for the kind of error, if it gave one.
  var type: String?
  /// The status inside the body, when there is one.
  var code: Int?
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
  /// `{"type":"error","message":…}` (a crash), `{"error":"…"}` (Ollama), and
  /// `{"object":"error",…}` or bare `{"message","type","code"}` (vLLM).
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
    } else {
      return nil
    }
  }

  private mutating func read(_ object: JSON) {
    message = object["message"]?.string ?? object.text
    type = object["type"]?.string
    code = object["code"]?.integer
    promptTokens = object["n_prompt_tokens"]?.integer
    contextTokens = object["n_ctx"]?.integer
  }
}
