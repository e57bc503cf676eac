internal import Durations
internal import JSONCoding

/// A model that the runner has.
///
/// Every detail may be missing; the texts are for people.
public struct ModelInfo: Hashable, Sendable {
  /// The digest.
  public let id: String
  /// The names it goes by.
  public let names: [ModelName]
  /// The format of its files, such as `gguf`.
  public let format: String?
  /// The architecture, such as `qwen3vl`.
  public let architecture: String?
  /// The number of parameters, as text.
  public let parameters: String?
  /// The quantisation, as text.
  public let quantization: String?
  /// The size on disk, as text.
  public let size: String?
  /// The context it was packaged with, in tokens.
  public let contextSize: Int?

  init?(_ json: JSON) {
    guard let id = json["id"]?.string else { return nil }
    self.id = id.excerpt(200)
    names = (json["tags"]?.array ?? []).compactMap { $0.string.flatMap(ModelName.init) }
    let config = json["config"]
    func text(_ key: String) -> String? { config?[key]?.string?.excerpt(100) }
    format = text("format")
    architecture = text("architecture")
    parameters = text("parameters")
    quantization = text("quantization")
    size = text("size")
    contextSize = config?["context_size"]?.integer
  }
}

/// A model that is loaded, or is being loaded.
public struct RunningModel: Hashable, Sendable {
  /// Whether it can answer.
  public enum State: Hashable, Sendable {
    case loading, inUse, idle
  }

  /// The engine.
  let backend: String
  /// The name under which it was asked for.
  public let model: String
  /// What it is loaded for, such as `completion`.
  public let mode: String
  /// Whether it can answer.
  public let state: State
  /// How long it stays when nobody asks, as the runner writes it; nil is the runner's default.
  public let keepAlive: String?

  init?(_ json: JSON) {
    guard let name = json["model_name"]?.string else { return nil }
    model = name.excerpt(300)
    backend = json["backend_name"]?.string?.excerpt(60) ?? ""
    mode = json["mode"]?.string?.excerpt(60) ?? ""
    keepAlive = json["keep_alive"]?.string?.excerpt(60)
    state =
      json["loading"]?.bool == true ? .loading : json["in_use"]?.bool == true ? .inUse : .idle
  }
}

/// How a model is to be run.
///
/// It replaces what was set before as a whole.
public struct ModelConfiguration: Hashable, Sendable {
  /// The context in tokens.
  public var contextSize: Int?
  /// How long the model stays loaded when nobody asks; negative is for ever.
  public var keepAlive: Duration?
  /// Flags for the engine, from the list that the runner allows.
  var runtimeFlags: [String]

  /// A configuration.
  public init(contextSize: Int? = nil, keepAlive: Duration? = nil, runtimeFlags: [String] = []) {
    self.contextSize = contextSize
    self.keepAlive = keepAlive
    self.runtimeFlags = runtimeFlags
  }

  /// The body of the request, without anything that is not set.
  func json(model: ModelName) -> JSON {
    var fields = JSONObject([("model", .string(model.text))])
    if let contextSize { fields["context-size"] = .integer(contextSize) }
    // The runner takes text only: a Go duration.
    if let keepAlive {
      fields["keep_alive"] = .string(
        keepAlive < .zero ? "-1" : "\(keepAlive.milliseconds / 1000)s")
    }
    if !runtimeFlags.isEmpty {
      fields["runtime-flags"] = .array(runtimeFlags.map { .string($0) })
    }
    return .object(fields)
  }
}
