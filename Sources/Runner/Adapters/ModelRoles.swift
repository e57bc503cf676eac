internal import ModelRunner
internal import Session

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
    /// The limit of one call.
    public var timeout: Duration

    /// A role with the format's defaults.
    public init(
      endpoint: String, model: String, apiKey: Key? = nil, temperature: Double = 0,
      maximumTokens: Int = 1024, timeout: Duration = .seconds(120)
    ) {
      self.endpoint = endpoint
      self.model = model
      self.apiKey = apiKey
      self.temperature = temperature
      self.maximumTokens = maximumTokens
      self.timeout = timeout
    }
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

  /// A setup.
  public init(roles: [String: Role], isConfigured: Bool) {
    self.roles = roles
    self.isConfigured = isConfigured
  }
}

/// The clients of the model roles.
struct ModelRoles: Sendable {
  private let setup: ModelSetup
  private let clients: [String: ModelClient]

  /// Clients that share one transport; throws what is wrong with an endpoint.
  init(_ setup: ModelSetup) throws(Fault) {
    self.setup = setup
    let transport = HTTPTransport()
    var clients: [String: ModelClient] = [:]
    for (name, role) in setup.roles {
      do throws(ModelError) {
        var endpoint = try ModelEndpoint(
          url: role.endpoint, model: role.model,
          apiKey: role.apiKey.map { APIKey(name: $0.name, value: $0.value) })
        endpoint.timeouts.answer = role.timeout
        endpoint.tls = try ModelTLS(
          caFile: role.caFile, clientCertificate: role.clientCertificate,
          clientKey: role.clientKey)
        clients[name] = ModelClient(endpoint, transport: transport)
      } catch {
        throw Fault(.model, error.message)
      }
    }
    self.clients = clients
  }

  /// The client of a role; `judge` and the like fall back to `default`, other unknown roles do not.
  func client(for role: String) -> ModelClient? {
    clients[role] ?? (["judge", "author", "fast"].contains(role) ? clients["default"] : nil)
  }

  /// How the answers of a client's role are to be made.
  func settings(for role: String) -> ModelSetup.Role? {
    setup.roles[role] ?? setup.roles["default"]
  }

  /// The family of the model of a role.
  func profile(for role: String) -> ModelProfile? {
    guard let family = client(for: role)?.endpoint.family else { return nil }
    return ModelProfile(unit: family.unit, order: family.order, image: family.image)
  }

  /// `ai/qwen3-vl at http://localhost:12434/engines/v1`.
  var description: String { client(for: "default")?.endpoint.description ?? "none" }

  /// Asks the endpoint of the default role whether it is there and has the model.
  func probe() async -> Requirements.Model {
    guard let client = client(for: "default") else { return .absent(fix: "configure one") }
    let model = client.endpoint.model
    do throws(ModelError) {
      let models = try await client.listModels()
      if models.contains(model) { return .available }
      return missing(
        "\(client.endpoint.url) answers but does not have \(model): docker model pull \(model)")
    } catch {
      return missing(error.message)
    }
  }

  private func missing(_ reason: String) -> Requirements.Model {
    if setup.isConfigured { return .broken(reason) }
    let model = client(for: "default")?.endpoint.model.text ?? "ai/qwen3-vl"
    return .absent(
      fix:
        "start one with `docker model pull \(model)` and `docker model run --detach \(model)`, or name"
        + " another with QA_AGENT_MODEL_ENDPOINT and QA_AGENT_MODEL")
  }
}
