internal import JSONCoding
internal import ModelRunner
internal import Story

/// The clients of the model roles, and how each role's model is treated.
struct ModelRoles: Sendable {
  let setup: ModelSetup
  let router: ModelRouter
  private let findings: [String: ModelFindings]
  private let digests: [String: String]

  /// Clients that share one transport; throws what is wrong with an endpoint.
  ///
  /// - Parameters:
  ///   - findings: what tests found out about the models, by `MODEL at ADDRESS`.
  ///   - digests: which builds the models are, likewise.
  ///   - earlier: roles whose experience with the same servers goes on.
  init(
    _ setup: ModelSetup, findings: [String: ModelFindings] = [:], digests: [String: String] = [:],
    after earlier: ModelRoles? = nil
  ) throws(Fault) {
    self.setup = setup
    self.digests = digests
    self.findings = findings
    var endpoints: [String: ModelEndpoint] = [:]
    for (name, role) in setup.roles {
      do throws(ModelError) {
        endpoints[name] = try Self.endpoint(role, findings)
      } catch {
        throw Fault(.model, error.message)
      }
    }
    router = ModelRouter(
      endpoints, fallbacks: setup.roles.mapValues(\.fallback), transport: HTTPTransport(),
      after: earlier?.router)
  }

  private static func endpoint(
    _ role: ModelSetup.Role, _ findings: [String: ModelFindings]
  ) throws(ModelError) -> ModelEndpoint {
    var endpoint = try ModelEndpoint(
      url: role.endpoint, model: role.model,
      apiKey: role.apiKey.map { APIKey(name: $0.name, value: $0.value) },
      family: role.family.flatMap(ModelFamily.named))
    endpoint.tls = try ModelTLS(
      caFile: role.caFile, clientCertificate: role.clientCertificate, clientKey: role.clientKey)
    endpoint.timeouts.firstByte = role.timeout
    endpoint.timeouts.firstByteCold = max(role.timeout, endpoint.timeouts.firstByteCold)
    endpoint.timeouts.answer = max(role.timeout * 4, endpoint.timeouts.answer)
    endpoint.timeouts.preload = role.loadTimeout
    endpoint.timeouts.loading = role.loadTimeout
    endpoint.bodyLimit = role.server.bodyLimit
    endpoint.manners = ServerManners(role.server)
    if let found = findings[endpoint.description] {
      endpoint.family = found.applied(to: endpoint.family)
    }
    if let takesTools = role.server.takesTools {
      endpoint.family.dialect = takesTools ? .native : .schema
    }
    return endpoint
  }

  /// Which build an endpoint's model is; nil where its server does not tell.
  func digest(of endpoint: ModelEndpoint) -> String? { digests[endpoint.description] }

  /// The client of a role; a role that is not configured is played by `default`.
  func client(for role: String) -> ModelClient? { router.client(role) }

  /// How the answers of a role are to be made.
  func settings(for role: String) -> ModelSetup.Role? {
    setup.roles[role] ?? setup.roles["default"]
  }

  /// The context of a role's model in tokens: as it is set, or less if the server says less.
  func context(for role: String) -> Int {
    let known = client(for: role).flatMap { findings[$0.endpoint.description]?.context }
    return min(settings(for: role)?.context ?? 16_384, known ?? .max)
  }

  /// The fields that every request of a role has besides.
  func extra(for role: String) -> JSONObject {
    guard let family = client(for: role)?.endpoint.family else { return JSONObject() }
    return family.thinking(settings(for: role)?.thinks ?? false)
  }

  /// Whether a quicker model is asked before the default one.
  var hasFast: Bool { setup.roles["fast"] != nil && router.chain(for: "fast").count > 1 }

  /// The family of the model of a role.
  func profile(for role: String) -> ModelProfile? {
    guard let family = client(for: role)?.endpoint.family else { return nil }
    return ModelProfile(
      unit: family.unit, order: family.order, image: family.image,
      makesSeveralCalls: family.makesSeveralCalls && family.dialect == .native)
  }

  /// The models by role, in the order of the roles' names.
  var inForce: [RunSettings.Model] {
    setup.roles.sorted { $0.key < $1.key }.compactMap { name, role in
      guard let client = client(for: name) else { return nil }
      return RunSettings.Model(
        role: name, name: client.endpoint.description, temperature: role.temperature,
        maximumTokens: role.maximumTokens, context: context(for: name), fallback: role.fallback)
    }
  }

  /// `ai/qwen3-vl at http://localhost:12434/engines/v1`.
  var description: String { client(for: "default")?.endpoint.description ?? "none" }
}

extension ServerManners {
  /// What is set; the rest is found out.
  fileprivate init(_ server: ModelSetup.Server) {
    self.init()
    if let turns = server.turns.flatMap(Turns.init) { self.turns = turns }
    if let field = server.tokensField.flatMap(TokensField.init) { tokensField = field }
    leftOut = Set(server.leftOut)
    pictures = server.pictures
  }
}
