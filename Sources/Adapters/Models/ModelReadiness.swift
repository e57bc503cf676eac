internal import Imaging
internal import ModelRunner
internal import Platform
internal import Runner
internal import Scenario
internal import Story

/// Makes sure, before a run, that its models are there and are what they should be.
struct ModelReadiness {
  let setup: ModelSetup
  let cache: FindingsCache
  /// Hears what is going on.
  let tell: @Sendable (String) -> Void

  /// What was found: the roles to use, whether there is a model, and what the report says of it.
  struct Result {
    var roles: ModelRoles?
    var model: Requirements.Model
    var findings: [ModelFinding] = []
  }

  /// Looks for the models that the cases need.
  func look(_ cases: [Case]) async -> Result {
    do throws(Fault) {
      let roles = try ModelRoles(setup)
      let model = await probe(roles)
      guard case .available = model, cases.contains(where: \.needsModel) else {
        return Result(roles: roles, model: model)
      }
      await settle(roles)
      if let reason = await load(roles, cases) {
        return Result(roles: roles, model: reason)
      }
      let digests = await digests(roles)
      guard setup.testsModels else {
        return Result(roles: try ModelRoles(setup, digests: digests, after: roles), model: model)
      }
      return try await test(roles, cases, digests)
    } catch {
      return Result(roles: nil, model: .broken(error.message))
    }
  }

  // MARK: - Is it there

  /// Asks the endpoint of the default role whether it has the model, and gets it if that is allowed.
  private func probe(_ roles: ModelRoles) async -> Requirements.Model {
    guard let client = roles.client(for: "default") else { return .absent(fix: "configure one") }
    let model = client.endpoint.model
    do throws(ModelError) {
      if try await client.listModels().contains(model) {
        return .available(name: roles.description)
      }
      guard setup.pullsModels else {
        return missing(
          "\(client.endpoint.url) answers but does not have \(model): docker model pull \(model)",
          model.text)
      }
      try await pull(client)
      return .available(name: roles.description)
    } catch {
      return missing(error.message, model.text)
    }
  }

  private func pull(_ client: ModelClient) async throws(ModelError) {
    tell("pulling \(client.endpoint.model)")
    let told = Locked(0)
    try await client.pull { progress in
      guard progress.total > 0 else { return }
      let tenth = progress.received / max(progress.total / 10, 1)
      let isNews = told.withLock { last in
        defer { last = max(last, tenth) }
        return tenth > last
      }
      if isNews { tell("pulling \(client.endpoint.model): \(min(tenth, 10) * 10) %") }
    }
  }

  private func missing(_ reason: String, _ model: String) -> Requirements.Model {
    if setup.isConfigured { return .broken(reason) }
    return .absent(
      fix:
        "start one with `docker model pull \(model)` and `docker model run --detach \(model)`, or name"
        + " another with QA_AGENT_MODEL_ENDPOINT and QA_AGENT_MODEL")
  }

  // MARK: - Is it run as it should be

  /// Has the runner use the context that somebody set.
  private func settle(_ roles: ModelRoles) async {
    for (name, role) in setup.roles.sorted(by: { $0.key < $1.key }) {
      guard let keepAlive = role.keepAlive, let client = roles.client(for: name) else { continue }
      let wanted = ModelConfiguration(contextSize: role.context, keepAlive: keepAlive)
      let model = client.endpoint.model
      switch try? await client.settle(wanted) {
      case .changed: tell("\(model) is run with a context of \(role.context) tokens")
      case .busy: tell("\(model) is in use by others, so its context stays as it is")
      case .lost, nil:
        tell("\(model) may not have the context of \(role.context) tokens that is set")
      case .unchanged, .unsupported: break
      }
    }
  }

  // MARK: - Is it in memory

  /// Has the models in memory before the first case, and their engines fetched, which may take minutes.
  ///
  /// Only Docker Model Runner, which tells how its engines are, can be asked for that.
  ///
  /// - Returns: why a model cannot be had; nil when all are there.
  private func load(_ roles: ModelRoles, _ cases: [Case]) async -> Requirements.Model? {
    let judge = setup.roles["judge"] == nil ? [] : ["judge"]
    for role in tested(roles, cases) + judge {
      guard let client = roles.router.client(role), (try? await client.status()) != nil else {
        continue
      }
      let model = client.endpoint.model
      let known = ((try? await client.running()) ?? []).filter { ModelName($0.model) == model }
      guard !known.contains(where: { $0.state != .loading }) else { continue }
      tell("loading \(model)")
      do throws(ModelError) {
        try await watched(client) { () async throws(ModelError) in try await client.preload() }
      } catch {
        // An engine that does not know such a request loads with the first true one.
        if [.badRequest, .notAnEndpoint, .malformedReply].contains(error.kind) { continue }
        return missing(error.message, model.text)
      }
    }
    return nil
  }

  /// Waits for a load and tells now and then how far it is.
  private func watched(
    _ client: ModelClient, _ load: @escaping @Sendable () async throws(ModelError) -> Void
  ) async throws(ModelError) {
    let result = await withTaskGroup(of: ModelError?.self) { group in
      let progress = Task { await tellProgress(of: client) }
      defer { progress.cancel() }
      group.addTask {
        do throws(ModelError) {
          try await load()
          return nil
        } catch {
          return error
        }
      }
      return await group.next() ?? nil
    }
    if let result { throw result }
  }

  private func tellProgress(of client: ModelClient) async {
    let model = client.endpoint.model
    var seconds = 0
    while true {
      do { try await Task.sleep(for: Self.progressPause) } catch { return }
      seconds += Int(Self.progressPause.components.seconds)
      let engines = ((try? await client.status()) ?? []).filter {
        $0.state.hasPrefix("Installing")
      }
      let what =
        engines.first.map { "fetching \($0.engine) (\($0.state.prefix(100)))" } ?? "loading it"
      tell("\(model) is not there yet after \(seconds) s: \(what)")
    }
  }

  /// How often it is told that a model is still on its way.
  private static let progressPause = Duration.seconds(10)

  /// Which builds the models are, as far as their servers tell.
  private func digests(_ roles: ModelRoles) async -> [String: String] {
    var digests: [String: String] = [:]
    for name in roles.router.roles {
      guard let client = roles.client(for: name) else { continue }
      let key = client.endpoint.description
      if digests[key] == nil { digests[key] = try? await client.inspect().id }
    }
    return digests
  }

  // MARK: - Is it what it should be

  /// Tests the models that act; one that does not see is as good as none.
  private func test(
    _ roles: ModelRoles, _ cases: [Case], _ digests: [String: String]
  ) async throws(Fault) -> Result {
    var known: [String: ModelFindings] = [:]
    var findings: [ModelFinding] = []
    for role in tested(roles, cases) {
      guard let client = roles.router.client(role) else { continue }
      let found = await test(client, digests[client.endpoint.description])
      known[client.endpoint.description] = found
      findings += found.findings.map { $0.of(client.endpoint.model.text) }
      guard let blindness = found.blindness else { continue }
      return Result(
        roles: roles, model: .broken("\(client.endpoint): \(blindness)"), findings: findings)
    }
    return Result(
      roles: try ModelRoles(setup, findings: known, digests: digests, after: roles),
      model: .available(name: roles.description),
      findings: findings)
  }

  /// The roles whose models act in these cases, each model once.
  private func tested(_ roles: ModelRoles, _ cases: [Case]) -> [String] {
    let wanted = Set(cases.filter(\.needsModel).map(\.scenario.modelRole)).sorted()
    let names = (roles.hasFast ? ["fast"] : []) + wanted
    var seen: Set<String> = []
    return names.filter { name in
      guard let endpoint = roles.router.client(name)?.endpoint else { return false }
      return seen.insert(endpoint.description).inserted
    }
  }

  private func test(_ client: ModelClient, _ digest: String?) async -> ModelFindings {
    let endpoint = client.endpoint
    let key = FindingsCache.Key(
      url: endpoint.url, model: endpoint.model.canonical, family: endpoint.family.name,
      digest: digest)
    if let known = cache.findings(for: key) { return known }
    tell("testing \(endpoint.model), once: does it see, point and call tools?")
    let plan = Preflight(family: endpoint.family) { Double.random(in: 0..<1) }
    let found = try? await client.preflight(
      plan, encode: { frame in (try? PNG.encode(frame)).flatMap(EncodedImage.init) })
    let findings = ModelFindings(found ?? [])
    cache.keep(findings, for: key)
    return findings
  }
}
