/// A model with its server, under the name of what it is for.
public struct ModelRole: Hashable, Sendable {
  /// `default`, `fast`, `judge`, `author`, or a name of the configuration.
  public var name: String
  /// The address of the server, without a slash at its end.
  public var endpoint: Configured<String>
  /// The model's name.
  public var model: Configured<String>
  /// The key that the server asks for.
  public var apiKey: Secret?
  /// The PEM file of the authorities to trust instead of the machine's.
  public var caFile: Configured<String>?
  /// The PEM file of the certificate to show a server that asks for one.
  public var clientCertificate: Configured<String>?
  /// The PEM file of that certificate's key, if it is in a file of its own.
  public var clientKey: Configured<String>?
  /// How much chance there is in an answer, 0…2.
  public var temperature: Configured<Double>
  /// The longest answer, in tokens.
  public var maxTokens: Configured<Int>
  /// The context size, in tokens.
  public var context: Configured<Int>
  /// How long Docker Model Runner keeps the model in memory.
  public var keepAlive: Configured<Duration>
  /// How long the first piece of an answer may take.
  public var timeout: Configured<Duration>
  /// The family it is treated as; `auto` goes by its name.
  public var family: Configured<String>
  /// Whether it thinks before it answers: `auto`, `on` or `off`.
  public var thinking: Configured<String>
  /// The roles that stand in for it, in order.
  public var fallback: [String]
  /// How long fetching an engine and loading the model may take.
  public var loadTimeout: Configured<Duration>
  /// What its server takes.
  public var server: Server
  /// Further models that were named with it, between commas; they are not asked.
  public var otherModels: [String]

  /// What a server takes, as far as somebody says.
  public struct Server: Hashable, Sendable {
    /// `auto`, `alternate` or `words`.
    public var turns: String
    /// `auto`, `tools` or `json`.
    public var calls: String
    /// Fields that are left out of requests.
    public var leaveOut: [String]
    /// `auto`, `max_tokens` or `max_completion_tokens`.
    public var tokensField: String
    /// The most pictures of a request; nil when nobody said.
    public var pictures: Int?
    /// The largest request in bytes.
    public var bodyLimit: Int
  }

  /// Whether anybody said which model to ask where.
  ///
  /// If not, a server that is not there skips what needs it; if so, that is an error.
  public var isConfigured: Bool { endpoint.origin.isConfigured || model.origin.isConfigured }
}
