/// The limits in time of a conversation with an endpoint.
public struct ModelTimeouts: Hashable, Sendable {
  /// Name, TCP and TLS.
  public var connect: Duration = .seconds(5)
  /// To the first byte of an answer by a model that answered in the last four minutes.
  public var firstByte: Duration = .seconds(180)
  /// The same for a model that may have to be loaded, which the runner gives five minutes.
  public var firstByteCold: Duration = .seconds(330)
  /// Between two pieces of an answer; the engine pings every 30 seconds.
  var betweenBytes: Duration = .seconds(90)
  /// One answer as a whole, retries not counted.
  public var answer: Duration = .seconds(600)
  /// How long a model that says it is loading is waited for, retries counted.
  public var loading: Duration = .seconds(330)
  /// Status, lists and the like.
  var management: Duration = .seconds(10)
  /// Loading a model ahead of its first use.
  public var preload: Duration = .seconds(600)
  /// Between two lines of a pull's progress.
  var pullLine: Duration = .seconds(120)
  /// To the first line of a pull, which may wait for others.
  var pullStart: Duration = .seconds(1800)

  /// The defaults.
  public init() {}

  /// The defaults with another limit for one answer, which also bounds its phases.
  public init(answer: Duration) {
    self.answer = answer
  }
}

/// A model behind an endpoint: where it is, what it is called, how it wants to be treated.
public struct ModelEndpoint: Hashable, Sendable, CustomStringConvertible {
  /// The address as it was given; it never holds a key.
  public let url: String
  /// The model's name.
  public let model: ModelName
  /// The key to send, if the endpoint wants one.
  public var apiKey: APIKey?
  /// Whom to trust and who we are, for `https://`.
  public var tls = ModelTLS()
  /// The limits in time.
  public var timeouts = ModelTimeouts()
  /// The most requests that run at once; a runner's slots share one context.
  var concurrency = 1
  /// The largest request body in bytes; Docker Model Runner refuses more than 10 MiB.
  public var bodyLimit = 10_000_000
  /// What its server takes, as far as somebody says.
  public var manners = ServerManners()
  private var familyOverride: ModelFamily?
  let address: EndpointAddress

  /// An endpoint.
  ///
  /// - Parameters:
  ///   - url: `http://host[:port][/path]`, `https://…` or `unix:///path/to.sock[:/path]`; the path is
  ///     the one OpenAI clients are given, or none.
  ///   - model: the model's name, such as `ai/qwen3-vl:8B`.
  ///   - apiKey: sent as a bearer token.
  ///   - family: how the model is to be treated; nil recognises it by its name.
  /// - Throws: `ModelError` of the kind `badEndpoint`, naming what is wrong.
  public init(
    url: String, model: String, apiKey: APIKey? = nil, family: ModelFamily? = nil
  ) throws(ModelError) {
    do {
      address = try EndpointAddress(url)
    } catch {
      throw ModelError(
        .badEndpoint,
        "the model endpoint \"\(url.excerpt(200))\" cannot be used: \(error.reason); give it as "
          + "http://localhost:12434/engines/v1 or unix:///path/to.sock")
    }
    guard let name = ModelName(model) else {
      throw ModelError(
        .badEndpoint,
        "\"\(model.excerpt(200))\" is no model name; give one such as ai/qwen3-vl:8B")
    }
    self.url = url
    self.model = name
    self.apiKey = apiKey
    familyOverride = family
  }

  /// How the model is to be treated.
  public var family: ModelFamily {
    get { familyOverride ?? .detect(model.text) }
    set { familyOverride = newValue }
  }

  /// `ai/qwen3-vl:8B at http://localhost:12434/engines/v1`.
  public var description: String { "\(model) at \(url)" }
}
