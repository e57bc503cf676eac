/// The model roles as the configuration gives them.
public struct ModelSetup: Sendable {
  /// One role.
  public struct Role: Hashable, Sendable {
    /// `http://…` or `unix:///…`.
    public var endpoint: String
    /// The model's name.
    public var model: String
    /// The name and value of the environment variable that holds the key; nil when none is wanted.
    public var apiKey: Key?
    /// The PEM file of the authorities to trust instead of the machine's.
    public var caFile: String?
    /// The PEM file of the certificate to show a server that asks for one.
    public var clientCertificate: String?
    /// The PEM file of that certificate's key, if it is in a file of its own.
    public var clientKey: String?
    /// How much chance there is in the answers; 0 is none.
    public var temperature: Double
    /// The most tokens of an answer.
    public var maximumTokens: Int
    /// The context in tokens.
    public var context: Int
    /// How long the runner is asked to keep the model in memory with that context; nil asks it nothing.
    public var keepAlive: Duration?
    /// The limit of the first piece of an answer.
    public var timeout: Duration
    /// The family it is treated as; nil goes by its name.
    public var family: String?
    /// Whether it thinks before it answers; nil spares the time where that can be chosen.
    public var thinks: Bool?
    /// The roles that stand in for it.
    public var fallback: [String]
    /// How long fetching an engine and loading the model may take.
    public var loadTimeout = Duration.seconds(600)
    /// What its server takes.
    public var server = Server()
    /// Models that were named with it and are not asked.
    public var otherModels: [String] = []

    /// A role with the format's defaults.
    public init(
      endpoint: String, model: String, apiKey: Key? = nil, temperature: Double = 0,
      maximumTokens: Int = 1024, context: Int = 16_384, timeout: Duration = .seconds(120),
      family: String? = nil, thinks: Bool? = nil, fallback: [String] = []
    ) {
      self.endpoint = endpoint
      self.model = model
      self.apiKey = apiKey
      self.temperature = temperature
      self.maximumTokens = maximumTokens
      self.context = context
      self.timeout = timeout
      self.family = family
      self.thinks = thinks
      self.fallback = fallback
    }
  }

  /// What a server takes, as far as somebody says; what nobody says is found out.
  public struct Server: Hashable, Sendable {
    /// How a conversation is told: `alternate`, `words`, or nil.
    public var turns: String?
    /// Whether the model acts by tools; nil goes by its family.
    public var takesTools: Bool?
    /// Fields that are left out of requests.
    public var leftOut: [String] = []
    /// The field that bounds an answer; nil is the usual one.
    public var tokensField: String?
    /// The most pictures of a request.
    public var pictures: Int?
    /// The largest request in bytes.
    public var bodyLimit = 10_000_000

    /// A server of which nobody said anything.
    public init() {}
  }

  /// A key by its name, so that only the name is ever shown.
  public struct Key: Hashable, Sendable {
    /// The name.
    public var name: String
    /// The value.
    public var value: String

    /// A key.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The roles by name; `default` is always there.
  public var roles: [String: Role]
  /// Whether somebody named an endpoint, so that one that does not answer is an error.
  public var isConfigured: Bool
  /// Whether models are tested before a run.
  public var testsModels: Bool
  /// Whether a model that is not there is downloaded.
  public var pullsModels: Bool

  /// A setup.
  public init(
    roles: [String: Role], isConfigured: Bool, testsModels: Bool = false, pullsModels: Bool = false
  ) {
    self.roles = roles
    self.isConfigured = isConfigured
    self.testsModels = testsModels
    self.pullsModels = pullsModels
  }
}
