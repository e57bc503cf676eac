internal import Imaging
internal import ModelRunner
public import Story

/// Looks after the models of the configured endpoints: what is there, download, probes, unload.
public struct ModelDesk: Sendable {
  /// Why something could not be done, and what to do about it.
  public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    /// One or two sentences for the user.
    public let description: String
  }

  /// A model that an endpoint has.
  public struct Listed: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// What is known of it: parameters, quantisation, size; may be empty.
    public let details: [String]
    /// Whether it is in memory now.
    public let isLoaded: Bool
  }

  private let roles: ModelRoles

  /// A desk for the roles of a configuration.
  public init(_ setup: ModelSetup) throws(Problem) {
    do throws(Fault) {
      roles = try ModelRoles(setup)
    } catch {
      throw Problem(description: error.message)
    }
  }

  /// What the model of a role is called, with its endpoint; nil when there is no such role.
  public func name(of role: String) -> String? { roles.client(for: role)?.endpoint.description }

  /// Models that were named together with the one of a role, and are not asked.
  public func others(of role: String) -> [String] { roles.settings(for: role)?.otherModels ?? [] }

  /// The models of the endpoint of a role, by name.
  public func list(role: String) async throws(Problem) -> [Listed] {
    let client = try client(role)
    let loaded = Set(((try? await client.running()) ?? []).map(\.model))
    guard let models = try? await client.models() else {
      // An endpoint that is no Docker Model Runner still lists names.
      let names = try await ask { () async throws(ModelError) in try await client.listModels() }
      return names.map(\.text).sorted().map { Listed(name: $0, details: [], isLoaded: false) }
    }
    return models.flatMap { model in
      model.names.map { name in
        Listed(
          name: name.text,
          details: [model.parameters, model.quantization, model.size].compactMap { $0 },
          isLoaded: loaded.contains(name.text) || loaded.contains(name.canonical))
      }
    }.sorted { $0.name < $1.name }
  }

  /// Downloads the model of a role, going on where an earlier download stopped.
  ///
  /// - Parameter onProgress: hears bytes received and bytes in all, 0 when unknown; on no particular thread.
  public func pull(
    role: String, onProgress: @escaping @Sendable (_ received: Int, _ total: Int) -> Void
  ) async throws(Problem) {
    let client = try client(role)
    try await ask { () async throws(ModelError) in
      try await client.pull { onProgress($0.received, $0.total) }
    }
  }

  /// Asks the model of a role questions with known answers.
  public func check(
    role: String, onFinding: @escaping @Sendable (ModelFinding) -> Void
  ) async throws(Problem) -> [ModelFinding] {
    let client = try client(role)
    let plan = Preflight(family: client.endpoint.family) { Double.random(in: 0..<1) }
    let findings = try await ask { () async throws(ModelError) in
      try await client.preflight(
        plan, encode: { frame in (try? PNG.encode(frame)).flatMap(EncodedImage.init) },
        onFinding: { onFinding(ModelFinding($0)) })
    }
    return findings.map(ModelFinding.init)
  }

  /// Takes the model of a role out of memory; how many engines ended.
  public func unload(role: String) async throws(Problem) -> Int {
    let client = try client(role)
    return try await ask { () async throws(ModelError) in try await client.unload() }
  }

  private func client(_ role: String) throws(Problem) -> ModelClient {
    guard let client = roles.client(for: role) else {
      throw Problem(description: "no model is configured for the role “\(role)”")
    }
    return client
  }

  private func ask<Answer>(
    _ question: () async throws(ModelError) -> Answer
  ) async throws(Problem) -> Answer {
    do throws(ModelError) {
      return try await question()
    } catch {
      throw Problem(description: error.message)
    }
  }
}
