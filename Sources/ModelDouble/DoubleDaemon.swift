internal import JSONCoding

/// What Docker Model Runner's daemon does around the engine: a small model of it.
struct DoubleDaemon: Sendable {
  /// The models that are there, in full (`docker.io/ai/qwen3-vl:8B`).
  var models: [String]
  /// The models that are loaded.
  var loaded: [String] = []
  /// What was configured, by model.
  var configurations: [(model: String, body: JSON)] = []
  /// The prompts seen, for the share of reused tokens.
  private var lastPrompt: [JSON] = []

  /// The largest body the daemon takes.
  static let bodyLimit = 10_485_760

  init(models: [String]) { self.models = models.map(Self.full) }

  // MARK: - Chat

  /// The daemon's own answer to an inference request, in the order it decides; nil passes it on.
  mutating func refusal(_ request: ReceivedRequest) -> DoubleAnswer? {
    if request.header("origin") != nil { return .status(403, "Origin not allowed\n") }
    if request.body.count > Self.bodyLimit { return .status(400, "request too large\n") }
    guard let json = request.json else { return .status(400, "invalid request\n") }
    guard let model = json["model"]?.string, !model.isEmpty else {
      return .status(400, "model is required\n")
    }
    guard models.contains(Self.full(model)) else {
      return .status(404, "error while getting model: get model '\"\(model)\"': model not found\n")
    }
    if !loaded.contains(model) { loaded.append(model) }
    if request.isPreload { return .status(200, type: "", body: []) }
    return Self.areCallsReadable(request)
      ? nil
      : .error(500, "Failed to parse tool call arguments as JSON: [json.exception.parse_error.101]")
  }

  /// Whether the engine can read the calls of the past again, which it does with each request.
  private static func areCallsReadable(_ request: ReceivedRequest) -> Bool {
    request.messages.flatMap(\.toolCalls).allSatisfy { (try? JSON(parsing: $0.arguments)) != nil }
  }

  /// How many tokens a chat request has, and how many of them the one before had too.
  ///
  /// Whole messages are compared, the tools as one more in front: enough to see whether a prompt only
  /// grew.
  mutating func tokens(_ request: ReceivedRequest) -> (prompt: Int, cached: Int) {
    let prompt = [request.json?["tools"] ?? .null] + request.messages.map(\.json)
    let common = zip(prompt, lastPrompt).prefix { $0 == $1 }.count
    lastPrompt = prompt
    let cached = prompt.prefix(common).reduce(0) { $0 + Self.tokens($1) }
    return (prompt.reduce(0) { $0 + Self.tokens($1) }, cached)
  }

  private static func tokens(_ message: JSON) -> Int {
    let images = ReceivedMessage(message).images.count
    let text = images == 0 ? message.text.utf8.count : ReceivedMessage(message).text.utf8.count
    return max(text / 4, 1) + images * 1000
  }

  // MARK: - Everything else

  /// The answer to a request that is no chat.
  mutating func answer(_ request: ReceivedRequest) -> DoubleAnswer {
    if request.header("origin") != nil { return .status(403, "Origin not allowed\n") }
    let path = request.path
    switch (request.method, path) {
    case ("GET", "/"): return .status(200, "Docker Model Runner is running")
    case ("GET", "/version"): return .status(200, json: ["version": "v1.2.6"])
    case ("GET", "/engines/status"): return .status(200, json: Self.status)
    case ("GET", "/engines/ps"): return .status(200, json: running)
    case ("GET", "/models"): return .status(200, json: .array(models.map(Self.model)))
    case ("POST", "/models/create"): return pull(request)
    case ("POST", "/engines/unload"): return unload(request)
    case ("POST", "/engines/_configure"), ("POST", "/engines/llama.cpp/_configure"):
      return configure(request)
    case ("GET", "/engines/_configure"): return .status(200, json: configured)
    case ("GET", _) where path.hasSuffix("/v1/models"):
      return .status(
        200, json: ["object": "list", "data": .array(models.map(Self.listed))])
    case (_, _) where path.hasPrefix("/models/"): return model(request)
    case (_, _) where path.hasPrefix("/engines") || path.hasPrefix("/v1"):
      return .status(404, "not found\n")
    default: return .status(404, "404 page not found\n")
    }
  }

  private static let status: JSON = [
    "diffusers": "Not Installed: diffusers", "llama.cpp": "Running: llama.cpp b9879",
    "vllm": "Not Installed: vllm",
  ]

  private var running: JSON {
    .array(
      loaded.map {
        [
          "backend_name": "llama.cpp", "model_name": .string($0), "mode": "completion",
          "last_used": "2026-07-30T10:00:00.123456789Z",
        ]
      })
  }

  private var configured: JSON {
    .array(
      configurations.map {
        [
          "Backend": "llama.cpp", "Model": .string(Self.full($0.model)), "ModelID": "sha256:ab",
          "Mode": "completion", "Config": $0.body,
        ]
      })
  }

  private static func model(_ name: String) -> JSON {
    [
      "id": .string(digest(name)), "tags": [.string(name)], "created": 1_760_000_000,
      "config": ["format": "gguf", "architecture": "qwen3vl", "parameters": "8.19 B"],
    ]
  }

  private static func listed(_ name: String) -> JSON {
    [
      "id": .string(name), "object": "model", "created": 1_760_000_000, "owned_by": "docker",
      "dmr": ["architecture": "qwen3vl", "parameters": "8.19 B", "size": "4.79GiB"],
    ]
  }

  private static func digest(_ name: String) -> String {
    let hash = name.utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
      ($0 ^ UInt64($1)) &* 1_099_511_628_211
    }
    let hex = String(hash, radix: 16)
    return "sha256:" + String(repeating: "0", count: 64 - hex.count) + hex
  }

  private mutating func model(_ request: ReceivedRequest) -> DoubleAnswer {
    let name = Self.full(String(request.path.dropFirst("/models/".count)))
    guard let index = models.firstIndex(of: name) else { return .status(404, "model not found\n") }
    switch request.method {
    case "GET": return .status(200, json: Self.model(name))
    case "DELETE":
      models.remove(at: index)
      return .status(
        200, json: [["Untagged": .string(name)], ["Deleted": .string(Self.digest(name))]])
    default: return .status(404, "not found\n")
    }
  }

  private mutating func pull(_ request: ReceivedRequest) -> DoubleAnswer {
    guard let name = request.json?["from"]?.string else {
      return .status(400, "invalid request body\n")
    }
    let full = Self.full(name)
    if full.contains("absent") { return .status(404, "Model not found\n") }
    // The daemon compares the header as a whole; for any other value it escapes the lines.
    let isPlain = request.header("accept") == "application/json"
    let isKnown = models.contains(full)
    if !isKnown { models.append(full) }
    let lines = isKnown ? [Self.cached] : Self.progress
    let body = lines.map { line in
      isPlain ? line.text : line.text.split(separator: "\"").joined(separator: "&#34;")
    }
    return .chunks(
      type: isPlain ? "application/json" : "text/plain", body.map { .text($0 + "\n") })
  }

  private static let cached: JSON = [
    "type": "success", "message": "Using cached model: 395.64MiB", "total": 0,
    "layer": ["size": 0, "current": 0], "mode": "pull",
  ]

  private static let progress: [JSON] =
    [1_048_576, 207_430_000, 414_860_000].map { current -> JSON in
      [
        "type": "progress", "message": "Downloaded", "total": 414_860_000,
        "layer": ["id": "sha256:aa", "size": 414_860_000, "current": .integer(current)],
        "mode": "pull",
      ]
    } + [
      [
        "type": "success", "message": "Model pulled successfully", "total": 0,
        "layer": ["size": 0, "current": 0], "mode": "pull",
      ]
    ]

  private mutating func unload(_ request: ReceivedRequest) -> DoubleAnswer {
    let before = loaded.count
    if request.json?["all"]?.bool == true {
      loaded = []
      configurations = []
    } else {
      let names = (request.json?["models"]?.array ?? []).compactMap { $0.string.map(Self.full) }
      loaded.removeAll { names.contains(Self.full($0)) }
    }
    return .status(200, json: ["unloaded_runners": .integer(before - loaded.count)])
  }

  private mutating func configure(_ request: ReceivedRequest) -> DoubleAnswer {
    guard let json = request.json, let model = json["model"]?.string else {
      return .status(400, "invalid request\n")
    }
    configurations.removeAll { Self.full($0.model) == Self.full(model) }
    var body = json.object ?? JSONObject()
    body["model"] = nil
    configurations.append((model, .object(body)))
    return .status(202, type: "", body: [])
  }

  /// A name in full: organisation and tag, and the registry in front.
  static func full(_ name: String) -> String {
    var rest = name
    if rest.hasPrefix("docker.io/") { rest.removeFirst("docker.io/".count) }
    var tag = "latest"
    if let colon = rest.lastIndex(of: ":") {
      tag = String(rest[rest.index(after: colon)...])
      rest = String(rest[..<colon])
    }
    if !rest.contains("/") { rest = "ai/" + rest }
    return "docker.io/\(rest.lowercased()):\(tag)"
  }
}
