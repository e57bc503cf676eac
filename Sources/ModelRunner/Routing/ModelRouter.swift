internal import Platform

extension ModelError {
  /// Whether another model could answer where this one could not.
  ///
  /// False for what lies in the request itself, and for what the caller wanted.
  var allowsFallback: Bool {
    switch kind {
    case .connection, .untrusted, .timeout, .unauthorised, .notAnEndpoint, .modelNotFound,
      .modelLoading,
      .loadFailed, .loadInterrupted, .backendMissing, .engineCrashed, .capacity, .noVision,
      .noTools,
      .toolFormat, .refused, .malformedReply, .truncatedReply, .server, .circuitOpen:
      true
    case .badEndpoint, .cancelled, .contextExceeded, .payloadTooLarge, .tooManyPictures, .badImage,
      .badSchema,
      .badRequest:
      false
    }
  }
}

extension ModelClient {
  /// The same for all who ask one model at one address.
  fileprivate var bookKey: String { "\(endpoint.model.canonical) at \(endpoint.url)" }
}

/// The models of a configuration by their roles, with what stands in for what.
///
/// A role that is not configured is played by `default`; one that cannot answer is played by those of
/// its fallback list, each model asked once.
///
/// Models at the same address share their connections and their limit of requests at once.
public struct ModelRouter: Sendable {
  /// An answer and the role that gave it.
  public struct Answer<Value: Sendable>: Sendable {
    /// The answer.
    public let value: Value
    /// The role whose model gave it.
    public let role: String
    /// The roles that were asked before, and why they gave none.
    public let failures: [(role: String, error: ModelError)]
  }

  /// The roles, in the order of their names.
  public let roles: [String]
  private let clients: [String: ModelClient]
  private let fallbacks: [String: [String]]

  /// A router.
  ///
  /// - Parameters:
  ///   - endpoints: the models by role.
  ///   - fallbacks: the roles that stand in for a role, in order; `default` stands in for `fast`.
  ///   - transport: shared by all.
  ///   - earlier: a router whose experience with the same servers goes on.
  public init(
    _ endpoints: [String: ModelEndpoint], fallbacks: [String: [String]] = [:],
    transport: HTTPTransport, after earlier: ModelRouter? = nil
  ) {
    self.init(
      endpoints, fallbacks: fallbacks, transport: transport, after: earlier, clock: .system)
  }

  init(
    _ endpoints: [String: ModelEndpoint], fallbacks: [String: [String]] = [:],
    transport: HTTPTransport, after earlier: ModelRouter? = nil, clock: ModelClock
  ) {
    roles = endpoints.keys.sorted()
    var gates: [EndpointAddress: EndpointGate] = [:]
    var books: [String: MannersBook] = [:]
    for client in earlier?.clients.values.map(\.self) ?? [] { books[client.bookKey] = client.book }
    var clients: [String: ModelClient] = [:]
    for role in roles {
      guard let endpoint = endpoints[role] else { continue }
      let gate = gates[endpoint.address] ?? EndpointGate(limit: endpoint.concurrency)
      gates[endpoint.address] = gate
      var client = ModelClient(endpoint, transport: transport, gate: gate, clock: clock)
      if let book = books[client.bookKey] { client.book = book }
      books[client.bookKey] = client.book
      clients[role] = client
    }
    self.clients = clients
    self.fallbacks = fallbacks
  }

  /// The role's client; a role that is not configured is played by `default`.
  public func client(_ role: String) -> ModelClient? { clients[role] ?? clients["default"] }

  /// The roles to ask in turn: the role itself, then those that stand in for it.
  ///
  /// Each model at an address is asked once.
  public func chain(for role: String) -> [String] {
    let own = clients[role] == nil ? "default" : role
    let others = (fallbacks[own] ?? []) + (own == "fast" ? ["default"] : [])
    var seen: Set<String> = []
    return ([own] + others).filter { name in
      guard let endpoint = clients[name]?.endpoint else { return false }
      return seen.insert(endpoint.url + " " + endpoint.model.canonical).inserted
    }
  }

  /// Asks the role's model, and the one that stands in for it when the first cannot answer.
  ///
  /// - Parameters:
  ///   - role: the role.
  ///   - question: asks a client; families want different words and pictures.
  /// - Throws: the last model's error; `badEndpoint` when there is no model at all.
  public func ask<Value: Sendable>(
    _ role: String,
    _ question: (_ role: String, ModelClient) async throws(ModelError) -> Value
  ) async throws(ModelError) -> Answer<Value> {
    var failures: [(role: String, error: ModelError)] = []
    for name in chain(for: role) {
      guard let client = clients[name] else { continue }
      do {
        return Answer(value: try await question(name, client), role: name, failures: failures)
      } catch {
        guard error.allowsFallback else { throw error }
        failures.append((name, error))
      }
    }
    throw failures.last?.error
      ?? ModelError(
        .badEndpoint,
        "no model is configured for the role \"\(role.excerpt(60))\"; set QA_AGENT_MODEL_ENDPOINT and "
          + "QA_AGENT_MODEL")
  }
}
